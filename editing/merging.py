"""Two texts that began as one, put together where their writers changed different places."""

from difflib import SequenceMatcher
from itertools import chain
from typing import NamedTuple


class Change(NamedTuple):
    """Lines `first` to `last` (not included) of the text both began from, and the lines that stand there now."""

    first: int
    last: int
    lines: tuple[str, ...]


def changes(before: list[str], after: list[str]) -> list[Change]:
    """What one writer changed, in the order of the text."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Change(i1, i2, tuple(after[j1:j2]))
        for kind, i1, i2, j1, j2 in matcher.get_opcodes()
        if kind != "equal"
    ]


def merged(before: str, mine: str, theirs: str) -> str | None:
    """Both writers' changes in one text, line by line; None where they changed the same or neighbouring lines."""
    old = before.split("\n")
    ours, others = changes(old, mine.split("\n")), changes(old, theirs.split("\n"))
    if any(_touch(one, other) for one in ours for other in others):
        return None
    text, at = [], 0
    for change in sorted({*ours, *others}):
        text += chain(old[at : change.first], change.lines)
        at = change.last
    return "\n".join(text + old[at:])


def _touch(one: Change, other: Change) -> bool:
    """Whether two changes are at the same place; the same change made twice is not at odds with itself."""
    return one != other and one.first <= other.last and other.first <= one.last
