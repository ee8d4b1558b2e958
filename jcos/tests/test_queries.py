"""The pages ask the same number of questions of the database for one row as for thirty, and at most fifteen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.reference import load_delegations
from accounts.tests.factories import committee, secretariat
from actionplans.tests.factories import ActionFactory, PlanFactory
from council.tests.factories import DecisionFactory
from jcos import panels
from jcos.tests.factories import OperationFactory, code_lists, line, part, results_open, submission, submitter

pytestmark = pytest.mark.django_db
CODES = ["FR", "IT", "DE", "NL", "LU", "IE", "DK", "EL", "ES", "PT", "AT", "FI", "SE", "CY", "CZ", "EE", "HU", "LV",
         "LT", "MT", "PL", "SK", "SI", "BG", "RO", "HR", "OLAF", "NO", "CH", "TR"]  # fmt: skip
AT_MOST = 15
IDLE = (
    "SAVEPOINT",
    "django_session",
    "portal_clock",
)  # the session, the tests' own transaction, the demonstration


def asked(client, url):
    """What a page asks; the second time, for what a process asks once in its life is not the page's."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return [q["sql"] for q in queries if not any(word in q["sql"] for word in IDLE)]


def filled(count):
    load_delegations()
    code_lists()
    action = ActionFactory(plan=PlanFactory(status="adopted"))
    operation = OperationFactory(status="debriefed", actions=[action])
    for code in CODES[:count]:
        part(operation, code)
        submission(operation, code, lines=1)
    made = submission(operation, "BE", "submitted", lines=count)
    line(made, "analysed", None, "5", "vessel")
    for _number in range(count):
        other = OperationFactory(status="results_noted", actions=[action])
        part(other, "FR")
    return operation


PAGES = {
    "list": lambda o: reverse("jcos:operation_list"),
    "operation": lambda o: o.get_absolute_url(),
    "results": lambda o: reverse("jcos:submission_list", args=[o.slug]),
    "hub": lambda o: reverse("jcos:submission_detail", args=[o.slug, "BE"]),
    "version": lambda o: reverse("jcos:submission_version", args=[o.slug, "BE", 1]),
    "receipt": lambda o: reverse("jcos:submission_receipt", args=[o.slug, "BE"]),
    "review": lambda o: reverse("jcos:submission_review", args=[o.slug, "BE"]),
    "participants": lambda o: reverse("jcos:operation_invite", args=[o.slug]),
    "edit": lambda o: reverse("jcos:operation_edit", args=[o.slug]),
}


def test_the_pages_of_the_secretariat_ask_a_constant_number_of_queries(client):
    client.force_login(secretariat())
    counts = []
    for count in (1, 30):
        operation = filled(count)
        counts.append({name: len(asked(client, page(operation))) for name, page in PAGES.items()})
    assert counts[0] == counts[1]
    assert {name: count for name, count in counts[1].items() if count > AT_MOST} == {}


def test_the_notings_of_an_operation_cost_the_same_however_many_there_are(client):
    client.force_login(secretariat())
    counts = []
    for count in (1, 30):
        operation = filled(1)
        operation.take(
            "note_results", by=secretariat(), noting=DecisionFactory(subject=operation, kind="note")
        )
        for version in range(count - 1):
            submission(operation, CODES[0], version=version + 2)
            decision = DecisionFactory(subject=operation, kind="note")
            operation.take("note_further_results", by=secretariat(), noting=decision)
        counts.append(asked(client, operation.get_absolute_url()))
    assert len(counts[0]) == len(counts[1]) <= AT_MOST, "\n".join(q[:90] for q in counts[1])


@pytest.mark.parametrize("reader", [committee, submitter])
def test_the_page_of_an_operation_asks_at_most_fifteen_queries_of_any_reader(client, reader):
    client.force_login(reader())
    operation = filled(30)
    operation.take("note_results", by=secretariat(), noting=DecisionFactory(subject=operation, kind="note"))
    queries = asked(client, operation.get_absolute_url())
    assert len(queries) <= AT_MOST, "\n".join(q[:90] for q in queries)


def test_the_pages_of_a_draft_ask_a_constant_number_of_queries(client):
    client.force_login(submitter())
    counts = []
    for count in (1, 30):
        operation = filled(count)
        with results_open():
            operation.submissions.filter(status="submitted").update(
                status="draft", reference=None, submitted_at=None
            )
        counts.append(
            {
                name: len(asked(client, reverse(f"jcos:submission_{name}", args=[operation.slug, "BE"])))
                for name in ("detail", "controls", "findings", "details", "check")
            }
        )
    assert counts[0] == counts[1]
    assert {name: count for name, count in counts[1].items() if count > AT_MOST} == {}


def test_the_list_of_the_committee_asks_a_constant_number_of_queries(client):
    client.force_login(committee())
    counts = []
    for count in (1, 30):
        filled(count)
        counts.append(len(asked(client, reverse("jcos:operation_list"))))
    assert counts[0] == counts[1] <= AT_MOST


@pytest.mark.parametrize("panel", ["operations_of_an_action", "operations_of_a_plan"])
def test_a_panel_asks_a_constant_number_of_queries(panel):
    user, counts = secretariat(), []
    assert user.is_secretariat
    for count in (1, 30):
        action = filled(count).actions.get()
        thing = {"action": action, "plan": action.plan}
        subject = next(value for name, value in thing.items() if panel.endswith(name))
        with CaptureQueriesContext(connection) as queries:
            context = getattr(panels, panel)(user, subject)
        assert len(context["operations"]) >= count
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
