"""Plans with actions and operations with results, as the dashboard finds them; each row made in its state at once."""

from datetime import date, timedelta

from accounts.tests.factories import DelegationFactory
from actionplans.models import (
    Action,
    ActionObjective,
    ActionPlan,
    AddresseeBlock,
    Aim,
    Objective,
    Strategy,
    StrategyVersion,
    Wording,
)
from council.tests.factories import DecisionFactory, MeetingFactory
from jcos.models import (
    Commodity,
    Measure,
    Operation,
    Participation,
    PublishedFigure,
    ResultLine,
    Submission,
    Unit,
)
from jcos.tests.factories import results_open
from strategy_portal.dates import add_months, brussels_today, end_of_plan, now

ADOPTED = {"adopted", "evaluated", "closed"}
NOTED = {"results_noted", "reported", "follow_up", "closed"}


def strategy(aims="ABC"):
    """A strategy in force with one objective for each aim: A.MS.a, B.MS.a, …"""
    found, is_new = Strategy.objects.get_or_create(
        slug="2009", defaults={"title": "Strategy", "reference": "15198/09", "dated_on": date(2009, 11, 4)}
    )
    if is_new:
        version = StrategyVersion.objects.create(
            strategy=found, number=1, status="in_force", in_force_from=date(2009, 11, 4)
        )
        for order, letter in enumerate(aims):
            aim = Aim.objects.create(
                version=version, order=order, letter=letter, text=f"Aim {letter} in words"
            )
            block = AddresseeBlock.objects.create(aim=aim, order=0, code=f"{letter}.MS", heading="For all:")
            objective = Objective.objects.create(strategy=found, code=f"{letter}.MS.a", order=order)
            Wording.objects.create(
                version=version, objective=objective, block=block, order=order, text="To do so"
            )
    return found


def plan(
    number=7, starts_on=date(2026, 1, 1), *, ends_on=None, status="adopted", adopted_on=date(2025, 10, 1)
):
    """A plan of 18 months in a state; an adopted one with the decision that adopted it."""
    made = ActionPlan.objects.create(
        number=number, strategy=strategy(), starts_on=starts_on, ends_on=ends_on or end_of_plan(starts_on)
    )
    if status in ADOPTED:
        decision = DecisionFactory(subject=made, kind="adopt", verb="adopt")
        ActionPlan.objects.filter(pk=made.pk).update(status=status, adoption=decision, adopted_on=adopted_on)
    else:
        ActionPlan.objects.filter(pk=made.pk).update(status=status)
    made.refresh_from_db()
    return made


def action(plan, number=1, *, status="planned", ends_on=None, serves=(), lead="BE", title="Work"):
    """An action of a plan in a state, serving objectives by their codes."""
    made = Action.objects.create(
        plan=plan,
        number=number,
        title=title,
        status=status,
        ends_on=ends_on,
        lead=DelegationFactory(code=lead),
    )
    for code in serves:
        ActionObjective.objects.create(action=made, objective=Objective.objects.get(code=code))
    return made


def operation(
    name="CAPSTAN", *, status="debriefed", starts_on=date(2026, 3, 1), due_on=date(2026, 5, 1), **fields
):
    """An operation in a state; one whose results are noted with the decision that notes them."""
    made = Operation.objects.create(
        name=name, slug=f"{name.lower()}-{starts_on.year if starts_on else 'then'}", starts_on=starts_on,
        ends_on=starts_on and starts_on + timedelta(days=10), results_due_on=due_on, **fields,
    )  # fmt: skip
    noting = DecisionFactory(subject=made, kind="note", verb="note_results") if status in NOTED else None
    agreement = None if status in {"proposed", "tabled"} else DecisionFactory(subject=made)
    Operation.objects.filter(pk=made.pk).update(status=status, noting=noting, agreement=agreement)
    made.refresh_from_db()
    return made


def participation(operation, code, status="confirmed", role="participant"):
    """A delegation in an operation."""
    return Participation.objects.create(
        operation=operation, delegation=DelegationFactory(code=code), status=status, role=role
    )


