"""Two texts compared word by word."""

from hypothesis import given
from hypothesis import strategies as st

from audit.differences import MOST_WORDS, compare_words

WORDS = st.lists(st.sampled_from(["to", "find", "goods", ".", "\n", " ", "Ζω", "ѝ"]), max_size=40).map(
    "".join
)


@given(WORDS, WORDS)
def test_the_pieces_make_both_texts(old, new):
    pieces = compare_words(old, new)
    assert "".join(p.text for p in pieces if p.kind != "added") == old
    assert "".join(p.text for p in pieces if p.kind != "removed") == new


@given(WORDS)
def test_a_text_does_not_differ_from_itself(text):
    assert [p.kind for p in compare_words(text, text)] == (["kept"] if text else [])


def test_only_the_words_that_changed_are_marked():
    assert compare_words("To find many goods.", "To find some goods.") == [
        ("kept", "To find "), ("removed", "many"), ("added", "some"), ("kept", " goods."),
    ]  # fmt: skip


def test_very_long_texts_are_given_whole_between_what_they_share():
    old, new = "same " + "a b " * MOST_WORDS + "end", "same " + "c d " * MOST_WORDS + "end"
    assert [p.kind for p in compare_words(old, new)] == ["kept", "removed", "added", "kept"]
