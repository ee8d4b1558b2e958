"""The table of a plan goes out as a file, and comes in again without a difference."""

from datetime import date

import pytest

from accounts.tests.factories import DelegationFactory, committee, delegate, secretariat
from actionplans.models import Action, PlanImport, TermsOfReference
from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    TermsFactory,
    part,
    plan_with,
)
from actionplans.tests.pages import messages_of, text_of
from actionplans.tests.tables import HEADER, bring_in, commit, csv_file, line, send
from publishing.reading import read_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return secretariat(name="Anna Secretary")


@pytest.fixture
def desk(client, user):
    """The secretariat's browser."""
    client.force_login(user)
    return client


@pytest.fixture
def plan():
    """Plan 8, with action 8.1 and the draft of its terms."""
    plan = PlanFactory(number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    TermsFactory(action=ActionFactory(plan=plan, title="First"), expected_outcome="A guide")
    return plan


# -- out ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_the_file_says_what_the_plan_says(desk, plan, suffix):
    action = ActionFactory(plan=plan, title="=1+1", objectives=[ObjectiveFactory(code="B.MS.a"), ObjectiveFactory()],
                           starts_on=date(2027, 2, 1), ends_on=date(2027, 9, 30))  # fmt: skip
    part(action, "FR", "co_lead")
    part(action, "EL")
    response = desk.get(f"/plans/8/plan.{suffix}")
    assert response["Content-Disposition"] == f'attachment; filename="plan-8.{suffix}"'
    assert read_table(response.content, most_rows=9).rows == [
        HEADER,
        line(number="1", title="First", objectives="A.MS.a", lead="BE", expected_outcome="A guide", status="Proposed"),
        line(number="2", title="=1+1", objectives="A.MS.a, B.MS.a", lead="BE", co_leads="FR", participants="EL",
             starts_on="2027-02-01", ends_on="2027-09-30", status="Proposed"),
    ]  # fmt: skip


def test_the_file_is_what_is_filtered(desk, plan):
    ActionFactory(plan=plan, lead=DelegationFactory(code="FR"))
    rows = read_table(desk.get("/plans/8/plan.csv?lead=FR").content, most_rows=9).rows
    assert [row[0] for row in rows[1:]] == ["2"]
    assert "/plans/8/plan.csv?lead=FR" in text_of(desk.get("/plans/8/?lead=FR"))


@pytest.mark.parametrize("name", ["plan", "timeline"])
@pytest.mark.parametrize("choice", ["lead=zz", "aim=Q", "status=lost"])
def test_a_choice_that_cannot_be_made_gives_no_file_but_the_page_that_says_why(desk, name, choice):
    ActionFactory(plan=PlanFactory(number=8))
    for suffix in ("csv", "xlsx"):
        response = desk.get(f"/plans/8/{name}.{suffix}?{choice}", follow=True)
        assert response.redirect_chain == [(f"/plans/8/?{choice}", 302)]
        assert "Choose one of the list." in text_of(response)


def test_who_sees_a_part_of_a_plan_takes_no_file_away(client, plan):
    for person, status in ((delegate("BE"), 403), (delegate("DE"), 404), (committee(), 404)):
        client.force_login(person)
        assert client.get("/plans/8/plan.xlsx").status_code == status
        assert "plan.xlsx" not in client.get("/plans/8/").content.decode()


def test_the_file_holds_no_terms_that_its_reader_does_not_see(client):
    plan = plan_with("tabled", "draft", number=8)
    client.force_login(delegate("DE"))
    assert "A guide" not in client.get("/plans/8/plan.csv").content.decode()
    TermsOfReference.objects.filter(action__plan=plan).update(status="tabled")
    assert "A guide" in client.get("/plans/8/plan.csv").content.decode()


def test_another_kind_of_file_is_not_found(desk, plan):
    assert desk.get("/plans/8/plan.ods").status_code == 404


# -- out and in again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_what_was_taken_away_comes_in_without_a_difference(desk, plan, suffix):
    titles = [
        "=1+1",
        "'=1+1",
        "007",
        "7.10",
        "Ελληνικά “quoted”",
        "Български; \"кавички\", 'а'",
        "-5",
        "2027-01-01",
        "TRUE",
    ]
    for title in titles:
        action = ActionFactory(plan=plan, title=title, starts_on=date(2027, 3, 1))
        TermsFactory(action=action, expected_outcome=f"{title}\n\n- one\n- two")
        part(action, "EL", "co_lead")
        part(action, "BG")
    ActionFactory(plan=plan, lead=None)
    content = desk.get(f"/plans/8/plan.{suffix}").content
    page = desk.get(send(desk, content, f"plan.{suffix}").url)
    assert page.context["counts"] == {"new": 0, "changed": 0, "unchanged": len(titles) + 2, "error": 0}
    words = text_of(page)
    assert f"plan.{suffix}: 11 unchanged. The file and the plan say the same; nothing to write." in words
    assert ("Nothing is written yet" in words, "Before and after" in words) == (False, False)


def test_a_file_drafts_a_plan_and_the_same_file_again_changes_nothing(desk, user):
    plan = PlanFactory(number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    ObjectiveFactory(code="B.MS.a")
    for code in ("BE", "FR", "EL", "NO"):
        DelegationFactory(code=code)
    content = csv_file(
        line(number="1", title="Small parcels", objectives="B.MS.a; A.MS.a", lead="BE", co_leads="FR",
             participants="EL\nNO", expected_outcome="A guide\r\nfor offices", starts_on="01/02/2027",
             ends_on="2027-09-30"),
        line(number="3", title="Precursors", objectives="A.MS.a"),
    )  # fmt: skip
    response = bring_in(desk, content)
    assert (response.status_code, response.url) == (302, "/plans/8/")
    assert messages_of(response) == ["2 actions added, 0 changed, 0 as they were."]
    first, third = plan.actions.order_by("number")
    assert (first.number, first.title, first.lead.code, first.status) == (
        1,
        "Small parcels",
        "BE",
        "proposed",
    )
    assert (first.starts_on, first.ends_on) == (date(2027, 2, 1), date(2027, 9, 30))
    assert {link.objective.code for link in first.served.all()} == {"A.MS.a", "B.MS.a"}
    assert {(p.delegation.code, p.role) for p in first.parts.all()} == {
        ("FR", "co_lead"), ("EL", "participant"), ("NO", "participant"),
    }  # fmt: skip
    terms = first.terms.get()
    assert (terms.version, terms.status, terms.expected_outcome) == (1, "draft", "A guide\nfor offices")
    assert (third.number, third.lead, third.terms.count()) == (3, None, 0)
    assert PlanImport.objects.count() == 0
    events = Action.pgh_event_models["insert"].objects.all()
    assert [(event.pgh_context["verb"], event.pgh_context["user"]) for event in events] == [
        ("import", user.pk)
    ] * 2
    again = desk.get(send(desk, content).url)
    assert again.context["counts"] == {"new": 0, "changed": 0, "unchanged": 2, "error": 0}


def test_a_changed_row_changes_only_what_differs_under_one_verb(desk, user, plan):
    action = plan.actions.get()
    part(action, "FR", "co_lead")
    part(action, "EL")
    ObjectiveFactory(code="B.MS.a")
    untouched = ActionFactory(plan=plan, title="Second")
    DelegationFactory(code="DE")
    response = bring_in(
        desk,
        csv_file(line(number="1", title="Renamed", objectives="B.MS.a", co_leads="EL", participants="DE",
                      expected_outcome="Another", ends_on="2028-06-30", status="proposed"),
                 line(number="2", title="Second", objectives="A.MS.a", lead="BE")),
    )  # fmt: skip
    assert messages_of(response) == ["0 actions added, 1 changed, 1 as they were."]
    action.refresh_from_db()
    assert (action.title, action.lead, action.ends_on) == ("Renamed", None, date(2028, 6, 30))
    assert [link.objective.code for link in action.served.all()] == ["B.MS.a"]
    assert {(p.delegation.code, p.role) for p in action.parts.all()} == {
        ("EL", "co_lead"),
        ("DE", "participant"),
    }
    assert action.terms.get().expected_outcome == "Another"
    events = Action.pgh_event_models["update"].objects.filter(pgh_label="update")
    assert [(e.pgh_obj_id, e.pgh_context["verb"], e.pgh_context["user"]) for e in events] == [
        (action.pk, "import", user.pk)
    ]
    assert not events.filter(pgh_obj_id=untouched.pk).exists()


def test_actions_that_are_not_in_the_file_stay_as_they_are_and_are_named(desk, plan):
    url = send(desk, csv_file(line(number="2", title="New", objectives="A.MS.a"))).url
    assert "Not in the file, and left as they are: 8.1." in text_of(desk.get(url))
    commit(desk, url)
    assert list(plan.actions.values_list("title", flat=True)) == ["First", "New"]
