"""What comes of a point of an agenda: a decision, none, or another meeting."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import secretariat
from actionplans.tests.factories import VersionFactory
from council.models import AgendaPoint, Decision, Document
from council.tests.factories import (
    AgendaPointFactory,
    DocumentFactory,
)
from strategy_portal.workflow import NotAllowed
from tests.agenda import address, decide, meeting_of, post, tabled_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    client = Client()
    client.force_login(secretariat())
    return client


def test_the_decision_is_recorded_at_the_points_meeting_takes_the_step_and_closes_the_point(desk):
    plan = tabled_plan()
    point = AgendaPointFactory(meeting=meeting_of(), about=plan, verb="adopt")
    page = desk.get(address("decide", point))
    assert not {"meeting", "body", "held_on"} & set(page.context["form"].fields)
    answer = decide(desk, point)
    assert answer.headers["Location"] == point.meeting.get_absolute_url() + "#agenda"
    point.refresh_from_db()
    plan.refresh_from_db()
    decision = Decision.objects.get(verb="adopt")
    assert (plan.status, plan.adoption) == ("adopted", decision)
    assert (point.outcome, point.decision, decision.meeting) == ("decided", decision, point.meeting)


def test_a_decision_recorded_from_the_thing_closes_the_point_of_that_meeting_only(desk):
    plan, here = tabled_plan(), meeting_of()
    point = AgendaPointFactory(meeting=here, about=plan, verb="adopt")
    later = AgendaPointFactory(meeting=meeting_of(days=20), about=plan, verb="adopt")
    Decision.objects.record(plan, "adopt", by=secretariat(), meeting=here, document=DocumentFactory())
    point.refresh_from_db()
    later.refresh_from_db()
    assert (point.outcome, later.outcome) == ("decided", "")
    page = desk.get(later.meeting.get_absolute_url()).content.decode()
    assert f"{plan} is adopted: this cannot be decided now." in page


def test_a_thing_in_another_state_says_so_and_nothing_changes(desk):
    plan = tabled_plan()
    point = AgendaPointFactory(meeting=meeting_of(), about=plan, verb="adopt")
    plan.take("return_to_draft", by=secretariat())
    assert (
        f"{plan} is a draft: this cannot be decided now."
        in desk.get(point.meeting.get_absolute_url()).content.decode()
    )
    answer = decide(desk, point)
    assert (answer.status_code, Decision.objects.filter(verb="adopt").count()) == (409, 0)
    assert AgendaPoint.objects.get().outcome == ""
    assert not Document.objects.filter(number=9002).exists()


def test_nothing_is_decided_at_a_meeting_to_come(desk):
    point = AgendaPointFactory(meeting=meeting_of(days=1), about=tabled_plan(), verb="adopt")
    assert desk.get(address("close", point)).status_code == 409
    assert "The meeting is yet to come." in desk.get(address("decide", point)).content.decode()
    assert decide(desk, point).status_code == 409
    assert post(desk, address("close", point), outcome="no_decision", text="").status_code == 409
    assert AgendaPoint.objects.get().outcome == ""


def test_a_body_without_the_power_is_refused(desk):
    point = AgendaPointFactory(meeting=meeting_of("ccwp-experts"), about=tabled_plan(), verb="adopt")
    answer = decide(desk, point)
    assert answer.status_code == 409
    assert "CCWP Experts cannot take this decision." in answer.content.decode()


def test_a_point_of_information_has_no_decision_to_record(desk):
    point = AgendaPointFactory(meeting=meeting_of())
    assert desk.get(address("decide", point)).status_code == 404


def test_an_outcome_without_decision_is_recorded_corrected_and_taken_back(desk):
    point = AgendaPointFactory(meeting=meeting_of())
    url = address("close", point)

    def outcome():
        point.refresh_from_db()
        return point.outcome, point.outcome_text

    assert post(desk, url, outcome="postponed", text="").status_code == 422
    assert post(desk, url, outcome="open", text="").status_code == 422
    assert post(desk, url, outcome="decided", text="").status_code == 422
    post(desk, url, outcome="postponed", text="Until the text is there")
    assert outcome() == ("postponed", "Until the text is there")
    post(desk, url, outcome="no_decision", text="")
    assert outcome() == ("no_decision", "")
    post(desk, url, outcome="open", text="forgotten")
    assert outcome() == ("", "")


def test_a_recorded_decision_is_not_overwritten(desk):
    plan = tabled_plan()
    point = AgendaPointFactory(meeting=meeting_of(), about=plan, verb="adopt")
    decide(desk, point)
    assert desk.get(address("close", point)).status_code == 409
    with pytest.raises(NotAllowed):
        point.close("no_decision")


@pytest.mark.parametrize("name", ["decision_record", "silenceprocedure_create"])
def test_a_number_of_another_text_is_told_with_a_link_where_something_is_decided(desk, name):
    known = DocumentFactory(title="The strategy")
    version = VersionFactory(number=2, status="tabled", agreed_on=None, in_force_from=None)
    url = reverse(f"council:{name}", args=["actionplans.strategyversion", version.pk, "agree"])
    data = {"document_number": str(known), "document_title": "Another text"}
    answer = post(desk, url, **data)
    assert answer.status_code == 422
    assert "is recorded as “The strategy”" in answer.context["form"].errors["document_title"][0]
    assert f'<a href="{known.get_absolute_url()}">Go to {known}</a>' in answer.content.decode()
