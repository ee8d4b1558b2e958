"""The parts of a draft are moved, withdrawn and taken back, each time with the reason."""

import pytest

from accounts.tests.factories import secretariat
from actionplans import amending
from actionplans.copying import begin_version
from actionplans.loading import stored_text
from actionplans.models import Action, Objective, StrategyVersion, Wording
from actionplans.tests.drafts import EDIT, WHY, changes, codes, stored_codes, words_of
from actionplans.tests.factories import ActionFactory, PlanFactory
from actionplans.tests.pages import errors_of, post_edit, post_new, queries, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("up", ["B.MS.b", "B.MS.a", "B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii", "B.MS.c"]),
        ("down", ["B.MS.a", "B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii", "B.MS.c", "B.MS.b"]),
    ],
)
def test_an_objective_moves_one_place_with_its_reason(desk, draft, direction, expected):
    assert "will stand" in text_of(desk.get(f"{EDIT}up-or-down/objective/B.MS.b/{direction}/"))
    post_new(desk, f"{EDIT}up-or-down/objective/B.MS.b/{direction}/", **WHY)
    assert [code for code in codes(draft) if code.startswith("B.MS.")] == expected
    assert stored_codes(draft) == codes(draft)
    assert [change[:3] for change in changes(draft)] == [("objective", "B.MS.b", "moved")]


def test_sub_points_addressees_aims_and_sections_move_among_their_own(desk, draft):
    for part, code in (
        ("objective", "B.MS.a.ii"),
        ("addressees", "C.CCWP"),
        ("aim", "B"),
        ("section", "I.2"),
    ):
        post_new(desk, f"{EDIT}up-or-down/{part}/{code}/up/", **WHY)
    order = stored_codes(draft)
    assert order == codes(draft)
    assert order.index("B.MS.a.ii") < order.index("B.MS.a.i")
    assert order[0] == "B.MS.a"
    assert order.index("C.CCWP.a") < order.index("C.MS.a")
    numbers = list(draft.sections.order_by("order").values_list("number", flat=True))
    assert numbers.index("I.2") < numbers.index("I.1")


@pytest.mark.parametrize(("code", "direction"), [("A.MS.a", "up"), ("A.MS.c", "down")])
def test_nothing_moves_beyond_its_own_list(desk, draft, code, direction):
    url = f"{EDIT}up-or-down/objective/{code}/{direction}/"
    assert desk.get(url).status_code == 409
    assert "already" in text_of(post_new(desk, url, **WHY))
    assert changes(draft) == []


def test_an_objective_moves_to_other_addressees_with_its_sub_points_and_keeps_its_code(desk, draft):
    block = draft.aims.get(letter="C").blocks.get(code="C.CCWP")
    after = words_of(draft, "C.CCWP.b")
    url = f"{EDIT}objectives/B.MS.a/move/"
    post_new(desk, url, place=f"{block.pk}-{after.pk}", letter="k", **WHY)
    order = stored_codes(draft)
    at = order.index("C.CCWP.b")
    assert order[at + 1 : at + 6] == ["B.MS.a", "B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii", "C.CCWP.c"]
    assert order == codes(draft)
    assert {words_of(draft, code).block for code in order[at + 1 : at + 5]} == {block}
    assert words_of(draft, "B.MS.a").letter == "k"
    assert [change[:3] for change in changes(draft)] == [("objective", "B.MS.a", "moved")]


@pytest.mark.parametrize(
    ("place", "letter", "expected"),
    [
        ("", "k", {"place": ["Choose where the objective goes."]}),
        ("9999999-0", "k", "place"),
        ("C.CCWP:", "a", {"letter": ["C.CCWP.a stands here under this letter already."]}),
        ("C.CCWP:", "k)", "letter"),
        ("B.MS:", "a", {"place": ["It stands there already."]}),
    ],
)
def test_a_wrong_place_is_asked_back(desk, draft, place, letter, expected):
    if place.endswith(":"):
        block = draft.aims.get(letter=place[0]).blocks.get(code=place[:-1])
        place = f"{block.pk}-0"
    errors = errors_of(post_new(desk, f"{EDIT}objectives/B.MS.a/move/", place=place, letter=letter, **WHY))
    assert errors == expected if isinstance(expected, dict) else list(errors) == [expected]
    assert changes(draft) == []


def test_a_change_of_place_leaves_a_trace_only_on_what_has_moved(desk, draft):
    post_new(desk, f"{EDIT}up-or-down/objective/C.MS.d/up/", **WHY)
    moved = Wording.pgh_event_models["update"].objects.filter(version=draft, pgh_label="update")
    assert set(moved.values_list("objective__code", flat=True)) == {"C.MS.d"}


# -- withdrawing and taking back -------------------------------------------------------------------------------------


