"""What the pages of plans and actions say of amendments, from what their own query brings along."""

from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.models import Amendment
from publishing.words import day_words


class Amended(NamedTuple):
    """One amendment on another page: what it does there, its name, its address, and its state as its mark asks."""

    what: str
    name: str
    url: str
    amendment: Amendment


def amended(plan: Any, rows: list[dict[str, Any]]) -> list[Amended]:
    """What to say of rows of `changes_shown` or `amendments_shown`, in order."""
    return [_amended(plan, row) for row in rows]


def _amended(plan: Any, row: dict[str, Any]) -> Amended:
    amendment = Amendment(plan=plan, number=row["number"], status=row["status"])
    name = _("Amendment %(number)d") % {"number": amendment.number}
    if row["decided_on"]:
        name = _("%(name)s of %(day)s") % {
            "name": name,
            "day": day_words(date.fromisoformat(row["decided_on"])),
        }
    url = reverse("actionplans:amendment_detail", args=[plan.number, amendment.number])
    return Amended(_what(row), name, url, amendment)


def _what(row: dict[str, Any]) -> str:
    kind = row.get("kind", "")
    if row["status"] == "applied":
        return {"add": _("Added by"), "change": _("Changed by"), "discontinue": _("Discontinued by")}.get(
            kind, ""
        )
    return {
        "add": _("To be added by"),
        "change": _("To be changed by"),
        "discontinue": _("To be discontinued by"),
    }.get(kind, "")
