"""Amendments: what they need, what they do to the plan, and that nothing else changes an adopted action."""

import threading
from datetime import date, timedelta

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction

from accounts.tests.factories import BodyFactory, secretariat
from actionplans.amendable import values_of
from actionplans.asof import actions_at
from actionplans.models import Action, Amendment, AmendmentChange, TermsOfReference
from actionplans.tests.factories import (
    ActionFactory,
    AmendmentFactory,
    ObjectiveFactory,
    TermsFactory,
    addition_to,
    changes_of,
    decided,
    part,
    plan_with,
    put,
    withdraw,
)
from council.models import Decision, SilenceProcedure
from council.tests.factories import MeetingFactory
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed, acting
from tests.silence import at, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    """An adopted plan with one planned action that has agreed terms."""
    return plan_with("adopted")


def on_table(amendment):
    amendment.take("table", by=secretariat())
    return amendment


def decide(amendment, body="ccwp-plenary", **fields):
    """Record the decision as the secretariat does."""
    meeting = MeetingFactory(body=BodyFactory(code=body))
    return Decision.objects.record(
        Amendment.objects.get(pk=amendment.pk), "adopt", meeting=meeting, by=secretariat(), **fields
    )


def applied(amendment):
    """The amendment, tabled, decided and so applied."""
    decide(on_table(amendment))
    return Amendment.objects.get(pk=amendment.pk)


def later(plan, days=0):
    return (plan.ends_on - timedelta(days=days)).isoformat()


def reasons(amendment, verb):
    return [str(reason.text) for reason in Amendment.objects.get(pk=amendment.pk).reasons_against(verb)]


# -- what it does ----------------------------------------------------------------------------------------------------


def test_the_decision_applies_it_and_what_was_and_is_stays_with_the_change(plan):
    action = plan.actions.get()
    amendment = AmendmentFactory(plan=plan)
    change = changes_of(amendment, action, title="Another title", ends_on=later(plan))
    amendment = applied(amendment)
    action.refresh_from_db()
    change.refresh_from_db()
    assert (amendment.status, amendment.decided_on) == ("applied", amendment.decision.taken_on)
    assert (action.title, action.ends_on, action.status) == ("Another title", plan.ends_on, "planned")
    assert change.after == {"title": "Another title", "ends_on": later(plan)}
    assert change.before == {"title": change.drafted["title"], "ends_on": ""}


def test_lead_parts_and_objectives_are_changed_as_proposed(plan):
    action = plan.actions.get()
    part(action, "FR", "participant")
    part(action, "ES", "co_lead")
    ObjectiveFactory(code="B.MS.a")
    part(ActionFactory(plan=plan), "DE")
    amendment = AmendmentFactory(plan=plan)
    changes_of(
        amendment,
        action,
        lead="ES",
        co_leads=["FR"],
        participants=["DE"],
        objectives=["B.MS.a"],
        summary="More",
    )
    applied(amendment)
    action = Action.objects.get(pk=action.pk)
    assert values_of(action) == values_of(action) | {
        "lead": "ES", "co_leads": ["FR"], "participants": ["DE"], "objectives": ["B.MS.a"], "summary": "More",
    }  # fmt: skip


def test_an_added_action_is_planned_by_the_application_only_and_until_then_counts_nowhere(plan):
    amendment = AmendmentFactory(plan=plan)
    added = addition_to(amendment)
    assert list(Action.objects.in_their_plans()) == list(plan.actions.exclude(pk=added.pk))
    applied(amendment)
    added.refresh_from_db()
    assert added.status == "planned"
    assert Action.objects.in_their_plans().count() == 2


def test_a_discontinued_action_keeps_the_decision_and_the_reason(plan):
    amendment = AmendmentFactory(plan=plan)
    action = plan.actions.get()
    AmendmentChange.objects.create(amendment=amendment, kind="discontinue", action=action)
    amendment = applied(amendment)
    action.refresh_from_db()
    assert (action.status, action.ending) == ("discontinued", amendment.decision)
    change = amendment.changes.get()
    assert (change.before, change.after) == ({"status": "planned"}, {"status": "discontinued"})


