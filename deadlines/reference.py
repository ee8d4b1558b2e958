"""The days of reminders that the portal is delivered with, and how they are loaded."""

from deadlines.models import LeadTimes
from deadlines.schedule import RULES, Leads


def load_lead_times() -> None:
    """Make what is missing; what the secretariat has changed stays."""
    for rule in RULES:
        given = {"days_before": list(rule.days_before), "overdue_every": rule.overdue_every}
        LeadTimes.objects.get_or_create(rule=rule.code, defaults=given)


def lead_times() -> dict[str, Leads]:
    """The lead times of every rule as they stand today, by its code."""
    delivered = {rule.code: Leads(rule.days_before, rule.overdue_every) for rule in RULES}
    kept = {row.rule: Leads(tuple(row.days_before), row.overdue_every) for row in LeadTimes.objects.all()}
    return delivered | kept
