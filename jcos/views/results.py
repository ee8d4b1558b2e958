"""Results of an operation: what each delegation has handed in, and what becomes of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from actionplans.models import Extension
from editing.views import ReasonForm, StepView
from jcos.filters import LineFilterForm
from jcos.lookups import Results, find_operation
from jcos.models import Operation, Participation, ResultLine, Submission
from jcos.readers import bodies_that_receive_reports
from jcos.reporting import overview
from jcos.tasks_of_results import tasks_of
from jcos.versions import changes, lines_of
from strategy_portal.workflow import NotAllowed


@require_safe
def submission_list(request, slug):
    """Who has reported, the totals of what this reader sees, and the lines behind them."""
    operation = find_operation(request, slug)
    counted = ResultLine.objects.counted_for(request.user).filter(submission__operation=operation)
    form = LineFilterForm(request.GET)
    lines = form.narrow(counted).select_related(
        "measure", "commodity", "unit", "mode", "submission__delegation"
    )
    page = Paginator(lines.order_by("submission__delegation__protocol_order", "pk"), 50).get_page(
        request.GET.get("page")
    )
    context = {
        "operation": operation,
        "reporting": overview(request.user, operation),
        "totals": list(counted.totals()),
        "form": form,
        "page_obj": page,
    }
    return render(request, "jcos/submission_list.html", context)


@require_safe
def submission_detail(request, slug, code):
    """The hub: for the delegation its draft as a list of tasks, for others the newest version that they see."""
    results = Results(request, slug, code)
    user, newest, shown = request.user, results.newest, results.shown
    is_draft = newest is not None and newest.status == Submission.Status.DRAFT
    why_not_begin = "" if newest else _why_not_begin(results)
    context = {
        "results": results,
        "operation": results.operation,
        "delegation": results.delegation,
        "submission": shown,
        "tasks": tasks_of(shown) if is_draft and shown is newest and results.is_own else None,
        "why_locked": newest.why_locked() if is_draft and shown is newest else "",
        "lines": lines_of(shown) if shown and shown.status != Submission.Status.DRAFT else [],
        "may_edit": results.delegation.pk in user.editor_of,
        "may_submit": results.delegation.pk in user.submitter_of,
        "why_not_begin": why_not_begin,
        "why_not_correct": newest.why_not_correct() if newest and results.is_own else "",
        **_days(results),
    }
    return render(request, "jcos/submission_detail.html", context)


def _days(results):
    """Every later day that was asked for these results, and where the delegation asks for one."""
    if not results.is_told:
        return {}
    part, newest = results.participation, results.newest
    extensions = list(Extension.objects.visible_to(results.user).about(Participation, [part.pk]))
    may_ask = (
        results.delegation.pk in results.user.editor_of
        and part.takes_part
        and part.original_due_on is not None
        and results.operation.status in {*Operation.RUNNING, *Operation.TAKES_RESULTS}
        and not (newest and newest.status in ("submitted", "validated"))
        and all(extension.status != "asked" for extension in extensions)
    )
    url = reverse("actionplans:extension_create", args=["jcos.participation", part.pk])
    return {"participation": part, "extensions": extensions, "ask_url": url if may_ask else ""}


def _why_not_begin(results):
    draft = Submission(operation=results.operation, delegation=results.delegation)
    draft.participation = results.participation
    return draft.why_locked()


@require_POST
def submission_start(request, slug, code):
    """Begin a draft; whoever comes second finds the one that is open."""
    results = Results(request, slug, code)
    if not request.user.has_perm("jcos.add_submission", results.participation):
        raise PermissionDenied
    try:
        Submission.objects.start(results.participation, by=request.user)
    except NotAllowed as error:
        messages.error(request, str(error))
    return redirect("jcos:submission_detail", slug, code)


@require_POST
def submission_correct(request, slug, code):
    """A new version as a copy of the newest; pressed twice, it is the same one."""
    results = Results(request, slug, code)
    newest = results.newest_or_404()
    if not request.user.has_perm("jcos.correct_submission", newest):
        raise PermissionDenied
    if newest.status != Submission.Status.DRAFT:
        try:
            newest.next_version(by=request.user)
        except NotAllowed as error:
            if not results.operation.submissions.filter(
                delegation=results.delegation, version__gt=newest.version
            ).exists():
                messages.error(request, str(error))
    return redirect("jcos:submission_detail", slug, code)


@require_safe
def submission_receipt(request, slug, code):
    """Proof that the newest submitted version arrived; it stays."""
    results = Results(request, slug, code)
    sent = [version for version in results.seen if version.reference]
    if not results.is_told:
        raise PermissionDenied(_("The receipt is for the delegation that has submitted."))
    context = {
        "results": results,
        "operation": results.operation,
        "delegation": results.delegation,
        "submission": sent[0] if sent else None,
        "earlier": sent[1:],
    }
    if sent:
        context |= {
            "receipt_title": _("Results of %(delegation)s for %(operation)s")
            % {"delegation": results.delegation, "operation": results.operation},
            "receipt_text": str(sent[0].contents_in_words()).capitalize() + ".",
            "what_next": what_happens_next(sent[0]),
        }
    return render(request, "jcos/submission_receipt.html", context)


def what_happens_next(submission):
    """What the delegation can expect, by the state of what it has submitted."""
    words = {"operation": submission.operation, "bodies": bodies_that_receive_reports()}
    return {
        "submitted": _(
            "The secretariat checks the results. You are told here and by mail when they are validated or returned. "
            "Until then a submitter of your delegation can recall them."
        ),
        "returned": _("The secretariat has returned them with a reason. Correct them in a new version."),
        "recalled": _("Your delegation has recalled them. Correct them in a new version and submit it."),
        "validated": _(
            "They are validated and count. The CCWP notes the results of %(operation)s at a meeting; then all "
            "delegations and who receives reports (%(bodies)s) see them."
        )
        % words,
    }[submission.status]


@require_safe
def submission_review(request, slug, code):
    """The secretariat's look at what was submitted, with what changed since the version before."""
    results = Results(request, slug, code)
    submission = next((v for v in results.seen if v.status != Submission.Status.DRAFT), None)
    if not request.user.has_perm("jcos.validate_submission", submission):
        raise PermissionDenied
    before = results.before(submission) if submission else None
    lines = lines_of(submission) if submission else []
    context = {
        "results": results,
        "operation": results.operation,
        "delegation": results.delegation,
        "submission": submission,
        "lines": lines,
        "before": before,
        "changes": changes(before, submission, lines_of(before), lines) if before else [],
        "warnings": warnings_about(submission, lines) if submission else [],
        "return_url": submission.get_step_url("return_to_delegation") if submission else "",
    }
    return render(request, "jcos/submission_review.html", context)


