"""What a document is, whatever it comes out as: sections of blocks of words. No markup anywhere, only plain text.

`publishing.page`, `publishing.pdf` and `publishing.word` set the same document as page, PDF/UA and Word, so that all
three say the same words under the same headings. Text is data for them: nothing in it is read as an instruction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Change(StrEnum):
    """What became of some words between two texts."""

    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look alike. `url` is an address of the web, or "#anchor" for a place in the same document."""

    text: str
    change: Change = Change.KEPT
    bold: bool = False
    italic: bool = False
    url: str = ""


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words under an optional label: a number in the margin ("§ 2") or, for an item, its letter ("a)").

    `level` sets it in by so many steps. `notes` say about the paragraph what is not part of it; `is_changed` puts a bar
    beside it.
    """

    runs: Runs
    label: Runs = ()
    level: int = 0
    anchor: str = ""
    notes: tuple[Runs, ...] = ()
    is_item: bool = False
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list: bulleted, or numbered from `first`. An item is words, or words with lists below them."""

    items: tuple["Item", ...]
    is_numbered: bool = False
    first: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list."""

    runs: Runs
    below: tuple[Bullets, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row of headings; the first cell of each row names the row. The caption may be left out.

    A row with too few cells ends in empty ones; of one with too many the rest is put into its last cell.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]

    def __post_init__(self) -> None:
        """A table has columns, and each row as many cells."""
        if not self.columns:
            raise ValueError("a table has columns")
        last = len(self.columns) - 1
        rows = tuple(
            (*row[:last], tuple(run for cell in row[last:] for run in cell))
            if len(row) > last
            else row + ((),) * (last + 1 - len(row))
            for row in self.rows
        )
        object.__setattr__(self, "rows", rows)


Block: TypeAlias = Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it until the next heading. Levels count from 1."""

    title: Runs
    level: int = 1
    blocks: tuple[Block, ...] = ()
    anchor: str = ""
    notes: tuple[Runs, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A working document of the Council: its head, and its sections in order.

    `made_at` is the moment (aware) that the document states; `language` is the code of its text; `marking` is printed
    on every page; `facts` are the lines of the ruled table (From, To, Subject).
    """

    title: str
    kind: str
    sender: str
    reference: str
    dated: str
    made_at: datetime
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...] = ()
    codes: tuple[str, ...] = ()
    marking: str = ""
    language: str = "en"

    def outline(self) -> Iterator[tuple[int, Section]]:
        """The sections with levels that begin at 1 and never skip one, as readers of headings need it.

        A heading without words is a dash: PDF/UA and screen readers know no empty heading.
        """
        before = 0
        for section in self.sections:
            before = max(1, min(section.level, before + 1))
            is_empty = not printable(plain(section.title)).strip()
            yield before, replace(section, title=(Run("\u2013"),)) if is_empty else section

    def anchors(self) -> frozenset[str]:
        """The places to which a link within the document can lead."""
        marked = [section.anchor for section in self.sections]
        marked += [
            block.anchor
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Paragraph)
        ]
        return frozenset(marked) - {""}


def words(text: str, **look: bool | str) -> Runs:
    """A text as one run; no run for no text."""
    return (Run(text, **look),) if text else ()  # type: ignore[arg-type]


def plain(runs: Sequence[Run]) -> str:
    """The words alone, as they stand in the document, removed ones included."""
    return "".join(run.text for run in runs)


def printable(text: str) -> str:
    """The text without characters that no document can hold (controls, halves of pairs): each becomes U+FFFD."""
    return "".join("\ufffd" if _is_forbidden(letter) else letter for letter in text)


def _is_forbidden(letter: str) -> bool:
    code = ord(letter)
    return (
        (code < 0x20 and letter not in "\t\n")
        or 0x7F <= code < 0xA0
        or 0xD800 <= code < 0xE000
        or code in (0xFFFE, 0xFFFF)
    )
