"""The colours of charts, as in app.css: a drawing is also printed and sent without the style sheet."""

from typing import NamedTuple

INK, INK_2, LINE, EDGE, WHITE = "#17202e", "#46536a", "#d5dbe5", "#76839a", "#ffffff"
BRAND, BRAND_STRONG, GOLD, OK, BAD = "#1b3f8b", "#122c63", "#f2b632", "#1b6b45", "#a8231f"
SERIES = (
    "#2145ae",
    "#7d3710",
    "#178469",
    "#b14fa2",
    "#282d33",
)  # at most five, apart also for the colour-blind
# The steps of a heat map from few to many, with the colour in which a number can be read on each.
HEAT = (("#edf2fb", INK), ("#c9daf3", INK), ("#93b5e6", INK), ("#3f6fbc", WHITE), ("#1b3f8b", WHITE))


class Style(NamedTuple):
    """How one part of a bar is filled. Text lies on the fill, or, over a pattern, on a white chip."""

    fill: str
    pattern: str = ""  # diagonal, dots, cross, lines or none
    stroke: str = ""  # of the pattern
    edge: str = ""  # around the part; default the fill
    text: str = WHITE
    chip: bool = False


STATUS: dict[str, Style] = {
    "completed": Style("#173a80"),
    "in_progress": Style("#5a8fd8", text=INK),
    "partly_achieved": Style("#5a8fd8", "lines", WHITE, "#173a80", INK, chip=True),
    "delayed": Style("#c2500f", "diagonal", WHITE, "#c2500f", INK, chip=True),
    "planned": Style("#e9eef6", "dots", EDGE, EDGE, INK, chip=True),
    "proposed": Style(WHITE, edge=EDGE, text=INK),
    "carried_over": Style("#ffffff", "diagonal", "#5a8fd8", BRAND, INK, chip=True),
    "discontinued": Style("#6b7688", "cross", WHITE, "#6b7688", INK, chip=True),
}


def _channel(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb` (WCAG 2.2), from 0 for black to 1 for white."""
    red, green, blue = (_channel(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
