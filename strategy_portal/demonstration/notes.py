"""Progress notes in every state, and of some periods none; milestones that were reached, and later days for them."""

from datetime import timedelta

from accounts.models import User
from actionplans.models import (
    Action,
    Extension,
    IndicatorValue,
    Milestone,
    MilestoneReached,
    ProgressNote,
)
from actionplans.periods import periods_for
from strategy_portal.workflow import acting

SUBMITTED_AFTER, CONFIRMED_AFTER = timedelta(days=12), timedelta(days=25)  # the end of the period
WAITING_SINCE = timedelta(days=3)  # before today, of a note that the secretariat is to confirm
BEGUN_BEFORE = timedelta(days=5)  # today, of a note that is being written


def load_notes(plans, *, today, secretariat, be):
    """Write the notes of the rows; the first of an action is on its first period, an empty one on none."""
    for rows in plans:
        for number, row in enumerate(rows["actions"], start=1):
            if not row.keys() & {"notes", "reached", "later_days"}:
                continue
            action = Action.objects.select_related("plan", "lead").get(
                plan__number=rows["number"], number=number
            )
            for period, said in zip(periods_for(action), row.get("notes", []), strict=False):
                if said:
                    _note(action, period, said, today, secretariat, be)
            _milestones(action, row, secretariat, be)


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
        if "later_day" in said:
            new_day = note.due_in_force + timedelta(days=said["later_day"])
            Extension.objects.ask(note, new_day, said["reason"], by=lead)
    if until == "draft":
        return
    if until == "submitted":
        be(today - WAITING_SINCE)
    note.take("submit", by=lead)
    if until != "submitted":
        be(period.ends_on + CONFIRMED_AFTER)
    if until == "returned":
        note.take("return_to_lead", by=secretariat, note=said["reason"])
    if until == "confirmed":
        note.take("confirm", by=secretariat)


def _milestones(action, row, secretariat, be):
    """Later days that were agreed, and the days on which milestones were reached, in days from their own."""
    milestones = {
        milestone.title: milestone
        for milestone in Milestone.objects.in_force()
        .filter(terms__action=action)
        .select_related("terms__action__plan")
    }
    lead = User.objects.filter(email=f"{action.lead.code.lower()}@portal.test").first()
    for said in row.get("later_days", []):
        milestone = milestones[said["milestone"]]
        be(milestone.due_on + timedelta(days=said["asked"]))
        new_day = milestone.due_on + timedelta(days=said["days"])
        extension = Extension.objects.ask(milestone, new_day, said["reason"], by=lead)
        extension.take("agree", by=secretariat, note=said["answer"])
    for title, days in row.get("reached", []):
        reached_on = milestones[title].due_on + timedelta(days=days)
        be(reached_on)
        with acting(lead, "reach"):
            MilestoneReached.objects.create(milestone=milestones[title], reached_on=reached_on)
