"""One thing to do next for each reader, with one button; and how far an operation has come."""

import pytest

from accounts.tests.factories import committee, delegate, secretariat
from actionplans.tests.factories import ActionFactory
from jcos.lifecycle import NEXT_STEP, life_of
from jcos.models import Operation
from jcos.nextstep import next_act
from jcos.reporting import overview
from jcos.tests.factories import OperationFactory, code_lists, part, submission, submitter
from publishing.words import day_words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    code_lists()
    return secretariat()


def label(user, operation):
    act = next_act(user, operation, overview(user, operation))
    return str(act.label) if act else ""


@pytest.mark.parametrize("status", Operation.Status.values)
def test_no_page_of_an_operation_has_two_first_buttons(client, status, office):
    operation = OperationFactory(status=status, parts=["FR"], actions=[ActionFactory()])
    submission(operation, "FR", "submitted")
    for user in (office, delegate("BE"), delegate("FR"), delegate("DE"), committee()):
        client.force_login(user)
        assert client.get(operation.get_absolute_url()).content.count(b"btn btn-primary") <= 1


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("proposed", "Table the proposal"),
        ("tabled", "Record the agreement"),
        ("agreed", "Begin planning"),
        ("planning", "Begin the operational phase"),
        ("postponed", "Resume planning"),
        ("operational", "End the operational phase"),
        ("post_operational", "Record the debriefing"),
        ("debriefed", "Record that the CCWP notes the results"),
        ("results_noted", "Record the report to the Committee"),
        ("reported", "Begin the follow-up"),
        ("follow_up", "Close the operation"),
        ("closed", ""),
        ("rejected", ""),
        ("cancelled", ""),
    ],
)
def test_the_secretariat_is_offered_the_next_step(status, expected, office):
    assert label(office, OperationFactory(status=status)) == expected


@pytest.mark.parametrize("status", NEXT_STEP)
def test_what_a_refused_step_names_first_is_the_next_step_of_the_page(status):
    operation = Operation(status=status)
    refused = {operation.first_step_to(verb) for verb in NEXT_STEP.values()} - {""}
    assert refused <= {NEXT_STEP[status]}


def test_a_step_of_an_operation_too_early_links_what_comes_first(client, office):
    operation = OperationFactory(status="proposed")
    client.force_login(office)
    page = client.get(operation.get_step_url("agree"), follow=True).content.decode()
    words = f"{operation} is proposed. Table the proposal first."
    assert f'<a href="{operation.get_step_url("table")}">{words}</a>' in page


def test_who_has_nothing_to_do_sees_no_card_of_next_steps(client, office):
    operation = OperationFactory(status="agreed", parts=["FR"])
    for user, has_card in [(office, True), (delegate("DE"), False)]:
        client.force_login(user)
        assert (">Next step<" in client.get(operation.get_absolute_url()).content.decode()) is has_card


def test_the_secretariat_first_checks_what_was_submitted(office):
    operation = OperationFactory(status="debriefed", parts=["FR"])
    submission(operation, "FR", "submitted")
    assert label(office, operation) == "Check the results of France"


def test_a_delegation_first_answers_then_enters_then_corrects():
    operation = OperationFactory()
    participation = part(operation, "FR", "invited")
    user = submitter("FR")
    assert label(user, operation) == "Answer for France"
    assert label(delegate("FR", "viewer"), operation) == ""
    participation.take("confirm", by=user)
    assert label(user, operation) == "Enter the results of France"
    made = submission(operation, "FR", "draft")
    assert label(user, operation) == "Continue the results of France"
    made.take("submit", by=user)
    assert label(user, operation) == ""
    made.take("return_to_delegation", by=user, note="units")
    assert label(user, operation) == "Correct the results of France"


def test_what_hinders_the_next_step_is_said_with_a_link(client, office):
    operation = OperationFactory(status="planning", results_due_on=None)
    client.force_login(office)
    response = client.get(operation.get_absolute_url())
    assert "The day on which results are due is not set yet." in response.content.decode()
    assert response.context["first"].reasons[0].url == f"{operation.get_absolute_url()}edit/"


def states(operation):
    return [step["state"] for step in life_of(operation)]


def test_the_step_bar_shows_what_is_done_and_what_comes():
    assert states(OperationFactory(status="proposed")) == ["current"] + ["next"] * 7
    assert states(OperationFactory(status="debriefed")) == ["done"] * 4 + ["current"] + ["next"] * 3
    assert states(OperationFactory(status="closed")) == ["done"] * 8


def test_the_step_bar_of_an_operation_that_ended_early_shows_what_it_reached(office):
    operation = OperationFactory(status="agreed")
    operation.take("plan", by=office)
    operation.take("cancel", by=office, note="no ships")
    assert states(operation) == ["done"] * 3 + ["skipped"] * 5


def test_what_was_decided_stands_on_the_day_of_its_meeting():
    operation = OperationFactory(status="agreed")
    assert life_of(operation)[1]["note"] == day_words(operation.agreement.taken_on)


def test_no_operation_begins_before_its_lead_has_confirmed():
    operation = OperationFactory(status="planning", lead="")
    part(operation, "FR", "invited", role="lead")
    operation = Operation.objects.get(pk=operation.pk)
    assert "The lead has not confirmed yet that it takes part." in operation.why_not("start")
    operation.participations.get(role="lead").take("confirm", by=submitter("FR"))
    assert Operation.objects.get(pk=operation.pk).why_not("start") == ""
