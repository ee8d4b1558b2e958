"""The agendas on which a thing stands, for the thing's page."""

from django import template

from council.record_card import points_of

register = template.Library()


@register.inclusion_tag("council/_agenda_card.html", takes_context=True)
def agenda_on(context, thing):
    """The meetings that are to decide on a thing, newest first, to those who see them; nothing without one."""
    return {"points": points_of(thing, context["request"].user) if thing else []}
