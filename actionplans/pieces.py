"""The pieces of a comparison: one part of the text in two versions, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from actionplans.models import VersionChange
from actionplans.versiontexts import Block, Objective, Section
from publishing.documents import Change, Runs, words


class What(StrEnum):
    """What became of a part."""

    REWORDED = "reworded"
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    MOVED = "moved"
    RELETTERED = "relettered"


@dataclass
class Piece:
    """A heading, paragraph, objective or footnote, with the words of both versions.

    `name` is what a meeting calls it ("I.4 § 2 (e)", "B.MS.a"). `moved_to` is set where something stood that has moved
    away: the name is then all there is, and `key` is that of the piece where it stands now. A piece is `counted` unless
    the part around it came or went as a whole. `letters` are its letter, number or code before and now, where the label
    does not tell them.
    """

    name: str
    anchor: str
    runs: Runs = ()
    label: Runs = ()
    what: frozenset[What] = frozenset()
    level: int = 0
    is_item: bool = False
    is_counted: bool = True
    old_place: str = ""
    new_place: str = ""
    moved_to: str = ""
    letters: tuple[str, str] = ("", "")
    key: str = ""
    reasons: list[VersionChange] = field(default_factory=list)


@dataclass
class Stretch:
    """A heading of the text and what stands under it until the next one; levels count from 1."""

    head: Piece
    level: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether its heading or anything directly under it reads differently or has moved."""
        return any(piece.what or piece.moved_to for piece in (self.head, *self.pieces))


def depth_of(section: Section) -> int:
    """The level of a section's heading, by the points of its number: I is 1, I.4 is 2."""
    return section.number.count(".") + 1


def what_of(
    old: str | None, new: str | None, is_moved: bool, old_letter: str | None = "", new_letter: str | None = ""
) -> frozenset[What]:
    """What became of a part, from its texts (None where a version has it not) and letters."""
    if old is None or new is None:
        return frozenset({What.WITHDRAWN if new is None else What.ADDED})
    found = {What.MOVED} if is_moved else set()
    if old != new:
        found.add(What.REWORDED)
    if old_letter != new_letter and not is_moved:  # a new place brings a new letter
        found.add(What.RELETTERED)
    return frozenset(found)


def label_of(old: Block | Objective | None, new: Block | Objective | None, point: str) -> Runs:
    """The letter of an item, marked where it is another; what came or went as a whole is marked by its words."""
    if old is None or new is None:
        return words(f"{here.letter}{point}") if (here := old or new) and here.letter else ()
    before = f"{old.letter}{point}" if old.letter else ""
    after = f"{new.letter}{point}" if new.letter else ""
    if before == after:
        return words(before)
    return words(before, change=Change.REMOVED) + words(after, change=Change.ADDED)


def place_of(container: str, order: Sequence[str], name: str) -> str:
    """Where something stands, in words: "B.MS, after B.MS.a"."""
    at = order.index(name)
    values = {"container": container, "before": order[at - 1] if at else ""}
    if not container:
        return _("after %(before)s") % values if at else _("first")
    return _("%(container)s, after %(before)s") % values if at else _("%(container)s, first") % values
