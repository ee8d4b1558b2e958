"""Two versions side by side: what changed is named, marked and explained, and nothing else is."""

import io
import re
import time
from html.parser import HTMLParser

import docx
import pypdf
import pytest
from django.core.management import call_command

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from actionplans.comparison import compare
from actionplans.models import (
    AddresseeBlock,
    Aim,
    Footnote,
    Section,
    SectionBlock,
    StrategyVersion,
    VersionChange,
    Wording,
)
from actionplans.pieces import What
from actionplans.tests.amended import a_draft_of, add, because, copy_of, paragraph, reword, withdraw
from actionplans.tests.factories import StrategyFactory
from actionplans.tests.pages import queries, text_of
from publishing.documents import Change, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    """The text of 2009, in force."""
    call_command("load_strategy", stdout=io.StringIO())
    return StrategyVersion.objects.get()


@pytest.fixture
def second(first):
    """A draft amended in every way, with reasons."""
    return a_draft_of(first)


def codes(comparison, what):
    return [piece.name for piece in comparison.changed(what)]


def piece(comparison, name):
    (found,) = [
        one
        for stretch in comparison.stretches
        for one in (stretch.head, *stretch.pieces)
        if one.name == name and not one.moved_to
    ]
    return found


def words_of(runs, change):
    return [run.text for run in runs if run.change == change]


def test_a_copy_reads_the_same(first):
    comparison = compare(first, copy_of(first))
    assert comparison.is_same
    assert [codes(comparison, what) for what in What] == [[], [], [], [], []]


def test_every_word_of_both_versions_stands_in_the_comparison(first, second):
    comparison = compare(first, second)
    for version, left_out in ((first, Change.ADDED), (second, Change.REMOVED)):
        said = [
            "".join(run.text for run in one.runs if run.change != left_out)
            for stretch in comparison.stretches
            for one in (stretch.head, *stretch.pieces)
        ]
        texts = [*SectionBlock.objects.filter(section__version=version).values_list("text", flat=True)]
        texts += Wording.objects.filter(version=version).values_list("text", flat=True)
        texts += Footnote.objects.filter(version=version).values_list("text", flat=True)
        assert [text for text in texts if text not in said] == []


def test_what_changed_is_named_and_nothing_else(first, second):
    comparison = compare(first, second)
    assert codes(comparison, What.REWORDED) == ["A.CCWP.f", "II.2 § 1"]
    assert codes(comparison, What.ADDED) == ["A.MS.z"]
    assert codes(comparison, What.WITHDRAWN) == ["C.CCWP.e"]
    assert codes(comparison, What.MOVED) == ["B.MS.b"]


def test_only_the_words_that_differ_are_marked(first, second):
    runs = piece(compare(first, second), "A.CCWP.f").runs
    assert words_of(runs, Change.REMOVED) == ["communication"]
    assert words_of(runs, Change.ADDED) == ["detection"]
    runs = piece(compare(first, second), "II.2 § 1").runs
    assert (words_of(runs, Change.REMOVED), words_of(runs, Change.ADDED)) == (["18"], ["24"])


def test_what_moved_is_named_with_its_old_and_new_place(first, second):
    moved = piece(compare(first, second), "B.MS.b")
    assert (moved.old_place, moved.new_place) == ("B.MS, after B.MS.a", "C.CCWP, after C.CCWP.f")
    left = [
        (stretch.head.name, one.moved_to)
        for stretch in compare(first, second).stretches
        for one in stretch.pieces
        if one.moved_to
    ]
    assert left == [("B.MS", "C.CCWP, after C.CCWP.f")]


def test_an_objective_moved_within_its_addressees_is_the_only_one_that_moved(first):
    draft = copy_of(first)
    rows = list(Wording.objects.filter(version=draft, block__code="C.CCWP").order_by("order"))
    orders = [row.order for row in rows]
    for row, order in zip([rows[-1], *rows[:-1]], orders, strict=True):
        Wording.objects.filter(pk=row.pk).update(order=order)
    comparison = compare(first, draft)
    last = rows[-1].objective.code
    assert codes(comparison, What.MOVED) == [last]
    assert piece(comparison, last).new_place == "C.CCWP, first"