def test_an_objective_is_withdrawn_with_its_sub_points_and_stays_with_its_links(desk, draft):
    post_new(desk, f"{EDIT}withdraw/objective/B.MS.a/", **WHY)
    gone = ["B.MS.a", "B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii"]
    assert [code for code in gone if code in codes(draft)] == []
    assert Objective.objects.filter(code__in=gone).count() == 4
    assert [change[:3] for change in changes(draft)] == [("objective", code, "withdrawn") for code in gone]
    page = text_of(desk.get(EDIT))
    assert "Withdrawn from this version" in page
    assert all(f"/take-back/objective/{code}/" in page for code in gone)


def test_the_withdrawal_of_an_objective_that_running_actions_serve_is_warned_about_and_keeps_the_links(
    desk, draft
):
    objective = Objective.objects.get(code="B.MS.a.ii")
    plan = PlanFactory(status="adopted", number=7, strategy=draft.strategy)
    action = ActionFactory(plan=plan, objectives=[objective], title="Shared routes")
    ended = ActionFactory(plan=plan, objectives=[objective], title="Ended", status="completed")
    page = desk.get(f"{EDIT}withdraw/objective/B.MS.a/")
    assert (page.context["running"], page.context["other_actions"]) == ([action], [ended])
    assert "A running action serves it" in text_of(page)
    assert "7.1 Shared routes" in text_of(page)
    post_new(desk, f"{EDIT}withdraw/objective/B.MS.a/", **WHY)
    assert list(Action.objects.get(pk=action.pk).objectives.all()) == [objective]
    assert draft.before_deciding("agree") == [
        "B.MS.a.ii is withdrawn, and 1 running action serves it. The link stays."
    ]


def test_a_withdrawal_tells_apart_what_is_left_without_an_objective_and_what_serves_another(desk, draft):
    plan = PlanFactory(status="adopted", number=7, strategy=draft.strategy)
    row = {code: Objective.objects.get(code=code) for code in ("B.MS.a", "B.MS.a.ii", "B.MS.b", "C.CCWP.e")}
    left = ActionFactory(plan=plan, objectives=[row["B.MS.a"], row["B.MS.a.ii"]])
    gone = ActionFactory(plan=plan, objectives=[row["B.MS.a"], row["B.MS.b"]])
    stays = ActionFactory(plan=plan, objectives=[row["B.MS.a"], row["C.CCWP.e"]])
    post_new(desk, f"{EDIT}withdraw/objective/B.MS.b/", **WHY)
    page = desk.get(f"{EDIT}withdraw/objective/B.MS.a/")
    assert page.context["left_without"] == [left, gone]
    assert page.context["serves_more"] == [(stays, ["C.CCWP.e"])]
    assert "These go on without an objective of this version:" in text_of(page)
    assert "This one serves another objective too, which stays:" in text_of(page)


def test_a_withdrawal_names_the_proposed_actions_that_would_then_serve_nothing(desk, draft):
    row = {code: Objective.objects.get(code=code) for code in ("B.MS.a", "C.CCWP.e")}
    plans = {
        status: PlanFactory(status=status, number=number, strategy=draft.strategy)
        for number, status in ((8, "draft"), (9, "tabled"), (10, "withdrawn"))
    }
    bare = [
        ActionFactory(plan=plans[status], objectives=[row["B.MS.a"]], title=f"Of a {status} plan")
        for status in ("tabled", "draft")
    ]
    more = ActionFactory(plan=plans["draft"], objectives=row.values())
    given_up = ActionFactory(plan=plans["withdrawn"], objectives=[row["B.MS.a"]])
    page = desk.get(f"{EDIT}withdraw/objective/B.MS.a/")
    assert page.context["proposed_bare"] == bare
    assert page.context["other_actions"] == [given_up, more]
    said = text_of(page)
    assert "2 proposed actions would serve nothing of this version" in said
    assert "8.1 Of a draft plan" in said
    assert "running" not in said
    assert "would serve nothing" not in text_of(desk.get(f"{EDIT}withdraw/objective/C.CCWP.e/"))


def test_the_queries_of_a_withdrawal_do_not_grow_with_the_actions(desk, draft):
    plans = [
        PlanFactory(status=status, number=number, strategy=draft.strategy)
        for number, status in ((7, "adopted"), (8, "draft"))
    ]
    row = {code: Objective.objects.get(code=code) for code in ("B.MS.a", "C.CCWP.e")}
    for plan in plans:
        ActionFactory(plan=plan, objectives=row.values())
        ActionFactory(plan=plan, objectives=[row["B.MS.a"]])
    first = queries(desk, f"{EDIT}withdraw/objective/B.MS.a/")
    for _n in range(9):
        for plan in plans:
            ActionFactory(plan=plan, objectives=row.values())
            ActionFactory(plan=plan, objectives=[row["B.MS.a"]])
    assert queries(desk, f"{EDIT}withdraw/objective/B.MS.a/") == first


