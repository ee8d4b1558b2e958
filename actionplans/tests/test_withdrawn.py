"""An action keeps its link to an objective that the strategy has withdrawn, and every page of the action says so."""

from datetime import UTC, date, datetime

import pghistory
import pytest

from actionplans.tests.factories import (
    ActionFactory,
    ObjectiveFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    withdraw,
)
from actionplans.tests.pages import post_edit, queries, text_of
from actionplans.tests.tables import bring_in, csv_file, line, send

pytestmark = pytest.mark.django_db
URL = "/plans/8/actions/1/"
SAID = "To do A.MS.b (withdrawn with version 2)"


def objectives(*codes):
    strategy = StrategyFactory()
    return [ObjectiveFactory(strategy=strategy, code=code) for code in codes]


def action_serving(*codes):
    """Action 8.1, which serves A.MS.b and perhaps more; then A.MS.b is withdrawn."""
    plan = PlanFactory(number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    action = ActionFactory(plan=plan, title="First", objectives=objectives("A.MS.b", *codes))
    TermsFactory(action=action, expected_outcome="A guide")
    withdraw("A.MS.b")
    return action


def served(action):
    return set(action.objectives.values_list("code", flat=True))


def offered(browser):
    """The boxes of the form by their codes."""
    field = browser.get(f"{URL}edit/").context["form"]["objectives"]
    groups = field.field.widget.optgroups("objectives", [str(pk) for pk in field.value()])
    boxes = [box for _group, options, _index in groups for box in options]
    return {box["label"].partition(" – ")[0]: box for box in boxes}


def ticked(browser):
    """What the form sends as it stands, by code: the boxes that are there and ticked."""
    return {code: str(box["value"]) for code, box in offered(browser).items() if box["selected"]}


@pytest.mark.parametrize("codes", [(), ("A.MS.a",)])
def test_an_action_saved_unchanged_keeps_what_the_strategy_has_withdrawn(desk, codes):
    action = action_serving(*codes)
    assert offered(desk)["A.MS.b"]["label"] == f"A.MS.b – {SAID}"
    assert set(ticked(desk)) == {"A.MS.b", *codes}
    answer = post_edit(desk, f"{URL}edit/", title="Second", objectives=list(ticked(desk).values()))
    assert answer.status_code == 302
    action.refresh_from_db()
    assert (action.title, served(action)) == ("Second", {"A.MS.b", *codes})


def test_only_unticking_takes_a_withdrawn_objective_away_and_then_it_is_offered_no_longer(desk):
    action = action_serving("A.MS.a")
    post_edit(desk, f"{URL}edit/", objectives=[ticked(desk)["A.MS.a"]])
    assert served(action) == {"A.MS.a"}
    assert "A.MS.b" not in offered(desk)


def test_a_new_action_is_not_offered_what_is_withdrawn(desk):
    action_serving()
    assert "withdrawn" not in text_of(desk.get("/plans/8/actions/new/"))


def test_a_file_keeps_a_withdrawn_objective_and_links_no_action_anew_to_it(desk):
    action = action_serving()
    content = csv_file(line(number="1", title="First", objectives="A.MS.b C.CCWP.e", lead="BE",
                            expected_outcome="A guide"))  # fmt: skip
    bring_in(desk, content)
    assert served(action) == {"A.MS.b", "C.CCWP.e"}
    page = text_of(
        desk.get(send(desk, csv_file(line(number="2", title="New", objectives="A.MS.b A.MS.a"))).url)
    )
    assert "Not in the strategy in force: A.MS.b." in page


def test_the_page_of_an_action_and_its_terms_name_what_is_withdrawn(desk):
    action_serving()
    page = desk.get(URL)
    assert '<a href="/strategies/strategy-2009/objectives/A.MS.b/">A.MS.b</a>' in page.content.decode()
    assert 'To do A.MS.b <span class="quiet">(withdrawn with version 2)</span>' in text_of(page)
    assert "It serves no objective" not in text_of(page)
    assert SAID in text_of(desk.get(f"{URL}terms/"))


@pytest.mark.parametrize("place", ["", "edit/", "terms/"])
def test_many_withdrawn_objectives_cost_no_more_queries_than_one(desk, place):
    action = action_serving("A.MS.a", "C.CCWP.e", "B.MS.a")
    queries(desk, f"{URL}{place}")
    first = queries(desk, f"{URL}{place}")
    withdraw("C.CCWP.e", "B.MS.a", "B.MS.a.ii")
    assert queries(desk, f"{URL}{place}") == first
    assert served(action) == {"A.MS.a", "A.MS.b", "B.MS.a", "C.CCWP.e"}


def test_the_page_of_a_plan_tells_actions_of_withdrawn_objectives_from_those_of_none(desk):
    plan = action_serving().plan
    ActionFactory(plan=plan, number=2, objectives=objectives("A.MS.a", "A.MS.b"))
    ActionFactory(plan=plan, number=3, objectives=[])
    groups = desk.get("/plans/8/").context["groups"]
    assert [(text, [action.number for action in actions]) for _letter, text, actions in groups] == [
        ("Aim A", [2]),
        ("Serving only withdrawn objectives: A.MS.b", [1]),
        ("Without an objective of the strategy in force", [3]),
    ]


def test_on_a_day_an_action_is_read_with_what_was_withdrawn_by_then(desk):
    with pghistory.context(at=datetime(2026, 1, 10, tzinfo=UTC).isoformat()):
        action_serving()
    before, after = (text_of(desk.get(URL, {"on": day})) for day in ("2026-02-28", "2026-03-01"))
    assert "To do A.MS.b" in before and "withdrawn with" not in before
    assert 'To do A.MS.b <span class="quiet">(withdrawn with version 2)' in after
