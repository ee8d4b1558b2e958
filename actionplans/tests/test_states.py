"""Every verb from every state, for the four models that have states here; and what adoption asks for."""

import threading
from datetime import date

import pytest
from django.db import connection

from accounts.tests.factories import secretariat
from actionplans.models import Action, ActionPlan, StrategyVersion, TermsOfReference
from actionplans.rules import PERMISSIONS
from actionplans.tests.factories import (
    ADOPTED,
    FIRST_DAY,
    ActionFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    VersionFactory,
    plan_with,
    write_text,
)
from council.tests.factories import DecisionFactory
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db

SYSTEM_STEPS = {  # taken by the portal itself, or by an evaluation: nobody is offered them
    (StrategyVersion, "supersede"), (ActionPlan, "evaluate"), (ActionPlan, "close"), (Action, "plan"),
    (TermsOfReference, "supersede"),
}  # fmt: skip


def strategy_version(status):
    strategy = StrategyFactory(slug="new", reference="1/26")
    strategy.versions.update(status="superseded")
    begins = {} if status in ("in_force", "superseded") else {"in_force_from": None}
    version = VersionFactory(strategy=strategy, number=2, status="draft", **begins)
    write_text(version)
    StrategyVersion.objects.filter(pk=version.pk).update(status=status)
    version.refresh_from_db()
    return version


def plan(status):
    return plan_with(status)


def action(status):
    row = ActionFactory(
        plan=PlanFactory(status="draft" if status == "proposed" else "adopted"), status=status
    )
    ActionFactory(plan=PlanFactory(), continues=row)
    return row


def terms(status):
    return TermsFactory(status=status)


ROWS = {StrategyVersion: strategy_version, ActionPlan: plan, Action: action, TermsOfReference: terms}
EVERY_STEP = [
    pytest.param(model, verb, status, id=f"{model.__name__}-{verb}-{status}")
    for model in ROWS
    for verb in model.STEPS
    for status in model.Status.values
]


def take(row, verb, by=None):
    """Take a step with a reason and, where it needs one, a decision; the portal's own steps as the portal does."""
    if (type(row), verb) in SYSTEM_STEPS:
        row.move(verb, by=by or secretariat())
        return
    step = row.STEPS[verb]
    fields = (
        {step.decision_field: DecisionFactory(subject=row, verb=verb, meeting__held_on=date(2026, 3, 1))}
        if step.by_decision
        else {}
    )
    row.take(verb, by=by or secretariat(), note="Because it is time.", **fields)


@pytest.mark.parametrize(("model", "verb", "status"), EVERY_STEP)
def test_each_verb_starts_only_where_the_table_says(model, verb, status):
    row = ROWS[model](status)
    step = model.STEPS[verb]
    if status in step.sources:
        take(row, verb)
        expected = step.target
    else:
        with pytest.raises(NotAllowed, match=r" (is|are) "):
            take(row, verb)
        expected = status
    assert model.objects.get(pk=row.pk).status == expected


@pytest.mark.parametrize("model", ROWS)
def test_every_step_that_people_take_has_a_permission_and_no_other_has(model):
    named = {verb for verb in model.STEPS if f"actionplans.{verb}_{model._meta.model_name}" in PERMISSIONS}
    own = {verb for system_model, verb in SYSTEM_STEPS if system_model is model}
    assert named == set(model.STEPS) - own


@pytest.mark.parametrize("verb", ["complete_partly", "discontinue", "reopen"])
def test_these_steps_of_an_action_need_a_reason(verb):
    row = action(next(iter(Action.STEPS[verb].sources)))
    step = Action.STEPS[verb]
    fields = {step.decision_field: DecisionFactory(subject=row)} if step.by_decision else {}
    with pytest.raises(NotAllowed, match="Give a reason"):
        row.take(verb, by=secretariat(), note=" ", **fields)


def test_a_step_by_decision_is_not_taken_without_one():
    with pytest.raises(NotAllowed, match="taken by a decision"):
        terms("tabled").move("agree", by=secretariat())


def test_an_action_is_carried_over_only_to_one_that_continues_it():
    row = ActionFactory(plan=PlanFactory(status="adopted"))
    with pytest.raises(NotAllowed, match="No action of a later plan continues it yet"):
        take(row, "carry_over")


@pytest.mark.parametrize(
    ("row", "verb", "text"),
    [
        (plan, "adopt", "Table the plan first."),
        (strategy_version, "agree", "Table the version first."),
        (strategy_version, "approve", "Table the version first."),
        (terms, "agree", "Table the terms of reference first."),
    ],
)
def test_a_decision_on_a_draft_says_what_comes_first_and_where(row, verb, text, client):
    thing, desk = row("draft"), secretariat()
    [reason] = thing.reasons_against(verb, desk)
    said = "are in draft" if row is terms else "is a draft"
    assert (reason.text, reason.url) == (f"{thing} {said}. {text}", thing.get_step_url("table"))
    client.force_login(desk)
    page = client.get(thing.get_step_url(verb), follow=True)
    assert f'<a href="{reason.url}">{reason.text}</a>' in page.content.decode()
    assert client.get(reason.url).status_code == 200


# -- strategy --------------------------------------------------------------------------------------------------------


def test_approving_a_version_supersedes_the_one_in_force():
    before = StrategyFactory().versions.get()
    later = VersionFactory(strategy=before.strategy, number=2, status="agreed", in_force_from=None)
    take(later, "approve")
    before.refresh_from_db()
    assert (before.status, later.status) == ("superseded", "in_force")
    assert later.in_force_from == later.approval.taken_on


