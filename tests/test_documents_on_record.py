"""The number of a document that is on record: whether it is the one that is meant."""

import re
from datetime import timedelta

import pytest

from accounts.tests.factories import BodyFactory, secretariat
from actionplans.tests.factories import plan_with
from council.models import Decision, SilenceProcedure
from council.tests.factories import AgendaPointFactory, DocumentFactory
from strategy_portal.dates import now
from tests.agenda import reader
from tests.recording import address, filled, traces

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return reader(secretariat())


def test_another_title_for_a_recorded_document_is_refused(desk):
    DocumentFactory(number=7123, year=2026, title="Recorded title")
    answer = desk.post(address(plan_with("tabled"), "adopt"), filled())
    assert answer.context["form"].errors == {
        "document_title": ["7123/26 is recorded as “Recorded title”. Leave this empty."]
    }


def test_a_number_on_record_without_a_title_is_asked_back_and_taken_when_it_is_confirmed(desk):
    known, plan = DocumentFactory(number=7123, year=2026, title="Another text"), plan_with("tabled")
    before = traces()
    answer = desk.post(address(plan, "adopt"), filled(document_title=""))
    assert (answer.status_code, traces()) == (422, before)
    assert answer.context["form"].errors == {
        "document_number": [
            "7123/26 is on record as “Another text”. Say below that it is this document, or type another number."
        ]
    }
    page = answer.content.decode()
    assert f'<a href="{known.get_absolute_url()}">Go to 7123/26</a>' in page
    assert re.search(r'<input type="checkbox"[^>]* name="document_meant"\s+value="7123/26"', page)
    answer = desk.post(address(plan, "adopt"), filled(document_title="", document_meant="7123/26"))
    assert (answer.status_code, Decision.objects.get(verb="adopt", meeting__held_on="2026-03-05").document) == (
        302, known,
    )  # fmt: skip


def test_what_was_confirmed_of_one_number_says_nothing_of_another(desk):
    DocumentFactory(number=7123, year=2026)
    DocumentFactory(number=7124, year=2026)
    data = filled(document_title="", document_number="7124/26", document_meant="7123/26")
    answer = desk.post(address(plan_with("tabled"), "adopt"), data)
    assert list(answer.context["form"].errors) == ["document_number"]
    assert answer.context["form"].fields["document_meant"].choices[0][0] == "7124/26"


@pytest.mark.parametrize("evidence", ["its title", "an agenda", "an earlier procedure", "nothing"])
def test_a_document_that_is_evidently_meant_is_not_asked_back(desk, evidence):
    known, plan = DocumentFactory(number=7123, year=2026, title="Draft plan"), plan_with("tabled")
    if evidence == "an agenda":
        AgendaPointFactory(about=plan, verb="adopt", document=known)
    elif evidence == "an earlier procedure":
        procedure = SilenceProcedure.objects.ask(
            plan, "adopt", body=BodyFactory(code="ccwp-plenary"), closes_at=now() + timedelta(days=9),
            text="Do you agree?", by=secretariat(), document=known,
        )  # fmt: skip
        procedure.withdraw(by=secretariat(), note="At the meeting.")
    title = "Draft plan" if evidence == "its title" else ""
    answer = desk.post(address(plan, "adopt"), filled(document_title=title))
    assert answer.status_code == (422 if evidence == "nothing" else 302)


def test_of_a_reference_without_a_title_it_is_asked_too(desk):
    DocumentFactory(number=7123, year=2026, title="", marking="RESTREINT")
    answer = desk.post(address(plan_with("tabled"), "adopt"), filled(document_title=""))
    assert "only its reference is kept" in answer.context["form"].errors["document_number"][0]
