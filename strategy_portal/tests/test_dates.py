"""The arithmetic of months and days: the examples of the rules, and PostgreSQL as the judge of the rest."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from strategy_portal import dates
from strategy_portal.dates import (
    add_months,
    brussels_day,
    days_left,
    delay_days,
    end_of_day,
    end_of_plan,
    in_words,
)


@pytest.mark.parametrize(
    ("anchor", "months", "result"),
    [
        (date(2026, 8, 31), 18, date(2028, 2, 29)),
        (date(2027, 4, 30), -2, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 31), 0, date(2026, 5, 31)),
    ],
)
def test_a_day_the_month_lacks_becomes_its_last_day(anchor, months, result):
    assert add_months(anchor, months) == result


def test_months_are_added_from_the_anchor_not_step_by_step():
    assert add_months(date(2026, 1, 31), 2) == date(2026, 3, 31)
    assert add_months(add_months(date(2026, 1, 31), 1), 1) == date(2026, 3, 28)


@pytest.mark.django_db
@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(-1200, 1200)), min_size=40)
)
def test_months_are_added_as_postgresql_adds_them(pairs):
    with connection.cursor() as cursor:
        cursor.execute(
            "select (anchor + make_interval(months => n))::date"
            " from unnest(%s::date[], %s::int[]) with ordinality as t(anchor, n, i) order by i",
            [[anchor for anchor, _ in pairs], [n for _, n in pairs]],
        )
        assert [add_months(anchor, n) for anchor, n in pairs] == [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(("anchor", "months"), [(date(9999, 12, 1), 1), (date(1, 1, 1), -1)])
def test_months_outside_the_calendar_are_an_error(anchor, months):
    with pytest.raises(OverflowError):
        add_months(anchor, months)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2010, 1, 1), date(2011, 6, 30)),
        (date(2009, 12, 4), date(2011, 6, 3)),
        (date(2026, 8, 31), date(2028, 2, 28)),
    ],
)
def test_a_plan_lasts_eighteen_months_less_a_day(starts_on, ends_on):
    assert end_of_plan(starts_on) == ends_on


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(-400, 400))
def test_days_left_count_from_today_to_the_deadline(today, days):
    assert days_left(today + timedelta(days), today) == days


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (2, "in 2 days"),
        (30, "in 30 days"),
        (-1, "1 day late"),
        (-2, "2 days late"),
    ],
)
def test_days_left_are_told_in_words(days, words):
    assert str(in_words(days)) == words


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC), date(2026, 11, 27)),
        (datetime(2026, 11, 27, 23, 0, tzinfo=UTC), date(2026, 11, 28)),
        (datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_a_day_is_a_brussels_day(moment, day):
    assert brussels_day(moment) == day


@pytest.mark.parametrize(
    ("day", "last_second"),
    [
        (date(2026, 11, 27), datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)),
        (
            date(2026, 10, 25),
            datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC),
        ),  # the clock goes back in this night
        (date(2026, 3, 29), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_met_until_the_last_second_of_its_day(day, last_second):
    assert end_of_day(day) == last_second


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_the_last_second_belongs_to_the_day_and_the_next_does_not(day):
    assert brussels_day(end_of_day(day)) == day
    assert brussels_day(end_of_day(day) + timedelta(seconds=1)) == day + timedelta(days=1)


def test_outside_a_demonstration_the_clock_is_the_computers(settings):
    settings.DEMONSTRATION = False
    before = datetime.now(UTC)
    assert before <= dates.now() <= datetime.now(UTC)


@pytest.mark.django_db
def test_in_a_demonstration_the_clock_moves_with_the_database(settings):
    settings.DEMONSTRATION = True
    with connection.cursor() as cursor:
        cursor.execute("delete from portal_clock")
    assert dates.clock_offset() == timedelta(0)
    with connection.cursor() as cursor:
        cursor.execute("insert into portal_clock (offset_seconds) values (%s)", [40 * 86400])
    assert dates.clock_offset() == timedelta(days=40)
    assert dates.brussels_today() == brussels_day(datetime.now(UTC) + timedelta(days=40))


DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(st.none() | DAYS, st.none() | DAYS, DAYS)
def test_a_delay_is_never_negative_and_without_a_day_there_is_none(due_on, done_on, today):
    delay = delay_days(due_on, done_on, today)
    assert (delay is None) == (due_on is None)
    if due_on is not None:
        assert delay >= 0
        assert (delay == 0) == ((done_on or today) <= due_on)


@pytest.mark.parametrize(
    ("due", "done", "delay"),
    [
        (10, 10, 0),
        (10, 11, 1),
        (10, 9, 0),
        (10, None, 10),
        (20, None, 0),
        (None, 11, None),
        (None, None, None),
    ],
)
def test_what_is_not_done_is_late_from_the_day_after_its_day(due, done, delay):
    due_on, done_on = (day and date(2026, 11, day) for day in (due, done))
    assert delay_days(due_on, done_on, date(2026, 11, 20)) == delay
