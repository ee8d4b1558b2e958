"""One reader's dashboard on one day: each part is asked of the database when it is first used, and once."""

from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from reports import dashboards, results
from reports.coverage import Coverage, coverage
from reports.dashboards import Choice
from reports.objectives import Known, Text, known_to, text_in_force


class Board:
    """What one reader sees of a choice on a day."""

    def __init__(self, user, choice: Choice, today: date):
        self.user, self.choice, self.today = user, choice, today

    # -- its parts ---------------------------------------------------------------

    @cached_property
    def status(self) -> dashboards.PlanStatus:
        return dashboards.plan_status(self.user, self.choice.plan, self.today, self.text)

    @cached_property
    def text(self) -> Text:
        """The objectives of the strategy in force."""
        return self.choice.text or text_in_force(self.user)

    @cached_property
    def known(self) -> Known:
        """All objectives by which results can be asked for."""
        return known_to(self.text)

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

    @cached_property
    def coverage(self) -> Coverage:
        choice = self.choice
        return coverage(self.user, self.text, choice.plans, aim=choice.aim, addressees=choice.addressees)

    # -- addresses ---------------------------------------------------------------

    def scope(self, names) -> dict[str, str]:
        """The reader's choice as parameters of an address; the plan always named, so that a link keeps its meaning."""
        chosen = {
            "plan": self.choice.plan and str(self.choice.plan.number),
            "year": self.choice.year and str(self.choice.year),
            "operation": self.choice.operation and self.choice.operation.slug,
            "aim": self.choice.aim,
            "addressees": self.choice.addressees,
        }
        return {name: value for name, value in chosen.items() if name in names and value}

    def url(self, page: str, figure: str, scope, **params) -> str:
        """The address of a figure, its rows or its CSV, for this choice."""
        query = urlencode({**self.scope(scope), **params})
        return reverse(f"reports:{page}", args=[figure]) + (f"?{query}" if query else "")
