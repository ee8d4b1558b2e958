"""Charts as SVG, drawn on the server: the same text for page, print and document.

Pure functions of plain values. Presentation attributes only (the policy forbids styles), no scripts, ids
from the slug (the same in every process), links whose name begins with what is seen, and patterns beside
colours. The numbers also stand in the table of the figure (`publishing.figures`), made from the same values.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from publishing import palette
from publishing.drawing import (
    LEFT,
    UNDERLINED,
    WIDTH,
    box,
    join,
    legend,
    line,
    pattern,
    row_label,
    svg,
    text,
    today_line,
    wrap,
)
from publishing.palette import BRAND, EDGE, GOLD, INK, INK_2, LINE, OK, WHITE
from publishing.words import day_words


@dataclass(frozen=True)
class Series:
    """One kind of part of a stacked bar; `key` is a style of `palette.STATUS`."""

    key: str
    label: str


@dataclass(frozen=True)
class StackedBar:
    """One bar: its parts by series key, and where the label and each part lead."""

    label: str
    values: dict[str, int]
    url: str = ""
    urls: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.values.values())


@dataclass(frozen=True)
class Cycle:
    """One plan on the timeline. `look` is ended, current, upcoming or draft; `prepared_from` begins the dotted part."""

    label: str
    starts_on: date
    ends_on: date
    look: str
    state: str
    adopt_by: date | None = None
    adopted_on: date | None = None
    prepared_from: date | None = None
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """One quantity: the number that gives the length and the words that are printed. None is not reported, never 0."""

    label: str
    value: Decimal | int | None
    words: str
    url: str = ""


@dataclass(frozen=True)
class BarGroup:
    """Bars that may be compared: one measure, one unit, one kind of value. Each group has its own scale."""

    label: str
    bars: Sequence[Bar]


# -- stacked bars --------------------------------------------------------------------


def stacked_bars(
    slug: str, title: str, description: str, series: Sequence[Series], bars: Sequence[StackedBar]
) -> SafeString:
    """Counts by kind, one bar per row, all on one scale: how many actions of each aim are in which state."""
    drawn, y = legend(slug, [(one.key, one.label) for one in series])
    parts = [drawn]
    scale = (WIDTH - LEFT - 60) / max([bar.total for bar in bars] + [1])
    for bar in bars:
        lines = wrap(bar.label, 30)
        high = max(40, 17 * len(lines) + 12)
        middle = y + high / 2
        parts.append(row_label(lines, middle, bar.url))
        x = LEFT
        for one in series:
            count = bar.values.get(one.key, 0)
            if count:
                parts.append(_part(slug, one, bar, count, x, middle - 14, max(count * scale - 2, 4)))
                x += count * scale
        parts.append(text(x + 8, middle + 5, bar.total, weight=600, colour=INK_2))
        y += high
    linked = any(bar.url or bar.urls for bar in bars)
    return svg(slug, title, description, y + 6, join(parts), linked=linked)


def _part(slug, one, bar, count, x, y, width) -> SafeString:
    """One part of a bar with its number, which leads to the rows that it counts."""
    style = palette.STATUS[one.key]
    middle = x + width / 2
    room = 11 + 8 * len(str(count))
    chip = ""
    if style.chip and width >= room:
        chip = format_html(
            '<rect x="{}" y="{}" width="{}" height="20" rx="3" fill="{}"/>',
            round(middle - room / 2, 1),
            y + 4,
            room,
            WHITE,
        )
    url = bar.urls.get(one.key)
    under = UNDERLINED if url else ""
    number = (
        text(middle, y + 19, count, anchor="middle", colour=style.text, weight=700, extra=under)
        if width >= room
        else ""
    )
    drawn = join([box(slug, one.key, x, y, width, 28), chip, number])
    if url:
        name = _("%(count)d: %(row)s, %(state)s") % {
            "count": count,
            "state": one.label.lower(),
            "row": bar.label,
        }
        return format_html('<a href="{}" aria-label="{}">{}</a>', url, name, drawn)
    return drawn


# -- timeline ------------------------------------------------------------------------

ROW = 62


def timeline(slug: str, title: str, description: str, cycles: Sequence[Cycle], today: date) -> SafeString:
    """Plan cycles on one time line: diamond = adopt by, dot = adopted, red line = today."""
    days = [
        day
        for c in cycles
        for day in (c.starts_on, c.ends_on, c.adopt_by, c.adopted_on, c.prepared_from)
        if day
    ]
    first, last = min([*days, today]), max([*days, today])
    first, last = (
        date(first.year, 1 if first.month < 7 else 7, 1),
        date(last.year + (last.month > 6), 1 if last.month > 6 else 7, 1),
    )

    def at(day: date) -> float:
        return LEFT + (WIDTH - LEFT - 24) * (day - first).days / max((last - first).days, 1)

    height = 66 + ROW * len(cycles)
    parts = [format_html("<defs>{}</defs>", pattern(f"{slug}-planned", palette.STATUS["planned"]))]
    said = []  # words lie over the red line, shapes below it
    for day in _half_years(first, last):
        parts.append(line(at(day), 52, height - 6, LINE))
        if day.month == 1:
            said.append(text(at(day), 44, day.year, anchor="middle", weight=700, halo=True))
        elif (last - first).days < 366 * 9:
            said.append(
                text(at(day), 44, date_format(day, "M"), anchor="middle", size=12, colour=INK_2, halo=True)
            )
    for i, cycle in enumerate(cycles):
        parts.append(_cycle_shapes(slug, cycle, 58 + ROW * i, at))
        said.append(_cycle_words(cycle, 58 + ROW * i, at))
    parts += [today_line(at(today), height - 6), *said]
    return svg(slug, title, description, height, join(parts), linked=any(cycle.url for cycle in cycles))


def _half_years(first: date, last: date):
    day = first
    while day <= last:
        yield day
        day = date(day.year, 7, 1) if day.month == 1 else date(day.year + 1, 1, 1)


LOOKS = {  # fill, edge, dashes of the edge, words
    "ended": ("#93a1c0", BRAND, "", INK),
    "current": (BRAND, BRAND, "", WHITE),
    "upcoming": ("#e6edf9", BRAND, "", INK),
    "draft": (WHITE, BRAND, "5 3", INK),
}


def _cycle_shapes(slug, cycle, y, at) -> SafeString:
    fill, edge, dashes, _words = LOOKS[cycle.look]
    start, end, parts = at(cycle.starts_on), at(cycle.ends_on), []
    if cycle.prepared_from and cycle.prepared_from < cycle.starts_on:
        begin = at(cycle.prepared_from)
        parts.append(format_html(
            '<rect x="{}" y="{}" width="{}" height="18" fill="url(#{}-planned)" stroke="{}"/>',
            round(begin, 1), y + 3, round(start - begin, 1), slug, EDGE,
        ))  # fmt: skip
    parts.append(format_html(
        '<rect x="{}" y="{}" width="{}" height="24" rx="3" fill="{}" stroke="{}" stroke-width="1.5"{}/>',
        round(start, 1), y, round(max(end - start, 2), 1), fill, edge,
        format_html(' stroke-dasharray="{}"', dashes) if dashes else "",
    ))  # fmt: skip
    if cycle.adopt_by:
        x = round(at(cycle.adopt_by), 1)
        parts.append(
            format_html('<path d="M{} {}l8 8-8 8-8-8z" fill="{}" stroke="{}"/>', x, y + 4, GOLD, INK)
        )
    if cycle.adopted_on:
        parts.append(format_html(
            '<circle cx="{}" cy="{}" r="6" fill="{}" stroke="{}" stroke-width="1.5"/>',
            round(at(cycle.adopted_on), 1), y + 12, OK, WHITE,
        ))  # fmt: skip
    return join(parts)


def _cycle_words(cycle, y, at) -> SafeString:
    start, end = at(cycle.starts_on), at(cycle.ends_on)
    months = f"{date_format(cycle.starts_on, 'M Y')} – {date_format(cycle.ends_on, 'M Y')}"
    parts = [row_label([cycle.label], y + 9, cycle.url)]
    parts.append(text(LEFT - 12, y + 32, months, anchor="end", size=12.5, colour=INK_2))
    if end - start > 8 * len(cycle.state):
        parts.append(text(start + 8, y + 17, cycle.state, colour=LOOKS[cycle.look][3], weight=600))
    if day := cycle.adopted_on or cycle.adopt_by:
        said = (_("adopted %(day)s") if cycle.adopted_on else _("adopt by %(day)s")) % {"day": day_words(day)}
        half = 3.3 * len(said)
        x = min(max(at(cycle.adopt_by or day), LEFT + half), WIDTH - half)
        parts.append(text(x, y + 41, said, anchor="middle", size=12.5, colour=INK_2, halo=True))
    return join(parts)


# -- horizontal bars -----------------------------------------------------------------------


def bars(slug: str, title: str, description: str, groups: Sequence[BarGroup]) -> SafeString:
    """Quantities as bars, a scale for each group: quantities of different units are never laid side by side.

    A quantity that is alone in its group has nothing to be compared with, and stands as a number.
    """
    parts, y = [], 4.0
    for group in groups:
        parts.append(text(0, y + 18, group.label, weight=700))
        y += 30
        most = max([bar.value for bar in group.bars if bar.value] or [1])
        for bar in group.bars:
            lines = wrap(bar.label, 30)
            high = max(30, 17 * len(lines) + 10)
            middle = y + high / 2
            parts.append(row_label(lines, middle, ""))
            is_alone = len(group.bars) == 1
            length = float((WIDTH - LEFT - 230) * bar.value / most) if bar.value and not is_alone else 0
            start = LEFT if is_alone else LEFT + length + 9
            if length:
                parts.append(format_html(
                    '<rect x="{}" y="{}" width="{}" height="18" rx="2" fill="{}"/>',
                    LEFT, round(middle - 9, 1), round(max(length, 2), 1), BRAND,
                ))  # fmt: skip
            elif not is_alone:
                parts.append(line(LEFT, middle - 9, middle + 9, EDGE, 2))
            colour = BRAND if bar.url else INK_2 if bar.value is None else INK
            under = UNDERLINED if bar.url else ""
            words = text(start, middle + 5, bar.words, colour=colour, weight=600, extra=under)
            if bar.url:
                words = format_html(
                    '<a href="{}" aria-label="{}: {}">{}</a>', bar.url, bar.words, bar.label, words
                )
            parts.append(words)
            y += high
        y += 10
    return svg(
        slug,
        title,
        description,
        y,
        join(parts),
        linked=any(bar.url for group in groups for bar in group.bars),
    )
