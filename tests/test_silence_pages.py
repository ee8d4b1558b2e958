"""The pages and forms of silence procedures."""

import re
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Body
from accounts.reference import load_bodies, load_delegations
from accounts.tests.factories import DelegationFactory, delegate, secretariat
from council.forms_silence import closing_moment
from council.models import Decision, Document, SilenceProcedure
from deadlines.schedule import BY_CODE
from deadlines.work import work_of
from publishing.words import moment_words
from strategy_portal.dates import BRUSSELS, brussels_day, brussels_today, now, working_days
from tests.silence import ask, at, in_days, objection, tabled, working_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _delivered():
    load_bodies()
    load_delegations()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk():
    return signed_in(secretariat(name="Sue"))


def opening(thing, verb="agree"):
    target = {"type": thing._meta.label_lower, "pk": thing.pk, "verb": verb}
    return reverse("council:silenceprocedure_create", kwargs=target)


def test_the_procedures_stand_under_meetings_in_the_menu(desk):
    page = desk.get(reverse("council:silenceprocedure_list")).content.decode()
    menu = page[page.index("menu-in") :]
    assert re.findall(r'<a href="([^"]+)" aria-current', menu[: menu.index("</ul>")]) == ["/meetings/"]


def test_those_that_run_stand_before_those_that_have_ended_twenty_on_a_page(desk):
    ended = [ask(closes_at=in_days(30)) for _n in range(2)]
    objection(ended[0])
    ended[1].withdraw(by=secretariat(), note="Asked by mistake.")
    running = [ask() for _n in range(19)]
    page = desk.get(reverse("council:silenceprocedure_list"))
    assert [row.pk for row in page.context["object_list"]] == [
        *(row.pk for row in sorted(running, key=lambda row: (row.closes_at, row.pk), reverse=True)), ended[1].pk,
    ]  # fmt: skip
    headings = re.findall(r'scope="rowgroup">([^<]+)<', page.content.decode())
    assert headings == ["Running", "Ended"]
    second = desk.get(reverse("council:silenceprocedure_list") + "?page=2")
    assert [row.pk for row in second.context["object_list"]] == [ended[0].pk]


def filled(**changed):
    """The form as the secretariat fills it in."""
    data = {
        "idempotency_key": str(uuid4()),
        "body": Body.objects.get(code="ccwp-plenary").pk,
        "text": "Do you agree to the terms?",
        "document_number": "",
        "document_title": "",
        "closes_on": working_day(10).isoformat(),
        "closes_time": "12:00",
        **changed,
    }
    return {name: value for name, value in data.items() if value is not None}


def answer(stance="agrees", text=""):
    return {"idempotency_key": str(uuid4()), "stance": stance, "text": text}


def page_of(client, procedure):
    return client.get(procedure.get_absolute_url()).content.decode()


# -- asking -------------------------------------------------------------------------------------------------------


def test_the_secretariat_asks_from_the_step_and_the_page_says_until_when(desk):
    thing = tabled()
    terms_page = desk.get(thing.get_absolute_url()).content.decode()
    assert opening(thing) in terms_page
    answered = desk.post(opening(thing), filled(document_number="7123/26", document_title="Terms"))
    procedure = SilenceProcedure.objects.get()
    assert (answered.status_code, answered["Location"]) == (302, procedure.get_absolute_url())
    noon = datetime.combine(working_day(10), datetime.min.time(), BRUSSELS)
    assert procedure.closes_at.astimezone(BRUSSELS) == noon.replace(hour=12, second=59)
    assert procedure.document == Document.objects.get(number=7123)
    assert f"Open until {moment_words(procedure.closes_at)}" in page_of(desk, procedure)
    assert procedure.get_absolute_url() in desk.get(thing.get_absolute_url()).content.decode()


def test_the_same_form_sent_twice_opens_one(desk):
    thing, data = tabled(), filled()
    assert [desk.post(opening(thing), data).status_code for _n in range(2)] == [302, 302]
    assert SilenceProcedure.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"text": ""}, "text", "This field is required."),
        ({"closes_on": ""}, "closes_on", "This field is required."),
        ({"closes_time": ""}, "closes_time", "This field is required."),
        ({"closes_time": "noon"}, "closes_time", "Write the hour as 12:00, from 00:00 to 23:59."),
        ({"closes_time": "24:00"}, "closes_time", "Write the hour as 12:00, from 00:00 to 23:59."),
        ({"document_title": "Terms"}, "document_number", "Give the number of the document."),
        ({"body": "0"}, "body", "This body may not take this decision. Who may: CCWP Plenary, CCWP Experts."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_opened(desk, changed, field, sentence):
    page = desk.post(opening(tabled()), filled(**changed))
    assert (page.status_code, page.context["form"].errors[field]) == (422, [sentence])
    assert not SilenceProcedure.objects.exists()


def test_a_past_end_is_refused_and_says_which(desk):
    yesterday = brussels_today() - timedelta(days=1)
    page = desk.post(opening(tabled()), filled(closes_on=yesterday.isoformat()))
    assert page.context["form"].errors["closes_on"] == [
        f"{moment_words(closing_moment(yesterday, time(12)))} has passed. Choose a later end."
    ]


def test_less_than_two_working_days_is_asked_back_and_then_taken(desk):
    thing = tabled()
    soon = filled(closes_on=working_day(1).isoformat())
    page = desk.post(opening(thing), soon)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["is_short"])
    assert (
        desk.post(
            opening(thing), filled(**soon, is_short="on") | {"idempotency_key": str(uuid4())}
        ).status_code
        == 302
    )


