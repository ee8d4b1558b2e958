import re

import pytest
from django.conf import settings

from publishing import charts
from publishing.palette import BAD, BRAND, GOLD, HEAT, INK, INK_2, OK, SERIES, STATUS, WHITE, contrast

CSS = (settings.BASE_DIR / "static" / "css" / "app.css").read_text()
TOKENS = dict(re.findall(r"--w-([a-z0-9-]+): (#[0-9a-f]{3,6})\b", CSS))


def token(name):
    value = TOKENS[name]
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == 21
    assert contrast("#ffffff", "#ffffff") == 1
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("key", STATUS)
def test_number_on_each_part_of_a_bar_can_be_read(key):
    style = STATUS[key]
    assert style.chip or not style.pattern  # over a pattern the number has a white chip
    assert contrast(style.text, WHITE if style.chip else style.fill) >= 4.5


@pytest.mark.parametrize("key", STATUS)
def test_each_part_of_a_bar_stands_out_from_the_page(key):
    style = STATUS[key]
    assert contrast(style.edge or style.fill, WHITE) >= 3


def test_no_two_parts_look_the_same_without_colour():
    looks = [(style.pattern, style.fill, style.stroke) for style in STATUS.values()]
    assert len(set(looks)) == len(looks)
    plain = [style.fill for style in STATUS.values() if not style.pattern]
    assert all(contrast(one, other) >= 3 for one in plain for other in plain if one != other)


@pytest.mark.parametrize("colour", [INK, INK_2, BRAND, BAD, OK, *SERIES])
def test_words_of_charts_can_be_read_on_white(colour):
    assert contrast(colour, WHITE) >= 4.5


@pytest.mark.parametrize("look", charts.LOOKS)
def test_state_of_a_plan_can_be_read_on_its_bar(look):
    fill, edge, _dashes, words = charts.LOOKS[look]
    assert contrast(words, fill) >= 4.5
    assert contrast(edge, WHITE) >= 3


def test_diamond_stands_out_by_its_edge():
    assert contrast(INK, WHITE) >= 3
    assert contrast(INK, GOLD) >= 3


@pytest.mark.parametrize("tone", ["ok", "warn", "bad", "info", "mute"])
def test_word_of_a_mark_can_be_read(tone):
    assert contrast(token(tone), token(f"{tone}-soft")) >= 4.5
    assert contrast(token(tone), WHITE) >= 4.5


@pytest.mark.parametrize("ground", ["s0", "s1", "s2"])
@pytest.mark.parametrize("words", ["ink", "ink-2", "ink-3", "brand", "brand-strong"])
def test_text_can_be_read_on_every_ground(words, ground):
    assert contrast(token(words), token(ground)) >= 4.5


def test_edges_of_controls_and_the_focus_can_be_seen():
    assert contrast(token("line-strong"), WHITE) >= 3
    assert contrast(token("brand"), token("s1")) >= 3
    assert contrast(token("gold"), token("brand-strong")) >= 3


@pytest.mark.parametrize(("fill", "text"), HEAT)
def test_number_on_each_step_of_a_heat_map_can_be_read(fill, text):
    assert contrast(text, fill) >= 4.5


def test_each_step_of_a_heat_map_is_darker_than_the_one_before():
    lightness = [contrast(fill, "#000000") for fill, _text in HEAT]
    assert lightness == sorted(lightness, reverse=True)
