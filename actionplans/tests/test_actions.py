"""Actions: one page with everything, editing, deletion, steps."""

from datetime import date

import pytest

from accounts.tests.factories import (
    DelegationFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from actionplans.models import Action
from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    part,
)
from actionplans.tests.pages import post_edit, post_new, queries, text_of
from actionplans.tests.typed import new_action

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    return PlanFactory(number=8)


# -- the page ----------------------------------------------------


def test_one_page_shows_objectives_lead_participants_terms_period_state_and_last_update(desk, plan):
    post_new(
        desk, "/plans/8/actions/new/",
        **new_action(starts_on="2026-02-01", ends_on="2026-11-30", participants=[DelegationFactory(code="NO").pk]),
    )  # fmt: skip
    TermsFactory(action=Action.objects.get(), main_goals="Fewer missed", expected_outcome="A guide")
    page = text_of(desk.get("/plans/8/actions/1/")).replace("\xa0", " ")
    for text in (
        "8.1 Share good practice", "A.MS.b", "Led by Belgium", "Norway", "Fewer missed", "A guide",
        "1 February – 30 November 2026", "Proposed", "by Mia Desk.", "Plan 8",
    ):  # fmt: skip
        assert text in page


def test_who_changed_those_who_take_part_is_the_last_to_have_changed_the_action(desk, client):
    action = ActionFactory(plan=PlanFactory(number=8))
    client.force_login(secretariat(name="Boris Second"))
    post_edit(client, "/plans/8/actions/1/edit/", participants=[DelegationFactory(code="NO").pk])
    assert action.parts.count() == 1
    assert "by Boris Second." in text_of(client.get("/plans/8/actions/1/"))


def test_terms_that_the_reader_does_not_see_are_not_on_the_page(client):
    action = ActionFactory(plan=PlanFactory(number=8, status="tabled"))
    TermsFactory(action=action, main_goals="Secret goals")
    for person, is_seen in ((secretariat, True), (lambda: delegate("DE"), False)):
        client.force_login(person())
        assert ("Secret goals" in text_of(client.get("/plans/8/actions/1/"))) is is_seen


@pytest.mark.parametrize(
    "place", ["", "edit/", "delete/", "steps/start/", "terms/", "terms/new/", "terms/edit/"]
)
@pytest.mark.parametrize("person", [lambda: delegate("DE"), committee, administrator, third_party])
def test_a_stranger_cannot_tell_that_a_proposed_action_exists(client, place, person):
    TermsFactory(action=ActionFactory(plan=PlanFactory(number=8)))
    client.force_login(person())
    assert client.get(f"/plans/8/actions/1/{place}").status_code == 404


# -- edit --------------------------------------------------------


def test_the_lead_edits_its_action_but_does_not_hand_it_on(client):
    ActionFactory(plan=PlanFactory(number=8))
    client.force_login(delegate("BE", role="editor"))
    france = DelegationFactory(code="FR")
    response = post_edit(client, "/plans/8/actions/1/edit/", title="A better title", lead=france.pk)
    assert response.url == "/plans/8/actions/1/"
    action = Action.objects.get()
    assert (action.title, action.lead.code) == ("A better title", "BE")


def test_roles_are_changed_and_ended_in_the_form(desk):
    action = ActionFactory(plan=PlanFactory(number=8), participants=["EE", "LV"])
    estonia = DelegationFactory(code="EE").pk
    post_edit(desk, "/plans/8/actions/1/edit/", co_leads=[estonia], participants=[])
    assert list(action.parts.values_list("delegation__code", "role")) == [("EE", "co_lead")]


def test_a_stale_edit_of_those_who_take_part_is_a_conflict(desk):
    action = ActionFactory(plan=PlanFactory(number=8))
    stale = desk.get("/plans/8/actions/1/edit/").context["form"]
    data = {name: stale[name].value() for name in stale.fields if stale[name].value() is not None}
    part(action, "EE")
    Action.objects.update(title="Changed meanwhile")
    response = desk.post("/plans/8/actions/1/edit/", {**data, "title": "Typed"})
    assert response.status_code == 409
    assert "Changed meanwhile" in text_of(response)
    assert "Typed" in text_of(response)


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (lambda: delegate("BE", role="viewer"), 403),
        (lambda: delegate("BE", role="editor"), 200),
        (lambda: delegate("EE"), 403),
        (secretariat, 200),
    ],
)
def test_secretariat_and_editors_of_the_lead_edit_a_proposed_action(client, person, status):
    action = ActionFactory(plan=PlanFactory(number=8))
    part(action, "EE", "co_lead")
    client.force_login(person())
    assert client.get("/plans/8/actions/1/edit/").status_code == status


