"""Markdown: what is a mark, what stays text, and that nothing else ever reaches a page."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pypdf
import pytest
import yaml
from django.conf import settings
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from publishing.documents import Bullets, Heading, Item, Paragraph, Run, Section, Table, words
from publishing.markdown import ATTRIBUTES, TAGS, blocks_of, html_of, plain_text
from publishing.page import document_text
from publishing.pdf import pdf
from publishing.tests.test_documents import document, printed, written
from publishing.word import word


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
        Heading(words("Head"), 1),
        Paragraph((Run("A "), Run("b ", italic=True), Run("c", bold=True, italic=True), Run("\n"), Run("d"))),
        Bullets((Item(words("one"), (Paragraph(words("two")),), 1),), is_numbered=True, is_loose=True),
        Table("", (words("x"),), ((words("y", url="mailto:a@b.eu"),),), ("center",), names_rows=False),
    )


TEXT = """Seizures of **tobacco** rose, see
[the report](https://europa.eu/a?b=1&c=2).

A second paragraph, *slanted*.

2. Sea ports
   - Antwerp and **Piraeus**
     1) day
     2) night
   - Varna
4. Airports

   with a paragraph below

## What was found

| Port | **Units** |
|:-:|--:|
| [Antwerp](mailto:a@b.eu) | 3 |
| Варна | 4 |
"""
SPOKEN = (
    "Seizures of tobacco rose, see the report. A second paragraph, slanted. 2. Sea ports Antwerp and Piraeus 1) day "
    "2) night Varna 4. Airports with a paragraph below What was found Port Units Antwerp 3 Варна 4"
)


def in_document(text):
    return document(Section(words("Text"), blocks=blocks_of(text)))


class Listener(HTMLParser):
    """The words of HTML with the numbers that its lists show, as somebody hears them."""

    def __init__(self, html):
        super().__init__()
        self.words, self.points = "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "ol":
            self.points.append(")" if known.get("class") == "numbers-bracket" else ".")
        if tag not in ("strong", "em", "a"):
            self.words += f" {known['value']}{self.points[-1]} " if "value" in known else " "

    def handle_endtag(self, tag):
        if tag == "ol":
            self.points.pop()

    def handle_data(self, data):
        self.words += data


def words_of_word(made):
    """All words of a Word file in their order, those in cells of tables among them."""
    return "\n".join(paragraph.text for paragraph in written(made).element.body.iter(qn("w:p")))


def one_line(text):
    return " ".join(text.replace("•", " ").replace("‣", " ").split())


def test_a_text_says_the_same_on_the_page_in_pdf_and_in_word():
    made = in_document(TEXT)
    assert one_line(Listener(html_of(TEXT)).words) == SPOKEN
    assert one_line(Listener(document_text(made)).words) == f"Text {SPOKEN}"
    assert one_line(printed(pdf(made))).partition(" Text ")[2] == f"{SPOKEN} 15198/09 1/1 LIMITE EN"
    assert one_line(words_of_word(word(made))).partition(" Text ")[2] == SPOKEN


def test_marks_and_links_of_a_text_survive_in_word():
    file = written(word(in_document(TEXT)))
    texts = [*file.paragraphs, *(cell.paragraphs[0] for row in file.tables[-1].rows for cell in row.cells)]
    assert {"tobacco", "Piraeus", "Units"} <= {run.text for p in texts for run in p.runs if run.bold}
    assert [run.text for p in file.paragraphs for run in p.runs if run.italic] == ["slanted"]
    assert [(link.text, link.address) for p in texts for link in p.hyperlinks] == [
        ("the report", "https://europa.eu/a?b=1&c=2"),
        ("Antwerp", "mailto:a@b.eu"),
    ]
    assert [p.text for p in file.paragraphs if p.style.name == "Heading 2"] == ["What was found"]
    assert [p.paragraph_format.left_indent.mm for p in file.paragraphs if p.text in ("Varna", "1)\tday")] == [
        pytest.approx(24, abs=0.1),
        pytest.approx(16, abs=0.1),
    ]
    assert file.tables[-1].rows[1].cells[1].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT


def test_marks_and_links_of_a_text_survive_in_pdf():
    pages = pypdf.PdfReader(io.BytesIO(pdf(in_document(TEXT)))).pages
    links = [note.get_object()["/A"]["/URI"] for page in pages for note in page.get("/Annots", [])]
    assert links == ["https://europa.eu/a?b=1&c=2", "mailto:a@b.eu"]
    bold = set()

    def look(text, _cm, _tm, font, _size):
        if font and "Bold" in font["/BaseFont"]:
            bold.update(text.split())

    for page in pages:
        page.extract_text(visitor_text=look)
    assert {"tobacco", "Piraeus", "Units"} <= bold


def test_a_heading_in_a_list_is_bold_words_in_documents():
    made = in_document("- # Head\n\n  words")
    assert html_of("- # Head\n\n  words") == "<ul><li><h3>Head</h3><p>words</p></li></ul>"
    assert "Head words" in " ".join(printed(pdf(made)).split())
    (head,) = [p for p in written(word(made)).paragraphs if p.text == "Head"]
    assert (head.style.name, head.runs[0].bold) == ("Normal", True)


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


@hypothesis_settings(max_examples=150)
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


@hypothesis_settings(max_examples=25)
@given(marks)
@example("###### A\n# B\n### C")
@example("- " * 200 + "x")
@example("0. a\n999999999. b")
@example("- | a |\n  |---|\n  | b |")
@example("[](https://a.eu)\n\n#\n\n-\n- a")
@example("[a](HTTPS://a.eu/%zz)")
def test_whatever_is_typed_comes_out_as_pdf_and_word(text):
    said = "".join(re.findall(r"\w", plain_text(text)))
    assert pdf(in_document(text)).startswith(b"%PDF-")
    assert "".join(re.findall(r"\w", words_of_word(word(in_document(text))))).endswith(said)


@hypothesis_settings(max_examples=60)
@given(st.lists(st.text("abc éβ.,;:()", min_size=1).map(str.strip).filter(bool), min_size=1, max_size=5))
def test_a_text_without_marks_reads_as_it_was_typed(lines):
    assert Scan(html_of("\n".join(lines))).words == "".join(lines)