def submission(operation, code, *, status="validated", version=1, is_nil=False, lines=(), noting=None):
    """A version of a delegation's results in a state. A line: measure, commodity, quantity, unit, further fields."""
    delegation = DelegationFactory(code=code)
    Participation.objects.get_or_create(
        operation=operation, delegation=delegation, defaults={"status": "confirmed"}
    )
    handed_in = (
        {}
        if status == "draft"
        else {"submitted_at": now(), "reference": f"R-{operation.pk}-{code}-{version}"}
    )
    made = Submission.objects.create(
        operation=operation, delegation=delegation, version=version, status=status, is_nil=is_nil, noting=noting,
        return_reason="Not clear" if status == "returned" else "", **handed_in,
    )  # fmt: skip
    for measure, commodity, quantity, unit, *rest in lines:
        line(made, measure, commodity, quantity, unit, **(rest[0] if rest else {}))
    return made


def unit(code, dimension="mass"):
    return Unit.objects.get_or_create(
        code=code, defaults={"name": code, "symbol": code, "dimension": dimension}
    )[0]


def commodity(code):
    defaults = {"name": f"{code} goods", "category": "All", "unit": unit("kg")}
    return Commodity.objects.get_or_create(code=code, defaults=defaults)[0]


def measure(code, group="findings"):
    return Measure.objects.get_or_create(code=code, defaults={"name": code.capitalize(), "group": group})[0]


def line(submission, measure_code, commodity_code, quantity, unit_code, **fields):
    """One thing found."""
    with results_open():
        return ResultLine.objects.create(
            submission=submission, measure=measure(measure_code), quantity=quantity, unit=unit(unit_code),
            commodity=commodity(commodity_code) if commodity_code else None, **fields,
        )  # fmt: skip


def noted(operation):
    """A decision of the CCWP that notes results of an operation."""
    return DecisionFactory(subject=operation, kind="note", verb="note_results", meeting=MeetingFactory())


def published(operation, quantity=100, unit_code="kg", **fields):
    """A figure that was published about an operation."""
    return PublishedFigure.objects.create(
        operation=operation,
        metric="seized",
        quantity=quantity,
        unit=unit(unit_code),
        qualifier="about",
        **fields,
    )


CIGARETTES = ("seized", "CIG", 1500, "piece")


def a_world():
    """A plan that ended, the current one with four actions, a draft; an operation noted, one not noted, one of old."""
    today = brussels_today()
    begin = add_months(today, -6).replace(day=1)
    plan(6, add_months(begin, -18), adopted_on=add_months(begin, -24))
    seven = plan(7, begin, adopted_on=add_months(begin, -3))
    plan(8, add_months(begin, 18), status="draft")
    action(seven, 1, status="completed", serves=["A.MS.a", "B.MS.a"])
    action(seven, 2, status="in_progress", serves=["B.MS.a"], ends_on=today - timedelta(days=3))
    action(seven, 3, status="planned", serves=["C.MS.a"], ends_on=today + timedelta(days=30))
    action(seven, 4, status="in_progress", title="=1+1 <b>bold</b>")
    capstan = operation(
        "CAPSTAN",
        status="results_noted",
        starts_on=today - timedelta(days=90),
        due_on=today - timedelta(days=30),
    )
    submission(capstan, "BE", noting=noted(capstan), lines=[
        CIGARETTES, ("seized", "CIG", 20, "kg"),
        ("cash_declared", None, 9, "EUR", {"value_kind": "face", "qualifier": "about"}),
    ])  # fmt: skip
    submission(capstan, "FR", is_nil=True, noting=noted(capstan))
    participation(capstan, "IT")
    participation(capstan, "ES", "declined")
    submission(capstan, "DE", lines=[("seized", "CIG", 7777, "piece")])
    secret = operation(
        "SECRET", status="debriefed", starts_on=today - timedelta(days=40), due_on=today + timedelta(days=5)
    )
    submission(secret, "BE", lines=[("seized", "CIG", 8888, "piece")])
    participation(secret, "NO", "invited")
    old = operation("OLD", status="closed", kind="historical", starts_on=None, due_on=None, year=2010)
    published(old, 135)
    return capstan
