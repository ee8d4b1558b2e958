"""How two texts differ, word by word; which parts of two texts belong together; what moved. Pure functions.

What is kept and removed is the old text, what is kept and added the new one, to the letter.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeAlias, TypeVar

from publishing.documents import Change, Run, Runs

WORDS = re.compile(r"\w+|\s+|[^\w\s]")
LONG = 4_000  # words from which the frequent ones are no anchors: the time stays near linear
ALIKE = 0.5  # the share of common words from which two paragraphs are one that was reworded
Key = TypeVar("Key", bound=Hashable)
Pair: TypeAlias = tuple[int | None, int | None]


def differences(old: str, new: str) -> Runs:
    """The new text with what was added and removed, as runs: removed before added where both meet.

    Words that only blanks or points part are taken together: one change, not five.
    """
    before, after = WORDS.findall(old), WORDS.findall(new)
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    middle, other = before[head : len(before) - tail], after[head : len(after) - tail]
    found: list[tuple[str, str, str]] = [("".join(before[:head]), "", "")]  # kept, removed, added
    matcher = SequenceMatcher(None, middle, other, autojunk=max(len(middle), len(other)) > LONG)
    for kind, i, k, j, m in matcher.get_opcodes():
        if kind == "equal":
            found.append(("".join(middle[i:k]), "", ""))
        else:
            found.append(("", "".join(middle[i:k]), "".join(other[j:m])))
    found.append(("".join(before[len(before) - tail :]), "", ""))
    return _runs(found)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words two texts begin with in common."""
    for count, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return count
    return min(len(old), len(new))


def _runs(found: list[tuple[str, str, str]]) -> Runs:
    """Runs from (kept, removed, added): what is kept between two changes counts only when it holds a word."""
    found = [part for part in found if any(part)]
    joined: list[tuple[str, str, str]] = []
    for place, (kept, removed, added) in enumerate(found):
        is_between = 0 < place < len(found) - 1 and bool(joined) and not joined[-1][0]
        if kept and is_between and not any(letter.isalnum() for letter in kept):
            removed, added, kept = kept, kept, ""
        if joined and not kept and not joined[-1][0]:
            joined[-1] = ("", joined[-1][1] + removed, joined[-1][2] + added)
        elif joined and kept and joined[-1][0]:
            joined[-1] = (joined[-1][0] + kept, "", "")
        else:
            joined.append((kept, removed, added))
    _begin_with_words(joined)
    runs: list[Run] = []
    for kept, removed, added in joined:
        parts = ((kept, Change.KEPT), (removed, Change.REMOVED), (added, Change.ADDED))
        runs += [Run(text, change) for text, change in parts if text]
    return tuple(runs)


def _begin_with_words(joined: list[tuple[str, str, str]]) -> None:
    """Of a change between two equal blanks mark the words and the blank after them, not the one before."""
    for place in range(len(joined) - 1, -1, -1):
        _kept, removed, added = joined[place]
        changed = removed or added
        blank = changed[: len(changed) - len(changed.lstrip())]
        after = joined[place + 1][0] if place + 1 < len(joined) else ""
        if not blank or (removed and added) or blank == changed or not after.startswith(blank):
            continue
        turned = changed[len(blank) :] + blank
        joined[place] = ("", turned if removed else "", turned if added else "")
        joined[place + 1] = (after[len(blank) :], "", "")
        if place and joined[place - 1][0]:
            joined[place - 1] = (joined[place - 1][0] + blank, "", "")
        else:
            joined.insert(place, (blank, "", ""))


def likeness(old: str, new: str) -> float:
    """The share of words that two texts have in common, from 0 to 1; texts without words are alike when equal."""
    return _likeness(_bag(old), _bag(new)) if old != new else 1.0


def _bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    size = old.total() + new.total()
    return 2 * (old & new).total() / size if size else 0.0


def align(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Which old text became which new one, in the order of reading: (place in old, place in new), None for no partner.

    Partners keep their order and are alike by at least `ALIKE`; of all ways to pair them this is the one with the most
    in common. Every place stands in exactly one pair.
    """
    bags, others = [_bag(text) for text in old], [_bag(text) for text in new]
    alike = [
        [1.0 if a == b else _likeness(bag, other) for b, other in zip(new, others, strict=True)]
        for a, bag in zip(old, bags, strict=True)
    ]
    best = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = alike[i][j] + best[i + 1][j + 1] if alike[i][j] >= ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    found: list[Pair] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if alike[i][j] >= ALIKE and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            found.append((i, None))
            i += 1
        else:
            found.append((None, j))
            j += 1
    return [
        *found,
        *((rest, None) for rest in range(i, len(old))),
        *((None, rest) for rest in range(j, len(new))),
    ]


def weave(old: Sequence[Key], new: Sequence[Key]) -> list[Pair]:
    """Two orders of things with names as one: pairs as of `align`. Names must be unique within each order.

    As many as possible are partners in order; a name that is in both and still has no partner has moved: it stands once
    where it was and once where it is.
    """
    if len(set(old)) < len(old) or len(set(new)) < len(new):
        raise ValueError("names are unique within an order")
    places = {key: place for place, key in enumerate(new)}
    stays = _longest_rising([(i, places[key]) for i, key in enumerate(old) if key in places])
    found: list[Pair] = []
    i = j = 0
    for until, then in [*stays, (len(old), len(new))]:
        found += [(rest, None) for rest in range(i, until)]
        found += [(None, rest) for rest in range(j, then)]
        if until < len(old):
            found.append((until, then))
        i, j = until + 1, then + 1
    return found


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs whose second places rise (the first ones do), found in n log n."""
    tops: list[int] = []  # the smallest last second place of a row of each length
    ends: list[int] = []  # which pair that is
    before: list[int | None] = []
    for n, (_first, second) in enumerate(pairs):
        length = bisect_left(tops, second)
        before.append(ends[length - 1] if length else None)
        tops[length : length + 1] = [second]
        ends[length : length + 1] = [n]
    found: list[tuple[int, int]] = []
    at = ends[-1] if ends else None
    while at is not None:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def moved_texts(removed: Sequence[str], added: Sequence[str], least: float = 0.7) -> list[tuple[int, int]]:
    """Which removed text came back as which added one elsewhere: the most alike first, each at most once.

    Texts of fewer than four words prove nothing and are left out.
    """
    olds, news = [_bag(text) for text in removed], [_bag(text) for text in added]
    sizes = [bag.total() for bag in news]
    found = []
    for i, old in enumerate(olds):
        size = old.total()
        for j, new in enumerate(news):
            if size < 4 or sizes[j] < 4 or 2 * min(size, sizes[j]) < least * (size + sizes[j]):
                continue
            if (share := _likeness(old, new)) >= least:
                found.append((-share, i, j))
    taken, gone, pairs = set(), set(), []
    for _share, i, j in sorted(found):
        if i not in gone and j not in taken:
            gone.add(i)
            taken.add(j)
            pairs.append((i, j))
    return sorted(pairs)
