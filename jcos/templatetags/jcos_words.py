"""Words that only the pages of operations need."""

from datetime import date
from urllib.parse import urlencode

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from jcos.models import ResultLine
from jcos.tasks_of_results import split
from jcos.versions import line_in_words, route_in_words
from publishing.words import DASH, NO_BREAK, day_words, quantity_words
from strategy_portal.workflow import within_sentence

register = template.Library()

register.filter("route", route_in_words)


def published_day(text):
    """A day or a month as it was published: "2007-02" is February 2007; "" stays empty."""
    parts = [int(part) for part in text.split("-") if part]
    if len(parts) == 3:
        return day_words(date(*parts))
    return date_format(date(*parts, 1), "F Y") if len(parts) == 2 else text


@register.simple_tag
def published_period(first, last):
    """A period as precisely as it was published: "February 2007", "May – June 2017", "from 15 September 2016"."""
    begins, ends = published_day(first), published_day(last)
    if not ends:
        return _("from %(day)s") % {"day": begins}
    if begins == ends:
        return begins
    if len(first) == len(last) == len("2017-05") and first[:4] == last[:4]:
        begins = begins.rsplit(" ", 1)[0]
    return f"{begins}{NO_BREAK}{DASH} {ends}"


@register.simple_tag
def total_words(total):
    """The total of a group of lines; "about" where some of its lines are not exact."""
    return quantity_words(total["total"], total["unit__symbol"], "about" if total["inexact"] else "")


@register.filter
def total_query(total):
    """The part of an address that names the lines behind a total."""
    named = {
        "measure": total["measure__code"],
        "commodity": total["commodity__code"],
        "unit": total["unit__code"],
        "value_kind": total["value_kind"],
    }
    return urlencode({name: value for name, value in named.items() if value})


@register.filter
def value_kind_words(kind):
    """The kind of value of a total, in words."""
    return dict(ResultLine.ValueKind.choices).get(kind, "")


@register.filter
def at(mapping, key):
    """What a mapping holds under a key."""
    return mapping.get(key)


@register.filter
def findings(lines):
    """What was found, of the lines of a version."""
    return split(lines)[1]


@register.filter
def controls(lines):
    """The controls, of the lines of a version."""
    return split(lines)[0]


@register.filter
def next_task(tasks):
    """The task to go on with: the first that is begun or required and not completed, else the check."""
    return next((task for task in tasks[1:] if task["state"] != "completed"), tasks[-1])


@register.filter
def without_links(tasks):
    """The tasks for somebody who may only read along."""
    return [{**task, "url": ""} for task in tasks]


@register.filter
def lower_first(text):
    """A heading inside a sentence."""
    return within_sentence(text)


@register.filter
def from_check(rows):
    """The Change links of the check page lead back to it."""
    return [{**row, "url": f"{row['url']}?from=check"} for row in rows]


@register.filter
def step_url(thing, verb):
    """The address at which a step of a row is taken."""
    return thing.get_step_url(verb)


register.filter("line_words", line_in_words)
