"""A plan in draft with one action, for the tests of forms."""

from datetime import date

from accounts.tests.factories import DelegationFactory
from actionplans.models import Action, ActionPlan, Objective, Strategy

CODES = ("A.MS.a", "A.MS.b", "A.MS.c")


def a_strategy():
    """A strategy with three objectives."""
    strategy, is_new = Strategy.objects.get_or_create(
        slug="strategy",
        defaults={"title": "Strategy", "reference": "15198/09", "dated_on": date(2009, 10, 30)},
    )
    if is_new:
        Objective.objects.bulk_create(
            Objective(strategy=strategy, code=code, order=n) for n, code in enumerate(CODES, 1)
        )
    return strategy


def objectives(*codes):
    """The keys of objectives, as a form sends them."""
    a_strategy()
    found = dict(Objective.objects.values_list("code", "pk"))
    return [found[code] for code in codes]


def a_plan(number=8):
    """A plan in draft."""
    return ActionPlan.objects.create(
        number=number, strategy=a_strategy(), starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30)
    )


def an_action(**fields):
    """An action of a plan in draft, led by Belgium, that serves one objective."""
    lead = DelegationFactory(code="BE")
    values = {"number": 1, "title": "Smaller operations", "summary": "As it was", "lead": lead} | fields
    action = Action.objects.create(plan=values.pop("plan", None) or a_plan(), **values)
    action.objectives.set(objectives("A.MS.a"))
    return action
