"""How far an operation has come: its stages, each with the day on which it was reached."""

from datetime import datetime

from django.apps import apps
from django.utils.translation import gettext as _

from council.models.decisions import taken_on
from publishing.words import day_words, period_words
from strategy_portal.dates import brussels_day

# Stage, and the states of the operation that belong to it.
STAGES = [
    ("proposal", ["proposed", "tabled"]),
    ("agreement", ["agreed"]),
    ("planning", ["planning", "postponed"]),
    ("operation", ["operational"]),
    ("debriefing", ["post_operational", "debriefed"]),
    ("noting", ["results_noted"]),
    ("report", ["reported", "follow_up"]),
    ("end", ["closed"]),
]
ENDED_EARLY = {"rejected", "cancelled"}
# The step that comes next by itself; all others stand beside it.
NEXT_STEP = {
    "proposed": "table",
    "tabled": "agree",
    "agreed": "plan",
    "planning": "start",
    "postponed": "resume",
    "operational": "end_operational",
    "post_operational": "debrief",
    "debriefed": "note_results",
    "results_noted": "report",
    "reported": "follow_up",
    "follow_up": "close",
}


def stage_names():
    """The stages in words."""
    return {
        "proposal": _("Proposal"),
        "agreement": _("Agreement"),
        "planning": _("Planning"),
        "operation": _("Operational phase"),
        "debriefing": _("Debriefing"),
        "noting": _("Results noted"),
        "report": _("Report"),
        "end": _("Closed"),
    }


def days_reached(operation):
    """The Brussels day on which each state was last entered, from the operation's history; one query.

    What a body decided was reached on the day of its decision, whenever that was recorded.
    """
    events = apps.get_model("jcos.OperationEvent").objects.filter(pgh_obj_id=operation.pk).order_by("pgh_id")
    reached, before = {}, None
    for status, context, written, agreed_on, noted_on in events.values_list(
        "status", "pgh_context", "pgh_created_at", taken_on("agreement__"), taken_on("noting__")
    ):
        if status != before:
            at = (context or {}).get("at")
            decided_on = {"agreed": agreed_on, "results_noted": noted_on}.get(status)
            reached[status] = decided_on or brussels_day(datetime.fromisoformat(at) if at else written)
        before = status
    return reached


def life_of(operation):
    """The steps of the step bar. An operation that ended early shows what it reached; the rest is left out."""
    reached = days_reached(operation)
    names = stage_names()
    at = next((n for n, (_stage, states) in enumerate(STAGES) if operation.status in states), None)
    if at is None:  # rejected or cancelled
        at = (
            max(
                (n for n, (_stage, states) in enumerate(STAGES) if any(s in reached for s in states)),
                default=0,
            )
            + 1
        )
    ended = operation.status in ENDED_EARLY
    steps = []
    for number, (stage, states) in enumerate(STAGES):
        days = [reached[state] for state in states if state in reached]
        step = {"label": names[stage], "note": day_words(max(days)) if days else ""}
        if number < at:
            step["state"] = "done"
        elif ended:
            step |= {"state": "skipped", "note": ""}
        elif number == at:
            step |= {"state": "done" if stage == "end" else "current", "said": operation.get_status_display()}
        else:
            step |= {"state": "next", "note": ""}
        if stage == "operation" and operation.starts_on and not ended:
            step["note"] = period_words(operation.starts_on, operation.ends_on)
        steps.append(step)
    return steps
