"""The time line of a plan counts what still runs, and the milestones by the days that count."""

from datetime import date

import pytest

from accounts.tests.factories import committee, secretariat
from actionplans.models import Action, Extension, Milestone, MilestoneReached
from actionplans.tests.factories import ActionFactory, TermsFactory, plan_with, put
from actionplans.tests.pages import text_of
from actionplans.timeline import headline
from publishing.workplan import Work

pytestmark = pytest.mark.django_db
BEGIN, END, TODAY = date(2027, 1, 1), date(2028, 6, 30), date(2027, 10, 5)


@pytest.fixture
def plan():
    """Plan 8, adopted, with three planned actions."""
    plan = plan_with("adopted", number=8, starts_on=BEGIN, ends_on=END)
    for number in (2, 3):
        TermsFactory(action=ActionFactory(plan=plan, number=number, status="planned"), status="agreed")
    return plan


@pytest.fixture
def desk(client):
    client.force_login(secretariat())
    return client


def milestone(plan, number, title, due_on, later=None, reached=None):
    action = plan.actions.get(number=number)
    put(action.terms.get(), "superseded")
    terms = TermsFactory(action=action, version=2)
    one = Milestone.objects.create(terms=terms, order=1, title=title, due_on=due_on)
    put(terms, "agreed")
    if later:
        extension = Extension.objects.ask(one, later, "Ships are late.", by=secretariat())
        extension.take("agree", by=secretariat(), note="As asked.")
    if reached:
        MilestoneReached.objects.create(milestone=one, reached_on=reached)
    return one


def shown(desk):
    return text_of(desk.get("/plans/8/")).replace("\xa0", " ")


def table(desk):
    return desk.get("/plans/8/timeline.csv").content.decode("utf-8-sig")


def test_the_agreed_later_day_is_the_one_that_is_drawn_and_told(desk, plan):
    milestone(plan, 1, "First count", date(2027, 6, 30), later=date(2027, 11, 30))
    assert "Milestone: First count,,2027-11-30" in table(desk)
    assert "2027-06-30" not in table(desk)
    assert "Next milestone: First count (8.1), 30 November 2027." in shown(desk)
    desk.force_login(committee())
    assert "Milestone: First count,,2027-11-30" in table(desk)


def test_what_is_reached_is_not_next(desk, plan):
    milestone(plan, 1, "First count", date(2028, 1, 31), reached=date(2027, 1, 31))
    milestone(plan, 2, "Second count", date(2028, 2, 28))
    assert "Next milestone: Second count (8.2), 28 February 2028." in shown(desk)


@pytest.mark.parametrize("state", ["completed", "partly_achieved", "discontinued", "carried_over"])
def test_what_has_ended_does_not_run(plan, desk, state):
    milestone(plan, 1, "First count", date(2028, 1, 31))
    Action.objects.filter(plan=plan, number=1).update(status=state)
    page = shown(desk)
    assert "First count (8.1)" not in page
    assert "2 actions are to begin" in page or "of 3 actions run today. 1 has ended." in page


def told(plan, states, milestones=(), today=TODAY):
    """The sentence for actions of all the plan's time, the open ones with these milestones."""
    works = [(Work(f"8.{n}", "", BEGIN, END, "planned", ""), milestones) for n in range(states.count("open"))]
    return headline(plan, works, len(states), today)


def test_the_sentence_fits_any_number(plan):
    assert told(plan, ["open"] * 3) == "By their days, 3 of 3 actions run today. No milestone is set."
    assert told(plan, ["open", "over", "over"]) == "By their days, 1 of 3 actions run today. 2 have ended."
    assert told(plan, ["over"]) == "The action has ended."
    assert told(plan, ["over"] * 2) == "All 2 actions have ended."
    assert told(plan, ["over"] * 2, today=date(2026, 1, 1)) == "All 2 actions have ended."
    assert told(plan, ["open", "over"], today=date(2026, 1, 1)).startswith(
        "1 action is to begin with the plan"
    )
    assert told(plan, ["over"] * 2, today=date(2028, 7, 1)).startswith("The time of 2 actions was over")


@pytest.mark.parametrize("said_again", [True, False], ids=["with the same day", "with a day of its own"])
def test_a_later_day_stays_agreed_in_new_terms_that_say_the_same_day(desk, plan, said_again):
    old = milestone(plan, 1, "First count", date(2027, 6, 30), later=date(2027, 11, 30))
    put(old.terms, "superseded")
    terms = TermsFactory(action=old.terms.action, version=3)
    day = old.due_on if said_again else date(2027, 8, 31)
    new = Milestone.objects.create(terms=terms, order=1, title="First count", due_on=day)
    put(terms, "agreed")
    wanted = date(2027, 11, 30) if said_again else day
    assert Milestone.objects.get(pk=new.pk).due_in_force == wanted
    assert f"Milestone: First count,,{wanted}" in table(desk)
    page = text_of(desk.get("/plans/8/actions/1/dates/")).replace("\xa0", " ")
    assert ("30 November 2027" in page, "Ships are late." in page) == (said_again, said_again)
