"""A new action: what its form offers, its number, what is asked back."""

import threading

import pytest
from django.db import connection
from django.test import Client

from accounts.tests.factories import DelegationFactory, committee, delegate, secretariat
from actionplans.models import Action, Objective
from actionplans.tests.factories import ActionFactory, PlanFactory
from actionplans.tests.pages import errors_of, messages_of, post_edit, post_new, text_of
from actionplans.tests.typed import new_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return PlanFactory(number=8)


def test_an_action_takes_the_next_running_number_with_those_who_take_part(desk, plan):
    ActionFactory(plan=plan)
    estonia, norway = DelegationFactory(code="EE"), DelegationFactory(code="NO")
    response = post_new(
        desk, "/plans/8/actions/new/", **new_action(co_leads=[estonia.pk], participants=[norway.pk])
    )
    assert response.url == "/plans/8/actions/2/"
    action = Action.objects.get(number=2)
    assert (action.reference, action.status, action.lead.code) == ("8.2", "proposed", "BE")
    assert list(action.parts.values_list("delegation__code", "role")) == [
        ("EE", "co_lead"),
        ("NO", "participant"),
    ]
    assert list(action.objectives.values_list("code", flat=True)) == ["A.MS.b"]


def test_the_form_offers_every_objective_under_its_aim(desk, plan):
    field = desk.get("/plans/8/actions/new/").context["form"].fields["objectives"]
    offered = {group: [label for _pk, label in options] for group, options in field.choices}
    assert offered["B. Aim B – For MS:"] == ["B.MS.a – To do B.MS.a", "B.MS.a.ii – To do B.MS.a.ii"]
    assert sum(len(options) for options in offered.values()) == 5


def test_an_address_that_names_an_objective_ticks_it(desk, plan):
    url = "/plans/8/actions/new/?objective=B.MS.a.ii"
    response = desk.get(url)
    form = response.context["form"]
    ticked = dict(form.fields["objectives"].queryset.values_list("code", "pk"))["B.MS.a.ii"]
    assert form.initial["objectives"] == [ticked]
    page = response.content.decode()
    assert page.count(" checked") == 1
    assert page.count('<details class="fold" open>') == 1  # of the aims, that of the objective
    typed = new_action(objectives=[str(ticked)])
    assert post_new(desk, url, **typed).url == "/plans/8/actions/1/"


@pytest.mark.parametrize("asked", ["X.MS.z", "<script>", "B%20MS", "9" * 400])
def test_an_address_that_names_no_objective_says_so_and_ticks_none(desk, plan, asked):
    response = desk.get(f"/plans/8/actions/new/?objective={asked}")
    assert response.status_code == 200
    assert "objectives" not in response.context["form"].initial
    assert len(list(response.context["messages"])) == 1
    assert " checked" not in response.content.decode()


def test_an_objective_that_only_a_draft_has_is_not_ticked(desk, plan):
    strategy = plan.strategy
    Objective.objects.create(strategy=strategy, code="B.MS.z", order=99)
    response = desk.get("/plans/8/actions/new/?objective=B.MS.z")
    assert [str(message) for message in response.context["messages"]] == [
        "The strategy of this plan has no objective B.MS.z in force: none is ticked."
    ]


WRONG_ACTIONS = {
    "no title": ({"title": ""}, {"title": ["This field is required."]}),
    "line break": ({"title": "a\nb"}, "title"),
    "no objective": (
        {"objectives": []},
        {"objectives": ["Choose at least one objective that the action serves."]},
    ),
    "unknown objective": ({"objectives": ["999999"]}, "objectives"),
    "no objective at all": ({"objectives": ["x"]}, "objectives"),
    "unknown lead": ({"lead": "999999"}, "lead"),
    "before the plan": (
        {"starts_on": "2025-12-31"},
        {"starts_on": ["The plan runs from 1 January 2026 to 30 June 2027."]},
    ),
    "after the plan": (
        {"ends_on": "2027-07-01"},
        {"ends_on": ["The plan runs from 1 January 2026 to 30 June 2027."]},
    ),
    "end before begin": (
        {"starts_on": "2026-03-01", "ends_on": "2026-02-01"},
        {"ends_on": ["An action ends on or after the day it begins."]},
    ),
    "a day that is none": ({"starts_on": "2026-02-30"}, "starts_on"),
    "too long": ({"summary": "a" * 20_001}, "summary"),
    "continues nothing": ({"continues": "999999"}, "continues"),
}