def test_what_was_withdrawn_is_taken_back_as_it_was(desk, draft):
    before = stored_text(draft)
    post_edit(desk, f"{EDIT}objectives/B.MS.b/", text="Better words", **WHY)
    post_new(desk, f"{EDIT}withdraw/objective/B.MS.b/", **WHY)
    post_new(desk, f"{EDIT}withdraw/section/I.4/", **WHY)
    for part, code in (("objective", "B.MS.b"), ("section", "I.4")):
        assert desk.get(f"{EDIT}take-back/{part}/{code}/").status_code == 200
        assert post_new(desk, f"{EDIT}take-back/{part}/{code}/", **WHY).status_code == 302
    words = words_of(draft, "B.MS.b")
    assert words.text == "Better words"
    words.text = next(o.text for o in before.objectives if o.code == "B.MS.b")
    words.save()
    assert stored_text(draft) == before
    assert [change[2] for change in changes(draft)][-2:] == ["restored", "restored"]
    assert desk.get(f"{EDIT}take-back/objective/B.MS.b/").status_code == 404


def test_a_sub_point_comes_back_only_after_its_objective(desk, draft):
    before = stored_text(draft)
    post_new(desk, f"{EDIT}withdraw/objective/B.MS.a/", **WHY)
    response = post_new(desk, f"{EDIT}take-back/objective/B.MS.a.i/", **WHY)
    assert response.status_code == 409
    assert "It stands below B.MS.a. Take that back first." in text_of(response)
    for code in ("B.MS.a", "B.MS.a.i", "B.MS.a.iii", "B.MS.a.ii"):
        post_new(desk, f"{EDIT}take-back/objective/{code}/", **WHY)
    assert stored_text(draft) == before


def test_an_objective_whose_letter_was_taken_meanwhile_waits(desk, draft):
    post_new(desk, f"{EDIT}withdraw/objective/B.MS.b/", **WHY)
    post_edit(desk, f"{EDIT}objectives/B.MS.c/", letter="b", **WHY)
    response = post_new(desk, f"{EDIT}take-back/objective/B.MS.b/", **WHY)
    assert "The letter b now is that of B.MS.c." in text_of(response)
    assert "New routes are used." in text_of(response)


def test_an_objective_that_an_earlier_version_had_is_taken_back_under_its_code(desk, draft):
    with amending.amending(draft) as version:
        amending.withdraw(version, amending.find(version, "objective", "B.MS.b"), **WHY)
    draft.strategy.versions.filter(number=1).update(status="superseded")
    StrategyVersion.objects.filter(pk=draft.pk).update(status="in_force", in_force_from="2026-01-01")
    later = begin_version(draft.strategy, by=secretariat(), note="Again.")
    page = text_of(desk.get("/strategies/strategy-2009/versions/3/edit/"))
    assert "Objectives of earlier versions" in page
    url = "/strategies/strategy-2009/versions/3/edit/take-back/objective/B.MS.b/"
    assert url in page
    post_new(desk, url, **WHY)
    first = draft.strategy.versions.get(number=1)
    assert stored_text(later).objectives == stored_text(first).objectives
    assert "Objectives of earlier versions" not in text_of(
        desk.get("/strategies/strategy-2009/versions/3/edit/")
    )


@pytest.mark.parametrize(
    ("part", "code", "why"),
    [
        ("section", "II.1", "The aims stand in this section."),
        ("aim", "A", "Objectives stand under this aim."),
        ("addressees", "B.MS", "Objectives stand under these addressees."),
    ],
)
def test_what_holds_objectives_is_not_withdrawn(desk, draft, part, code, why):
    url = f"{EDIT}withdraw/{part}/{code}/"
    assert desk.get(url).status_code == 409
    assert why in text_of(post_new(desk, url, **WHY))
    assert changes(draft) == []


def test_an_empty_aim_is_withdrawn_and_taken_back_with_its_addressees(desk, draft):
    post_new(desk, f"{EDIT}aims/new/", letter="D", text="To look ahead", after="first", **WHY)
    post_new(desk, f"{EDIT}aims/D/addressees/new/", heading="For all:", addressees=["CCWP"], **WHY)
    post_new(desk, f"{EDIT}withdraw/addressees/D.CCWP/", **WHY)
    post_new(desk, f"{EDIT}take-back/addressees/D.CCWP/", **WHY)
    post_new(desk, f"{EDIT}withdraw/aim/D/", **WHY)
    assert draft.aims.count() == 3
    post_new(desk, f"{EDIT}take-back/aim/D/", **WHY)
    aim = draft.aims.get(letter="D")
    assert (aim.order, list(aim.blocks.values_list("code", flat=True))) == (1, ["D.CCWP"])
