"""From the outbox to the mail server, whatever happens on the way."""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from accounts.models import Post
from accounts.tests.factories import BodyFactory, delegate, secretariat
from notifications import delivery as module
from notifications import outbox
from notifications.delivery import claim, deliver, deliver_due, settle
from notifications.models import ACCOUNT, Delivery, Notification
from notifications.outbox import Obsolete, Text, before_sending
from notifications.tests.factories import NotificationFactory, post_of
from notifications.tests.smtp_server import smtp_server
from strategy_portal.dates import brussels_day, brussels_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    with smtp_server(settings) as running:
        yield running


def again(notification=None):
    """Let the time of every waiting notice come, and deliver."""
    Notification.objects.filter(status="queued").update(next_try_at=None)
    sent = deliver_due()
    if notification is not None:
        notification.refresh_from_db()
    return sent


def states(notification):
    return {delivery.address: delivery.status for delivery in notification.deliveries.all()}


def test_each_holder_and_the_mailbox_get_one_mail_with_one_message_id(settings):
    settings.PORTAL_URL = "https://portal.example.eu"
    delegate("BE", email="ann@be.example"), delegate("BE", email="bob@be.example")
    delegate("BE", role="viewer", email="eve@be.example")
    post = post_of("BE")
    post.delegation.mailbox = "customs@be.example"
    post.delegation.save()
    notification = NotificationFactory(
        post=post, subject="Submit the results", body="By Friday.", link="/jcos/x/"
    )
    assert deliver_due() == 3
    notification.refresh_from_db()
    assert notification.status == "sent"
    assert [message.to for message in mail.outbox] == [
        ["ann@be.example"],
        ["bob@be.example"],
        ["customs@be.example"],
    ]
    assert {message.extra_headers["Message-ID"] for message in mail.outbox} == {notification.message_id}
    first = mail.outbox[0]
    assert first.subject == "Submit the results"
    assert re.findall(r"https?://\S+", first.body) == ["https://portal.example.eu/jcos/x/"]
    assert first.body.startswith("By Friday.\n\nhttps://")
    assert "because you hold the post “Belgium, submitter”" in first.body
    assert deliver_due() == 0


def test_a_mail_is_dated_with_the_portals_moment(settings):
    settings.DEMONSTRATION = True
    call_command("set_clock", "2031-02-03")
    delegate("BE")
    NotificationFactory(post=post_of("BE"))
    deliver_due()
    dated = parsedate_to_datetime(mail.outbox[0].message()["Date"])
    assert brussels_day(dated) == brussels_today() == date(2031, 2, 3)


def test_people_are_found_when_the_mail_leaves_not_when_it_was_written():
    gone = delegate("BE", email="gone@be.example")
    NotificationFactory(post=post_of("BE"))
    gone.memberships.update(until_on=brussels_today() - timedelta(days=1))
    delegate("BE", email="new@be.example")
    deliver_due()
    assert [message.to for message in mail.outbox] == [["new@be.example"]]


def test_a_post_that_nobody_holds_fails_with_the_reason_and_can_be_sent_again():
    notification = NotificationFactory(post=post_of("BE"))
    assert deliver_due() == 0
    notification.refresh_from_db()
    assert (notification.status, notification.reason) == (
        "failed", "Nobody holds this post today, and it has no mailbox."
    )  # fmt: skip
    delegate("BE", email="ann@be.example")
    notification.resend(by=secretariat())
    assert deliver_due() == 1
    notification.refresh_from_db()
    assert notification.status == "sent"


def test_a_mail_server_that_is_away_is_waited_for_and_catches_up(settings):
    delegate("BE", email="ann@be.example")
    notifications = NotificationFactory.create_batch(3)
    with smtp_server(settings) as server:
        server.behaviour = "hang_up"
        for _attempt in range(5):
            assert again() == 0
        Notification.objects.update(attempts=40 * 24 * 12)  # forty days of an attempt every five minutes
        assert again() == 0
        assert {n.status for n in Notification.objects.all()} == {"queued"}
        waits = [n.next_try_at - datetime.now(UTC) for n in Notification.objects.exclude(next_try_at=None)]
        assert max(waits) <= module.WAIT_AT_MOST
        server.behaviour = "accept"
        assert again() == 3
        ids = [re.search(rb"Message-ID: (\S+)", text)[1].decode() for text in server.taken]
    assert sorted(ids) == sorted(n.message_id for n in notifications)
    assert {n.status for n in Notification.objects.all()} == {"sent"}


