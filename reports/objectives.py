"""The objectives of the strategy in force, those it has withdrawn and those of the strategies before it.

What serves a sub-point serves its objective: sub-points are not counted among the objectives.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Subquery

from actionplans.last_words import last_words
from actionplans.models import Objective, StrategyVersion, Wording


@dataclass(frozen=True)
class Text:
    """The objectives of one version in their order (`counted`), each with its sub-points."""

    version: StrategyVersion | None = None
    wordings: Sequence[Wording] = field(default_factory=list)

    @cached_property
    def counted(self) -> list[Wording]:
        """The objectives themselves; a sub-point whose objective is not in this version stands for itself."""
        here = {words.objective_id for words in self.wordings}
        return [words for words in self.wordings if words.objective.parent_id not in here]

    @cached_property
    def below(self) -> dict[int, list[Wording]]:
        """The sub-points by the objective that they are part of."""
        found: dict[int, list[Wording]] = defaultdict(list)
        for words in self.wordings:
            if words.objective.parent_id:
                found[words.objective.parent_id].append(words)
        return found

    @cached_property
    def codes(self) -> dict[int, str]:
        """The codes of all objectives and sub-points by their identity."""
        return {words.objective_id: words.objective.code for words in self.wordings}

    def with_sub_points(self, words: Wording) -> list[int]:
        """The identities of an objective and of its sub-points."""
        return [words.objective_id, *(point.objective_id for point in self.below[words.objective_id])]

    @property
    def aims(self) -> dict[str, str]:
        """The aims by letter, each with its words."""
        return {words.block.aim.letter: words.block.aim.text for words in self.counted}

    @property
    def addressees(self) -> dict[str, str]:
        """Whom objectives are addressed to, by the code that stands in those of the objectives ("MS+COM")."""
        found: dict[str, str] = {}
        for words in self.counted:
            found.setdefault(addressees_of(words), words.block.heading.rstrip(": "))
        return found

    def narrowed(self, *, aim: str = "", addressees: str = "", objective: str = "") -> list[Wording]:
        """The counted objectives of a choice; one named by the code of a sub-point is the one it is part of."""
        return [
            words
            for words in narrowed(self.counted, aim=aim, addressees=addressees)
            if not objective or objective in {self.codes[pk] for pk in self.with_sub_points(words)}
        ]


def narrowed(wordings: Iterable[Wording], *, aim: str = "", addressees: str = "") -> list[Wording]:
    """The wordings under an aim and addressees, each standing for itself."""
    return [
        words
        for words in wordings
        if (not aim or words.block.aim.letter == aim)
        and (not addressees or addressees_of(words) == addressees)
    ]


def addressees_of(words: Wording) -> str:
    """Whom an objective is addressed to: "MS+COM" of the block B.MS+COM."""
    return words.block.code.partition(".")[2] or words.block.code


def text_in_force(user) -> Text:
    """The objectives of the strategy in force, as `/strategy/` shows it; none where there is none (one query)."""
    current = StrategyVersion.objects.visible_to(user).in_force().values("pk")[:1]
    found = Wording.objects.filter(version=Subquery(current)).order_by("order")
    wordings = list(found.select_related("version", "objective__strategy", "block__aim"))
    return Text(wordings[0].version, wordings) if wordings else Text()


@dataclass(frozen=True)
class Known:
    """Every objective that was ever in force: those of the text in force, withdrawn by its strategy, of the others.

    In an address an objective is named with its strategy (`address_of`), so that the name means it for ever. A code
    alone means the objective in force, else the newest that had it.
    """

    text: Text
    withdrawn: Sequence[Wording]
    others: Sequence[Wording]

    @property
    def wordings(self) -> list[Wording]:
        """All of them, in force first, then the newest strategy first."""
        return [*self.text.wordings, *self.withdrawn, *self.others]

    def find(self, name: str) -> Wording | None:
        """The objective that a name of an address means."""
        named = (words for words in self.wordings if name == address_of(words.objective))
        return next(named, None) or next((w for w in self.wordings if name == w.objective.code), None)

    def around(self, words: Wording | None) -> tuple[Text, Sequence[Wording]]:
        """The text in which an objective stands or last stood, and what its strategy has withdrawn."""
        if words is None or words not in self.others:
            return self.text, self.withdrawn
        own = [one for one in self.others if one.objective.strategy_id == words.objective.strategy_id]
        last = [one for one in own if one.withdrawn_with is None]
        return Text(None, last), [one for one in own if one.withdrawn_with is not None]


def known_to(text: Text) -> Known:
    """All objectives as one who reads a text in force may choose them (one query).

    Those of the text's own strategy are the withdrawn ones, of other strategies all; each in its last words.
    """
    own = text.version.strategy_id if text.version else None
    rest = last_words(Objective.objects.exclude(pk__in=text.codes).values("pk"))
    found = list(rest.order_by("-objective__strategy__dated_on", *rest.query.order_by))
    withdrawn = [w for w in found if w.objective.strategy_id == own and w.withdrawn_with is not None]
    return Known(text, withdrawn, [w for w in found if w.objective.strategy_id != own])


def address_of(objective: Objective) -> str:
    """An objective as a parameter of an address: its code alone may be that of another strategy's, too."""
    return f"{objective.strategy.slug}:{objective.code}"


def withdrawn_of(
    text: Text, withdrawn: Sequence[Wording], *, aim: str = "", addressees: str = "", objective: str = ""
) -> list[Wording]:
    """The withdrawn objectives of a choice; an objective that is named comes with its withdrawn sub-points."""
    codes = {**text.codes, **{words.objective_id: words.objective.code for words in withdrawn}}
    return [
        words
        for words in narrowed(withdrawn, aim=aim, addressees=addressees)
        if not objective or objective in {words.objective.code, codes.get(words.objective.parent_id)}
    ]
