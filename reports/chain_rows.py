"""The chain as rows: one for each total, or for the last link that there is. Page, CSV and xlsx show the same."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.last_words import named_withdrawn
from actionplans.models import Objective, Wording
from publishing.figures import Cell, Column, day_cell
from publishing.words import number_words
from reports.chain import ActionChain, Chain, OperationResults
from reports.objectives import Text, addressees_of
from reports.predecessors import Predecessor, with_strategy
from reports.results import Total


@dataclass(frozen=True)
class ChainRow:
    """One way down the chain as far as it goes: objective, action, operation, total. None is a link that is missing.

    `words` is None for an action that serves no objective of the strategy in force and none that it has withdrawn;
    `serves` are the codes of the objective, or of its sub-points, that the action names. `predecessor` is set where the
    action serves not the objective but one of an earlier strategy that it goes on from; `has_earlier` where actions of
    such ones follow a row without an action.
    """

    words: Wording | None
    found: ActionChain | None = None
    outcome: OperationResults | None = None
    total: Total | None = None
    serves: tuple[str, ...] = ()
    predecessor: Predecessor | None = None
    has_earlier: bool = False

    @property
    def missing_words(self) -> str:
        """What is said instead of an action: none at all, and none but for what it goes on from, are two things."""
        if self.found is not None:
            return ""
        if self.has_earlier and self.words:
            return _("No action that you see serves %(code)s itself") % {"code": self.words.objective.code}
        return _("No action that you see")

    @property
    def total_url(self) -> str:
        """The result lines behind the total."""
        query = urlencode({"operation": self.outcome.operation.slug, **self.total.key})
        return reverse("reports:figure_rows", args=["results"]) + f"?{query}"

    @property
    def result_words(self) -> str:
        """What is said instead of a total: nothing found and nothing known are two things."""
        if self.outcome is None or self.total is not None:
            return ""
        return _("Nothing found") if self.outcome.is_nil else _("No validated results that you see")


def chain_rows(
    text: Text,
    chosen: Sequence[Wording],
    chain: Chain,
    *,
    withdrawn: Sequence[Wording] = (),
    predecessors: Mapping[int, Sequence[Predecessor]] = MappingProxyType({}),
    asked: str = "",
    with_others: bool,
) -> list[ChainRow]:
    """The rows of the chosen objectives in the order of the strategy, then of `withdrawn` ones that actions serve.

    After the actions of an objective stand those of its `predecessors`. An objective without an action of its own has
    one row that says so, a withdrawn one none unless its code is the one that is `asked` for; sub-points that are
    withdrawn stand for themselves. `with_others` adds, at the end, the actions that serve nothing above.
    """
    rows: list[ChainRow] = []
    for words in chosen:
        ids = text.with_sub_points(words)
        found = chain.serving(ids)
        for one in found:
            serves = tuple(text.codes[pk] for pk in ids if pk in one.served)
            rows += _rows_of(words, one, serves)
        before = _rows_before(words, chain, [one for pk in ids for one in predecessors.get(pk, ())])
        if not found:
            rows.append(ChainRow(words, has_earlier=bool(before)))
        rows += before
    for words in withdrawn:
        for one in chain.serving([words.objective_id]):
            rows += _rows_of(words, one, (words.objective.code,))
        rows += _rows_before(words, chain, predecessors.get(words.objective_id, ()))
    if not rows:
        rows = [ChainRow(words) for words in withdrawn if words.objective.code == asked]
    if with_others:
        above = {row.found.action.pk for row in rows if row.found}
        for one in chain.serving_none(text):
            if one.action.pk not in above:
                rows += _rows_of(None, one, ())
    return rows


def _rows_before(words: Wording, chain: Chain, predecessors: Iterable[Predecessor]) -> list[ChainRow]:
    """The rows of the actions that serve what an objective goes on from, each predecessor once."""
    named = {one.objective.pk: one for one in predecessors}
    return [
        row
        for one in named.values()
        for found in chain.serving(one.family)
        for row in _rows_of(words, found, (one.objective.code,), one)
    ]


def _rows_of(
    words: Wording | None,
    found: ActionChain,
    serves: tuple[str, ...],
    predecessor: Predecessor | None = None,
) -> list[ChainRow]:
    rows = [
        ChainRow(words, found, outcome, total, serves, predecessor)
        for outcome in found.operations
        for total in outcome.totals or [None]
    ]
    return rows or [ChainRow(words, found, serves=serves, predecessor=predecessor)]


@dataclass(frozen=True)
class OperationGroup:
    """The rows of one operation, None where the action has none that the reader sees."""

    outcome: OperationResults | None
    rows: Sequence[ChainRow]


@dataclass(frozen=True)
class ActionGroup:
    """The rows of one action by operation."""

    found: ActionChain
    serves: tuple[str, ...]
    operations: Sequence[OperationGroup]

    @property
    def predecessor(self) -> Predecessor | None:
        """The objective of an earlier strategy that the action serves, where it does not serve this one."""
        return self.operations[0].rows[0].predecessor

    @property
    def below(self) -> tuple[str, ...]:
        """The codes that the action names, where one of them is a sub-point's."""
        words = self.operations[0].rows[0].words
        is_own = words is None or self.predecessor or self.serves == (words.objective.code,)
        return () if is_own else self.serves

    @property
    def height(self) -> int:
        """How many rows of a table it takes."""
        return sum(len(group.rows) for group in self.operations)


