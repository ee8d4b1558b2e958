"""Two versions of an action's terms of reference as one text, section by section, with every change in its place."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.models import TermsOfReference
from actionplans.terms_text import LINES_AFTER, Part, framed, parts_of
from publishing.documents import Block, Bullets, Document, Item, Paragraph, Section, words
from publishing.redlines import is_changed, redlined


@dataclass(frozen=True)
class ComparedPart:
    """One section of both versions: its text with the changes, and what became of it ("" for nothing)."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    happened: str


@dataclass(frozen=True)
class TermsComparison:
    """Two versions, and every section that one of them has."""

    old: TermsOfReference
    new: TermsOfReference
    parts: tuple[ComparedPart, ...]

    @property
    def changed(self) -> list[ComparedPart]:
        """The sections in which a word differs."""
        return [part for part in self.parts if part.happened]

    @property
    def title(self) -> str:
        """What is compared, as a page and a file are called."""
        values = {"new": self.new.version, "old": self.old.version, "action": self.new.action.reference}
        return _("Terms of reference of %(action)s: version %(new)d compared with version %(old)d") % values

    @property
    def summary(self) -> str:
        """How much differs, in a sentence."""
        if self.old == self.new:
            return _("Both are version %(number)d: choose another version to compare it with.") % {
                "number": self.new.version
            }
        if not self.changed:
            return _("The two versions read the same, word for word.")
        count = len(self.changed)
        return ngettext("%(n)d section reads differently.", "%(n)d sections read differently.", count) % {
            "n": count
        }


def compare_terms(old: TermsOfReference, new: TermsOfReference) -> TermsComparison:
    """Compare two versions of one action's terms of reference (four queries)."""
    before = {part.name: part for part in parts_of(old)}
    after = {part.name: part for part in parts_of(new)}
    names = [name for section in TermsOfReference.SECTIONS for name in (section, LINES_AFTER.get(section))]
    return TermsComparison(
        old,
        new,
        tuple(
            _compared(before.get(name), after.get(name)) for name in names if name in before or name in after
        ),
    )


def _compared(old: Part | None, new: Part | None) -> ComparedPart:
    here = new or old
    assert here is not None
    before, after = (old.blocks if old else ()), (new.blocks if new else ())
    blocks = redlined(before, after)
    happened = ""
    if is_changed(blocks):
        happened = _("reworded") if before and after else _("added") if after else _("withdrawn")
    return ComparedPart(here.name, here.title, blocks, happened)


def redline(comparison: TermsComparison, at: datetime, *, is_whole: bool) -> Document:
    """The comparison as a working document: what changed, then the changed sections or all. `at` is aware."""
    sections = (
        _what_changed(comparison),
        *(_section(part) for part in _shown(comparison, is_whole=is_whole)),
    )
    return framed(comparison.new, comparison.title, at, sections)


def _shown(comparison: TermsComparison, *, is_whole: bool) -> list[ComparedPart]:
    return [part for part in comparison.parts if part.blocks] if is_whole else comparison.changed


def _section(part: ComparedPart) -> Section:
    notes = (words(f"{capfirst(part.happened)}."),) if part.happened else ()
    return Section(words(part.title), blocks=part.blocks, anchor=part.name, notes=notes)


def _what_changed(comparison: TermsComparison) -> Section:
    blocks: list[Block] = [Paragraph(words(comparison.summary))]
    if comparison.old.version > comparison.new.version:
        older = _(
            "The older text is read as the new one here: what a later version brought shows as removed."
        )
        blocks.append(Paragraph(words(older)))
    if comparison.changed:
        items = [
            Item(words(part.title, url=f"#{part.name}") + words(f": {part.happened}"))
            for part in comparison.changed
        ]
        marks = _("Added words are underlined, removed words are struck through; each is also named.")
        blocks += [Bullets(tuple(items)), Paragraph(words(marks))]
    return Section(words(_("What changed")), blocks=tuple(blocks), anchor="what-changed")
