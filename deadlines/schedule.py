"""Every deadline the portal knows: what is due, when, who owes it, and how they are reminded. One screen.

The days of reminders that stand here are those that the portal is delivered with; the secretariat changes them in
`LeadTimes`. Nothing here looks at a clock: the day is always an argument.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Delegation
from actionplans.models import Action, ActionPlan, Milestone, TermsOfReference
from actionplans.progress import PeriodNote
from actionplans.progress import owed_by as note_owed_by
from actionplans.querysets import ADOPTED
from council.models import Position, Presidency, SilenceProcedure
from jcos.models import Participation
from publishing.words import clock_words

ESCALATION_DAYS = 30  # from then on the Presidency is reminded of the next plan too: the agenda is its to set


class Owner(NamedTuple):
    """The post that owes something: a delegation in a role or, without a delegation, the secretariat."""

    holder: str
    delegation: Delegation | None = None


SECRETARIAT = Owner("submitter")


class Rule(NamedTuple):
    """One kind of deadline.

    `rows` gives what is owed and not done; `due` its day; `owners` whose posts owe it on a day; `text` says what to do,
    verb first; `link` is where. `days_before` and `overdue_every` are what the portal is delivered with.
    """

    code: str
    label: Any
    rows: Callable[[], QuerySet[Any]]
    due: Callable[[Any], date | None]
    days_before: tuple[int, ...]
    overdue_every: int | None
    owners: Callable[[Any, date], list[Owner]]
    text: Callable[[Any], str]
    link: Callable[[Any], str]
    shared: Callable[[Iterable[Any]], Iterable[Any]] = (
        list  # lets the rows share what they would each look for
    )
    owing: Callable[[date], Any] | None = (
        None  # where delegations owe it: the condition on a delegation (`OuterRef("pk")`) that it does
    )


# -- the next plan is adopted two months before the current one ends (15198/09, II.2) ------------------------


def next_plan(ending: ActionPlan) -> ActionPlan | None:
    """The plan in preparation that follows an adopted one, or None; asked once for each row."""
    if not hasattr(ending, "_next_plan"):
        preparing = ActionPlan.objects.filter(status__in=["draft", "tabled"], ends_on__gt=ending.ends_on)
        ending._next_plan = preparing.order_by("starts_on").first()
    found: ActionPlan | None = ending._next_plan
    return found


def adoption_owners(ending: ActionPlan, day: date) -> list[Owner]:
    """The secretariat; then, from 30 days before the deadline, the delegation that holds the Presidency on that day."""
    owners = [SECRETARIAT]
    presidency = Presidency.objects.on(day)
    if presidency is not None and (ending.successor_adopt_by - day).days <= ESCALATION_DAYS:
        owners.append(Owner("submitter", presidency.delegation))
    return owners


def adoption_text(ending: ActionPlan) -> str:
    following = next_plan(ending)
    if following is None:
        return _("Prepare the plan that follows plan %(number)d") % {"number": ending.number}
    return _("Have plan %(number)d adopted") % {"number": following.number}


def adoption_link(ending: ActionPlan) -> str:
    following = next_plan(ending)
    return following.get_absolute_url() if following else reverse("actionplans:actionplan_list")


# -- actions enter a plan on written terms of reference (15198/09, II.2) -------------------------------------


def terms_rows() -> QuerySet[Action]:
    """Actions of plans in preparation that lack agreed terms of reference, each with the state of its open version."""
    open_terms = TermsOfReference.objects.filter(action=OuterRef("pk"), status__in=["draft", "tabled"])
    before = ActionPlan.objects.alive().before(OuterRef("plan__starts_on"))
    return (
        Action.objects.without_agreed_terms()
        .filter(plan__status__in=["draft", "tabled"])
        .annotate(
            open_terms=Subquery(open_terms.values("status")[:1]),
            predecessor_ends_on=Subquery(before.values("ends_on")[:1]),
        )
        .select_related("lead", "plan")
        .order_by("plan__starts_on", "number")
    )


def with_shared_plans(actions: Iterable[Action]) -> Iterator[Action]:
    """The same actions, those of one plan with one plan object.

    Where they bring the end of the plan that theirs follows, that object knows it.
    """
    plans: dict[int, ActionPlan] = {}
    for action in actions:
        if hasattr(action, "predecessor_ends_on"):
            action.plan.predecessor_ends_on = action.predecessor_ends_on
        action.plan = plans.setdefault(action.plan_id, action.plan)
        yield action


def terms_due(action: Action) -> date:
    """The day by which the plan is to be adopted; for the first plan, the day it begins."""
    return action.plan.adopt_by or action.plan.starts_on


def terms_owners(action: Action, day: date) -> list[Owner]:
    """The lead's contact point writes them; the secretariat where nobody leads, and once they are tabled."""
    if action.lead is None or action.open_terms == "tabled":
        return [SECRETARIAT]
    return [Owner("contact_point", action.lead)]


