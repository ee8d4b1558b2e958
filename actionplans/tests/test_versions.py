"""The versions of a strategy: their list, a new one, and the steps up to the agreement."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.tests.factories import administrator, committee, delegate, secretariat, third_party
from actionplans import amending
from actionplans.copying import begin_version
from actionplans.loading import stored_text
from actionplans.models import Footnote, StrategyVersion, VersionChange
from actionplans.tests.factories import StrategyFactory, VersionFactory
from actionplans.tests.pages import (
    errors_of,
    messages_of,
    post_edit,
    post_new,
    queries,
    text_of,
)
from actionplans.tests.test_states import race
from actionplans.tests.versioned import LIST, NOTE, WHY, draft_of, strategy
from council.tests.factories import DecisionFactory, MeetingFactory
from strategy_portal.dates import now

__all__ = ["strategy"]  # the fixture
pytestmark = pytest.mark.django_db


# -- the list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_states_dates_decisions_and_the_number_of_changes(desk, strategy):
    first = strategy.versions.get()
    first.agreement = DecisionFactory(subject=first)
    first.status = "superseded"
    first.save()
    second = VersionFactory(strategy=strategy, number=2, in_force_from=date(2026, 3, 1))
    VersionChange.objects.create(
        version=second, part="aim", code="A", change="reworded", reason="outcome", text="x", made_at=now()
    )
    response = desk.get(LIST)
    page = text_of(response).replace("\xa0", " ")
    rows = [(v.number, v.status, v.change_count, v.until) for v in response.context["versions"]]
    assert rows == [(2, "in_force", 1, None), (1, "superseded", 0, date(2026, 2, 28))]
    assert first.agreement.get_absolute_url() in page
    assert "4 November 2009 – 28 February 2026" in page


@pytest.mark.parametrize(
    ("person", "seen"),
    [(secretariat, [2, 1]), (delegate, [1]), (committee, [1]), (third_party, [1]), (administrator, [1])],
)
def test_a_draft_stands_in_the_list_of_the_secretariat_only(client, strategy, person, seen):
    draft_of(strategy)
    client.force_login(person())
    assert [version.number for version in client.get(LIST).context["versions"]] == seen
    assert client.get(f"{LIST}2/").status_code == (200 if len(seen) == 2 else 404)


def test_a_decision_that_the_reader_does_not_see_is_not_linked(client, strategy):
    first = strategy.versions.get()
    first.agreement = DecisionFactory(subject=first)
    first.save()
    client.force_login(third_party())
    seen = client.get(first.agreement.get_absolute_url()).status_code
    is_linked = first.agreement.get_absolute_url() in text_of(client.get(LIST))
    assert is_linked == (seen == 200)


def test_the_queries_of_the_list_do_not_grow_with_the_versions(desk, strategy):
    version = strategy.versions.get()
    version.agreement = DecisionFactory(subject=version)
    version.save()
    queries(desk, LIST)
    first = queries(desk, LIST)
    for number in range(2, 32):
        version = VersionFactory(strategy=strategy, number=number, status="agreed", in_force_from=None)
        version.agreement = DecisionFactory(subject=version)
        version.save()
    assert queries(desk, LIST) == first


def test_the_queries_of_a_version_do_not_grow_with_its_changes(desk, strategy):
    draft = draft_of(strategy)
    queries(desk, f"{LIST}2/")
    post_edit(desk, f"{LIST}2/edit/objectives/A.MS.a/", text="Other words", **WHY)
    first = queries(desk, f"{LIST}2/")
    for _n in range(29):
        post_new(desk, f"{LIST}2/edit/up-or-down/objective/A.MS.a/down/", **WHY)
        post_new(desk, f"{LIST}2/edit/up-or-down/objective/A.MS.a/up/", **WHY)
    assert draft.changes.count() == 59
    assert queries(desk, f"{LIST}2/") == first


def test_the_page_of_an_agreed_version_offers_its_approval_before_a_new_version(desk, strategy):
    draft = draft_of(strategy)
    StrategyVersion.objects.filter(pk=draft.pk).update(status="agreed", agreed_on=date(2026, 3, 1))
    page = text_of(desk.get(f"{LIST}2/"))
    assert 0 < page.index("Record the approval") < page.index("Start a new version")
    assert f'href="{LIST}new/">Start a new version' in page


# -- a new version ---------------------------------------------------------------------------------------------------


def test_a_version_is_started_as_a_copy_of_the_one_in_force(desk, strategy):
    assert "Start a new version" in text_of(desk.get(LIST))
    form = desk.get(f"{LIST}new/").context["form"]
    first = strategy.versions.get()
    assert form["source"].value() == first.pk
    response = post_new(desk, f"{LIST}new/", source=first.pk, **NOTE)
    assert response.url == f"{LIST}2/edit/"
    version = strategy.versions.get(number=2)
    assert (version.status, version.note) == ("draft", NOTE["note"])
    assert stored_text(version).objectives == stored_text(first).objectives


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"note": ""}, {"note": ["Say why the strategy is amended."]}),
        ({"note": "\u200b"}, "note"),
        ({"source": "99999"}, "source"),
        ({"source": "x"}, "source"),
        ({"source": ""}, {"source": ["Choose the version whose text is copied."]}),
    ],
)
def test_a_version_without_reason_or_source_is_asked_back(desk, strategy, fields, expected):
    right = {"source": strategy.versions.get().pk, **NOTE}
    errors = errors_of(post_new(desk, f"{LIST}new/", **{**right, **fields}))
    assert errors == expected if isinstance(expected, dict) else list(errors) == [expected]
    assert strategy.versions.count() == 1


def test_while_a_version_is_in_preparation_the_page_leads_to_it(desk, strategy):
    draft = draft_of(strategy)
    assert "Start a new version" not in text_of(desk.get(LIST))
    page = desk.get(f"{LIST}new/")
    assert page.status_code == 409
    assert draft.get_absolute_url() in text_of(page)
    response = post_new(desk, f"{LIST}new/", source=draft.pk, **NOTE)
    assert (response.status_code, NOTE["note"] in text_of(response)) == (409, True)
    assert strategy.versions.count() == 2


def test_another_strategy_keeps_its_own_versions_and_addresses(desk, strategy):
    later = StrategyFactory(slug="later", reference="1/23", title="Later")
    later.versions.update(agreed_on=None, in_force_from="2003-01-01")
    url = "/strategies/later/versions/"
    response = post_new(desk, f"{url}new/", source=later.versions.get().pk, **NOTE)
    assert response.url == f"{url}2/edit/"
    draft = later.versions.get(number=2)
    assert draft.get_step_url("table") == f"{url}2/steps/table/"
    assert post_edit(desk, f"{url}2/edit/objectives/A.MS.a/", text="x", **WHY).url == f"{url}2/edit/#A.MS.a"
    assert strategy.versions.count() == 1


@pytest.mark.parametrize("number", ["0", "9", "99999999999999999999", "1" * 5000])
@pytest.mark.parametrize("page", ["", "edit/", "steps/table/"])
def test_a_version_number_that_does_not_exist_is_not_found(desk, strategy, number, page):
    assert desk.get(f"{LIST}{number}/{page}").status_code == 404


# -- steps -----------------------------------------------------------------------------------------------------------


def test_tabling_shows_the_text_to_the_delegations_and_locks_it(desk, client, strategy):
    draft_of(strategy)
    assert "All delegations then see the text" in text_of(desk.get(f"{LIST}2/steps/table/"))
    response = desk.post(f"{LIST}2/steps/table/", {"reason": ""})
    assert (response.url, messages_of(response)) == (f"{LIST}2/", ["15198/09, version 2 is now tabled."])
    page = text_of(desk.get(f"{LIST}2/"))
    assert "Version 2 is tabled. Return it to draft to change it." in page
    assert f"{LIST}2/steps/return_to_draft/" in page
    client.force_login(delegate())
    assert client.get(f"{LIST}2/").status_code == 200
    assert client.post(f"{LIST}2/steps/return_to_draft/").status_code == 403


@pytest.mark.parametrize("page", ["objectives/A.MS.a/", "aims/new/", "withdraw/objective/A.MS.a/", ""])
def test_what_refuses_to_amend_a_tabled_version_leads_to_the_version(desk, strategy, page):
    draft_of(strategy).take("table", by=secretariat())
    response = desk.get(f"{LIST}2/edit/{page}")
    assert response.status_code == 409
    assert f'href="{LIST}2/">Open 15198/09, version 2</a>' in text_of(response)


def test_a_version_is_withdrawn_with_a_reason_and_another_can_begin(desk, strategy):
    draft_of(strategy)
    assert desk.post(f"{LIST}2/steps/withdraw/", {"reason": ""}).status_code == 422
    desk.post(f"{LIST}2/steps/withdraw/", {"reason": "No agreement in sight."})
    assert StrategyVersion.objects.get(strategy=strategy, number=2).status == "withdrawn"
    assert begin_version(strategy, by=secretariat(), note="x").number == 3


@pytest.mark.parametrize("verb", ["supersede", "abolish"])
def test_no_one_supersedes_a_version_by_hand(desk, strategy, verb):
    assert desk.get(f"{LIST}1/steps/{verb}/").status_code == (403 if verb == "supersede" else 404)


def test_what_may_surprise_is_said_before_a_decision_is_recorded(desk, strategy):
    version = draft_of(strategy)
    assert version.before_deciding("agree") == [
        "This version changes nothing of the text that it was copied from."
    ]
    VersionFactory(strategy=strategy, number=3, status="agreed", in_force_from=None)
    strategy.versions.filter(number=1).update(status="superseded")
    strategy.versions.filter(number=3).update(status="in_force", in_force_from="2026-01-01")
    assert version.before_deciding("approve")[-1] == "15198/09, version 3, a newer one, is in force."


@pytest.mark.django_db(transaction=True)
def test_a_version_that_two_people_approve_at_once_is_put_in_force_once():
    strategy, by = StrategyFactory(), secretariat()
    later = VersionFactory(strategy=strategy, number=2, status="agreed", in_force_from=None)
    meeting = MeetingFactory(held_on=date(2026, 3, 1))
    decisions = [
        DecisionFactory(subject=later, kind="approve", verb="approve", meeting=meeting) for _n in range(2)
    ]

    def approve(decision):
        StrategyVersion.objects.get(pk=later.pk).approve(by=by, approval=decision)
        return "approved"

    answers = race([lambda decision=decision: approve(decision) for decision in decisions])
    assert sorted(answers) == ["15198/09, version 2 is in force.", "approved"]
    assert list(strategy.versions.order_by("number").values_list("status", flat=True)) == [
        "superseded", "in_force",
    ]  # fmt: skip
    events = StrategyVersion.pgh_event_models["insert"].objects
    assert events.filter(pgh_obj=later.pk, status="in_force").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_tabled_while_it_is_amended_is_either_amended_before_or_not_at_all():
    strategy, by = StrategyFactory(), secretariat()
    draft = begin_version(strategy, by=by, note="x")

    def table():
        StrategyVersion.objects.get(pk=draft.pk).take("table", by=by)
        return "tabled"

    def withdraw():
        with amending.amending(draft) as version:
            amending.withdraw(version, amending.find(version, "objective", "A.MS.a"), **WHY)
        return "withdrawn"

    answers = race([table, withdraw])
    refused = "Version 2 is tabled. Return it to draft to change it."
    assert answers in (["tabled", "withdrawn"], ["tabled", refused])
    assert draft.changes.count() == (answers[1] == "withdrawn")


@pytest.mark.parametrize("status", ["agreed", "in_force", "superseded"])
def test_the_database_itself_keeps_a_text_that_was_agreed(strategy, status):
    version = strategy.versions.get()
    strategy.versions.update(status=status)
    section, aim = version.sections.get(), version.aims.first()
    Footnote.objects.create(version=version, mark="1", text="A note")
    rows = [version.wordings, version.sections, section.blocks, version.aims, aim.blocks, version.footnotes]
    for parts in rows:
        before = parts.count()
        for change in (lambda p: p.update(id=F("id")), lambda p: p.all().delete()):
            with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
                change(parts)
        assert parts.count() == before


def test_to_a_text_that_the_working_party_has_agreed_nothing_is_added(strategy):
    version = draft_of(strategy)
    Footnote.objects.create(version=version, mark="1", text="A note")
    version.take("table", by=secretariat())
    version.take("agree", by=secretariat(), agreement=DecisionFactory(subject=version))
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Footnote.objects.create(version=version, mark="2", text="Another")
