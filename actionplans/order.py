"""The order in which the objectives of a version stand, changed in as few rows as possible."""

from bisect import bisect_left

from actionplans.copying import STEP
from actionplans.models import Wording

LAST = 32_000  # the largest place that is given before all are numbered anew


def document_order(version):
    """The wordings of a version as they are read: by aim, addressees, objective, its sub-points after it."""
    rows = list(version.wordings.select_related("objective", "block__aim"))
    own = {words.objective_id: words.order for words in rows}

    def place(words):
        parent = words.objective.parent_id
        block = words.block
        return (block.aim.order, block.order, own.get(parent, words.order), parent is not None, words.order)

    return sorted(rows, key=place)


def arrange(rows):
    """Give the rows, in the order in which they are wanted, their places, and save those that have moved.

    A row without a place (None) gets one; a row that is not stored yet is left to the caller to save.
    """
    moved = []
    for row, place in zip(rows, spread([row.order for row in rows]), strict=True):
        if row.order != place:
            row.order = place
            if row.pk:
                moved.append(row)
    Wording.objects.bulk_update(moved, ["order"])


def spread(places):
    """Rising places that differ from the given ones in as few as possible; None is a place still to be given."""
    kept = _longest_rise(places)
    found, at, before = list(places), 0, 0
    while at < len(places):
        if at in kept:
            before, at = places[at], at + 1
            continue
        end = next((n for n in range(at, len(places)) if n in kept), len(places))
        count = end - at
        after = places[end] if end < len(places) else before + STEP * (count + 1)
        if after - before <= count or after > LAST:
            return [STEP * number for number in range(1, len(places) + 1)]
        for number in range(count):
            found[at + number] = before + (after - before) * (number + 1) // (count + 1)
        at = end
    return found


def _longest_rise(places):
    """The indexes of a longest rising sequence of the given places."""
    tails, ends, earlier = [], [], {}
    for index, place in enumerate(places):
        if place is None or place < 1:
            continue
        at = bisect_left(tails, place)
        earlier[index] = ends[at - 1] if at else None
        tails[at : at + 1], ends[at : at + 1] = [place], [index]
    kept, index = set(), ends[-1] if ends else None
    while index is not None:
        kept.add(index)
        index = earlier[index]
    return kept


def renumber(siblings):
    """Number sections, aims or addressees in the order given, and save those whose number changes."""
    for place, row in enumerate(siblings, start=1):
        if row.order != place:
            row.order = place
            if row.pk:
                row.save(update_fields=["order"])
