"""What would change from one text of a strategy to another, part by part; told before a file is loaded."""

from collections.abc import Iterator
from typing import NamedTuple

from actionplans.models import VersionChange
from actionplans.strategy_file import StrategyText

Part, Kind = VersionChange.Part, VersionChange.Change


class Place(NamedTuple):
    """A part of a text: where it stands, and its words."""

    where: str
    words: str


class TextChange(NamedTuple):
    """One part that is added, reworded, moved or withdrawn; `before` and `after` are its words, or "" for none."""

    part: str
    code: str
    change: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The change as a line at the terminal: "Objective C.CCWP.e reworded: “…” → “…”."."""
        name = f"{Part(self.part).label} {self.code} {str(Kind(self.change).label).lower()}"
        if self.change == Kind.REWORDED:
            return f"{name}: “{short(self.before)}” → “{short(self.after)}”."
        if self.change == Kind.MOVED:
            return f"{name}."
        return f"{name}: “{short(self.after or self.before)}”."


def short(value: object) -> str:
    """The beginning of a text, for a line."""
    words = " ".join(str(value).split())
    return words if len(words) <= 80 else f"{words[:79]}…"


def text_changes(before: StrategyText, after: StrategyText) -> list[TextChange]:
    """Every part that differs, in the order of the text; the document's own data are no part."""
    found: list[TextChange] = []
    for part, places in _parts(after).items():
        found += _changes(part, _parts(before)[part], places)
    return found


def _changes(part: str, before: dict[str, Place], after: dict[str, Place]) -> Iterator[TextChange]:
    for code, place in after.items():
        old = before.get(code)
        if old is None:
            yield TextChange(part, code, Kind.ADDED, "", place.words)
            continue
        if place.where != old.where:
            yield TextChange(part, code, Kind.MOVED, old.words, place.words)
        if place.words != old.words:
            yield TextChange(part, code, Kind.REWORDED, old.words, place.words)
    stay_before = [code for code in before if code in after]
    stay_after = [code for code in after if code in before]
    for code in _out_of_order(stay_before, stay_after):
        if before[code].where == after[code].where:
            yield TextChange(part, code, Kind.MOVED, before[code].words, after[code].words)
    for code, place in before.items():
        if code not in after:
            yield TextChange(part, code, Kind.WITHDRAWN, place.words, "")


def _out_of_order(before: list[str], after: list[str]) -> list[str]:
    """Those that have to be taken out so that the rest stands in the same order as before (the fewest such)."""
    position = {code: number for number, code in enumerate(before)}
    best: list[list[str]] = []  # the longest run in order that ends with each
    for number, code in enumerate(after):
        runs = [best[k] for k in range(number) if position[after[k]] < position[code]]
        best.append([*max(runs, key=len, default=[]), code])
    kept = set(max(best, key=len, default=[]))
    return [code for code in after if code not in kept]


def _parts(text: StrategyText) -> dict[str, dict[str, Place]]:
    """The parts of a text by kind and code. Footnotes and the paragraphs of a section belong to sections."""
    sections = {}
    for section in text.sections:
        blocks = [f"{block.letter}) {block.text}" if block.letter else block.text for block in section.blocks]
        where = "the aims stand here" if section.holds_aims else ""
        sections[section.number] = Place(where, "\n".join([section.title, *blocks]))
    sections |= {mark: Place("footnote", words) for mark, words in text.footnotes}
    aims = {aim.letter: Place("", aim.text) for aim in text.aims}
    addressees = {
        block.code: Place(aim.letter, f"{block.heading} [{', '.join(block.addressees)}]")
        for aim in text.aims
        for block in aim.blocks
    }
    objectives = {
        words.code: Place(f"{words.addressees} {words.parent} {words.letter}", words.text)
        for words in text.objectives
    }
    return {
        Part.SECTION: sections,
        Part.AIM: aims,
        Part.ADDRESSEES: addressees,
        Part.OBJECTIVE: objectives,
    }
