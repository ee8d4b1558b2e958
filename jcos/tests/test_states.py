"""Each step starts only where the table of steps says, and leads where it says."""

import pytest

from accounts.tests.factories import secretariat
from actionplans.tests.factories import ActionFactory
from council.tests.factories import DecisionFactory
from jcos.models import Operation, Participation, Submission
from jcos.tests.factories import OperationFactory, code_lists, part, submission, submitter
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    code_lists()
    return secretariat()


def take(thing, verb, by):
    step = thing.STEPS[verb]
    decided = (
        {step.decision_field: DecisionFactory(subject=thing, kind=step.by_decision, verb=verb)}
        if step.by_decision
        else {}
    )
    thing.take(verb, by=by, note="because", **decided)


def check(thing, verb, by):
    step, before = thing.STEPS[verb], thing.status
    if before in step.sources:
        take(thing, verb, by)
        assert thing.status == step.target
    else:
        with pytest.raises(NotAllowed):
            take(thing, verb, by)
        thing.refresh_from_db()
        assert thing.status == before


@pytest.mark.parametrize("verb", Operation.STEPS)
def test_each_step_of_an_operation_starts_only_where_the_table_says(verb, office):
    action = ActionFactory()
    for status in Operation.Status.values:
        operation = OperationFactory(status=status, parts=["FR"], actions=[action])
        submission(operation, "FR")
        check(operation, verb, office)


@pytest.mark.parametrize("status", Participation.Status.values)
@pytest.mark.parametrize("verb", Participation.STEPS)
def test_each_step_of_a_participation_starts_only_where_the_table_says(verb, status, office):
    check(part(OperationFactory(), "FR", status), verb, office)


@pytest.mark.parametrize("status", Submission.Status.values)
@pytest.mark.parametrize("verb", Submission.STEPS)
def test_each_step_of_a_submission_starts_only_where_the_table_says(verb, status, office):
    check(submission(OperationFactory(parts=["FR"]), "FR", status), verb, office)


@pytest.mark.parametrize("verb", ["postpone", "cancel"])
def test_an_operation_rests_or_ends_early_only_for_a_reason(verb, office):
    with pytest.raises(NotAllowed):
        OperationFactory(status="agreed").take(verb, by=office, note=" ")


def test_an_operation_is_agreed_only_with_a_lead_and_an_action_that_it_serves(office):
    operation = OperationFactory(status="tabled", lead="")
    assert [str(reason.text) for reason in operation.reasons_against("agree")] == [
        "It has no lead yet.",
        "It does not serve an action of a plan yet.",
    ]
    part(operation, "BE", status="declined", role="lead")
    assert len(operation.reasons_against("agree")) == 2
    part(operation, "FR", status="invited", role="lead")
    operation.serves.create(action=ActionFactory())
    assert operation.reasons_against("agree") == []


def test_the_operational_phase_begins_only_with_dates_and_a_day_for_results():
    operation = OperationFactory(status="planning", starts_on=None, results_due_on=None)
    assert [str(reason.text) for reason in operation.reasons_against("start")] == [
        "The operational phase has no dates yet.",
        "The day on which results are due is not set yet.",
    ]


@pytest.mark.parametrize("status", ["proposed", "planning", "closed", "cancelled"])
def test_results_are_taken_only_between_the_operational_phase_and_the_closing(status):
    draft = submission(OperationFactory(status=status), "BE", "draft")
    assert draft.why_not("submit").startswith(f"{draft.operation} does not take results now")


@pytest.mark.parametrize(
    "status", ["operational", "post_operational", "debriefed", "results_noted", "reported", "follow_up"]
)
def test_late_results_are_taken_until_the_operation_is_closed(status):
    assert submission(OperationFactory(status=status), "BE", "draft").why_not("submit") == ""


@pytest.mark.parametrize("status", ["invited", "declined", "withdrawn"])
def test_only_who_has_confirmed_submits(status):
    operation = OperationFactory()
    part(operation, "FR", status)
    assert "France" in submission(operation, "FR", "draft").why_not("submit")


def test_a_submission_returned_keeps_its_reason_and_needs_one(office):
    made = submission(OperationFactory(), "BE", "submitted")
    with pytest.raises(NotAllowed):
        made.return_to_delegation(by=office, note="  ")
    made.return_to_delegation(by=office, note="The unit is wrong.")
    assert (made.status, made.return_reason) == ("returned", "The unit is wrong.")


@pytest.mark.parametrize("status", Submission.Status.values)
def test_only_a_recalled_returned_or_validated_version_is_followed_by_another(status):
    made = submission(OperationFactory(), "BE", status, lines=2, remarks="New route")
    by = submitter()
    if status in ("draft", "submitted"):
        with pytest.raises(NotAllowed):
            made.next_version(by=by)
        return
    copy = made.next_version(by=by)
    assert (copy.version, copy.status, copy.remarks, copy.reference) == (2, "draft", "New route", None)
    assert [line.copied_from_id for line in copy.lines.order_by("pk")] == [
        line.pk for line in made.lines.order_by("pk")
    ]
    with pytest.raises(NotAllowed):
        made.next_version(by=by)


def test_who_no_longer_takes_part_corrects_nothing():
    operation = OperationFactory()
    part(operation, "FR", "withdrawn")
    with pytest.raises(NotAllowed):
        submission(operation, "FR").next_version(by=submitter("FR"))


def test_nobody_is_invited_to_an_operation_that_has_ended(office):
    operation = OperationFactory(status="cancelled")
    with pytest.raises(NotAllowed):
        operation.invite([], "participant", by=office)
    assert operation.participations.get().why_not("withdraw") == f"{operation} is cancelled."
