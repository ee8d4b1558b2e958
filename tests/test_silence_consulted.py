"""What delegations are asked about stays: the action of terms of reference, and a plan whose adoption waits for it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import delegate, secretariat
from actionplans.models import Action
from actionplans.tests.factories import ActionFactory, ObjectiveFactory, PlanFactory, TermsFactory, plan_with
from actionplans.tests.pages import errors_of, post_edit, shown, text_of
from actionplans.tests.tables import csv_file, line, send
from publishing.words import moment_words
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed
from tests.silence import ask, working_day
from tests.test_silence_holds import running
from tests.test_silence_pages import filled, opening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("delivered")]
HELD = "A silence procedure on plan 8 is open until"
HELD_TERMS = "A silence procedure on terms of reference of 8.1, version 1 is open until"
STAYS = "Delegations are asked about its terms of reference until"


@pytest.fixture
def plan():
    return PlanFactory(number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))


@pytest.fixture
def action(plan):
    return ActionFactory(plan=plan, number=1, title="First", objectives=[ObjectiveFactory()])


@pytest.fixture
def terms(action):
    return TermsFactory(action=action, status="tabled")


def held_by(response, procedure, words=STAYS):
    """Whether a page refuses because of a procedure, and leads to it."""
    words = f'<a href="{procedure.get_absolute_url()}">{words} {moment_words(procedure.closes_at)}'
    return (response.status_code, words in text_of(response)) == (409, True)


def test_what_delegations_are_asked_about_is_not_edited_and_each_refusal_leads_to_the_procedure(desk, terms):
    action = terms.action
    before = desk.get("/plans/8/actions/1/edit/")
    procedure = ask(terms)
    for page, words in (("edit/", STAYS), ("delete/", STAYS), ("terms/edit/", HELD_TERMS)):
        assert held_by(desk.get(f"/plans/8/actions/1/{page}"), procedure, words), page
    late = desk.post("/plans/8/actions/1/edit/", shown(before) | {"title": "Second"})
    assert held_by(late, procedure) and "Second" in text_of(late)
    action.refresh_from_db()
    assert action.title == "First"
    procedure.withdraw(by=secretariat(), note="Too early.")
    assert post_edit(desk, "/plans/8/actions/1/edit/", title="Second").status_code == 302


def test_its_lead_reads_the_same(client, terms):
    procedure = ask(terms)
    client.force_login(delegate(terms.action.lead.code))
    assert held_by(client.get("/plans/8/actions/1/edit/"), procedure)


def test_a_file_does_not_change_it_either(desk, terms):
    other = ActionFactory(plan=terms.action.plan, number=2, title="Other", objectives=[ObjectiveFactory()])
    ask(terms)
    lead = terms.action.lead.code
    rows = [line(number=str(n), title="Anew", objectives="A.MS.a", lead=lead) for n in (1, 2)]
    page = desk.get(send(desk, csv_file(*rows)).url)
    mistakes = {found.row: [mistake.message for mistake in found.mistakes] for found in page.context["page"]}
    assert STAYS in mistakes[2][0] and mistakes[3] == []
    assert set(Action.objects.values_list("title", flat=True)) == {"First", other.title}


def test_the_actions_may_be_arranged_anew_meanwhile(desk, terms):
    ActionFactory(plan=terms.action.plan, number=2)
    ask(terms)
    assert desk.get("/plans/8/order/").status_code == 200


def test_a_tabled_plan_leads_to_the_procedure_on_its_adoption(desk):
    plan = plan_with("tabled", number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    procedure = running(plan, "adopt")
    for page in ("edit/", "actions/new/", "actions/1/edit/", "import/"):
        assert held_by(desk.get(f"/plans/8/{page}"), procedure, HELD), page


def test_while_its_adoption_is_asked_about_no_terms_of_a_plan_change(desk):
    plan = plan_with("tabled", number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    second = TermsFactory(action=plan.actions.get(), version=2, status="tabled")
    procedure = running(plan, "adopt")
    for page in ("", "2/steps/agree/", "2/steps/return_to_draft/"):
        response = desk.get(f"/plans/8/actions/1/terms/{page}", follow=True)
        assert f'<a href="{procedure.get_absolute_url()}">{HELD}' in text_of(response), page
    second = type(second).objects.get(pk=second.pk)
    for verb in ("agree", "return_to_draft"):
        assert HELD in second.why_not(verb)
    assert HELD in str(second.why_no_position())
    type(second).objects.filter(pk=second.pk).delete()
    assert HELD in text_of(desk.get("/plans/8/actions/1/terms/new/"))


def test_where_the_chain_is_broken_the_way_on_leads_to_the_procedure(desk):
    plan = plan_with("tabled", number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    plan.actions.update(lead=None)
    assert "Return Plan 8 to draft" in text_of(desk.get("/progress/gaps/"))
    procedure = running(plan, "adopt")
    page = text_of(desk.get("/progress/gaps/"))
    assert f'<a href="{procedure.get_absolute_url()}">Open the silence procedure<' in page
    assert "Return Plan 8 to draft" not in page


# -- the adoption ------------------------------------------------------------------------------------------------------


def test_a_plan_is_not_adopted_over_a_question_on_terms_of_reference(desk):
    plan = plan_with("tabled", number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    assert plan.why_not("adopt") == ""
    second = TermsFactory(action=plan.actions.get(), version=2, status="tabled")
    procedure = ask(second)
    plan = type(plan).objects.get()
    reasons = plan.reasons_against("adopt")
    assert [(reason.text[: len(f"8.1: {STAYS}")], reason.url) for reason in reasons] == [
        (f"8.1: {STAYS}", procedure.get_absolute_url())
    ]
    with pytest.raises(NotAllowed, match=STAYS):
        plan.move("adopt", by=secretariat())
    tasks = desk.get("/plans/8/adopt/").context["needed"]
    assert ("in_progress", procedure.get_absolute_url()) in [(task["state"], task["url"]) for task in tasks]


def test_another_plan_about_whose_adoption_delegations_are_asked_is_named(desk):
    period = {"starts_on": date(2027, 1, 1), "ends_on": date(2028, 6, 30)}
    plan = plan_with("tabled", number=8, **period)
    other = plan_with("tabled", number=9, **period)
    assert "Only one of them can be adopted." in text_of(desk.get("/plans/8/adopt/"))
    procedure = running(other, "adopt")
    told = (
        f"Delegations are asked until {moment_words(procedure.closes_at)} about the adoption of Plan 9, whose period "
        "overlaps: only one of the two can be adopted."
    )
    record = reverse("council:decision_record", args=["actionplans.actionplan", plan.pk, "adopt"])
    for url in ("/plans/8/adopt/", record):
        assert told in text_of(desk.get(url)), url


def test_days_without_a_plan_are_pointed_out_wherever_the_period_is_settled(desk, plan):
    plan_with("adopted", number=7, starts_on=date(2025, 6, 16), ends_on=date(2026, 12, 15))
    told = "From 16 December 2026 to 31 December 2026 no plan runs"
    for url in ("/plans/8/", "/plans/8/adopt/"):
        assert told in text_of(desk.get(url)).replace("\xa0", " "), url
    saved = post_edit(desk, "/plans/8/edit/", title="A title")
    assert told in text_of(desk.get(saved.url)).replace("\xa0", " ")
    assert post_edit(desk, "/plans/8/edit/", starts_on="2026-12-16").status_code == 302
    assert "no plan runs" not in text_of(desk.get("/plans/8/adopt/"))


# -- the form that asks ------------------------------------------------------------------------------------------------


def test_an_end_at_a_weekend_is_asked_back_and_then_taken(desk, terms):
    monday = working_day(14) + timedelta(days=7 - brussels_today().weekday())
    saturday = monday + timedelta(days=5 - monday.weekday())
    typed = filled(closes_on=saturday.isoformat())
    form = opening(terms)
    errors = errors_of(desk.post(form, typed))
    assert list(errors) == ["is_free_day"] and "lies at a weekend" in errors["is_free_day"][0]
    assert desk.post(form, filled(closes_on=saturday.isoformat(), is_free_day="on")).status_code == 302
