"""Every change leaves an event, with its own actor, verb and reason, and events stay as they are."""

from datetime import date

import pghistory.models
import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from accounts.models import Delegation
from accounts.tests.factories import DelegationFactory, secretariat
from audit.records import event_model, parent_of, tracked
from council.models import Meeting
from council.tests.factories import MeetingFactory
from strategy_portal.workflow import acting

OURS = {
    "accounts",
    "council",
    "actionplans",
    "jcos",
    "reports",
    "editing",
    "notifications",
    "deadlines",
    "publishing",
    "search",
}
NOT_BUSINESS = {
    "accounts.Post": "made when it is first owed something; holds nothing that anybody decides",
    "actionplans.PlanImport": "what somebody sent and has not brought in, gone within a day; what comes of it is kept",
    "editing.Draft": "what somebody has typed and not saved: nobody else's business, and no change of a record",
    "editing.SubmittedForm": "remembers for a while that a form was sent, so that a repeat changes nothing",
    "notifications.Notification": "the outbox: says itself what was told to whom and when",
    "notifications.Delivery": "the outbox: one line for each address",
    "deadlines.Reminder": "the ledger: rows are only added",
    "deadlines.Heartbeat": "when the sweep last ran",
    "search.SearchEntry": "the index: follows from the texts, and can be made anew at any time",
}


def test_every_business_model_is_tracked():
    models = {
        m._meta.label
        for m in apps.get_models()
        if m._meta.app_label in OURS and not issubclass(m, pghistory.models.Event)
    }
    assert models - {m._meta.label for m in tracked().values()} == models & set(NOT_BUSINESS)


@pytest.mark.parametrize("name", sorted(tracked()))
def test_inserts_updates_and_deletes_are_tracked(name):
    model = tracked()[name]
    assert {label: event_model(model) for label in ("insert", "update", "delete")} == model.pgh_event_models


@pytest.mark.parametrize("name", sorted(tracked()))
def test_events_keep_every_field_but_secrets(name):
    model = tracked()[name]
    kept = {f.name for f in event_model(model)._meta.fields}
    assert {f.name for f in model._meta.fields} - kept == (
        {"password", "last_login"} if name == "user" else set()
    )


def test_no_event_holds_a_secret():
    fields = {f.name for m in tracked().values() for f in event_model(m)._meta.fields}
    assert [
        name for name in fields if any(word in name for word in ("password", "secret", "token", "key"))
    ] == []


def test_names_in_addresses_are_unique():
    assert len(tracked()) == len([m for m in apps.get_models() if "pgh_event_models" in vars(m)])


def test_each_part_hangs_on_a_tracked_record():
    parents = {parent_of(m) for m in tracked().values()} - {None}
    assert parents - set(tracked().values()) == set()


def last(model):
    event = event_model(model).objects.order_by("-pgh_id").first()
    context = event.pgh_context or {}
    return event.pgh_label, context.get("user"), context.get("verb"), context.get("note")


@pytest.fixture
def clerk(db):
    return secretariat()


def test_a_saved_row_leaves_an_event_with_actor_verb_and_reason(clerk):
    with acting(clerk, "create", "for the record"):
        MeetingFactory()
    assert last(Meeting) == ("insert", clerk.pk, "create", "for the record")


def test_a_bulk_creation_leaves_an_event_a_row(clerk):
    with acting(clerk, "load", "delivered"):
        Delegation.objects.bulk_create([Delegation(code=c, name=c, kind="THIRD") for c in ("Y1", "Y2", "Y3")])
    events = event_model(Delegation).objects.filter(code__startswith="Y")
    assert [
        (e.pgh_label, e.code, e.pgh_context["user"], e.pgh_context["verb"], e.pgh_context["note"])
        for e in events.order_by("code")
    ] == [("insert", code, clerk.pk, "load", "delivered") for code in ("Y1", "Y2", "Y3")]


def test_a_change_of_many_rows_at_once_leaves_an_event(clerk):
    delegation = DelegationFactory(code="BE")
    with acting(clerk, "change", "renamed"):
        Delegation.objects.filter(pk=delegation.pk).update(note="Renamed")
    assert last(Delegation) == ("update", clerk.pk, "change", "renamed")


def test_a_bulk_update_leaves_an_event(clerk):
    delegation = DelegationFactory(code="BE")
    delegation.note = "Renamed"
    with acting(clerk, "change", "renamed"):
        Delegation.objects.bulk_update([delegation], ["note"])
    assert last(Delegation) == ("update", clerk.pk, "change", "renamed")


def test_raw_sql_on_the_portals_connection_leaves_an_event(clerk):
    DelegationFactory(code="BE")
    with acting(clerk, "correct", "by hand"), connection.cursor() as cursor:
        cursor.execute("update accounts_delegation set note = 'By hand' where code = 'BE'")
    assert last(Delegation) == ("update", clerk.pk, "correct", "by hand")


def test_raw_sql_from_outside_leaves_an_event_without_actor(db):
    DelegationFactory(code="BE")
    with connection.cursor() as cursor:
        cursor.execute("update accounts_delegation set note = 'By hand' where code = 'BE'")
    assert event_model(Delegation).objects.order_by("-pgh_id").first().pgh_context is None


def test_a_deletion_leaves_an_event(clerk):
    meeting = MeetingFactory()
    with acting(clerk, "delete", "entered twice"):
        meeting.delete()
    assert last(Meeting) == ("delete", clerk.pk, "delete", "entered twice")


def test_two_steps_in_one_request_keep_their_own_verbs(clerk):
    meeting = MeetingFactory()
    with acting(clerk):
        with acting(clerk, "move_day", "first"):
            Meeting.objects.filter(pk=meeting.pk).update(held_on=date(2026, 10, 1))
        with acting(clerk, "move_place", "second"):
            Meeting.objects.filter(pk=meeting.pk).update(place="Luxembourg")
        Meeting.objects.filter(pk=meeting.pk).update(place="Brussels")
    events = event_model(Meeting).objects.filter(pgh_obj_id=meeting.pk, pgh_label="update").order_by("pgh_id")
    assert [(e.pgh_context.get("verb"), e.pgh_context.get("note"), e.pgh_context["user"]) for e in events] == [
        ("move_day", "first", clerk.pk), ("move_place", "second", clerk.pk), (None, None, clerk.pk),
    ]  # fmt: skip


@pytest.mark.parametrize("statement", ["update {} set pgh_label = 'forged'", "delete from {}"])
@pytest.mark.parametrize("name", ["meeting", "user"])
def test_events_refuse_to_be_changed_or_removed(name, statement, db):
    secretariat()
    MeetingFactory()
    table = event_model(tracked()[name])._meta.db_table
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


@pytest.mark.parametrize("name", sorted(tracked()))
def test_every_event_table_is_append_only_also_for_the_portals_role(name, db):
    table = event_model(tracked()[name])._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_trigger where tgrelid = %s::regclass and tgname like 'pgtrigger_append_only%%'",
            [table],
        )
        triggers = cursor.fetchone()[0]
        cursor.execute(
            "select may from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) may"
            " where has_table_privilege(%s, %s, may)",
            [settings.DATABASE_APP_ROLE, table],
        )
        rights = {row[0] for row in cursor.fetchall()}
    assert (triggers, rights) == (1, {"select", "insert"})
