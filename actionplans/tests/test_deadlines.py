"""Months are counted from the plan's own end and clamped to the last day of the month."""

from datetime import date

import pytest

from accounts.tests.factories import committee, secretariat, third_party
from actionplans.deadlines import adoption_due
from actionplans.models import ActionPlan
from actionplans.preparation import next_adoption
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, plan_with

ENDS = [
    (date(2027, 4, 30), date(2027, 2, 28)),
    (date(2028, 4, 30), date(2028, 2, 29)),
    (date(2026, 12, 31), date(2026, 10, 31)),
    (date(2027, 8, 31), date(2027, 6, 30)),
    (date(2027, 1, 15), date(2026, 11, 15)),
    (date(2027, 2, 28), date(2026, 12, 28)),
]


@pytest.mark.parametrize(("ends_on", "due_on"), ENDS)
def test_the_next_plan_is_due_two_months_before_the_end(ends_on, due_on):
    assert adoption_due(ends_on) == due_on
    assert ActionPlan(starts_on=date(2026, 1, 1), ends_on=ends_on).successor_adopt_by == due_on


LENGTHS = [
    (date(2026, 8, 31), date(2028, 2, 28), ""),
    (date(2026, 1, 1), date(2027, 6, 30), ""),
    (date(2026, 1, 1), date(2027, 6, 29), "30 June 2027"),
    (date(2026, 8, 31), date(2028, 2, 29), "28 February 2028"),
]


@pytest.mark.parametrize(("starts_on", "ends_on", "proposed"), LENGTHS)
def test_another_length_than_18_months_is_warned_about(starts_on, ends_on, proposed):
    warning = ActionPlan(starts_on=starts_on, ends_on=ends_on).length_warning
    assert warning == (
        f"The strategy plans by 18 months; this plan would then end on {proposed}." if proposed else ""
    )


PHASES = [
    (date(2025, 12, 31), "upcoming"),
    (date(2026, 1, 1), "current"),
    (date(2027, 6, 30), "current"),
    (date(2027, 7, 1), "ended"),
]


@pytest.mark.parametrize(("today", "phase"), PHASES)
def test_the_phase_of_an_adopted_plan_follows_from_the_day(today, phase):
    plan = ActionPlan(status="adopted", starts_on=date(2026, 1, 1), ends_on=date(2027, 6, 30))
    assert plan.phase(today) == phase
    plan.status = "tabled"
    assert plan.phase(today) == ""


@pytest.mark.django_db
def test_the_first_plan_has_no_deadline():
    plan = PlanFactory()
    assert plan.adopt_by is None
    assert next_adoption(secretariat()) is None


@pytest.mark.django_db
def test_the_next_adoption_is_said_in_words_as_far_as_the_reader_may_know():
    PlanFactory(status="adopted", number=7)
    plan = plan_with("draft", terms="draft", number=8)
    TermsFactory(action=ActionFactory(plan=plan), status="agreed")
    today = date(2027, 4, 6)
    assert next_adoption(secretariat()).sentence(today) == (
        "Plan 8 is to be adopted by 30 April 2027 (in 24 days). "
        "Agreed terms of reference are missing for 1 of 2 actions."
    )
    assert next_adoption(committee()).sentence(date(2027, 5, 2)) == (
        "The plan after plan 7 is to be adopted by 30 April 2027 (2 days late)."
    )
    assert next_adoption(third_party()) is None
