"""What is removed and kept is the old text, what is added and kept the new one, whatever the texts are."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.compare import align, differences, likeness, moved_texts, weave
from publishing.documents import Change, Run

WORDS = st.lists(st.sampled_from(["the", "customs", "aim", " ", ", ", ".", "\n", "Ζ", "ѝ", "é"]), max_size=40)
TEXTS = st.one_of(st.text(max_size=60), WORDS.map("".join))
ORDERS = st.lists(st.integers(0, 20), unique=True, max_size=15)
PARAGRAPHS = st.lists(WORDS.map("".join), max_size=8)
of_sixty_examples = settings(max_examples=60)
K, A, R = Change.KEPT, Change.ADDED, Change.REMOVED


def said(old, new):
    return [(run.change, run.text) for run in differences(old, new)]


@of_sixty_examples
@given(TEXTS, TEXTS)
def test_kept_and_removed_is_the_old_text_kept_and_added_the_new(old, new):
    runs = differences(old, new)
    assert "".join(run.text for run in runs if run.change != A) == old
    assert "".join(run.text for run in runs if run.change != R) == new


@of_sixty_examples
@given(TEXTS, TEXTS)
def test_no_run_is_empty_and_no_two_neighbours_are_alike(old, new):
    changes = [run.change for run in differences(old, new)]
    assert all(run.text for run in differences(old, new))
    assert all(one != other for one, other in pairwise(changes))


@of_sixty_examples
@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert differences(text, text) == ((Run(text),) if text else ())


def test_a_word_that_was_replaced_is_one_change():
    assert said("improve the control of cash", "improve the exchange of cash") == [
        (K, "improve the "), (R, "control"), (A, "exchange"), (K, " of cash"),
    ]  # fmt: skip


def test_words_that_only_blanks_part_are_one_change():
    assert said("at least two months, before", "at most six weeks, before") == [
        (K, "at "), (R, "least two months"), (A, "most six weeks"), (K, ", before"),
    ]  # fmt: skip


def test_a_change_begins_with_its_first_word():
    assert said("towards new forms of forms", "towards new forms") == [
        (K, "towards new forms"),
        (R, " of forms"),
    ]
    assert said("in new goods", "in new and old goods") == [(K, "in new "), (A, "and old "), (K, "goods")]
    assert said("the new and old goods", "the new goods") == [(K, "the new "), (R, "and old "), (K, "goods")]


def test_a_change_of_capitals_or_points_is_a_change():
    assert said("The Aim.", "The aim") == [(K, "The "), (R, "Aim."), (A, "aim")]
    assert said("threats.", "threats;") == [(K, "threats"), (R, "."), (A, ";")]


def test_greek_and_bulgarian_words_are_words():
    assert said("η στρατηγική της", "η πολιτική της") == [
        (K, "η "), (R, "στρατηγική"), (A, "πολιτική"), (K, " της"),
    ]  # fmt: skip
    assert said("за ѝ стратегия", "за ѝ цел") == [(K, "за ѝ "), (R, "стратегия"), (A, "цел")]


def test_texts_from_nothing_and_to_nothing():
    assert said("", "new") == [(A, "new")]
    assert said("old", "") == [(R, "old")]
    assert said("", "") == []


def test_two_texts_of_twenty_thousand_words_are_compared_in_time():
    old = " ".join(f"word{n % 977}" for n in range(20_000))
    new = " ".join(f"word{n % 983}" for n in range(20_000))
    start = time.perf_counter()
    differences(old, new)
    assert time.perf_counter() - start < 20


@of_sixty_examples
@given(ORDERS, ORDERS)
def test_every_thing_of_two_orders_stands_where_it_stood(old, new):
    pairs = weave(old, new)
    assert [old[i] for i, _j in pairs if i is not None] == old
    assert [new[j] for _i, j in pairs if j is not None] == new
    assert all(old[i] == new[j] for i, j in pairs if i is not None and j is not None)


@of_sixty_examples
@given(ORDERS)
def test_one_thing_that_was_moved_is_the_only_one_without_a_partner(order):
    if len(order) > 2:
        pairs = weave(order, [order[-1], *order[:-1]])
        assert [order[i] for i, j in pairs if j is None] == [order[-1]]


def test_names_that_stand_twice_have_no_order():
    with pytest.raises(ValueError, match="unique"):
        weave(["a", "a"], ["a"])


@of_sixty_examples
@given(PARAGRAPHS, PARAGRAPHS)
def test_every_paragraph_stands_in_exactly_one_pair_and_in_order(old, new):
    pairs = align(old, new)
    assert [i for i, _j in pairs if i is not None] == list(range(len(old)))
    assert [j for _i, j in pairs if j is not None] == list(range(len(new)))


@of_sixty_examples
@given(PARAGRAPHS)
def test_equal_paragraphs_are_partners(paragraphs):
    assert align(paragraphs, paragraphs) == [(n, n) for n in range(len(paragraphs))]


def test_a_paragraph_between_two_has_no_partner_and_a_reworded_one_keeps_its_own():
    first, second = "Customs controls goods at borders.", "Cash is declared by travellers."
    assert align([first, second], [first, "An annual report is written.", second]) == [
        (0, 0), (None, 1), (1, 2),
    ]  # fmt: skip
    assert align([first, second], ["Customs controls all goods at sea borders.", second]) == [(0, 0), (1, 1)]
    assert align([first], [second]) == [(0, None), (None, 0)]


def test_likeness_counts_common_words():
    assert likeness("one two", "one three") == 0.5
    assert likeness("One two", "two one") == 1.0
    assert likeness("", "") == 1.0
    assert likeness(".", "") == 0.0


def test_a_text_that_comes_back_elsewhere_has_moved():
    text = "The working party reports to the Committee every year."
    removed = ["Gone for good and for ever.", text, "So do I."]
    added = ["So do I.", text.replace("every", "each"), "Wholly new words stand here."]
    assert moved_texts(removed, added) == [(1, 1)]


@of_sixty_examples
@given(PARAGRAPHS, PARAGRAPHS)
def test_no_text_moves_twice(removed, added):
    pairs = moved_texts(removed, added)
    assert len({i for i, _j in pairs}) == len({j for _i, j in pairs}) == len(pairs)
