"""Figures about results: who has handed in, what it adds up to, and what was published."""

from typing import NamedTuple

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from publishing.charts import Bar, BarGroup, Series, StackedBar, bars, stacked_bars
from publishing.figures import Cell, Column, Figure
from publishing.words import number_words, quantity_words
from reports import headlines
from reports.chain import operations_behind
from reports.figures.base import Shown, count_cell
from reports.filters import ObjectiveField, one_of
from reports.results import HANDED_IN, NOTHING, OWED, RETURNS, Return, lines_of

RETURN_LABELS = {
    "reported": gettext_lazy("Results"), "nil": gettext_lazy("Nothing found"), "handed_in": gettext_lazy("Handed in"),
    "awaited": gettext_lazy("Not due yet"), "missing": gettext_lazy("Missing"),
    "invited": gettext_lazy("Invitation not answered"), "not_taking_part": gettext_lazy("Not taking part"),
}  # fmt: skip
RETURN_LOOKS = {  # the look of a bar's part, borrowed from the states of actions
    "reported": "completed", "nil": "in_progress", "handed_in": "partly_achieved", "awaited": "planned",
    "missing": "delayed", "invited": "carried_over", "not_taking_part": "discontinued",
}  # fmt: skip
ANSWERED, OWING = "answered", "owing"  # groups of states, as parameters: has handed in; owes results


RETURN_MARKS = {
    "reported": "reported_results",
    "handed_in": "submitted",
}  # others have a mark of their own name


class ReturnRow(NamedTuple):
    """A return in a list: with its mark, its word, and whether the reader has a page to follow it to."""

    line: Return
    mark: str
    label: str
    has_page: bool


class DelegationsFigure(Shown):
    slug, scope = "delegations", ("year", "operation")
    title, noun = gettext_lazy("Who has handed in results"), "participants"

    def figure(self):
        returns = self.board.returns
        counts = {state: returns.count(states={state}) for state in RETURNS}
        headline = headlines.returns_headline(counts)
        drawn, table = [], []
        for operation in returns.operations():
            of = {s: returns.count(operation=operation, states={s}) for s in RETURNS}
            looks = {RETURN_LOOKS[s]: n for s, n in of.items()}
            urls = {RETURN_LOOKS[s]: self.rows_url(operation=operation.slug, state=s) for s in RETURNS}
            url = self.rows_url(operation=operation.slug)
            drawn.append(StackedBar(operation.name, looks, url, urls))
            cells = [
                count_cell(
                    of[s],
                    self.rows_url(operation=operation.slug, state=s),
                    f"{RETURN_LABELS[s]}: {operation}",
                )
                for s in RETURNS
            ]
            table.append(
                [
                    Cell(operation.name, operation.get_absolute_url()),
                    *cells,
                    count_cell(sum(of.values()), url, operation.name),
                ]
            )
        present = [Series(RETURN_LOOKS[s], str(RETURN_LABELS[s])) for s in RETURNS if counts[s]]
        said = "; ".join(f"{bar.label}: {bar.total}" for bar in drawn)
        return Figure(
            slug=self.slug,
            headline=headline,
            svg=stacked_bars(self.slug, headline, said, present, drawn) if drawn else "",
            columns=[
                Column(_("Operation")), *(Column(str(RETURN_LABELS[s]), True) for s in RETURNS),
                Column(_("Participants"), True),
            ],
            rows=table,
            note=_(
                "Participants of operations that have asked for results. “Handed in” says that an answer is there "
                "whose content does not count for you yet."
            ),
            empty=_("No operation that you see has asked for results yet."),
            **self.links,
        )  # fmt: skip

    def row_fields(self):
        groups = [(ANSWERED, _("Has handed in")), (OWING, _("Owes results"))]
        return {"state": one_of(_("State"), [*groups, *RETURN_LABELS.items()])}

    def rows(self, wanted):
        state = wanted.get("state")
        states = {ANSWERED: HANDED_IN, OWING: OWED}.get(state, {state} if state else ())
        return [self._row(line) for line in self.board.returns.lines(states=states)]

    def _row(self, line):
        user = self.board.user
        is_theirs = line.participation.delegation_id in user.delegation_ids
        is_shown = line.state in {"reported", "nil"} or (user.is_secretariat and line.state == "handed_in")
        return ReturnRow(
            line,
            RETURN_MARKS.get(line.state, line.state),
            str(RETURN_LABELS[line.state]),
            is_theirs or is_shown,
        )


