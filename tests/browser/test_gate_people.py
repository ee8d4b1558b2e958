"""The gate for people, lists, and the institutional record."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.tests.factories import DelegationFactory, MembershipFactory, delegate
from actionplans.tests.factories import PlanFactory, plan_with
from council.tests.factories import DecisionFactory, DocumentFactory, MeetingFactory
from tests.browser.gate import gate


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
    meeting = MeetingFactory()
    document = DocumentFactory(title="Note from the Presidency to the Customs Cooperation Working Party")
    decision = DecisionFactory(subject=plan, meeting=meeting, document=document, text="As it stands.")
    return {"meeting": meeting, "document": document, "decision": decision, "plan": plan}


@pytest.mark.parametrize("role", ["secretariat", "administrator"])
@pytest.mark.parametrize("name", ["user_list", "user_invite", "delegation_list", "profile"])
def test_page_of_those_who_keep_people_passes(name, role, page_as, person, live_server):
    gate(page_as(role), live_server.url + reverse(f"accounts:{name}"))


@pytest.mark.parametrize("role", ["submitter", "third_party"])
@pytest.mark.parametrize("name", ["delegation_list", "profile"])
def test_page_of_everybody_passes(name, role, page_as, person, live_server):
    gate(page_as(role), live_server.url + reverse(f"accounts:{name}"))


@pytest.mark.parametrize(
    "name", ["user_detail", "user_edit", "user_reinvite", "user_deactivate", "membership_create"]
)
def test_page_about_a_person_passes(name, page_as, person, live_server):
    gate(page_as("secretariat"), live_server.url + reverse(f"accounts:{name}", args=[person.pk]))


def test_a_closed_account_passes(page_as, person, live_server):
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    page = page_as("secretariat")
    gate(page, live_server.url + person.get_absolute_url())
    gate(page, live_server.url + reverse("accounts:user_reactivate", args=[person.pk]))


@pytest.mark.parametrize("name", ["membership_edit", "membership_end"])
def test_page_about_a_membership_passes(name, page_as, person, live_server):
    place = person.memberships.get(delegation__code="BE")
    gate(page_as("secretariat"), live_server.url + reverse(f"accounts:{name}", args=[place.pk]))


@pytest.mark.parametrize("kind", ["delegation", "body"])
def test_entry_of_a_list_passes(kind, page_as, record, person, live_server):
    code = {"delegation": "BE", "body": "ccwp-plenary"}[kind]
    gate(page_as("secretariat"), live_server.url + reverse(f"accounts:{kind}_edit", args=[code]))


def test_filter_that_cannot_be_read_passes(page_as, person, live_server):
    gate(page_as("secretariat"), live_server.url + reverse("accounts:user_list") + "?delegation=XX")


@pytest.mark.parametrize("role", ["secretariat", "submitter", "committee", "third_party"])
@pytest.mark.parametrize("name", ["meeting_list", "document_list", "decision_list"])
def test_list_of_the_record_passes(name, role, page_as, record, live_server):
    gate(page_as(role), live_server.url + reverse(f"council:{name}"))


@pytest.mark.parametrize("role", ["secretariat", "submitter"])
@pytest.mark.parametrize("kind", ["meeting", "document", "decision"])
def test_page_of_the_record_passes(kind, role, page_as, record, live_server):
    gate(page_as(role), live_server.url + record[kind].get_absolute_url())


@pytest.mark.parametrize("name", ["meeting_create", "document_create"])
def test_form_of_the_record_passes(name, page_as, record, live_server):
    gate(page_as("secretariat"), live_server.url + reverse(f"council:{name}"))


@pytest.mark.parametrize("kind", ["meeting", "document"])
def test_change_of_the_record_passes(kind, page_as, record, live_server):
    gate(page_as("secretariat"), live_server.url + reverse(f"council:{kind}_edit", args=[record[kind].pk]))


def decision_form(plan):
    return reverse("council:decision_record", args=["actionplans.actionplan", plan.pk, "adopt"])


def test_form_of_a_decision_passes(page_as, record, live_server):
    gate(page_as("secretariat"), live_server.url + decision_form(record["plan"]))


def test_decision_that_cannot_be_recorded_passes(page_as, record, live_server):
    gate(page_as("secretariat"), live_server.url + decision_form(PlanFactory()))


def test_a_document_recorded_twice_is_linked_from_the_form(page_as, record, live_server):
    page = page_as("secretariat")
    page.goto(live_server.url + reverse("council:document_create"))
    page.get_by_label("Number").fill(str(record["document"]))
    page.get_by_label("Title").fill(f"Another {uuid4()}")
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
