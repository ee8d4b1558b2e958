"""The boundaries of amendments: the first and last day of the plan, and every order in which several are applied."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.tests.factories import secretariat
from actionplans.amendable import values_of
from actionplans.forms_amendments import ChangeForm
from actionplans.models import Action, AmendmentChange
from actionplans.tests.factories import AmendmentFactory, changes_of, decided, plan_with
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PERIOD = (date(2026, 1, 1), date(2027, 6, 30))
NEAR = st.one_of(
    st.none(),
    *(
        st.integers(min_value=-2, max_value=2).map(lambda n, day=day: day + timedelta(days=n))
        for day in PERIOD
    ),
)


@pytest.fixture
def plan():
    """A plan of 18 months, adopted, with one action that runs with it."""
    return plan_with("adopted", starts_on=PERIOD[0], ends_on=PERIOD[1])


@FEW
@given(starts_on=NEAR, ends_on=NEAR)
def test_days_are_proposed_and_applied_within_the_plan_only_its_first_and_last_included(
    plan, starts_on, ends_on
):
    with transaction.atomic():
        amendment, action = AmendmentFactory(plan=plan), plan.actions.get()
        change = AmendmentChange(amendment=amendment, kind="change", action=action)
        opened = ChangeForm(None, None, user=secretariat(), change=change)
        days = {
            "starts_on": starts_on.isoformat() if starts_on else "",
            "ends_on": ends_on.isoformat() if ends_on else "",
        }
        form = ChangeForm({**opened.initial, **days}, None, user=opened.user, change=change)
        inside = all(day is None or PERIOD[0] <= day <= PERIOD[1] for day in (starts_on, ends_on))
        in_order = not (starts_on and ends_on) or starts_on <= ends_on
        changes = bool(starts_on or ends_on)
        assert form.is_valid() == (inside and in_order and changes), form.errors
        if form.is_valid():
            form.save()
            amendment.take("table", by=opened.user)
            amendment.decide(decided(amendment), by=opened.user)
            action.refresh_from_db()
            assert (action.starts_on, action.ends_on, amendment.status) == (starts_on, ends_on, "applied")
        transaction.set_rollback(True)


DAY = st.integers(min_value=0, max_value=2).map(lambda n: (PERIOD[0] + timedelta(days=100 * n)).isoformat())
WISH = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from("ABC"),
        "summary": st.sampled_from("AB"),
        "starts_on": DAY,
        "ends_on": DAY,
    },
).filter(bool)


def would_fit(now, drafted, wish):
    """What is to be expected: nothing contradicted, and the days in order."""
    wanted = now | wish
    in_order = not (wanted["starts_on"] and wanted["ends_on"]) or wanted["starts_on"] <= wanted["ends_on"]
    is_about_days = {"starts_on", "ends_on"} & wish.keys()
    return all(now[name] in (drafted[name], value) for name, value in wish.items()) and (
        in_order or not is_about_days
    )


@FEW
@given(wishes=st.lists(WISH, min_size=2, max_size=3), order=st.randoms(use_true_random=False))
def test_in_whatever_order_they_are_applied_each_is_whole_or_nothing_and_none_overwrites(plan, wishes, order):
    by = secretariat()
    with transaction.atomic():
        action = plan.actions.get()
        drafted = now = values_of(action)
        pairs = []
        for wish in wishes:
            amendment = AmendmentFactory(plan=plan)
            changes_of(amendment, action, **wish)
            pairs.append((amendment, wish))
        order.shuffle(pairs)
        for amendment, wish in pairs:
            try:
                amendment.take("table", by=by)
                amendment.decide(decided(amendment), by=by)
            except NotAllowed:
                fits = False
            else:
                fits = amendment.status == "applied"
            assert fits == would_fit(now, drafted, wish)
            before, now = now, values_of(Action.objects.get(pk=action.pk))
            assert now == (before | wish if fits else before)
            kept = amendment.changes.get()
            changed = {name for name in wish if before[name] != wish[name]} if fits else None
            assert (set(kept.after) if kept.after is not None else None) == changed
        transaction.set_rollback(True)
