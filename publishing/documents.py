"""What a document is, whatever it comes out as: sections of blocks of words. No markup anywhere, only plain text.

`publishing.page`, `publishing.pdf` and `publishing.word` set the same document as page, PDF/UA and Word, so that all
three say the same words under the same headings. Text is data for them: nothing in it is read as an instruction.
`publishing.markdown` reads long texts into the same blocks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

WEB = ("https://", "http://", "mailto:")


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
class Heading:
    """A heading among blocks, 1 the highest: a level counts from the section or the page around it.

    In a list it is no heading for PDF and Word, which know none there, but words in bold.
    """

    runs: Runs
    level: int = 1

    def as_paragraph(self) -> Paragraph:
        """The same words in bold, for where no heading can stand."""
        return Paragraph(tuple(replace(run, bold=True) for run in self.runs))


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list: bulleted, or numbered from `first` with `point` after each number.

    An item is words, or words with blocks below them. `is_loose` sets the items apart like paragraphs.
    """

    items: tuple["Item", ...]
    is_numbered: bool = False
    first: int = 1
    point: str = "."
    is_loose: bool = False

    def numbered(self) -> Iterator[tuple[int, "Item"]]:
        """The items with their numbers: an item's own, else the one after that of the item before."""
        number = self.first - 1
        for item in self.items:
            number = number + 1 if item.number is None else item.number
            yield number, item


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; `number` is its own where it need not follow from the entry before."""

    runs: Runs
    below: tuple["Block", ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a row of headings, each a text or runs. The caption may be left out.

    A row with too few cells ends in empty ones; of one with too many the rest is put into its last cell.
    `aligned` says of each column "left", "center", "right" or "" for none of them. The first cell of each row names
    the row, unless `names_rows` is false.
    """

    caption: str
    columns: tuple[str | Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    aligned: tuple[str, ...] = ()
    names_rows: bool = True

    def __post_init__(self) -> None:
        """A table has columns, and each row as many cells; so has `aligned`."""
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
        sides = (self.aligned + ("",) * len(self.columns))[: len(self.columns)]
        object.__setattr__(self, "aligned", sides)

    @property
    def heads(self) -> tuple[Runs, ...]:
        """The headings of the columns as runs."""
        return tuple(words(column) if isinstance(column, str) else column for column in self.columns)


Block: TypeAlias = Paragraph | Heading | Bullets | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it until the next section. Levels count from 1."""

    title: Runs
    level: int = 1
    blocks: tuple[Block, ...] = ()
    anchor: str = ""
    notes: tuple[Runs, ...] = ()

    def parts(self) -> Iterator["Section"]:
        """The section cut at the headings among its blocks: each heads a section of its own, on a lower level."""
        head, held = replace(self, blocks=()), list[Block]()
        for block in self.blocks:
            if isinstance(block, Heading):
                yield replace(head, blocks=tuple(held))
                head, held = Section(block.runs, self.level + block.level), []
            else:
                held.append(block)
        yield replace(head, blocks=tuple(held))


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

        Headings among the blocks of a section are sections here. A heading without words is a dash: PDF/UA and screen
        readers know no empty heading.
        """
        before = 0
        for section in (part for whole in self.sections for part in whole.parts()):
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


def is_web(url: str) -> bool:
    """Whether an address leads out to the web or to a mailbox; no other leads out of a document."""
    return url.lower().startswith(WEB)


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
