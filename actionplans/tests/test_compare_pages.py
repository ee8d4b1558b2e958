"""Two versions side by side on the page, as PDF and as Word: chosen, read, explained, handed over."""

import io
import re
from html.parser import HTMLParser

import docx
import lxml.html
import pypdf
import pytest

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from actionplans.models import (
    Aim,
    Footnote,
    Section,
    SectionBlock,
    StrategyVersion,
    VersionChange,
    Wording,
)
from actionplans.reference import load_strategies
from actionplans.tests.amended import add, because, copy_of, paragraph, reword
from actionplans.tests.factories import StrategyFactory
from actionplans.tests.pages import queries, text_of

pytestmark = pytest.mark.django_db


def test_the_page_says_what_changed_and_why(client, first, second):
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert "Version 2 compared with version 1" in page
    assert "2 reworded, 1 added, 1 withdrawn, 1 moved." in page
    assert '<a href="#objective-A.CCWP.f">A.CCWP.f</a>' in page
    assert 'id="objective-A.CCWP.f"' in page
    assert re.search(
        r"<del>.*?removed:.*?communication.*?end of removal.*?</del><ins>.*?added:.*?detection", page
    )
    for reason in VersionChange.objects.all():
        assert reason.text in page
        assert f"{reason.get_reason_display()} (version 2): " in page
    assert "before: B.MS, after B.MS.a; now: C.CCWP, after C.CCWP.f" in page
    stood = '<em>B.MS.b stood here; now: </em><a href="#objective-B.MS.b"><em>C.CCWP, after C.CCWP.f</em></a>'
    assert stood in page


def test_only_what_changed_or_the_whole_text_is_in_the_address(client, first, second):
    client.force_login(secretariat())
    unchanged = Wording.objects.get(version=first, objective__code="A.MS.b").text
    assert unchanged not in text_of(client.get("/strategy/compare/1/2/")).replace("&#x27;", "'")
    whole = text_of(client.get("/strategy/compare/1/2/?show=whole")).replace("&#x27;", "'")
    assert unchanged in whole
    assert 'href="/strategies/strategy-2009/compare/1/2.pdf?show=whole"' in whole
    assert 'href="/strategies/strategy-2009/compare/1/2/" >' not in whole


@pytest.mark.parametrize("show", ["nonsense", "whole&show=x", "<script>"])
def test_a_choice_that_cannot_be_read_is_told_and_shows_the_changes(client, first, second, show):
    client.force_login(secretariat())
    response = client.get(f"/strategy/compare/1/2/?show={show}")
    assert response.status_code == 200
    assert "is not in the list. Choose one of the list." in text_of(response)
    assert "<script>alert" not in text_of(response)


def test_the_later_version_first_is_read_backwards_and_said_so(client, first, second):
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/2/1/"))
    assert "You are reading backwards, from the later version to the earlier one." in page
    assert "2 reworded, 1 added, 1 withdrawn, 1 moved." in page
    assert 'href="/strategies/strategy-2009/compare/1/2/">Read forwards' in page
    assert "It is detection that is lacking." in page


def test_what_there_is_none_of_is_not_counted(client, first):
    later = copy_of(first)
    Wording.objects.filter(version=later, objective__code="A.MS.a").update(text="To do what is needed.")
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert '<p class="lead">1 reworded.</p>' in page
    assert "0 added" not in page


def test_a_version_with_itself_is_answered_with_a_sentence(client, first):
    client.force_login(delegate())
    page = text_of(client.get("/strategy/compare/1/1/"))
    assert "Both are version 1: choose another version to compare it with." in page
    whole = text_of(client.get("/strategy/compare/1/1/?show=whole"))
    assert "To look for additional opportunities for effective cooperation;" in whole
    assert "<ins>" not in whole
    assert client.get("/strategy/compare/1/1.pdf").content[:5] == b"%PDF-"
    assert client.get("/strategy/compare/1/1.docx").content[:2] == b"PK"


@pytest.mark.parametrize("ending", ["/", ".pdf", ".docx"])
def test_a_version_that_is_not_there_or_not_seen_is_not_found(client, first, second, ending):
    client.force_login(secretariat())
    for numbers in ("1/9", "9/1", "0/1", "1/99999999999999999999", "1/" + "9" * 5000):
        assert client.get(f"/strategy/compare/{numbers}{ending}").status_code == 404
    assert client.get(f"/strategies/none/compare/1/2{ending}").status_code == 404
    for person in (delegate, committee, third_party, administrator):
        client.force_login(person())
        assert client.get(f"/strategy/compare/1/2{ending}").status_code == 404
        assert client.get(f"/strategy/compare/2/1{ending}").status_code == 404
        assert client.get(f"/strategy/compare/1/1{ending}").status_code == 200


