"""The sections of a draft, and the check before it is submitted."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from editing.views import EditView
from jcos.completeness import line_problems
from jcos.lookups import Results
from jcos.models import Submission
from jcos.readers import who_will_see
from jcos.result_forms import ControlsForm, DetailsForm, NilForm
from jcos.tasks_of_results import control_answers, detail_answers, next_task, split
from jcos.versions import lines_of
from jcos.views.results import warnings_about
from strategy_portal.workflow import NotAllowed


class DraftMixin:
    """A page that changes a draft: its delegation's editors, as long as it is one."""

    def get_submission(self):
        """The newest version, when the reader sees it; a section of no draft at all is 404."""
        self.results = Results(self.request, self.kwargs["slug"], self.kwargs["code"])
        return self.results.newest_or_404()

    def check_permission(self):
        if not self.request.user.has_perm("jcos.change_submission", self.submission):
            raise PermissionDenied

    def get_breadcrumb(self):
        operation, delegation = self.results.operation, self.results.delegation
        return [
            (_("Operations"), reverse("jcos:operation_list")),
            (str(operation), operation.get_absolute_url()),
            (_("Results of %(delegation)s") % {"delegation": delegation}, self.submission.get_absolute_url()),
        ]

    def get_cancel_url(self):
        return self.submission.get_absolute_url()

    def lock(self):
        """Lock the draft for the length of the transaction; refuse when it is none any more."""
        row = Submission._base_manager.select_for_update(of=("self",)).get(pk=self.submission.pk)
        if why := row.why_locked():
            raise NotAllowed(why)
        return row

    def get_context_data(self, **context):
        return super().get_context_data(results=self.results, submission=self.submission, **context)


class SectionView(DraftMixin, EditView):
    """One section of the draft. Saving leads on, or back to the check page when one came from there."""

    section = ""
    submit_label = gettext_lazy("Save and continue")

    @property
    def submission(self):
        return self.object

    def get_object(self):
        return self.get_submission()

    def begin(self):
        if self.object is None:
            super().begin()

    def get(self, request, **kwargs):
        self.begin()
        if why := self.object.why_locked():
            return self.page("jcos/locked.html", why=why)
        return super().get(request, **kwargs)

    def prepare(self, form):
        if why := self.object.why_locked():
            raise NotAllowed(why)

    def get_success_url(self):
        if self.request.POST.get("then") == "check":
            return reverse("jcos:submission_check", args=self.object.address)
        return next_task(self.object, self.section)

    def get_context_data(self, **context):
        then = "check" if "check" in (self.request.GET.get("from"), self.request.POST.get("then")) else ""
        return super().get_context_data(then=then, **context)


class ControlsView(SectionView):
    """How many controls of which kind."""

    form_class = ControlsForm
    section = "controls"
    template_name = "jcos/submission_controls.html"
    title = gettext_lazy("Controls carried out")
    lead = gettext_lazy(
        "Enter what your administration counts and leave the rest empty. Zero is an answer, too."
    )


class FindingsView(SectionView):
    """The lines of the draft, or the nil return."""

    form_class = NilForm
    section = "findings"
    template_name = "jcos/submission_findings.html"
    title = gettext_lazy("Findings or nil return")
    submit_label = gettext_lazy("Save and continue")

    def get_context_data(self, **context):
        findings = split(lines_of(self.object))[1]
        rows = [{"line": line, "problems": line_problems(line)} for line in findings]
        return super().get_context_data(rows=rows, next_url=next_task(self.object, "findings"), **context)


class DetailsView(SectionView):
    """Whom to ask, preliminary or final, and remarks."""

    form_class = DetailsForm
    section = "details"
    template_name = "jcos/submission_section.html"
    title = gettext_lazy("Contact, finality and remarks")


@require_safe
def submission_check(request, slug, code):
    """Everything that will be sent, what still stands in the way, and who will see it."""
    results = Results(request, slug, code)
    submission = results.newest_or_404()
    if not request.user.has_perm("jcos.change_submission", submission):
        raise PermissionDenied
    if submission.status != Submission.Status.DRAFT:
        return redirect("jcos:submission_detail", slug, code)
    lines = lines_of(submission)
    controls, findings = split(lines)
    context = {
        "results": results,
        "operation": results.operation,
        "delegation": results.delegation,
        "submission": submission,
        "controls": control_answers(submission, controls),
        "findings": findings,
        "details": detail_answers(submission),
        "reasons": submission.reasons_against("submit"),
        "warnings": warnings_about(submission, lines),
        "readers": who_will_see(submission),
        "submit_words": _("Submit the results of %(delegation)s") % {"delegation": results.delegation},
        "may_submit": request.user.has_perm("jcos.submit_submission", submission),
    }
    return render(request, "jcos/submission_check.html", context)
