"""Markdown: what is a mark, what stays text, and that nothing else ever reaches a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from publishing.markdown import (
    ATTRIBUTES,
    TAGS,
    Heading,
    Item,
    Listing,
    Paragraph,
    Run,
    Table,
    blocks_of,
    html_of,
    plain_text,
)


class Scan(HTMLParser):
    """The tags, attributes and words of HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words = set(), set(), ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _value in attrs}
        self.links = [value for name, value in attrs if name == "href"]
        assert all(re.match(r"(?i)(https?://|mailto:)", value) for value in self.links)

    def handle_data(self, data):
        self.words += data


ALLOWED = {(tag, name) for tag, names in ATTRIBUTES.items() for name in names} | {("a", "rel")}


def test_paragraphs_and_line_breaks_stay_as_typed():
    assert html_of("One\ntwo\n\nThree") == "<p>One<br>two</p><p>Three</p>"


def test_bold_italics_and_links_are_marked():
    assert html_of("A **bold** and *slanted* [word](https://europa.eu/a?b=1&c=2)") == (
        "<p>A <strong>bold</strong> and <em>slanted</em> "
        '<a href="https://europa.eu/a?b=1&amp;c=2" rel="noopener">word</a></p>'
    )


def test_lists_keep_their_numbers_and_brackets():
    assert html_of("- one\n- two") == "<ul><li>one</li><li>two</li></ul>"
    assert html_of("2. two\n4. four") == '<ol><li value="2">two</li><li value="4">four</li></ol>'
    assert html_of("1) one\n   - below") == (
        '<ol class="numbers-bracket"><li value="1">one<ul><li>below</li></ul></li></ol>'
    )


def test_a_table_stands_in_a_region_that_scrolls_by_itself():
    assert html_of("| Port | Units |\n|---|--:|\n| Antwerp | 3 |") == (
        '<div class="table-region" role="region" tabindex="0" aria-label="Table"><table class="table">'
        '<thead><tr><th scope="col">Port</th><th scope="col" class="num">Units</th></tr></thead>'
        '<tbody><tr><td>Antwerp</td><td class="num">3</td></tr></tbody></table></div>'
    )


def test_headings_begin_at_the_level_that_the_page_gives():
    assert html_of("# A\n\n## B", 4) == "<h4>A</h4><h5>B</h5>"
    assert html_of("###### F", 4) == "<h6>F</h6>"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- c -->", "&amp; &#60;", "`code`",
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,x)", "[x](vbscript:x)",
        "[x](/manage/people/)", "[x](//evil.example)", "[x](java\u00a0script:alert(1))", "<https://a.example>",
        "> 60 kg", "+ 32 2 555 01 23", "(a) first", "a) first", "5 * 3 * 2", "file_name_x", "#7", "{{7*7}}", "=1+1",
        "~~~", "```", "Text\n----", "***", "|a|b|", "-5 °C",
    ],
)  # fmt: skip
def test_what_is_no_mark_is_shown_as_typed(text):
    assert Scan(html_of(text)).words == text.replace("\n", "")
    assert Scan(html_of(text)).tags <= {"p", "br"}


def test_an_image_leaves_a_link_and_asks_no_other_host_for_anything():
    assert html_of("![x](https://a.example/b.png)") == (
        '<p>!<a href="https://a.example/b.png" rel="noopener">x</a></p>'
    )


def test_blocks_say_the_same_for_documents():
    text = "# Head\n\nA *b **c***\nd\n\n1. one\n\n   two\n\n| x |\n|:-:|\n| [y](mailto:a@b.eu) |"
    assert blocks_of(text) == (
        Heading(1, (Run("Head"),)),
        Paragraph((Run("A "), Run("b ", italic=True), Run("c", bold=True, italic=True), Run("\n"), Run("d"))),
        Listing(True, ".", False, (Item(1, (Paragraph((Run("one"),)), Paragraph((Run("two"),)))),)),
        Table(("center",), ((Run("x"),),), (((Run("y", href="mailto:a@b.eu"),),),)),
    )


def test_plain_text_has_no_marks_and_loses_no_word():
    text = "**A** [b](https://c.eu)\n\n- d\n  1. e\n\n| f | g |\n|---|---|\n| h | |"
    assert plain_text(text) == "A b\n- d\n1. e\nf | g\nh | "


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts_in(part)


def test_the_strategy_of_2009_has_no_text_that_markdown_would_alter():
    path = Path(settings.BASE_DIR) / "actionplans" / "data" / "strategy_2009.yaml"
    texts = [text for text in texts_in(yaml.safe_load(path.read_text())) if text]
    assert len(texts) > 400
    assert [text for text in texts if blocks_of(text) != (Paragraph((Run(text),)),)] == []


marks = st.text("ab *_[]()|#-+.>`~\\&<!:/\"'=1\n\t ", max_size=60)


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), marks))
@example("[a](https://[)")
@example("1" * 12 + ". x")
@example("- " * 200 + "x")
@example("[a](http://\ud800)")
@example("|a|\n|-|\n|b|c|d|")
@example("*" * 500)
def test_whatever_is_typed_gives_only_what_is_allowed(text):
    found = Scan(html_of(text))
    assert found.tags <= TAGS
    assert found.attributes <= ALLOWED
    assert isinstance(plain_text(text), str)


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abc éβ.,;:()", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=5))
def test_a_text_without_marks_reads_as_it_was_typed(lines):
    assert Scan(html_of("\n".join(lines))).words == "".join(lines)
