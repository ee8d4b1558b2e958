"""How the portal tells somebody something: a row now, a hint after the commit, the mail when the worker comes.

Nothing here talks to a mail server, and nothing needs the broker: without the hint the row is found a minute later.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from celery import current_app
from django.db import models, transaction

from accounts.models import Post, User
from notifications.models import Notification

log = logging.getLogger("portal.notifications")
QUIET_SECONDS = 30  # a broker that did not answer is not asked again by this process for so long
TASK = "notifications.deliver_notifications"
_quiet_until = 0.0


def notify(
    whom: Post | User,
    kind: str,
    *,
    subject: str,
    body: str,
    link: str = "",
    about: models.Model | None = None,
) -> Notification:
    """Tell a post (or a person) something, as part of the caller's transaction: if that is undone, nobody is told.

    The subject says what, which and by when; the body is plain text without address lines or links; `link` is
    the path of the one page to go to. Who holds the post is found when the notice is delivered.
    """
    notification = Notification.objects.create(
        post=whom if isinstance(whom, Post) else None,
        user=whom if isinstance(whom, User) else None,
        kind=kind,
        subject=one_line(subject),
        body=body.strip(),
        link=link,
        about=about,
    )
    hint()
    return notification


def one_line(text: str) -> str:
    """A text as a mail's subject: no line breaks, no longer than the column."""
    text = " ".join(str(text).split())
    limit = Notification._meta.get_field("subject").max_length
    return text if len(text) <= limit else text[: limit - 1] + "…"


def hint() -> None:
    """Let the worker look at once instead of within a minute: after the commit, and harmless when it fails."""
    transaction.on_commit(_send_hint, robust=True)


def _send_hint() -> None:
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(TASK, expires=55, retry=False, ignore_result=True)
    except Exception as error:  # each transport raises its own; the sweep finds the row whatever it was
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("The queue did not take the hint; notices wait for the next sweep: %s", error)


# -- what a higher app has to say before one of its notices is sent ------------------------------------------


class Text(NamedTuple):
    """What a notice says, written anew on the day it is sent."""

    subject: str
    body: str
    link: str


class Obsolete(NamedTuple):
    """Why a notice that waited need not be sent any more: done, cancelled, reassigned."""

    reason: str


_before_sending: dict[str, Callable[[Notification], Text | Obsolete | None]] = {}


def before_sending(kind: str, function: Callable[[Notification], Text | Obsolete | None]) -> None:
    """Register who is asked, just before a notice of this kind is sent, what it says now or why it is obsolete.

    Called from `AppConfig.ready`; runs inside the transaction that settles the notice. None leaves it as it was.
    """
    _before_sending[kind] = function


def latest_word(notification: Notification) -> Text | Obsolete | None:
    """What the app that wrote this notice says now, or None. What somebody sends again stays as it is."""
    function: Any = _before_sending.get(notification.kind)
    return function(notification) if function and notification.resent_at is None else None
