"""Reads a strategy from YAML and checks it, so that whatever is wrong is named by line and field.

The file is read as YAML nodes, not as values: nodes know their lines, and a date, a number or a `no` stays the text
that somebody wrote.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import yaml
from django.core.exceptions import ValidationError

from council.fields import document_number
from strategy_portal.fields import clean_line, clean_paragraph, parse_day

OFFICIAL_JOURNAL = re.compile(r"\d{4}/C \d{1,3}[A-Z]?/\d{1,3}")
LARGEST_FILE = 1_000_000  # bytes; the strategy of 2009 has 36,000
MOST_ENTRIES = 20_000
ADDRESSEES = {
    "MS_CUSTOMS": "MS",
    "CCWP": "CCWP",
    "COMMISSION": "COM",
}  # as in the file: as in an objective's code
ADDRESSED = r"[A-Z]{1,3}\.[A-Z+]+"  # the code of addressees, with which that of an objective begins
LETTER = r"[A-Za-z0-9]{1,5}"
KINDS = ("paragraph", "item")
AIMS = "part_II_1_aims"
parse_old_day = partial(parse_day, since=1950)


class Mistake(Exception):
    """What is wrong with the file: the sentence names line and field."""

    def __init__(self, text: str, line: int = 0, field: str = ""):
        place = ", ".join(part for part in (f"line {line}" if line else "", field) if part)
        super().__init__(f"{place}: {text}" if place else text)


class BlockText(NamedTuple):
    kind: str
    letter: str
    text: str


class SectionText(NamedTuple):
    number: str
    title: str
    holds_aims: bool
    blocks: list[BlockText]


class ObjectiveText(NamedTuple):
    """An objective, or one of its sub-points (`parent` is then the objective's code)."""

    code: str
    letter: str
    text: str
    parent: str
    addressees: str  # the code of the block in which it stands


class AddresseesText(NamedTuple):
    code: str
    heading: str
    addressees: list[str]


class AimText(NamedTuple):
    letter: str
    text: str
    blocks: list[AddresseesText]


class StrategyText(NamedTuple):
    """A whole strategy as its file states it."""

    head: dict[str, Any]
    agreed_on: date | None  # a text that the working party has not agreed is a draft
    sections: list[SectionText]
    footnotes: list[tuple[str, str]]
    aims: list[AimText]
    objectives: list[ObjectiveText]


class Entry:
    """One node of the file with its place in words, such as "sections 3, blocks 1, kind"."""

    def __init__(self, node: yaml.Node, field: str, counter: list[int]):
        self.node, self.field, self.counter = node, field, counter
        counter[0] += 1
        if counter[0] > MOST_ENTRIES:
            raise self.mistake(f"The file has more than {MOST_ENTRIES} entries.")

    def mistake(self, text: str) -> Mistake:
        return Mistake(text, self.node.start_mark.line + 1, self.field)

    def fields(self, required: str, optional: str = "", rest: bool = False) -> dict[str, "Entry"]:
        """The fields of a mapping. What is missing or given twice is a mistake; unknown ones too, save with `rest`."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.mistake("Expected are fields with names, such as “text: …”.")
        found: dict[str, Entry] = {}
        known = [*required.split(), *optional.split()]
        for key, value in self.node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            inner = Entry(value, f"{self.field}, {name}" if self.field else name, self.counter)
            if name in found:
                raise Mistake("This field is given twice.", key.start_mark.line + 1, inner.field)
            if name not in known and not rest:
                raise Mistake(
                    f"This field does not belong here. Known are: {', '.join(known)}.",
                    key.start_mark.line + 1,
                    inner.field,
                )
            found[name] = inner
        for name in required.split():
            if name not in found:
                raise Mistake(
                    "This field is missing.",
                    self.node.start_mark.line + 1,
                    f"{self.field}, {name}" if self.field else name,
                )
        return found

    def items(self, at_least: int = 0) -> Iterator["Entry"]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.mistake("Expected is a list, each entry beginning with “- ”.")
        if len(self.node.value) < at_least:
            raise self.mistake("The list is empty.")
        for number, node in enumerate(self.node.value, start=1):
            yield Entry(node, f"{self.field} {number}", self.counter)

    def is_empty(self) -> bool:
        node = self.node
        return isinstance(node, yaml.ScalarNode) and (
            node.tag == "tag:yaml.org,2002:null" or not node.value.strip()
        )

    def text(
        self, longest: int = 200, clean: Callable[[str], str] = clean_line, optional: bool = False
    ) -> str:
        """A text as written; "" only where it is optional."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.mistake("Expected is a text.")
        if self.is_empty():
            if optional:
                return ""
            raise self.mistake("The text is missing.")
        value = self.checked(clean)
        if len(value) > longest:
            raise self.mistake(f"The text has {len(value)} characters; at most {longest} are stored.")
        return value

    def checked(self, check: Callable[[str], Any]) -> Any:
        """What a function that raises ValidationError makes of the text."""
        try:
            return check(self.node.value)
        except ValidationError as error:
            raise self.mistake(" ".join(error.messages)) from None

    def same_as(self, expected: str, why: str) -> str:
        """The text, which can only be `expected`."""
        if (value := self.text()) != expected:
            raise self.mistake(f"“{value}” should be “{expected}”: {why}")
        return value


def read_strategy(content: bytes) -> StrategyText:
    """The strategy that a file states. Raises Mistake, which names line and field."""
    root = Entry(_compose(content), "", [0])
    parts = root.fields(f"document sections footnotes {AIMS}", "counts", rest=True)
    head, agreed_on = _head(parts["document"])
    sections = [_section(entry) for entry in parts["sections"].items(at_least=1)]
    if sum(section.holds_aims for section in sections) != 1:
        raise parts["sections"].mistake(f"Exactly one section says “contains: {AIMS}”.")
    _once(parts["sections"], [section.number for section in sections], "number")
    footnotes = [_footnote(entry) for entry in parts["footnotes"].items()]
    _once(parts["footnotes"], [mark for mark, _text in footnotes], "mark")
    objectives: dict[str, ObjectiveText] = {}
    aims = [_aim(entry, objectives) for entry in parts[AIMS].items(at_least=1)]
    _once(parts[AIMS], [aim.letter for aim in aims], "letter")
    strategy = StrategyText(head, agreed_on, sections, footnotes, aims, list(objectives.values()))
    if "counts" in parts:
        _counted(parts["counts"], strategy)
    return strategy


def _compose(content: bytes) -> yaml.Node:
    if len(content) > LARGEST_FILE:
        raise Mistake(f"The file is larger than {LARGEST_FILE // 1000} kB; a strategy is far smaller.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Mistake("This is no text in UTF-8.", line) from None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Mistake("A character here cannot stand in a text.", line) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Mistake(f"This is not YAML: {error.problem}.", mark.line + 1 if mark else 0) from None
    except RecursionError:
        raise Mistake("The entries are nested too deeply for a strategy.") from None
    if node is None:
        raise Mistake("The file is empty.")
    return node


def _once(entry: Entry, values: list[str], name: str) -> None:
    for number, value in enumerate(values, start=1):
        if value in values[: number - 1]:
            twice = list(entry.items())[number - 1]
            raise twice.mistake(f"The {name} “{value}” is given twice.")


def _reference(text: str) -> str:
    """The number of a document, or the place of a published resolution in the Official Journal: "2012/C 5/01"."""
    return text if OFFICIAL_JOURNAL.fullmatch(text) else document_number(text)


def _head(entry: Entry) -> tuple[dict[str, Any], date | None]:
    """The fields of `Strategy`, and the day on which the working party agreed the text."""
    fields = entry.fields(
        "number date subject",
        "type from to place subject_codes previous_documents agreed_by_ccwp_on requested resolution legal_basis"
        " seed_sha256",
    )

    def optional(name: str, longest: int = 200) -> str:
        return fields[name].text(longest, optional=True) if name in fields else ""

    def texts(name: str, longest: int) -> list[str]:
        return [item.text(longest) for item in fields[name].items()] if name in fields else []

    previous = texts("previous_documents", 120)
    for item in fields["previous_documents"].items() if previous else ():
        item.checked(document_number)
    fields["number"].text(60)
    head = {
        "reference": fields["number"].checked(_reference),
        "title": fields["subject"].text(300),
        "dated_on": fields["date"].checked(parse_old_day),
        "place": optional("place", 100),
        "kind": optional("type", 60),
        "sender": optional("from", 150),
        "addressee": optional("to", 150),
        "subject_codes": texts("subject_codes", 60),
        "previous_documents": previous,
        "requested": optional("requested", 300),
        "resolution": optional("resolution"),
        "legal_basis": optional("legal_basis"),
    }
    agreed = fields.get("agreed_by_ccwp_on")
    return head, agreed.checked(parse_old_day) if agreed and not agreed.is_empty() else None


def _section(entry: Entry) -> SectionText:
    fields = entry.fields("number title blocks", "contains")
    number = fields["number"].text(10)
    if not re.fullmatch(r"[IVX]+(\.[0-9]+)*", number):
        raise fields["number"].mistake(f"“{number}” is no number of a section: write I, I.1, II.2.")
    if "contains" in fields:
        fields["contains"].same_as(AIMS, "nothing else stands inside a section.")
    blocks = [_block(block) for block in fields["blocks"].items()]
    return SectionText(number, fields["title"].text(), "contains" in fields, blocks)


def _block(entry: Entry) -> BlockText:
    fields = entry.fields("kind text", "letter")
    kind = fields["kind"].text()
    if kind not in KINDS:
        raise fields["kind"].mistake(f"The kind “{kind}” is not known: write {' or '.join(KINDS)}.")
    if kind == "paragraph" and "letter" in fields:
        raise fields["letter"].mistake("A paragraph has no letter: should its kind be item?")
    if kind == "item" and "letter" not in fields:
        raise entry.mistake("The letter of this item is missing.")
    letter = fields["letter"].text(5) if kind == "item" else ""
    return BlockText(kind, letter, fields["text"].text(20_000, clean_paragraph))


def _footnote(entry: Entry) -> tuple[str, str]:
    fields = entry.fields("mark text")
    return fields["mark"].text(5), fields["text"].text(20_000, clean_paragraph)


def _aim(entry: Entry, objectives: dict[str, ObjectiveText]) -> AimText:
    fields = entry.fields("letter text addressee_groups", "seed_line")
    letter = fields["letter"].text(3)
    if not re.fullmatch(r"[A-Z]{1,3}", letter):
        raise fields["letter"].mistake(f"“{letter}” is no letter of an aim: write A, B, C.")
    text = fields["text"].text(20_000, clean_paragraph)
    groups = fields["addressee_groups"]
    blocks = [_addressees(group, letter, objectives) for group in groups.items()]
    _once(groups, [block.code for block in blocks], "code")
    return AimText(letter, text, blocks)


def _addressees(entry: Entry, aim: str, objectives: dict[str, ObjectiveText]) -> AddresseesText:
    fields = entry.fields("code heading addressees objectives", "seed_line")
    addressees = []
    for item in fields["addressees"].items(at_least=1):
        addressee = item.text()
        if addressee not in ADDRESSEES:
            raise item.mistake(
                f"The addressee “{addressee}” is not known: write one of {', '.join(ADDRESSEES)}."
            )
        addressees.append(addressee)
    expected = f"{aim}.{'+'.join(ADDRESSEES[addressee] for addressee in addressees)}"
    code = fields["code"].same_as(expected, "a code is the aim's letter and its addressees.")
    for objective in fields["objectives"].items():
        _objective(objective, code, objectives)
    return AddresseesText(code, fields["heading"].text(), addressees)


def _objective(entry: Entry, block: str, objectives: dict[str, ObjectiveText]) -> None:
    """Add an objective and its sub-points, in the order in which they stand."""
    fields = entry.fields("id letter text", "keeps_code order seed_line sub_points")
    letter = fields["letter"].text(5, optional=True)
    code = _code(fields, block, letter or "0", objectives)
    objectives[code] = ObjectiveText(code, letter, fields["text"].text(20_000, clean_paragraph), "", block)
    counted = sum(not objective.parent for objective in objectives.values())
    if "order" in fields:
        fields["order"].same_as(
            str(counted), "objectives are numbered through, in the order in which they stand."
        )
    for entry_below in fields["sub_points"].items() if "sub_points" in fields else ():
        below = entry_below.fields("id numeral text", "keeps_code seed_line")
        numeral = below["numeral"].text(5)
        own = _code(below, code, numeral, objectives)
        objectives[own] = ObjectiveText(
            own, numeral, below["text"].text(20_000, clean_paragraph), code, block
        )


def _code(fields: dict[str, Entry], place: str, letter: str, taken: dict[str, ObjectiveText]) -> str:
    """The code of an objective: that of its place and letter, or with `keeps_code` the one that it was once given.

    The place is the code of addressees or, of a sub-point, that of its objective, which it never leaves.
    """
    entry = fields["id"]
    code = entry.text(30)
    if code in taken:
        raise entry.mistake(f"The code “{code}” is given twice.")
    is_below = place in taken
    if "keeps_code" not in fields:
        rule = (
            "the objective's code and the numeral"
            if is_below
            else "the block's code and the letter, 0 for none"
        )
        return entry.same_as(f"{place}.{letter}", f"a code is {rule}.")
    fields["keeps_code"].same_as(
        "yes", "an objective that has moved keeps its code; leave this out otherwise."
    )
    if not re.fullmatch(rf"{re.escape(place) if is_below else ADDRESSED}\.{LETTER}", code):
        shape = (
            f"of a sub-point of {place}: {place}.ii" if is_below else "of an objective: C.CCWP.e, B.MS+COM.a"
        )
        raise entry.mistake(f"“{code}” is no code {shape}.")
    return code


def _counted(entry: Entry, strategy: StrategyText) -> None:
    """What the file says that it counts must be what it holds."""
    found = {
        "aims": len(strategy.aims),
        "addressee_group_blocks": sum(len(aim.blocks) for aim in strategy.aims),
        "objectives": sum(not objective.parent for objective in strategy.objectives),
        "sub_points": sum(bool(objective.parent) for objective in strategy.objectives),
    }
    stated = entry.fields("", rest=True)
    for name, number in found.items():
        if name in stated and stated[name].text() != str(number):
            raise stated[name].mistake(f"The file says {stated[name].text()}, but holds {number}.")