def test_only_one_notice_a_run_is_tried_while_the_mail_server_is_away(settings):
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    delegate("BE")
    NotificationFactory.create_batch(3)
    deliver_due()
    assert sorted(Notification.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_an_address_that_is_refused_fails_alone(server):
    delegate("BE", email="ann@be.example"), delegate("BE", email="old@be.example")
    server.unknown = {"old@be.example"}
    notification = NotificationFactory()
    assert deliver_due() == 1
    notification.refresh_from_db()
    assert notification.status == "failed"
    assert notification.reason == "Not delivered to 1 of 2. The mail server refused: 550 no such mailbox"
    assert states(notification) == {"ann@be.example": "sent", "old@be.example": "failed"}
    notification.resend(by=secretariat())
    server.unknown = set()
    assert again(notification) == 1
    assert notification.status == "sent"
    assert len(server.taken) == 2


def test_a_server_that_says_later_is_asked_later_and_at_last_given_up(server):
    delegate("BE")
    notification = NotificationFactory()
    server.behaviour = "later"
    assert again(notification) == 0
    assert (notification.status, notification.attempts) == ("queued", 1)
    assert notification.next_try_at > datetime.now(UTC)
    assert deliver_due() == 0
    Delivery.objects.update(refusals=module.REFUSALS_AT_MOST - 1)
    again(notification)
    assert notification.status == "failed"
    assert server.taken == []


def test_a_mail_lost_after_it_was_handed_over_is_unknown_and_not_sent_again_by_itself(server):
    delegate("BE")
    notification = NotificationFactory()
    server.behaviour = "lose_after_taking"
    deliver_due()
    notification.refresh_from_db()
    assert notification.status == "unknown"
    server.behaviour = "accept"
    assert again() == 0
    assert len(server.taken) == 1
    notification.resend(by=secretariat())
    assert again(notification) == 1
    assert notification.status == "sent"
    assert len({re.search(rb"Message-ID: (\S+)", text)[1] for text in server.taken}) == 1


def test_a_refused_text_is_tried_again_because_the_server_said_that_it_has_not_taken_it(server):
    delegate("BE")
    notification = NotificationFactory()
    server.behaviour = "refuse_text"
    again(notification)
    assert notification.status == "queued"
    server.behaviour = "accept"
    assert again() == 1


def test_what_a_killed_worker_had_in_hand_becomes_unknown_and_the_other_addresses_are_served():
    delegate("BE", email="ann@be.example"), delegate("BE", email="bob@be.example")
    notification = NotificationFactory()
    claimed = claim()
    assert module.prepare(claimed)
    claimed.deliveries.filter(address="ann@be.example").update(status="sending")  # killed here
    assert deliver_due() == 0  # the lease still holds
    Notification.objects.update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    deliver_due()
    again(notification)
    assert states(notification) == {"ann@be.example": "unknown", "bob@be.example": "sent"}
    assert notification.status == "unknown"
    assert [message.to for message in mail.outbox] == [["bob@be.example"]]


def test_a_worker_killed_before_it_began_costs_only_the_lease():
    delegate("BE")
    notification = NotificationFactory()
    claim()
    Notification.objects.update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    deliver_due()
    assert again(notification) == 1
    assert notification.status == "sent"


def test_a_stuck_worker_that_wakes_up_changes_nothing_that_another_has_taken_over():
    delegate("BE")
    NotificationFactory()
    stuck = claim()
    Notification.objects.update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    module.take_over_abandoned()
    Notification.objects.update(next_try_at=None)
    other = claim()
    settle(stuck, reason="woke up")
    other.refresh_from_db()
    assert (other.status, other.reason != "woke up") == ("sending", True)
    deliver(other, ends=float("inf"))
    assert len(mail.outbox) == 1
    deliver(stuck, ends=float("inf"))
    assert len(mail.outbox) == 1


def personal_link():
    return NotificationFactory(
        post=None, address="ann@be.example", kind=ACCOUNT, body="https://secret", link=""
    )


def test_a_personal_link_is_forgotten_once_it_was_sent():
    notification = personal_link()
    assert deliver_due() == 1
    assert mail.outbox[0].body == "https://secret"
    notification.refresh_from_db()
    assert (notification.status, notification.body) == ("sent", "")
    assert notification.why_not("resend") != ""


def test_a_personal_link_is_forgotten_also_when_nobody_knows_whether_it_arrived(server):
    server.behaviour = "lose_after_taking"
    notification = personal_link()
    deliver_due()
    notification.refresh_from_db()
    assert (notification.status, notification.body) == ("unknown", "")


@pytest.fixture
def registered():
    yield before_sending
    outbox._before_sending.pop("test", None)


def test_a_notice_of_something_done_meanwhile_is_skipped_with_the_reason(registered):
    delegate("BE")
    registered("test", lambda notification: Obsolete("submitted meanwhile"))
    notification = NotificationFactory(kind="test")
    assert deliver_due() == 0
    notification.refresh_from_db()
    assert (notification.status, notification.reason, mail.outbox) == ("skipped", "submitted meanwhile", [])


def test_a_notice_that_waited_says_what_is_true_on_the_day_it_leaves(registered):
    delegate("BE")
    registered("test", lambda notification: Text("tomorrow", "Due tomorrow.", "/new/"))
    notification = NotificationFactory(kind="test", subject="in 3 days")
    assert deliver_due() == 1
    notification.refresh_from_db()
    assert (mail.outbox[0].subject, notification.body, notification.link) == (
        "tomorrow",
        "Due tomorrow.",
        "/new/",
    )


def test_a_notice_that_cannot_be_written_holds_up_no_other(registered):
    def fail(notification):
        raise ZeroDivisionError

    delegate("BE")
    registered("test", fail)
    bad, good = NotificationFactory(kind="test"), NotificationFactory()
    assert deliver_due() == 1
    good.refresh_from_db(), bad.refresh_from_db()
    assert (good.status, bad.status) == ("sent", "sending")
    Notification.objects.filter(pk=bad.pk).update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
    outbox._before_sending.pop("test")
    deliver_due()
    assert again(bad) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_each_mail_is_sent_by_one(settings):
    body = BodyFactory(code="general-secretariat")
    for number in range(3):
        secretariat(email=f"s{number}@gs.example")
    post = Post.objects.of("submitter", body=body)
    notifications = NotificationFactory.create_batch(10, post=post)

    def work():
        try:
            deliver_due()
        finally:
            connection.close()

    with smtp_server(settings) as server:
        threads = [threading.Thread(target=work) for _worker in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ids = [re.search(rb"Message-ID: (\S+)", text)[1].decode() for text in server.taken]
    assert sorted(ids) == sorted(n.message_id for n in notifications for _address in range(3))
    assert set(Notification.objects.values_list("status", flat=True)) == {"sent"}