def test_new_terms_of_reference_are_written_for_it_and_agreed_by_its_decision(plan):
    action = plan.actions.get()
    old = action.terms.get()
    amendment = AmendmentFactory(plan=plan)
    change = changes_of(amendment, action)
    assert TermsFactory.build(action=action, version=2).why_locked()
    AmendmentChange.objects.update(new_terms=True)
    action = Action.objects.get(pk=action.pk)
    new = TermsFactory(action=action)
    assert not new.why_locked()
    wanted = f"The new terms of reference of action {action.reference} are not tabled yet."
    assert reasons(amendment, "table") == [wanted]
    new = TermsOfReference.objects.get(pk=new.pk)
    new.take("table", by=secretariat())
    on_table(type(amendment).objects.get(pk=amendment.pk))
    new = TermsOfReference.objects.get(pk=new.pk)
    assert new.why_not("return_to_draft") == f"They are agreed with amendment 1 of plan {plan.number}."
    amendment.take("return_to_draft", by=secretariat())
    new = TermsOfReference.objects.get(pk=new.pk)
    assert "They are agreed with" in new.why_not("agree")
    amendment = applied(amendment)
    for row in (old, new, change):
        row.refresh_from_db()
    assert (old.status, new.status, new.agreement) == ("superseded", "agreed", amendment.decision)
    assert (change.before, change.after) == ({"terms": 1}, {"terms": 2})
    assert TermsFactory.build(action=Action.objects.get(pk=action.pk), version=3).why_locked()


def test_a_plan_read_as_of_a_day_before_the_application_has_neither_addition_nor_change(plan, monkeypatch):
    desk = secretariat()
    action = plan.actions.get()
    with acting(desk, "begin"):
        amendment = AmendmentFactory(plan=plan)
        changes_of(amendment, action, title="Another title")
        addition_to(amendment, title="Added later")
    today = brussels_today()
    assert [row.title for row in actions_at(plan, today, desk)] == [action.title]
    monkeypatch.setattr("strategy_portal.dates.clock_offset", lambda: timedelta(days=3))
    applied(amendment)
    assert [row.title for row in actions_at(plan, today, desk)] == [action.title]
    assert [row.title for row in actions_at(plan, today + timedelta(days=3), desk)] == [
        "Another title",
        "Added later",
    ]


# -- what it needs ---------------------------------------------------------------------------------------------------


def test_an_empty_one_is_not_tabled_and_a_plan_at_work_only_is_amended(plan):
    amendment = AmendmentFactory(plan=plan)
    assert reasons(amendment, "table") == [
        "It changes nothing yet: add an action, change or discontinue one."
    ]
    changes_of(amendment, plan.actions.get(), title="New")
    plan.move("evaluate", by=secretariat())
    assert reasons(amendment, "table") == [f"Plan {plan.number} is evaluated; it is not amended."]


def test_without_agreed_terms_an_added_action_waits_decided_and_is_applied_by_a_step(plan):
    amendment = AmendmentFactory(plan=plan)
    added = addition_to(amendment, terms="tabled")
    on_table(amendment)
    lacking = (
        f"Action {added.reference} has no agreed terms of reference with main goals and expected outcome."
    )
    amendment.refresh_from_db()
    assert lacking in [str(note) for note in amendment.before_deciding("adopt")]
    decide(amendment)
    amendment.refresh_from_db()
    assert amendment.status == "decided"
    with pytest.raises(NotAllowed, match="has no agreed terms of reference"):
        amendment.take("apply", by=secretariat())
    put(added.terms.get(), "agreed")
    amendment.take("apply", by=secretariat())
    added.refresh_from_db()
    assert (amendment.status, added.status) == ("applied", "planned")


def test_an_action_that_has_ended_meanwhile_is_not_changed(plan):
    amendment, action = AmendmentFactory(plan=plan), plan.actions.get()
    changes_of(amendment, action, title="New")
    on_table(amendment)
    action.take("start", by=secretariat())
    action.take("complete", by=secretariat())
    with pytest.raises(NotAllowed, match="it is completed and changes no more"):
        decide(amendment)
    amendment.refresh_from_db()
    action.refresh_from_db()
    assert (amendment.status, Decision.objects.about(amendment).count()) == ("tabled", 0)
    assert action.title != "New"


