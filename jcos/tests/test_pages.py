"""Every page of operations and results opens for those whom it concerns, in every state that looks different."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import committee, delegate, member, secretariat
from jcos.reporting import Overview
from jcos.tests.factories import OperationFactory, code_lists, line, part, submission
from strategy_portal.dates import brussels_today, now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists():
    code_lists()
    secretariat()


def opens(client, user, name, *args, status=200, query=""):
    client.force_login(user)
    response = client.get(reverse(f"jcos:{name}", args=args) + query)
    assert response.status_code == status, (name, args, response.status_code)
    return response


@pytest.mark.parametrize(
    ("taking_part", "answered", "said"),
    [
        (1, 0, "The only participant has not answered yet."),
        (1, 1, "The only participant has answered."),
        (3, 1, "1 of 3 participants has answered."),
        (3, 0, "0 of 3 participants have answered."),
    ],
)
def test_the_response_rate_speaks_of_one_as_of_one(taking_part, answered, said):
    assert Overview(taking_part=taking_part, answered=answered).response == said


def test_while_a_correction_waits_the_totals_name_all_whose_results_they_count(client):
    operation = OperationFactory(status="post_operational", parts=["FR"], results_due_on=brussels_today())
    first = submission(operation, "BE", lines=1)
    submission(operation, "FR")
    first.next_version(by=delegate("BE")).submit(by=delegate("BE"))
    page = opens(client, secretariat(), "operation_detail", operation.slug)
    assert "From the validated results of 2 delegations." in page.content.decode()


@pytest.mark.parametrize("status", ["validated", "returned"])
def test_a_correction_begun_after_the_due_day_is_not_called_late(client, status):
    operation = OperationFactory(
        status="post_operational", results_due_on=brussels_today() - timedelta(days=3)
    )
    handed_in = now() - timedelta(days=5)
    first = submission(operation, "BE", status, lines=1, submitted_at=handed_in)
    user = delegate("BE")
    assert "days late" not in opens(client, user, "submission_detail", operation.slug, "BE").content.decode()
    first.next_version(by=user)
    assert "days late" not in opens(client, user, "submission_detail", operation.slug, "BE").content.decode()


@pytest.mark.parametrize("status", list(OperationFactory._meta.model.Status.values))
def test_an_operation_opens_in_every_state(client, status):
    operation = OperationFactory(status=status, parts=["FR"])
    part(operation, "IT", status="invited")
    part(operation, "DE", status="declined")
    user = secretariat()
    opens(client, user, "operation_detail", operation.slug)
    opens(client, user, "operation_list")
    opens(client, user, "operation_edit", operation.slug)
    opens(client, user, "operation_invite", operation.slug)
    opens(client, user, "submission_list", operation.slug)
    for verb in operation.STEPS:
        response = client.get(operation.get_step_url(verb))
        assert response.status_code in (200, 302)


@pytest.mark.parametrize("status", ["draft", "submitted", "recalled", "returned", "validated"])
@pytest.mark.parametrize("lines", [0, 2])
def test_results_open_in_every_state(client, status, lines):
    operation = OperationFactory(parts=["FR"])
    made = submission(operation, "FR", status, lines=lines)
    line(made, "controlled_physically", None, "20", "vessel")
    line(made, None, None, None, None)
    address = (operation.slug, "FR")
    for user in (delegate("FR"), delegate("FR", "viewer")):
        opens(client, user, "submission_detail", *address)
        opens(client, user, "submission_receipt", *address)
        opens(client, user, "submission_version", *address, 1)
    user = delegate("FR", "editor")
    for name in ("controls", "findings", "details"):
        opens(client, user, f"submission_{name}", *address)
    opens(client, user, "line_create", *address)
    opens(client, user, "line_edit", *address, made.lines.last().pk)
    opens(client, user, "line_delete", *address, made.lines.last().pk)
    opens(client, user, "submission_check", *address, status=200 if status == "draft" else 302)
    opens(client, secretariat(), "submission_detail", *address)
    opens(client, secretariat(), "submission_review", *address)
    for verb in ("recall", "validate", "return_to_delegation"):
        client.force_login(delegate("FR") if verb == "recall" else secretariat())
        unseen = (
            status == "draft" and verb != "recall"
        )  # of a draft the secretariat sees only that it is there
        assert client.get(made.get_step_url(verb)).status_code == (404 if unseen else 200)


def test_nothing_handed_in_yet_opens_for_the_delegation_and_the_secretariat(client):
    operation = OperationFactory(parts=["FR"])
    for user in (delegate("FR"), secretariat()):
        opens(client, user, "submission_detail", operation.slug, "FR")
        opens(client, user, "submission_receipt", operation.slug, "FR")
    opens(client, secretariat(), "submission_review", operation.slug, "FR")
    opens(client, committee(), "submission_detail", operation.slug, "FR", status=404)
    opens(client, member(delegation="DE"), "submission_detail", operation.slug, "FR", status=404)


def test_a_proposal_can_be_begun(client):
    opens(client, delegate("FR", "editor"), "operation_create")
    opens(client, delegate("FR", "viewer"), "operation_create", status=403)
