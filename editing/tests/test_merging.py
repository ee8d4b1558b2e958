"""Two texts put together: every line that somebody wrote is in the result, or there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editing.merging import merged

BEFORE = "One\n\nTwo\n\nThree"


@pytest.mark.parametrize(
    ("mine", "theirs", "result"),
    [
        ("One!\n\nTwo\n\nThree", "One\n\nTwo\n\nThree?", "One!\n\nTwo\n\nThree?"),
        ("Zero\n\nOne\n\nTwo\n\nThree", "One\n\nTwo\n\nThree\n\nFour", "Zero\n\nOne\n\nTwo\n\nThree\n\nFour"),
        ("One\n\nTwo", "One!\n\nTwo\n\nThree", "One!\n\nTwo"),
        (BEFORE, "Anything else", "Anything else"),
        ("Both alike\n\nTwo\n\nThree!", "Both alike\n\nTwo\n\nThree", "Both alike\n\nTwo\n\nThree!"),
        ("One!\n\nTwo\n\nThree", "One?\n\nTwo\n\nThree", None),
        ("Mine", "Theirs", None),
        ("One\n\nTwo\n\nThree\n\nA", "One\n\nTwo\n\nThree\n\nB", None),
        ("One\n\nTwo\n\nThree!", "One\n\nTwo", None),
    ],
)
def test_changes_at_different_places_are_put_together(mine, theirs, result):
    assert merged(BEFORE, mine, theirs) == result
    assert merged(BEFORE, theirs, mine) == result


texts = st.lists(st.sampled_from("abcdef"), max_size=6).map("\n".join)


@given(texts, texts, texts)
def test_no_line_that_somebody_added_is_lost(before, mine, theirs):
    result = merged(before, mine, theirs)
    if result is not None:
        added = (set(mine.split("\n")) | set(theirs.split("\n"))) - set(before.split("\n"))
        assert added <= set(result.split("\n"))


@given(texts, texts)
def test_a_text_that_only_one_has_changed_is_theirs(before, mine):
    assert (merged(before, mine, before), merged(before, before, mine)) == (mine, mine)
