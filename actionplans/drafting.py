"""The whole text of a draft with what can be done to each part, in a constant number of queries."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from actionplans.amending import Part, code_of, earlier_wordings, last_withdrawals, name_of, part_of
from actionplans.models import (
    AddresseeBlock,
    Aim,
    Footnote,
    Section,
    SectionBlock,
    StrategyVersion,
    VersionChange,
    Wording,
)
from actionplans.order import document_order


class Link(NamedTuple):
    """Something that can be done to a part: the word, what it is done to (for those who hear the page), the address."""

    label: str
    what: str
    url: str


class DraftPart(NamedTuple):
    """A part of a draft: its row, the texts or parts below it, and what can be done to it."""

    row: Any
    below: list
    links: list[Link]
    add: Link | None = None


class Draft(NamedTuple):
    """The whole of a draft, empty aims and addressees included."""

    sections: list[DraftPart]
    aims: list[DraftPart]
    footnotes: list[Footnote]

    @property
    def is_empty(self) -> bool:
        """Whether there is no text yet."""
        return not self.sections and not self.aims

    @property
    def has_place_for_aims(self) -> bool:
        """Whether a section says that the aims stand in it."""
        return any(section.row.holds_aims for section in self.sections)


EDITED_AT = {
    Part.SECTION: "section_edit",
    Part.AIM: "aim_edit",
    Part.ADDRESSEES: "addresseeblock_edit",
    Part.OBJECTIVE: "wording_edit",
}


def draft_of(version: StrategyVersion) -> Draft:
    """Put a draft together for whoever amends it."""
    texts: dict[int, list[SectionBlock]] = defaultdict(list)
    for text in SectionBlock.objects.filter(section__version=version).order_by("section", "order"):
        texts[text.section_id].append(text)
    rows = Section.objects.filter(version=version).order_by("order", "pk")
    sections = _parts(version, rows, lambda section: (texts[section.pk], None))
    return Draft(sections, _aims(version), list(Footnote.objects.filter(version=version)))


def _aims(version):
    objectives, sub_points, blocks = defaultdict(list), defaultdict(list), defaultdict(list)
    for words in document_order(version):
        parent = words.objective.parent_id
        (sub_points[parent] if parent else objectives[words.block_id]).append(words)
    for block in AddresseeBlock.objects.filter(aim__version=version).order_by("order", "pk"):
        blocks[block.aim_id].append(block)

    def add(label, row, name):
        return Link(label, name_of(row), version.address(name, code_of(row)))

    def below_objective(words):
        points = _parts(version, sub_points[words.objective_id], lambda _words: ([], None))
        return points, add(_("Add a sub-point"), words, "subpoint_create")

    def below_block(block):
        parts = _parts(version, objectives[block.pk], below_objective)
        return parts, add(_("Add an objective"), block, "objective_create")

    def below_aim(aim):
        return _parts(version, blocks[aim.pk], below_block), add(
            _("Add addressees"), aim, "addresseeblock_create"
        )

    return _parts(version, Aim.objects.filter(version=version).order_by("order", "pk"), below_aim)


def _parts(version, rows, below):
    """The parts of one list, each with what can be done to it where it stands."""
    rows = list(rows)
    found = []
    for place, row in enumerate(rows):
        parts, add = below(row)
        links = _links(version, row, place > 0, place < len(rows) - 1)
        found.append(DraftPart(row, parts, links, add))
    return found


def _links(version, row, can_rise, can_sink):
    part, code, name = part_of(row), code_of(row), name_of(row)
    offered = [(_("Reword"), version.address(EDITED_AT[part], code))]
    if can_rise:
        offered.append((_("Move up"), version.address("part_shift", part, code, "up")))
    if can_sink:
        offered.append((_("Move down"), version.address("part_shift", part, code, "down")))
    if part == Part.OBJECTIVE and not row.objective.parent_id:
        offered.append((_("Move to another place"), version.address("objective_move", code)))
    if not getattr(row, "holds_aims", False):
        offered.append((_("Withdraw"), version.address("part_withdraw", part, code)))
    return [Link(label, name, url) for label, url in offered]


class ToTakeBack(NamedTuple):
    """A part that a draft has no more, with the address at which it is taken back."""

    change: VersionChange
    url: str


def to_take_back(version: StrategyVersion, draft: Draft, changes: list["ShownChange"]) -> list[ToTakeBack]:
    """What was withdrawn from a draft, oldest first; asks the database for nothing."""
    codes = defaultdict(set)
    parts = [*draft.sections, *draft.aims]
    while parts:
        part = parts.pop()
        if isinstance(part, DraftPart):
            codes[part_of(part.row)].add(code_of(part.row))
            parts += part.below
    return [
        ToTakeBack(change, version.address("part_restore", change.part, change.code))
        for change in last_withdrawals([shown.change for shown in changes], codes)
    ]


class Earlier(NamedTuple):
    """An objective of an earlier text, with the address at which a draft takes it back."""

    words: Wording
    url: str


def earlier_objectives(version: StrategyVersion, withdrawn: list[ToTakeBack]) -> list[Earlier]:
    """Objectives that an earlier text in force had that a draft has not; not those withdrawn from it."""
    own = {gone.change.code for gone in withdrawn if gone.change.part == Part.OBJECTIVE}
    return [
        Earlier(words, version.address("part_restore", Part.OBJECTIVE, words.objective.code))
        for words in earlier_wordings(version)
        if words.objective.code not in own
    ]


class ShownChange(NamedTuple):
    """A change of a version with who made it ("" when unknown)."""

    change: VersionChange
    who: str


def changes_of(version: StrategyVersion) -> list[ShownChange]:
    """The changes of a version with who made each, in the order in which they were made."""
    events = VersionChange.pgh_event_models["insert"].objects.filter(
        pgh_obj=OuterRef("pk"), pgh_label="insert"
    )
    changes = list(
        version.changes.annotate(made_by=Subquery(events.values("pgh_context__user")[:1])).order_by("pk")
    )
    ids = {change.made_by for change in changes if change.made_by}
    people = get_user_model().objects.in_bulk(ids) if ids else {}
    return [ShownChange(change, str(people.get(change.made_by) or "")) for change in changes]
