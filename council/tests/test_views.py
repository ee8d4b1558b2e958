from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import (
    BodyFactory,
    UserFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from council.models import Document, Meeting
from council.tests.factories import DecisionFactory, DocumentFactory, MeetingFactory
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db

IDENTITIES = {
    "anonymous": None,
    "viewer": lambda: delegate("BE", "viewer"),
    "third party": third_party,
    "committee": committee,
    "secretariat": secretariat,
    "administrator": administrator,
    "disabled": lambda: secretariat(is_active=False),
}
OUT = {"anonymous": 302, "disabled": 302}
PAGES = {  # page: who gets something other than 404
    "meeting_detail": {"viewer": 200, "secretariat": 200},
    "meeting_edit": {"viewer": 403, "secretariat": 200},
    "document_detail": {"viewer": 200, "committee": 200, "secretariat": 200},
    "document_edit": {"viewer": 403, "committee": 403, "secretariat": 200},
    "decision_detail": {"viewer": 200, "secretariat": 200},
}


def signed_in(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def post(client, url, **data):
    return client.post(url, {"idempotency_key": str(uuid4()), **data})


def edit(client, url, **data):
    """Post an edit form with the version that its page carries."""
    version = client.get(url).context["form"].row_version
    return client.post(url, {"row_version": version, **data})


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_plenarys_record_answer_as_the_table_says(name, identity):
    things = {"meeting": MeetingFactory(), "document": DocumentFactory()}
    things["decision"] = DecisionFactory(subject=UserFactory(), meeting=things["meeting"])
    make, url = IDENTITIES[identity], reverse(f"council:{name}", args=[things[name.split("_")[0]].pk])
    answer = signed_in(make and make()).get(url)
    assert answer.status_code == (OUT | PAGES[name]).get(identity, 404)


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("name", ["meeting", "document", "decision"])
def test_lists_open_to_everyone_signed_in_and_show_what_each_sees(name, identity):
    make = IDENTITIES[identity]
    decision = DecisionFactory(subject=UserFactory(), document=DocumentFactory())
    answer = signed_in(make and make()).get(reverse(f"council:{name}_list"))
    assert answer.status_code == OUT.get(identity, 200)
    if identity not in OUT:
        shown = {"meeting": {"viewer", "secretariat"}, "document": {"viewer", "secretariat", "committee"}}
        sees = identity in shown.get(name, shown["meeting"])
        row = decision if name == "decision" else getattr(decision, name)
        assert (row.get_absolute_url() in answer.content.decode()) is sees


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("name", ["meeting_create", "document_create"])
def test_only_the_secretariat_adds_to_the_record(name, identity, method):
    make = IDENTITIES[identity]
    answer = getattr(signed_in(make and make()), method)(reverse(f"council:{name}"))
    done = {"get": 200, "post": 422}[method]
    assert answer.status_code == (OUT | {"secretariat": done}).get(identity, 403)


@pytest.mark.parametrize("name", ["meeting", "document", "decision"])
@pytest.mark.parametrize("count", [1, 30])
def test_lists_take_the_same_few_queries(name, count, django_assert_max_num_queries):
    about, client = UserFactory(), signed_in(secretariat())
    for _number in range(count):
        DecisionFactory(subject=about, document=DocumentFactory())
    with django_assert_max_num_queries(15):
        client.get(reverse(f"council:{name}_list"))


@pytest.mark.parametrize("count", [1, 30])
def test_a_meeting_and_a_document_with_many_decisions_take_the_same_few_queries(
    count, django_assert_max_num_queries
):
    meeting, document, about = MeetingFactory(), DocumentFactory(), UserFactory()
    client = signed_in(secretariat())
    for _number in range(count):
        DecisionFactory(subject=about, meeting=meeting, document=document)
    with django_assert_max_num_queries(15):
        client.get(meeting.get_absolute_url())
    with django_assert_max_num_queries(15):
        client.get(document.get_absolute_url())


@pytest.mark.parametrize(
    "query", ["body=x", "year=0", "year=1e9", "kind=x", "q=%e2%80%ae", "marking=SECRET", "page=99"]
)
@pytest.mark.parametrize("name", ["meeting", "document", "decision"])
def test_a_filter_never_breaks_a_list(name, query):
    answer = signed_in(secretariat()).get(reverse(f"council:{name}_list") + f"?{query}")
    assert answer.status_code == 200


# -- meetings ----------------------------------------------------------------------------------------------------------

NEW_MEETING, NEW_DOCUMENT = "/meetings/new/", "/documents/new/"


def test_a_meeting_is_recorded_once_however_often_it_is_sent():
    client, body = signed_in(secretariat()), BodyFactory()
    data = {"idempotency_key": str(uuid4()), "body": body.pk, "held_on": "03/05/2027", "place": "Luxembourg"}
    answers = [client.post(NEW_MEETING, data).headers["Location"] for _time in range(3)]
    meeting = Meeting.objects.get()
    assert answers == [meeting.get_absolute_url()] * 3
    assert (meeting.held_on.isoformat(), meeting.place) == ("2027-05-03", "Luxembourg")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "999999"}, "body"),
        ({"held_on": ""}, "held_on"),
        ({"held_on": "1949-12-31"}, "held_on"),
        ({"held_on": "01/02/26"}, "held_on"),
        ({"place": "two\nlines"}, "place"),
        ({"place": "x" * 101}, "place"),
        ({"place": "\0"}, "place"),
    ],
)
def test_a_bad_meeting_comes_back_with_what_was_typed(changed, field):
    data = {"body": BodyFactory().pk, "held_on": "2026-05-03", "place": "Brussels"} | changed
    answer = post(signed_in(secretariat()), NEW_MEETING, **data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Meeting.objects.count() == 0


def test_a_body_meets_once_a_day():
    there = MeetingFactory()
    data = {"body": there.body_id, "held_on": there.held_on.isoformat(), "place": "Brussels"}
    answer = post(signed_in(secretariat()), NEW_MEETING, **data)
    assert answer.status_code == 422
    assert "This body already has a meeting on that day." in answer.content.decode()


def test_body_and_day_of_a_meeting_stand_once_something_was_decided_there():
    meeting, client = MeetingFactory(), signed_in(secretariat())
    url, day = reverse("council:meeting_edit", args=[meeting.pk]), meeting.held_on
    other = {"body": meeting.body_id, "held_on": (day + timedelta(days=9000)).isoformat()}
    edit(client, url, **other, place="Luxembourg")
    DecisionFactory(subject=UserFactory(), meeting=meeting)
    edit(client, url, body=meeting.body_id, held_on=day.isoformat(), place="Tallinn")
    meeting.refresh_from_db()
    assert (meeting.held_on, meeting.place) == (day + timedelta(days=9000), "Tallinn")


def test_a_meeting_to_come_may_be_recorded():
    tomorrow = brussels_today() + timedelta(days=1)
    post(
        signed_in(secretariat()),
        NEW_MEETING,
        body=BodyFactory().pk,
        held_on=tomorrow.isoformat(),
        place="Brussels",
    )
    assert Meeting.objects.get().held_on == tomorrow


# -- documents ---------------------------------------------------------------------------------------------------------


def new_document(**changed):
    data = {"reference": "14743/1/11 REV 1", "title": "Note", "dated_on": "", "marking": "LIMITE"}
    return post(signed_in(secretariat()), NEW_DOCUMENT, **data | changed)


def test_a_document_is_recorded_under_its_number_with_its_codes():
    new_document(reference="15315/2/03 ENFOCUSTOM 41 REV 2", marking="PUBLIC")
    document = Document.objects.get()
    assert (str(document), document.subject_codes, document.marking) == (
        "15315/2/03 REV 2",
        ["ENFOCUSTOM 41"],
        "PUBLIC",
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"reference": "14743/1/11 REV 2"}, "reference"),
        ({"reference": ""}, "reference"),
        ({"reference": "about 15198"}, "reference"),
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"dated_on": "30/02/2026"}, "dated_on"),
        ({"marking": "x"}, "marking"),
    ],
)
def test_a_bad_document_comes_back_with_what_was_typed(changed, field):
    answer = new_document(**changed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert Document.objects.count() == 0


def test_a_revision_that_contradicts_itself_is_refused_with_both_readings():
    error = new_document(reference="14743/1/11 REV 2").context["form"].errors["reference"]
    assert error == [
        "The number says revision 1, its end says REV 2. Write 14743/1/11 REV 1 or 14743/2/11 REV 2."
    ]


@pytest.mark.parametrize("marking", ["RESTREINT", "CONFIDENTIEL", "SECRET"])
def test_a_higher_marking_is_refused_with_what_the_portal_keeps_instead(marking):
    answer = new_document(marking=marking)
    assert answer.status_code == 422
    assert "The portal keeps only its reference" in answer.context["form"].errors["marking"][0]


def test_a_number_that_is_recorded_already_is_told_with_a_link():
    new_document(reference="15198/09", title="The strategy")
    answer = new_document(reference="ST 15198 2009 INIT", title="Another")
    known = Document.objects.get()
    assert answer.status_code == 422
    assert f'<a href="{known.get_absolute_url()}">Go to 15198/09</a>' in answer.content.decode()


def test_a_document_is_corrected_and_keeps_its_own_number():
    document, client = DocumentFactory(number=15198, year=2009), signed_in(secretariat())
    url = reverse("council:document_edit", args=[document.pk])
    page = client.get(url)
    assert page.context["form"].initial["reference"] == "15198/09"
    data = {
        "reference": "15198/09 ENFOCUSTOM 118",
        "title": "Strategy",
        "dated_on": "2009-11-04",
        "marking": "PUBLIC",
    }
    assert edit(client, url, **data).status_code == 302
    document.refresh_from_db()
    assert (document.subject_codes, document.title, document.marking) == (
        ["ENFOCUSTOM 118"],
        "Strategy",
        "PUBLIC",
    )


def test_two_corrections_at_once_lose_neither():
    document, client = DocumentFactory(), signed_in(secretariat())
    url = reverse("council:document_edit", args=[document.pk])
    version = client.get(url).context["form"].row_version
    data = {"reference": str(document), "dated_on": "", "marking": "LIMITE"}
    edit(client, url, **data, title="First")
    late = client.post(url, {"row_version": version, **data, "title": "Second"})
    assert (late.status_code, Document.objects.get().title) == (409, "First")
    assert all(title in late.content.decode() for title in ("First", "Second"))


# -- decisions ---------------------------------------------------------------------------------------------------------


def test_a_decision_links_what_the_reader_sees_and_only_names_the_rest():
    person = UserFactory(name="Ann Subject")
    decision = DecisionFactory(subject=person, document=DocumentFactory())
    shown = signed_in(delegate()).get(decision.get_absolute_url())
    assert (shown.context["subject_url"], shown.context["meeting_url"]) == (
        "",
        decision.meeting.get_absolute_url(),
    )
    assert "Ann Subject" in shown.content.decode()
    keeper = signed_in(secretariat()).get(decision.get_absolute_url())
    assert keeper.context["subject_url"] == person.get_absolute_url()


def test_a_decision_keeps_the_name_its_subject_had_on_that_day():
    person = UserFactory(name="Before")
    decision = DecisionFactory(subject=person)
    type(person).objects.filter(pk=person.pk).update(name="After")
    assert decision.subject_name == "Before"
