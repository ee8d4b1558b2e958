"""Documents before, after and beside each other, and those of which only the reference is kept."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import delegate, secretariat, third_party
from council.models import Document, PreviousDocument
from council.tests.factories import DocumentFactory

pytestmark = pytest.mark.django_db
NEW = "/documents/new/"


@pytest.fixture
def desk():
    client = Client()
    client.force_login(secretariat())
    return client


def reader(user):
    client = Client()
    client.force_login(user)
    return client


def record(client, **changed):
    data = {
        "reference": "14743/11",
        "title": "Note",
        "dated_on": "",
        "marking": "LIMITE",
        "previous_documents": "",
    }
    return client.post(NEW, {"idempotency_key": str(uuid4()), **data, **changed})


def edit(client, document, **changed):
    url = reverse("council:document_edit", args=[document.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if not name.startswith("row_")}
    return client.post(url, {**data, "row_version": form.row_version, **changed})


# -- before and after ---------------------------------------------------------------------------------------------


def test_previous_documents_are_named_by_number_and_new_ones_with_their_title(desk):
    known = DocumentFactory(number=15198, year=2009)
    answer = record(desk, previous_documents="ST 15198 2009 INIT\n\n12000/1/10 REV 1: Draft: first half")
    assert answer.status_code == 302
    document = Document.objects.get(number=14743)
    new = Document.objects.get(number=12000)
    assert set(document.previous.all()) == {known, new}
    assert (new.title, new.marking) == ("Draft: first half", "LIMITE")
    page = desk.get(document.get_absolute_url())
    assert set(page.context["previous"]) == {known, new}
    assert list(desk.get(known.get_absolute_url()).context["followed_by"]) == [document]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("15198", "Write a document number"),
        ("12000/10", "12000/10 is not recorded yet. Write a colon and its title after the number."),
        ("14743/11", "A document does not follow itself."),
        ("15198/09: Another title", "15198/09 is recorded as “The strategy”. Give the number alone."),
        ("16000/09: A title", "Of 16000/09 only the reference is kept. Give the number alone."),
        ("12000/10: One\n12000/10: Two", "12000/10 stands twice, with different titles."),
        ("14743/1/11 REV 2", "The number says revision 1"),
        ("12000/10: " + "x" * 301, "at most 300 characters"),
    ],
)
def test_a_line_that_names_no_document_is_refused_and_nothing_is_recorded(desk, lines, words):
    DocumentFactory(number=15198, year=2009, title="The strategy")
    DocumentFactory(number=16000, year=2009, title="", marking="RESTREINT")
    answer = record(desk, previous_documents=lines)
    assert answer.status_code == 422
    assert words in answer.context["form"].errors["previous_documents"][0]
    assert Document.objects.count() == 2


def test_two_documents_do_not_follow_each_other(desk):
    one, two = DocumentFactory(), DocumentFactory()
    PreviousDocument.objects.create(document=two, previous=one)
    answer = edit(desk, one, previous_documents=str(two))
    assert answer.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        PreviousDocument.objects.create(document=one, previous=one)


def test_what_stays_among_the_previous_documents_is_left_as_it_is(desk):
    first, second, third, document = (DocumentFactory() for _ in range(4))
    kept = PreviousDocument.objects.create(document=document, previous=first)
    PreviousDocument.objects.create(document=document, previous=second)
    edit(desk, document, previous_documents=f"{first}\n{third}")
    assert set(document.previous.all()) == {first, third}
    assert PreviousDocument.objects.filter(pk=kept.pk).exists()
    assert str(third) in desk.get(reverse("audit:history", args=["document", document.pk])).content.decode()


def test_a_previous_document_is_shown_only_to_those_who_see_it():
    before, after = DocumentFactory(title="Hidden text"), DocumentFactory(marking="PUBLIC")
    PreviousDocument.objects.create(document=after, previous=before)
    for address in (after.get_absolute_url(), reverse("audit:history", args=["document", after.pk])):
        assert str(before) in reader(delegate()).get(address).content.decode()
        assert str(before) not in reader(third_party()).get(address).content.decode()


def test_what_has_the_same_number_stands_together():
    base = DocumentFactory(number=14743, year=2011)
    revision = DocumentFactory(number=14743, year=2011, revision=1)
    addendum = DocumentFactory(number=14743, year=2011, revision=1, addendum=1)
    DocumentFactory(number=14743, year=2012)
    page = reader(delegate()).get(revision.get_absolute_url())
    assert list(page.context["same_number"]) == [base, addendum]
    assert "Under the same number" in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_document_takes_the_same_few_queries_whatever_stands_beside_it(
    count, desk, django_assert_num_queries
):
    document = DocumentFactory()
    for number in range(count):
        PreviousDocument.objects.create(document=document, previous=DocumentFactory())
        PreviousDocument.objects.create(document=DocumentFactory(), previous=document)
        DocumentFactory(number=document.number, corrigendum=number + 1)
    desk.get(document.get_absolute_url())
    with django_assert_num_queries(12):  # the savepoint of the test client among them
        desk.get(document.get_absolute_url())


# -- only the reference -------------------------------------------------------------------------------------------


def test_of_a_higher_marking_number_date_and_marking_are_kept(desk):
    answer = record(desk, marking="RESTREINT", title="", dated_on="2011-09-30")
    document = Document.objects.get()
    assert answer.status_code == 302
    assert (document.title, document.marking, str(document)) == ("", "RESTREINT", "14743/11")
    page = desk.get(document.get_absolute_url()).content.decode()
    assert "Only the reference is kept here: the document is marked RESTREINT UE/EU RESTRICTED." in page
    assert 'class="foot-marking">LIMITE<' in page
    assert "Only the reference is kept" in desk.get("/documents/").content.decode()


def test_a_reference_of_a_higher_marking_is_not_shown_to_third_parties(desk):
    document = DocumentFactory(title="", marking="CONFIDENTIEL")
    assert reader(third_party()).get(document.get_absolute_url()).status_code == 404
    assert reader(delegate()).get(document.get_absolute_url()).status_code == 200


def test_a_title_that_is_on_record_hinders_a_higher_marking(desk):
    document = DocumentFactory()
    answer = edit(desk, document, marking="SECRET", title="")
    assert answer.status_code == 422
    assert "stays in its history" in answer.context["form"].errors["marking"][0]


def test_a_reference_whose_marking_was_lifted_gets_its_title(desk):
    document = DocumentFactory(title="", marking="RESTREINT")
    assert edit(desk, document, marking="PUBLIC").status_code == 422
    assert edit(desk, document, marking="PUBLIC", title="The text").status_code == 302
    document.refresh_from_db()
    assert (document.title, document.marking) == ("The text", "PUBLIC")


@pytest.mark.parametrize("fields", [{"title": ""}, {"title": "Content", "marking": "SECRET"}])
def test_the_database_keeps_titles_where_they_belong(fields):
    with pytest.raises(IntegrityError, match="document_titled_unless_only_its_reference_is_kept"):
        DocumentFactory(**fields)
