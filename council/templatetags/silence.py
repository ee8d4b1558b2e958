"""The silence procedure on a thing, for the thing's page."""

from django import template

from council.record_card import procedures_before, silence_of

register = template.Library()


@register.inclusion_tag("council/_silence_card.html", takes_context=True)
def silence_on(context, thing):
    """The newest procedure on a thing as a card: until when, the reader's position, the form; and those before it.

    Once nothing can be decided any more all of them are those before. Nothing where there is none.
    """
    user = context["request"].user
    if not thing:
        return {"procedure": None, "before": []}
    procedure, stances = silence_of(thing, user) or (None, {})
    held = {m.delegation_id: m.delegation for m in user.current_memberships if m.delegation_id}
    mine = [
        (delegation, stances.get(pk, ""), procedure.is_running and pk in user.submitter_of)
        for pk, delegation in held.items()
        if procedure and delegation.sits_on(procedure.closed_on)
    ]
    return {"procedure": procedure, "mine": mine, "before": procedures_before(thing, procedure)}
