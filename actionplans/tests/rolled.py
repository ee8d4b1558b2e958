"""What the tests of a roll-over share: the plan that ends, the one that follows, and choosing actions."""

from datetime import date

import pytest

from actionplans.models import Indicator, Milestone, TermsOfReference
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, part, put
from actionplans.tests.pages import post_new

URL = "/plans/7/roll-over/"
SECTIONS = dict.fromkeys(TermsOfReference.SECTIONS, "Written with care")


@pytest.fixture
def old():
    """An adopted plan from 2026 with actions planned, in progress and completed."""
    plan = PlanFactory(number=7, status="adopted", starts_on=date(2026, 1, 1), ends_on=date(2027, 6, 30))
    for status in ("planned", "in_progress", "completed"):
        action = ActionFactory(
            plan=plan, status=status, starts_on=date(2026, 2, 1), summary=f"It is {status}."
        )
        part(action, "EE", "co_lead")
        part(action, "NO")
        terms = TermsFactory(action=action, **SECTIONS)
        Milestone.objects.create(
            terms=terms, order=1, title="Guide", due_on=date(2026, 8, 31), text="In print"
        )
        Indicator.objects.create(
            terms=terms, order=1, title="Guides read", unit="guides", baseline=0, target=12
        )
        put(terms, "agreed")
    return plan


@pytest.fixture
def new(old):
    """The draft that follows, with one action of its own."""
    plan = PlanFactory(number=8, starts_on=date(2027, 7, 1), ends_on=date(2028, 12, 31))
    ActionFactory(plan=plan)
    return plan


def of(plan, *numbers):
    """The identities of some actions of a plan."""
    return [plan.actions.get(number=number).pk for number in numbers]


def copy(desk, old, *numbers, to=8, **data):
    """Choose actions and confirm the preview."""
    reason = {"reason": "Unfinished."} | data
    return post_new(desk, URL, to=to, action=of(old, *numbers), **reason)


def rows(response):
    """Number, number of the copy in the plan, whether it is offered: of each line of the page."""
    return [
        (one.action.number, one.copy.reference if one.copy else "", bool(box))
        for one, box in response.context["rows"]
    ]
