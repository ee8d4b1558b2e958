"""A comparison as a document: what changed, in numbers and names, then the text with every change in its place."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.comparison import Comparison
from actionplans.models import StrategyVersion, VersionChange
from actionplans.pieces import Piece, Stretch, What
from actionplans.querysets import ONCE_AGREED
from actionplans.standing import Standing
from publishing.documents import Bullets, Change, Document, Item, Paragraph, Run, Runs, Section, plain, words
from publishing.words import day_words, moment_words


def title_of(comparison: Comparison) -> str:
    """What is compared, as a page and a file are called."""
    return _("Version %(new)d compared with version %(old)d") % {
        "new": comparison.new.number,
        "old": comparison.old.number,
    }


def marking_of(comparison: Comparison) -> str:
    """LIMITE as long as one of the two texts is being prepared."""
    is_public = {comparison.old.status, comparison.new.status} <= set(ONCE_AGREED)
    return "PUBLIC" if is_public else "LIMITE"


def redline(comparison: Comparison, at: datetime, *, is_whole: bool, standing: Standing) -> Document:
    """The comparison as a working document; only what changed under its headings, or the whole text.

    `at` is the moment that the document states (aware), `standing` that of the strategy then.
    """
    strategy = comparison.new.strategy
    return Document(
        title=title_of(comparison),
        kind=_("WORKING DOCUMENT"),
        sender=strategy.sender or str(_("Strategy Portal")),
        reference=strategy.reference,
        dated=", ".join(filter(None, (strategy.place, day_words(at)))),
        made_at=at,
        sections=(*summary(comparison), *text(comparison, is_whole=is_whole)),
        facts=(
            (_("Subject"), strategy.title),
            (_("Compared"), _described(comparison.old, standing)),
            (_("With"), _described(comparison.new, standing)),
            (_("As of"), moment_words(at)),
        ),
        codes=tuple(strategy.subject_codes),
        marking=marking_of(comparison),
    )


def _described(version: StrategyVersion, standing: Standing) -> str:
    """A version with its state, the day from which it was in force, and what took its place."""
    facts = [version.state_words]
    if version.in_force_from:
        facts = [_("in force from %(day)s") % {"day": day_words(version.in_force_from)}]
        if version.status == "superseded":
            facts.append(_("superseded"))
        elif standing.replaced and standing.has_replaced(version):
            words = {
                "day": day_words(standing.replaced.in_force_from),
                "later": standing.replaced.strategy.reference,
            }
            facts.append(_("replaced from %(day)s by %(later)s") % words)
    return _("Version %(number)d (%(facts)s)") % {"number": version.number, "facts": ", ".join(facts)}


# -- what changed ------------------------------------------------------------------------


def counted(comparison: Comparison) -> list[tuple[str, list[Piece]]]:
    """How many parts were reworded, added, withdrawn, moved, in words, and which; what there is none of is not said."""
    found = {what: comparison.changed(what) for what in What}
    said = (
        (What.REWORDED, ngettext("%(n)d reworded", "%(n)d reworded", len(found[What.REWORDED]))),
        (What.ADDED, ngettext("%(n)d added", "%(n)d added", len(found[What.ADDED]))),
        (What.WITHDRAWN, ngettext("%(n)d withdrawn", "%(n)d withdrawn", len(found[What.WITHDRAWN]))),
        (What.MOVED, ngettext("%(n)d moved", "%(n)d moved", len(found[What.MOVED]))),
        (
            What.RELETTERED,
            ngettext("%(n)d with a new letter", "%(n)d with new letters", len(found[What.RELETTERED])),
        ),
    )
    return [(sentence % {"n": len(found[what])}, found[what]) for what, sentence in said if found[what]]


def summary(comparison: Comparison) -> list[Section]:
    """What changed, each part named and linked to its place; and how changes are marked."""
    heading = words(_("What changed"))
    if comparison.old == comparison.new:
        same = _("Both are version %(number)d: there is nothing to compare.") % {
            "number": comparison.new.number
        }
        return [Section(heading, blocks=(Paragraph(words(same)),), anchor="what-changed")]
    blocks: list[Paragraph | Bullets] = []
    if comparison.old.number > comparison.new.number:
        blocks.append(Paragraph(words(_(
            "The older text is read as the new one here: what a later version brought shows as removed."
        ))))  # fmt: skip
    if comparison.is_same:
        blocks.append(Paragraph(words(_("The two versions read the same, word for word."))))
    else:
        blocks.append(Bullets(tuple(Item(_listed(said, pieces)) for said, pieces in counted(comparison))))
        blocks.append(
            Paragraph(
                words(_("Added words are underlined, removed words are struck through; each is also named."))
            )
        )
    sections = [Section(heading, blocks=tuple(blocks), anchor="what-changed")]
    if comparison.other_reasons:
        items = tuple(
            Item(words(f"{change.get_part_display()} {change.code}: ", bold=True) + _reason(change))
            for change in comparison.other_reasons
        )
        heading = words(_("Reasons given for parts that read the same here, or that neither version has"))
        sections.append(Section(heading, blocks=(Bullets(items),), anchor="other-reasons"))
    return sections


def _listed(said: str, pieces: list[Piece]) -> Runs:
    """ "2 reworded: A.MS.a, B.MS.b", each name a link to its place."""
    runs = words(said, bold=True)
    for number, piece in enumerate(pieces):
        runs += words(", " if number else ": ") + words(piece.name, url=f"#{piece.anchor}")
    return runs


# -- the text ------------------------------------------------------------------------------


def text(comparison: Comparison, *, is_whole: bool) -> list[Section]:
    """The text in the order of reading; without `is_whole` only what changed, with the headings above it."""
    if comparison.old == comparison.new and not is_whole:
        return []
    places = {piece.key: f"#{piece.anchor}" for piece in comparison.changed(What.MOVED)}
    found: list[Section] = []
    needed = 0  # the level from which headings are shown for the sake of what stands below them
    for stretch in reversed(comparison.stretches):
        if is_whole or stretch.is_changed or stretch.level < needed:
            found.append(_section(stretch, places, is_whole=is_whole))
            needed = stretch.level
    return found[::-1]


def _section(stretch: Stretch, places: dict[str, str], *, is_whole: bool) -> Section:
    head = stretch.head
    if head.moved_to:
        return Section(_stood_here(head, places), stretch.level)
    pieces = [piece for piece in stretch.pieces if is_whole or piece.what or piece.moved_to]
    return Section(
        head.runs,
        stretch.level,
        tuple(_paragraph(piece, places) for piece in pieces),
        head.anchor,
        _notes(head),
    )


def _paragraph(piece: Piece, places: dict[str, str]) -> Paragraph:
    if piece.moved_to:
        return Paragraph(_stood_here(piece, places), level=piece.level, is_changed=True)
    return Paragraph(
        piece.runs or words(" "),
        piece.label,
        piece.level,
        piece.anchor,
        _notes(piece),
        piece.is_item,
        bool(piece.what),
    )


def _stood_here(piece: Piece, places: dict[str, str]) -> Runs:
    """What stood in a place that something has left, with the way to where it is."""
    stood = words(_("%(name)s stood here; now: ") % {"name": piece.name}, italic=True)
    return stood + words(piece.moved_to, italic=True, url=places.get(piece.key, ""))


def _notes(piece: Piece) -> tuple[Runs, ...]:
    """What happened to a part, then each reason given for it."""
    notes = []
    if piece.what and piece.is_counted:
        notes.append(words(piece.name, bold=True) + words(": " + "; ".join(_happened(piece)) + "."))
    notes += [_reason(change) for change in piece.reasons]
    return tuple(notes)


def _happened(piece: Piece) -> Iterable[str]:
    if What.ADDED in piece.what:
        yield _("added")
    if What.WITHDRAWN in piece.what:
        yield _("withdrawn")
    if What.MOVED in piece.what:
        places = {"old": piece.old_place, "new": piece.new_place}
        yield _("moved; before: %(old)s; now: %(new)s") % places
    if What.REWORDED in piece.what:
        yield _("reworded")
    if What.RELETTERED in piece.what:
        yield _("new letter or number: %(label)s") % {"label": _relettered(piece)}


def _relettered(piece: Piece) -> str:
    """The old and the new letter or number in words."""
    old, new = piece.letters
    if not old:
        old = plain([run for run in piece.label if run.change == Change.REMOVED]) or _("none")
        new = plain([run for run in piece.label if run.change == Change.ADDED]) or _("none")
    return _("%(old)s before, %(new)s now") % {"old": old.strip(), "new": new.strip()}


def _reason(change: VersionChange) -> Runs:
    """ "External factor (version 2): the regulation was repealed." """
    head = _("%(reason)s (version %(number)d): ") % {
        "reason": change.get_reason_display(),
        "number": change.version.number,
    }
    return (Run(head, italic=True), *words(change.text))
