"""What became of a strategy as a published document, on a day; where it is none, whether its text is in force.

The standing is that of the document, the state of a version that of the text with which the portal works. So a text can
be in force here although the document is repealed; `why_in_force` says it in one sentence, wherever both show.
"""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from actionplans.models import Strategy, StrategyVersion
from publishing.words import day_words


class Standing(NamedTuple):
    """In force, repealed or not known, with since when and by what; only what had happened by the day."""

    state: str
    word: str
    ended_on: date | None
    repealed_by: Strategy | None
    why_in_force: str

    @property
    def is_repealed(self) -> bool:
        """Whether the document was repealed by then."""
        return self.state == Strategy.Standing.REPEALED


def standing_of(
    strategy: Strategy, on: date | None = None, version_in_force: StrategyVersion | None = None
) -> Standing:
    """The standing of a strategy on a day (today without one); `version_in_force` is its text in force on that day."""
    kinds = Strategy.Standing
    state = kinds(strategy.standing)
    if state == kinds.NOT_KNOWN and version_in_force:
        why = _("Version %(number)d of its text is in force in the portal from %(day)s.") % {
            "number": version_in_force.number,
            "day": day_words(version_in_force.in_force_from),
        }
        return Standing(kinds.IN_FORCE, str(kinds.IN_FORCE.label), None, None, why)
    if state == kinds.REPEALED and on is not None:
        ended_on = strategy.ended_on or (strategy.repealed_by.dated_on if strategy.repealed_by else None)
        if ended_on is None:
            state = kinds.NOT_KNOWN  # repealed on a day that nobody has recorded
        elif on < ended_on:
            state = kinds.IN_FORCE
    if state != kinds.REPEALED:
        return Standing(state, str(state.label), None, None, "")
    why = _(
        "The published document is repealed; version %(number)d of its text stays in force in the portal, which works "
        "with it."
    )
    return Standing(
        state,
        str(state.label),
        strategy.ended_on,
        strategy.repealed_by,
        why % {"number": version_in_force.number} if version_in_force else "",
    )
