"""A figure: the sentence it proves, its drawing, and the table and CSV of the same values.

Each kind has one function that makes drawing and table from the same rows, so that they cannot differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from publishing import charts
from publishing.words import DASH, day_words, number_words, percent_words


@dataclass(frozen=True)
class Column:
    """A column of the table."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell: its text, the rows behind it (url) and what a screen reader adds to a bare number (hint).

    `plain` is what machines read instead of the text: a number without spaces and unit; "" is the text itself.
    `day` is the day that the text says, which a file keeps as a day.
    """

    text: str
    url: str = ""
    hint: str = ""
    is_number: bool = False
    plain: str = ""
    day: date | None = None


def day_cell(day: date | None, otherwise: str = "") -> Cell:
    """A day in words; in files a day. Where there is none, what is said otherwise."""
    return Cell(day_words(day), day=day) if day else Cell(otherwise)


@dataclass(frozen=True)
class Figure:
    """What `{% figure %}` shows. `empty` is said instead of a drawing while there is nothing to draw."""

    slug: str
    headline: str
    svg: str = ""
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[Cell]] = ()
    note: str = ""
    source: str = ""
    csv_url: str = ""
    xlsx_url: str = ""
    rows_url: str = ""
    empty: str = ""

    @property
    def headed_rows(self) -> list[list[tuple[Column, Cell]]]:
        """The rows with the column of each cell, which a narrow screen names beside it."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    def csv_rows(self) -> list[list[str]]:
        """The table as lines of text, heading first, numbers as machines read them."""
        rows = [[cell.plain or str(cell.text) for cell in row] for row in self.rows]
        return [[str(column.label) for column in self.columns], *rows]


def stacked_figure(
    slug: str, headline: str, series: Sequence[charts.Series], bars: Sequence[charts.StackedBar], *,
    what: str, empty: str = "", **rest,
) -> Figure:  # fmt: skip
    """Counts by state, one row per bar; `what` heads the first column ("Aim"). The last row is the sum."""
    columns = [
        Column(what),
        *(Column(one.label, True) for one in series),
        Column(_("All"), True),
        Column(_("Completed of all"), True),
    ]
    total = charts.StackedBar(
        _("All"), {one.key: sum(bar.values.get(one.key, 0) for bar in bars) for one in series}
    )
    rows = [_stacked_row(bar, series) for bar in [*bars, *([total] if len(bars) > 1 else [])]]
    said = "; ".join(f"{bar.label}: {bar.total}" for bar in bars)
    svg = charts.stacked_bars(slug, headline, said, series, bars) if total.total else ""
    return Figure(slug, headline, svg, columns, rows if bars else [], empty=empty, **rest)


def _stacked_row(bar, series):
    def cell(one):
        count = bar.values.get(one.key, 0)
        url = bar.urls.get(one.key, "") if count else ""
        return Cell(number_words(count), url, f"{one.label.lower()}: {bar.label}", True, str(count))

    done = bar.values.get("completed", 0)
    share = Cell(
        f"{percent_words(done, bar.total)} ({done} ÷ {bar.total})" if bar.total else percent_words(0, 0),
        is_number=True,
    )
    return [
        Cell(bar.label),
        *(cell(one) for one in series),
        Cell(number_words(bar.total), bar.url, bar.label, True, str(bar.total)),
        share,
    ]


def timeline_figure(
    slug: str, headline: str, cycles: Sequence[charts.Cycle], today: date, *, empty: str = "", **rest
) -> Figure:
    """Plan cycles with the day by which each should be, and was, adopted."""
    columns = [
        Column(_("Plan")),
        Column(_("First day")),
        Column(_("Last day")),
        Column(_("Adopt by")),
        Column(_("Adopted")),
        Column(_("State")),
    ]
    rows = [
        [
            Cell(c.label, c.url), day_cell(c.starts_on), day_cell(c.ends_on), day_cell(c.adopt_by, DASH),
            day_cell(c.adopted_on, _("not yet")), Cell(c.state),
        ]
        for c in cycles
    ]  # fmt: skip
    said = _("Diamond: to be adopted by this day. Dot: adopted. Red line: %(day)s.") % {
        "day": day_words(today)
    }
    svg = charts.timeline(slug, headline, said, cycles, today) if cycles else ""
    return Figure(slug, headline, svg, columns, rows, empty=empty, **rest)


def _quantity(bar):
    plain = "" if bar.value is None else format(bar.value, "f")
    return Cell(bar.words, bar.url, bar.label, True, plain)


def bars_figure(
    slug: str, headline: str, groups: Sequence[charts.BarGroup], *, what: str, empty: str = "", **rest
) -> Figure:
    """Quantities in groups of their own scale; the first column names the group, the second (`what`) the bar."""
    columns = [Column(_("Group")), Column(what), Column(_("Quantity"), True)]
    rows = [[Cell(group.label), Cell(bar.label), _quantity(bar)] for group in groups for bar in group.bars]
    said = "; ".join(f"{row[0].text}, {row[1].text}: {row[2].text}" for row in rows[:12])
    svg = charts.bars(slug, headline, said, groups) if rows else ""
    return Figure(slug, headline, svg, columns, rows, empty=empty, **rest)
