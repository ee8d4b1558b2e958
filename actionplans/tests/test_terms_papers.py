"""Terms of reference as papers: one version, two compared; the same words on the page, as PDF and as Word."""

import io
import re
from datetime import date

import docx
import pytest
from pypdf import PdfReader

from accounts.tests.factories import committee, delegate, third_party
from actionplans.models import Indicator, Milestone
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, part, put
from actionplans.tests.pages import queries, text_of

pytestmark = pytest.mark.django_db
URL = "/plans/8/actions/1/terms/"
GREEK, BULGARIAN = "Ο σκοπός της δράσης", "Митнически контрол по границата"
HOSTILE = "<script>alert(1)</script> {{7*7}} #set page() $x$ _"


@pytest.fixture
def action():
    plan = PlanFactory(number=8, starts_on=date(2026, 1, 1), ends_on=date(2027, 6, 30))
    return ActionFactory(plan=plan, title="Share good practice", participants=["EE"])


@pytest.fixture
def versions(action):
    """An agreed version and a draft that goes on from it."""
    first = TermsFactory(
        action=action,
        background=f"{GREEK}\n\n- {BULGARIAN}\n- {HOSTILE}",
        main_goals="Find **every** smuggled cigarette.\n\nTell all partners.",
        legal_instruments="Naples II\n2009/917/JHA",
    )
    line(first, "Guide printed", date(2026, 11, 30))
    Indicator.objects.create(terms=first, order=1, title="Guides read", unit="guides", baseline=0)
    put(first, "agreed")
    second = TermsFactory(
        action=action,
        background=first.background,
        main_goals="Find *nearly* every smuggled cigarette.\n\nTell all partners.",
        legal_instruments="2009/917/JHA",
    )
    line(second, "Guide printed", date(2027, 1, 31))
    return first, second


def line(terms, title, due_on, order=1):
    return Milestone.objects.create(terms=terms, order=order, title=title, due_on=due_on)


def headings_of_the_page(response):
    found = re.findall(r"<h([2-6])[^>]*>(.*?)</h\1>", text_of(response))
    return [re.sub("<[^>]+>", "", words).strip() for _level, words in found]


def pdf_words(response):
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def word_file(response):
    return docx.Document(io.BytesIO(response.content))


def words_in(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(p.text for p in document.paragraphs), *cells]).split())


def test_page_pdf_and_word_have_the_same_headings_and_words(desk, versions):
    page, paper = desk.get(f"{URL}1/"), pdf_words(desk.get(f"{URL}1.pdf"))
    word = word_file(desk.get(f"{URL}1.docx"))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        "1. Background", "2. Main goals", "3. Expected outcome", "4. Indicators", "5. Tasks", "6. Scope",
        "7. Timetable", "8. Milestones", "9. Reporting duty", "10. Resources and funding",
        "11. Legal instruments", "12. Lead and participants", "13. Objectives it serves",
    ]  # fmt: skip
    assert [words for words in headings_of_the_page(page) if words[0].isdecimal()] == headings
    for words in (
        *headings, GREEK, BULGARIAN, "every smuggled cigarette.", "Guide printed", "30 November 2026", "Guides read",
        "not stated", "Naples II", "Lead: Belgium", "Participants: Estonia", "A.MS.a To do A.MS.a", "Left empty",
    ):  # fmt: skip
        assert words in paper, words
        assert words in words_in(word), words


def test_a_version_without_lines_counts_its_sections_alike_everywhere(desk, versions):
    page, paper = desk.get(f"{URL}2/"), pdf_words(desk.get(f"{URL}2.pdf"))
    headings = [
        p.text for p in word_file(desk.get(f"{URL}2.docx")).paragraphs if p.style.name.startswith("Heading")
    ]
    assert headings[3:7] == ["4. Tasks", "5. Scope", "6. Timetable", "7. Milestones"]
    assert [words for words in headings_of_the_page(page) if words[0].isdecimal()] == headings
    assert all(words in paper for words in headings)


def test_a_cell_without_words_is_left_out_where_a_row_is_a_stack_of_labelled_lines(desk, versions):
    page = text_of(desk.get(f"{URL}1/"))
    assert '<td class="is-empty" data-label="Remarks"></td>' in page
    assert '<td data-label="Due on">30 November 2026</td>' in page


def test_what_looks_like_markup_stays_text_everywhere(desk, versions):
    assert "<script>alert" not in text_of(desk.get(f"{URL}1/"))
    assert "alert(1)" in pdf_words(desk.get(f"{URL}1.pdf"))
    assert "<script>alert(1)</script> {{7*7}} #set page() $x$ _" in words_in(
        word_file(desk.get(f"{URL}1.docx"))
    )
    assert "<script>alert" not in text_of(desk.get(f"{URL}compare/1/2/?show=whole"))


def test_the_paper_says_from_whom_to_whom_and_about_what(desk, versions):
    words = words_in(word_file(desk.get(f"{URL}1.docx")))
    for said in (
        "WORKING DOCUMENT", "Belgium", "Customs Cooperation Working Party",
        "Terms of reference of 8.1, version 1: Share good practice", "Agreed on",
    ):  # fmt: skip
        assert said in words, said


