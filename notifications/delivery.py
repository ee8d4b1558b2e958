"""From the outbox to the mail server: claim with a lease, commit, send each address, mark each.

Any number of processes may do this at once. What one of them leaves in the middle, killed or stuck, is taken over when
its lease ends; an address whose mail may or may not have arrived is then *unknown* and is not sent to again by itself.
"""

import logging
import smtplib
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from notifications.models import Delivery, Notification
from notifications.outbox import Obsolete, latest_word, one_line
from notifications.smtp import Uncertain
from strategy_portal.dates import brussels_today, now

log = logging.getLogger("portal.notifications")

LEASE = timedelta(minutes=5)  # longer than a task may run (CELERY_TASK_TIME_LIMIT)
RUN_SECONDS = 60  # a run begins no further mail after that; the next run goes on
WAIT_AT_MOST = timedelta(minutes=5)  # a mail server that is back finds everything waiting tried within that
REFUSALS_AT_MOST = 100  # times that a server may answer "later" before a mail has failed: about eight hours
Status = Notification.Status
REASON_LENGTH = Notification._meta.get_field("reason").max_length


class ServerAway(Exception):
    """The mail server cannot be reached, or let go of us before we handed anything over."""


def deliver_due(seconds: float = RUN_SECONDS) -> int:
    """Deliver what waits, oldest first, for at most so long; answers how many mails the server took.

    While the mail server is away one notice a run is tried: nothing is given up for that reason, however long it lasts.
    """
    take_over_abandoned()
    ends, sent = time.monotonic() + seconds, 0
    while time.monotonic() < ends and (notification := claim()):
        try:
            sent += deliver(notification, ends)
        except ServerAway as error:
            log.warning("The mail server is away: %s", error)
            settle(notification, reason=_("The mail server does not answer; it is tried again."))
            break
        except Exception:
            log.exception(
                "Notice %s could not be delivered", notification.pk
            )  # taken over when its lease ends
    return sent


def claim() -> Notification | None:
    """Take the oldest waiting notice that nobody else is taking, for the length of the lease; committed at once."""
    with transaction.atomic(durable=True):
        waiting = Notification.objects.due(datetime.now(UTC))
        notification = waiting.select_for_update(of=("self",), skip_locked=True).first()
        if notification is not None:
            notification.move("claim", by=None, lease_until=datetime.now(UTC) + LEASE)
    return notification


def take_over_abandoned() -> None:
    """What a dead or stuck process had begun: mails in the middle become unknown, the others are put back."""
    for pk in list(Notification.objects.abandoned(datetime.now(UTC)).values_list("pk", flat=True)):
        with transaction.atomic(durable=True):
            found = Notification.objects.abandoned(datetime.now(UTC)).filter(pk=pk)
            notification = found.select_for_update(of=("self",), skip_locked=True).first()
            if notification is None:
                continue
            notification.deliveries.filter(status=Delivery.Status.SENDING).update(
                status=Delivery.Status.UNKNOWN,
                reason=_(
                    "The portal was interrupted while the mail server was taking it: it may have arrived."
                ),
            )
            settle(notification, reason=_("The portal was interrupted; it goes on."))


def deliver(notification: Notification, ends: float) -> int:
    """Send one claimed notice to each of its addresses that still lacks it; answers how many the server took."""
    if not prepare(notification):
        return 0
    sent = 0
    for delivery in notification.deliveries.filter(status=Delivery.Status.QUEUED):
        if time.monotonic() >= ends:
            break
        sent += send(notification, delivery)
    settle(notification)
    return sent


def prepare(notification: Notification) -> bool:
    """Settle, in one transaction, what the notice says today and whom it reaches today; False when it is not sent."""
    with transaction.atomic():
        word = latest_word(notification)
        if isinstance(word, Obsolete):
            finish(notification, "skip", word.reason)
            return False
        if word is not None:
            notification.subject, notification.body, notification.link = (
                one_line(word.subject),
                word.body,
                word.link,
            )
            notification.save(update_fields=["subject", "body", "link"])
        addresses = notification.addresses(brussels_today())
        waiting = notification.deliveries.filter(status=Delivery.Status.QUEUED)
        waiting.exclude(address__in=addresses).delete()
        Delivery.objects.bulk_create(
            [Delivery(notification=notification, address=address) for address in addresses],
            ignore_conflicts=True,
        )
        if not notification.deliveries.exists():
            finish(notification, "fail", _("Nobody holds this post today, and it has no mailbox."))
            return False
    return True


