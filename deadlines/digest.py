"""What a reminder says: one mail for a post and a sweep, however many deadlines it carries."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deadlines.models import Reminder
from deadlines.schedule import BY_CODE
from notifications.models import Notification
from notifications.outbox import Obsolete, Text
from publishing.words import day_words
from strategy_portal.dates import brussels_today, days_left, in_words

KIND = "deadline"


class Line(NamedTuple):
    """One deadline of a digest."""

    text: str
    due_on: date
    link: str


def write(lines: Sequence[Line], day: date) -> Text:
    """Subject, text and the one link of a reminder that is read on `day`; the earliest deadline comes first."""
    lines = sorted(lines, key=lambda line: (line.due_on, line.text))
    first = lines[0]
    said = {
        "text": first.text,
        "day": day_words(first.due_on),
        "words": in_words(days_left(first.due_on, day)),
    }
    if len(lines) == 1:
        subject = _("%(text)s by %(day)s (%(words)s)") % said
    else:
        more = ngettext("and %(count)d other deadline", "and %(count)d other deadlines", len(lines) - 1)
        subject = _("%(text)s by %(day)s (%(words)s)") % said + " " + more % {"count": len(lines) - 1}
    parts = []
    for line in lines:
        when = _("by %(day)s: %(words)s") % {
            "day": day_words(line.due_on), "words": in_words(days_left(line.due_on, day)),
        }  # fmt: skip
        parts.append(f"{line.text}\n    {when}")
    parts.append(_("You are not reminded of what is done meanwhile."))
    return Text(subject, "\n\n".join(parts), first.link if len(lines) == 1 else reverse("deadlines:home"))


def latest_word(notification: Notification) -> Text | Obsolete | None:
    """What a waiting reminder says on the day it leaves: without what is done by then, and with the days left then.

    What is dropped is recorded as skipped with the reason; a reminder of nothing is not sent.
    """
    told = list(notification.reminders.filter(status=Reminder.Status.TOLD))
    if not told:
        return None
    lines = []
    for reminder in told:
        line, reason = _still_owed(reminder)
        if line is None:
            Reminder.objects.filter(pk=reminder.pk).update(status=Reminder.Status.SKIPPED, reason=reason)
        else:
            lines.append(line)
    if not lines:
        return Obsolete(_("Done, cancelled or moved before it was sent."))
    return write(lines, brussels_today())


def _still_owed(reminder: Reminder) -> tuple[Line | None, str]:
    """The deadline as it stands now, or why it is none any more."""
    rule = BY_CODE.get(reminder.rule)
    row = rule.rows().filter(pk=reminder.object_id).first() if rule else None
    if rule is None or row is None:
        return None, _("done or cancelled before it was sent")
    due_on = rule.due(row)
    if due_on != reminder.due_on:
        return None, _("another day was set before it was sent")
    owners = {(owner.holder, owner.delegation) for owner in rule.owners(row, brussels_today())}
    if (reminder.post.holder, reminder.post.delegation) not in owners:
        return None, _("somebody else's by the time it was sent")
    return Line(rule.text(row), due_on, rule.link(row)), ""
