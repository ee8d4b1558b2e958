"""Two texts compared word by word."""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 3000  # of both texts together: beyond that comparing takes longer than a reader waits


class Piece(NamedTuple):
    """A stretch of text: kept, removed or added."""

    kind: str
    text: str


def compare_words(old: str, new: str) -> list[Piece]:
    """The pieces that make the old text of kept and removed, and the new text of kept and added ones.

    Very long texts that differ are given whole, as one removed and one added piece, after what they begin and end with
    alike has been set apart.
    """
    before, after = WORDS.findall(old), WORDS.findall(new)
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    before_end, after_end = len(before) - tail, len(after) - tail
    pieces = [Piece("kept", "".join(before[:head]))]
    pieces += _compare(before[head:before_end], after[head:after_end])
    pieces.append(Piece("kept", "".join(before[before_end:])))
    return [piece for piece in pieces if piece.text]


def _alike(one: list[str], other: list[str]) -> int:
    """How many words two lists begin with alike."""
    for count, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return count
    return min(len(one), len(other))


def _compare(before: list[str], after: list[str]) -> list[Piece]:
    if len(before) + len(after) > MOST_WORDS:
        return [Piece("removed", "".join(before)), Piece("added", "".join(after))]
    pieces = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("kept", "".join(before[a:b])))
        else:
            pieces += [Piece("removed", "".join(before[a:b])), Piece("added", "".join(after[c:d]))]
    return [piece for piece in pieces if piece.text]
