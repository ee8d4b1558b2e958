"""Where a plan stands, in one line, and the checklist before its adoption."""

from datetime import date, timedelta

import pytest

from accounts.tests.factories import BodyFactory, DelegationFactory, delegate, secretariat
from actionplans.models import Action, ActionPlan, TermsOfReference
from actionplans.tests.factories import (
    PERIOD,
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    TermsFactory,
    plan_with,
    withdraw,
)
from actionplans.tests.pages import queries, text_of
from council.models import SilenceProcedure
from council.tests.factories import DocumentFactory
from strategy_portal.dates import brussels_today, now

pytestmark = pytest.mark.django_db


def line(desk):
    return (
        text_of(desk.get("/plans/8/")).split('<p class="lead">')[1].split("</p>")[0].split(". ", 1)[1].strip()
    )


def test_one_line_says_where_a_plan_stands_and_what_is_missing(desk):
    first = PlanFactory(number=7, status="adopted", starts_on=date(2026, 1, 1), ends_on=date(2090, 12, 31))
    plan = PlanFactory(number=8, starts_on=date(2091, 1, 1), ends_on=date(2092, 6, 30))
    due = f"to be adopted by 31 October 2090, in {(date(2090, 10, 31) - brussels_today()).days} days."
    assert line(desk) == f"Draft. It has no action yet; it is still to be tabled; {due}"
    action = ActionFactory(plan=plan)
    assert line(desk).startswith("Draft. Its only action lacks agreed terms of reference; it is still")
    ActionFactory(plan=plan)
    TermsFactory(action=action, status="agreed")
    assert "1 of 2 actions lacks agreed terms of reference" in line(desk)
    for _n in range(2):
        ActionFactory(plan=plan)
    ActionPlan.objects.filter(pk=plan.pk).update(status="tabled")
    assert line(desk) == f"Tabled. 3 of 4 actions lack agreed terms of reference; {due}"
    ActionPlan.objects.filter(pk=first.pk).update(ends_on=date(2091, 1, 1))
    assert "; its period overlaps plan 7; " in line(desk)


def test_an_adopted_plan_says_when_the_next_is_due(desk):
    plan_with("adopted", number=8, **PERIOD)
    assert line(desk) == "The next plan is to be adopted by 30 April 2027."


def shown(tasks):
    return [(task["label"], task["state"], task["url"]) for task in tasks]


def test_the_checklist_names_each_thing_with_its_state_and_a_link(desk):
    plan = PlanFactory(number=8, **PERIOD)
    for status in ("agreed", "tabled", "draft", ""):
        action = ActionFactory(plan=plan)
        if status:
            TermsFactory(action=action, status=status)
    response = desk.get("/plans/8/adopt/")
    assert shown(response.context["needed"]) == [
        ("Terms of reference of 8.1", "completed", "/plans/8/actions/1/terms/"),
        ("Terms of reference of 8.2", "in_progress", "/plans/8/actions/2/terms/"),
        ("Terms of reference of 8.3", "in_progress", "/plans/8/actions/3/terms/"),
        ("Terms of reference of 8.4", "not_started", "/plans/8/actions/4/terms/"),
        ("Table the plan", "not_started", "/plans/8/steps/table/"),
        ("A period of its own", "completed", ""),
        ("Number of the document", "not_started", ""),
    ]
    hints = [task["hint"].rpartition(": ")[2] for task in response.context["needed"][1:4]]
    assert hints == ["tabled, to be agreed", "written, to be tabled", "not written yet"]
    TermsOfReference.objects.filter(status="draft").update(main_goals=" ", expected_outcome="")
    (hint,) = [
        task["hint"] for task in desk.get("/plans/8/adopt/").context["needed"] if "8.3" in task["label"]
    ]
    assert hint.endswith(": the main goals are missing. The expected outcome is missing.")
    assert shown(response.context["pointed_out"]) == [
        ("Adoption in time", "completed", ""),
        ("A length of 18 months", "completed", ""),
        ("A lead for each action", "completed", ""),
        ("An objective for each action", "completed", ""),
    ]
    assert "No deadline: the first plan" in text_of(response)


def test_of_a_tabled_plan_the_adoption_stands_first_and_what_it_needs_once(desk):
    plan = PlanFactory(number=8)
    TermsFactory(action=ActionFactory(plan=plan))
    ActionPlan.objects.filter(pk=plan.pk).update(status="tabled")
    page = text_of(desk.get("/plans/8/"))
    assert page.count("has no agreed terms of reference") == 0
    assert page.count(">Terms of reference of 8.1<") == 1
    assert "Not yet: what is needed stands above." in page
    buttons = [page.index(words) for words in ("Record the adoption<", "Return to draft<", "Withdraw<")]
    assert buttons == sorted(buttons)
    assert 'class="btn btn-outline-primary" href="/plans/8/steps/return_to_draft/"' in page
    page = text_of(desk.get("/plans/8/adopt/"))
    assert "Action 8.1 has no agreed terms of reference" in page  # there it stands at the button


