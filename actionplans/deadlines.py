"""The dates that the strategy sets for action plans (15198/09, II.2)."""

from datetime import date

from strategy_portal.dates import add_months

ADOPTION_LEAD_MONTHS = 2


def adoption_due(ends_on: date) -> date:
    """The next plan is adopted at least two months before the current one ends (15198/09, II.2).

    A day the target month lacks becomes its last day; always computed from the plan's own end.
    """
    return add_months(ends_on, -ADOPTION_LEAD_MONTHS)