@pytest.mark.parametrize(("changes", "expected"), WRONG_ACTIONS.values(), ids=WRONG_ACTIONS)
def test_a_wrong_action_is_asked_back_and_nothing_is_saved(desk, plan, changes, expected):
    errors = errors_of(post_new(desk, "/plans/8/actions/new/", **new_action(**changes)))
    assert errors == expected if isinstance(expected, dict) else list(errors) == [expected]
    assert Action.objects.count() == 0


def test_a_delegation_has_one_role_in_an_action(desk, plan):
    belgium, estonia = DelegationFactory(code="BE").pk, DelegationFactory(code="EE").pk
    response = post_new(
        desk, "/plans/8/actions/new/", **new_action(co_leads=[belgium, estonia], participants=[estonia])
    )
    assert errors_of(response) == {
        "co_leads": ["Belgium is the lead already."],
        "participants": ["Co-lead and participant at once: Estonia."],
    }


def test_a_former_member_state_is_not_offered_to_take_part(desk, plan):
    DelegationFactory(code="UK")
    form = desk.get("/plans/8/actions/new/").context["form"]
    for name in ("co_leads", "participants"):
        assert not form.fields[name].queryset.filter(code="UK").exists()


def test_a_lead_that_is_no_member_on_the_day_is_warned_about_and_allowed(desk, plan):
    response = post_new(desk, "/plans/8/actions/new/", **new_action(lead=DelegationFactory(code="UK").pk))
    said = "The lead, United Kingdom, is not a member of the working party on 1 January 2026."
    assert messages_of(response)[1:] == [said]
    assert Action.objects.get().lead.code == "UK"
    assert said in text_of(desk.get("/plans/8/actions/1/"))
    response = post_edit(desk, "/plans/8/actions/1/edit/", lead=DelegationFactory(code="BE").pk)
    assert len(messages_of(response)) == 1
    assert "is not a member" not in text_of(desk.get("/plans/8/actions/1/"))


def test_forged_fields_change_nothing(desk, plan):
    post_new(desk, "/plans/8/actions/new/", **new_action(status="completed", number="99", plan="1"))
    action = Action.objects.get()
    assert (action.status, action.number, action.plan) == ("proposed", 1, plan)


def test_the_same_form_posted_twice_makes_one_action(desk, plan):
    data = {**new_action(), "idempotency_key": "0123456789abcdef0123"}
    urls = {desk.post("/plans/8/actions/new/", data).url for _n in range(2)}
    assert urls == {"/plans/8/actions/1/"}
    assert Action.objects.count() == 1


def test_only_the_secretariat_adds_actions(client):
    ActionFactory(plan=PlanFactory(number=8))
    for person, status in ((lambda: delegate("BE"), 403), (lambda: delegate("DE"), 404), (committee, 404)):
        client.force_login(person())
        assert client.get("/plans/8/actions/new/").status_code == status


@pytest.mark.django_db(transaction=True)
def test_actions_added_at_once_get_distinct_numbers():
    PlanFactory(number=8)
    user = secretariat()
    data, answers = new_action(), []
    clients = [Client() for _n in range(6)]
    for browser in clients:
        browser.force_login(user)

    def add(browser):
        try:
            answers.append(post_new(browser, "/plans/8/actions/new/", **data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=[browser]) for browser in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 6
    assert sorted(Action.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