def test_a_running_one_is_told_where_a_second_is_asked_for(desk):
    procedure = ask()
    thing = procedure.subject
    page = desk.post(opening(thing), filled())
    assert (page.status_code, SilenceProcedure.objects.count()) == (409, 1)
    assert "There is already a silence procedure on it" in page.content.decode()
    assert procedure.get_absolute_url() in page.content.decode()


def test_a_thing_that_is_not_decided_on_is_not_asked(desk):
    thing = tabled()
    assert desk.get(opening(thing, "table")).status_code == 404


# -- the days of the clocks ----------------------------------------------------------------------------------


def test_an_hour_that_the_clocks_leave_out_is_refused():
    with pytest.raises(ValidationError, match="There is no 02:30 on that day"):
        closing_moment(date(2026, 3, 29), time(2, 30))


def test_an_hour_that_comes_twice_is_the_second_one():
    end = closing_moment(date(2026, 10, 25), time(2, 30))
    assert end.isoformat() == "2026-10-25T01:30:59+00:00"
    assert brussels_day(end) == date(2026, 10, 25)


def test_working_days_are_counted_without_the_weekend():
    friday = date(2026, 11, 27)
    assert [working_days(friday, friday + timedelta(days=n)) for n in (-1, 0, 1, 2, 3, 4)] == [
        0,
        0,
        0,
        0,
        1,
        2,
    ]


# -- answering -----------------------------------------------------------------------------------------------


def test_a_submitter_answers_and_changes_the_answer_and_sees_only_their_own():
    procedure, client = ask(), signed_in(delegate("BE"))
    procedure.answer(DelegationFactory(code="FR"), "reservation", "Scrutiny in Paris.", by=delegate("FR"))
    form = reverse("council:position_answer", args=[procedure.pk, "BE"])
    assert form in page_of(client, procedure)
    assert client.post(form, answer("reservation", "Parliament is asked.")).status_code == 302
    assert client.post(form, answer("agrees")).status_code == 302
    page = page_of(client, procedure)
    assert ("Agrees" in page, "Scrutiny in Paris." in page, "France" in page) == (True, False, False)
    assert "Scrutiny in Paris." in page_of(signed_in(secretariat()), procedure)


def test_who_comes_late_is_not_told_that_the_position_can_be_changed(monkeypatch):
    procedure, client = ask(), signed_in(delegate("BE"))
    form = reverse("council:position_answer", args=[procedure.pk, "BE"])
    assert "You can change the position until then." in client.get(form).content.decode()
    with at(monkeypatch, procedure.closes_at + timedelta(minutes=1)):
        for late in (client.get(form), client.post(form, answer("objects", "No."))):
            page = late.content.decode()
            assert ("It ended on" in page, "You can change" in page) == (True, False)


def test_a_reservation_or_objection_is_put_in_words():
    procedure = ask()
    form = reverse("council:position_answer", args=[procedure.pk, "BE"])
    page = signed_in(delegate("BE")).post(form, answer("objects"))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["text"])
    procedure.refresh_from_db()
    assert procedure.status == "open"


def test_an_answer_after_the_end_is_refused_with_the_time_of_the_end_and_what_was_typed(monkeypatch):
    procedure, client = ask(closes_at=in_days(0, 23, 58)), signed_in(delegate("BE"))
    form = reverse("council:position_answer", args=[procedure.pk, "BE"])
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=1)):
        page = client.post(form, answer("objects", "We cannot accept this."))
        shown = page_of(client, procedure)
    sentence = f"It ended on {moment_words(procedure.closes_at)}. An answer given after that does not count."
    assert (page.status_code, sentence in page.content.decode()) == (409, True)
    assert "We cannot accept this." in page.content.decode()
    assert "the outcome is being recorded" in shown
    assert not procedure.positions.exists()


@pytest.mark.parametrize(
    ("make", "code", "status"),
    [
        (lambda: delegate("BE"), "BE", 200),
        (lambda: delegate("BE", "editor"), "BE", 403),
        (lambda: delegate("FR"), "BE", 403),
        (secretariat, "BE", 403),
        (lambda: delegate("BE"), "NO", 404),
    ],
)
def test_only_its_submitter_gives_the_position_of_a_delegation(make, code, status):
    procedure = ask()
    form = reverse("council:position_answer", args=[procedure.pk, code])
    assert signed_in(make()).get(form).status_code == status


