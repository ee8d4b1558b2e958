"""How two texts of blocks differ, block by block and word by word: one text in which each change stands in its place.

Paragraphs, headings, entries of lists and rows of tables belong together by the words they share. What is kept and
removed is the old text, what is kept and added the new one. Marks alone (bold, italics, addresses of links, bullets or
numbers of a list) are no change: what is kept looks as it does in the new text.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from publishing.compare import align, differences
from publishing.documents import (
    Block,
    Bullets,
    Change,
    Heading,
    Item,
    Paragraph,
    Run,
    Runs,
    Table,
    plain,
)

Part = TypeVar("Part")


def redlined(old: Sequence[Block], new: Sequence[Block]) -> tuple[Block, ...]:
    """Two texts as one, with what was added and removed marked."""
    return tuple(
        block for before, after in _pairs(old, new, _name_of, _is_alike) for block in _block(before, after)
    )


def is_changed(blocks: Sequence[Block]) -> bool:
    """Whether anything in a redlined text was added or removed."""
    return any(run.change != Change.KEPT for block in blocks for run in _runs_of(block))


def words_of(block: Block) -> str:
    """All words of a block, those below it included."""
    return " ".join(run.text for run in _runs_of(block))


def _name_of(block: Block) -> str:
    """What blocks belong together by: tables whose rows have names by their caption, all others by their words."""
    return block.caption if isinstance(block, Table) and block.names_rows else words_of(block)


def _runs_of(block: Block) -> Iterator[Run]:
    if isinstance(block, Bullets):
        for item in block.items:
            yield from item.runs
            for below in item.below:
                yield from _runs_of(below)
    elif isinstance(block, Table):
        for row in (block.heads, *block.rows):
            for cell in row:
                yield from cell
    else:
        yield from block.runs


def _pairs(
    old: Sequence[Part],
    new: Sequence[Part],
    said: Callable[[Part], str],
    is_alike: Callable[[Part, Part], bool] = lambda _a, _b: True,
) -> Iterator[tuple[Part | None, Part | None]]:
    """Which part became which; partners that are of another kind are one removed and one added."""
    for i, j in align([said(part) for part in old], [said(part) for part in new]):
        before, after = (None if i is None else old[i]), (None if j is None else new[j])
        if before is not None and after is not None and not is_alike(before, after):
            yield before, None
            yield None, after
        else:
            yield before, after


def _is_alike(old: Block, new: Block) -> bool:
    if isinstance(old, Table) and isinstance(new, Table):
        return len(old.columns) == len(new.columns)
    return type(old) is type(new)


def _block(old: Block | None, new: Block | None) -> tuple[Block, ...]:
    if isinstance(old, Table) and isinstance(new, Table):
        return (_table(old, new),)
    if isinstance(old, Bullets) and isinstance(new, Bullets):
        return (_list(old, new),)
    if isinstance(old, Paragraph | Heading) and isinstance(new, Paragraph | Heading):
        return (_marked(replace(new, runs=runs_redlined(old.runs, new.runs))),)
    if old is not None:
        return (whole(old, Change.REMOVED),)
    return (whole(new, Change.ADDED),) if new is not None else ()


def _marked(block: Paragraph | Heading) -> Paragraph | Heading:
    """The block with a bar beside it where it is changed and can have one."""
    return replace(block, is_changed=True) if isinstance(block, Paragraph) and is_changed((block,)) else block


def whole(block: Block, change: Change) -> Block:
    """A block that came or went as a whole."""
    if isinstance(block, Table):
        heads = tuple(_all(head, change) for head in block.heads)
        return replace(block, columns=heads, rows=tuple(_row(row, change) for row in block.rows))
    if isinstance(block, Bullets):
        items = tuple(_item(item, change, number) for number, item in block.numbered())
        return replace(
            block, items=items if block.is_numbered else tuple(replace(i, number=None) for i in items)
        )
    return _marked(replace(block, runs=_all(block.runs, change)))


def _all(runs: Runs, change: Change) -> Runs:
    return tuple(replace(run, change=change) for run in runs)


def _row(row: tuple[Runs, ...], change: Change) -> tuple[Runs, ...]:
    return tuple(_all(cell, change) for cell in row)


def _item(item: Item, change: Change, number: int | None) -> Item:
    below = tuple(whole(block, change) for block in item.below)
    return Item(_all(item.runs, change), below, number)


# -- lists and tables ----------------------------------------------------------------------------------------------


def _list(old: Bullets, new: Bullets) -> Bullets:
    """One list of both; the numbers are those of the new one, of a removed entry the number that it had."""

    def said(entry: tuple[int, Item]) -> str:
        return " ".join([plain(entry[1].runs), *(words_of(block) for block in entry[1].below)])

    items = []
    for before, after in _pairs(list(old.numbered()), list(new.numbered()), said):
        if before and after:
            runs = runs_redlined(before[1].runs, after[1].runs)
            items.append(Item(runs, redlined(before[1].below, after[1].below), after[0]))
        elif before:
            items.append(_item(before[1], Change.REMOVED, before[0]))
        elif after:
            items.append(_item(after[1], Change.ADDED, after[0]))
    if not new.is_numbered:
        items = [replace(item, number=None) for item in items]
    return replace(new, items=tuple(items))


def _table(old: Table, new: Table) -> Table:
    """One table of both. Rows that have names belong together by these, others by all their words."""

    def said(row: tuple[Runs, ...]) -> str:
        return plain(row[0]) if new.names_rows else " ".join(plain(cell) for cell in row)

    rows = []
    for before, after in _pairs(old.rows, new.rows, said):
        if before and after:
            rows.append(tuple(runs_redlined(a, b) for a, b in zip(before, after, strict=True)))
        else:
            rows.append(_row(before or after or (), Change.REMOVED if before else Change.ADDED))
    heads = tuple(runs_redlined(a, b) for a, b in zip(old.heads, new.heads, strict=True))
    return replace(new, columns=heads, rows=tuple(rows))


# -- words ---------------------------------------------------------------------------------------------------------


def runs_redlined(old: Runs, new: Runs) -> Runs:
    """The words of both, those removed as they looked in the old text, all others as in the new one."""
    before, after = _Marks(old), _Marks(new)
    found: list[Run] = []
    for run in differences(plain(old), plain(new)):
        if run.change == Change.KEPT:
            before.take(len(run.text))
        source = before if run.change == Change.REMOVED else after
        found += [replace(piece, change=run.change) for piece in source.take(len(run.text))]
    return tuple(found)


class _Marks:
    """Runs read from the beginning, so many letters at a time."""

    def __init__(self, runs: Runs):
        self.rest = list(runs)

    def take(self, count: int) -> list[Run]:
        """The next letters as runs."""
        taken = []
        while count and self.rest:
            run = self.rest.pop(0)
            if len(run.text) > count:
                self.rest.insert(0, replace(run, text=run.text[count:]))
                run = replace(run, text=run.text[:count])
            count -= len(run.text)
            taken.append(run)
        return taken