@dataclass(frozen=True)
class ObjectiveGroup:
    """The rows of one objective by action; `missing_words` where no action serves it, though one its predecessors.

    `continued_by` are the objectives of later strategies that go on from it.
    """

    words: Wording | None
    actions: Sequence[ActionGroup]
    missing_words: str = ""
    continued_by: Sequence[Objective] = ()

    @property
    def withdrawn(self) -> str:
        """With which version the objective was withdrawn, in words; "" for one in force."""
        return named_withdrawn(self.words) if self.words else ""


Successors = Mapping[int, Sequence[Objective]]  # by the identity of the objective that they go on from
NO_SUCCESSORS: Successors = MappingProxyType({})


def grouped(rows: Iterable[ChainRow], successors: Successors = NO_SUCCESSORS) -> list[ObjectiveGroup]:
    """Rows that follow one another put together again, so that a table says everything once."""
    return [
        ObjectiveGroup(here[0].words, [
            ActionGroup(own[0].found, own[0].serves, [
                OperationGroup(one[0].outcome, one)
                for one in _runs(own, lambda row: row.outcome and row.outcome.operation.pk)
            ])
            for own in _runs(here, _action_and_predecessor) if own[0].found
        ], missing_words=here[0].missing_words, continued_by=_continued_by(here[0].words, successors))
        for here in _runs(rows, lambda row: row.words and row.words.pk)
    ]  # fmt: skip


def _continued_by(words: Wording | None, successors: Successors) -> Sequence[Objective]:
    return successors.get(words.objective_id, ()) if words else ()


def _action_and_predecessor(row: ChainRow) -> tuple[int, int]:
    return (
        row.found.action.pk if row.found else 0,
        row.predecessor.objective.pk if row.predecessor else 0,
    )


def _runs(rows: Iterable[ChainRow], key) -> list[list[ChainRow]]:
    return [list(run) for _key, run in groupby(rows, key=key)]


def chain_columns() -> list[Column]:
    """The headings of the rows as a file."""
    return [
        Column(_("Objective")), Column(_("Aim")), Column(_("Addressees")), Column(_("In words")),
        Column(_("Plan"), True), Column(_("Action")), Column(_("Serves")), Column(_("Title")), Column(_("Lead")),
        Column(_("State of the action")), Column(_("Ends on")), Column(_("Version of the terms of reference"), True),
        Column(_("State of the terms of reference")), Column(_("Operation")), Column(_("State of the operation")),
        Column(_("Results due on")), Column(_("Results")), Column(_("Commodity")), Column(_("Quantity"), True),
        Column(_("Unit")), Column(_("How exact")), Column(_("Kind of value")), Column(_("Result lines"), True),
        Column(_("By way of its predecessor")), Column(_("Continued by")),
    ]  # fmt: skip


def chain_cells(rows: Iterable[ChainRow], successors: Successors = NO_SUCCESSORS):
    """The rows as cells of these columns; every row says all that stands above it, so that it can be filtered."""
    for row in rows:
        yield [
            *_objective_cells(row.words),
            *_action_cells(row),
            *_operation_cells(row),
            *_total_cells(row.total, row.result_words),
            Cell(row.predecessor.name if row.predecessor else ""),
            Cell(", ".join(map(with_strategy, _continued_by(row.words, successors)))),
        ]


def _objective_cells(words: Wording | None) -> list[Cell]:
    if words is None:
        return [Cell(_("Serves no objective of the strategy in force")), *[Cell("")] * 3]
    code, said = words.objective.code, named_withdrawn(words)
    return [
        Cell(f"{code} ({said})" if said else code), Cell(words.block.aim.letter), Cell(addressees_of(words)),
        Cell(words.text),
    ]  # fmt: skip


def _action_cells(row: ChainRow) -> list[Cell]:
    if row.found is None:
        return [Cell(""), Cell(row.missing_words), *[Cell("")] * 7]
    action, terms = row.found.action, row.found.terms
    return [
        Cell(number_words(action.plan.number), is_number=True), Cell(str(action)), Cell(", ".join(row.serves)),
        Cell(action.title), Cell(action.lead.name if action.lead else ""), Cell(action.get_status_display()),
        day_cell(action.ends_on),
        Cell(number_words(terms.version), is_number=True) if terms else Cell(""),
        Cell(terms.get_status_display() if terms else _("None")),
    ]  # fmt: skip


def _operation_cells(row: ChainRow) -> list[Cell]:
    if row.outcome is None:
        return [Cell(""), Cell(""), Cell("")]
    operation = row.outcome.operation
    return [Cell(operation.name), Cell(operation.get_status_display()), day_cell(operation.results_due_on)]


def _total_cells(total: Total | None, said: str = "") -> list[Cell]:
    if total is None:
        return [Cell(said), *[Cell("")] * 6]
    return [
        Cell(total.measure_name), Cell(total.commodity_name), Cell(number_words(total.quantity), is_number=True),
        Cell(total.unit_symbol), Cell(_("about") if total.inexact else _("exactly")), Cell(total.value_kind_name),
        Cell(number_words(total.lines), is_number=True),
    ]  # fmt: skip
