"""Two texts of blocks as one: nothing is lost, each change stands in its place, marks alone are none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.documents import Bullets, Change, Heading, Item, Paragraph, Run, Table, words
from publishing.markdown import blocks_of
from publishing.page import prose
from publishing.redlines import is_changed, redlined, runs_redlined, words_of

TEXTS = [
    "",
    "Plain words.",
    "# Title\n\nPlain *words* and **others**.",
    "- one\n- two\n  - below\n- three",
    "1. first\n2. second\n7. seventh",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "Υπόβαθρο **της δράσης**\n\n- Митнически контрол\n- <script>alert(1)</script>",
]


def marked(text, change):
    return Run(text, change)


def one(blocks):
    """The only block of a text."""
    (block,) = blocks
    return block


def without(blocks, change):
    """The words of a redlined text without those of a change, block by block."""
    texts = ("".join(run.text for run in runs if run.change != change) for runs in _all_runs(blocks))
    return [text for text in texts if text]


def _all_runs(blocks):
    for block in blocks:
        if isinstance(block, Bullets):
            for item in block.items:
                yield item.runs
                yield from _all_runs(item.below)
        elif isinstance(block, Table):
            for row in (block.heads, *block.rows):
                yield from row
        else:
            yield block.runs


@pytest.mark.parametrize("old", TEXTS)
@pytest.mark.parametrize("new", TEXTS)
def test_both_texts_can_be_read_out_of_the_redline(old, new):
    both = redlined(blocks_of(old), blocks_of(new))
    assert without(both, Change.ADDED) == without(blocks_of(old), Change.ADDED)
    assert without(both, Change.REMOVED) == without(blocks_of(new), Change.REMOVED)
    assert is_changed(both) is (without(blocks_of(old), None) != without(blocks_of(new), None))


@settings(max_examples=60, deadline=None)
@given(st.text("ab *_-#|1.\n\u03b1", max_size=60), st.text("ab *_-#|1.\n\u03b1", max_size=60))
def test_of_any_two_texts_both_can_be_read_out_of_the_redline(old, new):
    both = redlined(blocks_of(old), blocks_of(new))
    assert without(both, Change.ADDED) == without(blocks_of(old), Change.ADDED)
    assert without(both, Change.REMOVED) == without(blocks_of(new), Change.REMOVED)


def test_a_reworded_paragraph_keeps_its_marks():
    both = redlined(
        blocks_of("We share **good** practice"), blocks_of("We share **good** guides and practice")
    )
    assert one(both) == Paragraph(
        (
            Run("We share "),
            Run("good", bold=True),
            Run(" "),
            Run("guides and ", Change.ADDED),
            Run("practice"),
        ),
        is_changed=True,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("good practice", "**good** *practice*"),
        ("[guide](https://a.eu)", "[guide](https://b.eu)"),
        ("- one two\n- three four", "1. one two\n2. three four"),
        ("same", "same"),
    ],
)
def test_marks_alone_are_no_change(old, new):
    both = redlined(blocks_of(old), blocks_of(new))
    assert not is_changed(both)


def test_a_removed_point_keeps_its_number_and_the_others_have_their_new_ones():
    both = one(
        redlined(
            blocks_of("1. first of all\n2. second step\n3. third way"),
            blocks_of("1. first of all\n2. third way"),
        )
    )
    assert [(number, item.runs[0].change) for number, item in both.numbered()] == [
        (1, Change.KEPT), (2, Change.REMOVED), (2, Change.KEPT),
    ]  # fmt: skip


def test_rows_with_names_belong_together_by_their_names():
    def table(*rows):
        return Table("Milestones", ("What", "Due"), tuple(tuple(words(cell) for cell in row) for row in rows))

    both = one(redlined([table(("Guide", "1 May"), ("Training", "2 June"))], [table(("Guide", "9 July"))]))
    assert both.rows == (
        (words("Guide"), (Run("1 May", Change.REMOVED), Run("9 July", Change.ADDED))),
        ((Run("Training", Change.REMOVED),), (Run("2 June", Change.REMOVED),)),
    )


def test_a_paragraph_that_became_a_list_is_removed_and_added():
    both = redlined(blocks_of("one two three"), blocks_of("- one two three"))
    assert both == (
        Paragraph((Run("one two three", Change.REMOVED),), is_changed=True),
        Bullets((Item((Run("one two three", Change.ADDED),)),)),
    )


def test_a_reworded_heading_stays_a_heading():
    both = redlined(blocks_of("# The aim of it"), blocks_of("# The aims of it"))
    assert (isinstance(one(both), Heading), words_of(one(both))) == (True, "The  aim aims  of it")


def test_markup_that_somebody_typed_stays_text_in_the_redline():
    page = prose(redlined(blocks_of("<b>one</b> more"), blocks_of("<b>two</b> more")))
    assert ("<b>" in page, "&lt;b&gt;" in page) == (False, True)


def test_runs_without_words_are_no_difference():
    assert runs_redlined((), ()) == ()
