"""The table of a plan as a spreadsheet: taken away as it is shown, and brought in after a preview."""

import logging

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from actionplans import plan_table
from actionplans.forms_imports import PlanFileForm
from actionplans.importing import Comparison, bring_in
from actionplans.models import ActionParticipant, ActionPlan, PlanImport
from actionplans.timeline import timeline_of
from actionplans.views.locked import LockableCreateView
from actionplans.views.missing import plan_of_the_address
from actionplans.views.plans import PlanOfTheAddress, narrowed
from editing import once
from editing.forms import VERSION, PortalForm
from editing.pages import CONFLICT
from editing.views import ActView
from publishing.downloads import download
from publishing.spreadsheets import CONTENT_TYPES, file_of
from strategy_portal.dates import brussels_today

ROWS_A_PAGE = 50
log = logging.getLogger("portal.exports")


@require_safe
def actionplan_file(request, number, suffix):
    """The actions that the page of the plan shows, as CSV or xlsx; for whoever sees the plan whole."""
    plan = _plan_of_a_file(request, number, suffix)
    parts = ActionParticipant.objects.select_related("delegation").order_by("delegation__protocol_order")
    found = narrowed(request, plan, Prefetch("parts", queryset=parts))
    if not found.filter.is_valid():
        return _page_that_says_why(request, plan)
    rows = [plan_table.row_of(action, next(iter(action.seen_terms), None)) for action in found.shown]
    return _file(plan, "plan", suffix, plan_table.columns(), rows)


@require_safe
def actionplan_timeline(request, number, suffix):
    """The table of the timeline that the page of the plan shows, as CSV or xlsx; for whoever sees the plan whole."""
    plan = _plan_of_a_file(request, number, suffix)
    found = narrowed(request, plan)
    if not found.filter.is_valid():
        return _page_that_says_why(request, plan)
    figure = timeline_of(plan, found.shown, brussels_today())
    return _file(plan, "timeline-of-plan", suffix, figure.columns, figure.rows)


def _plan_of_a_file(request, number, suffix):
    """The plan of which there is a file of this kind for the reader; 404 and 403 else."""
    if suffix not in CONTENT_TYPES:
        raise Http404("no such kind of file")
    plan = ActionPlan.objects.seen_whole(request.user).filter(number=number).first()
    if plan is None:
        plan_of_the_address(request.user, number)
        raise PermissionDenied
    return plan


def _page_that_says_why(request, plan):
    """A choice that cannot be made gives no file, neither a whole nor an empty one: the page of the plan says why."""
    return HttpResponseRedirect(f"{plan.get_absolute_url()}?{request.GET.urlencode()}")


def _file(plan, name, suffix, columns, rows):
    log.info("export", extra={"plan": plan.number, "file": name, "suffix": suffix})
    content = file_of(suffix, str(plan), columns, rows)
    return download(content, f"{name}-{plan.number}.{suffix}", CONTENT_TYPES[suffix])


def check_may_import(user, plan):
    """403 for whoever may not bring anything into a plan that they see."""
    if not user.has_perm("actionplans.import_actionplan", plan):
        raise PermissionDenied


class PlanImportCreateView(LockableCreateView):
    """Takes a file for a draft plan and leads to its preview; nothing of the plan is written."""

    form_class = PlanFileForm
    template_name = "actionplans/planimport_form.html"
    submit_label = gettext_lazy("Show what would change")

    def check_permission(self):
        self.plan = self.locked_thing = plan_of_the_address(self.request.user, self.kwargs["number"])
        check_may_import(self.request.user, self.plan)

    def why_locked(self):
        return self.plan.why_locked()

    def get_title(self):
        return _("Bring in actions from a spreadsheet")

    def save(self, form):
        mine = {"owner": self.request.user, "plan": self.plan}
        PlanImport.objects.filter(**mine).delete()
        return PlanImport.objects.create(**mine, name=form.name, rows=form.table.rows, note=form.table.note)

    def succeed(self, url):
        return HttpResponseRedirect(url)  # "Saved" would say too much: nothing of the plan is

    def get_breadcrumb(self):
        return [
            (_("Plans"), reverse("actionplans:actionplan_list")),
            (str(self.plan), self.plan.get_absolute_url()),
        ]

    def get_cancel_url(self):
        return self.plan.get_absolute_url()

    def get_context_data(self, **context):
        waiting = PlanImport.objects.visible_to(self.request.user).filter(plan=self.plan).first()
        return super().get_context_data(plan=self.plan, waiting=waiting, **context)


class PlanImportDetailView(PlanOfTheAddress, ActView):
    """What a file would change, row by row; all of it is written at once, or nothing."""

    form_class = PortalForm
    template_name = "actionplans/planimport_detail.html"
    verb = "import"

    def begin(self):
        self.object = plan_of_the_address(self.request.user, self.kwargs["number"])
        mine = PlanImport.objects.visible_to(self.request.user).filter(plan=self.object)
        self.staged = mine.filter(pk=self.kwargs["pk"]).first()
        if self.staged is None and (self.request.method != "POST" or once.earlier(self.request) is None):
            raise Http404("no such file waits for this person")
        check_may_import(self.request.user, self.object)

    def get_title(self):
        return _("What the file would change")

    def act(self, form):
        found = bring_in(self.staged, self.request.POST.get(VERSION, ""))
        self.staged.delete()
        self.success_message = said_of(found.counts)
        return self.object.get_absolute_url()

    def form_page(self, form, formsets=None, status=200, **context):
        if self.staged is None:
            raise Http404("the file has been brought in")
        if why := self.object.why_locked():
            return self.page("editing/too_late.html", CONFLICT, why=why)
        found = Comparison(self.object, self.staged.rows)
        form.carry(VERSION, found.version)
        only_errors = self.request.GET.get("show") == "errors"
        lines = [line for line in found.lines if line.kind == "error" or not only_errors]
        return super().form_page(
            form, formsets, status, staged=self.staged, comparison=found, counts=found.counts,
            says_the_same=found.says_the_same, only_errors=only_errors,
            page=Paginator(lines, ROWS_A_PAGE).get_page(self.request.GET.get("page")),
            submit_label=submit_words(len(found.to_write)), **context,
        )  # fmt: skip


def submit_words(count):
    """What the button says."""
    return ngettext("Bring in %(count)d change", "Bring in %(count)d changes", count) % {"count": count}


def said_of(counts):
    """What was brought in, in a sentence."""
    return _("%(new)d actions added, %(changed)d changed, %(unchanged)d as they were.") % counts
