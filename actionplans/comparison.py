"""Two versions of a strategy side by side: which part became which, how its words differ, and why it was changed.

Sections, aims and addressees belong together as `same_parts` says; paragraphs within a section by the words they share;
objectives by their lasting identity (the code), footnotes by their mark.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from actionplans.given_reasons import Reasons
from actionplans.models import StrategyVersion, VersionChange
from actionplans.pieces import Piece, Stretch, What, depth_of, label_of, place_of, what_of
from actionplans.same_parts import without_aim
from actionplans.versiontexts import Addressees, AimWords, Block, Section, VersionText, partners_of, texts_of
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
    changes = list(changes)
    named = {change.version_id for change in changes if change.part != PART.OBJECTIVE}
    texts = texts_of({old.pk, new.pk, *named})
    return Comparison(old, new, *compare_texts(texts[old.pk], texts[new.pk], changes, texts))


def compare_texts(
    old: VersionText,
    new: VersionText,
    changes: Iterable[VersionChange] = (),
    texts: Mapping[int, VersionText] | None = None,
) -> tuple[list[Stretch], list[VersionChange]]:
    """The stretches of two texts read as one, and the reasons that belong to nothing that differs. No queries.

    `texts` has the texts of the versions in which the changes were made, by which it is known what they speak of.
    """
    builder = _Builder(old, new, Reasons(old, new, changes, texts or {}))
    stretches = builder.sections()
    return stretches, builder.reasons.unused()


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


def _paired(old: int, new: int, twins: Mapping[int, int]) -> Iterator[_Step]:
    """The steps of two orders of so many parts, of which the partners are known: place in new, place in old."""
    olds, news = list(range(old)), [twins.get(j, -1 - j) for j in range(new)]
    return _steps(weave(olds, news), olds, news, set(twins.values()))


class _Builder:
    def __init__(self, old: VersionText, new: VersionText, reasons: Reasons):
        self.old, self.new, self.reasons = old, new, reasons
        self.anchors: set[str] = set()
        self.partners = partners_of(old, new)
        self.twins = self.partners.sections
        self.rows = {
            (i, j): align([b.text for b in old.sections[i].blocks], [b.text for b in new.sections[j].blocks])
            for j, i in self.twins.items()
        }
        self.moved = self._moved_blocks()

    # -- sections and their paragraphs ---------------------------------------------------

    def sections(self) -> list[Stretch]:
        """Every stretch of both versions, footnotes at the end."""
        holder = next((s for s in self.new.sections if s.holds_aims), None) or next(
            (s for s in self.old.sections if s.holds_aims), None
        )
        found: list[Stretch] = []
        for step in _paired(len(self.old.sections), len(self.new.sections), self.twins):
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
            letters=(old.number, new.number) if old and new else ("", ""),
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
            head.reasons = self.reasons.of(PART.SECTION, old and old.number, new and new.number)
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
        olds, news, twins = self.old.aims, self.new.aims, self.partners.aims
        letters = [aim.letter for aim in news]
        found: list[Stretch] = []
        for step in _paired(len(olds), len(news), twins):
            new = news[step.new] if step.new is not None else None
            old_at = twins.get(step.new) if step.new is not None else step.old
            old = olds[old_at] if old_at is not None else None
            if step.is_moved and new is None and old is not None:
                letter = next(news[j].letter for j, i in twins.items() if i == step.old)
                place, name = place_of("", letters, letter), self._aim_name(old)
                found.append(Stretch(self._left(name, place, f"aim {letter}"), level))
                continue
            found.append(Stretch(self._aim(old, new, is_moved=step.is_moved), level))
            found += self._addressees(old, new, level + 1)
        return found

    def _aim_name(self, aim: AimWords) -> str:
        return _("Aim %(letter)s") % {"letter": aim.letter}

    def _aim(self, old: AimWords | None, new: AimWords | None, *, is_moved: bool) -> Piece:
        here = new or old
        assert here is not None
        what = what_of(old and old.text, new and new.text, is_moved)
        if old is None or new is None:
            change = Change.ADDED if new else Change.REMOVED
            runs = words(f"{here.letter}. {here.text}", change=change)
        elif old.letter != new.letter:
            what |= {What.RELETTERED}
            runs = words(f"{old.letter}. ", change=Change.REMOVED) + words(
                f"{new.letter}. ", change=Change.ADDED
            )
            runs += differences(old.text, new.text)
        else:
            runs = words(f"{here.letter}. ") + differences(old.text, new.text)
        return Piece(
            self._aim_name(here),
            self._anchor(f"aim-{here.letter}"),
            runs,
            what=what,
            letters=(old.letter, new.letter) if old and new else ("", ""),
            key=f"aim {here.letter}",
            old_place=place_of("", [aim.letter for aim in self.old.aims], old.letter)
            if old and is_moved
            else "",
            new_place=place_of("", [aim.letter for aim in self.new.aims], new.letter)
            if new and is_moved
            else "",
            reasons=self.reasons.of(PART.AIM, old and old.letter, new and new.letter) if what else [],
        )

    def _addressees(self, was: AimWords | None, now: AimWords | None, level: int) -> list[Stretch]:
        """The addressees of an aim with their objectives."""
        olds = [block for block in self.old.addressees if was and block.aim == was.letter]
        news = [block for block in self.new.addressees if now and block.aim == now.letter]
        place_in_old = {block.code: place for place, block in enumerate(olds)}
        partners = {j: self.partners.addressees.get(block.code) for j, block in enumerate(news)}
        twins = {j: place_in_old[code] for j, code in partners.items() if code in place_in_old}
        found = []
        for step in _paired(len(olds), len(news), twins):
            new = news[step.new] if step.new is not None else None
            old_at = twins.get(step.new) if step.new is not None else step.old
            old = olds[old_at] if old_at is not None else None
            if step.is_moved and new is None and old is not None:
                code = next(news[j].code for j, i in twins.items() if i == step.old)
                place = place_of("", [block.code for block in self.new.addressees], code)
                found.append(Stretch(self._left(old.code, place, f"addressees {code}"), level))
                continue
            head = self._heading(old, new, is_moved=step.is_moved)
            pieces = self._objectives(old.code if old else "", new.code if new else "")
            found.append(Stretch(head, level, list(pieces)))
        return found

    def _heading(self, old: Addressees | None, new: Addressees | None, *, is_moved: bool) -> Piece:
        """The heading of addressees; that their code begins with another letter is said of the aim."""
        here = new or old
        assert here is not None
        what = what_of(old and old.heading, new and new.heading, is_moved)
        if old and new and without_aim(old.code) != without_aim(new.code):
            what |= {What.RELETTERED}
        olds, news = ([block.code for block in text.addressees] for text in (self.old, self.new))
        return Piece(
            here.code,
            self._anchor(f"addressees-{here.code}"),
            differences(old.heading if old else "", new.heading if new else ""),
            what=what,
            letters=(old.code, new.code) if old and new else ("", ""),
            key=f"addressees {here.code}",
            old_place=place_of("", olds, old.code) if old and is_moved else "",
            new_place=place_of("", news, new.code) if new and is_moved else "",
            reasons=self.reasons.of(PART.ADDRESSEES, old and old.code, new and new.code) if what else [],
        )

    def _objectives(self, was: str, now: str, level: int = 0) -> Iterator[Piece]:
        """The objectives of addressees, or the sub-points of one objective, each followed by its own.

        `was` and `now` are the codes of what they stand under, "" where a version has it not.
        """
        olds, news = self.old.below.get(was, []), self.new.below.get(now, [])
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
                reasons=self.reasons.of(PART.OBJECTIVE, code, code) if what else [],
            )
            yield from self._objectives(code, code, level + 1)

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
            what = what_of(old, new, False)
            pieces.append(
                Piece(
                    _("Footnote %(mark)s") % {"mark": mark},
                    self._anchor(f"footnote-{mark}"),
                    differences(old or "", new or ""),
                    words(mark),
                    what,
                    reasons=self.reasons.of(PART.SECTION, mark, mark) if what else [],
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
