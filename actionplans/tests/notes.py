"""Progress notes for tests: an action that runs in the first plan, and its notes in any state."""

from datetime import date

from actionplans.models import Indicator, ProgressNote
from actionplans.periods import periods_of
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, put

FIRST, SECOND, THIRD = date(2026, 6, 30), date(2026, 12, 31), date(2027, 6, 30)
URL = "/plans/7/actions/1/notes/"
STATED = {"health": "on_track", "achieved": "The guide is written."}


def running_action(number=7, lead_indicators=("Guides in use",), **fields):
    """An action in progress, led by Belgium, in a plan from January 2026 to June 2027 whose terms are agreed."""
    plan = PlanFactory(number=number, status="adopted", starts_on=date(2026, 1, 1))
    action = ActionFactory(plan=plan, status="in_progress", **fields)
    terms = TermsFactory(action=action)
    for order, title in enumerate(lead_indicators, start=1):
        Indicator.objects.create(terms=terms, order=order, title=title, unit="guides", baseline=3, target=27)
    put(terms, "agreed")
    return action


def note(action, ends_on=FIRST, status="draft", **fields):
    """The note of an action on the period that ends on a day."""
    (begins_on,) = [period.begins_on for period in periods_of(action.plan) if period.ends_on == ends_on]
    if status != "draft":
        fields = {"submitted_on": ends_on, "first_submitted_on": ends_on, **STATED, **fields}
    if status == "returned":
        fields = {"return_reason": "Which ports?", **fields}
    if status == "confirmed":
        fields = {"confirmed_on": ends_on, **fields}
    return ProgressNote.objects.create(
        action=action, period_begins_on=begins_on, period_ends_on=ends_on, status=status, **fields
    )
