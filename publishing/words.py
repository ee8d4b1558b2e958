"""Numbers, quantities and dates as people read them: one spelling for pages, charts, mails and documents."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from strategy_portal.dates import BRUSSELS

NO_BREAK = "\u00a0"
GROUP = NO_BREAK  # groups thousands: in the portal's typeface as wide as a thin space; the narrow one is hardly seen
DASH = "\u2013"


def number_words(value: int | Decimal | None) -> str:
    """A number with thin spaces between thousands; nothing is rounded, and zero is written as 0.

    1240000 gives "1 240 000", Decimal("12.500") gives "12.5"; None, which is not zero, "not stated".
    """
    if value is None:
        return _("not stated")
    text = format(value, ",f") if isinstance(value, Decimal) else format(value, ",")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", GROUP).replace("-", "\u2212")


def quantity_words(value: int | Decimal | None, unit: str = "", qualifier: str = "") -> str:
    """A quantity with its unit, and how exact it is: "about 1 240 000 pieces".

    `qualifier` is one of exact, about, more_than, nearly; exact goes without saying.
    """
    text = number_words(value)
    if value is None:
        return text
    if unit:
        text = f"{text}{NO_BREAK}{unit}"
    word = {"about": _("about"), "more_than": _("more than"), "nearly": _("nearly")}.get(qualifier)
    return f"{word} {text}" if word else text


def percent_words(part: int, whole: int) -> str:
    """The share of a part in whole per cent, "31 %"; of nothing there is no share: "–"."""
    if not whole:
        return DASH
    return f"{(200 * part + whole) // (2 * whole)}{NO_BREAK}%"


def day_words(day: date | None) -> str:
    """A day in full: "27 November 2026"; "no date" where there is none."""
    return date_format(day, "j F Y") if day else _("no date")


def short_day_words(day: date, this_year: int | None = None) -> str:
    """A day in a list: "Fri 27 Nov", with the year when it is not this year."""
    return date_format(day, "D j M" if day.year == this_year else "D j M Y")


def moment_words(moment: datetime | None) -> str:
    """A moment in Brussels: "27 November 2026, 10:12 (Brussels time)"."""
    if moment is None:
        return _("no date")
    local = moment.astimezone(BRUSSELS)
    return _("%(day)s, %(time)s (Brussels time)") % {
        "day": day_words(local),
        "time": date_format(local, "H:i"),
    }


def clock_words(moment: datetime) -> str:
    """The time of day in Brussels: "14:02"."""
    return date_format(moment.astimezone(BRUSSELS), "H:i")


def period_words(starts_on: date | None, ends_on: date | None) -> str:
    """From one day to another, both included, with nothing said twice: "14 – 25 September 2026"."""
    if not starts_on and not ends_on:
        return _("no dates")
    if not starts_on:
        return _("until %(day)s") % {"day": day_words(ends_on)}
    if not ends_on:
        return _("from %(day)s") % {"day": day_words(starts_on)}
    if starts_on == ends_on:
        return day_words(starts_on)
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        first = date_format(starts_on, "j")
    elif starts_on.year == ends_on.year:
        first = date_format(starts_on, "j F")
    else:
        first = day_words(starts_on)
    return f"{first}{NO_BREAK}{DASH} {day_words(ends_on)}"


def months_words(starts_on: date, ends_on: date) -> str:
    """A period of whole months by their names: "January to June 2027"; any other as `period_words` says it."""
    if starts_on.day != 1 or (ends_on + timedelta(days=1)).day != 1:
        return period_words(starts_on, ends_on)
    last = date_format(ends_on, "F Y")
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return last
    first = date_format(starts_on, "F" if starts_on.year == ends_on.year else "F Y")
    return _("%(first)s to %(last)s") % {"first": first, "last": last}
