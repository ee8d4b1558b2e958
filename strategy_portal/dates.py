"""The portal's only clock, and the arithmetic of its days and months.

Days are Brussels days; a deadline is met until 23:59:59 of its day. Months are added in one step from
the original anchor and clamped to the last day of the month.
"""

from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

BRUSSELS = ZoneInfo("Europe/Brussels")
PLAN_MONTHS = 18  # 15198/09, II.2: "by means of 18-month action plans"


_held: ContextVar[list[timedelta] | None] = ContextVar("held", default=None)


@contextmanager
def one_offset() -> Iterator[None]:
    """Ask how far the demonstration clock runs ahead at most once inside, such as for one request."""
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def clock_offset() -> timedelta:
    """How far the demonstration clock runs ahead (or behind); nothing outside a demonstration.

    Read from the database, so that web, worker and beat move together: at each call, or once inside `one_offset()`.
    """
    if not settings.DEMONSTRATION:
        return timedelta(0)
    held = _held.get()
    if held is None:
        return _read_offset()
    if not held:
        held.append(_read_offset())
    return held[0]


def _read_offset() -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("select offset_seconds from portal_clock")
        row = cursor.fetchone()
    return timedelta(seconds=row[0]) if row else timedelta(0)


def now() -> datetime:
    """The portal's moment, in UTC."""
    return datetime.now(UTC) + clock_offset()


def brussels_today() -> date:
    """The portal's day in Brussels."""
    return now().astimezone(BRUSSELS).date()


def brussels_day(moment: datetime) -> date:
    """The Brussels day in which an aware moment falls."""
    return moment.astimezone(BRUSSELS).date()


def end_of_day(day: date) -> datetime:
    """The last second of a Brussels day: a deadline is met until then."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=BRUSSELS)


def add_months(anchor: date, months: int) -> date:
    """The same day `months` later (or earlier); a day the target month lacks becomes its last day.

    31 August 2026 + 18 = 29 February 2028; 30 April 2027 − 2 = 28 February 2027. Always add from the
    anchor, never step by step. Raises OverflowError outside the years 1 to 9999.
    """
    year, month0 = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(f"{months} months from {anchor} lies outside the calendar")
    return date(year, month0 + 1, min(anchor.day, monthrange(year, month0 + 1)[1]))


def end_of_plan(starts_on: date) -> date:
    """The end that is proposed for a plan: 18 months later, less a day (15198/09, II.2)."""
    return add_months(starts_on, PLAN_MONTHS) - timedelta(days=1)


def working_days(after: date, until: date) -> int:
    """Days from Monday to Friday after a day, up to and including another; public holidays are not known here."""
    days = range(1, (until - after).days + 1)
    return sum((after + timedelta(days=day)).weekday() < 5 for day in days)


def days_left(due_on: date, today: date) -> int:
    """Days until a deadline: 0 on the day itself, negative once it has passed."""
    return (due_on - today).days


def delay_days(due_on: date | None, done_on: date | None, today: date) -> int | None:
    """How many days after its day something was done, or is on a day on which it is not done yet.

    0 in time, never negative; None, which is not 0, where no day was set. A day is met until its last second.
    """
    return None if due_on is None else max(0, -days_left(due_on, done_on or today))


def _in_words(days: int) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days > 1:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}


in_words = lazy(_in_words, str)
