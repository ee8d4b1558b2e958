"""The pieces that every chart is drawn of: text, labels of rows, patterns, lines, and the frame around it all."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from publishing import palette
from publishing.palette import BAD, BRAND, INK, INK_2, WHITE

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


def box(slug: str, key: str, x: float, y: float, width: float, height: float) -> SafeString:
    """A part of a bar, or its key in the legend, in the style of a state."""
    style = palette.STATUS[key]
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="2" fill="{}" stroke="{}"/>',
        round(x, 1), round(y, 1), round(width, 1), height,
        f"url(#{slug}-{key})" if style.pattern else style.fill, style.edge or style.fill,
    )  # fmt: skip


def legend(slug: str, styles: Sequence[tuple[str, str]]) -> tuple[SafeString, float]:
    """What the styles of a drawing (key, label) mean, with their patterns; and where the drawing may go on below."""
    patterns = [(key, palette.STATUS[key]) for key, _label in styles]
    drawn = join(pattern(f"{slug}-{key}", style) for key, style in patterns if style.pattern)
    parts = [format_html("<defs>{}</defs>", drawn)] if drawn else []
    x, y = LEFT, 8.0
    for key, label in styles:
        wide = 44 + 7 * len(label)
        if x + wide > WIDTH and x > LEFT:
            x, y = LEFT, y + 24
        parts += [box(slug, key, x, y, 16, 16), text(x + 23, y + 13, label, colour=INK_2)]
        x += wide
    return join(parts), y + 36


def today_line(x: float, bottom: float, top: float = 4) -> SafeString:
    """The red line of today under its name."""
    flag = '<rect x="{}" y="{}" width="60" height="22" rx="3" fill="{}"/>'
    return join(
        [
            line(x, top + 22, bottom, BAD, 2.5),
            format_html(flag, round(min(x - 30, WIDTH - 62), 1), top, BAD),
            text(min(x, WIDTH - 32), top + 16, _("Today"), anchor="middle", colour=WHITE, weight=700),
        ]
    )


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
