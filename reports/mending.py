"""For each gap of the chain the form that mends it, as (what it does, its address).

A plan that is adopted gains no action and its actions keep their fields: what it lacks is mended in the plan after it,
or by the decision that ends the action.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.models import Action, ActionPlan, Objective, TermsOfReference
from jcos.lifecycle import NEXT_STEP
from jcos.models import Operation
from reports.objectives import Text

SILENCE = gettext_lazy("Open the silence procedure")


class Mend(NamedTuple):
    """A form by what it does, and its address."""

    label: str
    url: str


# -- plans ---------------------------------------------------------------------------------


def current_plan(plans: Sequence[ActionPlan], today: date) -> Mend:
    """Where no adopted plan runs: the next step of the one that was prepared for today, or a new one."""
    ready = next((plan for plan in plans if plan.starts_on <= today <= plan.ends_on), None)
    if ready is None:
        return Mend(_("Create the plan"), reverse("actionplans:actionplan_create"))
    if ready.status == ActionPlan.Status.TABLED:
        return adoption(ready)
    return Mend(_("Table %(plan)s") % {"plan": ready}, ready.get_step_url("table"))


def adoption(plan: ActionPlan) -> Mend:
    """The decision that adopts a tabled plan."""
    url = reverse("council:decision_record", args=["actionplans.actionplan", plan.pk, "adopt"])
    return Mend(_("Record the adoption of %(plan)s") % {"plan": plan}, url)


def back_to_draft(plan: ActionPlan) -> Mend:
    """A tabled plan is changed after it has been returned, and that after the silence procedure on it."""
    if procedure := getattr(plan.why_locked(), "url", ""):
        return Mend(SILENCE, procedure)
    return Mend(_("Return %(plan)s to draft") % {"plan": plan}, plan.get_step_url("return_to_draft"))


def strategy_of(plan: ActionPlan) -> Mend:
    """The strategy that a draft plan carries out: its actions serve the objectives of that one."""
    url = reverse("actionplans:actionplan_edit", args=[plan.number])
    return Mend(_("Choose the strategy of %(plan)s") % {"plan": plan}, url)


def objective(
    served: Objective, lacking: Sequence[ActionPlan], coming: ActionPlan | None, next_action
) -> Mend:
    """An action for an objective. `next_action` is the one by which the coming plan serves it, or None."""
    if draft := next((plan for plan in lacking if not plan.why_locked()), None):
        if draft.strategy_id != served.strategy_id:
            return strategy_of(draft)
        chosen = urlencode({"objective": served.code})
        url = f"{reverse('actionplans:action_create', args=[draft.number])}?{chosen}"
        return Mend(_("Add an action to %(plan)s") % {"plan": draft}, url)
    if coming is None or coming.status not in (ActionPlan.Status.DRAFT, ActionPlan.Status.TABLED):
        last = coming or lacking[-1]
        words = _("Create the plan after %(plan)s") % {"plan": last}
        return Mend(words, reverse("actionplans:actionplan_create"))
    if coming.status == ActionPlan.Status.TABLED:
        return back_to_draft(coming) if coming in lacking else adoption(coming)
    return edit(next_action)


# -- actions -------------------------------------------------------------------------------


def edit(action: Action) -> Mend:
    """The fields of an action, which stay as long as delegations are asked about it."""
    if action.asked_about:
        return Mend(SILENCE, action.asked_about.url)
    url = reverse("actionplans:action_edit", args=[action.plan.number, action.number])
    return Mend(_("Edit %(action)s") % {"action": action}, url)


def field_of_action(action: Action) -> Mend:
    """A field that an action lacks."""
    if action.status != Action.Status.PROPOSED:
        return ending(action)
    return back_to_draft(action.plan) if action.plan.why_locked() else edit(action)


def earlier_objectives(action: Action, text: Text) -> Mend:
    """What an action that serves an earlier strategy needs: one that runs goes on in a plan of the later strategy."""
    plan = action.plan
    if action.status != Action.Status.PROPOSED:
        url = reverse("actionplans:actionplan_roll_over", args=[plan.number])
        return Mend(_("Go on with it in a later plan"), url)
    if plan.why_locked():
        return back_to_draft(plan)
    if text.version is None or plan.strategy_id != text.version.strategy_id:
        return strategy_of(plan)
    return edit(action)


def ending(action: Action) -> Mend:
    """The decision that ends an action of an adopted plan."""
    url = reverse("council:decision_record", args=["actionplans.action", action.pk, "discontinue"])
    return Mend(_("Record that it is discontinued"), url)


def terms(action: Action, newest: TermsOfReference | None) -> Mend:
    """The next thing to do for the terms: write them, complete the draft, record the agreement."""
    at = [action.plan.number, action.number]
    if action.status != Action.Status.PROPOSED:
        return ending(action)
    if newest is None:
        return Mend(_("Write the terms of reference"), reverse("actionplans:terms_create", args=at))
    if newest.status == TermsOfReference.Status.DRAFT:
        return Mend(_("Edit the draft"), reverse("actionplans:terms_edit", args=at))
    if newest.status == TermsOfReference.Status.TABLED:
        url = reverse("council:decision_record", args=["actionplans.termsofreference", newest.pk, "agree"])
        return Mend(_("Record the agreement"), url)
    return Mend(_("Write a new version"), reverse("actionplans:terms_create", args=at))


# -- operations ------------------------------------------------------------------------------


def late_results(operation: Operation) -> Mend:
    """Results come from the delegations; the secretariat sets them a new day, or brings the operation further."""
    if not operation.owing and not operation.why_not_invite():
        return Mend(_("Invite participants"), reverse("jcos:operation_invite", args=[operation.slug]))
    if not operation.why_locked():
        return Mend(_("Set another due date"), reverse("jcos:operation_edit", args=[operation.slug]))
    verb = NEXT_STEP[operation.status]
    return Mend(str(operation.STEPS[verb].label), operation.get_step_url(verb))