# -- terms of reference ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goals", "outcome", "missing"),
    [
        ("", "A guide", ["The main goals are missing."]),
        ("Fewer", " \n", ["The expected outcome is missing."]),
        ("", "", ["The main goals are missing.", "The expected outcome is missing."]),
    ],
)
def test_terms_are_tabled_only_with_main_goals_and_expected_outcome(goals, outcome, missing):
    row = TermsFactory(main_goals=goals, expected_outcome=outcome)
    with pytest.raises(NotAllowed) as refused:
        take(row, "table")
    assert [reason.text for reason in refused.value.reasons] == missing
    assert all(reason.url.endswith("/terms/edit/") for reason in refused.value.reasons)


def test_agreeing_a_version_supersedes_the_one_agreed_before():
    first = TermsFactory(status="agreed")
    second = TermsFactory(action=first.action, status="tabled")
    take(second, "agree")
    first.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "agreed")


@pytest.mark.parametrize(("status", "verb"), [("draft", "table"), ("tabled", "agree")])
def test_terms_are_frozen_with_the_adoption_of_the_plan(status, verb):
    row = TermsFactory(action=ActionFactory(plan=PlanFactory(status="adopted")), status=status)
    with pytest.raises(NotAllowed, match="only by amendment"):
        take(row, verb)
    assert "only by amendment" in row.why_locked()


# -- adoption --------------------------------------------------------------------------------------------------------


def test_adoption_plans_the_actions_and_keeps_the_decision_with_its_day():
    plan = plan_with("tabled")
    take(plan, "adopt")
    assert plan.adopted_on == plan.adoption.meeting.held_on
    assert list(plan.actions.values_list("status", flat=True)) == ["planned"]


@pytest.mark.parametrize("terms_status", ["", "draft", "tabled"])
def test_adoption_is_refused_with_a_link_to_each_action_without_agreed_terms(terms_status):
    plan = plan_with("tabled", terms=terms_status, number=8)
    ready = ActionFactory(plan=plan)
    TermsFactory(action=ready, status="agreed")
    with pytest.raises(NotAllowed) as refused:
        take(plan, "adopt")
    [reason] = refused.value.reasons
    assert reason.text.startswith("Action 8.1 has no agreed terms of reference")
    assert reason.url == "/plans/8/actions/1/terms/"
    assert ActionPlan.objects.get(pk=plan.pk).status == "tabled"
    assert set(plan.actions.values_list("status", flat=True)) == {"proposed"}


def test_adoption_is_refused_for_a_plan_without_actions():
    plan = PlanFactory(status="tabled", number=8)
    with pytest.raises(NotAllowed) as refused:
        take(plan, "adopt")
    [reason] = refused.value.reasons
    assert (reason.text, reason.url) == ("The plan has no action yet.", "/plans/8/steps/return_to_draft/")


def test_adoption_is_refused_when_the_period_overlaps_an_adopted_plan():
    first = PlanFactory(status="adopted", number=7)
    plan = plan_with("tabled", starts_on=first.ends_on, number=8)
    with pytest.raises(NotAllowed, match="overlaps plan 7, 1 January 2026 to 30 June 2027"):
        take(plan, "adopt")


def test_a_plan_may_begin_on_the_day_after_another_ends():
    PlanFactory(status="adopted")
    plan = plan_with("tabled")
    take(plan, "adopt")
    assert plan.status == "adopted"


def test_what_may_surprise_is_said_before_the_adoption_is_recorded():
    plan = plan_with("tabled", number=8)
    assert plan.before_deciding("adopt") == []
    plan.actions.update(lead=None)
    plan = type(plan).objects.get()
    plan.ends_on = plan.ends_on.replace(month=1)
    assert [note.split(" ")[0] for note in plan.before_deciding("adopt")] == ["The", "Action"]


def race(works):
    """Run each in a thread of its own, all at once; what each answered or raised, in order."""
    barrier, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            barrier.wait()
            answers[place] = work()
        except NotAllowed as refused:
            answers[place] = str(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_two_people_adopt_at_once_is_adopted_once():
    plan, by = plan_with("tabled"), secretariat()
    decisions = [DecisionFactory(subject=plan, kind="adopt", verb="adopt") for _n in range(2)]

    def adopt(decision):
        ActionPlan.objects.get(pk=plan.pk).adopt(by=by, adoption=decision)
        return "adopted"

    answers = race([lambda decision=decision: adopt(decision) for decision in decisions])
    assert sorted(answers) == [f"{plan} is adopted.", "adopted"]
    events = ActionPlan.pgh_event_models["insert"].objects.filter(pgh_obj=plan.pk, status="adopted")
    assert events.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_plans_that_are_adopted_at_once_one_wins():
    by = secretariat()
    plans = [plan_with("tabled", starts_on=FIRST_DAY) for _n in range(2)]
    pairs = [(plan, DecisionFactory(subject=plan, kind="adopt", verb="adopt")) for plan in plans]

    def adopt(plan, decision):
        ActionPlan.objects.get(pk=plan.pk).adopt(by=by, adoption=decision)
        return "adopted"

    answers = race([lambda pair=pair: adopt(*pair) for pair in pairs])
    assert answers.count("adopted") == 1
    assert [answer for answer in answers if "overlaps" in answer] != []
    assert ActionPlan.objects.filter(status__in=ADOPTED).count() == 1
