"""What pages need that can be read as they stood on a day, or that keep it for the way back to those."""

from django import template
from django.utils.html import format_html

from actionplans.day_asked import day_asked, with_day, without_day

register = template.Library()


@register.simple_tag(takes_context=True)
def kept(context, url):
    """An address with the day for which the present one asks (`?on=`), if it does."""
    return with_day(context["request"], url)


@register.simple_tag(takes_context=True)
def kept_field(context):
    """The day for which the address asks, as a hidden field of a form that leads to another page."""
    on = day_asked(context["request"])
    return format_html('<input type="hidden" name="on" value="{}">', on.isoformat()) if on else ""


@register.inclusion_tag("actionplans/_day.html", takes_context=True)
def day_banner(context):
    """On which day the page is read, or that it shows today although a day is asked for; nothing without a day."""
    request = context["request"]
    return {
        "on": day_asked(request),
        "is_of_the_day": bool(context.get("on")),
        "url_of_today": without_day(request),
    }


@register.inclusion_tag("actionplans/_read_on.html", takes_context=True)
def read_on(context, url=""):
    """The small form that asks for the page as it stood on a day; for another page where this one has no past."""
    request = context["request"]
    return {"on": day_asked(request), "path": url or request.path, "today": context["portal"].today}
