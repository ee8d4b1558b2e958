"""The draft of results as a list of tasks, and what the check page says of each answer."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jcos.completeness import line_problems
from jcos.versions import lines_of
from publishing.markdown import html_of
from publishing.words import quantity_words

NOT_STARTED, IN_PROGRESS, COMPLETED = "not_started", "in_progress", "completed"


def page(submission, name):
    """The address of a section of the form."""
    return reverse(f"jcos:submission_{name}", args=submission.address)


def split(lines):
    """Controls and findings apart, in their order."""
    controls = [line for line in lines if line.measure and line.measure.group == "controls"]
    kept = {line.pk for line in controls}
    return controls, [line for line in lines if line.pk not in kept]


def findings_state(submission, findings):
    """Completed: a nil return without lines, or lines of which none lacks anything."""
    if submission.is_nil:
        return IN_PROGRESS if findings else COMPLETED
    if not findings:
        return NOT_STARTED
    return IN_PROGRESS if any(line_problems(line) for line in findings) else COMPLETED


def findings_hint(submission, findings):
    """What has been entered, in a word or two."""
    if submission.is_nil and not findings:
        return _("Nil return")
    incomplete = sum(bool(line_problems(line)) for line in findings)
    text = ngettext("%(count)d line", "%(count)d lines", len(findings)) % {"count": len(findings)}
    if incomplete:
        text += ", " + ngettext("%(count)d incomplete", "%(count)d incomplete", incomplete) % {
            "count": incomplete
        }
    return text if findings else _("What was found, line by line; or that nothing was found")


def tasks_of(submission):
    """The four tasks of the hub, each in one of three states."""
    controls, findings = split(lines_of(submission))
    details = (
        COMPLETED
        if submission.finality
        else IN_PROGRESS
        if submission.contact or submission.remarks
        else NOT_STARTED
    )
    of_findings = findings_state(submission, findings)
    is_ready = of_findings == COMPLETED and details == COMPLETED
    return [
        {
            "label": _("Controls carried out"),
            "url": page(submission, "controls"),
            "hint": ngettext("%(count)d figure", "%(count)d figures", len(controls))
            % {"count": len(controls)}
            if controls
            else _("Optional: leave it out if your administration does not count them"),
            "state": COMPLETED if controls else NOT_STARTED,
        },
        {
            "label": _("Findings or nil return"),
            "url": page(submission, "findings"),
            "hint": findings_hint(submission, findings),
            "state": of_findings,
        },
        {
            "label": _("Contact, finality and remarks"),
            "url": page(submission, "details"),
            "hint": submission.get_finality_display() if submission.finality else "",
            "state": details,
        },
        {
            "label": _("Check and submit"),
            "url": page(submission, "check"),
            "hint": _("Everything is there") if is_ready else _("Says what is still missing"),
            "state": NOT_STARTED,
        },
    ]


def next_task(submission, after):
    """Where "Save and continue" leads after a section."""
    order = ["controls", "findings", "details", "check"]
    return page(submission, order[order.index(after) + 1])


def control_answers(submission, controls):
    """Controls as rows of the check page."""
    return [
        {
            "label": line.measure,
            "value": quantity_words(line.quantity, line.unit.symbol if line.unit else ""),
            "url": page(submission, "controls"),
            "what": line.measure,
        }
        for line in controls
    ] or [
        {
            "label": _("Controls"),
            "value": "",
            "url": page(submission, "controls"),
            "what": _("controls carried out"),
        }
    ]


def detail_answers(submission):
    """Contact, finality and remarks as rows of the check page."""
    url = page(submission, "details")
    return [
        {"label": _("Preliminary or final"), "value": submission.get_finality_display(), "url": url},
        {"label": _("Contact for questions"), "value": submission.contact, "url": url},
        {"label": _("Remarks"), "value": html_of(submission.remarks), "url": url},
    ]
