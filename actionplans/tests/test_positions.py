"""What delegations hold of tabled terms of reference: who gives it, who sees it when, and until when it counts."""

import threading
from collections import Counter

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Delegation, User
from accounts.reference import load_bodies, load_delegations
from accounts.tests.factories import (
    BodyFactory,
    DelegationFactory,
    committee,
    delegate,
    secretariat,
    third_party,
)
from actionplans.models import TermsOfReference
from actionplans.positions import positions_for
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, part
from actionplans.tests.pages import post_new, queries, text_of
from council.models import Decision, Position
from council.tests.factories import MeetingFactory, presidency_holder
from strategy_portal.workflow import NotAllowed
from tests.silence import ask

pytestmark = pytest.mark.django_db
PAGE = "/plans/8/actions/1/terms/"
AGREES, RESERVATION, OBJECTS = Position.Stance.values


@pytest.fixture
def terms():
    return TermsFactory(action=ActionFactory(plan=PlanFactory(number=8)), status="tabled")


def say(terms, code, stance=AGREES, text="", by=None):
    """A delegation gives its position."""
    text = text or ("" if stance == AGREES else f"{code} has its reasons")
    return Position.objects.state(terms, DelegationFactory(code=code), stance, text, by=by or delegate(code))


def agree(terms, by=None):
    """The working party agrees the text at a meeting."""
    meeting = MeetingFactory(body=BodyFactory(code="ccwp-plenary"))
    return Decision.objects.record(terms, "agree", meeting=meeting, by=by or secretariat())


def seen(user, terms):
    """The codes of the delegations whose position a person sees on a page of the terms."""
    found = positions_for(User.objects.get(pk=user.pk), TermsOfReference.objects.get(pk=terms.pk))
    return None if found is None else [position.delegation.code for position in found.given]


def test_a_submitter_gives_the_position_of_the_delegation_and_changes_it(client, terms):
    client.force_login(delegate("FR"))
    url = f"{PAGE}1/positions/FR/"
    assert f'href="{url}"' in client.get(PAGE).content.decode()
    assert post_new(client, url, stance=OBJECTS, text="").status_code == 422
    answer = post_new(client, url, stance=OBJECTS, text="It costs too much.")
    assert (answer.status_code, answer.url) == (302, f"{PAGE}1/#positions")
    assert client.get(url).context["form"].initial["text"] == "It costs too much."
    assert "Objects" in text_of(client.get(PAGE))
    post_new(client, url, stance=AGREES, text="")
    assert [(p.stance, p.text) for p in Position.objects.on(terms)] == [(AGREES, "")]


def test_only_submitters_answer_and_only_for_their_own_delegation(client, terms):
    for user, code, status in (
        (delegate("FR", "editor"), "FR", 403), (delegate("FR"), "IT", 403), (secretariat(), "FR", 403),
        (delegate("FR"), "NO", 404), (delegate("FR"), "XX", 404), (committee(), "FR", 404),
    ):  # fmt: skip
        DelegationFactory(code="IT")
        client.force_login(user)
        assert post_new(client, f"{PAGE}1/positions/{code}/", stance=AGREES).status_code == status
    assert not Position.objects.exists()


def test_until_the_end_a_position_is_its_delegations_the_secretariats_and_the_presidencys(terms):
    say(terms, "FR", OBJECTS)
    say(terms, "IT")
    presiding = presidency_holder("LU")
    readers = {
        "own": delegate("FR", "viewer"), "other": delegate("ES"), "presidency": presiding,
        "secretariat": secretariat(), "committee": committee(), "third": third_party("NO"),
    }  # fmt: skip
    part(terms.action, "NO")
    assert {name: seen(user, terms) for name, user in readers.items()} == {
        "own": ["FR"], "other": [], "presidency": ["FR", "IT"], "secretariat": ["FR", "IT"],
        "committee": None, "third": None,
    }  # fmt: skip
    agree(terms)
    assert {name: seen(user, terms) for name, user in readers.items()} == {
        "own": ["FR", "IT"], "other": ["FR", "IT"], "presidency": ["FR", "IT"], "secretariat": ["FR", "IT"],
        "committee": None, "third": None,
    }  # fmt: skip
    for nobody in (readers["committee"], readers["third"]):
        assert not Position.objects.visible_to(nobody).exists()


def test_those_without_a_position_are_named_as_silent(client, terms):
    load_delegations()
    say(terms, "FR", RESERVATION, "Under scrutiny")
    client.force_login(secretariat())
    text = text_of(client.get(PAGE))
    assert "Reservation" in text
    assert "Under scrutiny" in text
    silent = {d.code for d in client.get(PAGE).context["positions"].silent}
    assert "FR" not in silent
    assert {"BE", "IT", "OLAF"} <= silent
    client.force_login(delegate("IT"))
    page = client.get(PAGE)
    assert [d.code for d in page.context["positions"].silent] == ["IT"]
    assert "Under scrutiny" not in text_of(page)


def test_nothing_is_said_of_a_text_that_is_not_tabled(client, terms):
    say(terms, "FR")
    agree(terms)
    with pytest.raises(NotAllowed, match="positions are given while it is tabled"):
        say(terms, "FR", OBJECTS)
    client.force_login(delegate("FR"))
    url = f"{PAGE}1/positions/FR/"
    answer = post_new(client, url, stance=OBJECTS, text="Typed and kept")
    assert (answer.status_code, "Typed and kept" in text_of(answer)) == (409, True)
    assert "positions are given while it is tabled" in text_of(client.get(url))
    assert Position.objects.get().stance == AGREES


