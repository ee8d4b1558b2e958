"""The periods on which the lead of an action reports: the plan in equal parts, the last as long as it lasts."""

from datetime import date, timedelta
from typing import NamedTuple

from actionplans.querysets import ADOPTED, UNFINISHED
from publishing.words import months_words
from strategy_portal.dates import add_months, delay_days

HANDED_IN = {"submitted", "confirmed"}  # a note in one of these states waits for nothing from the lead


class Period(NamedTuple):
    """Part of a plan, first and last day included; its last day names it in addresses."""

    begins_on: date
    ends_on: date

    def __str__(self) -> str:
        return months_words(*self)


def periods_of(plan) -> list[Period]:
    """The periods of a plan: each `note_months` long and counted from its first day, cut off at its end."""
    found: list[Period] = []
    while not found or found[-1].ends_on < plan.ends_on:
        begins_on, next_on = (
            add_months(plan.starts_on, number * plan.note_months) for number in (len(found), len(found) + 1)
        )
        found.append(Period(begins_on, min(next_on - timedelta(days=1), plan.ends_on)))
    return found


def periods_for(action) -> list[Period]:
    """The periods on which an action of an adopted plan reports: those in which it runs.

    What is not finished goes on reporting to the end of the plan, however long ago it was to end.
    """
    plan = action.plan
    if plan.status not in ADOPTED or action.status == "proposed":
        return []
    first = action.starts_on or plan.starts_on
    last = plan.ends_on if action.status in UNFINISHED else action.ends_on or plan.ends_on
    return [period for period in periods_of(plan) if period.ends_on >= first and period.begins_on <= last]


def note_due(plan, ends_on: date) -> date:
    """The day by which the note on a period that ends on a day is to be submitted."""
    return ends_on + timedelta(days=plan.note_days)


def note_delay(due_on: date | None, status: str, first_submitted_on: date | None, today: date) -> int | None:
    """How many days after its day a note first came, or has been owed up to today.

    A returned note is owed again, and its days count on. Once it has come again it counts as come on the day on which
    it first came: a correction of what came in time is not late.
    """
    return delay_days(due_on, first_submitted_on if status in HANDED_IN else None, today)
