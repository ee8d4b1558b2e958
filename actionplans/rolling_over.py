"""Unfinished actions of a plan go on in a later one: as copies, with their terms of reference as new drafts.

A copy names the action that it continues. Nothing of the old plan is changed: that an action is carried over is a
decision of its own.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils.translation import gettext as _

from actionplans.last_words import last_words, named_withdrawn
from actionplans.models import (
    Action,
    ActionObjective,
    ActionParticipant,
    ActionPlan,
    Indicator,
    Milestone,
    TermsOfReference,
    Wording,
)
from actionplans.querysets import ADOPTED
from actionplans.timeline import days_of, milestone_days
from strategy_portal.dates import add_months
from strategy_portal.workflow import NotAllowed, Reason, within_sentence

NUMBER = re.compile(r"[0-9]{1,4}")
OF_INDICATORS = ("order", "title", "unit", "baseline", "baseline_words", "target", "target_words", "measured")
OF_MILESTONES = ("order", "title", "text")  # and the day, which is moved into the new plan


def plans_to_fill(plan: ActionPlan) -> QuerySet[ActionPlan]:
    """The plans that can take up what a plan leaves: drafts that begin later, nearest first."""
    later = ActionPlan.objects.filter(status=ActionPlan.Status.DRAFT, starts_on__gt=plan.starts_on)
    return later.order_by("starts_on", "number")


def why_not_into(plan: ActionPlan, number: str) -> str:
    """Why the plan that is named by its number, as it was typed, cannot take up what a plan leaves."""
    found = ActionPlan.objects.filter(number=int(number)).first() if NUMBER.fullmatch(number) else None
    if found is None:
        return _("There is no plan “%(number)s”.") % {"number": number[:20]}
    if found.status != ActionPlan.Status.DRAFT:
        said = _("%(target)s is %(state)s: only a draft takes up actions.")
        if found.status == ActionPlan.Status.TABLED:
            said += " " + _("To use it, return it to draft first.")
        return said % {"target": found, "state": found.state_words}
    return _("%(target)s does not begin after %(plan)s.") % {"target": found, "plan": within_sentence(plan)}


def why_nothing_goes_on(plan: ActionPlan) -> str:
    """Why a plan hands on none of its actions, or ""."""
    if plan.status in ADOPTED:
        return ""
    return _("%(plan)s is %(state)s. Only the actions of an adopted plan are rolled over.") % {
        "plan": plan, "state": plan.state_words,
    }  # fmt: skip


class Unfinished(NamedTuple):
    """An action that may go on: the version of its terms that is copied, and where it goes on already."""

    action: Action
    terms: TermsOfReference | None
    copy: Action | None  # in the plan that is asked about
    elsewhere: list[Action]

    @property
    def goes_on(self) -> list[Action]:
        """What continues it already: it is not copied once more, into whatever plan."""
        return [self.copy, *self.elsewhere] if self.copy else self.elsewhere


def unfinished(plan: ActionPlan, target: ActionPlan | None) -> list[Unfinished]:
    """The actions of a plan that are planned or in progress, or are carried over to what no longer exists.

    A copy that was deleted, or whose plan was withdrawn, counts for nothing. The number of queries is constant.
    """
    living = Action.objects.going_on().select_related("plan")
    lost = Q(status=Action.Status.CARRIED_OVER) & ~Exists(living.filter(continues=OuterRef("pk")))
    told = Q(status=Action.Status.CARRIED_OVER, continued_by__in=living.filter(plan=target))
    versions = TermsOfReference.objects.exclude(status="superseded").annotate(milestone_days=milestone_days())
    served = ActionObjective.objects.select_related("objective").order_by("objective__order")
    rows = Action.objects.filter(plan=plan).filter(_open() | lost | told)
    actions = (
        Action.objects.filter(pk__in=rows.values("pk"))
        .select_related("plan", "lead")
        .prefetch_related(
            Prefetch("continued_by", living, to_attr="goes_on"),
            Prefetch("served", served),
            Prefetch("parts", ActionParticipant.objects.select_related("delegation")),
            Prefetch("terms", versions.order_by("-version"), to_attr="seen_terms"),
        )
    )
    return [_unfinished(action, target) for action in plan.arranged(actions)]


def _open() -> Q:
    return Q(status__in=[Action.Status.PLANNED, Action.Status.IN_PROGRESS])


def _unfinished(action, target) -> Unfinished:
    agreed = [terms for terms in action.seen_terms if terms.status == terms.Status.AGREED]
    copies = [other for other in action.goes_on if target and other.plan_id == target.pk]
    elsewhere = [other for other in action.goes_on if other not in copies]
    return Unfinished(
        action, next(iter(agreed or action.seen_terms), None), next(iter(copies), None), elsewhere
    )


class Withdrawn(NamedTuple):
    """An objective that the strategy of the new plan does not have in force, and what became of it."""

    code: str
    said: str


class Preview(NamedTuple):
    """What would become of one action: as a copy it would have this number, and this is to be looked at."""

    one: Unfinished
    number: int
    withdrawn: list[Withdrawn]
    keeps_an_objective: bool
    warnings: list[str]  # on who leads it and who takes part
    days: list[tuple[str, date, date]]  # milestones: before and after


def previewed(chosen: Iterable[Unfinished], target: ActionPlan) -> list[Preview]:
    """What a roll-over would make of these actions. Nothing is written."""
    chosen = list(chosen)
    in_force = objectives_in_force(target)
    served = {link.objective_id for one in chosen for link in one.action.served.all()}
    gone = {words.objective_id: named_withdrawn(words) for words in last_words(served - in_force)}
    last = target.actions.aggregate(last=Max("number"))["last"] or 0
    found = []
    for number, one in enumerate(chosen, start=last + 1):
        links = one.action.served.all()
        withdrawn = [
            Withdrawn(link.objective.code, gone.get(link.objective_id) or _("not in the strategy in force"))
            for link in links
            if link.objective_id not in in_force
        ]
        copy = Action(plan=target, number=number, lead=one.action.lead)
        warnings = [str(copy.lead_warning()), copy.parts_warning(one.action.parts.all())]
        days = days_of(one.terms) if one.terms else []
        days = [(row.title, row.day, moved(row.day, one.action.plan, target)) for row in days]
        warnings = [warning for warning in warnings if warning]
        found.append(Preview(one, number, withdrawn, len(withdrawn) < len(links), warnings, days))
    return found


def objectives_in_force(plan: ActionPlan) -> set[int]:
    """The identities of the objectives that the plan's strategy has in force."""
    words = Wording.objects.filter(version__strategy=plan.strategy_id, version__status="in_force")
    return set(words.values_list("objective", flat=True))


