"""Plans and actions as they stood at the end of a Brussels day, read from the events of their history.

Of each row the newest event counts whose moment, by the portal's clock, lies on the day or before it. Who sees it is
asked of the state that the event holds, with the reader's memberships of today. What comes back are unsaved rows of
the models themselves, so that pages show them as they show the rows of today; they are for reading only.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet

from actionplans.models import (
    Action,
    ActionObjective,
    ActionParticipant,
    ActionPlan,
    TermsOfReference,
)
from actionplans.querysets import ADOPTED
from editing.history import MOMENT
from strategy_portal.dates import BRUSSELS


def events_at(model: type[Model], on: date) -> QuerySet:
    """The event that tells how each row stood at the end of a day; rows that were removed by then have none."""
    after = datetime.combine(on + timedelta(days=1), time.min, tzinfo=BRUSSELS)
    events = model.pgh_event_models["insert"].objects  # type: ignore[attr-defined]
    newest = (
        events.annotate(moment=MOMENT)
        .filter(moment__lt=after)
        .order_by("pgh_obj_id", "-moment", "-pgh_id")
        .distinct("pgh_obj_id")
    )
    return events.filter(pgh_id__in=newest.values("pgh_id")).exclude(pgh_label="delete")


def plans_at(on: date, user: Any) -> list[ActionPlan]:
    """The plans as they stood, newest first; without `is_whole` only number, period and some actions are seen."""
    counted: dict[int, int] = defaultdict(int)
    for plan in _seen_actions(on, user).values_list("plan", flat=True):
        counted[plan] += 1
    plans = _plans(_seen_plans(on, user))
    for plan in plans:
        plan.action_count = counted[plan.pk]
    return plans


def plan_at(number: int, on: date, user: Any) -> ActionPlan | None:
    """The plan that had a number on a day, with `is_whole` and its decision; None where none is shown to the reader."""
    events = (
        _seen_plans(on, user)
        .filter(number=number)
        .select_related("adoption__meeting__body", "adoption__silence__body")
    )
    return next(iter(_plans(events)), None)


def actions_at(plan: ActionPlan, on: date, user: Any) -> list[Action]:
    """The actions of a plan as they stood and were arranged, each with its lead and the objectives that it served."""
    actions = _actions(_seen_actions(on, user).filter(plan=plan.pk), {plan.pk: plan})
    return _with_objectives(plan.arranged(actions), on)


def action_at(plan: ActionPlan, number: int, on: date, user: Any) -> Action | None:
    """One action as it stood, with those who took part and its terms of reference; None where none is shown."""
    events = _seen_actions(on, user).filter(plan=plan.pk, number=number)
    action = next(iter(_with_objectives(_actions(events, {plan.pk: plan}), on)), None)
    if action is None:
        return None
    parts = events_at(ActionParticipant, on).filter(action=action.pk).select_related("delegation")
    parts = list(parts.order_by("delegation__protocol_order"))
    action.shown_co_leads = [part.delegation for part in parts if part.role == "co_lead"]
    action.shown_participants = [part.delegation for part in parts if part.role == "participant"]
    terms = _seen(TermsOfReference, on, user).filter(action=action.pk).order_by("-version").first()
    action.shown_terms = _row(TermsOfReference, terms) if terms else None
    return action


def serving_at(objectives: Iterable[int], on: date, user: Any) -> dict[int, list[Action]]:
    """The actions that served objectives on a day, by objective; newest plan first."""
    links = (
        events_at(ActionObjective, on)
        .filter(objective__in=list(objectives))
        .values_list("objective", "action")
    )
    by_action: dict[int, list[int]] = defaultdict(list)
    for objective, action in links:
        by_action[action].append(objective)
    events = _seen_actions(on, user).filter(pgh_obj_id__in=by_action)
    plans = {plan.pk: plan for plan in _plans(_seen_plans(on, user))}
    found: dict[int, list[Action]] = defaultdict(list)
    for action in sorted(_actions(events, plans), key=lambda action: (-action.plan.number, action.number)):
        for objective in by_action[action.pk]:
            found[objective].append(action)
    return found


def first_day_of_plans(user: Any) -> date | None:
    """The first day on which a plan stood in the portal in a state that is shown to this reader."""
    seen = ActionPlan.objects.all().seen_by(user, row="pgh_obj_id")
    events = ActionPlan.pgh_event_models["insert"].objects.filter(seen)  # type: ignore[attr-defined]
    first = events.annotate(moment=MOMENT).order_by("moment").values_list("moment", flat=True).first()
    return first.astimezone(BRUSSELS).date() if first else None


def _seen(model: type[Model], on: date, user: Any) -> QuerySet:
    """The events of a day of which the reader may see the state that they hold."""
    if not user.is_authenticated or not user.is_active:
        return events_at(model, on).none()
    rows = model._default_manager.all()
    return events_at(model, on).filter(rows.seen_by(user, row="pgh_obj_id"))


def _seen_actions(on: date, user: Any) -> QuerySet:
    """Actions as they stood. Delegations see a proposed one once its plan or its terms were tabled (DESIGN 7).

    One that an amendment would have added was not in its plan before the application.
    """
    plans = events_at(ActionPlan, on)
    outside = Q(status="proposed", plan__in=plans.filter(status__in=ADOPTED).values("pgh_obj_id"))
    seen = _seen(Action, on, user).exclude(outside)
    if not user.is_delegate:
        return seen
    terms = events_at(TermsOfReference, on).exclude(status="draft").values("action")
    shown = Q(plan__in=plans.filter(status="tabled").values("pgh_obj_id")) | Q(pgh_obj_id__in=terms)
    return seen | events_at(Action, on).filter(shown).exclude(outside)


def _seen_plans(on: date, user: Any) -> QuerySet:
    """Plans as they stood, newest first, each with whether it `is_whole`: seen not for some of its actions alone."""
    whole = Q(pgh_id__in=_seen(ActionPlan, on, user).values("pgh_id"))
    events = events_at(ActionPlan, on).annotate(is_whole=ExpressionWrapper(whole, BooleanField()))
    shown = Q(is_whole=True) | Q(pgh_obj_id__in=_seen_actions(on, user).values("plan"))
    return events.filter(shown).order_by("-starts_on", "-number")


def _plans(events: QuerySet) -> list[ActionPlan]:
    """Rows of plans with what their events were found with."""
    plans = []
    for event in events:
        plan = _row(ActionPlan, event)
        plan.is_whole = event.is_whole
        if event.is_whole and "adoption" in event._state.fields_cache:
            plan.adoption = event.adoption
        plans.append(plan)
    return plans


def _actions(events: QuerySet, plans: dict[int, ActionPlan]) -> list[Action]:
    """Rows of actions by their number, with the plans as they stood and their leads."""
    actions = []
    for event in events.select_related("lead").order_by("number"):
        if event.plan_id in plans:
            action = _row(Action, event)
            action.plan, action.lead = plans[event.plan_id], event.lead
            actions.append(action)
    return actions


def _with_objectives(actions: list[Action], on: date) -> list[Action]:
    served = defaultdict(list)
    links = events_at(ActionObjective, on).filter(action__in=[action.pk for action in actions])
    for link in links.select_related("objective__strategy"):
        served[link.action_id].append(link.objective)
    for action in actions:
        action.shown_objectives = sorted(
            served[action.pk], key=lambda objective: (objective.order, objective.code)
        )
    return actions


def _row(model: type[Model], event: Any) -> Any:
    """The row that an event holds, as it was stored."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(event._state.db, names, [getattr(event, name) for name in names])
