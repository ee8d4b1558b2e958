"""The gate for people, lists, and the institutional record."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.tests.factories import DelegationFactory, MembershipFactory, delegate
from actionplans.tests.factories import PlanFactory, plan_with
from council.tests.factories import DecisionFactory, DocumentFactory, MeetingFactory
from strategy_portal.dates import brussels_today
from strategy_portal.tests.scene import readers
from tests.browser.gate import gate

# Each state of a page: every run walks a page of every kind (`test_gate`), the long one walks these, too.
pytestmark = pytest.mark.long


@pytest.fixture
def person(people):
    """A person with a current and an ended membership."""
    made = delegate("BE", name="Ann Example", email="ann.example.with.a.long.address@customs.example.be")
    MembershipFactory(user=made, delegation=DelegationFactory(code="FR"), until_on="2020-12-31")
    return made


@pytest.fixture
def record(people):
    """A meeting at which the terms of a plan's action were agreed with a document."""
    plan = plan_with("tabled")
    meeting = MeetingFactory(held_on=brussels_today())
    document = DocumentFactory(title="Note from the Presidency to the Customs Cooperation Working Party")
    decision = DecisionFactory(subject=plan, meeting=meeting, document=document, text="As it stands.")
    return {"meeting": meeting, "document": document, "decision": decision, "plan": plan}


def at(live_server, names, *args):
    """The addresses of these names in accounts or council."""
    return [live_server.url + reverse(name, args=args) for name in names]


EVERYBODY = ["accounts:delegation_list", "accounts:profile"]
KEEPERS = ["accounts:user_list", "accounts:user_invite", *EVERYBODY]
LISTS = ["council:meeting_list", "council:document_list", "council:decision_list"]


@pytest.mark.parametrize("role", readers("administrator", "submitter", "third_party"))
def test_pages_of_people_pass_for_each_reader(role, page_as, person, live_server):
    gate(page_as(role), *at(live_server, KEEPERS if role == "administrator" else EVERYBODY))


def test_pages_about_a_person_pass(page_as, person, live_server):
    page, place = page_as("secretariat"), person.memberships.get(delegation__code="BE")
    about = ["user_detail", "user_edit", "user_reinvite", "user_deactivate", "membership_create"]
    gate(
        page,
        *at(live_server, KEEPERS),
        live_server.url + reverse("accounts:user_list") + "?delegation=XX",
        *at(live_server, [f"accounts:{name}" for name in about], person.pk),
        *at(live_server, ["accounts:membership_edit", "accounts:membership_end"], place.pk),
        *at(live_server, ["accounts:delegation_edit"], "BE"),
    )
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    gate(page, *at(live_server, ["accounts:user_detail", "accounts:user_reactivate"], person.pk))


@pytest.mark.parametrize("role", readers("secretariat", "submitter", "committee", "third_party"))
def test_pages_of_the_record_pass_for_each_reader(role, page_as, record, live_server):
    seen = ("meeting", "document", "decision") if role in ("secretariat", "submitter") else ()
    pages = [live_server.url + record[kind].get_absolute_url() for kind in seen]
    gate(page_as(role), *at(live_server, LISTS), *pages)


def decision_form(plan):
    return reverse("council:decision_record", args=["actionplans.actionplan", plan.pk, "adopt"])


def test_forms_of_the_record_pass(page_as, record, live_server):
    gate(
        page_as("secretariat"),
        *at(live_server, ["council:meeting_create", "council:document_create"]),
        *at(live_server, ["council:meeting_edit"], record["meeting"].pk),
        *at(live_server, ["council:document_edit"], record["document"].pk),
        *at(live_server, ["accounts:body_edit"], "ccwp-plenary"),
        live_server.url + decision_form(record["plan"]),
        live_server.url + decision_form(PlanFactory()),
    )


def test_a_document_recorded_twice_is_linked_from_the_form(page_as, record, live_server):
    page = page_as("secretariat")
    page.goto(live_server.url + reverse("council:document_create"))
    page.get_by_role("main").get_by_label("Number").fill(str(record["document"]))
    page.get_by_role("main").get_by_label("Title").fill(f"Another {uuid4()}")
    page.get_by_role("button", name="Save the document").click()
    page.wait_for_selector(".error-summary:focus")
    page.get_by_role("link", name=f"Go to {record['document']}").click()
    page.wait_for_url(live_server.url + record["document"].get_absolute_url())


def test_the_secretariat_adopts_a_plan_by_hand(page_as, record, live_server):
    page, plan = page_as("secretariat"), record["plan"]
    page.goto(live_server.url + decision_form(plan))
    page.get_by_label("Meeting", exact=False).first.select_option(str(record["meeting"].pk))
    page.get_by_label("Document number").fill(str(record["document"]))
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url(live_server.url + plan.get_absolute_url())
    assert "is now adopted" in page.text_content("main")
