"""The places of objectives change in as few rows as possible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionplans.order import LAST, spread


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([], []),
        ([None], [10]),
        ([10, 20, 30], [10, 20, 30]),
        ([10, None, 20], [10, 15, 20]),
        ([10, 20, None], [10, 20, 30]),
        ([None, 10, 20], [5, 10, 20]),
        ([20, 30, 10], [20, 30, 40]),
        ([10, None, 11], [10, 20, 30]),
        ([10, 10, 10], [3, 6, 10]),
        ([10, LAST, None], [10, 20, 30]),
    ],
)
def test_a_row_that_has_moved_finds_a_place_between_its_neighbours(places, expected):
    assert spread(places) == expected


@given(st.lists(st.none() | st.integers(0, LAST), max_size=60))
def test_the_places_rise_always_and_fit_the_column(places):
    found = spread(places)
    assert all(before < after for before, after in zip([0, *found], found, strict=False))
    assert all(1 <= place <= 32_767 for place in found)
    assert len(found) == len(places)
