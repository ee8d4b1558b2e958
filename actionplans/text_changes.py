"""What would change from one text of a strategy to another, part by part; told before a file is loaded."""

from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from actionplans.models import VersionChange
from actionplans.same_parts import Named, same_addressees, same_aims
from actionplans.strategy_file import AimText, StrategyText

LONGEST = 80  # of a text in a line, in characters
WORDS_BEFORE = 4  # of what stays the same, before what differs
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
            before, after = differing(self.before, self.after)
            return f"{name}: “{before}” → “{after}”."
        if self.change == Kind.MOVED:
            return f"{name}."
        return f"{name}: “{short(self.after or self.before)}”."


def short(value: object) -> str:
    """The beginning of a text, for a line."""
    words = " ".join(str(value).split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def differing(before: object, after: object) -> tuple[str, str]:
    """Two texts from shortly before the first word in which they differ, for a line; whole where they are short."""
    old, new = str(before).split(), str(after).split()
    same = sum(1 for _word in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    if max(len(" ".join(old)), len(" ".join(new))) <= LONGEST or same <= WORDS_BEFORE:
        return short(before), short(after)
    return tuple(f"… {short(' '.join(words[same - WORDS_BEFORE :]))}" for words in (old, new))


def text_changes(before: StrategyText, after: StrategyText) -> list[TextChange]:
    """Every part that differs, in the order of the text; the document's own data are no part."""
    aims, blocks = _same_names(before, after)
    olds, news = _parts(before, {old: new for new, old in blocks.items()}), _parts(after)
    same = {Part.AIM: aims, Part.ADDRESSEES: blocks}
    found: list[TextChange] = []
    for part, places in news.items():
        names = same.get(part, {code: code for code in places if code in olds[part]})
        found += _changes(part, olds[part], places, names)
    return found


def _same_names(before: StrategyText, after: StrategyText) -> tuple[dict[str, str], dict[str, str]]:
    """The letters of aims and the codes of addressees in the new text, each with what it was in the old one."""
    olds, news = _named_aims(before), _named_aims(after)
    letters, codes = {}, {}
    for j, i in same_aims(olds, news).items():
        letters[news[j].name] = olds[i].name
        was, now = _named_blocks(before, before.aims[i]), _named_blocks(after, after.aims[j])
        codes |= {now[new].name: was[old].name for new, old in same_addressees(was, now).items()}
    return letters, codes


def _named_aims(text: StrategyText) -> list[Named]:
    return [
        Named(aim.letter, aim.text, frozenset().union(*(one.objectives for one in _named_blocks(text, aim))))
        for aim in text.aims
    ]


def _named_blocks(text: StrategyText, aim: AimText) -> list[Named]:
    return [
        Named(
            block.code,
            block.heading,
            frozenset(words.code for words in text.objectives if words.addressees == block.code),
        )
        for block in aim.blocks
    ]


def _changes(
    part: str, before: dict[str, Place], after: dict[str, Place], same: dict[str, str]
) -> Iterator[TextChange]:
    """The changes of one kind of part; `same` has the names of those in both texts, by the new name the old one."""
    for code, place in after.items():
        if code not in same:
            yield TextChange(part, code, Kind.ADDED, "", place.words)
            continue
        old = before[same[code]]
        if place.where != old.where:
            yield TextChange(part, code, Kind.MOVED, old.words, place.words)
        if place.words != old.words:
            yield TextChange(part, code, Kind.REWORDED, old.words, place.words)
    now = {old: new for new, old in same.items()}
    stay_before = [now[code] for code in before if code in now]
    stay_after = [code for code in after if code in same]
    for code in _out_of_order(stay_before, stay_after):
        old = before[same[code]]
        if old.where == after[code].where:
            yield TextChange(part, code, Kind.MOVED, old.words, after[code].words)
    for code, place in before.items():
        if code not in now:
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


def _parts(text: StrategyText, now: dict[str, str] | None = None) -> dict[str, dict[str, Place]]:
    """The parts of a text by kind and code. Footnotes and the paragraphs of a section belong to sections.

    `now` has, of an earlier text, the codes that addressees have in the later one; no place there is theirs without.
    """
    sections = {}
    for section in text.sections:
        blocks = [f"{block.letter}) {block.text}" if block.letter else block.text for block in section.blocks]
        where = "the aims stand here" if section.holds_aims else ""
        sections[section.number] = Place(where, "\n".join([section.title, *blocks]))
    sections |= {mark: Place("footnote", words) for mark, words in text.footnotes}
    aims = {aim.letter: Place("", f"{aim.letter}. {aim.text}") for aim in text.aims}
    addressees = {
        block.code: Place("", f"{block.heading} [{', '.join(block.addressees)}]")
        for aim in text.aims
        for block in aim.blocks
    }
    objectives = {
        words.code: Place(
            f"{words.addressees if now is None else now.get(words.addressees)} {words.parent} {words.letter}",
            words.text,
        )
        for words in text.objectives
    }
    return {
        Part.SECTION: sections,
        Part.AIM: aims,
        Part.ADDRESSEES: addressees,
        Part.OBJECTIVE: objectives,
    }
