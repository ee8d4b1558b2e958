"""Where the chain is broken today, each place with the page that mends it. For the secretariat, which sees everything.

What is over is left alone: actions that have ended, plans that are withdrawn, evaluated or closed, closed operations.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.models import Action, ActionObjective, ActionPlan, TermsOfReference, Wording
from actionplans.querysets import UNFINISHED
from jcos.models import Operation, Participation, Submission
from publishing.figures import Cell, Column
from publishing.words import day_words
from reports.chain import actions_seen
from reports.objectives import Text, text_in_force

LONGEST_LIST = 6  # delegations that are named; the others are counted


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
    """The gaps of one kind; `none` is said where there is none."""

    key: str
    title: str
    none: str
    gaps: Sequence[Gap]


def gap_groups(user, today: date) -> list[GapGroup]:
    """All gaps by kind; the number of queries does not depend on how many there are."""
    plans = list(ActionPlan.objects.seen_whole(user).exclude(status__in=["withdrawn", "evaluated", "closed"]))
    actions = list(_open_actions(user, plans))
    return [
        GapGroup(
            "objectives", _("Objectives without an action in the current or the next plan"),
            _("Every objective has an action in the current and in the next plan."),
            list(_objectives(user, text_in_force(user), plans, today)),
        ),
        GapGroup(
            "unlinked", _("Actions without an objective"), _("Every action serves an objective in force."),
            [_of_action(action, _("Objective")) for action in actions if not action.serves_one],
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


def _objectives(user, text: Text, plans: Sequence[ActionPlan], today: date) -> Iterator[Gap]:
    shown = current_and_next(plans, today)
    yield from _plans_missing(shown, today)
    served: dict[int, set[int]] = {plan.pk: set() for plan in shown}
    for action in actions_seen(user).filter(plan__in=served):
        served[action.plan_id].update(action.objective_ids)
    for words in text.counted:
        lacking = [plan for plan in shown if not served[plan.pk] & set(text.with_sub_points(words))]
        if lacking:
            yield _of_objective(words, lacking)


def _plans_missing(shown: Sequence[ActionPlan], today: date) -> Iterator[Gap]:
    """A plan that is not there serves no objective at all."""
    if not any(plan.starts_on <= today for plan in shown):
        plans = reverse("actionplans:actionplan_list")
        yield Gap(
            _("The current plan"), "", plans, _("No adopted plan runs today"), _("See the plans"), plans
        )
    if not any(plan.starts_on > today for plan in shown):
        plans, add = reverse("actionplans:actionplan_list"), reverse("actionplans:actionplan_create")
        yield Gap(_("The next plan"), "", plans, _("It is not begun yet"), _("Create the plan"), add)


def _of_objective(words: Wording, lacking: Sequence[ActionPlan]) -> Gap:
    """An action is added to a draft; an adopted plan is only shown, it changes by amendment."""
    draft = next((plan for plan in lacking if not plan.why_locked()), None)
    plan = draft or lacking[-1]
    return Gap(
        label=words.objective.code,
        title=words.text,
        url=words.objective.get_absolute_url(),
        missing=_("No action in %(plans)s") % {"plans": ", ".join(map(str, lacking))},
        mend=(_("Add an action to %(plan)s") if draft else _("See %(plan)s")) % {"plan": plan},
        mend_url=reverse("actionplans:action_create", args=[plan.number])
        if draft
        else plan.get_absolute_url(),
    )


# -- actions ------------------------------------------------------------------------------


def _open_actions(user, plans: Sequence[ActionPlan]):
    """The actions of these plans that have not ended: whether they serve an objective in force, their newest terms."""
    in_force = Wording.objects.filter(version__status="in_force").values("objective")
    serves = ActionObjective.objects.filter(action=OuterRef("pk"), objective__in=in_force)
    newest = TermsOfReference.objects.visible_to(user).latest()
    return (
        Action.objects.visible_to(user)
        .filter(plan__in=plans, status__in=["proposed", *UNFINISHED])
        .select_related("plan")
        .with_readiness()
        .annotate(serves_one=Exists(serves))
        .prefetch_related(Prefetch("terms", queryset=newest, to_attr="newest_terms"))
        .order_by("plan__number", "number")
    )


def _of_action(action: Action, missing: str) -> Gap:
    why = action.why_locked()
    return Gap(
        label=str(action),
        title=action.title,
        url=action.get_absolute_url(),
        missing=f"{missing}. {why}" if why else missing,
        mend=_("See the action") if why else _("Edit the action"),
        mend_url=action.get_absolute_url()
        if why
        else reverse("actionplans:action_edit", args=[action.plan.number, action.number]),
    )


def _of_terms(action: Action) -> Gap:
    """The next thing to do for the terms: write them, complete the draft, record the agreement."""
    terms, at = next(iter(action.newest_terms), None), [action.plan.number, action.number]
    if terms is None:
        missing, mend = _("None are written yet"), _("Write the terms of reference")
        url = reverse("actionplans:terms_create", args=at)
    elif terms.status == TermsOfReference.Status.DRAFT:
        missing, mend = _("Version %(number)d is a draft"), _("Edit the draft")
        url = reverse("actionplans:terms_edit", args=at)
    elif terms.status == TermsOfReference.Status.TABLED:
        missing, mend = _("Version %(number)d is tabled"), _("Record the agreement")
        url = reverse("council:decision_record", args=["actionplans.termsofreference", terms.pk, "agree"])
    else:
        missing, mend = _("Version %(number)d states no main goals or outcome"), _("See them")
        url = reverse("actionplans:terms_detail", args=at)
    if action.status != Action.Status.PROPOSED and (terms is None or terms.status == "draft"):
        mend, url = _("See the action"), action.get_absolute_url()
    return Gap(
        str(action), action.title, action.get_absolute_url(),
        missing % {"number": terms.version} if terms else missing, mend, url,
    )  # fmt: skip


# -- operations ------------------------------------------------------------------------------


def _operations(user, today: date) -> Iterator[Gap]:
    """Operations past their due date in which somebody who takes part has not handed in, or nobody takes part."""
    handed_in = Submission.objects.filter(
        operation=OuterRef("operation"),
        delegation=OuterRef("delegation"),
        status__in=["submitted", "validated"],
    )
    owing = Participation.objects.confirmed().annotate(has_handed_in=Exists(handed_in))
    late = (
        Operation.objects.visible_to(user)
        .filter(kind=Operation.Kind.JCO, results_due_on__lt=today)
        .filter(status__in=[*Operation.RUNNING, *Operation.TAKES_RESULTS])
        .prefetch_related(
            Prefetch("participations", queryset=owing.select_related("delegation"), to_attr="owing")
        )
        .order_by("results_due_on", "name")
    )
    for operation in late:
        missing = [part.delegation.name for part in operation.owing if not part.has_handed_in]
        if not missing and operation.owing:
            continue
        due = _("due on %(day)s") % {"day": day_words(operation.results_due_on)}
        yield Gap(
            label=operation.name,
            title=f"{operation.get_status_display()}, {due}",
            url=operation.get_absolute_url(),
            missing=_named(missing) if missing else _("Nobody has confirmed that they take part"),
            mend=_("See who has reported") if operation.takes_results else _("Edit the operation"),
            mend_url=reverse(
                "jcos:submission_list" if operation.takes_results else "jcos:operation_edit",
                args=[operation.slug],
            ),
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
