import pytest

from accounts.tests.factories import BodyFactory, UserFactory
from council.documents import parse
from council.filters import DecisionFilter, DocumentFilter, MeetingFilter
from council.models import Decision, Document, Meeting
from council.tests.factories import DecisionFactory, DocumentFactory, MeetingFactory

pytestmark = pytest.mark.django_db


def document(text, title="Note"):
    made = Document(title=title)
    made.reference = parse(text)
    made.save()
    return made


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("15198/09", ["15198/09"]),
        ("ST 15198 2009 INIT", ["15198/09"]),
        ("15198", ["15198/09"]),
        ("14743/11", ["14743/1/11 REV 1", "14743/2/11 REV 2"]),
        ("14743/2/11 REV 2", ["14743/2/11 REV 2"]),
        ("strategy", ["15198/09"]),
        ("nothing of the kind", []),
        ("99999999999999999999", []),
        ("", ["14743/1/11 REV 1", "14743/2/11 REV 2", "15198/09"]),
    ],
)
def test_a_document_is_found_by_its_number_however_written_and_by_its_title(q, found):
    document("15198/09", "Draft strategy")
    document("14743/1/11 REV 1")
    document("14743/2/11 REV 2")
    rows = DocumentFilter({"q": q}).narrow(Document.objects.all())
    assert sorted(map(str, rows)) == found


def test_documents_are_narrowed_by_marking_and_year():
    DocumentFactory(number=11111, year=2025, marking="PUBLIC")
    DocumentFactory(number=22222, year=2026)
    narrowed = [
        [row.number for row in DocumentFilter(data).narrow(Document.objects.all())]
        for data in ({"marking": "PUBLIC"}, {"year": "2026"}, {"marking": "PUBLIC", "year": "2026"})
    ]
    assert narrowed == [[11111], [22222], []]


def test_meetings_and_decisions_are_narrowed_by_body_year_and_outcome():
    here = MeetingFactory(body=BodyFactory(code="cosi"), held_on="2025-03-03")
    there = MeetingFactory(held_on="2026-03-03")
    about = UserFactory()
    noted = DecisionFactory(subject=about, meeting=here, kind="note")
    agreed = DecisionFactory(subject=about, meeting=there, kind="agree")
    assert list(MeetingFilter({"body": "cosi"}).narrow(Meeting.objects.all())) == [here]
    assert list(MeetingFilter({"year": "2026"}).narrow(Meeting.objects.all())) == [there]
    assert list(DecisionFilter({"kind": "agree"}).narrow(Decision.objects.all())) == [agreed]
    assert list(DecisionFilter({"body": "cosi", "year": "2025"}).narrow(Decision.objects.all())) == [noted]


@pytest.mark.parametrize(
    ("form", "data"),
    [
        (MeetingFilter, {"body": "nobody"}),
        (MeetingFilter, {"year": "0"}),
        (MeetingFilter, {"year": "two"}),
        (MeetingFilter, {"year": "9" * 30}),
        (DocumentFilter, {"marking": "TOP SECRET"}),
        (DocumentFilter, {"q": "x" * 201}),
        (DocumentFilter, {"q": "\u202e"}),
        (DecisionFilter, {"kind": "x"}),
        (DecisionFilter, {"year": "-1"}),
    ],
)
def test_a_value_that_cannot_be_read_shows_nothing_and_says_so(form, data):
    MeetingFactory()
    DocumentFactory()
    filled = form(data)
    models = {MeetingFilter: Meeting, DocumentFilter: Document, DecisionFilter: Decision}
    assert filled.narrow(models[form].objects.all()).count() == 0
    assert list(filled.errors) == list(data)
