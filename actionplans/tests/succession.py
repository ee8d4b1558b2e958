"""The scene of a later strategy: 2012/C 5/01 came into force on 1 June 2026 beside 15198/09 and took its place."""

from datetime import date
from types import SimpleNamespace

from accounts.tests.factories import secretariat
from actionplans.copying import begin_version
from actionplans.models import Objective, ObjectivePredecessor, Strategy, StrategyVersion
from actionplans.tests.factories import (
    ActionFactory,
    PlanFactory,
    StrategyFactory,
    VersionFactory,
    withdraw,
    write_text,
)

FIRST_DAY = date(2026, 6, 1)
EARLIER, LATER = "strategy-2009", "strategy-2011"


def objective(code, slug=EARLIER):
    """An objective of one of the two strategies; A.MS.a is the code of one in each."""
    return Objective.objects.get(code=code, strategy__slug=slug)


def put_later_strategy_in_force():
    """The text of 2012/C 5/01, in force: A.MS.a, which goes on from the withdrawn A.MS.b of 15198/09, and D.CCWP.a."""
    later = Strategy.objects.create(
        slug=LATER, reference="2012/C 5/01", title="Of the future", dated_on=date(2011, 12, 13)
    )
    text = VersionFactory(strategy=later, status="draft", agreed_on=date(2026, 5, 2), in_force_from=FIRST_DAY)
    write_text(text, {"A.MS.a": "", "D.CCWP.a": ""})
    StrategyVersion.objects.filter(pk=text.pk).update(status="in_force")
    ObjectivePredecessor.objects.create(objective=objective("A.MS.a", LATER), predecessor=objective("A.MS.b"))
    return later


def serving(plan, number, *served, **fields):
    """An action of a plan that serves these objectives, each a code of 15198/09 or (code, strategy)."""
    named = [objective(*([one] if isinstance(one, str) else one)) for one in served]
    return ActionFactory(plan=plan, number=number, objectives=named, title=f"Work {number}", **fields)


def two_strategies(later=True):
    """15198/09 with A.MS.b withdrawn by version 2 and version 3 in draft; the actions of two plans; 2012/C 5/01.

    Plan 1 runs: 1.1 serves A.MS.a, 1.2 A.MS.b, 1.3 the same and is completed, 1.4 A.MS.b and B.MS.a, 1.5 nothing.
    Plan 2 is drafted for 2012/C 5/01: 2.1 serves its A.MS.a, 2.2 the A.MS.a of 15198/09.
    """
    earlier = StrategyFactory()
    running = PlanFactory(number=1, status="adopted", strategy=earlier)
    serving(running, 1, "A.MS.a", status="in_progress")
    serving(running, 2, "A.MS.b")
    serving(running, 3, "A.MS.b", status="completed")
    serving(running, 4, "A.MS.b", "B.MS.a")
    serving(running, 5)
    withdraw("A.MS.b")
    draft = begin_version(earlier, by=secretariat(), note="New routes.")
    scene = SimpleNamespace(earlier=earlier, running=running, draft=draft)
    if later:
        scene.later = put_later_strategy_in_force()
        scene.next = PlanFactory(number=2, strategy=scene.later)
        serving(scene.next, 1, ("A.MS.a", LATER))
        serving(scene.next, 2, "A.MS.a")
    return scene
