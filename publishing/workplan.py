"""The work of a plan on its time line: a bar for each piece of work, a diamond for what is reached by a day.

Drawn like the other charts (`publishing.charts`); drawing and table are made from the same values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from publishing.drawing import LEFT, WIDTH, box, join, legend, line, svg, text, today_line, wrap
from publishing.figures import Cell, Column, Figure, day_cell
from publishing.palette import BRAND, GOLD, INK, INK_2, LINE
from publishing.words import day_words

ROWS = 20  # of one drawing: more would not fit on a printed page, and the months would be out of sight
ROW, BAR, AXIS = 40, 20, 64
DIAMOND = '<defs><path id="{}" d="M0-7l7 7-7 7-7-7z" fill="{}" stroke="{}"/></defs>'
LABELS = '<g text-anchor="end" font-size="14" font-weight="600" fill="{}">{}</g>'
MANY_MONTHS = 24  # beyond that only every third is named


@dataclass(frozen=True)
class Work:
    """One piece of work. `style` is a key of `palette.STATUS`, `state` its words; `reached` are what and by when."""

    number: str
    title: str
    starts_on: date
    ends_on: date
    style: str
    state: str
    url: str = ""
    reached: Sequence[tuple[str, date]] = ()


def workplan_figure(
    slug: str, headline: str, works: Sequence[Work], period: tuple[date, date], today: date, *,
    what: str, empty: str = "", **rest,
) -> Figure:  # fmt: skip
    """The work within a period; `what` is what a piece of work is called. In several drawings where it is much."""
    columns = [
        Column(what),
        Column(_("What it is")),
        Column(_("First day")),
        Column(_("Last day")),
        Column(_("State")),
    ]
    rows = [row for work in works for row in _rows(work)]
    pages = [works[at : at + ROWS] for at in range(0, len(works), ROWS)]
    drawn = [
        _drawing(
            slug if not at else f"{slug}-{at + 1}", _title(headline, at, len(pages)), page, period, today
        )
        for at, page in enumerate(pages)
    ]
    return Figure(slug, headline, join(drawn), columns, rows, empty=empty, **rest)


def _title(headline: str, at: int, count: int) -> str:
    if count == 1:
        return headline
    return _("%(headline)s Part %(part)d of %(count)d.") % {
        "headline": headline,
        "part": at + 1,
        "count": count,
    }


def _rows(work: Work) -> Iterator[list[Cell]]:
    begins, ends = day_cell(work.starts_on), day_cell(work.ends_on)
    yield [Cell(work.number, work.url), Cell(work.title), begins, ends, Cell(work.state)]
    for title, day in work.reached:
        said = _("Milestone: %(title)s") % {"title": title}
        yield [Cell(work.number), Cell(said), Cell(""), day_cell(day), Cell("")]


def _drawing(slug, title, works, period, today) -> SafeString:
    first, last = period

    def at(day: date) -> float:
        inside = min(max(day, first), last)
        return LEFT + (WIDTH - LEFT - 24) * (inside - first).days / max((last - first).days, 1)

    styles = {work.style: work.state for work in works}
    drawn, top = legend(slug, list(styles.items()))
    top += AXIS
    bottom = top + ROW * len(works)
    parts, said, labels = [drawn, format_html(DIAMOND, f"{slug}-milestone", GOLD, INK)], [], []
    months = list(_months(first, last))
    for month in months:
        parts.append(line(at(month), top - 12, bottom, LINE))
        if len(months) <= MANY_MONTHS or month.month % 3 == 1:
            said.append(
                text(at(month) + 3, top - 16, date_format(month, "M"), size=12, colour=INK_2, halo=True)
            )
        if month == months[0] or month.month == 1:
            said.append(text(at(month) + 3, top - 32, month.year, weight=700, halo=True))
    for number, work in enumerate(works):
        parts.append(_shapes(slug, work, top + ROW * (number + 0.5), at))
        labels.append(_label(work, top + ROW * (number + 0.5)))
    parts.append(format_html(LABELS, BRAND, join(labels)))
    if first <= today <= last:
        parts.append(today_line(at(today), bottom, top - AXIS))
    told = _("From the first to the last day of each. Diamond: milestone. The table says the same in words.")
    if first <= today <= last:
        told += " " + _("Red line: %(day)s.") % {"day": day_words(today)}
    return svg(slug, title, told, bottom + 6, join([*parts, *said]), linked=any(work.url for work in works))


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield max(month, first)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _shapes(slug, work, middle, at) -> SafeString:
    """The bar, and over it a diamond for each milestone with its name for whoever points at it."""
    start, end = at(work.starts_on), at(work.ends_on)
    reached = format_html_join(
        "", '<use href="#{}-milestone" x="{}" y="{}"><title>{}</title></use>',
        ((slug, round(at(day)), round(middle), title) for title, day in work.reached),
    )  # fmt: skip
    return join([box(slug, work.style, start, round(middle) - BAR // 2, max(end - start, 2), BAR), reached])


def _label(work, middle) -> SafeString:
    """Number and title before the row, as a link where they lead somewhere; what they share stands around all."""
    lines = wrap(f"{work.number} {work.title}", 30, 2)
    first = round(middle + 5 - (len(lines) - 1) * 8.5)
    spans = format_html_join(
        " ", '<tspan x="{}" y="{}">{}</tspan>', ((LEFT - 12, first + 17 * at, line) for at, line in enumerate(lines))
    )  # fmt: skip
    if not work.url:
        return format_html('<text fill="{}">{}</text>', INK, spans)
    return format_html('<a href="{}"><text text-decoration="underline">{}</text></a>', work.url, spans)
