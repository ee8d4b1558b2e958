"""Silence procedures: opened, answered, stopped, extended, withdrawn, concluded; and who sees which position when."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.models import Body, Delegation
from accounts.tests.factories import (
    BodyFactory,
    DelegationFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from council.models import Decision, Position, SilenceProcedure
from council.tasks import conclude_silence
from council.tests.factories import presidency_holder
from notifications.models import Notification
from strategy_portal.dates import brussels_day, now
from strategy_portal.workflow import NotAllowed
from tests.silence import ask, at, objection, tabled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("delivered")]


def state(procedure):
    procedure.refresh_from_db()
    return procedure.status


# -- opened -------------------------------------------------------------------------------------------------------


def test_every_delegation_of_the_working_party_is_told_with_the_text():
    procedure = ask(text="Do you agree to the terms?")
    told = Notification.objects.filter(kind="silence-opened")
    sitting = Delegation.objects.sitting(procedure.closed_on)
    assert {n.post.delegation_id for n in told} == {d.pk for d in sitting}
    assert told.count() == sitting.count() >= 28
    first = told.first()
    assert "Do you agree to the terms?" in first.body
    assert (first.link, first.about) == (procedure.get_absolute_url(), procedure)


def test_a_second_one_on_the_same_thing_is_refused():
    procedure = ask()
    with pytest.raises(NotAllowed, match="already a silence procedure"):
        ask(procedure.subject)
    procedure.pk = None
    with pytest.raises(IntegrityError, match="one_running_silence_procedure_a_thing"):
        procedure.save(force_insert=True)


def test_a_body_without_the_power_is_refused():
    with pytest.raises(NotAllowed, match="cannot take this decision"):
        ask(body="article-36")


def test_an_end_in_the_past_is_refused():
    with pytest.raises(NotAllowed, match="has passed"):
        ask(closes_at=now() - timedelta(seconds=1))


def test_a_step_that_cannot_be_taken_is_not_asked():
    thing = tabled(status="agreed")
    with pytest.raises(NotAllowed, match="are agreed"):
        ask(thing)
    assert not SilenceProcedure.objects.exists()


# -- answered -----------------------------------------------------------------------------------------------------


def test_a_position_is_changed_until_the_end_and_each_change_is_kept():
    procedure, by = ask(), delegate("BE")
    belgium = DelegationFactory(code="BE")
    procedure.answer(belgium, "agrees", "", by=by)
    procedure.answer(belgium, "reservation", "Parliament is asked.", by=by)
    assert [p.stance for p in procedure.positions.all()] == ["reservation"]
    events = Position.pgh_event_models["insert"].objects.order_by("pgh_id")
    assert list(events.values_list("stance", flat=True)) == ["agrees", "reservation"]


def test_a_reservation_without_words_is_refused():
    procedure = ask()
    with pytest.raises(IntegrityError, match="reservation_and_objection_in_words"):
        procedure.answer(DelegationFactory(code="BE"), "reservation", "", by=delegate("BE"))


@pytest.mark.parametrize("code", ["NO", "UK", "EUROPOL"])
def test_who_is_no_delegation_of_the_working_party_does_not_answer(code):
    procedure = ask()
    with pytest.raises(NotAllowed, match="Only delegations"):
        procedure.answer(DelegationFactory(code=code), "agrees", "", by=third_party(code))


def test_an_objection_stops_the_procedure_at_once_and_everybody_is_told_why():
    procedure = ask()
    objection(procedure, "FR", "The deadline is too short.")
    assert (procedure.status, procedure.is_running) == ("stopped", False)
    told = Notification.objects.filter(kind="silence-ended")
    assert told.count() == procedure.asked().count() + 1  # and the secretariat
    assert "The deadline is too short." in told.first().body
    assert not Decision.objects.exists()
    with pytest.raises(NotAllowed, match="An objection stopped it"):
        procedure.answer(DelegationFactory(code="BE"), "agrees", "", by=delegate("BE"))


def test_an_objection_in_the_last_minute_blocks_and_a_minute_later_does_not_count(monkeypatch):
    procedure, late = ask(), ask()
    with at(monkeypatch, procedure.closes_at):
        objection(procedure)
    assert state(procedure) == "stopped"
    with at(monkeypatch, late.closes_at + timedelta(seconds=1)):
        with pytest.raises(NotAllowed, match=r"It ended on .* An answer given after that does not count\."):
            objection(late)
        conclude_silence()
    assert state(late) == "agreed"


# -- the end ------------------------------------------------------------------------------------------------------


def test_at_the_end_the_decision_is_recorded_and_the_step_taken(monkeypatch):
    procedure = ask(text="Do you agree?")
    procedure.answer(DelegationFactory(code="BE"), "agrees", "", by=delegate("BE"))
    procedure.answer(DelegationFactory(code="FR"), "reservation", "Scrutiny.", by=delegate("FR"))
    with at(monkeypatch, procedure.closes_at + timedelta(minutes=7)):
        conclude_silence()
        conclude_silence()
    decision = Decision.objects.get()
    thing = procedure.subject
    thing.refresh_from_db()
    assert (state(procedure), procedure.not_taken, thing.status, thing.agreement) == (
        "agreed",
        "",
        "agreed",
        decision,
    )
    assert (decision.meeting, decision.silence, decision.taken_on) == (None, procedure, procedure.closed_on)
    assert (decision.kind, decision.text, decision.recorded_by) == ("agree", "Do you agree?", None)
    assert decision.body == procedure.body
    assert str(decision).startswith("agreed by CCWP Plenary by silence procedure, ")
    silent = set(procedure.unanswered().values_list("code", flat=True))
    assert silent == set(procedure.entitled) - {"BE", "FR"}
    body = Notification.objects.filter(kind="silence-ended").first().body
    assert ("Agreed: Belgium." in body, "Reservations: France." in body, "Silent: " in body) == (
        True,
        True,
        True,
    )


def test_nothing_is_recorded_before_the_end(monkeypatch):
    procedure = ask()
    with at(monkeypatch, procedure.closes_at):
        conclude_silence()
    assert (state(procedure), procedure.conclude()) == ("open", False)
    with pytest.raises(NotAllowed, match="It is open until"):
        procedure.move("conclude", by=None, ended_at=now())


def test_a_page_read_after_the_end_says_that_it_has_ended_before_the_outcome_is_recorded(monkeypatch):
    procedure = ask()
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=1)):
        assert (procedure.status, procedure.is_running, procedure.has_run_out) == ("open", False, True)
        assert list(SilenceProcedure.objects.running()) == []
        assert list(SilenceProcedure.objects.run_out()) == [procedure]


@pytest.mark.parametrize("change", ["rewritten", "removed", "without the power"])
def test_where_the_step_cannot_be_taken_any_more_it_is_agreed_but_not_carried_out(monkeypatch, change):
    procedure = ask()
    thing = procedure.subject
    if change == "rewritten":
        thing.main_goals = "Another text"
        thing.save()
    elif change == "removed":
        SilenceProcedure.objects.filter(pk=procedure.pk).update(object_id=0)
    else:
        Body.objects.filter(pk=procedure.body_id).update(powers=[])
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=1)):
        conclude_silence()
    assert (state(procedure), Decision.objects.exists()) == ("lapsed", False)
    assert procedure.not_taken != ""
    told = Notification.objects.get(kind="silence-ended", post__body__role="secretariat")
    assert told.subject == f"Agreed by silence but not carried out: {procedure.about}"
    assert procedure.not_taken in told.body
    page = signed_in(secretariat()).get(procedure.get_absolute_url()).content.decode()
    assert "Agreed, not carried out" in page
    assert procedure.not_taken in page
    listed = signed_in(delegate("BE")).get(reverse("council:silenceprocedure_list")).content.decode()
    assert "Agreed, not carried out" in listed


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_delegation_that_leaves_before_the_closing_day_is_not_among_the_silent(monkeypatch):
    procedure = ask()
    DelegationFactory(code="BE")
    Delegation.objects.filter(code="BE").update(member_until=procedure.closed_on - timedelta(days=1))
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=1)):
        conclude_silence()
    procedure.refresh_from_db()
    assert "BE" not in procedure.entitled
    Delegation.objects.filter(code="FR").update(member_until=procedure.closed_on + timedelta(days=1))
    assert "FR" in procedure.unanswered().values_list("code", flat=True)


# -- extended, withdrawn ------------------------------------------------------------------------------------------


def test_an_extension_sets_a_later_end_with_its_reason_and_is_kept(monkeypatch):
    procedure, by = ask(), secretariat()
    first = procedure.closes_at
    procedure.extend(by=by, closes_at=first + timedelta(days=3), note="Two capitals asked for time.")
    procedure.extend(by=by, closes_at=first + timedelta(days=5), note="Holidays.")
    assert (procedure.status, procedure.closes_at) == ("extended", first + timedelta(days=5))
    kept = procedure.extensions.values_list("closed_before", "closes_at", "reason")
    assert [(row[0] - first, row[1] - first, row[2]) for row in kept] == [
        (timedelta(0), timedelta(days=3), "Two capitals asked for time."),
        (timedelta(days=3), timedelta(days=5), "Holidays."),
    ]
    with at(monkeypatch, first + timedelta(days=4)):
        objection(procedure)
    assert state(procedure) == "stopped"


@pytest.mark.parametrize("step", [timedelta(0), -timedelta(minutes=1)])
def test_nobody_ends_a_procedure_early(step):
    procedure = ask()
    with pytest.raises(NotAllowed, match="nobody ends a procedure early"):
        procedure.extend(by=secretariat(), closes_at=procedure.closes_at + step, note="Enough.")


@pytest.mark.parametrize("verb", ["extend", "withdraw"])
def test_after_the_end_nothing_is_extended_or_withdrawn(monkeypatch, verb):
    procedure = ask()
    more = {"closes_at": procedure.closes_at + timedelta(days=2)} if verb == "extend" else {}
    with (
        at(monkeypatch, procedure.closes_at + timedelta(seconds=1)),
        pytest.raises(NotAllowed, match="It ended on"),
    ):
        getattr(procedure, verb)(by=secretariat(), note="Later.", **more)


@pytest.mark.parametrize("verb", ["extend", "withdraw"])
def test_extension_and_withdrawal_want_a_reason(verb):
    procedure = ask()
    more = {"closes_at": procedure.closes_at + timedelta(days=2)} if verb == "extend" else {}
    with pytest.raises(NotAllowed, match="Give a reason"):
        getattr(procedure, verb)(by=secretariat(), note=" ", **more)


def test_a_withdrawn_one_decides_nothing(monkeypatch):
    procedure = ask()
    procedure.withdraw(by=secretariat(), note="The text is revised.")
    with at(monkeypatch, procedure.closes_at + timedelta(days=1)):
        conclude_silence()
    assert (state(procedure), procedure.withdrawal_reason) == ("withdrawn", "The text is revised.")
    assert not Decision.objects.exists()
    with pytest.raises(NotAllowed, match="It was withdrawn"):
        procedure.answer(DelegationFactory(code="BE"), "agrees", "", by=delegate("BE"))


@pytest.mark.parametrize("verb", SilenceProcedure.STEPS)
@pytest.mark.parametrize("status", ["agreed", "lapsed", "stopped", "withdrawn"])
def test_nothing_leads_on_from_an_ended_one(status, verb):
    procedure = ask()
    SilenceProcedure.objects.filter(pk=procedure.pk).update(
        status=status, ended_at=now(), withdrawal_reason="It was.",
        not_taken="It has changed." if status == "lapsed" else "",
    )  # fmt: skip
    procedure.refresh_from_db()
    assert procedure.why_not(verb) != ""


# -- who sees what ------------------------------------------------------------------------------------------------

SEES = {
    "secretariat": (secretariat, "yes BE FR"),
    "its delegation": (lambda: delegate("BE", "viewer"), "yes BE"),
    "another": (lambda: delegate("RO"), "yes"),
    "presidency": (lambda: presidency_holder("LU", "viewer"), "yes BE FR"),
    "commission": (lambda: delegate("OLAF"), "yes"),
    "third party": (third_party, "no"),
    "former member state": (lambda: third_party("UK"), "no"),
    "committee": (committee, "no"),
    "administrator": (administrator, "no"),
    "disabled": (lambda: secretariat(is_active=False), "no"),
}


@pytest.mark.parametrize("identity", SEES)
@pytest.mark.parametrize("end", ["open", "run out", "withdrawn", "stopped"])
def test_positions_are_shown_to_all_delegations_only_after_the_end(monkeypatch, identity, end):
    make, seen = SEES[identity]
    procedure = ask()
    for code in ("BE", "FR"):
        procedure.answer(DelegationFactory(code=code), "agrees", "", by=delegate(code))
    if end == "withdrawn":
        procedure.withdraw(by=secretariat(), note="The text is revised.")
    elif end == "stopped":
        objection(procedure, "FR")
    elif end == "run out":
        over = procedure.closes_at + timedelta(seconds=2)
        monkeypatch.setattr("strategy_portal.dates.clock_offset", lambda: over - datetime.now(UTC))
    user = make()
    shown = ["yes" if SilenceProcedure.objects.visible_to(user).exists() else "no"]
    shown += procedure.positions.visible_to(user).values_list("delegation__code", flat=True)
    if end != "open" and seen.startswith("yes"):
        seen = "yes BE FR"
    assert shown == seen.split()


def test_the_day_of_a_decision_is_the_brussels_day_of_the_end():
    procedure = ask()
    assert procedure.closed_on == brussels_day(procedure.closes_at)


def test_a_decision_is_taken_at_a_meeting_or_by_silence_and_not_by_both():
    procedure = ask()
    fields = {"kind": "agree", "verb": "agree", "content_type": procedure.content_type, "object_id": 1}
    with pytest.raises(IntegrityError, match="decision_at_a_meeting_or_by_silence"):
        Decision.objects.create(recorded_at=now(), **fields)


def test_the_body_that_uses_its_power_is_the_one_that_was_chosen():
    assert ask(body="ccwp-experts").body == BodyFactory(code="ccwp-experts")
