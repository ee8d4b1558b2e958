"""What is still to be done before a plan can be adopted, and which adoption comes next."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.consulted import rival_adoptions
from actionplans.held_objectives import lack_of
from actionplans.models import Action, ActionPlan
from actionplans.querysets import IN_PREPARATION
from publishing.marks import BEGUN, due_mark
from publishing.words import day_words
from strategy_portal.dates import days_left, in_words
from strategy_portal.workflow import within_sentence


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


def standing(plan, actions, today) -> str:
    """Where a plan in preparation stands and what its adoption still needs, in one line; "" for any other plan.

    The plan comes from `with_overlapped()`, its actions from `with_readiness()`.
    """
    if plan.status not in IN_PREPARATION:
        return ""
    said = [_terms_words(len(actions), sum(not action.has_agreed_terms for action in actions))]
    said += [_("its period overlaps plan %(number)d") % {"number": number} for number in plan.overlapped]
    said += [
        _("its period overlaps plan %(number)d, which is being prepared, too") % {"number": number}
        for number in plan.rivals
    ]
    if plan.status == plan.Status.DRAFT:
        said.append(_("it is still to be tabled"))
    if plan.adopt_by:
        said.append(
            _("to be adopted by %(day)s, %(words)s")
            % {"day": day_words(plan.adopt_by), "words": in_words(days_left(plan.adopt_by, today))}
        )
    return f"{plan.get_status_display()}. {capfirst('; '.join(said))}."


def _terms_words(count, unready) -> str:
    if not count:
        return _("it has no action yet")
    if not unready:
        return _("all its actions have agreed terms of reference")
    if count == 1:
        return _("its only action lacks agreed terms of reference")
    return ngettext(
        "%(unready)d of %(actions)d actions lacks agreed terms of reference",
        "%(unready)d of %(actions)d actions lack agreed terms of reference",
        unready,
    ) % {"unready": unready, "actions": count}


# -- the checklist before the adoption -----------------------------------------------------------------------------


class Checklist(NamedTuple):
    """What is to be done or looked at before a plan is adopted: tasks of `components/task_list.html`.

    Without what is needed the plan cannot be adopted; the rest is only pointed out.
    """

    needed: list[dict]
    pointed_out: list[dict]

    def open_for(self, mends: bool) -> list[dict]:
        """What is not in order, what is needed first; to whoever mends nothing without the links to forms."""
        tasks = [task for task in [*self.needed, *self.pointed_out] if task["state"] != "completed"]
        if mends:
            return tasks
        return [task if task["url"].endswith("/terms/") else {**task, "url": ""} for task in tasks]


def checklist(plan, actions, today) -> Checklist:
    """Each thing that the adoption needs or that should be looked at before, with its state and a link that mends it.

    The actions hold `seen_terms`, the versions that the reader sees, newest first, and what `lack_of()` reads.
    """
    needed = [_terms_task(action, plan.asked_about.get(action.pk)) for action in actions] or [
        _task(_("Add the first action"), reverse("actionplans:action_create", args=[plan.number]))
    ]
    needed += [_table_task(plan), _period_task(plan)]
    return Checklist(needed, [_deadline_task(plan, today), _length_task(plan), *_action_tasks(actions)])


def document_task(plan, procedure) -> dict:
    """The Council document with which the plan is adopted; `procedure` is the silence procedure on it, or None."""
    label = _("Number of the document")
    if procedure is not None and procedure.document:
        return _task(label, procedure.get_absolute_url(), "completed", str(procedure.document))
    hint = _(
        "The decision asks for it: have the number of the document with which the plan is adopted at hand."
    )
    return _task(label, hint=hint)


def _task(label, url="", state="not_started", hint="", said="") -> dict:
    return {"label": label, "url": url, "state": state, "hint": hint, "said": said}


def _terms_task(action, asked) -> dict:
    """The terms of an action; `asked` says why they wait for what delegations are asked, or is None."""
    label = _("Terms of reference of %(action)s") % {"action": action.reference}
    if asked:
        return _task(label, asked.url, "in_progress", f"{action.title}: {asked}")
    newest = action.seen_terms[0] if action.seen_terms else None
    state, stage = "in_progress", ""
    if action.has_agreed_terms:
        state = "completed"
    elif newest is None:
        state, stage = "not_started", _("not written yet")
    elif newest.status == newest.Status.TABLED:
        stage = _("tabled, to be agreed")
    else:
        stage = within_sentence(" ".join(newest.unwritten)) or _("written, to be tabled")
    hint = f"{action.title}: {stage}" if stage else action.title
    return _task(label, action.get_absolute_url() + "terms/", state, hint)


def _table_task(plan) -> dict:
    if plan.status == plan.Status.TABLED:
        return _task(_("Table the plan"), plan.get_absolute_url(), "completed")
    return _task(_("Table the plan"), plan.get_step_url("table"))


def _period_task(plan) -> dict:
    label = _("A period of its own")
    if not plan.overlapped and not plan.rivals:
        if warning := plan.gap_warning:
            return _task(label, f"{plan.get_absolute_url()}edit/", "check", warning)
        return _task(label, state="completed")
    found = plan.overlapped or plan.rivals
    hint = ngettext("It overlaps plan %(numbers)s.", "It overlaps the plans %(numbers)s.", len(found))
    hint %= {"numbers": ", ".join(str(number) for number in found)}
    if not plan.overlapped:
        hint += " " + (" ".join(rival_adoptions(plan)) or _("Only one of them can be adopted."))
    return _task(label, f"{plan.get_absolute_url()}edit/", "error" if plan.overlapped else "check", hint)


def _deadline_task(plan, today) -> dict:
    label = _("Adoption in time")
    if not plan.adopt_by:
        return _task(label, state="completed", said=_("No deadline: the first plan"))
    days = days_left(plan.adopt_by, today)
    hint = _("To be adopted by %(day)s, two months before the plan before it ends.") % {
        "day": day_words(plan.adopt_by)
    }
    if days < 0:
        hint += " " + _("It can still be adopted; the list of plans then says that it was late.")
    state = "completed" if due_mark(days) == BEGUN else "check"
    return _task(label, state=state, hint=hint, said=str(in_words(days)))


def _length_task(plan) -> dict:
    label = _("A length of 18 months")
    if warning := plan.length_warning:
        return _task(label, f"{plan.get_absolute_url()}edit/", "check", warning)
    return _task(label, state="completed")


def _action_tasks(actions) -> list[dict]:
    """A line for each action without a lead or an objective in force, or one that says that there is none."""
    leads = [
        _task(
            _("Lead of %(action)s") % {"action": action.reference},
            f"{action.get_absolute_url()}edit/",
            "check",
            why,
        )
        for action in actions
        if (why := action.lead_warning() if action.lead else _("No lead is named."))
    ]
    objectives = [
        _task(
            _("Objectives of %(action)s") % {"action": action.reference},
            f"{action.get_absolute_url()}edit/", "check", _("It serves no objective of the strategy in force."),
        )
        for action in actions
        if lack_of(action)
    ]  # fmt: skip
    return [
        *(leads or [_task(_("A lead for each action"), state="completed")]),
        *(objectives or [_task(_("An objective for each action"), state="completed")]),
    ]
