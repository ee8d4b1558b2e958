"""A row comes before the mail, and the queue is only a hint."""

import json

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import transaction

from accounts.tests.factories import UserFactory, delegate
from notifications import outbox
from notifications.models import Notification
from notifications.outbox import notify, one_line
from notifications.tests.factories import NotificationFactory, post_of
from strategy_portal.dates import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_broker(monkeypatch):
    """A queue that nobody answers for."""
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis+socket:///nowhere/redis.sock")
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    monkeypatch.setattr(outbox, "_quiet_until", 0.0)


def test_a_notice_is_written_with_what_it_tells_of_or_not_at_all():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notify(post_of(), "test", subject="Returned", body="Look.")
        raise ZeroDivisionError
    assert Notification.objects.count() == 0


def test_a_notice_goes_to_a_post_or_to_a_person():
    person = UserFactory()
    to_post = notify(post_of(), "test", subject="A", body="a", about=person)
    to_person = notify(person, "test", subject="B", body="b")
    assert (to_post.recipient, to_post.about) == ("Belgium, submitter", person)
    assert (to_person.recipient, to_person.post) == (person.name, None)
    assert to_post.created_at <= now()


def test_a_subject_is_one_line_of_a_mail():
    assert one_line("Results\r\nBcc: everybody@example.eu") == "Results Bcc: everybody@example.eu"
    assert len(one_line("x" * 300)) == 250


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_the_row_is_there_and_the_hint_fails_in_silence(no_broker):
    with transaction.atomic():
        notify(post_of(), "test", subject="Returned", body="Look.")
    assert Notification.objects.get().status == "queued"
    assert outbox._quiet_until > 0


@pytest.mark.django_db(transaction=True)
def test_a_hint_is_put_into_the_queue_once_the_change_is_committed(monkeypatch):
    monkeypatch.setattr(outbox, "_quiet_until", 0.0)
    with current_app.connection_for_write() as link:
        broker = link.default_channel.client
        broker.delete("celery")
        with transaction.atomic():
            notify(post_of(), "test", subject="Returned", body="Look.")
            assert broker.llen("celery") == 0
        (message,) = broker.lrange("celery", 0, -1)
        broker.delete("celery")
    assert json.loads(message)["headers"]["task"] == outbox.TASK


def test_the_command_delivers_what_waits(capsys):
    delegate("BE")
    NotificationFactory.create_batch(2)
    call_command("deliver_notifications")
    assert capsys.readouterr().out == "2 mails handed over, 0 notices still waiting.\n"
