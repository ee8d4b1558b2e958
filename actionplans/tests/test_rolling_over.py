"""Roll-over: unfinished actions go on in a later plan as copies, and the old plan stays as it is."""

import threading
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from accounts.tests.factories import DelegationFactory, delegate, secretariat
from actionplans.models import Action, ActionParticipant, ActionPlan, Indicator, Milestone, TermsOfReference
from actionplans.rolling_over import moved
from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    TermsFactory,
    withdraw,
)
from actionplans.tests.pages import errors_of, post_edit, post_new, queries, text_of
from actionplans.tests.rolled import SECTIONS, URL, copy, new, of, old, rows

__all__ = ["new", "old"]  # the fixtures
pytestmark = pytest.mark.django_db


# -- choosing and looking ---------------------------------------------------------------


def test_planned_actions_and_those_in_progress_are_offered(desk, old, new):
    response = desk.get(URL)
    assert rows(response) == [(1, "", True), (2, "", True)]
    assert response.context["previews"] == []
    assert "Version 1" in text_of(response)


def test_the_preview_says_what_would_be_added_and_writes_nothing(desk, old, new):
    keys = of(old, 1, 2)
    response = desk.get(f"{URL}?to=8&show=1&action={keys[0]}&action={keys[1]}")
    previews = response.context["previews"]
    assert [(preview.number, preview.one.action.number) for preview in previews] == [(2, 1), (3, 2)]
    assert previews[0].days == [("Guide", date(2026, 8, 31), date(2028, 2, 29))]
    assert "Copy 2 actions" in text_of(response)
    assert Action.objects.filter(plan=new).count() == 1


def test_the_preview_names_withdrawn_objectives_and_a_lead_that_is_no_member(desk, old, new):
    action = ActionFactory(
        plan=old, objectives=[ObjectiveFactory(code="C.CCWP.e")],
        lead=DelegationFactory(code="UK", member_until=date(2026, 12, 31)),
    )  # fmt: skip
    withdraw("C.CCWP.e")
    response = desk.get(f"{URL}?to=8&show=1&action={action.pk}")
    preview = response.context["previews"][0]
    assert [(gone.code, gone.said) for gone in preview.withdrawn] == [
        ("C.CCWP.e", "withdrawn with version 2")
    ]
    page = text_of(response)
    assert "is not a member of the working party on" in page
    assert "It serves no objective of the strategy in force." in page
    assert "Keep them, named as withdrawn" in page


NO_CHOICE = [
    "show=1",
    "show=1&to=8",
    "action=x",
    "action=999999",
    "action=%00&x=1",
    "show=1&to=99&action=1",
    "to=%E2%80%AE",
]