def test_a_tabled_version_is_compared_by_delegations(client, first, second):
    StrategyVersion.objects.filter(pk=second.pk).update(status="tabled")
    for person, status in ((delegate, 200), (committee, 404)):
        client.force_login(person())
        assert client.get("/strategy/compare/1/2/").status_code == status


def test_another_strategy_is_compared_under_its_own_name(client, first, second):
    other = StrategyFactory(slug="strategy-2003", reference="11167/5/03 REV 5", dated_on="2003-11-04")
    other.versions.update(agreed_on=None, in_force_from="2003-11-04")
    copy_of(other.versions.get(), status="tabled")
    client.force_login(secretariat())
    page = text_of(client.get("/strategies/strategy-2003/compare/1/2/"))
    assert "The two versions read the same, word for word." in page
    assert 'href="/strategies/strategy-2003/compare/1/2.docx"' in page
    response = client.get("/strategies/strategy-2003/compare/1/2.pdf")
    assert response["Content-Disposition"] == (
        'attachment; filename="11167-5-03-REV-5-version-2-against-1.pdf"'
    )
    assert client.get("/strategies/strategy-2003/compare/").status_code == 200


def test_a_strategy_without_a_text_has_no_version_to_compare(client):
    load_strategies()
    client.force_login(secretariat())
    page = text_of(client.get("/strategies/strategy-2003/compare/"))
    assert "The portal has no text of this strategy that you can read" in page
    assert '<a href="/strategies/strategy-2003/">Read its record</a>' in page
    assert "only one version" not in page


def test_two_versions_are_chosen_by_a_form(client, first):
    client.force_login(secretariat())
    assert "There is only one version that you can read" in text_of(client.get("/strategy/compare/"))
    copy_of(first)
    page = client.get("/strategy/compare/")
    assert [page.context["form"][name].initial for name in ("old", "new")] == [1, 2]
    to = "/strategies/strategy-2009/compare/"
    assert client.get("/strategy/compare/?old=2&new=1").headers["Location"] == f"{to}2/1/"
    response = client.get("/strategy/compare/?old=1&new=2&show=whole")
    assert response.headers["Location"] == f"{to}1/2/?show=whole"
    response = client.get("/strategy/compare/?old=1&new=7")
    assert response.context["form"].errors["new"] == ["“7” is not in the list. Choose one of the list."]
    client.force_login(delegate())
    assert "2" not in dict(client.get("/strategy/compare/").context["form"].fields["new"].choices)


def test_a_text_that_looks_like_html_is_shown_literally(client, first):
    draft = copy_of(first)
    reword(draft, "A.CCWP.f", "communication", "<script>alert(1)</script> {{7*7}} #let x")
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{7*7}} #let x" in page


def test_reasons_of_the_versions_between_are_told_and_none_of_a_withdrawn_one(client, first):
    between = copy_of(first, 2, status="superseded", in_force_from="2020-01-01")
    stopped = copy_of(first, 3, status="withdrawn")
    last = copy_of(first, 4)
    reword(last, "A.CCWP.f", "communication", "detection")
    because(between, "objective", "A.CCWP.f", "reworded", "A first reason.")
    because(stopped, "objective", "A.CCWP.f", "reworded", "A reason without effect.")
    because(last, "objective", "A.CCWP.f", "reworded", "A last reason.")
    because(last, "objective", "A.MS.b", "reworded", "A reason for words put back.")
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/4/"))
    assert "External factor (version 2): </em>A first reason." in page
    assert "External factor (version 4): </em>A last reason." in page
    assert "A reason without effect." not in page
    assert "Reasons given for parts that read the same here" in page
    assert "A reason for words put back." in page
    assert "A first reason." not in text_of(client.get("/strategy/compare/2/4/"))


def test_not_a_byte_of_the_versions_changes(client, first, second):
    def stored():
        return [
            list(model.objects.order_by("pk").values_list())
            for model in (StrategyVersion, Section, SectionBlock, Footnote, Aim, Wording, VersionChange)
        ]

    before = stored()
    client.force_login(secretariat())
    for address in ("/", "/?show=whole", ".pdf", ".docx"):
        assert client.get(f"/strategy/compare/1/2{address}").status_code == 200
    assert stored() == before


def test_the_queries_do_not_grow_with_the_text_and_the_versions(client):
    version = StrategyFactory().versions.get()
    draft = copy_of(version)
    client.force_login(secretariat())
    urls = [f"/strategy/compare/1/2{ending}" for ending in ("/", "/?show=whole", ".pdf", ".docx")]
    queries(client, urls[0])
    few = [queries(client, url) for url in urls]
    for number in range(10):
        add(draft, "A.MS", f"A.MS.n{number}", "n", f"One more thing to do, the {number}th", 100 + number)
        because(draft, "objective", f"A.MS.n{number}", "added", "Asked for.")
        paragraph(draft, "II.1", 10 + number, f"Paragraph {number} of the aims")
        copy_of(version, 3 + number, status="withdrawn")
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 15


