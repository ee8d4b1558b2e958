"""What the dashboard counts about plans and their actions, for one reader on one day.

Every number is the length of a list that `lines()` gives, and the page behind the number shows that same list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from actionplans.deadlines import adoption_due
from actionplans.models import Action, ActionObjective, ActionPlan, Aim, StrategyVersion, Wording
from actionplans.querysets import ADOPTED, UNFINISHED
from reports import headlines
from reports.objectives import Text
from strategy_portal.dates import add_months, days_left, delay_days

NO_AIM = "none"
# The states of an action as a progress report tells them; `delayed` is worked out, the others are the action's own.
STATES = ("completed", "partly_achieved", "in_progress", "delayed", "planned", "carried_over", "discontinued")
PREPARED_MONTHS = 6  # how long before its begin a plan is drawn as being prepared


def sees_progress(user) -> bool:
    """Whether anything of the dashboard concerns this person at all (an administrator sees only what everyone does)."""
    return user.is_secretariat or user.is_committee or bool(user.delegation_ids)


# -- the actions of a plan ----------------------------------------------------------


@dataclass(frozen=True)
class ActionLine:
    """An action as the dashboard counts it: its state on the day, its delay and the aims that it serves."""

    action: Action
    state: str
    delay: int | None
    aims: tuple[str, ...] = ()

    @property
    def is_unfinished(self) -> bool:
        return self.state in {"in_progress", "planned", "delayed"}

    @property
    def is_undated(self) -> bool:
        """Unfinished without an end: whether it is delayed cannot be said."""
        return self.is_unfinished and self.delay is None


@dataclass(frozen=True)
class PlanStatus:
    """The actions of one plan, and the aims of the strategy that it serves."""

    plan: ActionPlan | None
    all_lines: Sequence[ActionLine] = ()
    aims: Sequence[Aim] = ()

    def lines(self, *, aim: str = "", state: str = "", undated: bool = False) -> list[ActionLine]:
        """The actions behind a number. `aim` is a letter, or "none" for actions that serve no objective in force."""
        return [
            line
            for line in self.all_lines
            if (not aim or (aim in line.aims if aim != NO_AIM else not line.aims))
            and (not state or line.state == state)
            and (not undated or line.is_undated)
        ]

    def count(self, **which) -> int:
        return len(self.lines(**which))

    def by_aim(self) -> list[tuple[str, dict[str, int]]]:
        """Of each aim, and of none, how many actions are in which state; an action counts under each aim it serves."""
        keys = [*(aim.letter for aim in self.aims), NO_AIM]
        return [(key, {state: self.count(aim=key, state=state) for state in STATES}) for key in keys]


def state_on(action: Action, today: date) -> str:
    """The state of an action in the words of a progress report: delayed when unfinished past its end."""
    if action.status in UNFINISHED and delay_days(action.ends_on, None, today):
        return "delayed"
    return "planned" if action.status == "proposed" else action.status


def plan_status(user, plan: ActionPlan | None, today: date, text: Text | None = None) -> PlanStatus:
    """The actions of a plan that a person sees, each with the aims its objectives stand under in the text in force.

    `text` is the text in force of the newest strategy, where it has been read already.
    """
    if plan is None:
        return PlanStatus(None)
    served = ActionObjective.objects.filter(action=OuterRef("pk")).values("objective")
    actions = (
        Action.objects.visible_to(user).in_their_plans().filter(plan=plan).select_related("plan", "lead")
        .annotate(objective_ids=ArraySubquery(served)).order_by("number")
    )  # fmt: skip
    aims, letters = _aims_in_force(user, plan, text)
    lines = [
        ActionLine(
            action=action,
            state=state_on(action, today),
            delay=delay_days(action.ends_on, None, today) if action.status in UNFINISHED else 0,
            aims=tuple(sorted({letters[pk] for pk in action.objective_ids if pk in letters})),
        )
        for action in actions
    ]
    return PlanStatus(plan, lines, aims)


def _aims_in_force(user, plan: ActionPlan, text: Text | None) -> tuple[list[Aim], dict[int, str]]:
    """The aims of the strategy's text in force, and the letter of the aim under which each objective stands there."""
    if text is not None and text.version is not None and text.version.strategy_id == plan.strategy_id:
        wordings = sorted(text.wordings, key=lambda words: words.block.aim.order)
    else:
        versions = StrategyVersion.objects.visible_to(user).filter(
            strategy=plan.strategy_id, status="in_force"
        )
        wordings = (
            Wording.objects.filter(version__in=versions.values("pk"))
            .select_related("block__aim")
            .order_by("block__aim__order")
        )
    found = [(wording.objective_id, wording.block.aim) for wording in wordings]
    return list({aim.pk: aim for _pk, aim in found}.values()), {pk: aim.letter for pk, aim in found}


