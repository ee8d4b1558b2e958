"""The texts of several versions at once, as plain values: six queries, however many versions and however long."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from actionplans.models import AddresseeBlock, Aim, Footnote, SectionBlock, Wording
from actionplans.models import Section as StoredSection
from actionplans.same_parts import Named, same_addressees, same_aims, same_sections


@dataclass(frozen=True, eq=False)
class Block:
    """A paragraph or item of a section; `number` is its paragraph's ("§ 2"), `name` says all ("I.4 § 2 (e)")."""

    name: str
    number: str
    letter: str
    text: str
    is_item: bool
    anchor: str


class Section(NamedTuple):
    number: str
    title: str
    holds_aims: bool
    blocks: list[Block]

    @property
    def heading(self) -> str:
        """The heading as the document prints it: "I. INTRODUCTION", "I.4 THE ROLE OF …"."""
        return f"{self.number}{'' if '.' in self.number else '.'} {self.title}"

    @property
    def name(self) -> str:
        return self.number


class AimWords(NamedTuple):
    letter: str
    text: str


class Addressees(NamedTuple):
    aim: str
    code: str
    heading: str


class Objective(NamedTuple):
    """An objective's words; `container` is the code of the addressees or of the objective under which it stands."""

    code: str
    letter: str
    text: str
    container: str


@dataclass
class VersionText:
    """All words of one version, in order. `below` holds the codes of objectives by their container."""

    sections: list[Section] = field(default_factory=list)
    aims: list[AimWords] = field(default_factory=list)
    addressees: list[Addressees] = field(default_factory=list)
    objectives: dict[str, Objective] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    footnotes: list[tuple[str, str]] = field(default_factory=list)


class Partners(NamedTuple):
    """Which parts of two texts are the same: sections and aims by their places, addressees by their codes.

    The keys are those of the new text, the values those of the old one.
    """

    sections: dict[int, int]
    aims: dict[int, int]
    addressees: dict[str, str]


def partners_of(old: VersionText, new: VersionText) -> Partners:
    """The parts that two texts have both."""
    olds, news = _named_aims(old), _named_aims(new)
    aims = same_aims(olds, news)
    addressees = {}
    for j, i in aims.items():
        was, now = _named_blocks(old, olds[i].name), _named_blocks(new, news[j].name)
        addressees |= {
            now[new_at].name: was[old_at].name for new_at, old_at in same_addressees(was, now).items()
        }
    return Partners(same_sections(old.sections, new.sections), aims, addressees)


def _named_aims(text: VersionText) -> list[Named]:
    return [
        Named(
            aim.letter,
            aim.text,
            frozenset().union(*(block.objectives for block in _named_blocks(text, aim.letter))),
        )
        for aim in text.aims
    ]


def _named_blocks(text: VersionText, aim: str) -> list[Named]:
    return [
        Named(block.code, block.heading, frozenset(text.below.get(block.code, ())))
        for block in text.addressees
        if block.aim == aim
    ]


def texts_of(keys: set[int]) -> dict[int, VersionText]:
    """The texts of versions by their primary key, as stored to the letter."""
    found = {key: VersionText() for key in keys}
    blocks: dict[int, list[SectionBlock]] = defaultdict(list)
    for block in SectionBlock.objects.filter(section__version__in=keys).order_by("section", "order"):
        blocks[block.section_id].append(block)
    for section in StoredSection.objects.filter(version__in=keys).order_by("order", "pk"):
        found[section.version_id].sections.append(
            Section(section.number, section.title, section.holds_aims, _blocks(section, blocks[section.pk]))
        )
    for aim in Aim.objects.filter(version__in=keys).order_by("order", "pk"):
        found[aim.version_id].aims.append(AimWords(aim.letter, aim.text))
    stored = AddresseeBlock.objects.filter(aim__version__in=keys).select_related("aim")
    groups = list(stored.order_by("aim__order", "order", "pk"))
    count = Counter((group.aim.version_id, group.code) for group in groups)
    names = {}  # of a code that two aims of a version have, each is named with its aim
    for group in groups:
        version, letter = group.aim.version_id, group.aim.letter
        names[group.pk] = group.code if count[version, group.code] == 1 else f"{letter}: {group.code}"
        found[version].addressees.append(Addressees(letter, names[group.pk], group.heading))
    wordings = Wording.objects.filter(version__in=keys).select_related("objective__parent")
    rows = list(wordings.order_by("order", "pk"))
    there = {(wording.version_id, wording.objective_id) for wording in rows}
    for wording in rows:
        objective, text = wording.objective, found[wording.version_id]
        is_below = (
            wording.version_id,
            objective.parent_id,
        ) in there  # else its objective is not in this version
        container = objective.parent.code if is_below else names[wording.block_id]
        text.objectives[objective.code] = Objective(objective.code, wording.letter, wording.text, container)
        text.below[container].append(objective.code)
    for note in Footnote.objects.filter(version__in=keys).order_by("pk"):
        found[note.version_id].footnotes.append((note.mark, note.text))
    return found


def _blocks(section: StoredSection, stored: list[SectionBlock]) -> list[Block]:
    """Paragraphs count within their section; an item is named by its letter."""
    found, paragraph = [], 0
    for block in stored:
        is_item = block.kind == SectionBlock.Kind.ITEM
        paragraph += not is_item
        number = f"§ {paragraph}"
        name = f"{section.number} {number}" + (f" ({block.letter})" if block.letter else "")
        anchor = f"p-{section.number}-{paragraph}{block.letter}"
        found.append(Block(name, number, block.letter, block.text, is_item, anchor))
    return found
