"""What became of an objective: its actions by plan, their terms of reference, operations and validated results.

Everything is what one reader may see, and is found in the same number of queries for one action and for a hundred.
What later serves the chain (evaluations, recommendations) becomes a further field of `ActionChain`, found by action.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from actionplans.models import Action, ActionObjective, ActionPlan, TermsOfReference
from jcos.models import Operation, OperationAction
from reports import results
from reports.objectives import Text
from reports.results import Total

RUNNING_LAST_FIRST = (
    F("operation__starts_on").desc(nulls_last=True), F("operation__year").desc(nulls_last=True), "operation__name",
)  # fmt: skip


@dataclass(frozen=True)
class OperationResults:
    """An operation with what it has found, as this reader sees it.

    `totals` is empty and `is_nil` set where every return that the reader sees says "nothing found"; both are empty
    where the reader sees no validated return: nothing found and nothing known are two things.
    """

    operation: Operation
    totals: Sequence[Total] = ()
    is_nil: bool = False

    @property
    def lines(self) -> int:
        """How many result lines stand behind the totals."""
        return sum(total.lines for total in self.totals)


@dataclass(frozen=True)
class ActionChain:
    """An action with the objectives it serves (`served`: their identities) and everything that follows from it.

    Of the terms of reference only version and state are told.
    """

    action: Action
    served: frozenset[int] = frozenset()
    terms: TermsOfReference | None = None
    operations: Sequence[OperationResults] = ()


@dataclass(frozen=True)
class Chain:
    """The actions of a choice, newest plan first, each with what follows from it."""

    actions: Sequence[ActionChain] = field(default_factory=list)

    def serving(self, objectives: Iterable[int]) -> list[ActionChain]:
        """The actions that serve one of these objectives."""
        wanted = set(objectives)
        return [found for found in self.actions if found.served & wanted]

    def serving_none(self, text: Text) -> list[ActionChain]:
        """The actions that serve no objective of a text."""
        return [found for found in self.actions if not found.served & text.codes.keys()]

    def by_plan(self) -> list[tuple[ActionPlan, list[ActionChain]]]:
        """The actions of each plan, newest plan first."""
        return [
            (plan, list(rows)) for plan, rows in groupby(self.actions, key=lambda found: found.action.plan)
        ]

    @property
    def operations(self) -> list[OperationResults]:
        """The operations of all actions, each once."""
        found = {one.operation.pk: one for chain in self.actions for one in chain.operations}
        return list(found.values())

    @property
    def totals(self) -> list[Total]:
        """The results of all operations, each counted once, per measure, commodity, unit and kind of value."""
        return results.added_up(total for one in self.operations for total in one.totals)


def actions_seen(user) -> QuerySet:
    """The actions that a person sees, with the objectives they serve (`objective_ids`); none of withdrawn plans."""
    served = ActionObjective.objects.filter(action=OuterRef("pk")).values("objective")
    return (
        Action.objects.visible_to(user).in_their_plans().exclude(plan__status="withdrawn")
        .select_related("plan", "lead").annotate(objective_ids=ArraySubquery(served))
        .order_by("-plan__number", "number")
    )  # fmt: skip


def chain_of(user, actions: QuerySet) -> Chain:
    """The chain of actions (of `actions_seen`) for a reader; four queries, however many actions there are."""
    found = list(_with_terms(user, actions))
    operations = _operations(user, found)
    outcome = _outcome(user, {one.pk: one for serving in operations.values() for one in serving})
    return Chain([
        ActionChain(
            action, frozenset(action.objective_ids),
            TermsOfReference(action=action, **action.seen_terms) if action.seen_terms else None,
            [outcome[one.pk] for one in operations[action.pk]],
        )
        for action in found
    ])  # fmt: skip


def operations_behind(user, objective: int) -> QuerySet:
    """The identities of the operations in the chain of an objective (by its own identity)."""
    own = serving(Q(objective=objective) | Q(objective__parent=objective))
    actions = actions_seen(user).filter(pk__in=own).order_by().values("pk")
    return OperationAction.objects.filter(action__in=actions).values("operation")


def serving(which: Q) -> QuerySet:
    """The identities of the actions that serve objectives, these asked for as of `ActionObjective`."""
    return ActionObjective.objects.filter(which).values("action")


def _with_terms(user, actions: QuerySet) -> QuerySet:
    """Each with version and state of the newest terms of reference that the reader sees, as `seen_terms`."""
    seen = TermsOfReference.objects.visible_to(user).filter(action=OuterRef("pk")).order_by("-version")
    return actions.annotate(
        seen_terms=Subquery(seen.values(found=JSONObject(pk="pk", version="version", status="status"))[:1])
    )


def _operations(user, actions: Sequence[Action]) -> dict[int, list[Operation]]:
    """The operations that serve each action, those running last first."""
    links = OperationAction.objects.filter(
        action__in=[action.pk for action in actions], operation__in=Operation.objects.visible_to(user)
    )
    found: dict[int, list[Operation]] = defaultdict(list)
    shared: dict[int, Operation] = {}
    for link in links.select_related("operation").order_by(*RUNNING_LAST_FIRST):
        operation = shared.setdefault(link.operation_id, link.operation)
        found[link.action_id].append(operation)
    return found


def _outcome(user, operations: dict[int, Operation]) -> dict[int, OperationResults]:
    """What each operation has found: the versions that count for the reader, and the totals of their lines."""
    versions = results.counted(user, list(operations.values()))
    totals = results.totals_by_operation(results.lines_counted(versions))
    reported = {version.operation_id for version in versions}
    return {
        pk: OperationResults(operation, totals.get(pk, []), pk in reported and not totals.get(pk))
        for pk, operation in operations.items()
    }
