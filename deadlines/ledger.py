"""What is to be told on a day, and the ledger that it was: the heart of never missing and never repeating a reminder.

Asked is which lead times a day has *reached* and the ledger does not hold. Of several the newest is told, the
overtaken are recorded as skipped; so a sweep may come twice, late, after forty days, or from many workers at once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Body, Post
from deadlines import digest
from deadlines.models import Heartbeat, Reminder
from deadlines.reference import lead_times
from deadlines.schedule import RULES, Owner, Rule, days_to, reached
from notifications.models import Notification
from notifications.outbox import notify
from strategy_portal.dates import brussels_today, now

log = logging.getLogger("portal.deadlines")
SWEEP = "sweep"
Duty = tuple[str, int, date]  # rule, subject, due day: with the post and a lead time, what is told once


class Owed(NamedTuple):
    """One deadline of one post with the lead times that are reached and not recorded: one to tell, others overtaken."""

    rule: Rule
    row: Any
    line: digest.Line
    tell: str
    overtaken: tuple[str, ...]

    @property
    def duty(self) -> Duty:
        return self.rule.code, self.row.pk, self.line.due_on


class FutureDay(Exception):
    """Production looks at no day that has not come."""


class Swept(NamedTuple):
    """What a sweep did: mails written, lead times overtaken, deadlines that could not be read (see the log)."""

    mails: int
    overtaken: int
    failures: int


def owed(day: date) -> tuple[dict[Owner, list[Owed]], int]:
    """What each post is to be told on a day, and how many rules or rows could not be read; changes nothing."""
    leads = lead_times()
    found: dict[Owner, list[Owed]] = defaultdict(list)
    failures = 0
    for rule in RULES:
        try:
            rows = list(rule.shared(rule.rows()))
        except Exception:
            log.exception("Deadlines of %s cannot be read", rule.code)
            failures += 1
            continue
        for row in rows:
            try:
                for owner, deadline in _deadlines(rule, row, leads[rule.code], day):
                    found[owner].append(deadline)
            except Exception:
                log.exception("The deadline %s of row %s cannot be read", rule.code, row.pk)
                failures += 1
    return _unrecorded(found), failures


def _deadlines(rule, row, leads, day):
    due_on = rule.due(row)
    codes = reached(leads, due_on, day) if due_on else []
    if codes:
        line = digest.Line(rule.text(row), due_on, rule.link(row))
        for owner in rule.owners(row, day):
            yield owner, Owed(rule, row, line, codes[0], tuple(codes[1:]))


def _unrecorded(found: dict[Owner, list[Owed]]) -> dict[Owner, list[Owed]]:
    """Without what the ledger holds; two queries for all."""
    posts = {(post.holder, post.delegation_id): post.pk for post in _posts_of(found)}
    recorded: dict[tuple[int, Duty], set[str]] = defaultdict(set)
    days = {deadline.line.due_on for deadlines in found.values() for deadline in deadlines}
    rows = Reminder.objects.filter(post__in=posts.values(), due_on__in=days)
    for post, rule, subject, due_on, code in rows.values_list(
        "post", "rule", "object_id", "due_on", "lead_code"
    ):
        recorded[post, (rule, subject, due_on)].add(code)
    left = {}
    for owner, deadlines in found.items():
        post = posts.get((owner.holder, owner.delegation.pk if owner.delegation else None), 0)
        remaining = _remaining(
            (deadline, recorded.get((post, deadline.duty), set())) for deadline in deadlines
        )
        if remaining:
            left[owner] = remaining
    return left


def _posts_of(owners: Iterable[Owner]) -> Iterable[Post]:
    delegations = {owner.delegation.pk for owner in owners if owner.delegation}
    of_delegations = Post.objects.filter(delegation__in=delegations)
    return of_delegations | Post.objects.filter(body__role=Body.Role.SECRETARIAT)


def _remaining(deadlines: Iterable[tuple[Owed, set[str]]]) -> list[Owed]:
    """The deadlines of which some lead time is not recorded; the newest is news unless a newer one was recorded."""
    remaining = []
    for deadline, recorded in deadlines:
        tell = deadline.tell
        if any(days_to(code) <= days_to(tell) for code in recorded if tell):
            tell = ""
        overtaken = [code for code in (deadline.tell, *deadline.overtaken) if code and code != tell]
        overtaken = [code for code in overtaken if code not in recorded]
        if tell or overtaken:
            remaining.append(deadline._replace(tell=tell, overtaken=tuple(overtaken)))
    return remaining


def sweep(day: date | None = None) -> Swept:
    """Tell every post what it is to be told on a day (today), and record it. Raises FutureDay in production."""
    day = checked(day)
    found, failures = owed(day)
    mails = overtaken = 0
    for owner, deadlines in found.items():
        try:
            told, skipped = _record(owner, deadlines, day)
        except IntegrityError:
            log.warning("Another sweep told %s the same at the same moment", owner)
        except Exception:
            log.exception("%s could not be reminded", owner)
            failures += 1
        else:
            mails += told
            overtaken += skipped
    if not failures:
        Heartbeat.objects.update_or_create(name=SWEEP, defaults={"at": datetime.now(UTC)})
    return Swept(mails, overtaken, failures)


def checked(day: date | None) -> date:
    """The day of a sweep. Raises FutureDay for a day that has not come, in production."""
    today = brussels_today()
    if day is not None and day > today and settings.PRODUCTION:
        raise FutureDay
    return day or today


def _record(owner: Owner, deadlines: list[Owed], day: date) -> tuple[int, int]:
    """One notice and its ledger rows, in one transaction; a second sweep waits for the post's lock, then finds them."""
    with transaction.atomic():
        post = Post.objects.select_for_update(no_key=True).get(pk=post_of(owner).pk)
        recorded: dict[Duty, set[str]] = defaultdict(set)
        rows = Reminder.objects.filter(post=post, object_id__in=[deadline.row.pk for deadline in deadlines])
        for rule, subject, due_on, code in rows.values_list("rule", "object_id", "due_on", "lead_code"):
            recorded[rule, subject, due_on].add(code)
        deadlines = _remaining((deadline, recorded[deadline.duty]) for deadline in deadlines)
        told = [deadline for deadline in deadlines if deadline.tell]
        notification, moment = None, now()
        if told and not post.addresses(day):
            told = []  # recorded as skipped; the secretariat is shown that nobody holds the duty
        if told:
            text = digest.write([deadline.line for deadline in told], day)
            about = told[0].row if len(told) == 1 else None
            notification = notify(
                post, digest.KIND, subject=text.subject, body=text.body, link=text.link, about=about
            )
        reminders = [
            reminder for deadline in deadlines for reminder in _rows(deadline, post, notification, moment)
        ]
        Reminder.objects.bulk_create(reminders)
    return int(bool(told)), len(reminders) - len(told)