def test_an_objection_by_the_form_stops_the_procedure():
    procedure = ask()
    form = reverse("council:position_answer", args=[procedure.pk, "BE"])
    signed_in(delegate("BE")).post(form, answer("objects", "We cannot accept this."))
    procedure.refresh_from_db()
    assert procedure.status == "stopped"
    assert "We cannot accept this." in page_of(signed_in(delegate("RO")), procedure)


# -- extending, withdrawing ---------------------------------------------------------------------------------------


def test_the_secretariat_extends_with_a_reason_and_the_page_keeps_it(desk):
    procedure = ask()
    form = reverse("council:silenceprocedure_extend", args=[procedure.pk])
    later = working_day(20).isoformat()
    data = {
        "idempotency_key": str(uuid4()),
        "closes_on": later,
        "closes_time": "18:00",
        "reason": "Two capitals ask.",
    }
    assert desk.post(form, data | {"reason": ""}).status_code == 422
    earlier = desk.post(form, data | {"closes_on": brussels_today().isoformat(), "closes_time": "23:59"})
    assert "nobody ends a procedure early" in str(earlier.context["form"].errors["closes_on"])
    assert desk.post(form, data).status_code == 302
    procedure.refresh_from_db()
    assert (procedure.status, "Two capitals ask." in page_of(desk, procedure)) == ("extended", True)


def test_the_secretariat_withdraws_with_a_reason(desk):
    procedure = ask()
    form = reverse("council:silenceprocedure_withdraw", args=[procedure.pk])
    assert desk.post(form, {"reason": ""}).status_code == 422
    assert desk.post(form, {"reason": "The text is revised."}).status_code == 302
    assert "The text is revised." in page_of(signed_in(delegate("RO")), procedure)


# -- shown --------------------------------------------------------------------------------------------------------


def test_the_outcome_and_the_decision_are_shown_with_the_silent(desk, monkeypatch):
    procedure = ask()
    procedure.answer(DelegationFactory(code="BE"), "agrees", "", by=delegate("BE"))
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=1)):
        SilenceProcedure.objects.conclude()
    decision = Decision.objects.get()
    page = page_of(signed_in(delegate("RO")), procedure)
    assert (decision.get_absolute_url() in page, page.count("Silent")) == (
        True,
        procedure.unanswered().count(),
    )
    shown = desk.get(decision.get_absolute_url()).content.decode()
    assert (procedure.get_absolute_url() in shown, "by silence procedure" in shown) == (True, True)
    for name in ("decision_list", "silenceprocedure_list"):
        assert procedure.about in desk.get(reverse(f"council:{name}")).content.decode()
    year = procedure.closed_on.year
    listed = desk.get(reverse("council:decision_list"), {"year": year, "body": "ccwp-plenary"})
    assert list(listed.context["object_list"]) == [decision]


@pytest.mark.parametrize("state", ["open", "ended"])
def test_the_list_is_narrowed_to_those_that_are_open_or_have_ended(desk, state):
    running, over = ask(), ask()
    objection(over)
    found = desk.get(reverse("council:silenceprocedure_list"), {"state": state}).context["object_list"]
    assert list(found) == [{"open": running, "ended": over}[state]]


def test_it_is_a_duty_until_it_is_answered():
    procedure, belgium = ask(), delegate("BE")
    label = f"Answer the silence procedure on {procedure.about}"
    form = reverse("council:position_answer", args=[procedure.pk, "BE"])

    def duties(user):
        return [(d.url, d.due_on) for d in work_of(user, brussels_today()).duties if d.label == label]

    assert duties(belgium) == [(form, procedure.closed_on)]
    assert duties(delegate("BE", "editor")) == []
    procedure.answer(DelegationFactory(code="BE"), "agrees", "", by=belgium)
    assert duties(belgium) == []


def test_its_end_stands_among_the_deadlines():
    procedure = ask()
    page = signed_in(delegate("RO")).get(reverse("deadlines:deadline_list")).content.decode()
    assert f"Silence procedure on {procedure.about} ends" in page


@pytest.mark.parametrize("address", ["list", "detail"])
@pytest.mark.parametrize("who", ["secretariat", "delegate"])
def test_the_number_of_queries_does_not_grow_with_the_rows(address, who):
    client = signed_in(secretariat() if who == "secretariat" else delegate("BE"))
    procedures, counts = [ask()], []
    url = (
        procedures[0].get_absolute_url() if address == "detail" else reverse("council:silenceprocedure_list")
    )
    for codes in (["FR"], ["DE", "IT"]):
        for code in codes:
            procedures[0].answer(DelegationFactory(code=code), "agrees", "", by=delegate(code))
        procedures.extend(ask() for _code in codes)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_reminders_go_only_to_those_that_have_not_answered():
    procedure = ask()
    procedure.answer(DelegationFactory(code="BE"), "agrees", "", by=delegate("BE"))
    rule = BY_CODE["silence-answer"]
    (row,) = rule.rows()
    owners = {owner.delegation.code for owner in rule.owners(row, brussels_today())}
    assert owners == {d.code for d in procedure.asked()} - {"BE"}
    assert (rule.due(row), rule.link(row)) == (procedure.closed_on, procedure.get_absolute_url())
    assert now() < procedure.closes_at
