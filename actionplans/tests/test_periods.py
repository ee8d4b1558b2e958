"""On which periods of a plan the lead of an action reports."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplans.models import Action, ActionPlan
from actionplans.periods import Period, note_due, periods_for, periods_of
from strategy_portal.dates import end_of_plan


def plan(starts_on=date(2026, 1, 1), ends_on=None, **fields):
    return ActionPlan(
        number=7, status="adopted", starts_on=starts_on, ends_on=ends_on or end_of_plan(starts_on), **fields
    )


def words(periods):
    return [str(period).replace("\u00a0", " ") for period in periods]


def test_a_plan_of_18_months_has_three_half_years():
    assert words(periods_of(plan())) == [
        "January to June 2026",
        "July to December 2026",
        "January to June 2027",
    ]


def test_a_period_that_is_no_whole_months_is_told_by_its_days():
    assert words(periods_of(plan(date(2026, 1, 15), date(2026, 9, 30)))) == [
        "15 January – 14 July 2026",
        "15 July – 30 September 2026",
    ]
    assert words([Period(date(2026, 7, 1), date(2026, 7, 31))]) == ["July 2026"]
    assert words([Period(date(2026, 7, 1), date(2027, 6, 30))]) == ["July 2026 to June 2027"]


@given(
    st.dates(date(2000, 1, 1), date(2080, 1, 1)),
    st.integers(min_value=1, max_value=36),
    st.integers(min_value=0, max_value=1500),
)
def test_the_periods_are_the_plan_without_gap_or_overlap(starts_on, months, days):
    whole = plan(starts_on, starts_on + timedelta(days=days), note_months=months)
    periods = periods_of(whole)
    assert (periods[0].begins_on, periods[-1].ends_on) == (whole.starts_on, whole.ends_on)
    assert all(period.begins_on <= period.ends_on for period in periods)
    for earlier, later in pairwise(periods):
        assert later.begins_on - earlier.ends_on == timedelta(days=1)


@pytest.mark.parametrize(
    ("fields", "number"),
    [
        ({"status": "planned"}, 3),
        ({"status": "proposed"}, 0),
        ({"status": "in_progress", "starts_on": date(2026, 7, 1)}, 2),
        ({"status": "in_progress", "starts_on": date(2026, 6, 30)}, 3),
        ({"status": "completed", "ends_on": date(2026, 12, 31)}, 2),
        ({"status": "completed", "ends_on": date(2027, 1, 1)}, 3),
        ({"status": "in_progress", "ends_on": date(2026, 12, 31)}, 3),
    ],
)
def test_an_action_reports_while_it_runs_and_a_late_one_goes_on(fields, number):
    assert len(periods_for(Action(plan=plan(), number=1, **fields))) == number


def test_an_action_of_a_plan_that_is_not_adopted_reports_on_nothing():
    tabled = plan()
    tabled.status = "tabled"
    assert periods_for(Action(plan=tabled, number=1, status="planned")) == []


def test_a_note_is_due_so_many_days_after_its_period_as_the_plan_says():
    assert note_due(plan(), date(2026, 6, 30)) == date(2026, 7, 30)
    assert note_due(plan(note_days=0), date(2026, 6, 30)) == date(2026, 6, 30)
