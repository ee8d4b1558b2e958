"""One reader's dashboard on one day: each part is asked of the database when it is first used, and once."""

from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from reports import dashboards, results
from reports.dashboards import Choice


class Board:
    """What one reader sees of a choice on a day."""

    def __init__(self, user, choice: Choice, today: date):
        self.user, self.choice, self.today = user, choice, today

    # -- its parts ---------------------------------------------------------------

    @cached_property
    def status(self) -> dashboards.PlanStatus:
        return dashboards.plan_status(self.user, self.choice.plan, self.today)

    @cached_property
    def cycles(self) -> list[dashboards.PlanCycle]:
        return dashboards.cycles(self.choice.plans, self.today)

    @cached_property
    def clock(self) -> dashboards.AdoptionClock:
        return dashboards.adoption_clock(self.choice.plans, self.today)

    @cached_property
    def returns(self) -> results.Returns:
        operations = self.choice.operations_shown()
        return results.Returns(results.returns(self.user, operations, self.today, self.versions))

    @cached_property
    def versions(self) -> list:
        return results.counted(self.user, self.choice.operations_shown())

    @property
    def lines(self):
        return results.lines_counted(self.versions)

    @cached_property
    def totals(self) -> list[results.Total]:
        return results.totals(self.lines)

    @cached_property
    def published(self) -> list:
        return list(results.published(self.user, self.choice.operations_shown()))

    # -- addresses ---------------------------------------------------------------

    def scope(self, names) -> dict[str, str]:
        """The reader's choice as parameters of an address; the plan always named, so that a link keeps its meaning."""
        chosen = {
            "plan": self.choice.plan and str(self.choice.plan.number),
            "year": self.choice.year and str(self.choice.year),
            "operation": self.choice.operation and self.choice.operation.slug,
        }
        return {
            name: chosen[name] for name in ("plan", "year", "operation") if name in names and chosen[name]
        }

    def url(self, page: str, figure: str, scope, **params) -> str:
        """The address of a figure, its rows or its CSV, for this choice."""
        query = urlencode({**self.scope(scope), **params})
        return reverse(f"reports:{page}", args=[figure]) + (f"?{query}" if query else "")
