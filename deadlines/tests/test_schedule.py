"""The rules of reminding, without a database; and what each rule finds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.factories import DelegationFactory
from council.tests.factories import PresidencyFactory
from deadlines import schedule
from deadlines.models import LeadTimes
from deadlines.reference import lead_times, load_lead_times
from deadlines.schedule import BY_CODE, SECRETARIAT, Leads, Owner, reached
from deadlines.tests import builders

DUE = date(2026, 11, 27)
leads = st.builds(
    Leads,
    st.lists(st.integers(0, 400), max_size=8).map(tuple),
    st.none() | st.integers(1, 400),
)
days = st.integers(-800, 800)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (31, []),
        (30, ["30"]),
        (15, ["30"]),
        (14, ["14", "30"]),
        (0, ["0", "1", "7", "14", "30"]),
        (-6, ["0", "1", "7", "14", "30"]),
        (-7, ["+7", "0", "1", "7", "14", "30"]),
        (-20, ["+14", "+7", "0", "1", "7", "14", "30"]),
    ],
)
def test_the_lead_times_reached_newest_first(left, expected):
    assert reached(Leads((30, 14, 7, 1, 0), 7), DUE, DUE - timedelta(days=left)) == expected


def test_without_a_rhythm_nothing_follows_the_day_itself():
    assert reached(Leads((7, 0), None), DUE, DUE + timedelta(days=90)) == ["0", "7"]


@given(leads, days)
def test_what_was_reached_stays_reached(given_leads, left):
    day = DUE - timedelta(days=left)
    assert set(reached(given_leads, DUE, day)) <= set(reached(given_leads, DUE, day + timedelta(days=1)))


@given(leads, days, st.integers(1, 60))
def test_after_any_outage_exactly_the_lead_times_of_the_days_slept_are_new(given_leads, left, slept):
    before, after = DUE - timedelta(days=left), DUE - timedelta(days=left - slept)
    new = set(reached(given_leads, DUE, after)) - set(reached(given_leads, DUE, before))
    by_day = set()
    for number in range(1, slept + 1):
        day = before + timedelta(days=number)
        exact = (DUE - day).days
        if exact >= 0 and exact in given_leads.days_before:
            by_day.add(str(exact))
        if exact < 0 and given_leads.overdue_every and -exact % given_leads.overdue_every == 0:
            by_day.add(f"+{-exact}")
    assert new == by_day


@given(leads, days)
def test_each_lead_time_is_listed_once_and_the_newest_first(given_leads, left):
    codes = reached(given_leads, DUE, DUE - timedelta(days=left))
    places = [-int(code) if code.startswith("+") else int(code) for code in codes]
    assert places == sorted(set(places))


def owners(rule, row, day=DUE):
    return BY_CODE[rule].owners(row, day)


@pytest.mark.django_db
def test_the_next_plan_is_owed_two_months_before_the_last_adopted_one_ends():
    builders.plan(7, date(2024, 7, 1))
    current = builders.plan(8, date(2026, 1, 1))
    rule = BY_CODE["adopt-next-plan"]
    assert [(row, rule.due(row)) for row in rule.rows()] == [(current, date(2027, 4, 30))]
    assert rule.text(current) == "Prepare the plan that follows plan 8"
    following = builders.plan(9, date(2027, 7, 1), "tabled")
    current = rule.rows().get()
    assert (rule.text(current), rule.link(current)) == ("Have plan 9 adopted", following.get_absolute_url())
    builders.plan(10, date(2029, 1, 1))  # ahead of the gap, which stays due
    assert sorted(row.number for row in rule.rows()) == [8, 10]


@pytest.mark.django_db
def test_the_next_plan_is_owed_by_the_secretariat_and_in_the_last_month_by_the_presidency_of_the_day():
    current = builders.plan(8, date(2026, 1, 1))
    greece = PresidencyFactory(starts_on=date(2027, 1, 1), delegation=DelegationFactory(code="EL")).delegation
    assert owners("adopt-next-plan", current, date(2027, 3, 30)) == [SECRETARIAT]
    assert owners("adopt-next-plan", current, date(2027, 3, 31)) == [SECRETARIAT, Owner("submitter", greece)]
    assert owners("adopt-next-plan", current, date(2027, 7, 2)) == [SECRETARIAT]


@pytest.mark.django_db
def test_terms_are_owed_by_who_can_do_the_next_thing():
    builders.plan(8, date(2026, 1, 1))
    draft = builders.plan(9, date(2027, 7, 1), "draft")
    missing = builders.action(draft, 1)
    begun = builders.action(draft, 2, terms="draft")
    tabled = builders.action(draft, 3, terms="tabled")
    nobodys = builders.action(draft, 4, lead=None)
    builders.action(draft, 5, terms="agreed")
    rule = BY_CODE["terms-missing"]
    rows = {row.pk: row for row in rule.rows()}
    assert set(rows) == {missing.pk, begun.pk, tabled.pk, nobodys.pk}
    contact_point = Owner("contact_point", missing.lead)
    assert {pk: (owners("terms-missing", row), rule.text(row)) for pk, row in rows.items()} == {
        missing.pk: ([contact_point], "Write the terms of reference of action 9.1"),
        begun.pk: ([contact_point], "Finish the terms of reference of action 9.2"),
        tabled.pk: ([SECRETARIAT], "Have the terms of reference of action 9.3 agreed"),
        nobodys.pk: ([SECRETARIAT], "Write the terms of reference of action 9.4"),
    }
    assert {rule.due(row) for row in rows.values()} == {date(2027, 4, 30)}


@pytest.mark.django_db
def test_terms_of_the_first_plan_are_due_when_it_begins():
    builders.action(builders.plan(1, date(2010, 1, 1), "draft"))
    rule = BY_CODE["terms-missing"]
    assert [rule.due(row) for row in rule.rows()] == [date(2010, 1, 1)]


@pytest.mark.django_db
def test_results_are_owed_by_confirmed_participants_until_they_hand_them_in():
    amber = builders.operation(participants=["IT", "FR", "BE"])
    builders.submission(amber, "FR")
    builders.submission(amber, "BE", "returned", return_reason="Units are missing")
    rule = BY_CODE["result-due"]
    assert {row.delegation.code: rule.link(row) for row in rule.rows()} == {
        "BE": "/jcos/amber-road/results/BE/",
        "IT": "/jcos/amber-road/results/IT/",
    }
    assert {rule.due(row) for row in rule.rows()} == {amber.results_due_on}


@pytest.mark.django_db
def test_the_days_of_reminders_are_data_and_stay_as_the_secretariat_set_them():
    load_lead_times()
    LeadTimes.objects.filter(rule="result-due").update(days_before=[10, 2], overdue_every=None)
    load_lead_times()
    assert lead_times() == {
        "adopt-next-plan": Leads((180, 120, 90, 60, 30, 14, 7, 1, 0), 7),
        "terms-missing": Leads((60, 30, 14, 7, 1, 0), 7),
        "result-due": Leads((10, 2), None),
        "silence-answer": Leads((3, 1, 0), None),
        "note-due": Leads((14, 7, 1, 0), 7),
        "milestone-due": Leads((30, 14, 7, 0), 14),
    }
    assert LeadTimes.objects.count() == len(schedule.RULES)
