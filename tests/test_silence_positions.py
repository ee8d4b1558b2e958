"""A delegation has one position on a text, given on its page or in a silence procedure, and it counts in both."""

from datetime import timedelta

import pytest

from accounts.tests.factories import DelegationFactory, delegate, secretariat
from actionplans.tests.pages import text_of
from council.models import Position, SilenceProcedure
from council.tests.factories import presidency_holder
from strategy_portal.workflow import NotAllowed
from tests.silence import ask, at, objection, tabled
from tests.test_silence_pages import filled, opening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("delivered")]
RESERVE = "Our parliament has not spoken."


@pytest.fixture
def terms():
    return tabled()


def say(terms, code, stance="agrees", text=""):
    return Position.objects.state(terms, DelegationFactory(code=code), stance, text, by=delegate(code))


def stances(rows):
    return {row.delegation.code: (row.stance, row.text) for row in rows.select_related("delegation")}


def page_of_terms(client, terms):
    number = terms.action.plan.number
    return text_of(client.get(f"/plans/{number}/actions/{terms.action.number}/terms/"))


def test_what_was_said_before_counts_as_the_answer_until_it_is_changed(terms):
    say(terms, "BE")
    said = say(terms, "FR", "reservation", RESERVE)
    procedure = ask(terms)
    assert stances(procedure.positions) == {"BE": ("agrees", ""), "FR": ("reservation", RESERVE)}
    carried = procedure.positions.get(delegation__code="FR")
    assert (carried.stated_by, carried.stated_at) == (said.stated_by, said.stated_at)
    assert {"BE", "FR"}.isdisjoint(procedure.unanswered().values_list("code", flat=True))
    procedure.answer(carried.delegation, "agrees", by=delegate("FR"))
    assert stances(procedure.positions)["FR"] == ("agrees", "")


def test_over_an_objection_nobody_is_asked(desk, terms):
    say(terms, "BE", "objects", "We cannot accept this.")
    say(terms, "FR", "reservation", RESERVE)
    with pytest.raises(
        NotAllowed, match="Belgium objects to it, which would stop the procedure at once"
    ) as no:
        ask(terms)
    assert [reason.url for reason in no.value.reasons] == [terms.get_absolute_url()]
    form = opening(terms)
    assert "Belgium objects to it" in text_of(desk.get(form))
    answered = desk.post(form, filled())
    assert (answered.status_code, SilenceProcedure.objects.count()) == (409, 0)
    assert "Belgium objects to it" in text_of(answered)
    say(terms, "BE", "agrees")
    page = text_of(desk.get(form))
    assert "Positions given so far count as answers until they are changed" in page
    assert "Belgium: Agrees; France: Reservation" in page
    assert desk.post(form, filled()).status_code == 302


@pytest.mark.parametrize("end", ["stopped", "withdrawn", "agreed", "lapsed"])
def test_at_the_end_the_text_has_the_positions_of_the_procedure(monkeypatch, terms, end):
    say(terms, "BE")
    say(terms, "FR", "reservation", RESERVE)
    procedure = ask(terms)
    procedure.answer(DelegationFactory(code="FR"), "agrees", by=delegate("FR"))
    procedure.answer(DelegationFactory(code="LU"), "reservation", RESERVE, by=delegate("LU"))
    if end == "stopped":
        objection(procedure)
    elif end == "withdrawn":
        procedure.withdraw(by=secretariat(), note="Too early.")
    else:
        if end == "lapsed":
            type(terms).objects.filter(pk=terms.pk).update(tasks="Others")
        with at(monkeypatch, procedure.closes_at + timedelta(seconds=1)):
            procedure.conclude()
    procedure.refresh_from_db()
    terms.refresh_from_db()
    assert procedure.status == end
    told = stances(procedure.positions)
    assert told == {
        "BE": ("objects", "We cannot accept this.") if end == "stopped" else ("agrees", ""),
        "FR": ("agrees", ""), "LU": ("reservation", RESERVE),
    }  # fmt: skip
    assert stances(Position.objects.on(terms)) == told
    is_open = end != "agreed"
    assert set(Position.objects.on(terms).values_list("ended_at", flat=True)) == {
        None if is_open else terms.agreement.recorded_at
    }


def test_while_it_runs_positions_stand_in_one_place_only(client, terms):
    say(terms, "FR", "reservation", RESERVE)
    procedure = ask(terms)
    procedure.answer(DelegationFactory(code="FR"), "agrees", by=delegate("FR"))
    for reader in (secretariat(), presidency_holder("LU", "viewer"), delegate("FR")):
        client.force_login(reader)
        page = page_of_terms(client, terms)
        assert "their positions stand there" in page and f'href="{procedure.get_absolute_url()}"' in page
        assert RESERVE not in page and "Silent:" not in page


def test_an_objection_that_stopped_it_is_named_when_the_agreement_is_recorded(desk, terms):
    objection(ask(terms))
    page = text_of(desk.get(f"/decisions/record/actionplans.termsofreference/{terms.pk}/agree/"))
    assert "These delegations object: Belgium." in page
    with pytest.raises(NotAllowed, match="Belgium objects"):
        ask(terms)