def moved(day: date, plan: ActionPlan, target: ActionPlan) -> date:
    """A day of one plan at the same distance from the begin of another, and never outside it."""
    begins, was = target.starts_on, plan.starts_on
    months = 12 * (begins.year - was.year) + begins.month - was.month
    return min(max(add_months(day, months), begins), target.ends_on)


def roll_over(
    plan: ActionPlan, target: ActionPlan, chosen: set[int], *, keeps_withdrawn: bool
) -> list[Action]:
    """Copy the chosen actions (by identity) into a draft plan, all or none; gives the copies.

    Runs in a transaction, inside `acting(user, "roll_over", reason)`. Raises NotAllowed when one of them is finished
    or goes on already, in this plan or another: the plans are held, so of two people at once the second reads why not.
    """
    held = {
        row.pk: row
        for row in ActionPlan.objects.select_for_update().filter(pk__in=[plan.pk, target.pk]).order_by("pk")
    }
    plan, target = held[plan.pk], held[target.pk]
    list(Action.objects.select_for_update(of=("self",)).filter(plan=plan).order_by("pk"))
    if why := why_nothing_goes_on(plan) or target.why_locked():
        raise NotAllowed(Reason(str(why), target.get_absolute_url()))
    rows = [one for one in unfinished(plan, target) if one.action.pk in chosen]
    if len(rows) < len(chosen):
        raise NotAllowed(_("One of these actions has come to its end meanwhile. Choose once more."))
    if there := [one for one in rows if one.goes_on]:
        raise NotAllowed(*(goes_on_already(one.action, one.goes_on[0]) for one in there))
    prefetch_related_objects([one.terms for one in rows if one.terms], "milestones", "indicators")
    in_force = None if keeps_withdrawn else objectives_in_force(target)
    return _copied(plan, target, rows, in_force)


def goes_on_already(action: Action, copy: Action) -> Reason:
    """Why an action is not copied once more, with the way to what continues it."""
    said = _("%(action)s goes on in %(plan)s already, as %(copy)s.")
    words = {"action": action, "plan": within_sentence(copy.plan), "copy": copy.reference}
    return Reason(said % words, copy.get_absolute_url())


def _copied(plan, target, rows, in_force) -> list[Action]:
    last = target.actions.aggregate(last=Max("number"))["last"] or 0
    copies = Action.objects.bulk_create(
        Action(
            plan=target, number=number, title=one.action.title, summary=one.action.summary, lead=one.action.lead,
            continues=one.action,
        )
        for number, one in enumerate(rows, start=last + 1)
    )  # fmt: skip
    pairs = list(zip(rows, copies, strict=True))
    ActionObjective.objects.bulk_create(
        ActionObjective(action=copy, objective=link.objective)
        for one, copy in pairs
        for link in one.action.served.all()
        if in_force is None or link.objective_id in in_force
    )
    ActionParticipant.objects.bulk_create(
        ActionParticipant(action=copy, delegation=part.delegation, role=part.role)
        for one, copy in pairs
        for part in one.action.parts.all()
    )
    written = [(one.terms, copy) for one, copy in pairs if one.terms]
    drafts = TermsOfReference.objects.bulk_create(
        TermsOfReference(action=copy, **{name: getattr(terms, name) for name in TermsOfReference.SECTIONS})
        for terms, copy in written
    )
    texts = [(terms, draft) for (terms, _copy), draft in zip(written, drafts, strict=True)]
    Indicator.objects.bulk_create(
        Indicator(terms=draft, **{name: getattr(row, name) for name in OF_INDICATORS})
        for terms, draft in texts
        for row in terms.indicators.all()
    )
    Milestone.objects.bulk_create(
        Milestone(
            terms=draft,
            due_on=moved(row.due_on, plan, target),
            **{name: getattr(row, name) for name in OF_MILESTONES},
        )
        for terms, draft in texts
        for row in terms.milestones.all()
    )
    return copies
