from datetime import date

import pytest
from django.apps import apps

from accounts.models import Body, Delegation
from accounts.reference import load_bodies, load_delegations

pytestmark = pytest.mark.django_db


def events():
    return {name: apps.get_model(f"accounts.{name}Event").objects.count() for name in ("Delegation", "Body")}


def test_every_delegation_of_the_files_is_there_once_under_its_eu_code():
    load_delegations()
    assert Delegation.objects.count() == 66
    greece = Delegation.objects.get(code="EL")
    assert (greece.iso_code, greece.name, greece.kind) == ("GR", "Greece", "MS")
    assert Delegation.objects.get(code="UK").member_until == date(2020, 1, 31)
    assert not Delegation.objects.filter(code__in=["GR", "GB"]).exists()


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (date(2009, 11, 4), 27),
        (date(2013, 6, 30), 27),
        (date(2013, 7, 1), 28),
        (date(2020, 1, 31), 28),
        (date(2020, 2, 1), 27),
    ],
)
def test_the_member_states_of_a_day_are_those_of_history(day, states):
    load_delegations()
    assert Delegation.objects.member_states(day).count() == states


def test_protocol_order_is_states_commission_agencies_organisations_third_countries():
    load_delegations()
    kinds = list(dict.fromkeys(Delegation.objects.values_list("kind", flat=True)))
    assert kinds == ["MS", "COM", "AGENCY", "INT", "THIRD"]
    assert list(Delegation.objects.values_list("code", flat=True)[:3]) == ["BE", "BG", "CZ"]


def test_only_the_plenary_may_adopt_and_only_the_committee_may_approve():
    load_bodies()
    may = {
        kind: [b.code for b in Body.objects.that_may(kind)]
        for kind in ("adopt", "approve", "agree", "reject", "note_results")
    }
    assert may == {
        "adopt": ["ccwp-plenary"],
        "approve": ["article-36"],
        "agree": ["ccwp-plenary", "ccwp-experts"],
        "reject": ["ccwp-plenary"],
        "note_results": ["ccwp-plenary", "ccwp-experts"],
    }
    assert Body.objects.secretariat().code == "general-secretariat"


def test_a_second_load_leaves_no_event():
    load_delegations()
    load_bodies()
    before = events()
    load_delegations()
    load_bodies()
    assert events() == before


def test_what_the_secretariat_keeps_stays_and_what_only_files_say_follows_them():
    load_delegations()
    load_bodies()
    Delegation.objects.filter(code="CZ").update(
        name="Czechia", mailbox="customs@example.cz", protocol_order=500
    )
    Body.objects.filter(code="ccwp-plenary").update(name="LEWP Customs", mailbox="lewp@example.eu", powers=[])
    load_delegations()
    load_bodies()
    czechia, plenary = Delegation.objects.get(code="CZ"), Body.objects.get(code="ccwp-plenary")
    assert (czechia.name, czechia.mailbox, czechia.protocol_order) == ("Czechia", "customs@example.cz", 3)
    assert (plenary.name, plenary.mailbox, "adopt" in plenary.powers) == (
        "LEWP Customs",
        "lewp@example.eu",
        True,
    )
