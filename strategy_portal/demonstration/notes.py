"""Progress notes of the plan that has ended and of the one that runs, in every state; of some periods there is none."""

from datetime import timedelta

from accounts.models import User
from actionplans.models import Action, IndicatorValue, ProgressNote
from actionplans.periods import periods_for
from strategy_portal.workflow import acting

SUBMITTED_AFTER, CONFIRMED_AFTER = timedelta(days=12), timedelta(days=25)  # the end of the period
BEGUN_BEFORE = timedelta(days=5)  # today, of a note that is being written


def load_notes(plans, *, today, secretariat, be):
    """Write the notes of the rows; the first of an action is on its first period, an empty one on none."""
    for rows in plans:
        for number, row in enumerate(rows["actions"], start=1):
            if "notes" not in row:
                continue
            action = Action.objects.select_related("plan", "lead").get(
                plan__number=rows["number"], number=number
            )
            for period, said in zip(periods_for(action), row["notes"], strict=False):
                if said:
                    _note(action, period, said, today, secretariat, be)


def _note(action, period, said, today, secretariat, be):
    lead = User.objects.get(email=f"{action.lead.code.lower()}@portal.test")
    until = said.get("until", "confirmed")
    be(min(period.ends_on + SUBMITTED_AFTER, today - BEGUN_BEFORE))
    with acting(lead, "create"):
        note = ProgressNote.objects.create(
            action=action, period_begins_on=period.begins_on, period_ends_on=period.ends_on,
            **{name: said[name] for name in ("health", *ProgressNote.TEXTS) if name in said},
        )  # fmt: skip
        terms = action.terms.get(status="agreed")
        for indicator, value in zip(terms.indicators.all(), said.get("values", []), strict=False):
            IndicatorValue.objects.create(note=note, indicator=indicator, value=value)
    if until == "draft":
        return
    note.take("submit", by=lead)
    if until != "submitted":
        be(period.ends_on + CONFIRMED_AFTER)
    if until == "returned":
        note.take("return_to_lead", by=secretariat, note=said["reason"])
    if until == "confirmed":
        note.take("confirm", by=secretariat)
