"""Two texts that began as one: put together where their writers changed different places, and where they differ.

Lines are looked at first, words only within lines that both have changed: a paragraph that one writer reworded is taken
whole, and one paragraph of which two people changed different words gets both their changes.
"""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import chain, pairwise
from typing import NamedTuple

from publishing.compare import WORDS, differences
from publishing.documents import Change as Kind
from publishing.documents import Run, Runs

MOST_WORDS = 1_500  # words, blanks and points of one text; comparing more of them word by word takes seconds


class Change(NamedTuple):
    """Lines `first` to `last` (not included) of the text both began from, and the lines that stand there now."""

    first: int
    last: int
    lines: tuple[str, ...]


class Edit(NamedTuple):
    """Letters `first` to `last` (not included) of the text both began from, and what stands there now."""

    first: int
    last: int
    text: str


def changes(before: list[str], after: list[str]) -> list[Change]:
    """What one writer changed, in the order of the text."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        Change(i1, i2, tuple(after[j1:j2]))
        for kind, i1, i2, j1, j2 in matcher.get_opcodes()
        if kind != "equal"
    ]


def merged(before: str, mine: str, theirs: str) -> str | None:
    """Both writers' changes in one text; None where they changed the same or neighbouring words."""
    old = _lines(before)
    sides = [changes(old, _lines(text)) for text in (mine, theirs)]
    text, at = [], 0
    for group in _groups(chain(*sides)):
        first, last = group[0].first, max(change.last for change in group)
        together: str | None = "".join(group[0].lines)
        if len(group) > 1:
            versions = (_applied(old, first, last, [c for c in group if c in side]) for side in sides)
            together = _merged_words("".join(old[first:last]), *versions)
        if together is None:
            return None
        text += [*old[at:first], together]
        at = last
    return "".join(text + old[at:])[:-1]


def marked(mine: str, theirs: str) -> tuple[Runs, Runs]:
    """Two texts as runs, each to the letter: what only one of them has is `ADDED` in mine, `REMOVED` in theirs."""
    old, new = _lines(theirs), _lines(mine)
    found: list[Run] = []
    at = 0
    for first, last, lines in changes(old, new):
        found.append(Run("".join(old[at:first])))
        found += _differences("".join(old[first:last]), "".join(lines))
        at = last
    found.append(Run("".join(old[at:])))
    return _without_end(found, Kind.ADDED), _without_end(found, Kind.REMOVED)


def _lines(text: str) -> list[str]:
    """The lines of a text, each with its end, also the last: so that an empty line is something and no line nothing."""
    return [f"{line}\n" for line in text.split("\n")]


def _groups(found: Iterable[Change]) -> Iterator[list[Change]]:
    """Changes that touch, together; the same change made twice is one, and not at odds with itself."""
    group: list[Change] = []
    for change in sorted(set(found)):
        if group and change.first > max(earlier.last for earlier in group):
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _applied(old: list[str], first: int, last: int, own: list[Change]) -> str:
    """The lines from `first` to `last` as one writer has them."""
    text, at = [], first
    for change in own:
        text += [*old[at : change.first], *change.lines]
        at = change.last
    return "".join(text + old[at:last])


def _merged_words(old: str, mine: str, theirs: str) -> str | None:
    """Both writers' changes within some lines; None where no unchanged word stands between two of them."""
    if any(_is_long(text) for text in (old, mine, theirs)):
        return None
    ours, others = set(_edits(old, mine)), set(_edits(old, theirs))
    edits = sorted(ours | others)
    words = [match for match in re.finditer(r"\S+", old) if re.search(r"\w", match[0])]
    for one, other in pairwise(edits):
        is_of_one = {one, other} <= ours or {one, other} <= others
        if not is_of_one and not any(one.last <= w.start() and w.end() <= other.first for w in words):
            return None
    text, at = "", 0
    for edit in edits:
        text += old[at : edit.first] + edit.text
        at = edit.last
    return text + old[at:]


def _edits(before: str, after: str) -> list[Edit]:
    """What one writer changed, word by word."""
    edits: list[Edit] = []
    at = 0
    for run in differences(before, after):
        if run.change == Kind.ADDED and edits and edits[-1].last == at:
            edits[-1] = edits[-1]._replace(text=run.text)
        elif run.change == Kind.ADDED:
            edits.append(Edit(at, at, run.text))
        else:
            if run.change == Kind.REMOVED:
                edits.append(Edit(at, at + len(run.text), ""))
            at += len(run.text)
    return edits


def _differences(old: str, new: str) -> Runs:
    if _is_long(old) or _is_long(new):
        return tuple(run for run in (Run(old, Kind.REMOVED), Run(new, Kind.ADDED)) if run.text)
    return differences(old, new)


def _is_long(text: str) -> bool:
    return sum(1 for _word in WORDS.finditer(text)) > MOST_WORDS


def _without_end(found: list[Run], own: Kind) -> Runs:
    """The runs of one text, neighbours alike as one, without the end that `_lines` gave to the last line."""
    runs: list[Run] = []
    for run in found:
        if run.change not in (Kind.KEPT, own) or not run.text:
            continue
        if runs and runs[-1].change == run.change:
            runs[-1] = Run(runs[-1].text + run.text, run.change)
        else:
            runs.append(run)
    if runs:
        runs[-1] = Run(runs[-1].text[:-1], runs[-1].change)
    return tuple(run for run in runs if run.text)
