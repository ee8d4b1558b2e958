"""The page of a plan: headings, order, the time line."""

import csv
import io
import re
from datetime import date

import pytest

from accounts.tests.factories import DelegationFactory, committee, delegate
from actionplans.models import ActionPlan, Milestone
from actionplans.tests.factories import (
    PERIOD,
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    TermsFactory,
    plan_with,
)
from actionplans.tests.factories import put as put_terms
from actionplans.tests.pages import post_new, queries, text_of
from council.tests.factories import DecisionFactory
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db


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
    assert "is not in the list. Choose one of the list." in text_of(response)
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
