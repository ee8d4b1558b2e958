"""The list of plans, one plan, its forms and steps."""

from datetime import date

import pytest

from accounts.tests.factories import (
    DelegationFactory,
    administrator,
    committee,
    delegate,
    third_party,
)
from actionplans.models import ActionPlan
from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    part,
    plan_with,
)
from actionplans.tests.pages import errors_of, messages_of, post_edit, post_new, queries, text_of

pytestmark = pytest.mark.django_db


# -- the list ----------------------------------------------------


def test_the_list_shows_deadline_adoption_actions_and_state(desk):
    plan_with("adopted", number=7, adopted_on=date(2025, 10, 1))
    plan_with("adopted", number=8, adopted_on=date(2027, 5, 3))
    page = text_of(desk.get("/plans/"))
    assert "First plan" in page
    assert "30 April 2027" in page
    assert "after the deadline" in page
    assert "Create the next plan" in page


def test_the_list_shows_a_third_party_number_period_and_own_actions_only(client):
    action = ActionFactory(plan=PlanFactory(status="adopted", number=7, title="Hidden title"))
    ActionFactory(plan=action.plan)
    part(action, "NO")
    client.force_login(third_party("NO"))
    response = client.get("/plans/")
    assert [(plan.number, plan.action_count, is_whole) for plan, is_whole in response.context["rows"]] == [
        (7, 1, False)
    ]
    assert "Hidden title" not in text_of(response)
    assert "Only some of its actions are open to you." in text_of(response)


def test_who_sees_no_plan_reads_why_the_list_is_empty(client):
    PlanFactory()
    client.force_login(administrator())
    assert "There is no plan that is shown to you." in text_of(client.get("/plans/"))


# -- a new plan --------------------------------------------------


def test_the_next_number_and_the_18_months_after_the_latest_plan_are_proposed(desk):
    PlanFactory(status="adopted", number=7)
    form = desk.get("/plans/new/").context["form"]
    proposed = (form["number"].value(), form["starts_on"].value(), form["ends_on"].value())
    assert proposed == ("8", date(2027, 7, 1), date(2028, 12, 31))


def test_an_empty_end_is_18_months_after_the_begin_less_a_day(desk):
    StrategyFactory()
    response = post_new(desk, "/plans/new/", number="1", starts_on="2026-08-31", ends_on="")
    assert response.url == "/plans/1/"
    plan = ActionPlan.objects.get()
    assert (plan.ends_on, plan.status, plan.strategy.reference) == (date(2028, 2, 28), "draft", "15198/09")
    assert "31 August 2026 – 28 February 2028" in text_of(desk.get("/plans/1/")).replace("\xa0", " ")


def test_another_length_is_saved_with_a_warning(desk):
    StrategyFactory()
    response = post_new(desk, "/plans/new/", number="1", starts_on="2026-01-01", ends_on="31/12/2026")
    assert ActionPlan.objects.get().ends_on == date(2026, 12, 31)
    assert messages_of(response)[0] == (
        "The strategy plans by 18 months; this plan would then end on 30 June 2027."
    )


WRONG_PLANS = {
    "used number": ({"number": "7"}, {"number": ["A plan with this number already exists."]}),
    "no number": ({"number": ""}, {"number": ["This field is required."]}),
    "number with letters": ({"number": "7a"}, "number"),
    "huge number": ({"number": "99999"}, "number"),
    "zero": ({"number": "0"}, "number"),
    "full-width digits": ({"number": "８"}, "number"),
    "end before begin": (
        {"ends_on": "2027-06-30"},
        {"ends_on": ["A plan ends on or after the day it begins."]},
    ),
    "overlap at the begin": (
        {"starts_on": "2027-06-30"},
        {"starts_on": ["The period overlaps plan 7, 1 January 2026 to 30 June 2027."]},
    ),
    "overlap at the end": (
        {"starts_on": "2025-01-01", "ends_on": "2026-01-01"},
        {"ends_on": ["The period overlaps plan 7, 1 January 2026 to 30 June 2027."]},
    ),
    "a day that is none": ({"starts_on": "2027-02-30"}, "starts_on"),
    "two-digit year": ({"starts_on": "01/07/27"}, "starts_on"),
    "year 1900": ({"starts_on": "1900-07-01"}, "starts_on"),
    "proposed end beyond the calendar": ({"starts_on": "2100-06-01", "ends_on": ""}, "ends_on"),
    "no begin": ({"starts_on": ""}, {"starts_on": ["This field is required."]}),
    "hidden character": ({"title": "a\u202eb"}, "title"),
    "NUL": ({"title": "a\0b"}, "title"),
    "line break": ({"title": "a\nb"}, "title"),
    "too long": ({"title": "a" * 201}, "title"),
}


