"""The index follows every change of every source, bulk and raw SQL included, by itself."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import Body
from accounts.tests.factories import BodyFactory
from actionplans.models import Action, Indicator, Milestone, Section, SectionBlock, StrategyVersion, Wording
from actionplans.tests.factories import ActionFactory, PlanFactory, StrategyFactory, TermsFactory
from council.models import Document, Meeting
from council.tests.factories import DecisionFactory, DocumentFactory, MeetingFactory
from jcos.models import Operation
from jcos.tests.factories import OperationFactory
from publishing.markdown import plain_text
from search.kinds import SOURCES
from search.models import SearchEntry
from search.question import BLANKS, FOLDED, TOO_COMMON, fold
from search.tests.index import TABLES, asked, differences, entry

pytestmark = pytest.mark.django_db


def test_every_source_is_compared_here():
    assert set(TABLES) == set(SOURCES)


def test_a_paragraph_that_moves_leaves_one_section_and_enters_the_other():
    version = StrategyFactory().versions.get()
    StrategyVersion.objects.update(status="draft")  # the text of an agreed version never changes
    first = Section.objects.get(version=version)
    second = Section.objects.create(version=version, order=2, number="II.2", title="OTHER")
    SectionBlock.objects.filter(section=first).update(section=second)
    assert (entry("section", first).body, entry("section", second).body) == ("", "Overall aims")


def test_deleted_rows_leave_the_index_also_in_bulk():
    meetings = [MeetingFactory() for _number in range(3)]
    assert SearchEntry.objects.filter(source="meeting").count() == 3
    asked(
        "with gone as (delete from council_meeting where id = %s returning 1) select * from gone",
        meetings[0].pk,
    )
    Meeting.objects.filter(pk=meetings[1].pk).delete()
    assert list(SearchEntry.objects.values_list("object_id", flat=True)) == [meetings[2].pk]


def test_a_table_that_is_emptied_leaves_the_index():
    DocumentFactory()
    MeetingFactory()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; truncate council_document cascade")
    assert set(SearchEntry.objects.values_list("source", flat=True)) == {"meeting"}


def test_rows_made_in_bulk_are_found():
    Document.objects.bulk_create(Document(number=20_000 + n, year=2026, title=f"Note {n}") for n in range(50))
    assert SearchEntry.objects.filter(source="document").count() == 50


def test_a_change_that_is_undone_leaves_the_index_as_it_was():
    document = DocumentFactory(title="As it was")
    with transaction.atomic():
        Document.objects.filter(pk=document.pk).update(title="Otherwise")
        transaction.set_rollback(True)
    assert entry("document", document).title == "As it was"


def test_what_does_not_change_is_not_written_again():
    action = ActionFactory()
    before = asked("select xmin, ctid from search_searchentry where source = 'action'")
    Action.objects.filter(pk=action.pk).update(ends_on=date(2027, 1, 1))
    assert asked("select xmin, ctid from search_searchentry where source = 'action'") == before


def test_entries_name_their_references():
    plan = PlanFactory(number=7)
    action = ActionFactory(plan=plan, number=3)
    terms = TermsFactory(action=action)
    meeting = MeetingFactory(held_on=date(2026, 11, 27))
    document = DocumentFactory(number=14743, year=2011, revision=1, dated_on=date(2011, 10, 3))
    decision = DecisionFactory(subject=terms, meeting=meeting, document=document)
    operation = OperationFactory(name="Île-de-Ré", slug="ile-de-re-2026")
    assert [
        entry(source, thing).keys
        for source, thing in (
            ("plan", plan), ("planpart", plan), ("action", action), ("terms", terms), ("meeting", meeting),
            ("document", document), ("decision", decision), ("operation", operation),
            ("objective", Wording.objects.get(objective__code="C.CCWP.e")),
        )
    ] == [
        ["plan 7", "7"], ["plan 7", "7"], ["7.3"], ["7.3"], ["2026-11-27"],
        ["14743/1/11 rev 1", "14743/11", "14743", "2011-10-03"], ["2026-11-27", "14743/1/11 rev 1"],
        ["ile-de-re", "ile-de-re-2026"], ["c.ccwp.e"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "numbers", [(14743, 2011, 1, 0, 0), (5, 1999, 0, 0, 0), (15198, 2009, 2, 3, 4), (1000, 2000, 0, 1, 0)]
)
def test_the_database_writes_document_numbers_as_the_portal_does(numbers):
    document = Document(
        **dict(zip(("number", "year", "revision", "addendum", "corrigendum"), numbers, strict=True))
    )
    assert asked("select search_document(%s, %s, %s, %s, %s)", *numbers) == [(str(document),)]


def test_the_database_folds_letters_as_the_search_does():
    letters = "".join(
        chr(code) for begin, end in ((0x20, 0x250), (0x370, 0x530), (0x1E00, 0x2000), (0x2010, 0x2040))
        for code in range(begin, end) if chr(code).isprintable()
    ) + "".join(map(chr, FOLDED))  # fmt: skip
    assert asked("select search_fold(%s)", letters) == [(fold(letters),)]


def test_the_database_takes_the_same_signs_for_blanks_as_the_search_does():
    signs = "a<b>&c/d+e_f-g.h"
    assert asked("select search_words(%s)", signs) == [(signs.translate(BLANKS),)]


def test_the_words_that_are_too_common_are_those_of_the_dictionary():
    assert asked("select to_tsvector('english', %s)::text", " ".join(sorted(TOO_COMMON))) == [("",)]


def test_the_longest_strangest_text_is_saved_and_found_by_its_title():
    strange = "".join(chr(0x20000 + n % 40_000) + (" " if n % 3 == 0 else "") for n in range(400_000))
    operation = OperationFactory(name="LONG TEXT")
    Operation.objects.filter(pk=operation.pk).update(purpose=strange)
    assert len(entry("operation", operation).body) > 400_000


def test_the_command_makes_the_index_anew(capsys):
    document = DocumentFactory(title="Kept")
    SearchEntry.objects.all().update(title="Spoiled")
    SearchEntry.objects.filter(source="document").update(object_id=999_999)
    call_command("rebuild_search")
    assert differences() == {}
    assert entry("document", document).title == "Kept"
    assert capsys.readouterr().out == f"{SearchEntry.objects.count()} texts can be found.\n"


def test_the_name_of_a_body_reaches_its_meetings():
    meeting = MeetingFactory(body=BodyFactory(code="ccwp-plenary"))
    Body.objects.filter(code="ccwp-plenary").update(name="Customs Plenary")
    assert entry("meeting", meeting).title == "Customs Plenary"


def test_a_version_that_goes_takes_its_texts_with_it():
    strategy = StrategyFactory()
    assert SearchEntry.objects.filter(source="objective").count() == 5
    StrategyVersion.objects.update(status="draft")
    StrategyVersion.objects.filter(strategy=strategy).delete()
    assert set(SearchEntry.objects.values_list("source", flat=True)) == {"strategy"}


@pytest.mark.parametrize(
    "text",
    [
        "Words only, 3 * 4 * 5, snake_case, C#, +32 2 and A | B",
        "**bold**, *it*, ***both***, _under_, __twice__ and **over\ntwo lines**",
        "# Heading\n\n- one **x**\n* two\n  - three *y*\n\n1. four\n2) five",
        'see [the **site**](https://a.example/c_(d) "title") and [this](ftp://not.example)',
        "| a | b |\n|---|:-:|\n| c\\|d | **e** |\n\nafter | it",
        "\\*not\\* \\[a link\\]",
    ],
)
def test_the_index_holds_the_words_of_a_text_that_its_page_shows(text):
    shown = plain_text(text).replace("|", " ")
    stands = asked("select search_plain(%s)", text)[0][0].replace("|", " ")
    assert stands.replace("·", " ").split() == [word for word in shown.split() if word != "-"]


def test_the_terms_are_found_by_every_section_and_by_their_lines_as_these_change():
    terms = TermsFactory(
        scope="Borders in the east", reporting="Each half year", legal_instruments="Naples II"
    )
    line = Milestone.objects.create(terms=terms, order=1, title="Guide printed", due_on=date(2026, 11, 30))
    Indicator.objects.create(terms=terms, order=1, title="Guides read", unit="guides", measured="By a survey")
    words = "Borders in the east\nEach half year\nNaples II"
    said = entry("terms", terms).body
    assert said.endswith(f"{words}\nGuide printed\nGuides read By a survey")
    Milestone.objects.filter(pk=line.pk).update(title="Guide translated")
    Indicator.objects.all().delete()
    assert entry("terms", terms).body.endswith(f"{words}\nGuide translated")
    Milestone.objects.all().delete()
    assert entry("terms", terms).body.endswith(words)
    assert differences() == {}
