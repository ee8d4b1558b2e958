"""Every verb of an amendment from every state, and who is offered which."""

import pytest

from accounts.tests.factories import delegate, secretariat
from actionplans.models import Action, Amendment, AmendmentChange
from actionplans.rules import PERMISSIONS
from actionplans.tests.factories import (
    AmendmentFactory,
    addition_to,
    changes_of,
    decided,
    plan_with,
    put,
)
from actionplans.tests.pages import post_new
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db


def amendment_in(state):
    """An amendment in a state, reached by its steps; what it adds lacks agreed terms until it is decided."""
    by = secretariat()
    amendment = AmendmentFactory(plan=plan_with("adopted", number=7))
    added = addition_to(amendment, terms="tabled")
    if state != "draft":
        amendment.take("table", by=by)
    if state in ("decided", "applied"):
        amendment.decide(decided(amendment), by=by)
    put(added.terms.get(), "agreed")
    if state == "applied":
        amendment.take("apply", by=by)
    if state == "withdrawn":
        amendment.take("withdraw", by=by, note="Overtaken.")
    return amendment


@pytest.mark.parametrize("verb", list(Amendment.STEPS))
@pytest.mark.parametrize("state", Amendment.Status.values)
def test_each_verb_starts_only_where_the_table_says(state, verb):
    amendment = amendment_in(state)
    assert amendment.status == state
    step, by = Amendment.STEPS[verb], secretariat()
    fields = {step.decision_field: decided(amendment)} if step.by_decision else {}
    if state in step.sources:
        amendment.take(verb, by=by, note="Because it is time.", **fields)
        reached = "applied" if verb == "adopt" else step.target  # nothing stands against the application
    else:
        with pytest.raises(NotAllowed, match="is"):
            amendment.take(verb, by=by, note="Because it is time.", **fields)
        reached = state
    assert Amendment.objects.get().status == reached


def test_every_step_has_a_permission_and_is_the_secretariat_s():
    person, amendment = delegate("BE"), amendment_in("tabled")
    for verb in Amendment.STEPS:
        assert f"actionplans.{verb}_amendment" in PERMISSIONS
        assert not person.has_perm(f"actionplans.{verb}_amendment", amendment)


def test_a_decision_is_recorded_on_what_is_tabled_first():
    amendment = amendment_in("draft")
    [reason] = amendment.reasons_against("adopt", secretariat())
    assert reason.text == "Amendment 1 of plan 7 is a draft. Table the amendment first."


def test_an_added_action_that_is_deleted_on_its_own_page_leaves_the_amendment_too(client):
    client.force_login(secretariat())
    amendment = AmendmentFactory(plan=plan_with("adopted", number=7))
    addition_to(amendment, terms="draft")
    changes_of(amendment, Action.objects.get(number=1), title="New")
    assert post_new(client, "/plans/7/actions/2/delete/")["Location"] == "/plans/7/"
    assert AmendmentChange.objects.get().kind == "change"
