"""On the demonstration: the index holds each text as it is, and each person finds what the models say they see."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, override_settings

from actionplans.models import ActionPlan
from actionplans.tests.factories import texts_open
from council.models import Meeting
from search.kinds import KINDS, SOURCES, WORDED
from search.models import SearchEntry
from search.question import read
from search.results import Results
from search.tests.index import TABLES, asked, differences
from strategy_portal.tests.scene import IDENTITIES, account, demonstration_scene, readers

pytestmark = pytest.mark.django_db
TERMS, OPEN = "actionplans_termsofreference", "status in ('draft', 'tabled')"  # agreed ones never change
SIGNED_IN = [identity for identity in IDENTITIES if identity not in {"anonymous", "disabled"}]


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """The demonstration, completed, for all tests here, each of which undoes its own."""
    with django_db_blocker.unblock(), demonstration_scene() as made:
        yield SimpleNamespace(**made)


def test_after_the_demonstration_each_entry_is_what_its_source_says(scene):
    assert differences() == {}
    counted = dict(asked("select source, count(*) from search_searchentry group by source"))
    assert counted == {
        source: asked(f"select count(*) from {table}")[0][0] for source, table in TABLES.items()
    }


def test_raw_sql_and_bulk_writes_are_followed(scene):
    with texts_open():
        for statement in (
            "update actionplans_actionplan set number = number + 100",
            "update actionplans_action set title = title || ' anew', summary = 'Ferries' where status = 'proposed'",
            f"update actionplans_termsofreference set tasks = 'Compare notes' where {OPEN}",
            f"update actionplans_milestone set title = 'Moved' where terms_id in (select id from {TERMS} where {OPEN})",
            "update actionplans_progressnote set achieved = 'Ports visited' where status <> 'confirmed'",
            "update actionplans_amendment set reason = 'New routes' where status in ('draft', 'tabled')",
            "update council_agendapoint set title = title || ' (renamed)'",
            "update actionplans_sectionblock set text = 'Reworded: ' || text",
            "update actionplans_section set title = lower(title)",
            "update actionplans_aim set text = upper(text)",
            "update actionplans_wording set text = text || ' and more'",
            "update actionplans_objective set code = 'Z' || code",
            "update actionplans_addresseeblock set heading = 'Anybody:'",
            "update actionplans_strategy set slug = slug || '-old', title = 'Renamed'",
            "update actionplans_strategyversion set number = number + 5",
            "update jcos_operation set purpose = 'Against smuggling by yacht'",
            "update accounts_body set name = name || ' (renamed)'",
            "update council_meeting set held_on = held_on + 400, place = 'Luxembourg'",
            "update council_document set revision = revision + 1, title = 'New title'",
            "update council_decision set text = 'As tabled'",
        ):
            asked(f"with done as ({statement} returning 1) select count(*) from done")
            assert differences() == {}, statement


def seen(user, source):
    """The rows of a source that a person sees, asked of the models themselves."""
    owners = set(SOURCES[source].owners(user).values_list("pk", flat=True))
    rows = SearchEntry.objects.filter(source=source)
    return {row.object_id for row in rows if row.owner_id in owners}


@pytest.mark.parametrize("identity", IDENTITIES)
def test_each_identity_finds_exactly_what_it_sees(identity, scene):
    user = AnonymousUser() if identity == "anonymous" else account(scene.people, identity)
    for source in TABLES:
        entries = SearchEntry.objects.visible_to(user).filter(source=source)
        assert set(entries.values_list("object_id", flat=True)) == (
            set() if identity in {"anonymous", "disabled"} else seen(user, source)
        ), source
    plans = {"plan": ActionPlan.objects.seen_whole(user), "meeting": Meeting.objects.visible_to(user)}
    for source, rows in plans.items():
        entries = SearchEntry.objects.visible_to(user).filter(source=source)
        assert set(entries.values_list("object_id", flat=True)) == set(rows.values_list("pk", flat=True))


@pytest.mark.parametrize("identity", readers("other", *(who for who in SIGNED_IN if who != "other")))
@pytest.mark.parametrize("typed", ["plan or 2026 or operation", "13.3", "quiet river"])
def test_counts_and_hits_are_those_of_what_is_seen(identity, typed, scene):
    user = account(scene.people, identity)
    question = read(typed)
    answering = {
        (row.source, row.object_id) for row in SearchEntry.objects.answering(question)
        if row.source in WORDED or row.state not in SOURCES[row.source].earlier
    }  # fmt: skip
    expected = dict.fromkeys(KINDS, 0)
    for source in TABLES:
        fitting = [pk for pk in seen(user, source) if (source, pk) in answering]
        if source in WORDED:  # texts of one thing in several versions count once
            rows = SearchEntry.objects.filter(source=source, object_id__in=fitting)
            fitting = {(row.args[0], row.args[2]) for row in rows}
        expected[SOURCES[source].kind] += len(fitting)
    results = Results(user, question)
    assert results.counts == {kind: count for kind, count in expected.items() if count}
    assert {kind: Results(user, question, kind=kind).shown for kind in KINDS} == expected


@pytest.mark.parametrize("identity", readers(*SIGNED_IN))
def test_each_hit_leads_to_a_page_that_opens(identity, scene):
    user, client = account(scene.people, identity), Client()
    client.force_login(user)
    question = read("customs or plan or 2026 or 15198/09 or ccwp or terms")
    groups = [group for kind in KINDS for group in Results(user, question, kind=kind, earlier=True).groups]
    links = sorted({hit.url for group in groups for hit in group.hits})
    with override_settings(DEMONSTRATION=True):
        assert {url: status for url in links if (status := client.get(url).status_code) != 200} == {}
    assert len(links) >= 5
