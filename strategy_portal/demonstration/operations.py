"""Fictitious operations, marked so, whose delegations have submitted, returned nil, or sent nothing yet."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import Delegation, User
from actionplans.models import Action
from jcos.models import (
    Commodity,
    Measure,
    Operation,
    OperationAction,
    Participation,
    ResultLine,
    Submission,
    TransportMode,
    Unit,
)
from strategy_portal.demonstration.plans import decide
from strategy_portal.workflow import acting

# One line that is good enough to be handed in, for delegations whose results await the secretariat.
SAMPLE = [
    "cash_undeclared",
    "CSH-CUR",
    "98200",
    "EUR",
    "face",
    "exact",
    "",
    "4",
    "",
    "",
    "",
    "operational",
    "detained",
]


def load_operations(rows, *, today, secretariat, be):
    """Make each operation and take it, and the results of its delegations, as far as its days allow."""
    for row in rows:
        _load(row, today, secretariat, be)


def _user(code):
    return User.objects.get(email=f"{code.lower()}@portal.test")


def _load(row, today, secretariat, be):
    begins = today + timedelta(days=row["begins"])
    ends = begins + timedelta(days=row["days"] - 1)
    due = ends + timedelta(days=row["due"])
    lead = _user(row["lead"])
    be(begins - timedelta(days=120))
    operation = _operation(row, begins, ends, due, lead)
    operation.take("table", by=secretariat)
    agreed_on = begins - timedelta(days=90)
    be(agreed_on)
    decide(
        operation,
        "agree",
        by=secretariat,
        on=agreed_on,
        title=f"Operation {row['name']}: business case (fictitious)",
    )
    operation.refresh_from_db()
    for participation in operation.participations.select_related("delegation"):
        if row["results"] or participation.role != "participant":
            participation.take("confirm", by=_user(participation.delegation.code))
    operation.take("plan", by=lead)
    for on, verb in (
        (begins, "start"),
        (ends + timedelta(days=1), "end_operational"),
        (ends + timedelta(days=30), "debrief"),
    ):
        if on <= today and not (verb == "debrief" and not row.get("noted")):
            be(on)
            operation.take(verb, by=lead)
    for code, lines in row["results"].items():
        waits = lines in ("submitted", "draft")  # what waits for somebody has not waited long
        be(today - timedelta(days=2) if waits else ends + timedelta(days=20))
        _results(operation, code, lines, secretariat, found_on=begins + timedelta(days=2))
    if row.get("noted"):
        noted_on = due + timedelta(days=20)
        be(noted_on)
        decide(
            operation,
            "note_results",
            by=secretariat,
            on=noted_on,
            text=f"The working party noted the results of {row['name']}.",
        )


def _operation(row, begins, ends, due, lead):
    plan, number = row["action"].split(".")
    delegations = {delegation.code: delegation for delegation in Delegation.objects.all()}
    with acting(lead, "create"):
        operation = Operation.objects.create(
            name=row["name"], slug=f"{row['name'].lower().replace(' ', '-')}-{begins.year}", year=begins.year,
            is_fictitious=True, proposed_by=delegations[row["proposed_by"]], goods=row["goods"], modes=row["modes"],
            purpose=row["purpose"], starts_on=begins, ends_on=ends, results_due_on=due,
        )  # fmt: skip
        OperationAction.objects.create(
            operation=operation,
            action=Action.objects.get(plan__number=plan, number=number),
        )
        parts = [(row["lead"], "lead")] + [(c, "co_lead") for c in row["co_leads"]]
        for code, role in parts + [(c, "participant") for c in row["participants"]]:
            Participation.objects.create(operation=operation, delegation=delegations[code], role=role)
    return operation


def _results(operation, code, lines, secretariat, found_on):
    """What one delegation has handed in: lines, "nil", or how far a sample line has come."""
    user = _user(code)
    delegation = Delegation.objects.get(code=code)
    state = lines if isinstance(lines, str) else "validated"
    with acting(user, "create"):
        submission = Submission.objects.create(
            operation=operation,
            delegation=delegation,
            is_nil=state == "nil",
            contact=user.name,
            finality="final",
        )
        if state != "nil":
            for values in [SAMPLE] if isinstance(lines, str) else lines:
                _line(submission, values, found_on)
    if state == "draft":
        return
    submission.take("submit", by=user)
    if state == "returned":
        submission.take(
            "return_to_delegation",
            by=secretariat,
            note="Please say at which airport the cash was found.",
        )
    elif state != "submitted":
        submission.take("validate", by=secretariat)


def _line(submission, values, found_on):
    (
        measure,
        commodity,
        quantity,
        unit,
        value_kind,
        qualifier,
        place,
        mode,
        departure,
        transhipment,
        destination,
        phase,
        legal,
    ) = values
    ResultLine.objects.create(
        submission=submission, measure=Measure.objects.get(code=measure),
        commodity=Commodity.objects.get(code=commodity) if commodity else None, quantity=Decimal(quantity),
        unit=Unit.objects.get(code=unit), value_kind=value_kind, qualifier=qualifier, found_on=found_on, place=place,
        mode=TransportMode.objects.get(code=mode) if mode else None, departure=departure, transhipment=transhipment,
        destination=destination, phase=phase, legal_state=legal,
    )  # fmt: skip
