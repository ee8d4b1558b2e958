"""The gate for the pages of amendments: empty, full, contradicted and with errors."""

import pytest

from accounts.tests.factories import secretariat
from actionplans.models import AmendmentChange
from actionplans.tests.factories import (
    ActionFactory,
    AmendmentFactory,
    ObjectiveFactory,
    addition_to,
    changes_of,
    decided,
    part,
    plan_with,
)
from strategy_portal.tests.scene import readers
from tests.browser.gate import gate

# Each state of a page: every run walks a page of every kind (`test_gate`), the long one walks these, too.
pytestmark = pytest.mark.long

LONG = "The second series of controls cannot be compared with the first one without them.\n\n- in ports\n- at airports"


@pytest.fixture
def amended(people):
    """Plan 7 with an amendment that is applied, a draft that contradicts it and one that its lead drafts."""
    people("submitter")
    desk = secretariat()
    plan = plan_with("adopted", number=7)
    one, other, third = plan.actions.get(), ActionFactory(plan=plan), ActionFactory(plan=plan)
    part(one, "EE", "co_lead")
    ObjectiveFactory(code="B.MS.a")
    applied, draft, own = (AmendmentFactory(plan=plan, reason=LONG) for _n in range(3))
    ending = {"ends_on": plan.ends_on.isoformat()}
    changes_of(applied, one, summary="Two pilots.", **ending)
    changes_of(
        draft,
        one,
        summary="Three pilots, then a guide.",
        lead="EE",
        co_leads=[],
        objectives=["A.MS.a", "B.MS.a"],
    )
    changes_of(own, one, title="Share what was learnt")
    addition_to(draft, terms="draft", title="Look at small parcels", summary="One pilot.")
    for amendment, action in ((draft, other), (applied, third)):
        AmendmentChange.objects.create(amendment=amendment, kind="discontinue", action=action)
    applied.take("table", by=desk)
    applied.decide(decided(applied), by=desk)
    return plan


def at(live_server, *addresses):
    return [f"{live_server.url}/plans/7/{address}" for address in addresses]


@pytest.mark.parametrize("role", readers("secretariat", "submitter", "committee"))
def test_pages_of_amendments_that_are_read_pass(role, page_as, amended, live_server):
    gate(page_as(role), *at(live_server, "", "actions/1/", "amendments/", "amendments/1/", "changes/"))


def test_pages_of_amendments_on_which_one_writes_pass(page_as, amended, live_server):
    page, draft = page_as("secretariat"), "amendments/2/"
    changes = [f"{draft}actions/{path}" for path in ("1/change/edit/", "2/remove/", "4/remove/", "new/")]
    others = ["amendments/new/", draft, f"{draft}edit/", f"{draft}steps/table/", f"{draft}steps/withdraw/"]
    more = ["amendments/3/actions/2/change/", "amendments/3/actions/2/discontinue/"]
    gate(page, *at(live_server, *others, *changes, *more))
    gate(page, *at(live_server, "amendments/1/edit/", "amendments/1/actions/2/change/"), status=409)


def test_a_draft_passes_for_the_lead_of_its_actions(page_as, amended, live_server):
    gate(page_as("submitter"), *at(live_server, "amendments/3/", "amendments/3/actions/1/change/edit/"))