@pytest.mark.parametrize(("changes", "expected"), WRONG_PLANS.values(), ids=WRONG_PLANS)
def test_a_wrong_plan_is_asked_back_and_nothing_is_saved(desk, changes, expected):
    PlanFactory(status="adopted", number=7)
    right = {"number": "8", "title": "", "starts_on": "2027-07-01", "ends_on": "2028-12-31"}
    response = post_new(desk, "/plans/new/", **{**right, **changes})
    errors = errors_of(response)
    assert errors == expected if isinstance(expected, dict) else list(errors) == [expected]
    assert ActionPlan.objects.count() == 1
    assert "<title>Error: " in text_of(response)


def test_a_period_that_another_draft_has_is_asked_back_once(desk):
    PlanFactory(number=7, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    typed = {"number": "8", "starts_on": "2027-07-01", "ends_on": "2028-12-31"}
    response = post_new(desk, "/plans/new/", **typed)
    assert errors_of(response) == {
        "overlap_is_meant": [
            "The period overlaps plan 7, 1 January 2027 to 30 June 2028. It is being prepared, too:"
            " only one of them can be adopted.",
            "After plan 7 this plan would be to be adopted by 30 April 2028, past its own first day.",
        ]
    }
    assert 'type="checkbox" name="overlap_is_meant"' in text_of(response)
    assert ActionPlan.objects.count() == 1
    assert post_new(desk, "/plans/new/", overlap_is_meant="on", **typed).url == "/plans/8/"
    page = text_of(desk.get("/plans/8/"))
    assert "ts period overlaps plan 7, which is being prepared, too" in page
    assert "It overlaps plan 7. Only one of them can be adopted." in page
    assert post_edit(desk, "/plans/8/edit/", title="Other").status_code == 302  # the period is as it was
    assert list(errors_of(post_edit(desk, "/plans/8/edit/", starts_on="2027-08-01"))) == ["overlap_is_meant"]
    PlanFactory(number=9, starts_on=date(2030, 1, 1), ends_on=date(2031, 6, 30), status="withdrawn")
    assert post_edit(desk, "/plans/8/edit/", starts_on="2030-01-01", ends_on="2031-06-30").status_code == 302


def test_without_a_strategy_in_force_no_plan_is_made(desk):
    response = post_new(desk, "/plans/new/", number="1", starts_on="2026-01-01")
    assert errors_of(response) == {"strategy": ["This field is required."]}


@pytest.mark.parametrize("person", [delegate, committee, administrator, third_party])
def test_only_the_secretariat_makes_a_plan(client, person):
    client.force_login(person())
    assert client.get("/plans/new/").status_code == 403
    assert post_new(client, "/plans/new/", number="1", starts_on="2026-01-01").status_code == 403


# -- one plan ----------------------------------------------------


def test_the_actions_stand_under_their_aims(desk):
    plan = PlanFactory(number=8)
    second = ActionFactory(plan=plan, objectives=[ObjectiveFactory(code="C.CCWP.e")])
    first = ActionFactory(plan=plan, objectives=[ObjectiveFactory(code="A.MS.b")])
    none = ActionFactory(plan=plan, objectives=[])
    groups = desk.get("/plans/8/").context["groups"]
    assert [(letter, rows) for letter, _text, rows in groups] == [
        ("A", [first]),
        ("C", [second]),
        ("", [none]),
    ]


FILTERS = {
    "aim=A": [1, 3],
    "aim=C": [2, 3],
    "lead=FR": [2],
    "status=in_progress": [3],
    "aim=C&lead=BE": [3],
    "aim=B": [],
    "": [1, 2, 3],
    "aim=&lead=&status=": [1, 2, 3],
}


@pytest.fixture
def three_actions():
    plan = PlanFactory(status="adopted", number=7)
    ActionFactory(plan=plan)
    ActionFactory(
        plan=plan, lead=DelegationFactory(code="FR"), objectives=[ObjectiveFactory(code="C.CCWP.e")]
    )
    both = [ObjectiveFactory(code="A.MS.a"), ObjectiveFactory(code="C.CCWP.e")]
    ActionFactory(plan=plan, objectives=both, status="in_progress")


@pytest.mark.parametrize(("query", "numbers"), FILTERS.items())
def test_actions_are_filtered_by_the_address(desk, three_actions, query, numbers):
    groups = desk.get(f"/plans/7/?{query}").context["groups"]
    assert sorted(action.number for _letter, _text, rows in groups for action in rows) == numbers


BAD_FILTERS = [
    "aim=Z",
    "lead=1",
    "status=x",
    "aim=%00",
    "aim[]=A",
    "lead=" + "x" * 5000,
    "status=%E2%80%AE",
    "x=1",
]


@pytest.mark.parametrize("query", BAD_FILTERS)
def test_a_bad_filter_is_told_and_never_breaks_the_page(desk, three_actions, query):
    response = desk.get(f"/plans/7/?{query}")
    assert response.status_code == (400 if "%00" in query else 200)
    if query.split("=")[0] in {"aim", "lead", "status"} and "%00" not in query:
        assert "is not in the list. Choose one of the list." in text_of(response)


def test_who_sees_only_some_actions_reads_number_period_and_these(client):
    plan = PlanFactory(number=8, title="Hidden title")
    own = ActionFactory(plan=plan)
    other = ActionFactory(plan=plan, lead=DelegationFactory(code="FR"))
    client.force_login(delegate("BE"))
    response = client.get("/plans/8/")
    page = text_of(response)
    assert response.context["actions"] == [own]
    assert [text for text in ("Hidden title", other.title, "Draft", "Next step") if text in page] == []
    assert client.get("/plans/8/edit/").status_code == 403
    assert client.get("/plans/8/steps/table/").status_code == 403


@pytest.mark.parametrize("person", [lambda: delegate("DE"), committee, administrator, third_party])
def test_whoever_does_not_see_a_plan_is_told_nothing_of_it(client, person):
    PlanFactory(number=8)
    client.force_login(person())
    for place in ("8/", "8/edit/", "8/steps/table/", "8/actions/new/", "9/"):
        assert client.get(f"/plans/{place}").status_code == 404


def test_the_committee_reads_an_adopted_plan_without_being_asked_for_anything(client):
    plan_with("adopted", number=7)
    client.force_login(committee())
    page = text_of(client.get("/plans/7/"))
    assert "Next step" not in page
    assert "Edit the plan" not in page


# -- edit and steps ----------------------------------------------


def test_a_draft_is_edited(desk):
    PlanFactory(number=8)
    response = post_edit(desk, "/plans/8/edit/", title="The eighth", number="9")
    assert response.url == "/plans/9/"
    assert ActionPlan.objects.get().title == "The eighth"


def test_a_period_that_leaves_an_action_outside_is_refused(desk):
    plan = PlanFactory(number=8)
    ActionFactory(plan=plan, starts_on=plan.starts_on)
    response = post_edit(desk, "/plans/8/edit/", starts_on="2026-02-01")
    assert errors_of(response) == {"starts_on": ["These actions would lie outside the plan: 8.1."]}


LOCKED = [
    ("tabled", "The plan is tabled. Return it to draft to change it."),
    ("adopted", "The plan is adopted; it no longer changes."),
    ("withdrawn", "The plan is withdrawn; it no longer changes."),
]


@pytest.mark.parametrize(("status", "why"), LOCKED)
def test_a_locked_plan_says_why(desk, status, why):
    plan = PlanFactory(number=8)
    stale = desk.get("/plans/8/edit/").context["form"].row_version
    plan.delete()
    PlanFactory(number=8, status=status)
    for url in ("/plans/8/edit/", "/plans/8/actions/new/"):
        response = desk.get(url)
        assert (response.status_code, why in text_of(response)) == (409, True)
    data = {"row_version": stale, "number": "8", "title": "Typed and kept", "starts_on": "2026-01-01"}
    response = desk.post("/plans/8/edit/", data)
    assert response.status_code == 409
    assert "Typed and kept" in text_of(response)


def test_the_secretariat_tables_returns_and_withdraws_a_plan(desk):
    PlanFactory(number=8)
    assert desk.post("/plans/8/steps/table/").url == "/plans/8/"
    assert ActionPlan.objects.get().status == "tabled"
    desk.post("/plans/8/steps/return_to_draft/")
    assert ActionPlan.objects.get().status == "draft"
    assert desk.post("/plans/8/steps/withdraw/", {"reason": " "}).status_code == 422
    desk.post("/plans/8/steps/withdraw/", {"reason": "Overtaken."})
    assert ActionPlan.objects.get().status == "withdrawn"
    event = ActionPlan.pgh_event_models["insert"].objects.order_by("-pgh_id").first()
    assert (event.pgh_context["verb"], event.pgh_context["note"]) == ("withdraw", "Overtaken.")


def test_the_adoption_leads_to_the_form_of_the_decision(desk):
    plan = plan_with("tabled", number=8)
    expected = f"/decisions/record/actionplans.actionplan/{plan.pk}/adopt/"
    assert desk.get("/plans/8/steps/adopt/").url == expected


@pytest.mark.parametrize("verb", ["evaluate", "close"])
def test_the_steps_of_the_portal_itself_are_offered_to_nobody(desk, verb):
    plan_with("adopted", number=7)
    assert desk.get(f"/plans/7/steps/{verb}/").status_code == 403


def test_a_step_that_there_is_not_is_not_found(desk):
    PlanFactory(number=8)
    assert desk.get("/plans/8/steps/abolish/").status_code == 404


def test_a_plan_is_adopted_through_the_form_of_the_decision(desk):
    plan = plan_with("tabled", number=8)
    url = f"/decisions/record/actionplans.actionplan/{plan.pk}/adopt/"
    assert desk.get(url).status_code == 200
    unready = plan_with("tabled", terms="draft", number=9)
    page = text_of(desk.get(url.replace(str(plan.pk), str(unready.pk))))
    assert "/plans/9/actions/1/terms/" in page


# -- queries -----------------------------------------------------


def test_the_queries_of_the_list_do_not_grow_with_the_plans(desk):
    plan_with("adopted")
    queries(desk, "/plans/")
    first = queries(desk, "/plans/")
    for _n in range(29):
        plan_with("adopted")
    assert queries(desk, "/plans/") == first
    assert first <= 15


@pytest.mark.parametrize("status", ["draft", "tabled", "adopted"])
@pytest.mark.parametrize("query", ["", "?aim=A&lead=BE"])
def test_the_queries_of_a_plan_do_not_grow_with_its_actions(desk, status, query):
    plan = plan_with(status, number=8)
    queries(desk, "/plans/8/")
    first = queries(desk, f"/plans/8/{query}")
    for _n in range(29):
        TermsFactory(action=ActionFactory(plan=plan), status="agreed")
    assert queries(desk, f"/plans/8/{query}") == first
    assert first <= 15