class Seen(HTMLParser):
    """The words and headings of the document on a page, without what is only seen or only heard."""

    def __init__(self):
        super().__init__()
        self.words, self.headings = [], []
        self.left_out, self.in_heading, self.inside = 0, False, False

    def handle_starttag(self, tag, attrs):
        css = dict(attrs).get("class") or ""
        self.inside = self.inside or css == "document-text"
        if self.left_out or "visually-hidden" in css or "redline-sign" in css:
            self.left_out += 1
        if self.inside and re.fullmatch("h[2-6]", tag):
            self.in_heading = True
            self.headings.append("")

    def handle_endtag(self, tag):
        self.left_out -= bool(self.left_out)
        self.inside = self.inside and tag != "article"
        if tag.startswith("h"):
            self.in_heading = False

    def handle_data(self, data):
        if self.inside and not self.left_out:
            self.words.append(data)
            if self.in_heading:
                self.headings[-1] += data


def bare(text):
    """Letters and digits only: how lines are broken, and the names of the marks, are each format's own."""
    return re.sub(r"\W+", "", re.sub(r"\[(?:added|removed):", "", " ".join(text.split())))


@pytest.mark.parametrize("show", ["", "?show=whole"])
def test_page_pdf_and_word_say_the_same_words_under_the_same_headings(client, first, second, show):
    reword(second, "A.CCWP.f", "detection", "detection <b> #strong {{x}} Ελληνικά Български ѝ")
    client.force_login(secretariat())
    seen = Seen()
    seen.feed(client.get(f"/strategy/compare/1/2/{show}").content.decode())
    on_page = bare("".join(seen.words))
    assert "ΕλληνικάБългарскиѝ" in on_page

    word = docx.Document(io.BytesIO(client.get(f"/strategy/compare/1/2.docx{show}").content))
    told = [p for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert [bare(p.text) for p in told] == [bare(heading) for heading in seen.headings]
    texts = [p.text for p in word.paragraphs]
    text = "".join(texts[texts.index(told[0].text) :])
    assert bare(text) == on_page

    pdf = pypdf.PdfReader(io.BytesIO(client.get(f"/strategy/compare/1/2.pdf{show}").content))
    pages = [page.extract_text() for page in pdf.pages]
    pages = [page[: page.rindex("15198/09")] for page in pages]  # without the foot
    printed = bare("".join(pages))
    assert printed[printed.index(bare(seen.headings[0])) :] == on_page
    assert [bare(entry) for entry in outline(pdf.outline)] == [bare(heading) for heading in seen.headings]


SIGNS = "* _one_ **two** # three <b>four</b> [five](six) `seven` {{8}} &amp; 1. nine \\ ten"


def test_signs_stand_as_they_are_typed_on_page_in_pdf_and_word(client, first):
    draft = copy_of(first)
    part = paragraph(draft, "I.1", 99, "")
    for row in (draft.wordings.first(), draft.aims.first(), draft.footnotes.first(), part):
        row.text = f"{SIGNS} {type(row).__name__}"
        row.save()
    StrategyVersion.objects.filter(pk=draft.pk).update(status="agreed")
    copy_of(draft, 3)
    client.force_login(secretariat())

    def count(text):
        return " ".join(text.split()).count(SIGNS)

    edit = "/strategies/strategy-2009/versions/3/edit/"
    for url in ("/strategy/versions/2/", edit, "/strategy/compare/2/3/?show=whole"):
        shown = lxml.html.fromstring(client.get(url).content).text_content()
        assert count(shown) >= 4, url
    word = docx.Document(io.BytesIO(client.get("/strategy/compare/2/3.docx?show=whole").content))
    assert count("\n".join(p.text for p in word.paragraphs)) == 4
    pdf = pypdf.PdfReader(io.BytesIO(client.get("/strategy/compare/2/3.pdf?show=whole").content))
    assert count(" ".join(page.extract_text() for page in pdf.pages)) == 4


def outline(entries):
    """The titles of a PDF's bookmarks in order."""
    for entry in entries:
        yield from outline(entry) if isinstance(entry, list) else [entry.title]


def test_the_files_are_handed_over_and_never_run(client, first, second):
    client.force_login(secretariat())
    for ending, kind in (
        ("pdf", "application/pdf"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ):
        response = client.get(f"/strategy/compare/1/2.{ending}")
        assert response["Content-Type"] == kind
        assert response["Content-Disposition"] == (
            f'attachment; filename="15198-09-version-2-against-1.{ending}"'
        )
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_draft_among_them_makes_the_document_limite(client, first, second):
    client.force_login(secretariat())
    assert client.get("/strategy/compare/1/2/").context["marking"] == "LIMITE"
    assert client.get("/strategy/compare/1/1/").context["marking"] == "PUBLIC"
