"""What a watch on the portal is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from accounts.tests import factories
from deadlines.models import Heartbeat
from notifications.models import Notification

pytestmark = pytest.mark.django_db


def checks(client):
    return client.get("/readyz").json()["checks"]


def test_being_alive_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_a_portal_with_all_it_needs_is_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_a_broker_that_is_away_degrades_and_does_not_fail(client, monkeypatch):
    # In this order: where it is not set, the second is read from the first, and would be put back wrong.
    monkeypatch.setattr("strategy_portal.health.queue.conf.broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr("strategy_portal.health.queue.conf.broker_url", "redis://127.0.0.1:1/0")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["broker"] == "cannot be reached"


@pytest.mark.parametrize(("minutes", "said"), [(9, "ok"), (11, "late")])
def test_a_sweep_that_stays_away_is_named(client, minutes, said):
    Heartbeat.objects.update_or_create(
        name="sweep_deadlines", defaults={"at": datetime.now(UTC) - timedelta(minutes=minutes)}
    )
    assert checks(client)["last_sweep"].split(":")[0] == said


@pytest.mark.parametrize(("minutes", "said"), [(14, "ok"), (16, "late")])
def test_a_notice_that_waits_too_long_is_named(client, minutes, said):
    notice = Notification.objects.create(user=factories.delegate(), kind="test", subject="Waits", body="x")
    then = datetime.now(UTC) - timedelta(minutes=minutes)
    Notification.objects.filter(pk=notice.pk).update(created_at=then, queued_at=then)
    assert checks(client)["oldest_notice"].split(":")[0] == said


def test_migrations_that_wait_close_the_portal(client):
    MigrationRecorder(connection).record_unapplied("strategy_portal", "0001_clock")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert answer.json()["checks"]["migrations"] == "1 not applied"
