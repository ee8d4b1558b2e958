"""What became of the objectives that an objective goes on from, in the strategies before its own."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q

from actionplans.models import Objective, ObjectivePredecessor
from reports.chain import Chain, actions_seen, chain_of, serving


def with_strategy(objective: Objective) -> str:
    """The code of an objective with the strategy in which it stands."""
    return f"{objective.code} ({objective.strategy.reference})"


@dataclass(frozen=True)
class Predecessor:
    """An objective of an earlier strategy, with the identities of itself and of its sub-points."""

    objective: Objective
    family: frozenset[int]

    @property
    def name(self) -> str:
        """Its code with the strategy in which it stands: the code alone may be that of the successor, too."""
        return with_strategy(self.objective)

    @property
    def url(self) -> str:
        """Its page, below its own strategy."""
        return self.objective.get_absolute_url()


@dataclass(frozen=True)
class Lineage:
    """The chain of an objective itself, and that of each of its predecessors, the oldest strategy first."""

    own: Chain
    before: list[tuple[Predecessor, Chain]]


def predecessors_of(user, objectives: Iterable[int] | Q) -> dict[int, list[Predecessor]]:
    """What each of these objectives goes on from, as far as the reader sees it (one query).

    The objectives are given by their identities, or as what is asked of `ObjectivePredecessor`.
    """
    which = objectives if isinstance(objectives, Q) else Q(objective__in=list(objectives))
    seen = Objective.objects.visible_to(user).values("pk")
    points = Objective.objects.filter(parent=OuterRef("predecessor")).order_by().values("pk")
    links = (
        ObjectivePredecessor.objects.filter(which, predecessor__in=seen)
        .select_related("predecessor__strategy")
        .annotate(points=ArraySubquery(points))
        .order_by("predecessor__strategy__dated_on", "predecessor__order", "predecessor__code")
    )
    found: dict[int, list[Predecessor]] = defaultdict(list)
    for link in links:
        family = frozenset({link.predecessor_id, *link.points})
        found[link.objective_id].append(Predecessor(link.predecessor, family))
    return found


def successors_of(user, objectives: Iterable[int]) -> dict[int, list[Objective]]:
    """The objectives of later strategies that go on from each of these, as far as the reader sees them (one query)."""
    seen = Objective.objects.visible_to(user).values("pk")
    links = ObjectivePredecessor.objects.filter(predecessor__in=list(objectives), objective__in=seen)
    found: dict[int, list[Objective]] = defaultdict(list)
    for link in links.select_related("objective__strategy").order_by(
        "objective__strategy__dated_on", "objective__order", "objective__code"
    ):
        found[link.predecessor_id].append(link.objective)
    return found


def lineage_of(user, objective: Objective) -> Lineage:
    """The chain of an objective and those of its predecessors, sub-points included (five queries)."""
    links = predecessors_of(user, Q(objective=objective.pk) | Q(objective__parent=objective.pk))
    before = {one.objective.pk: one for found in links.values() for one in found}
    families = {pk for one in before.values() for pk in one.family}
    own = serving(Q(objective=objective.pk) | Q(objective__parent=objective.pk))
    wanted = Q(pk__in=own) | Q(pk__in=serving(Q(objective__in=families))) if families else Q(pk__in=own)
    is_own = Exists(own.filter(action=OuterRef("pk")))
    found = chain_of(user, actions_seen(user).filter(wanted).annotate(is_own=is_own))
    return Lineage(
        Chain([one for one in found.actions if one.action.is_own]),
        [(one, Chain(found.serving(one.family))) for one in before.values()],
    )
