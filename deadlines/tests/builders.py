"""Plans, actions and operations with the dates and states that deadlines ask about."""

from datetime import date

from accounts.tests.factories import BodyFactory, DelegationFactory
from actionplans.models import Action, ActionPlan, Strategy, TermsOfReference
from council.tests.factories import DecisionFactory
from jcos.models import Operation, Participation, Submission
from strategy_portal.dates import end_of_plan, now


def secretariat_body():
    return BodyFactory(code="general-secretariat")


def plan(number=8, starts_on=date(2026, 1, 1), status="adopted"):
    """A plan of eighteen months; adopted by a decision unless said otherwise."""
    strategy, _new = Strategy.objects.get_or_create(
        slug="test", defaults={"title": "Strategy", "reference": "1/09", "dated_on": date(2009, 11, 4)}
    )
    made = ActionPlan.objects.create(
        number=number, strategy=strategy, starts_on=starts_on, ends_on=end_of_plan(starts_on)
    )
    if status == "adopted":
        adoption = DecisionFactory(subject=made, kind="adopt", verb="adopt")
        ActionPlan.objects.filter(pk=made.pk).update(
            status=status, adoption=adoption, adopted_on=adoption.taken_on
        )
    else:
        ActionPlan.objects.filter(pk=made.pk).update(status=status)
    return ActionPlan.objects.get(pk=made.pk)


def action(in_plan, number=1, lead="BE", terms="", **fields):
    """A proposed action; `terms` is the state of its terms of reference, if it has any."""
    delegation = DelegationFactory(code=lead) if lead else None
    made = Action.objects.create(
        plan=in_plan, number=number, title=f"Action {number}", lead=delegation, **fields
    )
    if terms:
        agreement = DecisionFactory(subject=made) if terms == "agreed" else None
        TermsOfReference.objects.create(
            action=made, status=terms, main_goals="Goals", expected_outcome="Outcome", agreement=agreement
        )
    return made


def operation(
    name="Amber Road", due_on=date(2026, 11, 27), status="operational", participants=("IT",), **fields
):
    """An operation that takes results, with confirmed participants."""
    made = Operation.objects.create(
        name=name, slug=name.lower().replace(" ", "-"), status=status, results_due_on=due_on, **fields
    )
    for code in participants:
        Participation.objects.create(
            operation=made, delegation=DelegationFactory(code=code), status="confirmed"
        )
    return made


def submission(of, code="IT", status="submitted", version=1, **fields):
    """What a delegation handed in for an operation."""
    if status != "draft":
        fields = {"reference": f"R-{of.pk}-{code}-{version}", "submitted_at": now(), **fields}
    return Submission.objects.create(
        operation=of,
        delegation=DelegationFactory(code=code),
        status=status,
        version=version,
        is_nil=True,
        **fields,
    )
