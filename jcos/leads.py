"""Who leads an operation, as its form says it. Leads are participants: invited, and confirmed like others."""

from jcos.models import Participation

LEAD, CO_LEAD, PARTICIPANT = (
    Participation.Role.LEAD,
    Participation.Role.CO_LEAD,
    Participation.Role.PARTICIPANT,
)


def set_leads(operation, lead, co_leads, *, by):
    """Make the participations say what the form says; call it inside the transaction of the form.

    Who is no longer named stays a participant, unless it has not answered a proposal that nobody has seen yet:
    then its invitation goes. A second lead, set elsewhere, is left alone.
    """
    wanted = {delegation.pk: CO_LEAD for delegation in co_leads}
    if lead is not None:
        wanted[lead.pk] = LEAD
    existing = {p.delegation_id: p for p in operation.participations.select_for_update(of=("self",))}
    shown_lead = next((p.delegation_id for p in operation.leading() if p.role == LEAD), None)
    for pk, part in existing.items():
        was_in_the_form = part.role == CO_LEAD or pk == shown_lead
        if pk in wanted and part.role != wanted[pk]:
            part.role = wanted[pk]
            part.save(update_fields=["role"])
        elif pk not in wanted and was_in_the_form:
            if part.status == Participation.Status.INVITED and operation.status == operation.Status.PROPOSED:
                part.delete()
            else:
                part.role = PARTICIPANT
                part.save(update_fields=["role"])
    new = [d for d in ([lead] if lead is not None else []) + list(co_leads) if d.pk not in existing]
    for delegation in new:
        operation.invite([delegation], wanted[delegation.pk], by=by)
