"""The page of a plan: headings, order, where it stands, the checklist before the adoption, the time line."""

import csv
import io
import re
from datetime import date, timedelta

import pytest

from accounts.tests.factories import BodyFactory, DelegationFactory, committee, delegate, secretariat
from actionplans.models import Action, ActionPlan, Milestone
from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    TermsFactory,
    plan_with,
    withdraw,
)
from actionplans.tests.factories import put as put_terms
from actionplans.tests.pages import post_new, queries, text_of
from council.models import SilenceProcedure
from council.tests.factories import DecisionFactory, DocumentFactory
from strategy_portal.dates import brussels_today, now

pytestmark = pytest.mark.django_db
PERIOD = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 6, 30)}


@pytest.fixture
def desk(client):
    """The secretariat's browser."""
    client.force_login(secretariat())
    return client


@pytest.fixture
def plan():
    """A draft with three actions: 8.1 of Belgium, 8.2 of France that serves aim C, 8.3 without a lead."""
    plan = PlanFactory(number=8, **PERIOD)
    ActionFactory(plan=plan)
    ActionFactory(
        plan=plan, lead=DelegationFactory(code="FR"), objectives=[ObjectiveFactory(code="C.CCWP.e")]
    )
    ActionFactory(plan=plan, lead=None, objectives=[ObjectiveFactory(code="B.MS.a")])
    return plan


def groups(response):
    """Heading and numbers of each group of the page."""
    return [(text, [action.number for action in rows]) for _letter, text, rows in response.context["groups"]]


def adopted(plan):
    """The plan, adopted whatever it lacks."""
    decision = DecisionFactory(subject=plan, kind="adopt", verb="adopt")
    ActionPlan.objects.filter(pk=plan.pk).update(
        status="adopted", adoption=decision, adopted_on=decision.taken_on
    )
    plan.actions.filter(status="proposed").update(status="planned")


def milestone(action, day, title="Guide printed", status="agreed"):
    terms = TermsFactory(action=action)
    Milestone.objects.create(terms=terms, order=1, title=title, due_on=day)
    return terms


# -- headings and order ----------------------------------------------------------------


def test_actions_are_grouped_by_aim_lead_or_state(desk, plan):
    by_aim = [("Aim A", [1]), ("Aim B", [3]), ("Aim C", [2])]
    assert groups(desk.get("/plans/8/")) == by_aim
    assert groups(desk.get("/plans/8/?group=aim")) == by_aim
    belgium, france = (str(action.lead) for action in plan.actions.exclude(lead=None).order_by("number"))
    assert sorted(groups(desk.get("/plans/8/?group=lead"))) == sorted(
        [(belgium, [1]), (france, [2]), ("No lead is named yet", [3])]
    )
    assert groups(desk.get("/plans/8/?group=status")) == [("Proposed", [1, 2, 3])]


def test_groups_and_filters_stand_together_in_the_address(desk, plan):
    response = desk.get("/plans/8/?group=status&lead=FR")
    assert groups(response) == [("Proposed", [2])]
    assert "group=status" in text_of(response)


@pytest.mark.parametrize("query", ["group=size", "order=colour", "group=%E2%80%AE", "order=" + "x" * 3000])
def test_a_heading_that_there_is_not_is_told(desk, plan, query):
    response = desk.get(f"/plans/8/?{query}")
    assert "Select a valid choice" in text_of(response)
    assert groups(response) == [("Aim A", [1]), ("Aim B", [3]), ("Aim C", [2])]


def test_the_order_of_the_plan_is_kept_and_the_numbers_stay(desk, plan):
    ActionPlan.objects.update(action_order=[3, 1])
    ActionFactory(plan=plan)
    assert groups(desk.get("/plans/8/?group=status")) == [("Proposed", [3, 1, 2, 4])]
    assert groups(desk.get("/plans/8/?group=status&order=number")) == [("Proposed", [1, 2, 3, 4])]


def put(desk, value, **data):
    return post_new(desk, "/plans/8/order/", put=value, **data)


def order(desk):
    return [line["action"].number for line in desk.get("/plans/8/order/").context["lines"]]


@pytest.mark.parametrize(
    ("value", "expected", "focus"),
    [
        ("3-1", [3, 1, 2], "down-3"),
        ("1-", [2, 3, 1], "up-1"),
        ("1-3", [2, 1, 3], "down-1"),
        ("3-2", [1, 3, 2], "up-3"),
        ("2-2", [1, 2, 3], "up-2"),
    ],
)
def test_an_action_is_put_before_another_or_at_the_end(desk, plan, value, expected, focus):
    assert put(desk, value).url == f"/plans/8/order/#{focus}"
    assert order(desk) == expected


def test_the_buttons_put_an_action_one_place_up_or_down(desk, plan):
    buttons = [
        [value for _way, value, _words in line["buttons"]]
        for line in desk.get("/plans/8/order/").context["lines"]
    ]
    assert buttons == [["", "1-3"], ["2-1", "2-"], ["3-2", ""]]


def test_arranging_is_one_event_of_the_plan(desk, plan):
    events = ActionPlan.pgh_event_models["insert"].objects
    before = events.count()
    put(desk, "3-1")
    put(desk, "3-1")  # it is there already
    assert events.count() == before + 1
    event = events.order_by("-pgh_id").first()
    assert (event.pgh_context["verb"], event.action_order) == ("reorder", [3, 1, 2])
    assert "Actions arranged" in text_of(desk.get(f"/history/actionplan/{plan.pk}/"))


