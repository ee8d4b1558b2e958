"""Operations and results for tests. Code lists are those that are delivered (`code_lists()`)."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import factory
import pgtrigger
from factory.django import DjangoModelFactory

from accounts.tests.factories import DelegationFactory, delegate
from council.tests.factories import DecisionFactory
from jcos.models import (
    Commodity,
    Measure,
    Operation,
    OperationAction,
    Participation,
    ResultLine,
    Submission,
    Unit,
)
from jcos.reference import load_code_lists
from strategy_portal.dates import brussels_today, now


def code_lists():
    """Measures, commodities, units and modes as delivered."""
    if not Measure.objects.exists():
        load_code_lists()


class OperationFactory(DjangoModelFactory):
    """An operation in its operational phase, led by Belgium; results are due in ten days.

    `actions` are those it serves; `parts` are codes of confirmed participants.
    """

    class Meta:
        model = Operation
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"BALTIC SHIELD {n}")
    slug = factory.LazyAttribute(lambda o: Operation.free_slug(o.name, 2026))
    status = "operational"
    goods = "cigarettes"
    starts_on = factory.LazyFunction(lambda: brussels_today() - timedelta(days=20))
    ends_on = factory.LazyFunction(lambda: brussels_today() - timedelta(days=6))
    results_due_on = factory.LazyFunction(lambda: brussels_today() + timedelta(days=10))

    @classmethod
    def _create(cls, model_class, *args, status="operational", **kwargs):
        operation = super()._create(model_class, *args, status="proposed", **kwargs)
        if status != "proposed":
            if status not in ("tabled", "rejected", "cancelled"):
                operation.agreement = DecisionFactory(subject=operation)
            if status in Operation.NOTED:
                operation.noting = DecisionFactory(subject=operation, kind="note", verb="note_results")
            operation.status = status
            operation.save()
        return operation

    @factory.post_generation
    def lead(self, create, extracted, **kwargs):
        code = "BE" if extracted is None else extracted
        if code:
            part(self, code, role="lead")

    @factory.post_generation
    def parts(self, create, extracted, **kwargs):
        for code in extracted or []:
            part(self, code)

    @factory.post_generation
    def actions(self, create, extracted, **kwargs):
        for action in extracted or []:
            OperationAction.objects.create(operation=self, action=action)


def part(operation, code, status="confirmed", role="participant"):
    """A delegation, by its code, in an operation."""
    return Participation.objects.create(
        operation=operation, delegation=DelegationFactory(code=code), status=status, role=role
    )


@contextmanager
def results_open():
    """What was handed in never changes: within, the database lets a test write what had been there from the start."""
    with pgtrigger.ignore("jcos.ResultLine:lines_never_change", "jcos.Submission:handed_in_never_changes"):
        yield


def line(submission, measure="seized", commodity="TOB-CIG", quantity="1000", unit="piece", **fields):
    """A complete result line, by codes."""
    code_lists()
    with results_open():
        return ResultLine.objects.create(
            submission=submission,
            measure=Measure.objects.get(code=measure) if measure else None,
            commodity=Commodity.objects.get(code=commodity) if commodity else None,
            quantity=Decimal(quantity) if quantity is not None else None,
            unit=Unit.objects.get(code=unit) if unit else None,
            **fields,
        )


class SubmissionFactory(DjangoModelFactory):
    """A nil return in draft of the operation's lead, Belgium; in another state with its reference and moment.

    `lines=2` gives two complete lines instead of the nil return.
    """

    class Meta:
        model = Submission
        skip_postgeneration_save = True

    operation = factory.SubFactory(OperationFactory)
    delegation = factory.LazyFunction(lambda: DelegationFactory(code="BE"))
    version = factory.LazyAttribute(
        lambda o: o.operation.submissions.filter(delegation=o.delegation).count() + 1
    )
    status = "draft"
    finality = "final"
    is_nil = True
    reference = factory.Sequence(lambda n: f"R-2026-9{n:05d}")
    submitted_at = factory.LazyFunction(now)

    @classmethod
    def _create(cls, model_class, *args, lines=0, **kwargs):
        if kwargs["status"] == "draft":
            kwargs |= {"reference": None, "submitted_at": None}
        if kwargs["status"] == "returned":
            kwargs.setdefault("return_reason", "The unit of line 1 is wrong.")
        submission = super()._create(model_class, *args, **(kwargs | ({"is_nil": False} if lines else {})))
        for _number in range(lines):
            line(submission)
        return submission


def submission(operation, code, status="validated", lines=0, **fields):
    """A version of a delegation's results in an operation, in a state."""
    return SubmissionFactory(
        operation=operation, delegation=DelegationFactory(code=code), status=status, lines=lines, **fields
    )


def submitter(code="BE", **fields):
    """Somebody who may submit for a delegation."""
    return delegate(code, "submitter", **fields)