def test_what_another_has_changed_since_is_said_and_not_overwritten(plan):
    action, title = plan.actions.get(), plan.actions.get().title
    first, second = AmendmentFactory(plan=plan), AmendmentFactory(plan=plan)
    changes_of(first, action, title="First")
    changes_of(second, action, title="Second")
    on_table(second)
    assert f"{first} changes {action}, too." in second.before_deciding("adopt")
    applied(first)
    said = f"{action}: title has changed since this was drafted, from “{title}” to “First”."
    assert reasons(second, "adopt") == [said]
    with pytest.raises(NotAllowed, match="has changed since this was drafted"):
        decide(second)
    action.refresh_from_db()
    assert action.title == "First"


def test_two_that_change_different_fields_of_an_action_are_both_applied(plan):
    action = plan.actions.get()
    first, second = AmendmentFactory(plan=plan), AmendmentFactory(plan=plan)
    changes_of(first, action, title="First")
    changes_of(second, action, summary="Second")
    for amendment in (second, first):
        applied(amendment)
    action.refresh_from_db()
    assert (action.title, action.summary) == ("First", "Second")


def test_together_two_may_not_turn_the_dates_round_nor_name_a_delegation_twice(plan):
    action = plan.actions.get()
    middle = plan.starts_on + timedelta(days=100)
    days, parts = AmendmentFactory(plan=plan), AmendmentFactory(plan=plan)
    others = AmendmentFactory(plan=plan)
    changes_of(days, action, ends_on=middle.isoformat())
    changes_of(others, action, starts_on=(middle + timedelta(days=1)).isoformat(), participants=["FR"])
    part(ActionFactory(plan=plan), "FR")
    changes_of(parts, action, lead="FR")
    applied(days)
    assert reasons(others, "table") == [f"{action}: An action ends on or after the day it begins."]
    applied(parts)
    assert f"{action}: FR is the lead already." in reasons(others, "table")


def test_an_objective_withdrawn_meanwhile_and_a_lead_without_membership_are_told_and_allowed(plan):
    ObjectiveFactory(code="B.MS.a")
    amendment, action = AmendmentFactory(plan=plan), plan.actions.get()
    changes_of(amendment, action, objectives=["B.MS.a"], lead="")
    withdraw("B.MS.a")
    notes = [str(note) for note in amendment.before_deciding("adopt")]
    assert f"{action} would serve B.MS.a, which the strategy in force no longer has." in notes
    assert f"{action} would have no lead." in notes
    assert applied(amendment).status == "applied"


def test_a_body_that_may_not_adopt_plans_does_not_amend_them(plan):
    amendment = AmendmentFactory(plan=plan)
    changes_of(amendment, plan.actions.get(), title="New")
    on_table(amendment)
    with pytest.raises(NotAllowed, match="cannot take this decision"):
        decide(amendment, body="ccwp-experts")


@pytest.mark.parametrize("is_touched", [False, True])
def test_by_silence_procedure_it_is_applied_at_the_end_and_not_touched_before(plan, monkeypatch, is_touched):
    amendment, action = AmendmentFactory(plan=plan), plan.actions.get()
    changes_of(amendment, action, title="New")
    on_table(amendment)
    procedure = SilenceProcedure.objects.ask(
        Amendment.objects.get(), "adopt", body=BodyFactory(code="ccwp-plenary"), closes_at=in_days(7),
        text="Do you agree to the amendment?", by=secretariat(),
    )  # fmt: skip
    if is_touched:
        with pytest.raises(NotAllowed, match="No step is taken on it until then"):
            amendment.take("return_to_draft", by=secretariat())
    with at(monkeypatch, procedure.closes_at + timedelta(minutes=1)):
        procedure.conclude()
    amendment.refresh_from_db()
    action.refresh_from_db()
    assert (amendment.status, action.title, procedure.status) == ("applied", "New", "agreed")