@pytest.mark.parametrize(
    "value", ["", "x", "3", "-1", "0-1", "3-1-2", "3-x", "999999-1", "３-1", "x3-1", "3-1\nx"]
)
def test_a_wrong_place_is_asked_back(desk, plan, value):
    response = put(desk, value)
    assert response.status_code == 422
    assert "Press one of the buttons" in text_of(response)
    assert order(desk) == [1, 2, 3]


@pytest.mark.parametrize("value", ["9-1", "1-9"])
def test_an_action_that_is_gone_is_told_and_nothing_is_moved(desk, plan, value):
    response = put(desk, value)
    assert (response.status_code, "The plan has changed" in text_of(response)) == (409, True)
    assert order(desk) == [1, 2, 3]


@pytest.mark.parametrize("status", ["tabled", "adopted", "withdrawn"])
def test_only_a_draft_is_arranged(desk, status):
    plan_with(status, number=8)
    assert desk.get("/plans/8/order/").status_code == 409
    assert put(desk, "1-").status_code == 409
    assert ActionPlan.objects.get().action_order == []


def test_only_the_secretariat_arranges(client, plan):
    client.force_login(delegate("BE"))
    assert client.get("/plans/8/order/").status_code == 403
    assert put(client, "3-1").status_code == 403


def test_a_plan_is_read_in_the_order_that_it_had_on_a_day(desk, plan):
    put(desk, "3-1")
    response = desk.get(f"/plans/8/?on={brussels_today()}")
    assert [action.number for action in response.context["actions"]] == [3, 1, 2]


def test_the_queries_of_the_order_do_not_grow_with_the_actions(desk, plan):
    first = queries(desk, "/plans/8/order/")
    for _n in range(9):
        ActionFactory(plan=plan)
    assert queries(desk, "/plans/8/order/") == first


# -- where it stands, and the checklist --------------------------------------------------


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


# -- the time line -------------------------------------------------------------------------


def test_the_time_line_shows_actions_with_their_days_and_milestones(desk, plan):
    milestone(plan.actions.get(number=2), date(2026, 11, 30))
    figure = desk.get("/plans/8/").context["timeline"]
    assert [[cell.text for cell in row] for row in figure.rows][1:3] == [
        ["8.2", plan.actions.get(number=2).title, "1 January 2026", "30 June 2027", "Proposed"],
        ["8.2", "Milestone: Guide printed", "", "30 November 2026", ""],
    ]
    assert figure.svg.count("<title>Guide printed</title>") == 1


def test_the_time_line_of_an_adopted_plan_shows_what_was_agreed(desk):
    plan = plan_with("draft", terms="", number=8, **PERIOD)
    action = plan.actions.get()
    put_terms(milestone(action, date(2026, 5, 1), "As agreed"), "agreed")
    milestone(action, date(2026, 6, 1), "As redrafted")
    assert "As redrafted" in desk.get("/plans/8/").context["timeline"].svg
    adopted(plan)
    assert "As agreed" in desk.get("/plans/8/").context["timeline"].svg


def test_the_time_line_follows_the_filter_and_so_does_its_file(desk, plan):
    milestone(plan.actions.get(number=2), date(2026, 11, 30), "=1+1")
    response = desk.get("/plans/8/?lead=FR")
    figure = response.context["timeline"]
    assert len(figure.rows) == 2
    assert figure.csv_url == "/plans/8/timeline.csv?lead=FR"
    content = desk.get(figure.csv_url).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content)))[1:] == [
        ["8.2", plan.actions.get(number=2).title, "2026-01-01", "2027-06-30", "Proposed"],
        ["8.2", "Milestone: =1+1", "", "2026-11-30", ""],
    ]
    assert desk.get("/plans/8/timeline.xlsx").content[:2] == b"PK"
    assert desk.get("/plans/8/timeline.pdf").status_code == 404


def test_a_milestone_of_terms_that_the_reader_does_not_see_is_not_drawn(client, plan):
    milestone(plan.actions.get(number=1), date(2026, 11, 30), "Hidden")
    ActionPlan.objects.update(status="tabled")
    client.force_login(delegate("DE"))
    assert "Hidden" not in text_of(client.get("/plans/8/"))
    client.force_login(committee())
    assert client.get("/plans/8/").status_code == 404


# -- sixty actions ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "tabled", "adopted"])
def test_a_plan_of_sixty_actions_costs_what_one_of_three_costs(desk, status):
    plan = plan_with(status, number=8, **PERIOD)
    ask = "/plans/8/?group=lead"
    queries(desk, ask)
    counts = [queries(desk, ask)]
    for count in (3, 60):
        for _n in range(count - plan.actions.count()):
            action = ActionFactory(
                plan=plan, title="Exchange of good practice between the customs laboratories",
                status="planned" if status == "adopted" else "proposed",
            )  # fmt: skip
            terms = milestone(action, date(2026, 11, 30), "Report sent to the working party")
            Milestone.objects.create(
                terms=terms, order=2, title="Guide of good practice", due_on=date(2027, 2, 1)
            )
            if status == "adopted":
                put_terms(terms, "agreed")
        counts.append(queries(desk, ask))
    assert counts[0] <= 15
    assert set(counts) == {counts[0]}
    page = desk.get(ask).content
    assert len(page) <= 150 * 1024
    assert len(re.findall(rb"<svg xmlns", page)) == 3
