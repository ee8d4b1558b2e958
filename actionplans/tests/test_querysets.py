"""Who sees which plan, action, terms of reference and strategy text, in every state (the table of the design)."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.tests.factories import (
    DelegationFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from actionplans.models import Action, ActionPlan, Objective, StrategyVersion, TermsOfReference
from actionplans.tests.factories import (
    ActionFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    VersionFactory,
    part,
    write_text,
)
from council.tests.factories import presidency_holder

pytestmark = pytest.mark.django_db

IDENTITIES = {
    "secretariat": secretariat,
    "presidency": lambda: presidency_holder("FR", role="viewer"),
    "lead": lambda: delegate("BE", role="viewer"),
    "co_lead": lambda: delegate("EE", role="viewer"),
    "delegation": lambda: delegate("DE", role="submitter"),
    "committee": committee,
    "third_party": lambda: third_party("NO"),
    "other_third_party": lambda: third_party("CH"),
    "administrator": administrator,
    "disabled": lambda: secretariat(is_active=False),
    "anonymous": AnonymousUser,
}
PREPARING = {"secretariat", "presidency"}
LEADS = {*PREPARING, "lead", "co_lead"}
DELEGATIONS = {*LEADS, "delegation"}
TAKING_PART = {*DELEGATIONS, "third_party"}
REPORTED_TO = {*DELEGATIONS, "committee"}
ALL_OF_IT = {*REPORTED_TO, "third_party"}
SIGNED_IN = {*ALL_OF_IT, "other_third_party", "administrator"}


@pytest.fixture
def people():
    return {name: make() for name, make in IDENTITIES.items()}


def who_sees(row, people, queryset=None):
    """The names of those to whom a row is visible."""
    rows = queryset or type(row).objects.visible_to
    return {name for name, user in people.items() if rows(user).filter(pk=row.pk).exists()}


def action_in(plan_status, status=None, terms=""):
    fields = {"status": status} if status else {}
    action = ActionFactory(plan=PlanFactory(status=plan_status), lead=DelegationFactory(code="BE"), **fields)
    part(action, "EE", "co_lead")
    part(action, "NO")
    return action, TermsFactory(action=action, status=terms) if terms else None


STRATEGY = {
    "draft": {"secretariat"},
    "tabled": DELEGATIONS,
    "agreed": SIGNED_IN,
    "in_force": SIGNED_IN,
    "superseded": SIGNED_IN,
    "withdrawn": {"secretariat"},
}


@pytest.mark.parametrize("status", StrategyVersion.Status.values)
def test_an_objective_is_seen_by_whoever_sees_a_text_that_has_it(people, status):
    strategy = StrategyFactory()
    strategy.versions.update(status="superseded")
    version = VersionFactory(strategy=strategy, number=2, status=status)
    write_text(version, {"D.MS.a": ""})
    assert who_sees(Objective.objects.get(code="D.MS.a"), people) == STRATEGY[status]
    assert who_sees(Objective.objects.get(code="A.MS.a"), people) == SIGNED_IN


@pytest.mark.parametrize("status", StrategyVersion.Status.values)
def test_who_sees_a_strategy_version(status, people):
    strategy = StrategyFactory(slug="new", reference="1/26")
    strategy.versions.update(status="superseded")
    row = VersionFactory(strategy=strategy, number=2, status=status)
    assert who_sees(row, people) == STRATEGY[status]


PLAN_WHOLE = {
    "draft": PREPARING,
    "tabled": DELEGATIONS,
    "adopted": REPORTED_TO,
    "evaluated": REPORTED_TO,
    "closed": REPORTED_TO,
    "withdrawn": PREPARING,
}
PLAN_IN_PART = {  # of the plan: its number, its period and the actions that they see
    "draft": {"lead", "co_lead"},
    "tabled": {"third_party"},
    "adopted": {"third_party"},
    "evaluated": {"third_party"},
    "closed": {"third_party"},
    "withdrawn": {"lead", "co_lead"},
}


@pytest.mark.parametrize("status", ActionPlan.Status.values)
def test_who_sees_a_plan_whole_and_who_only_its_number_period_and_own_actions(status, people):
    plan = action_in(status)[0].plan
    whole = who_sees(plan, people, ActionPlan.objects.seen_whole)
    assert whole == PLAN_WHOLE[status]
    assert who_sees(plan, people) - whole == PLAN_IN_PART[status]


ACTIONS = {  # state of the plan, of the action, of its terms: who sees the action
    ("draft", "proposed", ""): LEADS,
    ("draft", "proposed", "draft"): LEADS,
    ("draft", "proposed", "tabled"): TAKING_PART,
    ("draft", "proposed", "agreed"): TAKING_PART,
    ("tabled", "proposed", ""): TAKING_PART,
    ("tabled", "proposed", "draft"): TAKING_PART,
    ("withdrawn", "proposed", ""): LEADS,
    **{("adopted", status, "agreed"): ALL_OF_IT for status in Action.Status.values if status != "proposed"},
}


@pytest.mark.parametrize("states", ACTIONS)
def test_who_sees_an_action(states, people):
    action, _terms = action_in(*states)
    assert who_sees(action, people) == ACTIONS[states]


TERMS = {
    ("draft", "proposed", "draft"): LEADS,
    ("tabled", "proposed", "draft"): LEADS,
    ("draft", "proposed", "tabled"): TAKING_PART,
    ("draft", "proposed", "agreed"): TAKING_PART,
    ("draft", "proposed", "superseded"): TAKING_PART,
    ("adopted", "planned", "draft"): LEADS,
    ("adopted", "planned", "tabled"): TAKING_PART,
    ("adopted", "planned", "agreed"): ALL_OF_IT,
    ("adopted", "completed", "superseded"): ALL_OF_IT,
}


@pytest.mark.parametrize("states", TERMS)
def test_who_sees_terms_of_reference(states, people):
    _action, terms = action_in(*states)
    assert who_sees(terms, people) == TERMS[states]


def test_the_newest_version_of_each_action_is_found():
    old = TermsFactory(status="agreed")
    new = TermsFactory(action=old.action)
    other = TermsFactory()
    assert set(TermsOfReference.objects.latest()) == {new, other}


def test_only_the_last_adopted_plan_awaits_a_successor():
    PlanFactory(status="adopted")
    last = PlanFactory(status="adopted")
    PlanFactory(status="draft")
    assert list(ActionPlan.objects.awaiting_successor()) == [last]
    PlanFactory(status="evaluated", starts_on=last.ends_on + timedelta(days=1))
    assert last not in ActionPlan.objects.awaiting_successor()


def test_the_current_plan_is_the_adopted_one_in_whose_period_the_day_lies():
    first, second = PlanFactory(status="closed"), PlanFactory(status="adopted")
    assert list(ActionPlan.objects.current(first.ends_on)) == [first]
    assert list(ActionPlan.objects.current(second.starts_on)) == [second]
    assert second.predecessor == first
    assert ActionPlan.objects.with_predecessor().get(pk=second.pk).adopt_by == first.successor_adopt_by


def test_a_draft_two_plans_ahead_follows_the_draft_between():
    running = PlanFactory(starts_on=date(2026, 1, 1), ends_on=date(2027, 6, 30), status="adopted")
    coming = PlanFactory(starts_on=date(2027, 7, 1), ends_on=date(2028, 12, 31))
    PlanFactory(starts_on=date(2028, 6, 1), ends_on=date(2030, 1, 31), status="withdrawn")
    ahead = PlanFactory(starts_on=date(2029, 1, 1), ends_on=date(2030, 6, 30))
    listed = {plan.pk: plan.adopt_by for plan in ActionPlan.objects.with_predecessor()}
    for plan, day in ((running, None), (coming, date(2027, 4, 30)), (ahead, date(2028, 10, 31))):
        assert (plan.adopt_by, listed[plan.pk]) == (day, day)


def test_a_plan_adopted_out_of_order_keeps_the_adoption_day_it_had_as_a_draft():
    PlanFactory(starts_on=date(2025, 9, 1), ends_on=date(2027, 2, 28), status="adopted")
    PlanFactory(starts_on=date(2027, 3, 1), ends_on=date(2028, 8, 31))
    ahead = PlanFactory(starts_on=date(2028, 9, 1), ends_on=date(2030, 2, 28), status="adopted")
    assert ahead.adopt_by == date(2028, 6, 30)
    assert ActionPlan.objects.with_predecessor().get(pk=ahead.pk).adopt_by == date(2028, 6, 30)


def test_a_plan_adopted_further_ahead_leaves_the_gap_before_it_due():
    running = PlanFactory(starts_on=date(2026, 1, 1), ends_on=date(2027, 6, 30), status="adopted")
    ahead = PlanFactory(starts_on=date(2029, 1, 1), ends_on=date(2030, 6, 30), status="adopted")
    assert set(ActionPlan.objects.awaiting_successor()) == {running, ahead}
    PlanFactory(starts_on=date(2027, 7, 1), ends_on=date(2028, 12, 31), status="adopted")
    assert set(ActionPlan.objects.awaiting_successor()) == {ahead}


def test_a_gap_that_lies_behind_a_plan_that_has_begun_is_nobodys_duty():
    PlanFactory(starts_on=date(2019, 1, 1), ends_on=date(2020, 6, 30), status="adopted")
    begun = PlanFactory(starts_on=date(2021, 1, 1), ends_on=date(2022, 6, 30), status="adopted")
    assert set(ActionPlan.objects.awaiting_successor()) == {begun}
