"""Which section, aim or addressees of one text of a strategy is which of another one.

Objectives have a lasting identity, the code. The parts in which they stand have none: numbers, letters and codes of
addressees may change from version to version, and a file states nothing else. So they are recognised by what they say
and hold. Pure functions; whichever of two texts comes first, the same parts are partners.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, Protocol, TypeVar

Part = TypeVar("Part")


class Named(NamedTuple):
    """An aim or addressees of a text: letter or code, words, and the codes of all objectives that stand in it."""

    name: str
    text: str
    objectives: frozenset[str]


class Headed(Protocol):
    """A section of a text."""

    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...


def same_sections(old: Sequence[Headed], new: Sequence[Headed]) -> dict[int, int]:
    """The place in new and the place in old: same number and title, else same title, else same number."""
    found: dict[int, int] = {}
    _pair(found, old, new, lambda one: (one.number, one.title))
    _pair(found, old, new, lambda one: one.title)
    _pair(found, old, new, lambda one: one.number)
    return found


def same_aims(old: Sequence[Named], new: Sequence[Named]) -> dict[int, int]:
    """The place in new and the place in old.

    Same letter and text, else same text, else the one in which most of its objectives stand, else the same letter.
    """
    found: dict[int, int] = {}
    _pair(found, old, new, lambda aim: (aim.name, aim.text))
    _pair(found, old, new, lambda aim: aim.text)
    _pair_by_objectives(found, old, new)
    _pair(found, old, new, lambda aim: aim.name)
    return found


def same_addressees(old: Sequence[Named], new: Sequence[Named]) -> dict[int, int]:
    """The place in new and the place in old, of the addressees of one aim.

    Same code, whatever letter the aim has, else the ones with most of the same objectives.
    """
    found: dict[int, int] = {}
    _pair(found, old, new, lambda block: block.name)
    _pair(found, old, new, lambda block: without_aim(block.name))
    _pair_by_objectives(found, old, new)
    return found


def without_aim(code: str) -> str:
    """The addressees alone in the code of a block: "MS+COM" in "B.MS+COM"."""
    return code.split(".", 1)[-1]


def _pair(
    found: dict[int, int], old: Sequence[Part], new: Sequence[Part], key: Callable[[Part], Hashable]
) -> None:
    """Add to the partners those that are still without one and have the same key."""
    for j, part in enumerate(new):
        taken = found.values()
        free = (i for i, other in enumerate(old) if i not in taken and key(other) == key(part))
        if j not in found and (i := next(free, None)) is not None:
            found[j] = i


def _pair_by_objectives(found: dict[int, int], old: Sequence[Named], new: Sequence[Named]) -> None:
    """Add to the partners those that are still without one and share objectives, the most shared first."""
    shared = [
        (-len(one.objectives & other.objectives), one.name != other.name, i, j)
        for i, one in enumerate(old)
        for j, other in enumerate(new)
        if one.objectives & other.objectives
    ]
    for _count, _differs, i, j in sorted(shared):
        if j not in found and i not in found.values():
            found[j] = i