@pytest.mark.parametrize("query", NO_CHOICE)
def test_a_wrong_choice_shows_no_preview_and_breaks_nothing(desk, old, new, query):
    response = desk.get(f"{URL}?{query}")
    assert response.status_code == (400 if "%00" in query else 200)
    if response.status_code == 200:
        assert response.context["previews"] == []
        assert ("There is a problem" in text_of(response)) == ("show" in query or "action" in query)


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("9", "Plan 9 is tabled: only a draft takes up actions. To use it, return it to draft first."),
        ("6", "Plan 6 does not begin after plan 7."),
        ("7", "Plan 7 is adopted: only a draft takes up actions."),
        ("99", "There is no plan “99”."),
        ("٨", "There is no plan “٨”."),
    ],
)
def test_a_plan_that_cannot_take_them_up_is_named_with_the_reason_and_those_that_can(
    desk, old, new, to, said
):
    PlanFactory(number=6, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    PlanFactory(number=9, status="tabled", starts_on=date(2029, 1, 1), ends_on=date(2030, 6, 30))
    response = desk.get(URL, {"to": to})
    page = text_of(response)
    assert said in page
    assert 'href="?to=8"' in page
    assert "Show what would be copied" not in page
    assert response.context["target"] is None
    refused = post_new(desk, URL, to=to, action=of(old, 1), reason="Unfinished.")
    assert refused.status_code == 422
    assert said in text_of(refused)


def test_without_a_later_draft_the_page_leads_to_a_new_plan(desk, old):
    PlanFactory(number=6, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    response = desk.get(URL)
    assert rows(response) == [(1, "", False), (2, "", False)]
    assert 'href="/plans/new/"' in text_of(response)


@pytest.mark.parametrize("status", ["draft", "tabled", "withdrawn"])
def test_only_an_adopted_plan_hands_on(desk, status):
    plan = PlanFactory(number=7, status=status)
    action = ActionFactory(plan=plan)
    PlanFactory(number=8)
    assert desk.get(URL).status_code == 409
    assert post_new(desk, URL, to=8, action=action.pk, reason="x").status_code == 422
    assert Action.objects.count() == 1


def test_only_the_secretariat_rolls_over(client, old, new):
    client.force_login(delegate("BE"))
    for url in (URL, "/plans/7/carry-over/"):
        assert client.get(url).status_code == 403
    assert copy(client, old, 1).status_code == 403


# -- the copies ---------------------------------------------------------------------------


def test_a_copy_has_everything_but_the_days_and_names_what_it_continues(desk, old, new):
    response = copy(desk, old, 2)
    assert response.url == f"{URL}?to=8"
    was, made = old.actions.get(number=2), new.actions.get(number=2)
    assert (made.title, made.summary, made.lead, made.status) == (
        was.title,
        was.summary,
        was.lead,
        "proposed",
    )
    assert (made.continues, made.starts_on, made.ends_on) == (was, None, None)
    assert list(made.objectives.values_list("code", flat=True)) == ["A.MS.a"]
    parts = ActionParticipant.objects.filter(action=made).values_list("delegation__code", "role")
    assert sorted(parts) == [("EE", "co_lead"), ("NO", "participant")]
    terms = made.terms.get()
    assert (terms.version, terms.status, terms.agreement) == (1, "draft", None)
    assert {name: getattr(terms, name) for name in SECTIONS} == SECTIONS
    assert terms.milestones.values_list("order", "title", "due_on", "text").get() == (
        1, "Guide", date(2028, 2, 29), "In print",
    )  # fmt: skip
    assert terms.indicators.values_list("title", "unit", "baseline", "target").get() == (
        "Guides read",
        "guides",
        0,
        12,
    )


def test_everything_that_is_copied_is_in_the_history_with_the_reason(desk, old, new):
    copy(desk, old, 1, reason="The laboratories were late.")
    made = new.actions.get(number=2)
    found = [
        (Action, {"pgh_obj": made.pk}),
        (ActionParticipant, {"action": made.pk}),
        (TermsOfReference, {"action": made.pk}),
        (Milestone, {"terms__action": made.pk}),
    ]
    for model, key in found:
        context = model.pgh_event_models["insert"].objects.filter(**key).latest("pgh_id").pgh_context
        assert (context["verb"], context["note"]) == ("roll_over", "The laboratories were late.")
    page = text_of(desk.get(f"/history/action/{made.pk}/"))
    assert "Rolled over from an earlier plan" in page
    assert "The laboratories were late." in page


def test_the_old_plan_is_not_touched_by_the_roll_over_nor_by_an_edit_of_the_copy(desk, old, new):
    kept = {
        Action: "plan",
        ActionParticipant: "action__plan",
        TermsOfReference: "action__plan",
        Milestone: "terms__action__plan",
        Indicator: "terms__action__plan",
    }

    def state():
        return [
            list(kind.objects.filter(**{path: old}).order_by("pk").values()) for kind, path in kept.items()
        ]

    before = state()
    copy(desk, old, 1)
    assert post_edit(desk, "/plans/8/actions/2/edit/", title="Another title").status_code == 302
    response = post_edit(
        desk, "/plans/8/actions/2/terms/edit/", main_goals="Other goals", **{"milestones-0-title": "Other"}
    )
    assert response.status_code == 302
    assert new.actions.get(number=2).terms.get().milestones.get().title == "Other"
    assert state() == before


def test_the_same_key_twice_copies_once(desk, old, new):
    data = {"idempotency_key": "a" * 36, "to": 8, "action": of(old, 1), "reason": "Unfinished."}
    first, second = desk.post(URL, data), desk.post(URL, data)
    assert (first.status_code, second.url) == (302, first.url)
    assert new.actions.count() == 2


def test_an_action_that_is_there_already_is_shown_and_refused(desk, old, new):
    copy(desk, old, 1)
    assert rows(desk.get(URL)) == [(1, "8.2", False), (2, "", True)]
    response = copy(desk, old, 1, 2)
    assert response.status_code == 409
    assert "Action 7.1 goes on in plan 8 already, as 8.2." in text_of(response)
    assert new.actions.count() == 2


def test_a_finished_action_and_a_tabled_plan_are_refused(desk, old, new):
    assert errors_of(copy(desk, old, 3))["action"] == [
        "One of these actions is not among those that can go on. Choose once more."
    ]
    ActionPlan.objects.filter(number=8).update(status="tabled")
    assert errors_of(copy(desk, old, 1))["to"] == ["Choose a plan that is a draft and begins later."]
    assert new.actions.count() == 1


@pytest.mark.parametrize("reason", ["", " ", "a\0b", "a\u202eb"])
def test_a_reason_is_asked_for(desk, old, new, reason):
    assert list(errors_of(copy(desk, old, 1, reason=reason))) == ["reason"]
    assert new.actions.count() == 1


@pytest.mark.parametrize(("choice", "kept"), [("leave", ["A.MS.a"]), ("keep", ["A.MS.a", "C.CCWP.e"])])
def test_withdrawn_objectives_are_left_out_or_kept(desk, old, new, choice, kept):
    ActionFactory(plan=old, objectives=[ObjectiveFactory(code="A.MS.a"), ObjectiveFactory(code="C.CCWP.e")])
    withdraw("C.CCWP.e")
    assert list(errors_of(copy(desk, old, 4))) == ["withdrawn"]
    assert copy(desk, old, 4, withdrawn=choice).status_code == 302
    codes = new.actions.get(number=2).objectives.order_by("code").values_list("code", flat=True)
    assert list(codes) == kept


def test_a_deleted_copy_or_a_withdrawn_plan_leaves_the_action_to_be_offered_again(desk, old, new):
    copy(desk, old, 1)
    assert post_new(desk, "/plans/8/actions/2/delete/").status_code == 302
    assert rows(desk.get(URL)) == [(1, "", True), (2, "", True)]
    copy(desk, old, 1)
    desk.post("/plans/8/steps/withdraw/", {"reason": "Overtaken."})
    PlanFactory(number=9, starts_on=date(2027, 7, 1), ends_on=date(2028, 12, 31))
    response = desk.get(URL)
    assert rows(response) == [(1, "", True), (2, "", True)]
    assert "Action 8.2" not in text_of(desk.get("/plans/7/actions/1/"))
    assert "No action of a later plan continues it yet." in old.actions.get(number=1).why_not("carry_over")


def test_an_action_that_goes_on_in_another_plan_names_its_copy_and_is_not_copied_again(desk, old, new):
    copy(desk, old, 1)
    PlanFactory(number=9, starts_on=date(2029, 1, 1), ends_on=date(2030, 6, 30))
    response = desk.get(f"{URL}?to=9")
    assert rows(response) == [(1, "", False), (2, "", True)]
    assert 'href="/plans/8/actions/2/">Action 8.2</a>' in text_of(response)
    assert "Carry over Action 7.1 alone" in text_of(response)
    response = copy(desk, old, 1, to=9)
    assert response.status_code == 409
    assert "Action 7.1 goes on in plan 8 already, as 8.2." in text_of(response)
    assert Action.objects.filter(continues__number=1).count() == 1


def test_the_preview_names_who_takes_part_without_being_a_member(desk, old, new):
    action = old.actions.get(number=1)
    gone = DelegationFactory(code="UK", member_until=date(2026, 12, 31))
    ActionParticipant.objects.create(action=action, delegation=gone)
    page = text_of(desk.get(f"{URL}?to=8&show=1&action={action.pk}"))
    named = f"Not members of the working party from 1 July 2027 to 31 December 2028: {gone}, participant."
    assert named in page
    assert copy(desk, old, 1).status_code == 302
    assert new.actions.get(number=2).parts.filter(delegation=gone).exists()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 1), date(2027, 7, 1)),
        (date(2026, 8, 31), date(2028, 2, 29)),
        (date(2027, 6, 30), date(2028, 12, 30)),
        (date(2030, 1, 1), date(2028, 12, 31)),
        (date(2020, 1, 1), date(2027, 7, 1)),
    ],
)
def test_a_day_keeps_its_distance_and_stays_within_the_plan(day, expected):
    old = ActionPlan(starts_on=date(2026, 1, 1), ends_on=date(2027, 6, 30))
    assert moved(day, old, ActionPlan(starts_on=date(2027, 7, 1), ends_on=date(2028, 12, 31))) == expected


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_copies_and_the_others_read_why_not(old, new):
    person, answers = secretariat(), []

    def press():
        browser = Client()
        browser.force_login(person)
        answers.append(copy(browser, old, 1).status_code)
        connection.close()

    threads = [threading.Thread(target=press) for _n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409, 409, 409, 409]
    assert new.actions.count() == 2


# -- the ways there, queries -------------------------------------------------------------------


def test_both_plans_lead_to_the_roll_over(desk, old, new):
    assert f'href="{URL}"' in text_of(desk.get("/plans/7/"))
    assert f'href="{URL}?to=8"' in text_of(desk.get("/plans/8/"))


def test_the_queries_do_not_grow_with_the_actions(desk, old, new):
    def cost():
        chosen = "&".join(f"action={pk}" for pk in of(old, 1, 2))
        return queries(desk, URL), queries(desk, f"{URL}?to=8&show=1&{chosen}")

    cost()
    first = cost()
    for _n in range(6):
        action = ActionFactory(plan=old, status="in_progress")
        terms = TermsFactory(action=action)
        Milestone.objects.create(terms=terms, order=1, title="Guide", due_on=date(2026, 8, 31))
    copy(desk, old, 4)
    assert cost() == first
    assert max(first) <= 15