# -- plan cycles and the adoption clock -----------------------------------------------


@dataclass(frozen=True)
class PlanCycle:
    """A plan on the timeline. `margin` is how many days before its deadline it was adopted (negative: after)."""

    plan: ActionPlan
    look: str
    adopt_by: date | None
    adopted_on: date | None

    @property
    def margin(self) -> int | None:
        if self.adopt_by is None or self.adopted_on is None:
            return None
        return days_left(self.adopt_by, self.adopted_on)

    @property
    def margin_words(self) -> str:
        """The margin in words: "11 days early"; "" where there is none."""
        return "" if self.margin is None else headlines.margin_words(self.margin)

    @property
    def prepared_from(self) -> date:
        return add_months(self.plan.starts_on, -PREPARED_MONTHS)


@dataclass(frozen=True)
class AdoptionClock:
    """Where the adoption of the next plan stands. `state` is none (no adopted plan), due or adopted.

    `number` is the next plan's, None while nobody has begun it (or its draft is not shown to the reader); `after` is
    the number of the plan whose end sets the deadline. `days` are left (due) or were left when it was adopted.
    """

    state: str
    number: int | None = None
    after: int | None = None
    adopt_by: date | None = None
    adopted_on: date | None = None
    days: int = 0


def plans_seen(user) -> list[ActionPlan]:
    """The plans that a person sees whole and that were not withdrawn, the newest first."""
    return list(
        ActionPlan.objects.seen_whole(user).alive().with_predecessor().order_by("-starts_on", "-number")
    )


def cycles(plans: Sequence[ActionPlan], today: date) -> list[PlanCycle]:
    """The plans as cycles, the oldest first."""
    return [
        PlanCycle(plan, plan.phase(today) or "draft", plan.adopt_by, plan.adopted_on)
        for plan in sorted(plans, key=lambda p: (p.starts_on, p.number))
    ]


def _followed(plan: ActionPlan, adopted: Sequence[ActionPlan], today: date) -> bool:
    """Whether an adopted plan begins the day after this one ends, or a later one has begun meanwhile."""
    return any(
        p.starts_on > plan.ends_on
        and (p.starts_on <= plan.ends_on + timedelta(days=1) or p.starts_on <= today)
        for p in adopted
    )


def adoption_clock(plans: Sequence[ActionPlan], today: date) -> AdoptionClock:
    """How long there is to adopt the plan after the last adopted one, or how early the coming plan was adopted.

    A new plan is to be adopted at least two months before the current one ends (15198/09, II.2).
    """
    adopted = sorted((p for p in plans if p.status in ADOPTED), key=lambda p: p.starts_on)
    if not adopted:
        return AdoptionClock("none")
    last = next(p for p in adopted if not _followed(p, adopted, today))
    if last.phase(today) == "upcoming" and last != adopted[0]:
        before = adopted[adopted.index(last) - 1]
        due = adoption_due(before.ends_on)
        return AdoptionClock(
            "adopted", last.number, before.number, due, last.adopted_on, days_left(due, last.adopted_on)
        )
    coming = min(
        (p for p in plans if p.status not in ADOPTED and p.starts_on > last.starts_on),
        key=lambda p: p.starts_on,
        default=None,
    )
    due = adoption_due(last.ends_on)
    return AdoptionClock(
        "due", coming.number if coming else None, last.number, due, None, days_left(due, today)
    )


def plan_shown(plans: Sequence[ActionPlan], today: date) -> ActionPlan | None:
    """The plan that the dashboard opens with: the current one, else the last begun, else the newest."""
    adopted = [p for p in plans if p.status in ADOPTED]
    running = [p for p in adopted if p.phase(today) == "current"]
    begun = [p for p in adopted if p.starts_on <= today]
    return next(iter([*running, *begun, *adopted, *plans]), None)


# -- what the reader chose ---------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """What a reader chose to see, and the lists it was chosen from; each list is one query."""

    plans: list[ActionPlan] = field(default_factory=list)
    operations: list = field(default_factory=list)
    plan: ActionPlan | None = None
    year: int | None = None
    operation: object | None = None
    text: Text | None = (
        None  # the objectives that aim and addressees narrow; None until somebody asks for them
    )
    aim: str = ""
    addressees: str = ""

    def operations_shown(self) -> list:
        """The operations of the choice: one, those of a year, or all that the reader sees."""
        return [
            o
            for o in self.operations
            if (self.operation is None or o.pk == self.operation.pk)
            and (self.year is None or o.in_year == self.year)
        ]