def test_a_text_that_is_returned_and_tabled_again_begins_without_positions(client, terms):
    by = secretariat()
    say(terms, "FR", OBJECTS)
    terms.take("return_to_draft", by=by)
    assert seen(by, terms) == ["FR"]
    assert "As they stood on" in text_of(_page_of(client, by))
    terms.take("table", by=by)
    assert seen(by, terms) == []
    say(terms, "IT", RESERVATION)
    agree(terms)
    assert seen(delegate("ES"), terms) == ["IT"]
    assert Position.objects.on(terms).count() == 2


def _page_of(client, user):
    client.force_login(user)
    return client.get(PAGE)


def test_a_new_version_has_no_positions_of_the_old(terms):
    say(terms, "FR", RESERVATION)
    agree(terms)
    new = TermsFactory(action=terms.action, status="tabled")
    reader = delegate("ES")
    assert (seen(reader, new), seen(reader, terms)) == ([], ["FR"])


def test_whoever_records_the_agreement_reads_who_objects_and_is_not_hindered(client, terms):
    by = secretariat()
    say(terms, "FR", OBJECTS)
    say(terms, "IT", RESERVATION)
    say(terms, "ES", RESERVATION)
    say(terms, "LU")
    client.force_login(by)
    text = text_of(
        client.get(reverse("council:decision_record", args=[terms._meta.label_lower, terms.pk, "agree"]))
    )
    assert "These delegations object: France." in text
    assert "These delegations have a reservation: Spain, Italy." in text
    assert "Luxembourg" not in text
    agree(terms, by)
    terms.refresh_from_db()
    assert terms.status == "agreed"


def test_while_a_silence_procedure_runs_positions_are_given_there(client, terms):
    load_bodies()
    ask(terms)
    with pytest.raises(NotAllowed, match="Give the position there"):
        say(terms, "FR")
    client.force_login(delegate("FR"))
    page = client.get(PAGE)
    assert "Delegations are asked by silence procedure: their positions stand there" in text_of(page)
    assert f"{PAGE}1/positions/FR/" not in page.content.decode()


def test_the_history_of_the_text_names_each_position_to_those_who_see_it(client, terms):
    by = delegate("FR", name="Marie Dupont")
    say(terms, "FR", OBJECTS, "Too dear", by=by)
    say(terms, "FR", AGREES, by=by)
    url = reverse("audit:history", args=["termsofreference", terms.pk])

    def history(user):
        client.force_login(User.objects.get(pk=user.pk))
        return text_of(client.get(url))

    keeper, other = secretariat(), delegate("ES")
    for reader in (by, keeper):
        text = history(reader)
        assert "Too dear" in text
        assert "Marie Dupont" in text
        assert "Answered" in text
    assert "France" not in history(other)
    agree(terms)
    text = history(other)
    assert "Position: France" in text
    assert "Too dear" not in text  # said before the end, and taken back by then
    assert "not shown" not in text


def test_positions_go_with_an_action_that_is_deleted(terms):
    say(terms, "FR")
    terms.delete()
    assert not Position.objects.exists()


def test_the_page_asks_as_many_questions_for_one_position_as_for_many(client, terms):
    load_delegations()
    client.force_login(secretariat())
    counts = []
    for codes in (["FR"], ["IT", "ES", "LU", "EL"]):
        for code in codes:
            say(terms, code, RESERVATION)
        client.get(PAGE)
        counts.append(queries(client, PAGE))
    assert counts[0] == counts[1]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["FR", "IT", "ES"]), st.sampled_from(Position.Stance.values)),
        st.just("return_to_draft"),
        st.just("table"),
        st.just("agree"),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_in_whatever_order_positions_count_only_while_the_text_is_tabled(steps):
    terms, by, expected = TermsFactory(status="tabled"), secretariat(), {}
    for step in steps:
        terms.refresh_from_db()
        can_be = terms.status == ("draft" if step == "table" else "tabled")
        try:
            if step == "agree":
                agree(terms, by)
            elif isinstance(step, str):
                terms.take(step, by=by)
            else:
                say(terms, *step)
        except NotAllowed:
            assert not can_be
            continue
        assert can_be
        if isinstance(step, tuple):
            expected[step[0]] = step[1]
        elif step == "table":
            expected = {}
    terms.refresh_from_db()
    given_now = positions_for(by, terms)
    shown = {p.delegation.code: p.stance for p in given_now.given} if given_now else {}
    open_ones = Position.objects.on(terms).filter(ended_at=None)
    assert shown == (expected if terms.status != "draft" or expected else shown)
    assert open_ones.count() == (len(expected) if terms.status == "tabled" else 0)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_positions_at_once_each_delegation_has_one(terms):
    load_delegations()
    asked = list(Delegation.objects.filter(kind="MS", member_until=None))[:25]
    by = secretariat()
    gate, failures = threading.Barrier(2 * len(asked)), []

    def work(delegation, stance):
        try:
            gate.wait()
            Position.objects.state(terms, delegation, stance, "In words", by=by)
        except (NotAllowed, ObjectDoesNotExist) as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(delegation, stance))
        for delegation in asked
        for stance in (AGREES, OBJECTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = Counter(Position.objects.on(terms).values_list("delegation", flat=True))
    assert failures == []
    assert counts == dict.fromkeys((delegation.pk for delegation in asked), 1)


def test_where_nobody_gave_a_position_all_were_silent(client, terms):
    agree(terms, secretariat())
    client.force_login(delegate("FR"))
    page = text_of(client.get(PAGE))
    assert "None was given." in page and "<strong>Silent:</strong>" in page and "As they stood on" in page
    client.force_login(committee())
    assert "Positions of delegations" not in text_of(client.get(PAGE))
