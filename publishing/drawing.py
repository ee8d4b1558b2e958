"""The pieces that every chart is drawn of: text, labels of rows, patterns, lines, and the frame around it all."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing import palette
from publishing.palette import BRAND, INK, WHITE

WIDTH = 960
LEFT = 230  # room for the labels of rows
FONT = "Source Sans 3, Segoe UI, Arial, sans-serif"
HALO = format_html(' stroke="{}" stroke-width="4" paint-order="stroke" stroke-linejoin="round"', WHITE)
UNDERLINED = format_html(' text-decoration="{}"', "underline")


def wrap(text: str, width: int, most: int = 3) -> list[str]:
    """The text in lines of at most `width` characters; what does not fit in `most` lines ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]


def text(x, y, words, *, anchor="start", size=14, colour=INK, weight=400, halo=False, extra="") -> SafeString:
    behind = HALO if halo else ""
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}" font-weight="{}"{}{}>{}</text>',
        round(x, 1), round(y, 1), anchor, size, colour, weight, behind, extra, words,
    )  # fmt: skip


def row_label(lines: Sequence[str], y: float, url: str) -> SafeString:
    """A label right-aligned before its row, centred on y; a link when it leads somewhere."""
    first = y - (len(lines) - 1) * 8.5 + 5
    colour = BRAND if url else INK
    under = UNDERLINED if url else ""
    parts = format_html_join(
        " ",
        '<tspan x="{}" y="{}"{}>{}</tspan>',
        ((LEFT - 12, first + 17 * i, under, line) for i, line in enumerate(lines)),
    )
    text = format_html(
        '<text text-anchor="end" font-size="14" fill="{}" font-weight="600">{}</text>', colour, parts
    )
    return format_html('<a href="{}">{}</a>', url, text) if url else text


def pattern(ident: str, style: palette.Style) -> SafeString:
    drawn = {
        "diagonal": '<path d="M-2 10 10-2M2 14 14 2" stroke="{0}" stroke-width="1.6"/>',
        "dots": '<circle cx="3" cy="3" r="1.1" fill="{0}"/><circle cx="9" cy="9" r="1.1" fill="{0}"/>',
        "cross": '<path d="M0 0 12 12M12 0 0 12" stroke="{0}" stroke-width="1.2"/>',
        "lines": '<path d="M3 0v12M9 0v12" stroke="{0}" stroke-width="1.6"/>',
    }[style.pattern]
    return format_html(
        '<pattern id="{}" width="12" height="12" patternUnits="userSpaceOnUse">'
        '<path d="M0 0h12v12H0z" fill="{}"/>{}</pattern>',
        ident, style.fill, format_html(drawn, style.stroke),
    )  # fmt: skip


def svg(
    slug: str, title: str, description: str, height: float, body: SafeString, *, linked: bool
) -> SafeString:
    """The frame: a picture when nothing in it can be followed, a group when it holds links."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="{}"'
        ' aria-labelledby="{}-title" aria-describedby="{}-desc" font-family="{}">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>',
        WIDTH, round(height), WIDTH, round(height), "group" if linked else "img", slug, slug, FONT,
        slug, title, slug, description, body,
    )  # fmt: skip


def join(parts) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def line(x, top, bottom, colour, width=1) -> SafeString:
    return format_html(
        '<path d="M{} {}V{}" stroke="{}" stroke-width="{}"/>', round(x, 1), top, round(bottom), colour, width
    )
