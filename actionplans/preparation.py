"""What is still to be done before a plan can be adopted, and which adoption comes next."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.models import Action, ActionPlan, TermsOfReference
from publishing.words import day_words
from strategy_portal.dates import days_left, in_words
from strategy_portal.workflow import within_sentence

IN_PREPARATION = ["draft", "tabled"]


class NextAdoption(NamedTuple):
    """The adoption that comes next (15198/09, II.2): which plan ends, until when, how far the one after it is."""

    ending: ActionPlan
    due_on: object
    successor: ActionPlan | None
    unready: int
    actions: int

    def sentence(self, today) -> str:
        """The state of the next adoption in words."""
        when = {"day": day_words(self.due_on), "words": in_words(days_left(self.due_on, today))}
        if self.successor is None:
            return _("The plan after %(plan)s is to be adopted by %(day)s (%(words)s).") % {
                "plan": within_sentence(self.ending),
                **when,
            }
        text = _("%(plan)s is to be adopted by %(day)s (%(words)s).") % {"plan": self.successor, **when}
        if not self.actions:
            return f"{text} {_('It has no action yet.')}"
        if not self.unready:
            return f"{text} {_('All its actions have agreed terms of reference.')}"
        return f"{text} " + ngettext(
            "Agreed terms of reference are missing for %(unready)d of %(actions)d action.",
            "Agreed terms of reference are missing for %(unready)d of %(actions)d actions.",
            self.actions,
        ) % {"unready": self.unready, "actions": self.actions}


def next_adoption(user) -> NextAdoption | None:
    """The next adoption as far as a person may know of it; None before the first plan."""
    ending = ActionPlan.objects.seen_whole(user).awaiting_successor().order_by("ends_on").first()
    if ending is None:
        return None
    successor = (
        ActionPlan.objects.seen_whole(user)
        .filter(status__in=IN_PREPARATION, starts_on__gt=ending.starts_on)
        .order_by("starts_on")
        .first()
    )
    if successor is None:
        return NextAdoption(ending, ending.successor_adopt_by, None, 0, 0)
    actions = Action.objects.filter(plan=successor)
    unready = actions.without_agreed_terms().count()
    return NextAdoption(ending, ending.successor_adopt_by, successor, unready, actions.count())


def checklist(plan, actions, terms: dict[int, TermsOfReference]) -> list[dict]:
    """The tasks before a plan's adoption, each with the link to what is missing.

    `terms` holds, by action, the newest version that the reader sees.
    """
    tasks = []
    if not actions:
        tasks.append(
            {
                "label": _("Add the first action"),
                "url": reverse("actionplans:action_create", args=[plan.number]),
                "state": "not_started",
            }
        )
    for action in actions:
        newest = terms.get(action.pk)
        tasks.append(
            {
                "label": _("Terms of reference of %(action)s") % {"action": action.reference},
                "hint": action.title,
                "url": action.get_absolute_url() + "terms/",
                "state": _state_of(action, newest),
            }
        )
    tasks.append(
        {
            "label": _("Table the plan"),
            "url": plan.get_step_url("table")
            if plan.status == plan.Status.DRAFT
            else plan.get_absolute_url(),
            "state": "completed" if plan.status == plan.Status.TABLED else "not_started",
        }
    )
    return tasks


def _state_of(action, newest) -> str:
    if action.has_agreed_terms:
        return "completed"
    return "in_progress" if newest else "not_started"
