"""What delegations handed in and what it adds up to, as far as it counts for one reader.

Four things are told apart and never counted as zero: results, a nil return, none yet, and not taking part.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet

from jcos.models import Operation, Participation, PublishedFigure, ResultLine, Submission
from strategy_portal.dates import delay_days

# What a reader may learn of a participant; the order is that of the bars.
RETURNS = ("reported", "nil", "handed_in", "awaited", "missing", "invited", "not_taking_part")
HANDED_IN = {"reported", "nil", "handed_in"}
OWED = {*HANDED_IN, "awaited", "missing"}
NOTHING = "none"  # in an address: no commodity; a quantity rather than a value
ASKED = [*Operation.TAKES_RESULTS, Operation.Status.CLOSED]


def operations_seen(user) -> list[Operation]:
    """The operations that a person sees, those running last first; each with `in_year`, None where none is known."""
    fields = [
        "name",
        "slug",
        "kind",
        "status",
        "starts_on",
        "ends_on",
        "results_due_on",
        "is_fictitious",
        "year",
    ]
    found = list(Operation.objects.visible_to(user).only("pk", *fields))
    for operation in found:
        operation.in_year = operation.starts_on.year if operation.starts_on else operation.year
    return found


def has_asked(operation: Operation) -> bool:
    """Whether delegations have been asked for results: from *operational* on, never of historical operations."""
    return operation.kind != Operation.Kind.HISTORICAL and operation.status in ASKED


# -- the versions that count ---------------------------------------------------------------


def counted(user, operations: Sequence[Operation]) -> list[Submission]:
    """The versions that count for a reader: of each delegation the newest validated one that the reader may see.

    Found once and named by their numbers from then on: a database that has to find them again for every line is slow.
    """
    rows = Submission.objects.counted_for(user).filter(operation__in=[o.pk for o in operations])
    return list(rows.only("pk", "operation_id", "delegation_id", "is_nil"))


# -- returns ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Return:
    """What one participant has handed in for one operation, as far as this reader may learn it."""

    participation: Participation
    operation: Operation
    state: str


def returns(
    user, operations: Sequence[Operation], today: date, versions: Sequence[Submission]
) -> list[Return]:
    """The participants of operations that have asked for results, each with what it handed in; one query.

    *Nil* is content and told only where the submission is shown (it is among `versions`); otherwise the answer is
    *handed in*. What is not handed in is awaited until the end of its day, missing from then on.
    """
    asked = {o.pk: o for o in operations if has_asked(o)}
    shown = {(v.operation_id, v.delegation_id): v for v in versions}
    same = {"operation": OuterRef("operation"), "delegation": OuterRef("delegation")}
    standing = Submission.objects.filter(**same, status__in=["submitted", "validated"])
    parts = (
        Participation.objects.visible_to(user).filter(operation__in=list(asked)).with_days()
        .annotate(is_handed_in=Exists(standing)).select_related("delegation")
        .order_by("delegation__protocol_order", "delegation__code")
    )  # fmt: skip
    order = {pk: i for i, pk in enumerate(asked)}
    found = []
    for part in parts if asked else []:
        part.operation = asked[part.operation_id]
        found.append(Return(part, part.operation, _state(part, shown, today)))
    return sorted(found, key=lambda r: order[r.operation.pk])


def _state(part: Participation, shown, today: date) -> str:
    if version := shown.get((part.operation_id, part.delegation_id)):
        return "nil" if version.is_nil else "reported"
    if part.is_handed_in:
        return "handed_in"
    if part.status == "invited":
        return "invited"
    if part.status != "confirmed":
        return "not_taking_part"
    return "missing" if delay_days(part.due_in_force, None, today) else "awaited"


@dataclass(frozen=True)
class Returns:
    """The returns of a choice; every number is the length of what `lines()` gives."""

    all_lines: Sequence[Return] = ()

    def lines(self, *, operation: Operation | None = None, states=()) -> list[Return]:
        """The returns behind a number."""
        return [
            line
            for line in self.all_lines
            if (operation is None or line.operation.pk == operation.pk)
            and (not states or line.state in states)
        ]

    def count(self, **which) -> int:
        return len(self.lines(**which))

    def operations(self) -> list[Operation]:
        """The operations that have asked for results, each once."""
        return list({line.operation.pk: line.operation for line in self.all_lines}.values())

    def newest(self) -> Operation | None:
        """The operation whose operational phase began last."""
        return next(iter(self.operations()), None)


# -- result lines -----------------------------------------------------------------------


@dataclass(frozen=True)
class Total:
    """One total: a measure of a commodity in one unit and one kind of value, never across."""

    measure: str
    measure_name: str
    group: str
    commodity: str
    commodity_name: str
    unit: str
    unit_symbol: str
    value_kind: str
    quantity: Decimal
    lines: int
    inexact: int
    operations: tuple[str, ...] = ()
    order: int = 0  # among the totals that were asked for with it

    @property
    def key(self) -> dict[str, str]:
        """What finds its lines, as parameters of an address."""
        return {
            "measure": self.measure, "commodity": self.commodity or NOTHING, "unit": self.unit,
            "kind": self.value_kind or NOTHING,
        }  # fmt: skip

    @property
    def qualifier(self) -> str:
        """A sum with one rounded part is itself "about"."""
        return "about" if self.inexact else "exact"

    @property
    def value_kind_name(self) -> str:
        return str(dict(ResultLine.ValueKind.choices).get(self.value_kind, "")) if self.value_kind else ""


def lines_counted(versions: Sequence[Submission]) -> QuerySet:
    """The result lines of the versions that count."""
    return ResultLine.objects.filter(submission__in=[version.pk for version in versions])


def totals(lines: QuerySet) -> list[Total]:
    """The totals of result lines; one query."""
    rows = lines.totals().annotate(operations=ArrayAgg("submission__operation__name", distinct=True))
    return [_total(row, tuple(row["operations"])) for row in rows]


def totals_by_operation(lines: QuerySet) -> dict[int, list[Total]]:
    """The totals of each operation by its identity; one query."""
    found: dict[int, list[Total]] = defaultdict(list)
    for order, row in enumerate(lines.totals("submission__operation")):
        found[row["submission__operation"]].append(_total(row, order=order))
    return found


def _total(row: dict, operations: tuple[str, ...] = (), order: int = 0) -> Total:
    return Total(
        measure=row["measure__code"], measure_name=row["measure__name"], group=row["measure__group"],
        commodity=row["commodity__code"] or "", commodity_name=row["commodity__name"] or "",
        unit=row["unit__code"], unit_symbol=row["unit__symbol"], value_kind=row["value_kind"],
        quantity=row["total"], lines=row["lines"], inexact=row["inexact"], operations=operations,
        order=order,
    )  # fmt: skip


def added_up(totals: Iterable[Total]) -> list[Total]:
    """Totals of several operations as one for each measure, commodity, unit and kind of value, never across."""
    found: dict[tuple, Total] = {}
    for total in sorted(totals, key=lambda total: total.order):
        key = tuple(total.key.values())
        before = found.get(key)
        found[key] = total if before is None else replace(
            before, quantity=before.quantity + total.quantity, lines=before.lines + total.lines,
            inexact=before.inexact + total.inexact,
        )  # fmt: skip
    return list(found.values())


def lines_of(lines: QuerySet, *, measure="", commodity="", unit="", kind="") -> QuerySet:
    """The lines behind a total, or behind part of its key."""
    wanted = Q()
    if measure:
        wanted &= Q(measure__code=measure)
    if commodity:
        wanted &= Q(commodity=None) if commodity == NOTHING else Q(commodity__code=commodity)
    if unit:
        wanted &= Q(unit__code=unit)
    if kind:
        wanted &= Q(value_kind="" if kind == NOTHING else kind)
    return lines.filter(wanted)


# -- what was published --------------------------------------------------------------------


def published(user, operations: Sequence[Operation]) -> QuerySet:
    """Figures that were published about the operations: shown beside the results, never summed with them."""
    return (
        PublishedFigure.objects.visible_to(user).filter(operation__in=[o.pk for o in operations])
        .select_related("operation", "commodity", "unit", "delegation")
        .order_by("-operation__starts_on", "-operation__year", "operation__name", "pk")
    )  # fmt: skip
