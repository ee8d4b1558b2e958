"""The reasons given from one version of a strategy to another, each for the part that it is about.

A reason names its part as the version calls it in which the change was made. Between two versions the same part may
have been called otherwise: aim D of version 2 is aim K of version 3.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from actionplans.models import VersionChange
from actionplans.versiontexts import VersionText, partners_of

PART = VersionChange.Part
Names = Mapping[
    str, Mapping[str, str]
]  # of each kind of part, what is called so in one text is called so in another


class _Names(NamedTuple):
    """What the parts of one version are called in the old and in the new text."""

    own: dict[str, set[str]]
    in_old: Names
    in_new: Names


class Reasons:
    """The reasons of a comparison: those of each part that differs, and those that are left."""

    def __init__(
        self,
        old: VersionText,
        new: VersionText,
        changes: Iterable[VersionChange],
        texts: Mapping[int, VersionText],
    ):
        self.old, self.new, self.texts = old, new, texts
        self.changes = list(changes)
        self.names: dict[int, _Names] = {}
        self.by_old: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.by_new: dict[tuple[str, str], set[int]] = defaultdict(set)
        self.used: set[int] = set()
        for number, change in enumerate(self.changes):
            was, now = self._names_of(change)
            if was:
                self.by_old[change.part, was].add(number)
            if now:
                self.by_new[change.part, now].add(number)

    def of(self, part: str, old: str | None, new: str | None) -> list[VersionChange]:
        """The reasons for a part by what it is called in either text, None where a text has it not."""
        found = self.by_old.get((part, old or ""), set()) | self.by_new.get((part, new or ""), set())
        self.used |= found
        return [self.changes[number] for number in sorted(found)]

    def unused(self) -> list[VersionChange]:
        """Those given for parts that read the same in both texts, or that neither has."""
        return [change for number, change in enumerate(self.changes) if number not in self.used]

    def _names_of(self, change: VersionChange) -> tuple[str | None, str | None]:
        """What a change's part is called in the old and in the new text."""
        part, code = change.part, change.code
        if part == PART.OBJECTIVE or change.version_id not in self.texts:
            return code, code
        names = self._names_in(change.version_id)
        if code in names.own[part]:
            return names.in_old[part].get(code), names.in_new[part].get(code)
        if code in _own_names(self.old)[part]:  # its version withdrew it
            return code, None
        return None, code

    def _names_in(self, version: int) -> _Names:
        if version not in self.names:
            text = self.texts[version]
            own_by_new = _called(text, self.new)
            in_new = {part: {own: now for now, own in names.items()} for part, names in own_by_new.items()}
            self.names[version] = _Names(_own_names(text), _called(self.old, text), in_new)
        return self.names[version]


def _own_names(text: VersionText) -> dict[str, set[str]]:
    marks = {mark for mark, _words in text.footnotes}
    return {
        PART.SECTION: {section.number for section in text.sections} | marks,
        PART.AIM: {aim.letter for aim in text.aims},
        PART.ADDRESSEES: {block.code for block in text.addressees},
    }


def _called(old: VersionText, new: VersionText) -> dict[str, dict[str, str]]:
    """What the parts of the new text are called in the old one."""
    partners = partners_of(old, new)
    marks = {mark for mark, _words in old.footnotes} & {mark for mark, _words in new.footnotes}
    sections = {new.sections[j].number: old.sections[i].number for j, i in partners.sections.items()}
    return {
        PART.SECTION: sections | {mark: mark for mark in marks},
        PART.AIM: {new.aims[j].letter: old.aims[i].letter for j, i in partners.aims.items()},
        PART.ADDRESSEES: partners.addressees,
    }
