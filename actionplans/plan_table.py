"""The table of a plan as files hold it: one row for each action, the same columns out and in."""

from django.utils.translation import gettext_lazy as _

from actionplans.models import ActionParticipant
from publishing.figures import Cell, Column

# The columns by the names that `actionplans.importing` knows them by, in the order of the file.
HEADINGS = {
    "number": _("Number"),
    "title": _("Title"),
    "objectives": _("Objectives"),
    "lead": _("Lead"),
    "co_leads": _("Co-leads"),
    "participants": _("Participants"),
    "expected_outcome": _("Expected outcome"),
    "starts_on": _("Begins on"),
    "ends_on": _("Ends on"),
    "status": _("State"),
}
CODES = ("objectives", "co_leads", "participants")  # columns of several codes
DAYS = ("starts_on", "ends_on")
ROLES = {"co_leads": ActionParticipant.Role.CO_LEAD, "participants": ActionParticipant.Role.PARTICIPANT}


def columns():
    """The headings of the file."""
    return [Column(str(heading), name == "number") for name, heading in HEADINGS.items()]


def values_of(action, terms) -> dict:
    """What the columns say of an action, with the newest of its terms of reference that the reader sees, or None.

    `served` and `parts` are read as they were fetched: in the order of the strategy, and of protocol.
    """
    parts = {
        name: tuple(part.delegation.code for part in action.parts.all() if part.role == role)
        for name, role in ROLES.items()
    }
    return {
        "title": action.title,
        "objectives": tuple(link.objective.code for link in action.served.all()),
        "lead": action.lead.code if action.lead else "",
        **parts,
        "expected_outcome": terms.expected_outcome if terms else "",
        "starts_on": action.starts_on,
        "ends_on": action.ends_on,
        "status": action.status,
    }


def text_of(name, value, status_words="") -> str:
    """A value as the file writes it; of a state its words."""
    if name in CODES:
        return ", ".join(value)
    if name in DAYS:
        return value.isoformat() if value else ""
    return str(status_words) if name == "status" else value


def row_of(action, terms) -> list[Cell]:
    """The cells of an action."""
    cells = [Cell(str(action.number), is_number=True)]
    for name, value in values_of(action, terms).items():
        text = text_of(name, value, action.get_status_display())
        cells.append(Cell(text, day=value) if name in DAYS and value else Cell(text))
    return cells
