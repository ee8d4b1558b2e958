"""The silence procedure on a thing, for the thing's page."""

from django import template

from council.record_card import silence_of

register = template.Library()


@register.inclusion_tag("council/_silence_card.html", takes_context=True)
def silence_on(context, thing):
    """The newest procedure on a thing as a card: until when, the reader's position, the form; nothing without one."""
    user = context["request"].user
    found = silence_of(thing, user) if thing else None
    if found is None:
        return {"procedure": None}
    procedure, stances = found
    held = {m.delegation_id: m.delegation for m in user.current_memberships if m.delegation_id}
    mine = [
        (delegation, stances.get(pk, ""), procedure.is_running and pk in user.submitter_of)
        for pk, delegation in held.items()
        if delegation.sits_on(procedure.closed_on)
    ]
    return {"procedure": procedure, "mine": mine}
