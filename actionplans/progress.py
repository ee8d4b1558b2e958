"""Where an action stands by its progress notes: what the lead states and what the working party has confirmed.

The two stand apart and are nowhere merged; and no note says nothing about the action. Actions come from `with_notes()`.
"""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from actionplans.models import ProgressNote
from actionplans.periods import HANDED_IN, Period, note_delay, note_due, periods_for
from actionplans.querysets import UNFINISHED


class PeriodNote(NamedTuple):
    """What there is on one period of an action, as far as the reader sees it; without a note `status` is "".

    `is_known` says whether the reader knows that nothing was submitted where nothing is shown; `days_pk` is the row
    that keeps the days, also where the reader does not see what it says.
    """

    period: Period
    original_due_on: date
    agreed_until: date | None = None  # by the newest extension
    status: str = ""
    health: str = ""
    submitted_on: date | None = None
    first_submitted_on: date | None = None
    confirmed_on: date | None = None
    pk: int | None = None
    days_pk: int | None = None
    is_known: bool = True
    is_owed: bool = True  # no longer once the action has ended without it

    @property
    def due_on(self) -> date:
        """The day that counts."""
        return self.agreed_until or self.original_due_on

    def delay(self, today: date) -> int | None:
        """How many days after the day that counts it first came, or is owed.

        None where the reader does not know, and where nothing is owed any more.

        Submitted notes are shown to others once they are confirmed. Until then nobody tells them that one is late: it
        may be there.
        """
        if not self.is_known or not self.is_owed:
            return None
        return note_delay(self.due_on, self.status, self.first_submitted_on, today)

    @property
    def is_awaited(self) -> bool:
        """Whether its days count on: the lead owes it, also where it was returned, and the reader knows it."""
        return self.is_known and self.is_owed and not self.is_handed_in

    @property
    def is_handed_in(self) -> bool:
        """The lead has done its part."""
        return self.status in HANDED_IN

    @property
    def is_stated(self) -> bool:
        """The lead has submitted it, whatever became of it."""
        return self.status in {"returned", *HANDED_IN}

    @property
    def is_confirmed(self) -> bool:
        """The working party has confirmed it."""
        return self.status == "confirmed"

    @property
    def status_word(self) -> str:
        """Its state."""
        return str(ProgressNote.Status(self.status).label) if self.status else ""

    @property
    def health_word(self) -> str:
        """The health that it states."""
        return str(ProgressNote.Health(self.health).label) if self.health else ""


class Progress(NamedTuple):
    """Of an action: the newest note that was submitted, the newest confirmed, the newest period that has none."""

    stated: PeriodNote | None
    confirmed: PeriodNote | None
    missing: PeriodNote | None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def notes_of(action, today: date | None = None) -> list[PeriodNote]:
    """The periods of an action that have begun (without a day: all), the oldest first, each with its note.

    Of an action that is completed by its lead's own word nothing more is asked.
    """
    rows = {date.fromisoformat(row["period_ends_on"]): row for row in action.note_rows}
    found: list[PeriodNote] = []
    for period in periods_for(action):
        note = _of_the_period(action, period, rows.get(period.ends_on, {}))
        if not note.status and today is not None and period.begins_on > today:
            break
        if not note.status and any(before.is_handed_in and before.health == "completed" for before in found):
            break
        has_ended = action.status not in UNFINISHED
        found.append(note._replace(is_owed=note.is_handed_in or not has_ended))
    return found


def _of_the_period(action, period: Period, row: dict) -> PeriodNote:
    """The note of a row; of one that the reader does not see only its day is told."""
    note = PeriodNote(
        period, note_due(action.plan, period.ends_on), _day(row.get("until")), days_pk=row.get("pk")
    )
    if not row.get("is_seen"):
        return note._replace(is_known=action.reads_every_note)
    days = {name: _day(row[name]) for name in ("submitted_on", "first_submitted_on", "confirmed_on")}
    return note._replace(pk=row["pk"], status=row["status"], health=row["health"], **days)


def progress_of(action, today: date) -> Progress:
    """What the pages of plans and actions say of an action's progress."""
    notes = notes_of(action, today)
    stated = [note for note in notes if note.is_stated]
    confirmed = [note for note in notes if note.is_confirmed]
    missing = [note for note in notes if not note.is_stated and note.period.ends_on < today]
    newest = missing[-1] if missing and action.status in UNFINISHED else None
    return Progress(stated[-1] if stated else None, confirmed[-1] if confirmed else None, newest)


def owed_by(action) -> PeriodNote | None:
    """The first note of an unfinished action that is not handed in, whenever it is due; None when there is none."""
    return next((note for note in notes_of(action) if not note.is_handed_in), None)


def milestones_waiting(action) -> list[tuple[str, date]]:
    """Name and agreed day of the milestones of an action that are not reached; it comes from `with_milestones()`."""
    return [(row["title"], date.fromisoformat(row["due_on"])) for row in action.milestone_rows]


def no_note_words(period: Period, reads_every: bool) -> str:
    """That there is no note on a period; who sees only confirmed ones is told of these."""
    if reads_every:
        return _("No note for %(period)s") % {"period": period}
    return _("No confirmed note for %(period)s") % {"period": period}
