"""Two versions of a strategy side by side: which part became which, how its words differ, and why it was changed.

Sections belong together by their title, else by their number; paragraphs within a section by the words they share;
aims by their letter, addressees by their code, objectives by their lasting identity (the code), footnotes by their
mark.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from actionplans.models import StrategyVersion, VersionChange
from actionplans.pieces import Piece, Stretch, What, depth_of, label_of, place_of, what_of
from actionplans.versiontexts import Block, Section, VersionText, texts_of
from publishing.compare import Pair, align, differences, moved_texts, weave
from publishing.documents import Change, words

PART = VersionChange.Part


class Comparison(NamedTuple):
    """Everything that two versions have, in the order of reading; and reasons given for what reads the same."""

    old: StrategyVersion
    new: StrategyVersion
    stretches: list[Stretch]
    other_reasons: list[VersionChange]

    def changed(self, what: What) -> list[Piece]:
        """What was reworded, added, withdrawn or moved, in the order of reading."""
        pieces = [piece for stretch in self.stretches for piece in (stretch.head, *stretch.pieces)]
        return [piece for piece in pieces if what in piece.what and piece.is_counted]

    @property
    def is_same(self) -> bool:
        """Whether the two read alike, word for word and in the same order."""
        return not any(stretch.is_changed for stretch in self.stretches)


def compare(old: StrategyVersion, new: StrategyVersion, changes: Iterable[VersionChange] = ()) -> Comparison:
    """Compare two versions of one strategy; `changes` are the reasons to show (six queries, whatever the length)."""
    texts = texts_of([old, new])
    return Comparison(old, new, *compare_texts(texts[old.pk], texts[new.pk], changes))


def compare_texts(
    old: VersionText, new: VersionText, changes: Iterable[VersionChange] = ()
) -> tuple[list[Stretch], list[VersionChange]]:
    """The stretches of two texts read as one, and the reasons that belong to nothing that differs. No queries."""
    builder = _Builder(old, new, changes)
    stretches = builder.sections()
    return stretches, builder.unused_reasons()


class _Step(NamedTuple):
    """One place of two orders read as one: where it stands in the old and in the new, and whether it left or came."""

    old: int | None
    new: int | None
    is_moved: bool


def _steps(
    pairs: Sequence[Pair], old: Sequence[object], new: Sequence[object], everywhere: set[object]
) -> Iterator[_Step]:
    """The pairs, with what has no partner here but is in both versions known as moved."""
    for i, j in pairs:
        key = old[i] if i is not None else new[j] if j is not None else None
        yield _Step(i, j, (i is None or j is None) and key in everywhere)


class _Builder:
    def __init__(self, old: VersionText, new: VersionText, changes: Iterable[VersionChange]):
        self.old, self.new = old, new
        self.anchors: set[str] = set()
        self.reasons: dict[tuple[str, str], list[VersionChange]] = defaultdict(list)
        for change in changes:
            self.reasons[change.part, change.code].append(change)
        self.used: set[tuple[str, str]] = set()
        self.twins = _same_sections(old.sections, new.sections)  # place in new: place in old
        self.rows = {
            (i, j): align([b.text for b in old.sections[i].blocks], [b.text for b in new.sections[j].blocks])
            for j, i in self.twins.items()
        }
        self.moved = self._moved_blocks()

    # -- sections and their paragraphs ---------------------------------------------------

    def sections(self) -> list[Stretch]:
        """Every stretch of both versions, footnotes at the end."""
        olds = list(range(len(self.old.sections)))
        news = [self.twins.get(j, -1 - j) for j in range(len(self.new.sections))]
        both = set(self.twins.values())
        holder = next((s for s in self.new.sections if s.holds_aims), None) or next(
            (s for s in self.old.sections if s.holds_aims), None
        )
        found: list[Stretch] = []
        for step in _steps(weave(olds, news), olds, news, both):
            new = self.new.sections[step.new] if step.new is not None else None
            old_at = self.twins.get(step.new) if step.new is not None else step.old
            old = self.old.sections[old_at] if old_at is not None else None
            if step.is_moved and new is None and old is not None:
                target = next(j for j, i in self.twins.items() if i == step.old)
                target_section = self.new.sections[target]
                place = self._section_place(self.new, target_section)
                left = self._left(old.name, place, f"section {target_section.number}")
                found.append(Stretch(left, depth_of(old)))
                continue
            found.append(self._section(old, new, old_at, step))
            if holder is not None and (new is holder or old is holder):
                found += self._aims(depth_of(holder) + 1)
        if holder is None:
            found += self._aims(1)
        return found + self._footnotes()

    def _section(self, old: Section | None, new: Section | None, old_at: int | None, step: _Step) -> Stretch:
        here = new or old
        assert here is not None
        what = what_of(
            old and old.title, new and new.title, step.is_moved, old and old.number, new and new.number
        )
        head = Piece(
            here.name,
            self._anchor(f"section-{here.number}"),
            differences(old.heading if old else "", new.heading if new else ""),
            what=what,
            key=f"section {here.number}",
            old_place=self._section_place(self.old, old) if step.is_moved else "",
            new_place=self._section_place(self.new, new) if step.is_moved else "",
        )
        stretch = Stretch(head, depth_of(here))
        whole = old is None or new is None
        if old is not None and new is not None and step.new is not None and old_at is not None:
            pairs = self.rows[old_at, step.new]
        else:
            pairs = [(i, None) for i in range(len(old.blocks))] if old else []
            pairs += [(None, j) for j in range(len(new.blocks))] if new else []
        for i, j in pairs:
            before = old.blocks[i] if old is not None and i is not None else None
            after = new.blocks[j] if new is not None and j is not None else None
            stretch.pieces.append(self._block(before, after, is_counted=not whole))
        if stretch.is_changed:
            codes = {section.number for section in (old, new) if section}
            head.reasons = self._reasons(PART.SECTION, *codes)
        return stretch

    def _section_place(self, text: VersionText, section: Section | None) -> str:
        numbers = [one.number for one in text.sections]
        return place_of("", numbers, section.number) if section else ""

    def _block(self, old: Block | None, new: Block | None, *, is_counted: bool) -> Piece:
        """A paragraph or item; one that is on one side only may be the other half of a move."""
        is_moved = False
        if new is None and old is not None and old in self.moved:
            now = self.moved[old].name
            return self._left(old.name, now, f"block {now}", is_item=old.is_item)
        if old is None and new is not None:
            old = next((before for before, after in self.moved.items() if after is new), None)
            is_moved = old is not None
        here = new or old
        assert here is not None
        what = what_of(old and old.text, new and new.text, is_moved, old and old.letter, new and new.letter)
        if here.is_item or (old and old.is_item):
            label = label_of(old, new, ")")
        else:
            label = words(here.number)
        return Piece(
            here.name,
            self._anchor(here.anchor if new else f"was-{here.anchor}"),
            differences(old.text if old else "", new.text if new else ""),
            label,
            what,
            is_item=here.is_item,
            is_counted=is_counted or is_moved,
            key=f"block {here.name}",
            old_place=old.name if old and is_moved else "",
            new_place=new.name if new and is_moved else "",
        )

    def _moved_blocks(self) -> dict[Block, Block]:
        """Paragraphs without a partner in their own section that stand, much the same, in another place."""
        partners = set(self.rows)
        gone = [
            b for i, s in enumerate(self.old.sections) if i not in {a for a, _b in partners} for b in s.blocks
        ]
        come = [b for j, s in enumerate(self.new.sections) if j not in self.twins for b in s.blocks]
        for (at, then), pairs in self.rows.items():
            gone += [self.old.sections[at].blocks[i] for i, j in pairs if i is not None and j is None]
            come += [self.new.sections[then].blocks[j] for i, j in pairs if j is not None and i is None]
        found = moved_texts([block.text for block in gone], [block.text for block in come])
        return {gone[i]: come[j] for i, j in found}

    # -- aims, addressees, objectives ------------------------------------------------------

    def _aims(self, level: int) -> list[Stretch]:
        olds, news = self.old.aims, self.new.aims
        found: list[Stretch] = []
        for step in self._woven([aim.letter for aim in olds], [aim.letter for aim in news]):
            old = olds[step.old] if step.old is not None else None
            new = news[step.new] if step.new is not None else None
            here = new or old
            assert here is not None
            name = _("Aim %(letter)s") % {"letter": here.letter}
            if step.is_moved and new is None:
                place = place_of("", [aim.letter for aim in news], here.letter)
                found.append(Stretch(self._left(name, place, name), level))
                continue
            if step.is_moved:
                old = next(aim for aim in olds if aim.letter == here.letter)
            head = Piece(
                name,
                self._anchor(f"aim-{here.letter}"),
                words(f"{here.letter}. ") + differences(old.text if old else "", new.text if new else ""),
                what=what_of(old and old.text, new and new.text, step.is_moved),
                key=name,
                old_place=place_of("", [aim.letter for aim in olds], here.letter) if step.is_moved else "",
                new_place=place_of("", [aim.letter for aim in news], here.letter) if step.is_moved else "",
            )
            if not (old and new):
                change = Change.ADDED if new else Change.REMOVED
                head.runs = words(f"{here.letter}. {here.text}", change=change)
            if head.what:
                head.reasons = self._reasons(PART.AIM, here.letter)
            found.append(Stretch(head, level))
            found += self._addressees(here.letter, level + 1)
        return found

    def _addressees(self, aim: str, level: int) -> list[Stretch]:
        olds = [block.code for block in self.old.addressees if block.aim == aim]
        news = [block.code for block in self.new.addressees if block.aim == aim]
        headings = {block.code: block.heading for block in self.old.addressees}
        then = {block.code: block.heading for block in self.new.addressees}
        found = []
        for step in self._woven(olds, news, set(headings) & set(then)):
            code = olds[step.old] if step.old is not None else news[step.new or 0]
            if step.is_moved and step.new is None:
                place = place_of("", list(then), code)
                found.append(Stretch(self._left(code, place, f"addressees {code}"), level))
                continue
            in_old = step.old is not None or step.is_moved
            in_new = step.new is not None
            old, new = (headings[code] if in_old else None), (then[code] if in_new else None)
            head = Piece(
                code,
                self._anchor(f"addressees-{code}"),
                differences(old or "", new or ""),
                what=what_of(old, new, step.is_moved),
                key=f"addressees {code}",
                old_place=place_of("", list(headings), code) if step.is_moved else "",
                new_place=place_of("", list(then), code) if step.is_moved else "",
            )
            if head.what:
                head.reasons = self._reasons(PART.ADDRESSEES, code)
            found.append(Stretch(head, level, list(self._objectives(code))))
        return found

    def _objectives(self, container: str, level: int = 0) -> Iterator[Piece]:
        """The objectives of one addressee block, or the sub-points of one objective, each followed by its own."""
        olds, news = self.old.below[container], self.new.below[container]
        both = set(self.old.objectives) & set(self.new.objectives)
        for step in self._woven(olds, news, both):
            code = olds[step.old] if step.old is not None else news[step.new or 0]
            if step.is_moved and step.new is None:
                place = self._objective_place(self.new, code)
                yield self._left(code, place, f"objective {code}", level, is_item=True)
                continue
            old = self.old.objectives[code] if step.old is not None or step.is_moved else None
            new = self.new.objectives[code] if step.new is not None else None
            what = what_of(
                old and old.text, new and new.text, step.is_moved, old and old.letter, new and new.letter
            )
            yield Piece(
                code,
                self._anchor(f"objective-{code}"),
                differences(old.text if old else "", new.text if new else ""),
                label_of(old, new, "." if level else ")"),
                what,
                level,
                is_item=True,
                key=f"objective {code}",
                old_place=self._objective_place(self.old, code) if step.is_moved else "",
                new_place=self._objective_place(self.new, code) if step.is_moved else "",
                reasons=self._reasons(PART.OBJECTIVE, code) if what else [],
            )
            yield from self._objectives(code, level + 1)

    def _objective_place(self, text: VersionText, code: str) -> str:
        container = text.objectives[code].container
        return place_of(container, text.below[container], code)

    # -- footnotes ---------------------------------------------------------------------------

    def _footnotes(self) -> list[Stretch]:
        olds, news = dict(self.old.footnotes), dict(self.new.footnotes)
        pieces = []
        for step in self._woven(list(olds), list(news)):
            mark = list(olds)[step.old] if step.old is not None else list(news)[step.new or 0]
            if step.is_moved and step.new is None:
                continue  # footnotes stand where their marks do: their own order says nothing
            old, new = olds.get(mark), (news.get(mark) if step.new is not None else None)
            pieces.append(
                Piece(
                    _("Footnote %(mark)s") % {"mark": mark},
                    self._anchor(f"footnote-{mark}"),
                    differences(old or "", new or ""),
                    words(mark),
                    what_of(old, new, False),
                )
            )
        head = Piece(_("Footnotes"), self._anchor("footnotes"), words(_("Footnotes")))
        return [Stretch(head, 1, pieces)] if pieces else []

    # -- what all of them need -----------------------------------------------------------------

    def _woven(
        self, old: Sequence[str], new: Sequence[str], everywhere: set[str] | None = None
    ) -> Iterator[_Step]:
        both: set[object] = set(everywhere if everywhere is not None else set(old) & set(new))
        return _steps(weave(old, new), old, new, both)

    def _left(self, name: str, place: str, key: str, level: int = 0, *, is_item: bool = False) -> Piece:
        """The place that something has left."""
        return Piece(name, "", moved_to=place, key=key, level=level, is_item=is_item, is_counted=False)

    def _anchor(self, name: str) -> str:
        """A name for the place that no other place has."""
        name = base = "-".join(name.split())
        count = 1
        while name in self.anchors:
            count += 1
            name = f"{base}-{count}"
        self.anchors.add(name)
        return name

    def _reasons(self, part: str, *codes: str) -> list[VersionChange]:
        found = []
        for code in sorted(codes):
            self.used.add((part, code))
            found += self.reasons.get((part, code), [])
        return found

    def unused_reasons(self) -> list[VersionChange]:
        """Reasons given for parts that read the same in both versions, or that neither has."""
        return [change for key, changes in self.reasons.items() if key not in self.used for change in changes]


def _same_sections(old: Sequence[Section], new: Sequence[Section]) -> dict[int, int]:
    """Which section (place in new) was which (place in old): same number and title, same title, same number."""
    found: dict[int, int] = {}
    for same in (
        lambda a, b: a.heading == b.heading,
        lambda a, b: a.title == b.title,
        lambda a, b: a.number == b.number,
    ):
        for j, section in enumerate(new):
            free = [i for i in range(len(old)) if i not in found.values() and same(old[i], section)]
            if j not in found and free:
                found[j] = free[0]
    return found
