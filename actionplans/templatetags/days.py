"""What pages need that can be read as they stood on a day."""

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def kept(context, url):
    """An address of a page that can be read on a day, with the day on which this page is read, if it is."""
    on = context.get("on")
    if not on:
        return url
    path, mark, fragment = str(url).partition("#")
    return f"{path}?on={on.isoformat()}{mark}{fragment}"


@register.inclusion_tag("actionplans/_day.html", takes_context=True)
def day_banner(context):
    """On which day the page is read and how to come back to today; nothing on a page of today."""
    return {"on": context.get("on"), "path": context["request"].path}


@register.inclusion_tag("actionplans/_read_on.html", takes_context=True)
def read_on(context):
    """The small form that asks for the page as it stood on a day."""
    return {"on": context.get("on"), "path": context["request"].path, "today": context["portal"].today}
