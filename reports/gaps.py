"""Where the chain is broken today, each place with the form that mends it. For the secretariat, which sees everything.

What is over is left alone: actions that have ended, plans that are withdrawn, evaluated or closed, closed operations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.consulted import asked_about
from actionplans.held_objectives import EARLIER, NONE, WITHDRAWN, lack_of, names_of
from actionplans.models import Action, ActionPlan, TermsOfReference, Wording
from actionplans.querysets import UNFINISHED
from council.record_card import record_of
from jcos.models import Operation, Participation, Submission
from publishing.figures import Cell, Column
from publishing.words import day_words
from reports import mending
from reports.chain import actions_seen
from reports.objectives import Text, text_in_force
from strategy_portal.dates import delay_days
from strategy_portal.workflow import Reason

LONGEST_LIST = 6  # delegations that are named; the others are counted
OPEN = ["proposed", *UNFINISHED]
OVER = ["evaluated", "closed"]  # states of a plan of which nothing is mended any more


@dataclass(frozen=True)
class Gap:
    """One broken link: what it is about, what is missing, and where that is mended."""

    label: str
    title: str
    url: str
    missing: str
    mend: str
    mend_url: str


@dataclass(frozen=True)
class GapGroup:
    """The gaps of one kind; `none` is said where there is none.

    `ended` are actions of the kind that nothing can mend any more: they are named, so that the numbers of the coverage
    are found again, and counted nowhere here.
    """

    key: str
    title: str
    none: str
    gaps: Sequence[Gap]
    ended: Sequence[Action] = ()


def gap_groups(user, today: date) -> list[GapGroup]:
    """All gaps by kind; the number of queries does not depend on how many there are."""
    whole = ActionPlan.objects.seen_whole(user).alive().exclude(status__in=OVER)
    plans = list(whole.annotate(record_row=record_of(ActionPlan, user)))
    asked = asked_about(Action.objects.filter(plan__in=plans))
    text, actions = text_in_force(user), _open_actions(user, plans, asked)
    ended = list(_ended_without(user))

    def lacking(lack: str, said) -> dict:
        return {
            "gaps": [said(action) for action in actions if lack_of(action) == lack],
            "ended": [action for action in ended if lack_of(action) == lack],
        }

    return [
        GapGroup(
            "objectives", _("Objectives without an action in the current or the next plan"),
            _("Every objective has an action in the current and in the next plan."),
            list(_objectives(user, text, plans, today, asked)),
        ),
        GapGroup(
            "unlinked", _("Actions without an objective"), _("No action is without an objective."),
            **lacking(NONE, lambda action: _of_action(action, _("Objective"))),
        ),
        GapGroup(
            "withdrawn", _("Actions that serve only withdrawn objectives"),
            _("No action serves only objectives that the strategy has withdrawn."),
            **lacking(WITHDRAWN, lambda action: _of_action(action, _only_withdrawn(action))),
        ),
        GapGroup(
            "earlier", _("Actions that serve only objectives of an earlier strategy"),
            _("No action serves only objectives of a strategy that a later one has replaced."),
            **lacking(EARLIER, lambda action: _of_earlier(action, text)),
        ),
        GapGroup(
            "terms", _("Actions without agreed terms of reference"),
            _("Every action has agreed terms of reference."),
            [_of_terms(action) for action in actions if not action.has_agreed_terms],
        ),
        GapGroup(
            "lead", _("Actions without a lead"), _("Every action has a lead."),
            [_of_action(action, _("Lead")) for action in actions if action.lead_id is None],
        ),
        GapGroup(
            "results", _("Operations without results after the due date"),
            _("No operation lacks results after its due date."), list(_operations(user, today)),
        ),
    ]  # fmt: skip


# -- objectives ---------------------------------------------------------------------------


def current_and_next(plans: Sequence[ActionPlan], today: date) -> list[ActionPlan]:
    """The plan that runs today and the one that comes next: adopted, tabled or in draft (either may be missing)."""
    current = [plan for plan in plans if plan.phase(today) == "current"]
    coming = [plan for plan in plans if plan.starts_on > today]
    return [*current, *sorted(coming, key=lambda plan: (plan.starts_on, plan.number))[:1]]


def _objectives(
    user, text: Text, plans: Sequence[ActionPlan], today: date, asked: Mapping[int, Reason]
) -> Iterator[Gap]:
    shown = current_and_next(plans, today)
    yield from _plans_missing(plans, shown, today)
    coming = next((plan for plan in shown if plan.starts_on > today), None)
    served: dict[int, dict[int, Action]] = {plan.pk: {} for plan in shown}
    for action in actions_seen(user).filter(plan__in=served):
        action.asked_about = asked.get(action.pk, "")
        served[action.plan_id].update(dict.fromkeys(action.objective_ids, action))
    for words in text.counted:
        points = text.with_sub_points(words)
        found = {
            plan: next((served[plan.pk][pk] for pk in points if pk in served[plan.pk]), None)
            for plan in shown
        }
        if not all(found.values()):
            yield _of_objective(words, found, coming)


def _plans_missing(plans: Sequence[ActionPlan], shown: Sequence[ActionPlan], today: date) -> Iterator[Gap]:
    """A plan that is not there serves no objective at all."""
    listed = reverse("actionplans:actionplan_list")
    if not any(plan.starts_on <= today for plan in shown):
        mend = mending.current_plan(plans, today)
        yield Gap(_("The current plan"), "", listed, _("No adopted plan runs today"), *mend)
    if not any(plan.starts_on > today for plan in shown):
        add = reverse("actionplans:actionplan_create")
        yield Gap(_("The next plan"), "", listed, _("It is not begun yet"), _("Create the plan"), add)


def _of_objective(words: Wording, found: dict[ActionPlan, Action | None], coming: ActionPlan | None) -> Gap:
    """`found` has for each plan an action that serves the objective, or None."""
    lacking = [plan for plan, action in found.items() if action is None]
    next_action = found.get(coming)
    missing = [_("No action in %(plans)s") % {"plans": ", ".join(map(str, lacking))}]
    missing += [str(plan.why_locked()).rstrip(".") for plan in lacking if plan.why_locked()]
    if next_action:
        missing.append(_("%(action)s takes it up") % {"action": next_action})
    return Gap(
        words.objective.code, words.text, words.objective.get_absolute_url(), ". ".join(missing),
        *mending.objective(words.objective, lacking, coming, next_action),
    )  # fmt: skip


# -- actions ------------------------------------------------------------------------------


def _open_actions(user, plans: Sequence[ActionPlan], asked: Mapping[int, Reason]) -> list[Action]:
    """The actions of these plans that have not ended: whether they serve an objective in force, their newest terms.

    Each with its plan and whether it is `asked` about, so that none asks anew why it is locked.
    """
    newest = TermsOfReference.objects.visible_to(user).latest()
    actions = list(
        Action.objects.visible_to(user)
        .in_their_plans()
        .filter(plan__in=plans, status__in=OPEN)
        .with_readiness()
        .with_held_objectives()
        .prefetch_related(Prefetch("terms", queryset=newest, to_attr="newest_terms"))
        .order_by("plan__number", "number")
    )
    by_pk = {plan.pk: plan for plan in plans}
    for action in actions:
        action.plan, action.asked_about = by_pk[action.plan_id], asked.get(action.pk, "")
    return actions


def _ended_without(user):
    """The actions that have ended, or whose plan has, and that serve no objective in force."""
    plans = ActionPlan.objects.seen_whole(user).alive()
    is_over = ~Q(status__in=OPEN) | Q(plan__status__in=OVER)
    return (
        Action.objects.visible_to(user)
        .in_their_plans()
        .filter(is_over, plan__in=plans.values("pk"))
        .select_related("plan")
        .with_held_objectives()
        .filter(serves_in_force=False)
        .order_by("plan__number", "number")
    )


def _only_withdrawn(action: Action) -> str:
    return _("Serves only withdrawn objectives: %(codes)s") % {"codes": ", ".join(names_of([action]))}


def _of_earlier(action: Action, text: Text) -> Gap:
    missing = _("Serves only objectives of an earlier strategy: %(codes)s") % {
        "codes": ", ".join(names_of([action]))
    }
    mend = mending.earlier_objectives(action, text)
    return Gap(str(action), action.title, action.get_absolute_url(), missing, *mend)


def _of_action(action: Action, missing: str) -> Gap:
    why = action.why_locked()
    said = f"{missing}. {why}" if why else missing
    return Gap(str(action), action.title, action.get_absolute_url(), said, *mending.field_of_action(action))


def _of_terms(action: Action) -> Gap:
    terms = next(iter(action.newest_terms), None)
    if terms is None:
        missing = _("None are written yet")
    elif terms.status == TermsOfReference.Status.DRAFT:
        missing = _("Version %(number)d is a draft") % {"number": terms.version}
    elif terms.status == TermsOfReference.Status.TABLED:
        missing = _("Version %(number)d is tabled") % {"number": terms.version}
    else:
        missing = _("Version %(number)d states no main goals or outcome") % {"number": terms.version}
    if action.status != Action.Status.PROPOSED:
        missing = f"{missing}. {action.why_locked()}"
    return Gap(str(action), action.title, action.get_absolute_url(), missing, *mending.terms(action, terms))


# -- operations ------------------------------------------------------------------------------


def _operations(user, today: date) -> Iterator[Gap]:
    """Operations past their due date in which somebody who takes part has not handed in, or nobody takes part."""
    handed_in = Submission.objects.filter(
        operation=OuterRef("operation"),
        delegation=OuterRef("delegation"),
        status__in=["submitted", "validated"],
    )
    owing = Participation.objects.confirmed().with_days().annotate(has_handed_in=Exists(handed_in))
    late = (
        Operation.objects.visible_to(user)
        .filter(kind=Operation.Kind.JCO, results_due_on__lt=today)
        .filter(status__in=[*Operation.RUNNING, *Operation.TAKES_RESULTS])
        .prefetch_related(
            Prefetch("participations", queryset=owing.select_related("delegation"), to_attr="owing")
        )
        .annotate(record_row=record_of(Operation, user))  # whether a silence procedure holds it
        .order_by("results_due_on", "name")
    )
    for operation in late:
        missing = [
            part.delegation.name
            for part in operation.owing
            if not part.has_handed_in and delay_days(part.due_in_force, None, today)
        ]
        if not missing and operation.owing:
            continue
        mend = mending.late_results(operation)
        due = _("due on %(day)s") % {"day": day_words(operation.results_due_on)}
        yield Gap(
            label=operation.name,
            title=f"{operation.get_status_display()}, {due}",
            url=operation.get_absolute_url(),
            missing=_named(missing) if missing else _("Nobody has confirmed that they take part"),
            mend=mend.label,
            mend_url=mend.url,
        )


def _named(names: Sequence[str]) -> str:
    more = len(names) - LONGEST_LIST
    listed = ", ".join(names[:LONGEST_LIST])
    return _("%(names)s and %(count)d more") % {"names": listed, "count": more} if more > 0 else listed


# -- as a table ---------------------------------------------------------------------------------


def gap_columns() -> list[Column]:
    """The headings of the gaps as a file."""
    return [
        Column(_("Gap")), Column(_("What")), Column(_("Title")), Column(_("Missing")), Column(_("To do")),
        Column(_("Address")),
    ]  # fmt: skip


def gap_cells(groups: Sequence[GapGroup], absolute) -> Iterator[list[Cell]]:
    """The gaps as cells; `absolute` makes an address that also works outside the portal."""
    for group in groups:
        for gap in group.gaps:
            words = [group.title, gap.label, gap.title, gap.missing, gap.mend, absolute(gap.mend_url)]
            yield [Cell(word) for word in words]