def test_the_checklist_points_out_what_does_not_hinder(desk):
    PlanFactory(number=7, status="adopted", starts_on=date(2024, 7, 1), ends_on=date(2026, 2, 1))
    plan = PlanFactory(number=8, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    ActionFactory(plan=plan, lead=None, objectives=[])
    ActionFactory(plan=plan, objectives=[ObjectiveFactory(code="C.CCWP.e")])
    ActionFactory(plan=plan, lead=DelegationFactory(code="UK", member_until=date(2020, 1, 31)))
    withdraw("C.CCWP.e")
    response = desk.get("/plans/8/adopt/")
    assert ("A period of its own", "error", "/plans/8/edit/") in shown(response.context["needed"])
    assert shown(response.context["pointed_out"]) == [
        ("Adoption in time", "check", ""),
        ("A length of 18 months", "check", "/plans/8/edit/"),
        ("Lead of 8.1", "check", "/plans/8/actions/1/edit/"),
        ("Lead of 8.3", "check", "/plans/8/actions/3/edit/"),
        ("Objectives of 8.1", "check", "/plans/8/actions/1/edit/"),
        ("Objectives of 8.2", "check", "/plans/8/actions/2/edit/"),
    ]
    assert "It overlaps plan 7." in text_of(response)
    assert "days late" in text_of(response)


def test_the_document_of_a_silence_procedure_is_on_the_checklist(desk):
    plan = plan_with("tabled", number=8)
    silent(plan, document=DocumentFactory())
    last = desk.get("/plans/8/adopt/").context["needed"][-1]
    assert (last["label"], last["state"]) == ("Number of the document", "completed")


def test_a_plan_whose_successor_is_adopted_no_longer_asks_for_one(desk):
    plan = plan_with("adopted", number=8, **PERIOD)
    assert "The next plan is to be adopted by" in text_of(desk.get("/plans/8/"))
    nxt = plan_with(
        "adopted", number=9, starts_on=plan.ends_on + timedelta(days=1), ends_on=date(2028, 12, 31)
    )
    text = text_of(desk.get("/plans/8/"))
    assert "The next plan is to be adopted by" not in text
    assert f"Plan {nxt.number}, which follows it, is adopted." in text
    assert "The next plan is to be adopted by" in text_of(desk.get("/plans/9/"))


def silent(plan, document):
    return SilenceProcedure.objects.create(
        subject=plan, verb="adopt", body=BodyFactory(), text="Do you agree?", document=document,
        opened_at=now(), closes_at=now() + timedelta(days=9), opened_by=secretariat(),
    )  # fmt: skip


def test_the_card_shows_what_is_open_and_leads_to_the_rest(desk, client):
    plan = PlanFactory(number=8, **PERIOD)
    TermsFactory(action=ActionFactory(plan=plan), status="agreed")
    for _n in range(9):
        ActionFactory(plan=plan)
    response = desk.get("/plans/8/")
    assert [task["label"] for task in response.context["tasks"]] == [
        f"Terms of reference of 8.{number}" for number in range(2, 9)
    ]
    assert response.context["more_tasks"] == 3  # two more terms, and to table the plan
    assert '<a href="/plans/8/adopt/">3 more, and what is done</a>' in text_of(response)
    ActionPlan.objects.update(status="tabled")
    client.force_login(delegate("DE"))
    ActionPlan.objects.update(ends_on=date(2026, 12, 31))
    Action.objects.filter(number__gt=2).delete()
    response = client.get("/plans/8/")
    assert shown(response.context["tasks"]) == [
        ("Terms of reference of 8.2", "not_started", "/plans/8/actions/2/terms/"),
        ("A length of 18 months", "check", ""),
    ]
    assert "/plans/8/adopt/" not in text_of(response)
    assert client.get("/plans/8/adopt/").status_code == 403


@pytest.mark.parametrize("status", ["adopted", "withdrawn"])
def test_a_plan_that_is_not_in_preparation_has_no_checklist(desk, status):
    plan_with(status, number=8)
    response = desk.get("/plans/8/adopt/")
    assert (response.status_code, f"Plan 8 is {status}" in text_of(response)) == (409, True)


@pytest.mark.parametrize("status", ["draft", "tabled"])
def test_the_queries_of_the_checklist_do_not_grow_with_the_actions(desk, status):
    plan = plan_with(status, number=8)
    queries(desk, "/plans/8/adopt/")
    first = queries(desk, "/plans/8/adopt/")
    for _n in range(5):
        TermsFactory(action=ActionFactory(plan=plan), status="agreed")
    assert queries(desk, "/plans/8/adopt/") == first
    assert first <= 15
