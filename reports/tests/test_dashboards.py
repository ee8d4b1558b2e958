"""What the dashboard counts about plans and actions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.factories import committee, delegate, secretariat, third_party
from actionplans.models import ActionPlan
from reports.dashboards import (
    NO_AIM,
    STATES,
    ActionLine,
    PlanStatus,
    adoption_clock,
    cycles,
    plan_shown,
    plan_status,
    plans_seen,
)
from reports.tests.factories import action, plan, strategy
from strategy_portal.dates import add_months, delay_days

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("ends_on", "delay"),
    [
        (date(2026, 11, 24), 0), (TODAY, 0), (date(2026, 11, 22), 1), (date(2025, 11, 23), 365), (None, None),
    ],
)  # fmt: skip
def test_a_delay_begins_on_the_day_after_the_end_and_no_end_is_not_zero(ends_on, delay):
    assert delay_days(ends_on, None, TODAY) == delay


@given(st.dates(), st.dates())
def test_a_delay_is_never_negative(ends_on, today):
    assert delay_days(ends_on, None, today) == max(0, (today - ends_on).days)


def plan_of(number, starts_on, ends_on, *, status="adopted", adopted_on=date(2020, 1, 1)):
    return ActionPlan(number=number, starts_on=starts_on, ends_on=ends_on, status=status,
                      adopted_on=adopted_on if status == "adopted" else None)  # fmt: skip


P12 = plan_of(12, date(2025, 7, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("today", "days"), [(date(2026, 10, 7), 24), (date(2026, 10, 31), 0), (date(2026, 11, 3), -3)]
)
def test_the_clock_counts_to_two_months_before_the_end_of_the_plan(today, days):
    clock = adoption_clock([plan_of(13, date(2027, 1, 1), date(2028, 6, 30), status="draft"), P12], today)
    assert (clock.state, clock.number, clock.adopt_by, clock.days) == ("due", 13, date(2026, 10, 31), days)


@pytest.mark.parametrize(
    ("ends_on", "adopt_by"),
    [
        (date(2027, 4, 30), date(2027, 2, 28)), (date(2028, 4, 30), date(2028, 2, 29)),
        (date(2026, 8, 31), date(2026, 6, 30)), (date(2026, 12, 31), date(2026, 10, 31)),
        (date(2026, 11, 30), date(2026, 9, 30)),
    ],
)  # fmt: skip
def test_the_deadline_is_clamped_to_the_month(ends_on, adopt_by):
    assert adoption_clock([plan_of(12, date(2025, 7, 1), ends_on)], date(2026, 1, 1)).adopt_by == adopt_by


@pytest.mark.parametrize(
    ("adopted_on", "days"), [(date(2026, 10, 20), 11), (date(2026, 10, 31), 0), (date(2026, 11, 5), -5)]
)
def test_the_clock_of_an_adopted_plan_says_how_early_it_was(adopted_on, days):
    coming = plan_of(13, date(2027, 1, 1), date(2028, 6, 30), adopted_on=adopted_on)
    clock = adoption_clock([coming, P12], TODAY)
    assert (clock.state, clock.number, clock.days) == ("adopted", 13, days)


def test_without_a_successor_that_the_reader_sees_the_clock_names_the_plan_before():
    clock = adoption_clock([P12], TODAY)
    assert (clock.state, clock.number, clock.after) == ("due", None, 12)


def test_without_an_adopted_plan_there_is_no_clock():
    assert adoption_clock([plan_of(1, TODAY, TODAY, status="draft")], TODAY).state == "none"


def test_the_clock_goes_on_when_the_adopted_successor_runs():
    running = plan_of(13, date(2027, 1, 1), date(2028, 6, 30))
    clock = adoption_clock([running, P12], date(2027, 2, 1))
    assert (clock.state, clock.after, clock.adopt_by) == ("due", 13, date(2028, 4, 30))


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.integers(1, 6))
def test_each_cycle_but_the_first_has_the_deadline_of_the_one_before(starts_on, count):
    plans, begin = [], starts_on
    for number in range(count):
        end = add_months(begin, 18) - timedelta(days=1)
        plans.append(plan_of(number, begin, end))
        begin = end + timedelta(days=1)
    for number, p in enumerate(plans):
        p.pk = number + 1
        p.predecessor_ends_on = plans[number - 1].ends_on if number else None
    found = cycles(plans, TODAY)
    assert [c.adopt_by for c in found] == [None, *(add_months(p.ends_on, -2) for p in plans[:-1])]


@pytest.mark.parametrize(
    ("today", "shown"),
    [(date(2026, 11, 23), 12), (date(2027, 8, 1), 13), (date(2030, 1, 1), 13), (date(2020, 1, 1), 13)],
)
def test_the_dashboard_opens_with_the_current_plan_else_the_last_begun(today, shown):
    newest_first = [plan_of(13, date(2027, 1, 1), date(2028, 6, 30)), P12]
    assert plan_shown(newest_first, today).number == shown


# -- actions ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_actions_count_under_each_aim_they_serve_and_under_none():
    seven = plan()
    action(seven, 1, status="completed", serves=["A.MS.a", "B.MS.a"])
    action(seven, 2, status="in_progress", serves=["B.MS.a"], ends_on=TODAY - timedelta(days=3))
    action(seven, 3, status="planned")
    status = plan_status(secretariat(), seven, TODAY)
    assert {key: {s: n for s, n in counts.items() if n} for key, counts in status.by_aim()} == {
        "A": {"completed": 1}, "B": {"completed": 1, "delayed": 1}, "C": {}, NO_AIM: {"planned": 1},
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "ends_on", "state"),
    [
        ("planned", date(2026, 11, 22), "delayed"), ("in_progress", date(2026, 11, 22), "delayed"),
        ("planned", TODAY, "planned"), ("in_progress", None, "in_progress"),
        ("completed", date(2026, 1, 1), "completed"),
        ("partly_achieved", date(2026, 1, 1), "partly_achieved"), ("discontinued", date(2026, 1, 1), "discontinued"),
        ("carried_over", date(2026, 1, 1), "carried_over"),
    ],
)  # fmt: skip
def test_only_unfinished_actions_past_their_end_are_delayed(status, ends_on, state):
    seven = plan()
    action(seven, status=status, ends_on=ends_on)
    assert [line.state for line in plan_status(secretariat(), seven, TODAY).all_lines] == [state]


@pytest.mark.django_db
def test_what_an_amendment_would_add_is_not_counted_yet():
    seven = plan()
    action(seven, status="proposed")
    assert plan_status(secretariat(), seven, TODAY).all_lines == []


@pytest.mark.django_db
def test_unfinished_actions_without_an_end_are_counted_apart():
    seven = plan()
    action(seven, 1, status="in_progress")
    action(seven, 2, status="completed")
    action(seven, 3, status="planned", ends_on=TODAY)
    status = plan_status(secretariat(), seven, TODAY)
    assert (status.count(undated=True), status.count(state="delayed")) == (1, 0)


@pytest.mark.django_db
def test_an_objective_that_left_the_strategy_counts_as_no_aim():
    seven = plan()
    action(seven, serves=["A.MS.a"])
    versions = strategy().versions
    versions.update(status="draft")
    versions.get().wordings.filter(objective__code="A.MS.a").delete()
    versions.update(status="in_force")
    status = plan_status(secretariat(), seven, TODAY)
    assert (status.count(aim="A"), status.count(aim=NO_AIM)) == (0, 1)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(STATES), st.sets(st.sampled_from("ABC")), st.one_of(st.none(), st.integers(0, 9))
        ),
        max_size=20,
    )
)
def test_every_count_is_the_length_of_its_rows_and_nothing_is_lost(actions):
    lines = [ActionLine(None, state, delay, tuple(sorted(aims))) for state, aims, delay in actions]
    status = PlanStatus(None, lines)
    assert sum(status.count(state=s) for s in STATES) == len(actions) == status.count()
    for key in ("A", "B", "C", NO_AIM):
        assert sum(status.count(aim=key, state=s) for s in STATES) == len(status.lines(aim=key))
    assert {id(x) for key in ("A", "B", "C", NO_AIM) for x in status.lines(aim=key)} == {id(x) for x in lines}


@pytest.mark.django_db
def test_each_reader_gets_the_plans_it_sees_whole():
    plan(7, date(2026, 1, 1))
    plan(8, date(2027, 7, 1), status="tabled")
    plan(9, date(2029, 1, 1), status="draft")
    action(plan(10, date(2031, 1, 1), status="draft"), lead="FR")
    plan(11, date(2033, 1, 1), status="withdrawn")
    readers = [secretariat(), delegate("FR"), committee(), third_party("NO")]
    assert [[p.number for p in plans_seen(user)] for user in readers] == [[10, 9, 8, 7], [8, 7], [7], []]
