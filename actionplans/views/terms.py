"""Terms of reference: the newest version that one sees, each version, and their forms and steps."""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.due_lines import lost_with
from actionplans.forms_terms import TermsForm, lines_of
from actionplans.last_words import words_served
from actionplans.models import Action, ActionPlan, TermsOfReference
from actionplans.models.terms import why_frozen
from actionplans.positions import positions_for
from actionplans.querysets_amendments import renewals_of_actions
from actionplans.terms_text import about_the_action, marking_of, numbered
from actionplans.views.actions import actions_of
from actionplans.views.locked import LockableCreateView
from actionplans.views.missing import action_of_the_address
from council.record_card import record_of
from editing.more_lines import MoreLinesMixin
from editing.views import EditView, StepView
from publishing.documents import plain
from publishing.page import prose
from strategy_portal.workflow import NotAllowed, Reason, within_sentence


def find_action(request, number, action):
    """The action of the address; 404 when the reader does not see it."""
    rows = actions_of(request.user, number).select_related("plan__strategy", "lead")
    rows = rows.annotate(renewal_rows=renewals_of_actions())
    return action_of_the_address(request.user, rows, number, action)


def versions_seen(user, action):
    """The versions that a person sees, newest first."""
    rows = TermsOfReference.objects.visible_to(user).filter(action=action).order_by("-version")
    versions = list(
        rows.select_related(
            "agreement__meeting__body", "agreement__silence__body", "agreement__document"
        ).annotate(record_row=record_of(TermsOfReference, user))
    )
    for terms in versions:
        terms.action = action
    return versions


@require_safe
def terms_detail(request, number, action):
    """The newest version that the reader sees, and the list of all."""
    row = find_action(request, number, action)
    versions = versions_seen(request.user, row)
    return _page(request, row, versions, versions[0] if versions else None)


@require_safe
def terms_version(request, number, action, version):
    """One version."""
    row = find_action(request, number, action)
    versions = versions_seen(request.user, row)
    found = next((terms for terms in versions if terms.version == version), None)
    if found is None:
        raise Http404("no such version is seen")
    return _page(request, row, versions, found)


def _page(request, action, versions, terms):
    may_write = request.user.has_perm("actionplans.add_terms", action)
    sections = numbered(terms, about_the_action(action, words_served(action))) if terms else ()
    return render(
        request,
        "actionplans/terms_detail.html",
        {
            "action": action,
            "plan": action.plan,
            "terms": terms,
            "versions": versions,
            "sections": [(part.anchor, plain(part.title), prose(part.blocks)) for part in sections],
            "gives_papers": gives_papers(request.user, action),
            "positions": positions_for(request.user, terms),
            "may_write": may_write,
            "why_no_new_version": may_write and why_no_new_version(action, versions),
            "may_edit": terms is not None
            and request.user.has_perm("actionplans.change_termsofreference", terms)
            and not terms.why_locked(),
        },
    )


def gives_papers(user, action) -> bool:
    """Whether a reader gets papers of the terms: to third parties no LIMITE document is given."""
    return marking_of(action.plan) == "PUBLIC" or not user.is_third_party


def why_no_new_version(action, versions=None) -> str:
    """Why no version can be begun now, or "". Who may begin one sees all versions: a page has them already."""
    if frozen := why_frozen(action, "draft"):
        return frozen
    if action.plan.status == action.plan.Status.WITHDRAWN:
        return _("The plan is withdrawn.")
    versions = action.terms.all() if versions is None else versions
    if any(terms.status in {"draft", "tabled"} for terms in versions):
        return _("There is already a version that is being written or tabled.")
    return ""