def test_sub_points_move_with_their_objective_and_are_not_named(first):
    draft = copy_of(first)
    for code in ("B.MS.a", "B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii"):
        Wording.objects.filter(version=draft, objective__code=code).update(
            block=Wording.objects.filter(version=draft, block__code="A.MS").first().block
        )
    assert codes(compare(first, draft), What.MOVED) == ["B.MS.a"]


def test_a_sub_point_whose_objective_was_withdrawn_stands_under_the_addressees(first):
    draft = copy_of(first)
    withdraw(draft, "B.MS.a")
    comparison = compare(first, draft)
    assert codes(comparison, What.WITHDRAWN) == ["B.MS.a"]
    assert codes(comparison, What.MOVED) == ["B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii"]
    assert piece(comparison, "B.MS.a.i").old_place == "B.MS.a, first"


def test_a_new_letter_is_told_apart_from_new_words(first):
    draft = copy_of(first)
    Wording.objects.filter(version=draft, objective__code="A.MS.b").update(letter="c")
    comparison = compare(first, draft)
    assert codes(comparison, What.RELETTERED) == ["A.MS.b"]
    label = piece(comparison, "A.MS.b").label
    assert (words_of(label, Change.REMOVED), words_of(label, Change.ADDED)) == (["b)"], ["c)"])
    assert codes(comparison, What.REWORDED) == []


def test_a_paragraph_that_went_to_another_section_has_moved(client, first):
    draft = copy_of(first)
    block = SectionBlock.objects.get(section__version=draft, section__number="I.6", order=2)
    text = block.text
    block.delete()
    paragraph(draft, "II.2", 90, text)
    comparison = compare(first, draft)
    assert codes(comparison, What.MOVED) == ["II.2 § 5"]
    assert piece(comparison, "II.2 § 5").old_place == "I.6 § 2"
    assert codes(comparison, What.ADDED) == codes(comparison, What.WITHDRAWN) == []
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert '<em>I.6 § 2 stood here; now: </em><a href="#p-II.2-5"><em>II.2 § 5</em></a>' in page


def test_a_section_put_between_moves_no_other(first):
    draft = copy_of(first)
    Section.objects.filter(version=draft, number="I.6").update(number="I.7")
    Section.objects.create(version=draft, order=7, number="I.6", title="A NEW SECTION")
    Section.objects.filter(version=draft, number="I.7").update(order=8)
    Section.objects.filter(version=draft, number__startswith="II").update(order=9)
    paragraph(draft, "I.6", 1, "New words in a new section.")
    comparison = compare(first, draft)
    assert codes(comparison, What.ADDED) == ["I.6"]
    assert codes(comparison, What.RELETTERED) == ["I.7"]
    assert codes(comparison, What.MOVED) == codes(comparison, What.REWORDED) == []


def test_a_section_that_was_withdrawn_is_named_once_with_its_words_struck(client, first):
    draft = copy_of(first)
    Section.objects.get(version=draft, number="I.3").delete()
    comparison = compare(first, draft)
    assert codes(comparison, What.WITHDRAWN) == ["I.3"]
    assert piece(comparison, "I.3 § 1 (b)").label == words("b)")
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert page.count("withdrawn.") == 1
    assert "1 withdrawn" in page
    assert "collaboration;<span" in page


def test_a_section_that_changed_places_is_named_with_both(client, first):
    draft = copy_of(first)
    Section.objects.filter(version=draft, number="I.2").update(order=90)
    comparison = compare(first, draft)
    assert codes(comparison, What.MOVED) == ["I.2"]
    assert (piece(comparison, "I.2").old_place, piece(comparison, "I.2").new_place) == (
        "after I.1",
        "after II.2",
    )
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert '<em>I.2 stood here; now: </em><a href="#section-I.2"><em>after II.2</em></a>' in page


def test_an_aim_that_was_withdrawn_takes_its_addressees_and_objectives_along(first):
    draft = copy_of(first)
    Aim.objects.get(version=draft, letter="A").delete()
    gone = codes(compare(first, draft), What.WITHDRAWN)
    assert gone[:2] == ["Aim A", "A.MS"]
    assert {"A.MS.a", "A.MS.b"} <= set(gone)
    assert codes(compare(draft, first), What.ADDED) == gone


