"""Two texts put together: everything that somebody wrote is in the result, or there is none."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editing import merging
from editing.merging import marked, merged
from publishing.documents import Change

BEFORE = "One\n\nTwo\n\nThree"
PARAGRAPH = "We fight illicit tobacco trade by sharing it, and working together."


@pytest.mark.parametrize(
    ("mine", "theirs", "result"),
    [
        ("One!\n\nTwo\n\nThree", "One\n\nTwo\n\nThree?", "One!\n\nTwo\n\nThree?"),
        ("Zero\n\nOne\n\nTwo\n\nThree", "One\n\nTwo\n\nThree\n\nFour", "Zero\n\nOne\n\nTwo\n\nThree\n\nFour"),
        ("One\n\nTwo", "One!\n\nTwo\n\nThree", "One!\n\nTwo"),
        (BEFORE, "Anything else", "Anything else"),
        ("Both alike\n\nTwo\n\nThree!", "Both alike\n\nTwo\n\nThree", "Both alike\n\nTwo\n\nThree!"),
        ("", BEFORE, ""),
        ("One!\n\nTwo\n\nThree", "One?\n\nTwo\n\nThree", None),
        ("Mine", "Theirs", None),
        ("One\n\nTwo\n\nThree\n\nA", "One\n\nTwo\n\nThree\n\nB", None),
        ("One\n\nTwo\n\nThree!", "One\n\nTwo", None),
        ("One\nTwo\n\nThree", "One\nX\nTwo\n\nThree", None),
    ],
)
def test_changes_at_different_places_are_put_together(mine, theirs, result):
    assert merged(BEFORE, mine, theirs) == result
    assert merged(BEFORE, theirs, mine) == result


@pytest.mark.parametrize(
    ("mine", "theirs", "is_made"),
    [
        (("illicit", "illegal"), ("working", "training"), True),
        (("We", "All of us"), ("together.", "together, always."), True),
        ((" illicit", ""), ("sharing", "always sharing"), True),
        (("illicit", "illegal"), ("trade", "traffic"), True),
        (("illicit", "illegal"), ("illicit", "illegal"), True),
        (("illicit", "illegal"), ("illicit", "unlawful"), False),
        (("illicit", "illegal"), ("tobacco", "cigarette"), False),
        (("illicit tobacco trade", "smuggling"), ("tobacco", "cigarette"), False),
        ((" illicit", ""), ("fight", "combat"), False),
        (("together.", "together, always."), ("together.", "together, everywhere."), False),
    ],
)
def test_within_a_paragraph_an_unchanged_word_between_two_changes_keeps_them_apart(mine, theirs, is_made):
    texts = PARAGRAPH.replace(*mine), PARAGRAPH.replace(*theirs)
    result = texts[0] if mine == theirs else texts[0].replace(*theirs)
    assert merged(PARAGRAPH, *texts) == merged(PARAGRAPH, *texts[::-1]) == (result if is_made else None)
    around = [f"Before\n\n{text}\n\nAfter" for text in (PARAGRAPH, *texts)]
    assert merged(*around) == (f"Before\n\n{result}\n\nAfter" if is_made else None)


def test_parts_of_one_day_or_one_compound_are_no_words_apart():
    assert merged("Until 31.12.2027 at most", "Until 30.12.2027 at most", "Until 31.12.2028 at most") is None
    assert merged("a cross-border-wide act", "a trans-border-wide act", "a cross-border-long act") is None


def test_a_paragraph_too_long_to_compare_by_words_is_not_put_together(monkeypatch):
    texts = PARAGRAPH, PARAGRAPH.replace("illicit", "illegal"), PARAGRAPH.replace("working", "training")
    assert merged(*texts)
    monkeypatch.setattr(merging, "MOST_WORDS", 10)
    assert merged(*texts) is None
    assert [run.change for run in marked(*texts[:2])[0]] == [Change.ADDED]


texts = st.lists(st.sampled_from(["a", "b", "c", "d.", "e", "\n", "\n\n"]), max_size=12).map(" ".join)
lines = st.lists(st.sampled_from("abcdef"), max_size=6).map("\n".join)


@given(lines, lines, lines)
def test_no_line_that_somebody_added_is_lost(before, mine, theirs):
    result = merged(before, mine, theirs)
    if result is not None:
        added = (set(mine.split("\n")) | set(theirs.split("\n"))) - set(before.split("\n"))
        assert added <= set(result.split("\n"))


@given(st.one_of(texts, lines), st.one_of(texts, lines))
def test_a_text_that_only_one_has_changed_is_theirs(before, mine):
    assert (merged(before, mine, before), merged(before, before, mine)) == (mine, mine)
    assert merged(before, mine, mine) == mine


@given(texts, texts, texts)
def test_neither_side_comes_first_and_every_letter_is_somebodys(before, mine, theirs):
    result = merged(before, mine, theirs)
    assert result == merged(before, theirs, mine)
    if result is not None:
        old, ours, others, found = (Counter(text) for text in (before, mine, theirs, result))
        assert (old - ((old - ours) + (old - others))) - found == Counter()
        assert found - (old | (ours + others)) == Counter()


places = st.tuples(
    st.lists(st.sampled_from(["keep", "reword", "remove", "add before"]), min_size=1, max_size=9),
    st.lists(st.sampled_from(["keep", "reword", "remove", "add before"]), min_size=1, max_size=9),
)


def changed(words, actions, by):
    """Words with something done at some of them; each word that comes in is new."""
    found = []
    for number, (word, action) in enumerate(zip(words, actions, strict=True)):
        found += {
            "keep": [word], "reword": [f"{by}{number}"], "remove": [], "add before": [f"{by}{number}", word],
        }[action]  # fmt: skip
    return found


@given(places, st.sampled_from([" ", "\n", "\n\n"]))
def test_what_both_changed_apart_is_in_the_result_to_the_letter(places, between):
    """Each has a half of a text, with an unchanged word between the halves; then one begins where the other ends."""
    first, second = places
    words = [f"word{number}" for number in range(len(first) + len(second) + 1)]
    left, middle, right = words[: len(first)], words[len(first)], words[len(first) + 1 :]
    mine, theirs = changed(left, first, "mine"), changed(right, second, "theirs")
    before = between.join(words)
    together = merged(
        before, between.join([*mine, middle, *right]), between.join([*left, middle, *theirs])
    )  # fmt: skip
    assert together == between.join([*mine, middle, *theirs])


@given(st.integers(0, 8), st.integers(0, 1), st.sampled_from(["reword", "remove"]))
def test_changes_that_meet_or_overlap_give_no_text(place, further, action):
    words = [f"word{number}" for number in range(10)]
    mine = changed(words, ["reword" if n == place else "keep" for n in range(10)], "mine")
    theirs = changed(words, [action if n == place + further else "keep" for n in range(10)], "theirs")
    assert merged(" ".join(words), " ".join(mine), " ".join(theirs)) is None


@given(st.one_of(texts, lines), st.one_of(texts, lines))
def test_marked_texts_are_the_texts_to_the_letter(mine, theirs):
    both = marked(mine, theirs)
    assert tuple("".join(run.text for run in runs) for runs in both) == (mine, theirs)
    kept = ["".join(run.text for run in runs if run.change == Change.KEPT).rstrip("\n") for runs in both]
    assert kept[0] == kept[1]
    assert all(one.change != other.change for runs in both for one, other in pairwise(runs))


def test_only_the_words_that_differ_are_marked():
    mine, theirs = marked("One\n\nTwo big trees\n\nEnd", "One\n\nTwo small trees\n\nEnd")
    assert [(run.text, run.change) for run in mine] == [
        ("One\n\nTwo ", Change.KEPT), ("big", Change.ADDED), (" trees\n\nEnd", Change.KEPT),
    ]  # fmt: skip
    assert [run.text for run in theirs if run.change == Change.REMOVED] == ["small"]
