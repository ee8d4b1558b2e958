"""A heat map as SVG: how many of something in each cell, and, marked by more than colour, where there is none.

Like `publishing.charts`: pure, presentation attributes only, links whose name begins with what is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.drawing import UNDERLINED, WIDTH, join, svg, text, wrap
from publishing.palette import BAD, BRAND, EDGE, HEAT, INK, INK_2, WHITE

HEAD, ROW, GROUP, LINE = (
    58,
    26,
    30,
    17,
)  # heights: headings with the legend, a row, the heading of a group, its lines
WIDEST, CELLS = 72, 640  # of one cell, of all of them
LETTER, CODE_LETTER = 7.0, 8.0  # the width of a letter on average, in words and in codes
HEADING = 44  # letters of a heading in one line: what a screen of 320 px shows of the map


@dataclass(frozen=True)
class HeatCell:
    """One cell: how many, and the rows behind them. `label` is what it counts, for those who do not see the map."""

    value: int
    label: str
    url: str = ""


@dataclass(frozen=True)
class HeatRow:
    """One row: its code, further words that may be cut, where the code leads, and the group it stands in.

    Where `none_is_gap` is false, a cell without anything is as it should be, and is not marked.
    """

    label: str
    words: str
    cells: Sequence[HeatCell]
    url: str = ""
    group: str = ""
    none_is_gap: bool = True


def heat_map(
    slug: str, title: str, description: str, columns: Sequence[str], rows: Sequence[HeatRow]
) -> SafeString:
    """Rows by columns. Darker is more; a gap is white, ringed by dashes, and says 0.

    The numbers stand next to the codes and the words after them, where a narrow screen or a long text cuts them off;
    headings go on in a next line.
    """
    wide = min(WIDEST, CELLS / max(len(columns), 1))
    left = min(CODE_LETTER * max([len(row.label) for row in rows] + [0]) + 10, WIDTH - wide * len(columns))
    most = max([cell.value for row in rows for cell in row.cells] + [1])
    after = left + wide * len(columns) + 12
    parts = _legend(most)
    parts += [
        text(left + wide * (at + 0.5), HEAD - 8, label, anchor="middle", weight=700)
        for at, label in enumerate(columns)
    ]
    y = HEAD
    for group, members in groupby(rows, key=lambda row: row.group):
        if group:
            lines = wrap(group, HEADING, most=len(group))
            parts += [
                text(0, y + 21 + LINE * at, line, weight=700, colour=INK_2) for at, line in enumerate(lines)
            ]
            y += GROUP + LINE * (len(lines) - 1)
        for row in members:
            parts.append(_label(row, after, y))
            parts += [
                _cell(cell, left + wide * at, y, wide, most, row.none_is_gap)
                for at, cell in enumerate(row.cells)
            ]
            y += ROW
    linked = any(row.url or any(cell.url for cell in row.cells) for row in rows)
    return svg(slug, title, description, y + 6, join(parts), linked=linked)


def step_of(value: int, most: int) -> int:
    """Which step of the palette a number has when the largest is `most`; 1 is always the palest."""
    return 0 if most <= 1 else min((value - 1) * len(HEAT) // most, len(HEAT) - 1)


def _legend(most: int) -> list[SafeString]:
    words = _("none")
    parts = [_gap(0, 4, 26), text(33, 18, words, colour=INK_2)]
    x = 33 + LETTER * len(words) + 22
    numbers = sorted({1, most})
    for value in numbers:
        fill, _colour = HEAT[step_of(value, most)]
        parts.append(_box(x, 4, 26, fill, EDGE))
        parts.append(text(x + 33, 18, value, colour=INK_2))
        x += 33 + LETTER * len(str(value)) + 22
    return parts


def _label(row: HeatRow, after: float, y: float) -> SafeString:
    room = int((WIDTH - after) / LETTER)
    code = format_html(
        '<text x="0" y="{}" font-size="14" font-weight="600" fill="{}"{}>{}</text>',
        y + 18, BRAND if row.url else INK, UNDERLINED if row.url else "", row.label,
    )  # fmt: skip
    linked = format_html('<a href="{}">{}</a>', row.url, code) if row.url else code
    if room < 8 or not row.words:
        return linked
    words = text(after, y + 18, Truncator(row.words).chars(room), size=13, colour=INK_2)
    return join([linked, words])


def _cell(cell: HeatCell, x: float, y: float, wide: float, most: int, none_is_gap: bool) -> SafeString:
    if not cell.value and not none_is_gap:
        return text(x + wide / 2, y + 18, 0, anchor="middle", colour=INK_2)
    if not cell.value:
        number = text(x + wide / 2, y + 18, 0, anchor="middle", colour=BAD, weight=700, halo=True)
        return join([_gap(x + 1, y + 1, wide - 2), number])
    fill, colour = HEAT[step_of(cell.value, most)]
    under = UNDERLINED if cell.url else ""
    number = text(x + wide / 2, y + 18, cell.value, anchor="middle", colour=colour, weight=700, extra=under)
    drawn = join([_box(x + 1, y + 1, wide - 2, fill, fill), number])
    if not cell.url:
        return drawn
    name = ngettext("%(count)d action: %(label)s", "%(count)d actions: %(label)s", cell.value) % {
        "count": cell.value,
        "label": cell.label,
    }
    return format_html('<a href="{}" aria-label="{}">{}</a>', cell.url, name, drawn)


def _box(x: float, y: float, width: float, fill: str, edge: str) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="{}" stroke="{}"/>',
        round(x, 1), round(y, 1), round(width, 1), ROW - 2, fill, edge,
    )  # fmt: skip


def _gap(x: float, y: float, width: float) -> SafeString:
    """White, ringed by dashes."""
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="1.5" stroke-dasharray="4 3"/>',
        round(x, 1), round(y, 1), round(width, 1), ROW - 2, WHITE, BAD,
    )  # fmt: skip
