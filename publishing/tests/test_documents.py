"""One document as page, PDF/UA and Word: hostile, foreign, empty and long texts come out as they went in."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import pypdf
import pytest
from django.utils.translation import override
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.documents import (
    Bullets,
    Change,
    Document,
    Heading,
    Item,
    Paragraph,
    Run,
    Section,
    Table,
    plain,
    printable,
    words,
)
from publishing.downloads import PDF, download
from publishing.page import document_head, document_text
from publishing.pdf import pdf
from publishing.word import word

AT = datetime(2026, 11, 24, 17, 5, 12, 345, tzinfo=UTC)
HOSTILE = '#let x = 1; <b>&amp; {{7*7}} {% now "Y" %} \\ $x^2$ *_` @ref // [link](javascript:alert(1)) =1+1'
GREEK, BULGARIAN = "Η τελωνειακή συνεργασία, ΐ ᾳ", "Митническо сътрудничество, ѝ Ѝ"


def document(*sections, **fields):
    given_ = {
        "title": "Version 2 compared with version 1",
        "kind": "WORKING DOCUMENT",
        "sender": "Customs Cooperation Working Party",
        "reference": "15198/09",
        "dated": "Brussels, 24 November 2026",
        "made_at": AT,
        "facts": (("Subject", "Strategy"),),
        "codes": ("ENFOCUSTOM 118",),
        "marking": "LIMITE",
    }
    return Document(sections=sections, **{**given_, **fields})


def of(text):
    return document(Section(words("Text"), blocks=(Paragraph(words(text)),)))


def printed(made):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)


def written(made):
    return docx.Document(io.BytesIO(made))


@pytest.mark.parametrize("text", [HOSTILE, GREEK, BULGARIAN, "a\nb", "  two  blanks  ", "'\"“”’–—…€§№"])
def test_a_text_comes_out_as_it_went_in(text):
    assert " ".join(text.split()) in " ".join(printed(pdf(of(text))).split())
    assert text in [p.text for p in written(word(of(text))).paragraphs]


def test_a_text_that_looks_like_html_stays_text_on_the_page():
    page = document_text(of("<script>alert(1)</script>"))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>" not in document_head(
        document(title="<b>", facts=(("<b>", "<b>"),), sender="<b>", reference="<b>")
    )


def test_the_pdf_is_tagged_titled_and_says_its_language():
    made = document(language="el", title="Τίτλος")
    reader = pypdf.PdfReader(io.BytesIO(pdf(made)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert root["/Lang"] == "el"
    assert reader.metadata.title == "Τίτλος"
    assert b"pdfuaid" in pdf(made)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712


def test_the_pdf_uses_only_the_fonts_that_come_along():
    reader = pypdf.PdfReader(io.BytesIO(pdf(of(f"{GREEK} {BULGARIAN}"))))
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.partition("-")[0] for name in fonts} == {"LibertinusSerif"}


def test_the_same_document_gives_the_same_pdf():
    assert pdf(of(HOSTILE)) == pdf(of(HOSTILE))


@pytest.mark.parametrize(
    ("sign", "shown"),
    [("\U0001f600", "[U+1F600]"), ("中", "[U+4E2D]"), ("\x07", "\ufffd"), ("\ud800", "\ufffd")],
)
def test_a_sign_without_a_shape_is_named_and_stops_nothing(sign, shown):
    assert f"before{shown}after" in printed(pdf(of(f"before{sign}after")))
    assert printable(sign) in written(word(of(sign))).paragraphs[-1].text


@settings(max_examples=25)
@given(st.text(max_size=40), st.sampled_from(Change), st.booleans())
def test_any_text_makes_page_pdf_and_word(text, change, is_item):
    run = Run(text, change, bold=is_item, url="https://example.org/")
    made = document(
        Section(words(text), 3, (Paragraph((run,), words(text), anchor=text, is_item=is_item),)),
        title=text or "x",
    )
    assert pdf(made).startswith(b"%PDF-")
    assert printable(text).replace("\r", "\n") in "".join(p.text for p in written(word(made)).paragraphs)
    assert document_text(made).startswith("<h2")


def test_an_empty_document_is_one_page():
    reader = pypdf.PdfReader(io.BytesIO(pdf(document())))
    assert len(reader.pages) == 1
    assert [p.text for p in written(word(document())).paragraphs][-1] == "Version 2 compared with version 1"
    assert document_text(document()) == ""


def test_a_long_document_has_numbered_pages_with_its_marking_on_each():
    long = document(
        *(Section(words(f"Part {n}"), blocks=(Paragraph(words("Words. " * 400)),)) for n in range(20))
    )
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(long))).pages]
    assert len(pages) > 10
    for number, page in enumerate(pages, start=1):
        assert f"15198/09 {number}/{len(pages)} LIMITE EN" in " ".join(page.split())


def test_headings_begin_at_one_and_skip_none():
    deep = document(*(Section(words(f"H{level}"), level) for level in (3, 1, 4, 2, 3)))
    assert [level for level, _section in deep.outline()] == [1, 1, 2, 2, 3]
    page = document_text(deep)
    assert [page.count(f"<h{level} ") for level in (2, 3, 4)] == [2, 2, 1]
    styles = [p.style.name for p in written(word(deep)).paragraphs if p.style.name.startswith("Heading")]
    assert styles == ["Heading 1", "Heading 1", "Heading 2", "Heading 2", "Heading 3"]
    assert pdf(deep).startswith(b"%PDF-")


REDLINE = of("")
REDLINE = document(
    Section(
        words("Text"),
        blocks=(
            Paragraph((Run("kept "), Run("old", Change.REMOVED), Run("new", Change.ADDED)), is_changed=True),
        ),
    )
)


def test_changes_are_seen_and_heard_on_the_page():
    assert (
        '<del><span class="visually-hidden"> removed: </span><span class="redline-sign" aria-hidden="true">'
        '\u2212\u2060</span>old<span class="visually-hidden"> end of removal </span></del>'
        '<ins><span class="visually-hidden"> added: </span><span class="redline-sign" aria-hidden="true">'
        '+\u2060</span>new<span class="visually-hidden"> end of addition </span></ins>'
    ) in document_text(REDLINE)


def test_changes_are_underlined_or_struck_and_named_in_word():
    (paragraph,) = [p for p in written(word(REDLINE)).paragraphs if p.text.startswith("kept")]
    assert paragraph.text == "kept [removed: old][added: new]"
    looks = {run.text: run.style for run in paragraph.runs}
    assert (looks["old"].name, looks["old"].font.strike) == ("Redline Removed", True)
    assert (looks["new"].name, looks["new"].font.underline) == ("Redline Added", True)
    assert "kept [removed: old][added: new]" in printed(pdf(REDLINE))


def test_lists_tables_bold_and_links_come_out_in_all_three():
    made = document(
        Section(
            words("Text"),
            anchor="top",
            blocks=(
                Bullets(
                    (
                        Item(words("first", bold=True)),
                        Item(words("second"), (Bullets((Item(words("below")),), is_numbered=True),)),
                    )
                ),
                Table("Seizures", ("What", "How much"), ((words("Cash"), words("9 EUR")),)),
                Paragraph(words("away", url="https://example.org/?a=1&b=2") + words("up", url="#top")),
                Paragraph(words("nowhere", url="#none") + words("bad", url="javascript:alert(1)")),
            ),
        )
    )
    page = document_text(made)
    assert "<ul><li><strong>first</strong></li><li>second<ol><li>below</li></ol></li></ul>" in page
    assert '<caption>Seizures</caption><thead><tr><th scope="col">What</th>' in page
    assert '<a href="https://example.org/?a=1&amp;b=2">away</a><a href="#top">up</a>' in page
    assert "javascript" not in page
    text = " ".join(printed(pdf(made)).split())
    assert "• first • second 1. below Seizures What How much Cash 9 EUR" in text
    links = [
        annotation.get_object().get("/A", {}).get("/URI")
        for sheet in pypdf.PdfReader(io.BytesIO(pdf(made))).pages
        for annotation in sheet.get("/Annots", [])
    ]
    assert [link for link in links if link] == ["https://example.org/?a=1&b=2"]
    assert len(links) == 2
    file = written(word(made))
    assert [[cell.text for cell in row.cells] for row in file.tables[-1].rows] == [
        ["What", "How much"], ["Cash", "9 EUR"],
    ]  # fmt: skip
    assert file.tables[-1].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    (linked,) = [p for p in file.paragraphs if p.text == "awayup"]
    assert [link.address or link.fragment for link in linked.hyperlinks] == [
        "https://example.org/?a=1&b=2", "place_1",
    ]  # fmt: skip


def test_a_list_begins_where_it_should_and_a_table_needs_no_caption():
    ragged = ((words("a"),), (words("b"), words("c"), words("d")))
    made = document(
        Section(
            words("Text"),
            blocks=(
                Bullets((Item(words("third")),), is_numbered=True, first=3),
                Table("", ("One", "Two"), ragged),
            ),
        )
    )
    assert '<ol start="3"><li>third</li></ol>' in document_text(made)
    assert "<caption>" not in document_text(made)
    assert "3. third One Two a b cd" in " ".join(printed(pdf(made)).split())
    file = written(word(made))
    assert "3.\tthird" in [p.text for p in file.paragraphs]
    assert [[cell.text for cell in row.cells] for row in file.tables[-1].rows] == [
        ["One", "Two"], ["a", ""], ["b", "cd"],
    ]  # fmt: skip
    with pytest.raises(ValueError, match="a table has columns"):
        Table("", (), ())


def test_an_item_may_have_a_number_of_its_own_and_the_next_follows_it():
    items = (Item(words("a")), Item(words("b"), number=7), Item(words("c")))
    made = document(
        Section(words("Text"), blocks=(Bullets(items, is_numbered=True, first=3, point=")"),)),
    )
    assert (
        '<ol start="3" class="numbers-bracket"><li>a</li><li value="7">b</li><li>c</li></ol>'
        in document_text(made)
    )
    assert "3) a 7) b 8) c" in " ".join(printed(pdf(made)).split())
    assert [p.text for p in written(word(made)).paragraphs][-3:] == ["3)\ta", "7)\tb", "8)\tc"]


def test_a_heading_among_blocks_heads_a_section_below():
    made = document(
        Section(
            words("Text"),
            blocks=(Paragraph(words("before")), Heading(words("Head"), 3), Paragraph(words("after"))),
        ),
        Section(words("Next")),
    )
    assert [(level, plain(section.title), len(section.blocks)) for level, section in made.outline()] == [
        (1, "Text", 1), (2, "Head", 1), (1, "Next", 0),
    ]  # fmt: skip


def test_a_line_break_is_one_in_all_three():
    assert "one<br>two" in document_text(of("one\ntwo"))
    assert "one\ntwo" in printed(pdf(of("one\ntwo")))
    assert "one\ntwo" in [p.text for p in written(word(of("one\ntwo"))).paragraphs]


def test_the_word_file_says_what_it_is():
    made = document(language="bg", title="Заглавие")
    known = written(word(made)).core_properties
    assert (known.title, known.language, known.author) == (
        "Заглавие", "bg", "Customs Cooperation Working Party",
    )  # fmt: skip
    assert known.created == AT.replace(microsecond=0)
    styles = zipfile.ZipFile(io.BytesIO(word(made))).read("word/styles.xml").decode()
    assert 'w:lang w:val="bg"' in styles
    section = written(word(made)).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "LIMITE BG" in section.footer.paragraphs[0].text


def test_the_words_of_the_marks_are_those_of_the_language():
    with override("en"):
        assert "[added: new]" in printed(pdf(REDLINE))


def test_plain_is_all_the_words():
    assert plain((Run("a", Change.REMOVED), Run("b", Change.ADDED))) == "ab"


def test_a_name_in_other_letters_is_stated_as_the_rule_asks():
    response = download(b"%PDF-", "στρατηγική 1.pdf", PDF)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%CF%83")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
