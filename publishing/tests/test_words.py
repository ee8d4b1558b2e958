from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from publishing import words

GAP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (Decimal("0.000"), "0"),
        (999, "999"),
        (1240000, f"1{GAP}240{GAP}000"),
        (Decimal("12.500"), "12.5"),
        (Decimal("1200"), f"1{GAP}200"),
        (Decimal("1E+3"), f"1{GAP}000"),
        (Decimal("1234567.891"), f"1{GAP}234{GAP}567.891"),
        (-5, "\u22125"),
        (None, "not stated"),
    ],
)
def test_numbers_are_grouped_and_never_rounded(value, said):
    assert words.number_words(value) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((Decimal("12.5"), "kg", "exact"), f"12.5{GAP}kg"),
        ((1000, "pieces", "about"), f"about 1{GAP}000{GAP}pieces"),
        ((1000, "pieces", "more_than"), f"more than 1{GAP}000{GAP}pieces"),
        ((0, "kg", ""), f"0{GAP}kg"),
        ((None, "kg", "about"), "not stated"),
    ],
)
def test_quantities_say_unit_and_how_exact_they_are(parts, said):
    assert words.quantity_words(*parts) == said


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(1, 3, "33"), (2, 3, "67"), (0, 5, "0"), (1, 200, "1"), (5, 5, "100")]
)
def test_share_is_rounded_to_the_nearest_whole(part, whole, said):
    assert words.percent_words(part, whole) == f"{said}{GAP}%"


def test_of_nothing_there_is_no_share():
    assert words.percent_words(0, 0) == "–"


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [
        (date(2026, 9, 14), date(2026, 9, 25), f"14{GAP}– 25 September 2026"),
        (date(2026, 8, 31), date(2026, 9, 25), f"31 August{GAP}– 25 September 2026"),
        (date(2026, 8, 31), date(2028, 2, 28), f"31 August 2026{GAP}– 28 February 2028"),
        (date(2026, 9, 14), date(2026, 9, 14), "14 September 2026"),
        (date(2026, 9, 14), None, "from 14 September 2026"),
        (None, date(2026, 9, 14), "until 14 September 2026"),
        (None, None, "no dates"),
    ],
)
def test_period_says_nothing_twice(begins, ends, said):
    assert words.period_words(begins, ends) == said


def test_moments_are_told_in_brussels():
    summer = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert words.moment_words(summer) == "2 July 2026, 00:30 (Brussels time)"
    assert words.clock_words(summer) == "00:30"
    assert words.moment_words(None) == "no date"


def test_day_in_a_list_has_its_year_only_when_it_is_another():
    assert words.short_day_words(date(2026, 11, 27), 2026) == "Fri 27 Nov"
    assert words.short_day_words(date(2027, 2, 15), 2026) == "Mon 15 Feb 2027"