def test_addressees_of_two_aims_with_one_code_are_told_apart(first):
    draft = copy_of(first)
    AddresseeBlock.objects.filter(aim__version=draft, code="C.MS").update(code="A.MS")
    comparison = compare(draft, copy_of(draft, 3))
    assert comparison.is_same
    names = [one.name for stretch in comparison.stretches for one in (stretch.head, *stretch.pieces)]
    assert [name for name in names if name.endswith("A.MS")] == ["A: A.MS", "C: A.MS"]
    assert [name for name in names if names.count(name) > 1] == []


def test_a_footnote_is_compared_by_its_mark(first):
    draft = copy_of(first)
    Footnote.objects.filter(version=draft).update(text="OJ C 300.")
    assert codes(compare(first, draft), What.REWORDED) == ["Footnote ¹"]


def test_two_wholly_different_texts_are_compared(first):
    draft = StrategyVersion.objects.create(strategy=first.strategy, number=2)
    comparison = compare(first, draft)
    assert len(codes(comparison, What.WITHDRAWN)) >= 30
    assert compare(draft, first).changed(What.WITHDRAWN) == []
    assert compare(draft, draft).is_same


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
    assert 'href="/strategy/compare/1/2.pdf?show=whole"' in whole
    assert 'href="/strategy/compare/1/2/" >' not in whole


@pytest.mark.parametrize("show", ["nonsense", "whole&show=x", "<script>"])
def test_a_choice_that_cannot_be_read_is_told_and_shows_the_changes(client, first, second, show):
    client.force_login(secretariat())
    response = client.get(f"/strategy/compare/1/2/?show={show}")
    assert response.status_code == 200
    assert "is not one of the available choices" in text_of(response)
    assert "<script>alert" not in text_of(response)


def test_the_later_version_first_is_read_backwards_and_said_so(client, first, second):
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/2/1/"))
    assert "You are reading backwards, from the later version to the earlier one." in page
    assert "2 reworded, 1 added, 1 withdrawn, 1 moved." in page
    assert 'href="/strategy/compare/1/2/">Read forwards' in page
    assert "It is detection that is lacking." in page


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
    other.versions.update(in_force_from="2003-11-04")
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


def test_two_versions_are_chosen_by_a_form(client, first):
    client.force_login(secretariat())
    assert "There is only one version that you can read" in text_of(client.get("/strategy/compare/"))
    copy_of(first)
    page = client.get("/strategy/compare/")
    assert [page.context["form"][name].initial for name in ("old", "new")] == [1, 2]
    assert client.get("/strategy/compare/?old=2&new=1").headers["Location"] == "/strategy/compare/2/1/"
    response = client.get("/strategy/compare/?old=1&new=2&show=whole")
    assert response.headers["Location"] == "/strategy/compare/1/2/?show=whole"
    response = client.get("/strategy/compare/?old=1&new=7")
    assert response.context["form"].errors["new"] == [
        "Select a valid choice. 7 is not one of the available choices."
    ]
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


@pytest.mark.parametrize("ending", ["/", "/?show=whole", ".pdf", ".docx"])
def test_the_queries_do_not_grow_with_the_text_and_the_versions(client, ending):
    version = StrategyFactory().versions.get()
    draft = copy_of(version)
    client.force_login(secretariat())
    url = f"/strategy/compare/1/2{ending}"
    queries(client, url)
    few = queries(client, url)
    for number in range(30):
        add(draft, "A.MS", f"A.MS.n{number}", "n", f"One more thing to do, the {number}th", 100 + number)
        because(draft, "objective", f"A.MS.n{number}", "added", "Asked for.")
        paragraph(draft, "II.1", 10 + number, f"Paragraph {number} of the aims")
        copy_of(version, 3 + number, status="withdrawn")
    assert queries(client, url) == few
    assert few <= 15


def test_two_full_versions_are_compared_in_less_than_300_ms(first, second):
    compare(first, second)
    times = []
    for _n in range(5):
        start = time.perf_counter()
        compare(first, second)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


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