class ResultsFigure(Shown):
    slug, scope = "results", ("year", "operation")
    title, noun = gettext_lazy("Results"), "result lines"

    def figure(self):
        totals = self.board.totals
        headline = headlines.results_headline(
            sum(t.lines for t in totals),
            len(totals),
            sorted({name for t in totals for name in t.operations}),
            sum(1 for t in totals if t.inexact),
        )
        said = _(
            "Each scale has one unit and one kind of value of its own; what differs in them is never added up."
        )
        return Figure(
            slug=self.slug,
            headline=headline,
            svg=self._drawing(totals),
            columns=[
                Column(_("What is counted")), Column(_("Commodity")), Column(_("Quantity"), True), Column(_("Unit")),
                Column(_("How exact")), Column(_("Kind of value")), Column(_("Result lines"), True),
            ],
            rows=[self._table_row(total) for total in totals],
            note=said if totals else "",
            source=headlines.returns_headline({s: self.board.returns.count(states={s}) for s in RETURNS}),
            empty=_("There are results here as soon as they are validated and shown to you."),
            **self.links,
        )  # fmt: skip

    def _drawing(self, totals):
        """A drawing for each unit and kind of value, each with its own scale; on paper each is broken off whole."""
        grouped: dict[tuple, list] = {}
        for total in totals:
            grouped.setdefault((total.unit_symbol, total.value_kind_name), []).append(total)
        drawings = []
        for number, (names, members) in enumerate(grouped.items(), 1):
            label = ", ".join(filter(None, names))
            drawn = [self._bar(total) for total in sorted(members, key=lambda t: -t.quantity)]
            said = "; ".join(f"{bar.label}: {bar.words}" for bar in drawn)
            drawings.append(bars(f"{self.slug}-{number}", label, said, [BarGroup(label, drawn)]))
        return mark_safe("".join(drawings))  # noqa: S308 - each is safe already

    def _bar(self, total):
        words = quantity_words(total.quantity, total.unit_symbol, total.qualifier)
        name = _("%(commodity)s, %(measure)s") % {
            "commodity": total.commodity_name, "measure": total.measure_name.lower(),
        }  # fmt: skip
        return Bar(
            name if total.commodity else total.measure_name, total.quantity, words, self.rows_url(**total.key)
        )

    def _table_row(self, total):
        url = self.rows_url(**total.key)
        what = f"{total.measure_name} {total.commodity_name}".strip()
        name = f"{total.unit_symbol}, {what}"
        lines = ngettext("result line, %(what)s", "result lines, %(what)s", total.lines) % {"what": what}
        return [
            Cell(total.measure_name), Cell(total.commodity_name or "–"),
            Cell(number_words(total.quantity), url, name, True), Cell(total.unit_symbol),
            Cell(_("about") if total.inexact else _("exactly")), Cell(total.value_kind_name or "–"),
            Cell(number_words(total.lines), url, lines, True),
        ]  # fmt: skip

    def row_fields(self):
        totals = self.board.totals
        none = (NOTHING, _("none"))
        measures = {t.measure: t.measure_name for t in totals}
        commodities = {t.commodity: t.commodity_name for t in totals if t.commodity}
        units = {t.unit: t.unit_symbol for t in totals}
        kinds = {t.value_kind: t.value_kind_name for t in totals if t.value_kind}
        return {
            "measure": one_of(_("What is counted"), measures.items()),
            "commodity": one_of(_("Commodity"), [*commodities.items(), none]),
            "unit": one_of(_("Unit"), units.items()),
            "kind": one_of(_("Kind of value"), [*kinds.items(), none]),
            "objective": ObjectiveField(self.board.known),
        }

    def rows(self, wanted):
        which = {name: wanted[name] for name in ("measure", "commodity", "unit", "kind") if name in wanted}
        delegation, lines = "submission__delegation", lines_of(self.board.lines, **which)
        if name := wanted.get("objective"):
            objective = self.board.known.find(name).objective_id
            lines = lines.filter(submission__operation__in=operations_behind(self.board.user, objective))
        return lines.select_related(
            "measure", "commodity", "unit", "submission__operation", delegation
        ).order_by(
            "submission__operation__name", f"{delegation}__protocol_order", f"{delegation}__code", "pk"
        )


class PublishedFigure(Shown):
    slug, scope = "published", ("year", "operation")
    title, noun = gettext_lazy("Published figures"), "published figures"

    def figure(self):
        figures = self.board.published
        return Figure(
            slug=self.slug,
            headline=headlines.published_headline(len(figures), len({f.operation_id for f in figures})),
            columns=[
                Column(_("Operation")), Column(_("What is counted")), Column(_("Commodity")),
                Column(_("Quantity"), True), Column(_("Unit")), Column(_("How exact")), Column(_("Of which total")),
                Column(_("Delegation")),
            ],
            rows=[self._table_row(f) for f in figures],
            note=_(
                "Totals, parts and breakdowns stand side by side as their sources give them: "
                "they are never added up, nor added to the results above."
            ),
            **self.links,
        )  # fmt: skip

    def _table_row(self, figure):
        return [
            Cell(figure.operation.name, figure.operation.get_absolute_url()), Cell(str(figure.metric_name)),
            Cell(figure.commodity.name if figure.commodity else "–"),
            Cell(number_words(figure.quantity), is_number=True), Cell(figure.unit.symbol),
            Cell(figure.qualifier.replace("_", " ")), Cell(figure.part_of.replace("_", " ")),
            Cell(figure.delegation.name if figure.delegation else "–"),
        ]  # fmt: skip

    def rows(self, wanted):
        return self.board.published