def terms_owing(day: date) -> Exists:
    return Exists(
        terms_rows().order_by().filter(~Q(open_terms="tabled") | Q(open_terms=None), lead=OuterRef("pk"))
    )


def terms_text(action: Action) -> str:
    if action.open_terms == "tabled":
        return _("Have the terms of reference of action %(number)s agreed") % {"number": action.reference}
    if action.open_terms == "draft":
        return _("Finish the terms of reference of action %(number)s") % {"number": action.reference}
    return _("Write the terms of reference of action %(number)s") % {"number": action.reference}


def terms_link(action: Action) -> str:
    if action.open_terms == "tabled":
        return reverse("actionplans:terms_detail", args=[action.plan.number, action.number])
    name = "terms_edit" if action.open_terms == "draft" else "terms_create"
    return reverse(f"actionplans:{name}", args=[action.plan.number, action.number])


# -- the lead of an action reports on each period of the plan ------------------------------------------------


def note_rows() -> QuerySet[Action]:
    """Unfinished actions of adopted plans with their progress notes; what is owed is the first that is not there."""
    rows = Action.objects.unfinished().filter(plan__status__in=ADOPTED)
    return rows.with_notes().select_related("lead", "plan").order_by("plan__starts_on", "number")


def note_owed(action: Action) -> PeriodNote | None:
    """The first note that the lead has not handed in, or None; worked out once for each row."""
    if not hasattr(action, "_note_owed"):
        action._note_owed = note_owed_by(action)
    found: PeriodNote | None = action._note_owed
    return found


def note_due(action: Action) -> date | None:
    owed = note_owed(action)
    return owed.due_on if owed else None


def lead_owners(action: Action, day: date) -> list[Owner]:
    """The submitters of the lead; the secretariat where nobody leads."""
    return [Owner("submitter", action.lead) if action.lead else SECRETARIAT]


def note_owing(day: date) -> Exists:
    """Whoever leads a running action reports on it, this period or the next."""
    running = Action.objects.unfinished().filter(plan__status__in=ADOPTED)
    return Exists(running.filter(lead=OuterRef("pk")))


def note_text(action: Action) -> str:
    owed = note_owed(action)
    words = {"number": action.reference, "period": owed.period if owed else ""}
    if owed and owed.status == "returned":
        return _("Correct the progress note on action %(number)s, %(period)s") % words
    return _("Submit the progress note on action %(number)s, %(period)s") % words


def note_link(action: Action) -> str:
    owed = note_owed(action)
    name = "edit" if owed and owed.status else "create"
    if owed is None:
        return action.get_absolute_url()
    address = [action.plan.number, action.number, owed.period.ends_on]
    return reverse(f"actionplans:progressnote_{name}", args=address)


# -- milestones of agreed terms of reference -----------------------------------------------------------------


def milestone_rows() -> QuerySet[Milestone]:
    """Milestones of unfinished actions that are not reached; an agreed later day is the one that counts."""
    return Milestone.objects.waiting().select_related("terms__action__plan", "terms__action__lead")


def milestone_owners(milestone: Milestone, day: date) -> list[Owner]:
    return lead_owners(milestone.terms.action, day)


def milestone_owing(day: date) -> Exists:
    return Exists(Milestone.objects.waiting().order_by().filter(terms__action__lead=OuterRef("pk")))


def milestone_text(milestone: Milestone) -> str:
    words = {"number": milestone.terms.action.reference, "title": milestone.title}
    return _("Reach the milestone of action %(number)s, or say when it was reached: %(title)s") % words


# -- results of Joint Customs Operations (15198/09, I.5) -----------------------------------------------------


def result_rows() -> QuerySet[Participation]:
    """Who owes results; an agreed later day is the one that counts."""
    return Participation.objects.awaiting_result().with_days().select_related("operation", "delegation")


def result_owners(participation: Participation, day: date) -> list[Owner]:
    return [Owner("submitter", participation.delegation)]


def result_owing(day: date) -> Exists:
    return Exists(result_rows().filter(delegation=OuterRef("pk")))


def result_text(participation: Participation) -> str:
    return _("Submit the results of operation %(name)s") % {"name": participation.operation.name}


def result_link(participation: Participation) -> str:
    return reverse(
        "jcos:submission_detail", args=[participation.operation.slug, participation.delegation.code]
    )


# -- silence procedures: who does not object by the end agrees -----------------------------------------------


