"""What became of a strategy, on a day: the standing of the published document, and what the portal does with its text.

The standing is that of the document, the state of a version that of the text with which the portal works. So a text can
be in force here although the document is repealed; and from the first day of a later strategy's text on it is replaced
by that. One sentence says so, wherever both show.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from actionplans.models import Strategy, StrategyVersion
from publishing.words import day_words
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import within_sentence

REPLACED = "replaced"


class Standing(NamedTuple):
    """In force, replaced, repealed or not known, with since when and by what; only what had happened by the day.

    `replaced` is the version with which a later strategy took the place of its text; `of_its_text` says what the portal
    does with the text, or is "".
    """

    state: str
    word: str
    ended_on: date | None = None
    repealed_by: Strategy | None = None
    of_its_text: str = ""
    replaced: StrategyVersion | None = None

    @property
    def is_repealed(self) -> bool:
        """Whether the document was repealed by then."""
        return self.state == Strategy.Standing.REPEALED

    def has_replaced(self, version: StrategyVersion) -> bool:
        """Whether a later strategy took the place of this version, the text in force of its own strategy."""
        return bool(self.replaced) and version.status == StrategyVersion.Status.IN_FORCE

    def word_of(self, version: StrategyVersion) -> str:
        """The state of a version of the strategy as a word."""
        return _("Replaced") if self.has_replaced(version) else str(version.get_status_display())

    def state_words(self, version: StrategyVersion) -> str:
        """The same as it stands in a sentence after "is"."""
        return within_sentence(self.word_of(version)) if self.has_replaced(version) else version.state_words


def texts_by(on: date | None = None) -> list[StrategyVersion]:
    """The texts that were in force by the end of a day, or by today without one: newest first, each with its strategy.

    One query; what `standing_of` and `replaced_by` ask of any strategy.
    """
    texts = StrategyVersion.objects
    found = texts.in_force_on(on) if on else texts.ever_in_force().newest_text_first()
    return list(found.select_related("strategy__repealed_by"))


def in_force_among(texts: Sequence[StrategyVersion], slug: str = "") -> StrategyVersion | None:
    """Of the texts of today the one that is read: of the strategy with a short name, else of the latest of all."""
    in_force = (text for text in texts if text.status == StrategyVersion.Status.IN_FORCE)
    return next((text for text in in_force if slug in ("", text.strategy.slug)), None)


def replaced_by(strategy: Strategy, texts: Sequence[StrategyVersion]) -> StrategyVersion | None:
    """The version with which a later strategy took the place of a strategy's text, by the day of `texts`, or None."""
    own = (strategy.dated_on, strategy.pk)
    later = [text for text in texts if (text.strategy.dated_on, text.strategy_id) > own]
    return min(later, key=lambda text: (text.in_force_from, text.strategy.dated_on), default=None)


def standing_of(strategy: Strategy, texts: Sequence[StrategyVersion], on: date | None = None) -> Standing:
    """The standing of a strategy on a day (today without one); `texts` are those of `texts_by` that day."""
    text = next((text for text in texts if text.strategy_id == strategy.pk), None)
    if text is not None and on is None and text.status != StrategyVersion.Status.IN_FORCE:
        text = None
    replaced = replaced_by(strategy, texts) if text else None
    document = _of_the_document(strategy, on)
    if text is None:
        return document
    if replaced:
        said = _("In the portal %(later)s takes the place of its text from %(day)s.") % {
            "later": replaced.strategy.reference,
            "day": day_words(replaced.in_force_from),
        }
        if document.state == Strategy.Standing.NOT_KNOWN:
            began, by = replaced.in_force_from, replaced.strategy
            return Standing(REPLACED, _("Replaced"), began, by, said, replaced)
        return document._replace(of_its_text=said, replaced=replaced)
    if document.state == Strategy.Standing.NOT_KNOWN:
        said = _("Version %(number)d of its text is in force in the portal from %(day)s.") % {
            "number": text.number,
            "day": day_words(text.in_force_from),
        }
        in_force = Strategy.Standing.IN_FORCE
        return Standing(in_force, str(in_force.label), of_its_text=said)
    if document.is_repealed:
        said = _(
            "The published document is repealed; version %(number)d of its text stays in force in the portal, which "
            "works with it."
        )
        return document._replace(of_its_text=said % {"number": text.number})
    return document


def _of_the_document(strategy: Strategy, on: date | None) -> Standing:
    kinds = Strategy.Standing
    state = kinds(strategy.standing)
    if state == kinds.REPEALED:
        ended_on = strategy.ended_on or (strategy.repealed_by.dated_on if strategy.repealed_by else None)
        if ended_on is None and on is not None:
            state = kinds.NOT_KNOWN  # repealed on a day that nobody has recorded
        elif ended_on is not None and (on or brussels_today()) < ended_on:
            state = kinds.IN_FORCE
    if state != kinds.REPEALED:
        return Standing(state, str(state.label))
    return Standing(state, str(state.label), strategy.ended_on, strategy.repealed_by)