def post_of(owner: Owner) -> Post:
    """The post behind an owner; made when it is first owed something."""
    if owner.delegation is not None:
        return Post.objects.of(owner.holder, delegation=owner.delegation)
    return Post.objects.of(owner.holder, body=Body.objects.secretariat())


def _rows(deadline: Owed, post: Post, notification: Notification | None, moment: datetime) -> list[Reminder]:
    """The ledger rows of one deadline: the lead time that is told, and those that it overtakes."""

    def row(code: str, **fields: Any) -> Reminder:
        return Reminder(
            rule=deadline.rule.code, content_type=ContentType.objects.get_for_model(deadline.row),
            object_id=deadline.row.pk, due_on=deadline.line.due_on, lead_code=code, post=post,
            text=deadline.line.text[:300], link=deadline.line.link, recorded_at=moment, **fields,
        )  # fmt: skip

    told = []
    if deadline.tell and notification:
        told = [row(deadline.tell, status=Reminder.Status.TOLD, notification=notification)]
    elif deadline.tell:
        nobody = _("no one holds this post, and it has no mailbox")
        told = [row(deadline.tell, status=Reminder.Status.SKIPPED, reason=nobody)]
    overtaken = _("overtaken by a later reminder")
    return told + [row(code, status=Reminder.Status.SKIPPED, reason=overtaken) for code in deadline.overtaken]