class TermsCreateView(MoreLinesMixin, LockableCreateView):
    """A new version; it begins as a copy of the agreed one."""

    form_class = TermsForm
    submit_label = gettext_lazy("Save the draft")

    def check_permission(self):
        self.action = self.locked_thing = find_action(
            self.request, self.kwargs["number"], self.kwargs["action"]
        )
        if not self.request.user.has_perm("actionplans.add_terms", self.action):
            raise PermissionDenied

    def why_locked(self):
        return why_no_new_version(self.action)

    def get_title(self):
        return _("Terms of reference of %(action)s: new version") % {"action": within_sentence(self.action)}

    def get_lead(self):
        return self.action.title

    def get_initial(self):
        return {name: getattr(self.agreed, name) for name in TermsOfReference.SECTIONS} if self.agreed else {}

    @cached_property
    def agreed(self):
        """The version of which the new one begins as a copy; None where none is agreed."""
        return self.action.terms.filter(status="agreed").first()

    def get_formsets(self, **bound):
        return lines_of(TermsOfReference(action=self.action), self.action.plan, self.agreed, **bound)

    def prepare(self, form):
        form.instance.action = self.action

    def perform(self, form, formsets):
        """Save, with the plan held: its period does not change between the look at the milestones and the save."""
        plan = ActionPlan.objects.select_for_update().get(pk=self.action.plan_id)
        if any(not plan.covers(line.cleaned_data["due_on"]) for line in formsets["milestones"].lines()):
            raise NotAllowed(
                _("The plan's period has just been changed: look at the days of the milestones.")
            )
        return super().perform(form, formsets)

    def save(self, form):
        action = Action.objects.select_for_update().get(pk=self.action.pk)
        if why := why_no_new_version(action):
            raise NotAllowed(Reason(why))
        form.instance.action = action
        form.instance.version = (action.terms.aggregate(last=Max("version"))["last"] or 0) + 1
        return form.save()

    def get_breadcrumb(self):
        return parents_of(self.action)

    def get_cancel_url(self):
        return reverse("actionplans:terms_detail", args=[self.action.plan.number, self.action.number])


def parents_of(action):
    """The pages above an action's terms of reference."""
    return [
        (_("Plans"), reverse("actionplans:actionplan_list")),
        (str(action.plan), action.plan.get_absolute_url()),
        (str(action), action.get_absolute_url()),
    ]


class TermsEditView(MoreLinesMixin, EditView):
    """The newest version, as long as it is a draft."""

    form_class = TermsForm
    submit_label = gettext_lazy("Save the draft")

    def get_object(self):
        action = find_action(self.request, self.kwargs["number"], self.kwargs["action"])
        versions = versions_seen(self.request.user, action)
        if not versions:
            raise Http404("no version is seen")
        return versions[0]

    def get_formsets(self, **bound):
        return lines_of(self.object, self.object.action.plan, **bound)

    def answer(self):
        """Hold the plan, always before what is below it: its period does not change while milestones are saved."""
        ActionPlan.objects.select_for_update().get(pk=self.object.action.plan_id)
        return super().answer()

    def get_title(self):
        return str(self.object)

    def get_lead(self):
        return self.object.action.title

    def get_breadcrumb(self):
        return parents_of(self.object.action)


class TermsStepView(StepView):
    """The steps of one version."""

    consequences = {
        "table": gettext_lazy(
            "All delegations then see the text. It can be returned to draft until it is agreed."
        ),
        "return_to_draft": gettext_lazy("Delegations other than the leads then no longer see the text."),
    }

    def get_doubt(self):
        """A milestone that is worded anew is another one: what is known of the old one is named before it is lost."""
        if self.verb != "table" or self.object.why_not("table") or not (said := lost_with(self.object)):
            return ""
        return " ".join([*said, _("Is the text to be tabled all the same?")])

    def get_object(self):
        action = find_action(self.request, self.kwargs["number"], self.kwargs["action"])
        seen = TermsOfReference.objects.visible_to(self.request.user).select_related("action__plan")
        return get_object_or_404(seen, action=action, version=self.kwargs["version"])

    def get_breadcrumb(self):
        return parents_of(self.object.action)
