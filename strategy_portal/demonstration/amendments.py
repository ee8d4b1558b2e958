"""An amendment that has postponed an action of the running plan, and one that its lead drafts."""

from datetime import timedelta

from accounts.models import Delegation
from actionplans.amendable import values_of
from actionplans.models import Action, ActionPlan, Amendment, AmendmentChange
from strategy_portal.demonstration.plans import decide
from strategy_portal.workflow import acting


def load_amendments(rows, *, today, secretariat, be):
    """Amend the running plan: what a row proposes is decided some weeks ago, or still a draft of the lead."""
    plan = ActionPlan.objects.current(today).get()
    for row in rows:
        on = today - timedelta(days=row["days_ago"])
        be(on - timedelta(days=14))
        amendment = _draft(plan, row, secretariat)
        if row.get("drafted_by"):
            continue
        amendment.take("table", by=secretariat)
        be(on)
        decide(amendment, "adopt", by=secretariat, on=on, text=row["decided"])


def _draft(plan, row, secretariat):
    drafted_by = Delegation.objects.filter(code=row.get("drafted_by", "")).first()
    with acting(secretariat, "create"):
        amendment = Amendment.objects.create(
            plan=plan, number=plan.amendments.count() + 1, reason=row["reason"], delegation=drafted_by
        )
        action = Action.objects.get(plan=plan, number=row["postpones"])
        AmendmentChange.objects.create(
            amendment=amendment, kind="change", action=action,
            drafted={"ends_on": values_of(action)["ends_on"]}, proposed={"ends_on": plan.ends_on.isoformat()},
        )  # fmt: skip
    return amendment
