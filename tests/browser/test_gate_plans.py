"""The gate for the strategy, plans, actions and terms of reference, empty, full and with errors."""

import io
from datetime import datetime

import pytest
from django.core.management import call_command

from accounts.tests.factories import BodyFactory, DelegationFactory
from actionplans.models import Action, ActionObjective, Objective, Strategy, StrategyReview
from actionplans.reference import load_strategies
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, part
from council.tests.factories import MeetingFactory
from strategy_portal.dates import BRUSSELS
from strategy_portal.tests.scene import readers
from tests.browser.gate import gate

# Each state of a page: every run walks a page of every kind (`test_gate`), the long one walks these, too.
pytestmark = pytest.mark.long

TODAY = datetime.now(BRUSSELS).date().isoformat()
READ = [
    "/strategy/",
    "/strategy/objectives/B.MS.a/",
    "/strategy/objectives/C.MS.h/",
    "/strategies/",
    "/strategies/strategy-2003/",
    "/strategies/strategy-2009/reviews/",
    "/plans/",
    "/plans/7/",
    "/plans/7/actions/1/",
    "/plans/7/actions/1/terms/",
    *(f"{url}?on={TODAY}" for url in ("/strategy/", "/strategy/objectives/B.MS.a/")),
]
OF_A_DAY = [f"{url}?on={TODAY}" for url in ("/plans/", "/plans/7/", "/plans/7/actions/1/")]
WRITE = [
    "/strategies/strategy-2009/objectives/B.MS.a/predecessors/",
    "/strategies/strategy-2009/reviews/new/",
    "/plans/new/",
    "/plans/8/",
    "/plans/8/?group=lead&order=number",
    "/plans/8/edit/",
    "/plans/8/adopt/",
    "/plans/8/order/",
    "/plans/8/steps/withdraw/",
    "/plans/8/actions/new/",
    "/plans/8/actions/1/edit/",
    "/plans/8/actions/1/terms/",
    "/plans/8/actions/1/terms/2/steps/table/",
    "/plans/8/actions/2/",
    "/plans/8/actions/2/delete/",
    "/plans/8/actions/2/terms/new/",
]
LOCKED = [
    "/plans/7/edit/",
    "/plans/7/actions/new/",
    "/plans/7/actions/1/edit/",
    "/plans/8/actions/1/terms/new/",
]


@pytest.fixture
def full(people):
    """The strategy of 2009, an adopted plan and a draft with all that these pages show."""
    people("submitter")
    call_command("load_strategy", stdout=io.StringIO())
    load_strategies()
    strategy = Strategy.objects.get(slug="strategy-2009")
    StrategyReview.objects.create(
        strategy=strategy,
        meeting=MeetingFactory(body=BodyFactory(code="heads-of-customs", name="Heads of customs")),
        question="Is it to be amended?",
    )
    objectives = list(Objective.objects.filter(code__in=["A.MS.a", "B.MS.a.ii", "B.MS+COM.a"]))
    for number, status in ((7, "adopted"), (8, "draft")):
        plan = PlanFactory(number=number, status=status, strategy=strategy)
        for objective in (objectives, objectives[:1]):
            action = ActionFactory(plan=plan, objectives=objective, summary="Two pilots.\n\nThen a guide.")
            part(action, "EE", "co_lead")
            part(action, "NO")
        TermsFactory(action=plan.actions.get(number=1), status="agreed")
    TermsFactory(action=plan.actions.get(number=1), status="draft", background="Small ports")
    for code in ("FR", "DE", "EL"):
        DelegationFactory(code=code)


def at(live_server, addresses):
    return [live_server.url + address for address in addresses]


def test_pages_that_are_empty_pass(page_as, live_server):
    for role in ("secretariat", "administrator"):
        gate(page_as(role), *at(live_server, ["/strategy/", "/plans/"]))


@pytest.mark.parametrize("role", readers("secretariat", "submitter", "committee", "third_party"))
def test_pages_that_are_read_pass(role, page_as, full, live_server):
    gate(page_as(role), *at(live_server, READ))


@pytest.mark.parametrize("role", readers("secretariat", "committee"))
def test_pages_of_a_day_pass(role, page_as, full, live_server):
    gate(page_as(role), *at(live_server, OF_A_DAY))


def test_pages_that_ask_for_another_day_pass(page_as, full, live_server):
    page = page_as("secretariat")
    gate(page, *at(live_server, ["/strategy/?on=2009-01-01", "/plans/7/?on=2009-01-01"]), status=404)
    gate(page, *at(live_server, ["/plans/7/?on=soon"]), status=422)


def test_pages_of_a_review_pass(page_as, full, live_server):
    page, review = page_as("secretariat"), live_server.url + StrategyReview.objects.get().get_absolute_url()
    gate(page, review, f"{review}edit/")
    StrategyReview.objects.update(status="concluded", outcome="keep", conclusion="It serves.")
    gate(page, f"{review}steps/reopen/")


def test_pages_on_which_one_writes_pass(page_as, full, live_server):
    page = page_as("secretariat")
    gate(page, *at(live_server, [*WRITE, "/plans/7/?aim=Z&lead=x&status=1"]))
    gate(page, *at(live_server, LOCKED), status=409)


def test_pages_of_a_roll_over_pass(page_as, full, live_server):
    page, actions = page_as("secretariat"), Action.objects.filter(plan__number=7)
    gone = Objective.objects.create(strategy=actions[0].plan.strategy, code="C.CCWP.z", order=99)
    ActionObjective.objects.create(action=actions[0], objective=gone)
    chosen = "&".join(f"action={action.pk}" for action in actions)
    gate(page, *at(live_server, [f"/plans/7/roll-over/?to=8&show=1&{chosen}", "/plans/7/roll-over/?show=1"]))
    Action.objects.filter(plan__number=8, number=1).update(continues=actions[0])
    gate(page, *at(live_server, ["/plans/7/roll-over/", "/plans/7/carry-over/"]))


def test_pages_of_a_draft_pass_for_its_lead(page_as, full, live_server):
    gate(
        page_as("submitter"),
        *at(live_server, ["/plans/8/", "/plans/8/actions/1/", "/plans/8/actions/1/terms/"]),
    )
