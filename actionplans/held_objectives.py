"""Which actions are without an objective in force, and what they serve instead: the one rule of it.

In force are the objectives of the text with which the portal works (`StrategyVersionQuerySet.in_force`, the first).
Coverage, gaps and the page of a plan ask here; of the actions they read `with_held_objectives()`.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse

from actionplans.models import Action

NONE = "none"  # it serves no objective that was ever in force
WITHDRAWN = "withdrawn"  # all that it serves are withdrawn
EARLIER = "earlier"  # it serves objectives of a strategy that a later one has replaced


class Gone(NamedTuple):
    """An objective that an action serves and that is in force no more: withdrawn, or of an earlier strategy."""

    pk: int
    code: str
    slug: str
    reference: str
    is_withdrawn: bool
    is_earlier: bool

    @property
    def name(self) -> str:
        """Its code; with the strategy where that is not the one in force, whose code may be the same."""
        return f"{self.code} ({self.reference})" if self.is_earlier else self.code

    @property
    def url(self) -> str:
        """The page of the objective."""
        return reverse("actionplans:objective_detail", args=[self.slug, self.code])


def gone_of(action: Action) -> list[Gone]:
    """Of the objectives that an action serves those that are in force no more, in the order of the strategies."""
    return [Gone(**row) for row in action.gone_rows]


def lack_of(action: Action) -> str:
    """NONE, WITHDRAWN or EARLIER for an action without an objective in force; "" for one that serves such a one."""
    if action.serves_in_force:
        return ""
    gone = gone_of(action)
    if not gone:
        return NONE
    return WITHDRAWN if all(one.is_withdrawn for one in gone) else EARLIER


def names_of(actions: Iterable[Action]) -> list[str]:
    """What these actions serve that is in force no more, each named once."""
    return sorted({one.name for action in actions for one in gone_of(action)})
