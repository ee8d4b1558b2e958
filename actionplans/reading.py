"""A strategy's text put together for reading, with what serves each objective; always the same number of queries."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from actionplans.models import (
    Action,
    ActionObjective,
    AddresseeBlock,
    Aim,
    Footnote,
    Objective,
    Section,
    SectionBlock,
    Strategy,
    StrategyVersion,
    Wording,
)
from editing.history import first_change
from strategy_portal.dates import brussels_day, now

FOOTNOTE_MARKS = re.compile(r"[¹²³⁰⁴-⁹*†]+")  # marks that cannot be mistaken for words of the text


class ReadBlock(NamedTuple):
    """A paragraph or item with the number under which a meeting can name it."""

    anchor: str
    number: str
    is_item: bool
    letter: str
    html: SafeString


class ReadObjective(NamedTuple):
    code: str
    letter: str
    html: SafeString
    url: str
    actions: list[Action]
    sub_points: list["ReadObjective"]

    @property
    def is_served_below(self) -> bool:
        """Whether an action serves one of its sub-points."""
        return any(below.actions for below in self.sub_points)


class ReadAddressees(NamedTuple):
    code: str
    heading: str
    objectives: list[ReadObjective]


class ReadAim(NamedTuple):
    letter: str
    text: str
    is_last: bool
    blocks: list[ReadAddressees]


class ReadSection(NamedTuple):
    anchor: str
    number: str
    title: str
    is_part: bool  # I and II: parts, of which the others are sections
    holds_aims: bool
    blocks: list[ReadBlock]

    @property
    def short_title(self) -> str:
        """The title as a list of contents has it: not in capitals, save what stands in brackets."""
        text = " ".join(word if word.startswith("(") else word.lower() for word in self.title.split(" "))
        return text[:1].upper() + text[1:]


class ReadFootnote(NamedTuple):
    number: int
    mark: str
    text: str


class Reading(NamedTuple):
    """The whole of one version."""

    sections: list[ReadSection]
    aims: list[ReadAim]
    footnotes: list[ReadFootnote]

    @property
    def is_empty(self) -> bool:
        """Whether there is no text yet."""
        return not self.sections and not self.aims

    @property
    def has_place_for_aims(self) -> bool:
        """Whether a section says that the aims stand in it."""
        return any(section.holds_aims for section in self.sections)


def current_version(user: Any) -> StrategyVersion | None:
    """The version that `/strategy/` shows: in force, of the newest strategy."""
    return StrategyVersion.objects.visible_to(user).in_force().first()


def newest_version(slug: str, user: Any) -> StrategyVersion | None:
    """The newest version of a strategy that a person sees, for a strategy of which none is in force."""
    seen = StrategyVersion.objects.visible_to(user).filter(strategy__slug=slug)
    return seen.select_related("strategy__repealed_by").order_by("-number").first()


def versions_beside(version: StrategyVersion, user: Any) -> list[StrategyVersion]:
    """The versions of its strategy that a person sees, in order, each knowing when it last changed (one query)."""
    seen = StrategyVersion.objects.visible_to(user).filter(strategy=version.strategy_id)
    found = list(seen.annotate(changed_at=Max("changes__made_at")).order_by("number"))
    for other in found:
        other.strategy = version.strategy
    return found


def has_its_note(version: StrategyVersion, versions: list[StrategyVersion]) -> bool:
    """Whether the published note that stands above the text speaks of this version: it was the first to be agreed."""
    return version == next((other for other in versions if other.agreed_on), None)


def document_dated_on(version: StrategyVersion, versions: list[StrategyVersion]) -> date:
    """The day that the head of a version's document bears.

    Of the first text it is that of the published document, of a later one that of its agreement; of one that nobody has
    agreed the day on which its text was last changed. `versions` are those of `versions_beside()`.
    """
    if not any(other.number < version.number and other.status != "withdrawn" for other in versions):
        return version.strategy.dated_on
    if settled := version.agreed_on or version.in_force_from:
        return settled
    changed_at = next(beside.changed_at for beside in versions if beside == version)
    begun = None if changed_at else first_change(version)
    return brussels_day(changed_at or (begun.at if begun else now()))


def wordings_of(version: StrategyVersion) -> list[Wording]:
    """The objectives of a version as worded there, in order, each with its place (one query)."""
    return list(version.wordings.select_related("objective", "block__aim").order_by("order"))


def serving(objectives: Iterable[int], user: Any) -> dict[int, list[Action]]:
    """The actions that a person sees, by the objectives that they serve; newest plan first (one query)."""
    links = (
        ActionObjective.objects.filter(
            objective__in=objectives, action__in=Action.objects.visible_to(user).in_their_plans()
        )
        .select_related("action__plan", "action__lead")
        .order_by("-action__plan__number", "action__number")
    )
    found: dict[int, list[Action]] = defaultdict(list)
    for link in links:
        found[link.objective_id].append(link.action)
    return found


Served = Callable[[Iterable[int], Any], dict[int, list[Action]]]


def read(version: StrategyVersion, user: Any, served: Served = serving) -> Reading:
    """Put a version together for a reader.

    `served` finds the actions: those of today, or of the day on which the text is read.
    """
    footnotes = [
        ReadFootnote(number, note.mark, note.text)
        for number, note in enumerate(Footnote.objects.filter(version=version), start=1)
    ]
    text = _Marker(footnotes)
    sections = _sections(version, text)
    wordings = wordings_of(version)
    actions = served([words.objective_id for words in wordings], user)
    return Reading(sections, _aims(version.strategy, wordings, actions, text), footnotes)


def _sections(version: StrategyVersion, text: "_Marker") -> list[ReadSection]:
    blocks: dict[int, list[SectionBlock]] = defaultdict(list)
    for block in SectionBlock.objects.filter(section__version=version).order_by("section", "order"):
        blocks[block.section_id].append(block)
    return [
        ReadSection(
            f"section-{section.number}",
            section.number,
            section.title,
            "." not in section.number,
            section.holds_aims,
            _numbered(section, blocks[section.pk], text),
        )
        for section in Section.objects.filter(version=version)
    ]


def _numbered(section: Section, blocks: list[SectionBlock], text: "_Marker") -> list[ReadBlock]:
    """Paragraphs count within their section; an item is named by its letter: I.4 § 1 (e)."""
    paragraph, found = 0, []
    for block in blocks:
        is_item = block.kind == SectionBlock.Kind.ITEM
        paragraph += not is_item
        anchor = f"p-{section.number}-{paragraph}{block.letter}"
        found.append(ReadBlock(anchor, f"§ {paragraph}", is_item, block.letter, text(block.text)))
    return found


def _aims(
    strategy: Strategy, wordings: list[Wording], actions: dict[int, list[Action]], text: "_Marker"
) -> list[ReadAim]:
    below: dict[int, list[Wording]] = defaultdict(list)
    blocks: dict[int, list[Wording]] = {}
    aims: dict[int, tuple[Aim, list[AddresseeBlock]]] = {}
    for words in wordings:
        if words.objective.parent_id:
            below[words.objective.parent_id].append(words)
            continue
        _aim, in_aim = aims.setdefault(words.block.aim_id, (words.block.aim, []))
        if words.block_id not in blocks:
            in_aim.append(words.block)
        blocks.setdefault(words.block_id, []).append(words)

    def objective(words: Wording) -> ReadObjective:
        return ReadObjective(
            words.objective.code,
            words.letter,
            text(words.text),
            strategy.address("objective_detail", words.objective.code),
            actions.get(words.objective_id, []),
            [objective(sub_point) for sub_point in below[words.objective_id]],
        )

    ordered = sorted(aims.values(), key=lambda pair: pair[0].order)
    return [
        ReadAim(
            aim.letter,
            aim.text,
            aim is ordered[-1][0],
            [
                ReadAddressees(block.code, block.heading, [objective(words) for words in blocks[block.pk]])
                for block in sorted(in_aim, key=lambda block: block.order)
            ],
        )
        for aim, in_aim in ordered
    ]


class _Marker:
    """Turns the marks of footnotes in a text into links; everything else stays literally what it is."""

    def __init__(self, footnotes: list[ReadFootnote]):
        self.footnotes = [note for note in footnotes if FOOTNOTE_MARKS.fullmatch(note.mark)]
        self.linked: set[int] = set()

    def __call__(self, text: str) -> SafeString:
        html = str(conditional_escape(text))
        for note in self.footnotes:
            if note.mark in html and note.number not in self.linked:
                self.linked.add(note.number)
                link = format_html(
                    '<a class="footnote-mark" id="mark-{0}" href="#footnote-{0}" aria-label="{1}">{2}</a>',
                    note.number,
                    _("Footnote %(number)d") % {"number": note.number},
                    note.mark,
                )
                html = html.replace(note.mark, link, 1)
        return mark_safe(html)  # noqa: S308 - escaped above, the links are built by format_html


class ReadHead(NamedTuple):
    """An objective with everything that stands around it in the text."""

    words: Wording
    parent: Wording | None
    sub_points: list[Wording]
    before: Wording | None
    after: Wording | None


def around(objective: Objective, wordings: list[Wording]) -> ReadHead | None:
    """Where an objective stands among the wordings of a version; None when that version has it not."""
    place = next((n for n, words in enumerate(wordings) if words.objective_id == objective.pk), None)
    if place is None:
        return None
    return ReadHead(
        wordings[place],
        next((words for words in wordings if words.objective_id == objective.parent_id), None),
        [words for words in wordings if words.objective.parent_id == objective.pk],
        wordings[place - 1] if place else None,
        wordings[place + 1] if place + 1 < len(wordings) else None,
    )


def objective_page(
    objective: Objective,
    version: StrategyVersion,
    head: ReadHead,
    served: dict[int, list[Action]],
) -> dict[str, Any]:
    """What the page of an objective shows: its words, its neighbours, and the actions by plan, newest first."""
    below = {action for words in head.sub_points for action in served.get(words.objective_id, [])}
    own = set(served.get(objective.pk, []))
    actions = sorted(own | below, key=lambda action: (-action.plan.number, action.number))

    def address(words: Wording | None) -> str:
        return version.strategy.address("objective_detail", words.objective.code) if words else ""

    return {
        "objective": objective,
        "version": version,
        "head": head,
        "sub_points": [(words, address(words)) for words in head.sub_points],
        "links": {name: address(getattr(head, name)) for name in ("parent", "before", "after")},
        "by_plan": [(plan, list(rows)) for plan, rows in groupby(actions, key=lambda action: action.plan)],
        "only_below": below - own,
        "strategy_url": version.strategy.get_absolute_url(),
    }