@pytest.mark.parametrize("terms", ["", "draft"])
def test_an_added_action_comes_before_the_working_party_with_its_terms(plan, terms):
    amendment = AmendmentFactory(plan=plan)
    added = addition_to(amendment, terms=terms)
    said = f"The terms of reference of action {added.reference} are not tabled yet."
    assert reasons(amendment, "table") == [said]


def test_an_action_added_while_the_plan_runs_begins_on_that_day_where_none_is_set(plan):
    today, amendment = brussels_today(), AmendmentFactory(plan=plan)
    first, second = addition_to(amendment), addition_to(amendment, starts_on=plan.starts_on)
    assert plan.starts_on < today < plan.ends_on
    applied(amendment)
    assert Action.objects.get(pk=first.pk).starts_on == today
    assert Action.objects.get(pk=second.pk).starts_on == plan.starts_on
    assert amendment.changes.get(action=first).after["starts_on"] == today.isoformat()


def test_a_decided_one_that_cannot_be_applied_is_withdrawn_with_a_reason(plan):
    amendment = AmendmentFactory(plan=plan)
    added = addition_to(amendment, terms="tabled")
    amendment = applied(amendment)
    assert amendment.status == "decided"
    with pytest.raises(NotAllowed, match="Give a reason"):
        amendment.take("withdraw", by=secretariat())
    amendment.take("withdraw", by=secretariat(), note="Overtaken by events.")
    added.refresh_from_db()
    assert (amendment.status, added.status) == ("withdrawn", "proposed")


# -- the database's own guard ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"title": "x"},
        {"summary": "x"},
        {"ends_on": date(2027, 1, 1)},
        {"starts_on": date(2026, 2, 1)},
        {"lead": None},
        {"number": 9},
    ],
)
def test_nothing_but_an_application_writes_an_adopted_action(plan, values):
    with pytest.raises(IntegrityError, match="changes only by amendment"), transaction.atomic():
        plan.actions.update(**values)
    amendment = AmendmentFactory(plan=plan)
    changes_of(amendment, plan.actions.get(), summary="By amendment")
    applied(amendment)
    with pytest.raises(IntegrityError, match="changes only by amendment"), transaction.atomic():
        plan.actions.update(**values)


def test_a_decided_amendment_and_its_changes_never_change(plan):
    amendment = AmendmentFactory(plan=plan)
    change = changes_of(amendment, plan.actions.get(), summary="By amendment")
    applied(amendment)
    for write in (
        lambda: Amendment.objects.update(reason="x"),
        lambda: Amendment.objects.update(status="draft"),
        lambda: AmendmentChange.objects.update(after={}),
        lambda: AmendmentChange.objects.update(proposed={}),
        change.delete,
        lambda: addition_to(amendment),
    ):
        with pytest.raises(IntegrityError, match="a decided amendment never changes"), transaction.atomic():
            write()


def test_a_state_is_no_field_an_action_is_still_started(plan):
    action = plan.actions.get()
    action.take("start", by=secretariat())
    assert action.status == "in_progress"
    with pgtrigger.ignore("actionplans.Action:adopted_actions_change_by_amendment"):
        plan.actions.update(title="Put right by a migration")


# -- everybody at once -----------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_fifty_who_decide_at_once_one_applies_and_the_others_read_why_not(plan):
    amendment, by, answers = AmendmentFactory(plan=plan), secretariat(), []
    changes_of(amendment, plan.actions.get(), title="New")
    on_table(amendment)
    decisions = [decided(amendment) for _n in range(50)]
    gate = threading.Semaphore(8)  # connections at a time; the database has not fifty to give away

    def press(decision):
        with gate:
            try:
                Amendment.objects.get(pk=amendment.pk).decide(decision, by=by)
                answers.append("applied")
            except NotAllowed as refused:
                answers.append(str(refused))
            finally:
                connection.close()

    threads = [threading.Thread(target=press, args=(decision,)) for decision in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) == [f"Amendment 1 of plan {plan.number} is applied.", "applied"]
    assert answers.count("applied") == 1
    amendment.refresh_from_db()
    assert Action.objects.get().title == "New"