def silence_rows() -> QuerySet[SilenceProcedure]:
    return SilenceProcedure.objects.running()


def silence_owners(procedure: SilenceProcedure, day: date) -> list[Owner]:
    """Only those that have not answered."""
    return [Owner("submitter", delegation) for delegation in procedure.unanswered()]


def silence_owing(day: date) -> Q:
    answered = Position.objects.filter(procedure=OuterRef("pk"), delegation=OuterRef(OuterRef("pk")))
    return Q(pk__in=Delegation.objects.sitting(day).values("pk")) & Q(
        Exists(silence_rows().filter(~Exists(answered)))
    )


def silence_text(procedure: SilenceProcedure) -> str:
    words = {"thing": procedure.about, "time": clock_words(procedure.closes_at)}
    return _("Answer the silence procedure on %(thing)s (open until %(time)s)") % words


RULES: tuple[Rule, ...] = (
    Rule(
        "adopt-next-plan", gettext_lazy("Adoption of the next plan"),
        ActionPlan.objects.awaiting_successor, lambda plan: plan.successor_adopt_by,
        (180, 120, 90, 60, 30, 14, 7, 1, 0), 7,
        adoption_owners, adoption_text, adoption_link,
    ),
    Rule(
        "terms-missing", gettext_lazy("Terms of reference"),
        terms_rows, terms_due,
        (60, 30, 14, 7, 1, 0), 7,
        terms_owners, terms_text, terms_link, with_shared_plans, terms_owing,
    ),
    Rule(
        "result-due", gettext_lazy("Results of an operation"),
        result_rows, lambda participation: participation.due_in_force,
        (30, 14, 7, 1, 0), 7,
        result_owners, result_text, result_link, owing=result_owing,
    ),
    Rule(
        "silence-answer", gettext_lazy("Answer to a silence procedure"),
        silence_rows, lambda procedure: procedure.closed_on,
        (3, 1, 0), None,
        silence_owners, silence_text, SilenceProcedure.get_absolute_url, owing=silence_owing,
    ),
    Rule(
        "note-due", gettext_lazy("Progress note"),
        note_rows, note_due,
        (14, 7, 1, 0), 7,
        lead_owners, note_text, note_link, owing=note_owing,
    ),
    Rule(
        "milestone-due", gettext_lazy("Milestone"),
        milestone_rows, lambda milestone: milestone.due_in_force,
        (30, 14, 7, 0), 14,
        milestone_owners, milestone_text, Milestone.get_dates_url, owing=milestone_owing,
    ),
)  # fmt: skip
BY_CODE = {rule.code: rule for rule in RULES}


# -- who would have to do it ---------------------------------------------------------------------------------


def owing_without_post(day: date) -> QuerySet[Delegation]:
    """Delegations that owe something and have neither contact point nor deputy, with what `owed_by` reads.

    `has_submitter` tells whether there is anybody who could do it.
    """
    conditions = {f"owes_{place}": rule.owing(day) for place, rule in enumerate(RULES) if rule.owing}
    found = Delegation.objects.without_post(day).annotate(
        **{name: ExpressionWrapper(Q(condition), BooleanField()) for name, condition in conditions.items()}
    )
    return found.filter(reduce(or_, (Q(**{name: True}) for name in conditions)))


def owed_by(delegation: Any) -> list[str]:
    """The kinds of things that a delegation of `owing_without_post` owes."""
    return [
        str(rule.label) for place, rule in enumerate(RULES) if getattr(delegation, f"owes_{place}", False)
    ]


# -- which lead times a day has reached ----------------------------------------------------------------------


class Leads(NamedTuple):
    """The lead times of a rule as they stand in the data."""

    days_before: tuple[int, ...]
    overdue_every: int | None


def reached(leads: Leads, due_on: date, day: date) -> list[str]:
    """The lead times that a day has reached, newest first; only the newest is worth telling.

    "30" is thirty days before, "0" the day itself, "+7" a week late: `reached(Leads((30, 14, 0), 7), due, due + 15)`
    is ["+14", "+7", "0", "14", "30"]. Asked is "reached", never "exactly today": a day slept is caught up.
    """
    left = (due_on - day).days
    before = [str(days) for days in sorted(set(leads.days_before)) if days >= left]
    if not leads.overdue_every:
        return before
    newest = -left // leads.overdue_every * leads.overdue_every
    return [f"+{days}" for days in range(newest, 0, -leads.overdue_every)] + before


def days_to(lead_code: str) -> int:
    """How many days before the deadline a lead time lies; negative once it is late: "30" is 30, "+7" is −7."""
    return -int(lead_code) if lead_code.startswith("+") else int(lead_code)