def send(notification: Notification, delivery: Delivery) -> int:
    """Send to one address, of all processes only in this one, and commit what became of it. Raises ServerAway."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # every exception of smtplib is one too
        raise ServerAway(str(error)) from error
    try:
        mine = Delivery.objects.filter(pk=delivery.pk, status=Delivery.Status.QUEUED)
        if not mine.update(status=Delivery.Status.SENDING):
            return 0
        return _hand_over(notification, delivery, connection)
    finally:
        with suppress(OSError):  # the mail's fate is known; how the server says good-bye is not ours to mind
            connection.close()


def _hand_over(notification, delivery, connection) -> int:
    try:
        message = compose(notification, delivery.address, connection)
        message.message()  # what no mail can be made of shows here, before anything is handed over
    except ValueError as error:
        mark(delivery, Delivery.Status.FAILED, _("No mail can be made of this: %(error)s") % {"error": error})
        return 0
    except Exception:
        mark(delivery, Delivery.Status.QUEUED, "")  # ours to mend: the notice waits until it is
        raise
    try:
        message.send()
    except Uncertain:
        mark(
            delivery,
            Delivery.Status.UNKNOWN,
            _("The mail server broke off while taking it: it may have arrived."),
        )
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        refused(delivery, code, answer, is_final=code >= 500)
    except smtplib.SMTPResponseException as error:
        refused(delivery, error.smtp_code, error.smtp_error, is_final=False)
    except ValueError as error:  # smtplib cannot write an address in the server's letters
        mark(delivery, Delivery.Status.FAILED, _("No mail can be made of this: %(error)s") % {"error": error})
    except OSError as error:
        mark(delivery, Delivery.Status.QUEUED, "")
        raise ServerAway(str(error)) from error
    else:
        mark(delivery, Delivery.Status.SENT, "", sent_at=now())
        return 1
    return 0


def refused(delivery, code, answer, *, is_final) -> None:
    """The server answered and did not take the mail: later again, until it has been asked often enough."""
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    reason = _("The mail server refused: %(code)s %(answer)s") % {"code": code, "answer": text}
    delivery.refusals += 1
    is_final = is_final or delivery.refusals >= REFUSALS_AT_MOST
    status = Delivery.Status.FAILED if is_final else Delivery.Status.QUEUED
    mark(delivery, status, reason, refusals=delivery.refusals)


def mark(delivery: Delivery, status: str, reason: str, **fields) -> None:
    """Commit what became of one address, unless somebody already took the delivery over and knows better."""
    begun = (
        [Delivery.Status.SENDING, Delivery.Status.UNKNOWN] if status == Delivery.Status.SENT else ["sending"]
    )
    Delivery.objects.filter(pk=delivery.pk, status__in=begun).update(
        status=status, reason=reason[:REASON_LENGTH], **fields
    )


def compose(notification: Notification, address: str, connection) -> EmailMessage:
    """The mail to one address: plain text, one link, why they got it, and the notice's one Message-ID."""
    if notification.is_secret:
        body = notification.body
    else:
        body = render_to_string("notifications/mail.txt", {"notification": notification})
    headers = {
        "Message-ID": notification.message_id,
        "Auto-Submitted": "auto-generated",
        "Date": format_datetime(now()),  # the portal's, as every day in the text is
    }
    return EmailMessage(notification.subject, body, to=[address], headers=headers, connection=connection)


def settle(notification: Notification, *, reason: str = "") -> None:
    """Draw from its addresses what became of a claimed notice; where one still waits it is put back for later."""
    with transaction.atomic():
        deliveries = list(Notification.objects.get(pk=notification.pk).deliveries.all())
        by_status = {
            status: [d for d in deliveries if d.status == status] for status in Delivery.Status.values
        }
        why = next((d.reason for d in deliveries if d.reason), "")
        if by_status["sending"]:
            return  # somebody is at it, or died at it: the end of the lease decides
        if by_status["queued"] or not deliveries:
            attempts = notification.attempts + 1
            wait = min(timedelta(minutes=2 ** min(attempts - 1, 10)), WAIT_AT_MOST)
            finish(
                notification, "retry", reason or why, attempts=attempts, next_try_at=datetime.now(UTC) + wait
            )
        elif by_status["unknown"]:
            finish(notification, "lose", why)
        elif by_status["failed"]:
            missed = _("Not delivered to %(missed)d of %(all)d. %(why)s")
            counts = {"missed": len(by_status["failed"]), "all": len(deliveries)}
            finish(notification, "fail", missed % {**counts, "why": why})
        else:
            finish(notification, "confirm", "", sent_at=max(d.sent_at for d in deliveries))


def finish(notification: Notification, verb: str, reason: str, **fields) -> None:
    """Take a step with a notice that this process has claimed; nothing when its lease went to another meanwhile."""
    with transaction.atomic():
        row = Notification.objects.select_for_update(of=("self",)).get(pk=notification.pk)
        if row.status != Status.SENDING or row.lease_until != notification.lease_until:
            log.warning("Notice %s was taken over by another process", notification.pk)
            return
        if notification.is_secret and verb != "retry":
            fields["body"] = ""
        notification.move(verb, by=None, reason=reason[:REASON_LENGTH], lease_until=None, **fields)