def warnings_about(submission, lines):
    """What is allowed and yet worth a second look, in sentences."""
    found = []
    for line in lines:
        if sentence := _odd_day(submission.operation, line):
            found.append(sentence % {"line": line})
    if not any(line.measure and line.measure.group == "controls" for line in lines):
        found.append(_("No controls are stated."))
    return found


def _odd_day(operation, line):
    """What is odd about the day of a line, by the operation's dates and the line's phase, or ""."""
    begins, ends, day = operation.starts_on, operation.ends_on, line.found_on
    if not day:
        return ""
    if begins and day < begins:
        return _("%(line)s: the day lies before the operation began.")
    if ends and day > ends and line.phase == line.Phase.OPERATIONAL:
        return _("%(line)s: the day lies after the operational phase, which is the phase stated.")
    if ends and day <= ends and line.phase == line.Phase.POST_OPERATIONAL:
        return _("%(line)s: the day lies within the operational phase, the phase stated is the one after it.")
    return ""


@require_safe
def submission_version(request, slug, code, version):
    """One version as it was handed in, and what it changed."""
    results = Results(request, slug, code)
    submission = results.version_or_404(version)
    before, lines = results.before(submission), lines_of(submission)
    context = {
        "results": results,
        "operation": results.operation,
        "delegation": results.delegation,
        "submission": submission,
        "lines": lines,
        "before": before,
        "changes": changes(before, submission, lines_of(before), lines) if before else [],
    }
    return render(request, "jcos/submission_version.html", context)


class SubmissionStepView(StepView):
    """One step of a submission: submit, recall, return, validate."""

    form_class = ReasonForm
    consequences = {
        "recall": gettext_lazy(
            "The secretariat no longer checks this version. You correct it in a new one that begins as a copy."
        ),
        "return_to_delegation": gettext_lazy(
            "The delegation reads your reason on top of its form and by mail. It corrects the results in a new version."
        ),
        "validate": gettext_lazy(
            "The results count from now on. The leads of the operation see them at once, the other participants as "
            "soon as no embargo holds them back."
        ),
    }

    def get_object(self):
        self.results = Results(self.request, self.kwargs["slug"], self.kwargs["code"])
        return self.results.version_or_404(self.kwargs["version"])

    def get(self, request, **kwargs):
        if self.verb == "submit":
            return redirect("jcos:submission_check", *self.object.address)
        return super().get(request, **kwargs)

    def get_breadcrumb(self):
        operation = self.results.operation
        return [
            (_("Operations"), reverse("jcos:operation_list")),
            (str(operation), operation.get_absolute_url()),
            (
                _("Results of %(delegation)s") % {"delegation": self.results.delegation},
                self.object.get_absolute_url(),
            ),
        ]

    def get_cancel_url(self):
        return reverse(f"jcos:submission_{self.page_of_origin()}", args=self.object.address)

    def page_of_origin(self):
        """Where the step was offered: the page on which it is asked leads back there."""
        pages = {"submit": "check", "validate": "review", "return_to_delegation": "review"}
        return pages.get(self.verb, "detail")

    def get_success_url(self):
        pages = {"submit": "receipt", "validate": "review", "return_to_delegation": "review"}
        return reverse(f"jcos:submission_{pages.get(self.verb, 'detail')}", args=self.object.address)

    def succeed(self, url):
        if self.verb == "submit":
            return redirect(url)
        return super().succeed(url)
