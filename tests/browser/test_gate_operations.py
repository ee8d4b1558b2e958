"""The gate for operations and results: every page, in the states and for the roles for which it differs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.reference import load_delegations
from accounts.tests.factories import DelegationFactory
from actionplans.tests.factories import ActionFactory, PlanFactory
from council.tests.factories import DecisionFactory
from jcos.reference import load_historical_operations
from jcos.tests.factories import OperationFactory, code_lists, line, part, submission
from strategy_portal.dates import brussels_today
from strategy_portal.tests.scene import readers
from tests.browser.gate import gate

# Each state of a page: every run walks a page of every kind (`test_gate`), the long one walks these, too.
pytestmark = pytest.mark.long

OPERATION, NOTED, PROPOSED = "baltic-shield-2026", "amber-road-2026", "silver-stream-2026"


@pytest.fixture
def full(people):
    """An operation in the middle of reporting, one whose results are noted, and a proposal."""
    people("secretariat")
    load_delegations()
    code_lists()
    action = ActionFactory(plan=PlanFactory(status="adopted"))
    operation = OperationFactory(
        name="BALTIC SHIELD", status="post_operational", parts=["FR", "IT", "NO"], actions=[action],
        embargo_until=brussels_today() + timedelta(days=30), purpose="To find new routes.", is_fictitious=True,
    )  # fmt: skip
    part(operation, "DE", "invited")
    part(operation, "ES", "declined")
    first = submission(operation, "BE", "returned", lines=2, return_reason="Pieces or cartons?")
    draft = first.next_version(by=people("submitter"))
    line(draft, "seized", "TOB-HRT", None, None)
    line(draft, "controlled_physically", None, "412", "container")
    submission(operation, "IT", "submitted", lines=3)
    submission(operation, "FR", "validated", lines=1).next_version(by=people("other_submitter"))
    noted = OperationFactory(name="AMBER ROAD", status="debriefed", actions=[action], parts=["FR"])
    submission(noted, "BE", lines=2)
    submission(noted, "FR")
    noted.take("note_results", by=people("secretariat"), noting=DecisionFactory(subject=noted, kind="note"))
    proposed = OperationFactory(
        name="SILVER STREAM", status="proposed", proposed_by=DelegationFactory(code="BE"), starts_on=None,
        ends_on=None, results_due_on=None, goods="",
    )  # fmt: skip
    assert [o.slug for o in (operation, noted, proposed)] == [OPERATION, NOTED, PROPOSED]
    return draft


def url(name, *args):
    return reverse(f"jcos:{name}", args=args)


@pytest.mark.parametrize("role", readers("submitter", "administrator"))
def test_list_without_operations_passes(role, page_as, live_server):
    gate(page_as(role), live_server.url + url("operation_list"))


@pytest.mark.parametrize("role", readers("secretariat", "submitter", "committee", "third_party"))
def test_operations_pass_for_each_reader(role, page_as, full, live_server):
    page = page_as(role)
    if role == "submitter":
        load_historical_operations()
    addresses = {
        "secretariat": [url("operation_detail", OPERATION), url("operation_detail", PROPOSED)],
        "submitter": [url("operation_detail", OPERATION), url("operation_detail", "athena-2008")],
        "committee": [url("operation_detail", NOTED), url("submission_list", NOTED)],
        "third_party": [url("operation_detail", OPERATION)],
    }
    gate(page, *[live_server.url + address for address in [url("operation_list"), *addresses[role]]])


PAGES_OF_THE_SECRETARIAT = [
    url("operation_list") + "?stage=closed&kind=historical&sort=-name",
    url("operation_list") + "?year=abc",
    url("operation_list") + "?q=nothing",
    url("submission_list", OPERATION),
    url("submission_list", OPERATION) + "?measure=seized&unit=EUR",
    url("operation_create"),
    url("operation_edit", OPERATION),
    url("operation_edit", NOTED),
    url("operation_invite", OPERATION),
    url("operation_step", OPERATION, "debrief"),
    url("operation_step", PROPOSED, "close"),
    url("submission_detail", OPERATION, "IT"),
    url("submission_detail", OPERATION, "NO"),
    url("submission_review", OPERATION, "IT"),
    url("submission_review", OPERATION, "NO"),
    url("submission_step", OPERATION, "IT", 1, "return_to_delegation"),
]


def test_pages_of_the_secretariat_pass(page_as, full, live_server):
    gate(page_as("secretariat"), *[live_server.url + address for address in PAGES_OF_THE_SECRETARIAT])


def test_every_section_of_a_returned_draft_passes(page_as, full, live_server):
    page, lines = page_as("submitter"), list(full.lines.order_by("pk"))
    for name in ("detail", "controls", "findings", "details", "check", "receipt"):
        gate(page, live_server.url + url(f"submission_{name}", OPERATION, "BE"))
    for name, args in [
        ("line_create", []), ("line_edit", [lines[0].pk]), ("line_delete", [lines[0].pk]), ("submission_version", [1]),
    ]:  # fmt: skip
        gate(page, live_server.url + url(name, OPERATION, "BE", *args))


def test_pages_of_another_reader_pass(page_as, full, live_server):
    page = page_as("other_submitter")
    gate(page, live_server.url + url("participation_step", OPERATION, "FR", "withdraw"))
    gate(page, live_server.url + url("submission_detail", OPERATION, "FR"))
    gate(page_as("viewer"), live_server.url + url("submission_detail", OPERATION, "BE"))
    gate(page_as("third_party"), live_server.url + url("submission_detail", OPERATION, "NO"))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("submission_controls", {"analysed-quantity": "1.234"}),
        ("line_create", {"quantity": "-1"}),
    ],
)
def test_a_form_with_errors_leads_to_them(name, wrong, page_as, full, live_server):
    page = page_as("submitter")
    page.goto(live_server.url + url(name, OPERATION, "BE"))
    for field, typed in wrong.items():
        page.fill(f"[name='{field}']", typed)
    # The answer's headers come before its page does: the page is what is looked at.
    with page.expect_navigation() as navigation:
        page.click("main form button.btn-primary")
    assert navigation.value.status == 422
    assert page.title().startswith("Error: ")
    page.wait_for_selector(".error-summary:focus")
    for link in page.locator(".error-summary a").all():
        target = link.get_attribute("href")
        assert page.locator(target).count() == 1
        assert page.locator(target).get_attribute("aria-invalid") == "true"
