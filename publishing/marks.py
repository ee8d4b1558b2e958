"""One mark per state: a word, a shape and a colour, the same on every page, in every chart and document.

The colour never stands alone: each mark has a shape, and the word is always printed. States are those of
the models' `Status`; a state that means the same everywhere is named once, the exceptions by model.
"""

from typing import NamedTuple

from django.utils.safestring import mark_safe

_DRAWN = {  # drawn in a box of 12 × 12 with the colour of the text
    "dot": '<circle cx="6" cy="6" r="5" fill="currentColor"/>',
    "ring": '<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.8"/>',
    "half": (
        '<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.8"/>'
        '<path d="M6 1.8a4.2 4.2 0 0 1 0 8.4z" fill="currentColor"/>'
    ),
    "triangle": '<path d="M6 .8 11.7 11.2H.3z" fill="currentColor"/>',
    "diamond": '<path d="M6 0 12 6 6 12 0 6z" fill="currentColor"/>',
    "square": '<path d="M1.5 1.5h9v9h-9z" fill="currentColor"/>',
    "cross": '<path d="M2 2l8 8M10 2l-8 8" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "arrow": '<path d="M.5 6h9M6 2l4.2 4L6 10" fill="none" stroke="currentColor" stroke-width="1.9"/>',
    "bar": '<path d="M1 6h10" fill="none" stroke="currentColor" stroke-width="2.6"/>',
}
SHAPES = {name: mark_safe(drawn) for name, drawn in _DRAWN.items()}  # noqa: S308 - constants of our own
TONES = ("ok", "warn", "bad", "info", "mute")  # each is a pair of colours in app.css


class Mark(NamedTuple):
    """How a state looks: its tone (colour) and its shape. The word comes from the model."""

    tone: str
    shape: str


BEGUN = Mark("mute", "ring")  # there, but nothing has been handed over
MOVING = Mark("info", "half")  # somebody is at work on it
DECIDED = Mark("info", "dot")  # settled, its effect still to come
DONE = Mark("ok", "dot")
CARE = Mark("warn", "triangle")
BAD = Mark("bad", "diamond")
OVER = Mark("mute", "square")  # ended in good order
STOPPED = Mark("mute", "cross")  # ended without effect
MOVED = Mark("info", "arrow")
NOTHING = Mark("mute", "bar")

STATES: dict[str, Mark] = {
    # texts and plans
    "draft": BEGUN, "tabled": MOVING, "agreed": DONE, "in_force": DONE, "superseded": OVER, "withdrawn": STOPPED,
    "adopted": DONE, "evaluated": DONE, "closed": OVER, "repealed": OVER, "replaced": OVER, "not_known": NOTHING,
    "concluded": DONE, "upcoming": DECIDED, "current": DONE, "ended": OVER,
    # actions
    "proposed": BEGUN, "planned": DECIDED, "in_progress": MOVING, "completed": DONE,
    "partly_achieved": CARE, "discontinued": STOPPED, "carried_over": MOVED,
    # handing in and answering
    "submitted": MOVING, "returned": CARE, "recalled": CARE, "validated": DONE, "confirmed": DONE, "changed": DONE,
    "decided": DECIDED, "applied": DONE,
    # silence procedures
    "open": MOVING, "extended": CARE, "lapsed": CARE, "stopped": BAD, "stopped_by_objection": BAD,
    # agendas
    "no_decision": NOTHING,
    # operations
    "planning": MOVING, "operational": MOVING, "post_operational": MOVING, "debriefed": DECIDED,
    "results_noted": DONE, "reported": DONE, "follow_up": MOVING,
    "rejected": BAD, "postponed": CARE, "cancelled": STOPPED,
    # taking part
    "invited": BEGUN, "declined": STOPPED,
    # follow-up, recommendations
    "waiting": CARE, "taken_up": DONE, "refused": STOPPED,
    # later days for what is due
    "asked": MOVING,
    # reports
    "noted": DONE, "issued": DONE, "approved": DONE,
    # reminders, notices
    "told": DONE, "skipped": STOPPED, "queued": BEGUN, "sending": MOVING, "sent": DONE, "failed": BAD, "unknown": CARE,
    # health, as the lead states it
    "on_track": DONE, "at_risk": CARE, "delayed": BAD,
    # what a participant has handed in: four different things, and not yet due
    "reported_results": DONE, "nil": NOTHING, "missing": BAD, "not_taking_part": STOPPED, "awaited": BEGUN,
    # sections of a task list, rows of an import
    "not_started": BEGUN, "blocked": STOPPED, "ready": DONE, "check": CARE, "error": BAD,
    # people
    "active": DONE, "inactive": STOPPED,
}  # fmt: skip

EXCEPTIONS: dict[tuple[str, str], Mark] = {
    ("reportaddressee", "sent"): MOVING,
    ("followup", "open"): BEGUN,
    ("recommendation", "open"): BEGUN,
    ("operation", "agreed"): DECIDED,
    ("agendapoint", "decided"): DONE,
}


def mark_for(state: str, model: str = "") -> Mark:
    """The mark of a state, of a model's own where it differs. Raises KeyError for a state nobody has given one."""
    name = state.lower().replace("-", "_").replace(" ", "_")
    return EXCEPTIONS.get((model.lower(), name)) or STATES[name]


DUE_SOON_DAYS = 14


def due_mark(days: int) -> Mark:
    """How a deadline looks so many days before it (negative: after)."""
    if days < 0:
        return BAD
    return CARE if days <= DUE_SOON_DAYS else BEGUN
