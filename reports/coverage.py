"""Which objective has how many actions in which plan, for one reader.

Every number is the length of a list that `actions()` gives. Plans are those that the reader sees whole, so that a cell
without an action is a gap and not something hidden.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from actionplans.held_objectives import lack_of, names_of
from actionplans.models import Action, ActionPlan, Wording
from reports.chain import actions_seen
from reports.objectives import Text


@dataclass(frozen=True)
class Coverage:
    """The objectives of a choice, the plans (the oldest first) and the actions of these plans."""

    text: Text
    objectives: Sequence[Wording] = field(default_factory=list)
    plans: Sequence[ActionPlan] = field(default_factory=list)
    all_actions: Sequence[Action] = field(default_factory=list)
    is_whole: bool = True  # not narrowed: what serves no objective has a row, too

    @cached_property
    def _behind(self) -> dict[tuple[str, int | None], list[Action]]:
        """The actions by code of the objective ("" for all) and by plan (None for all)."""
        found: dict[tuple[str, int | None], list[Action]] = defaultdict(list)
        codes = {
            pk: words.objective.code for words in self.objectives for pk in self.text.with_sub_points(words)
        }
        for action in self.all_actions:
            keys = {codes[pk] for pk in action.objective_ids if pk in codes}
            if keys or self.is_whole:
                keys.add("")
            if lack := lack_of(action):
                keys.add(lack)
            for key in keys:
                found[key, None].append(action)
                found[key, action.plan.number].append(action)
        return found

    def actions(self, *, objective: str = "", plan: int | None = None) -> list[Action]:
        """The actions behind a number; without an `objective` all of the choice.

        It is a code of the choice, or what `lack_of()` says of actions without an objective in force.
        """
        return self._behind.get((objective, plan), [])

    def count(self, **which) -> int:
        return len(self.actions(**which))

    def names_behind(self, lack: str) -> list[str]:
        """The objectives in force no more that are served by the actions of which `lack_of()` says so."""
        return names_of(self.actions(objective=lack))

    def without(self, plan: int | None = None) -> int:
        """How many objectives have no action in a plan, or in none of them."""
        return sum(
            1 for words in self.objectives if not self.count(objective=words.objective.code, plan=plan)
        )


def coverage(
    user, text: Text, plans: Sequence[ActionPlan], *, aim: str = "", addressees: str = ""
) -> Coverage:
    """The coverage of the objectives of an aim and addressees, or of all, by these plans (one query)."""
    actions = actions_seen(user).filter(plan__in=plans).with_held_objectives() if plans else []
    return Coverage(
        text,
        text.narrowed(aim=aim, addressees=addressees),
        sorted(plans, key=lambda plan: (plan.starts_on, plan.number)),
        list(actions),
        is_whole=not aim and not addressees,
    )