@pytest.mark.parametrize(
    ("plan_status", "why"),
    [("tabled", "The plan is tabled."), ("adopted", "the action changes only by amendment")],
)
def test_a_locked_action_says_why_and_keeps_what_was_typed(desk, plan_status, why):
    plan = PlanFactory(number=8)
    ActionFactory(plan=plan)
    form = desk.get("/plans/8/actions/1/edit/").context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    Action.objects.all().delete()
    plan.delete()
    ActionFactory(plan=PlanFactory(number=8, status=plan_status))
    response = desk.get("/plans/8/actions/1/edit/")
    assert (response.status_code, why in text_of(response)) == (409, True)
    response = desk.post("/plans/8/actions/1/edit/", {**data, "title": "Typed and kept"})
    assert response.status_code == 409
    assert "Typed and kept" in text_of(response)


# -- delete ------------------------------------------------------


def test_a_proposed_action_is_deleted_with_its_draft_and_its_history_stays(desk):
    action = ActionFactory(plan=PlanFactory(number=8), title="Out with it")
    TermsFactory(action=action)
    assert "Out with it" in text_of(desk.get("/plans/8/actions/1/delete/"))
    data = {"idempotency_key": "0123456789abcdef0123"}
    assert desk.post("/plans/8/actions/1/delete/", data).url == "/plans/8/"
    assert Action.objects.count() == 0
    events = Action.pgh_event_models["delete"].objects.filter(pgh_obj=action.pk, pgh_label="delete")
    assert [event.pgh_context["verb"] for event in events] == ["delete"]
    assert desk.post("/plans/8/actions/1/delete/", data).url == "/plans/8/"


KEPT = {
    "tabled plan": ("tabled", "", "The plan is tabled."),
    "adopted plan": ("adopted", "agreed", "only by amendment"),
    "tabled terms": ("draft", "tabled", "Its terms of reference are tabled."),
    "agreed terms": ("draft", "agreed", "what is agreed is not deleted"),
}


@pytest.mark.parametrize(("plan_status", "terms", "why"), KEPT.values(), ids=KEPT)
def test_what_is_tabled_agreed_or_adopted_is_not_deleted(desk, plan_status, terms, why):
    action = ActionFactory(plan=PlanFactory(number=8, status=plan_status))
    if terms:
        TermsFactory(action=action, status=terms)
    for response in (desk.get("/plans/8/actions/1/delete/"), post_new(desk, "/plans/8/actions/1/delete/")):
        assert (response.status_code, why in text_of(response)) == (409, True)
    assert Action.objects.count() == 1


def test_the_lead_does_not_delete_its_action(client):
    ActionFactory(plan=PlanFactory(number=8))
    client.force_login(delegate("BE"))
    assert client.get("/plans/8/actions/1/delete/").status_code == 403


# -- steps -------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (lambda: delegate("BE", role="submitter"), 302),
        (lambda: delegate("BE", role="editor"), 403),
        (lambda: delegate("DE", role="submitter"), 403),
        (secretariat, 302),
        (committee, 403),
    ],
)
def test_submitters_of_the_lead_and_the_secretariat_start_an_action(client, person, status):
    ActionFactory(plan=PlanFactory(number=7, status="adopted"))
    client.force_login(person())
    assert client.post("/plans/7/actions/1/steps/start/").status_code == status
    assert Action.objects.get().status == ("in_progress" if status == 302 else "planned")


def test_an_action_is_discontinued_by_the_form_of_the_decision(desk):
    action = ActionFactory(plan=PlanFactory(number=7, status="adopted"))
    expected = f"/decisions/record/actionplans.action/{action.pk}/discontinue/"
    assert desk.get("/plans/7/actions/1/steps/discontinue/").url == expected


def test_an_action_may_continue_one_of_an_earlier_plan(desk):
    earlier = ActionFactory(plan=PlanFactory(status="adopted", number=7))
    PlanFactory(number=8)
    offered = desk.get("/plans/8/actions/new/").context["form"].fields["continues"].queryset
    assert list(offered) == [earlier]
    post_new(desk, "/plans/8/actions/new/", **new_action(continues=str(earlier.pk)))
    page = text_of(desk.get("/plans/8/actions/1/"))
    assert "Action 7.1" in page
    assert "Action 8.1" in text_of(desk.get("/plans/7/actions/1/"))


# -- queries -----------------------------------------------------


@pytest.mark.parametrize("place", ["", "edit/"])
def test_the_queries_of_an_action_do_not_grow_with_what_belongs_to_it(desk, place):
    action = ActionFactory(plan=PlanFactory(number=8))
    TermsFactory(action=action)
    part(action, "EE")
    url = f"/plans/8/actions/1/{place}"
    queries(desk, url)
    first = queries(desk, url)
    for number in range(29):
        part(action, f"X{number}")
    strategy = StrategyFactory()
    for code in ("A.MS.b", "B.MS.a", "C.CCWP.e"):
        action.served.create(objective=ObjectiveFactory(strategy=strategy, code=code))
    ActionFactory(plan=action.plan, continues=action, starts_on=date(2026, 2, 1))
    assert queries(desk, url) == first
    assert first <= 15
