"""The steps of a thing as buttons."""

from typing import Any, NamedTuple

from django import template
from django.urls import reverse

from strategy_portal.workflow import Reason, Workflow

register = template.Library()


class OfferedStep(NamedTuple):
    """One button: a step that the user may take, with the reasons against it now (none: it can be taken)."""

    verb: str
    label: Any
    url: str
    reasons: list[Reason]
    style: str
    ident: str
    asked_url: str = ""  # where it is asked by silence procedure instead of decided at a meeting


def offered_steps(thing: Workflow, user: Any) -> list[OfferedStep]:
    """The steps that lead on from a thing's state and that the user may take, in the order of its table.

    But what leads back to where all of them begin never stands first, as what comes next: the first that leads on does,
    also when it cannot be taken yet.
    """
    meta = thing._meta
    begin = meta.get_field("status").default
    steps = [
        (verb, step)
        for verb, step in thing.STEPS.items()
        if thing.status in step.sources
        and step.label
        and user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}", thing)
    ]
    leading_on = [one for one in steps if one[1].target != begin and not one[1].reason_required]
    if leading_on and steps[0][1].target == begin:
        steps.remove(leading_on[0])
        steps.insert(0, leading_on[0])
    found: list[OfferedStep] = []
    for verb, step in steps:
        style = "outline-primary" if found or step.reason_required else "primary"
        ident = f"why-{meta.model_name}-{thing.pk}-{verb}"
        reasons = thing.reasons_against(verb)
        asked_url = ""
        if step.by_decision and not reasons and user.has_perm("council.add_silenceprocedure"):
            target = {"type": meta.label_lower, "pk": thing.pk, "verb": verb}
            asked_url = reverse("council:silenceprocedure_create", kwargs=target)
        found.append(
            OfferedStep(verb, step.label, thing.get_step_url(verb), reasons, style, ident, asked_url)
        )
    return found


@register.simple_tag(takes_context=True)
def steps_for_reader(context: Any, thing: Workflow) -> list[OfferedStep]:
    """The steps that the reader may take, for a page that leaves out what would stand around none."""
    return offered_steps(thing, context["request"].user)


@register.inclusion_tag("components/step_buttons.html", takes_context=True)
def step_buttons(context: Any, thing: Workflow) -> dict[str, Any]:
    """The steps that the reader may take on a thing, as buttons; nothing where there is none."""
    return {"steps": offered_steps(thing, context["request"].user)}