@pytest.mark.parametrize(
    ("status", "marking"), [("draft", "LIMITE"), ("tabled", "LIMITE"), ("adopted", "PUBLIC")]
)
def test_it_is_limite_until_the_plan_is_adopted(desk, status, marking):
    action = ActionFactory(plan=PlanFactory(number=8, status=status))
    TermsFactory(action=action, status="agreed")
    foot = word_file(desk.get(f"{URL}1.docx")).sections[0].footer.paragraphs[0].text
    assert foot.endswith(f"{marking} EN")


def test_the_comparison_marks_words_lines_and_days_section_by_section(desk, versions):
    response = desk.get(f"{URL}compare/1/2/")
    page = re.sub(r"<[^>]+>", "", text_of(response))
    assert "4 sections read differently." in page
    assert headings_of_the_page(response)[:5] == [
        "What changed", "Main goals", "Indicators", "Milestones", "Legal instruments",
    ]  # fmt: skip
    html = text_of(response)
    assert html.count("<del>") == html.count("removed:")
    for said in (
        "added: +\u2060nearly",
        "removed: −\u206030 November 2026",
        "removed: −\u2060Naples II",
        "removed: −\u2060Guides read",
    ):
        assert said in " ".join(page.split()), said
    assert (GREEK in page, GREEK in text_of(desk.get(f"{URL}compare/1/2/?show=whole"))) == (False, True)


def test_the_comparison_reads_the_same_as_pdf_and_word(desk, versions):
    paper = pdf_words(desk.get(f"{URL}compare/1/2.pdf"))
    word = word_file(desk.get(f"{URL}compare/1/2.docx"))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings == ["What changed", "Main goals", "Indicators", "Milestones", "Legal instruments"]
    for said in (
        *headings,
        "nearly",
        "30 November 2026",
        "31 January 2027",
        "Naples II",
        "4 sections read differently.",
    ):
        assert said in paper, said
        assert said in words_in(word), said


def test_a_version_compared_with_itself_or_an_equal_one_says_so(desk, action):
    TermsFactory(action=action, status="superseded")
    TermsFactory(action=action)
    assert "Both are version 1" in text_of(desk.get(f"{URL}compare/1/1/"))
    assert "The two versions read the same, word for word." in text_of(desk.get(f"{URL}compare/1/2/"))
    backwards = text_of(desk.get(f"{URL}compare/2/1/"))
    assert f'href="{URL}compare/1/2/"' in backwards


def test_the_chosen_versions_are_led_to(desk, versions):
    assert desk.get(f"{URL}compare/?old=1&new=2&show=whole").url == f"{URL}compare/1/2/?show=whole"
    assert f'href="{URL}compare/"' in text_of(desk.get(URL))


@pytest.mark.parametrize(
    "asked", ["?old=1&new=7", "?old=a", "?old=1&new=2&show=x", "?old=-1&new=99999999999999999999"]
)
def test_a_wrong_choice_is_told(desk, versions, asked):
    response = desk.get(f"{URL}compare/{asked}")
    assert (response.status_code, "field-error" in text_of(response)) == (200, True)


def test_with_one_version_there_is_nothing_to_compare(desk, action):
    TermsFactory(action=action)
    assert "nothing to compare yet" in text_of(desk.get(f"{URL}compare/"))
    assert "Compare versions" not in text_of(desk.get(URL))


@pytest.mark.parametrize(
    "place", ["7.pdf", "1.exe", "1.", "compare/1/7/", "compare/7/1/", "compare/1/2.exe", "compare/1/9.pdf"]
)
def test_what_is_not_there_is_not_found(desk, versions, place):
    assert desk.get(f"{URL}{place}").status_code == 404


def test_only_versions_that_one_sees_are_compared_or_taken_away(client, versions):
    client.force_login(delegate("DE"))
    seen = [
        client.get(f"{URL}{place}").status_code
        for place in ("1.pdf", "2.pdf", "compare/1/1/", "compare/1/2/", "compare/1/2.docx")
    ]
    assert seen == [200, 404, 200, 404, 404]
    assert "Version 2" not in text_of(client.get(f"{URL}compare/"))
    client.force_login(committee())
    assert client.get(f"{URL}1.pdf").status_code == 404


@pytest.mark.parametrize(("plan_status", "status"), [("draft", 404), ("adopted", 200)])
def test_a_third_party_gets_no_limite_paper(client, plan_status, status):
    action = ActionFactory(plan=PlanFactory(number=8, status=plan_status))
    part(action, "NO")
    TermsFactory(action=action, status="superseded")
    TermsFactory(action=action, status="agreed")
    client.force_login(third_party("NO"))
    places = ("1.pdf", "2.docx", "compare/", "compare/1/2/", "compare/1/2.pdf")
    assert {client.get(f"{URL}{place}").status_code for place in places} == {status}
    page = text_of(client.get(URL))
    assert ("Download PDF" in page, "Compare versions" in page) == (status == 200, status == 200)


@pytest.mark.parametrize("place", ["1.docx", "compare/1/2/", "compare/1/2.docx"])
def test_the_queries_do_not_grow_with_versions_and_lines(desk, versions, place):
    first, second = versions
    queries(desk, f"{URL}{place}")
    before = queries(desk, f"{URL}{place}")
    for order in (2, 3):
        line(second, f"Step {order}", date(2026, 5, order), order)
    put(second, "superseded")
    for _n in range(2):
        TermsFactory(action=first.action, status="superseded")
    assert queries(desk, f"{URL}{place}") == before
    assert before <= 15


def test_the_terms_page_shows_the_operations_that_serve_the_action(desk, versions):
    assert "Operations that serve this action" in text_of(desk.get(URL))
