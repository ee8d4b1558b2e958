"""Stores the text of a strategy: its first version, or a new draft beside what is there."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max

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
    VersionChange,
    Wording,
)
from actionplans.strategy_file import (
    AddresseesText,
    AimText,
    BlockText,
    ObjectiveText,
    SectionText,
    StrategyText,
)
from actionplans.text_changes import TextChange, differing, text_changes
from strategy_portal.dates import now
from strategy_portal.workflow import acting


class Refused(Exception):
    """The file cannot be loaded; the message says why."""


class Outcome(NamedTuple):
    """What a file is or would be: the version that holds its text (None in a preview), and how that came about."""

    version: StrategyVersion | None
    is_new: bool
    changes: list[TextChange]
    compared_with: StrategyVersion | None = None
    given_elsewhere: Sequence[
        str
    ] = ()  # codes that the file says are kept, and that no version here has given

    @property
    def amends(self) -> bool:
        """Whether the file changes a strategy that is in the portal already: it is asked why."""
        return self.is_new and (self.compared_with is not None or bool(self.changes))


class Why(NamedTuple):
    """Why a text is changed, kept with every change that a file brings."""

    reason: str
    text: str


def load(text: StrategyText, *, why: Why | None = None, preview: bool = False) -> Outcome:
    """Store a text that no version of its strategy has; all or nothing, and nothing in a preview.

    The first text of a strategy is in force when the working party has agreed it. Any other becomes a new draft, never
    over a version that is there, and asks `why`; the day of agreement that its file names is kept as what that says.
    Raises Refused when a draft is open, or the file contradicts what is lasting.
    """
    with transaction.atomic(), acting(None, "load strategy"):
        with connection.cursor() as cursor:  # two loads at once: the second finds what the first has stored
            cursor.execute("select pg_advisory_xact_lock(hashtext('load_strategy'))")
        strategy = Strategy.objects.filter(reference=text.head["reference"]).first()
        if strategy is None or not strategy.versions.exists():
            return Outcome(None if preview else _store(text), True, [])
        return _load_again(strategy, text, why, preview)


def served_and_withdrawn(outcome: Outcome) -> list[tuple[str, str]]:
    """The codes of objectives that a file withdraws while running actions serve them, with those actions in words."""
    gone = [
        change.code
        for change in outcome.changes
        if change.part == VersionChange.Part.OBJECTIVE and change.change == VersionChange.Change.WITHDRAWN
    ]
    if not gone or outcome.compared_with is None:
        return []
    links = ActionObjective.objects.filter(
        objective__strategy=outcome.compared_with.strategy_id,
        objective__code__in=gone,
        action__in=Action.objects.unfinished(),
    ).select_related("action__plan", "objective")
    found: dict[str, list[str]] = {}
    for link in links.order_by("objective__order", "action__plan__number", "action__number"):
        found.setdefault(link.objective.code, []).append(str(link.action))
    return [(code, ", ".join(numbers)) for code, numbers in found.items()]


def _load_again(strategy: Strategy, text: StrategyText, why: Why | None, preview: bool) -> Outcome:
    versions = list(strategy.versions.exclude(status="withdrawn").order_by("-number"))
    stored = {version: stored_text(version) for version in versions}
    same = [one for one in versions if stored[one]._replace(agreed_on=None) == text._replace(agreed_on=None)]
    if same:  # a copy that nobody has changed yet reads as what it was copied from: the day tells them apart
        return Outcome(next((one for one in same if stored[one] == text), same[0]), False, [])
    in_force = [version for version in versions if version.status == StrategyVersion.Status.IN_FORCE]
    base = (in_force or versions)[0] if versions else None
    before = stored[base] if base else text._replace(sections=[], footnotes=[], aims=[], objectives=[])
    if base and (difference := _differing_head(text.head, before.head)):
        raise Refused(difference)
    given_elsewhere = _check_lasting(strategy, text)
    if open_one := next((v for v in versions if v.status in ("draft", "tabled")), None):
        raise Refused(
            f"Version {open_one.number} is {open_one.state_words} with another text. "
            "Put it in force or withdraw it before another text is loaded."
        )
    changes = text_changes(before, text)
    if preview:
        return Outcome(None, True, changes, base, given_elsewhere)
    if why is None:
        raise Refused("the text differs from that in the portal, and no reason is given.")
    last = strategy.versions.aggregate(last=Max("number"))["last"] or 0
    version = StrategyVersion.objects.create(
        strategy=strategy, number=last + 1, note=why.text, stated_agreed_on=text.agreed_on
    )
    _write(version, text)
    VersionChange.objects.bulk_create(
        VersionChange(
            version=version, part=change.part, code=change.code, change=change.change,
            reason=why.reason, text=why.text, made_at=now(),
        )
        for change in changes
    )  # fmt: skip
    return Outcome(version, True, changes, base, given_elsewhere)


def _differing_head(file: dict[str, Any], stored: dict[str, Any]) -> str:
    """The first of the document's own data that the file states otherwise, in a sentence, or ""."""
    for name, value in file.items():
        if value != stored[name]:
            ours, theirs = differing(stored[name], value)
            words = f"“{theirs}”, in the portal “{ours}”"
            return f"document, {name.replace('_', ' ')}: {words}. All versions of a strategy share these."
    return ""


def _check_lasting(strategy: Strategy, text: StrategyText) -> list[str]:
    """A sub-point stays below its objective. Gives the kept codes that the strategy here has not given yet.

    Such a code was given in another portal, by a version that is not here: an export holds one version only.
    """
    rows = strategy.objectives.select_related("parent")
    known = {row.code: row.parent.code if row.parent else "" for row in rows}
    for words in text.objectives:
        if known.get(words.code, words.parent) != words.parent:
            raise Refused(
                f"objective {words.code}: in the portal it stands below “{known[words.code]}”, "
                f"in the file below “{words.parent}”. Give it a code of its own."
            )
    return [
        words.code
        for words in text.objectives
        if words.code not in known and not words.code.startswith(f"{words.parent or words.addressees}.")
    ]


def _store(text: StrategyText) -> StrategyVersion:
    """The first version of a strategy, in force when it has been agreed."""
    slug = Strategy.objects.free_slug(text.head["dated_on"], text.head["reference"])
    strategy, _new = Strategy.objects.update_or_create(
        reference=text.head["reference"],
        defaults=text.head,
        create_defaults={"slug": slug, **text.head},
    )
    settled = {
        "status": StrategyVersion.Status.IN_FORCE,
        "agreed_on": text.agreed_on,
        "in_force_from": max(
            filter(None, (strategy.dated_on, text.agreed_on))
        ),  # a later text was agreed after that
        "note": "The text as published. It names no day of approval: the day in force is that of the document.",
    }
    version = StrategyVersion.objects.create(
        strategy=strategy, number=1, **(settled if text.agreed_on else {"note": "A text not agreed yet."})
    )
    _write(version, text)
    return version


def _write(version: StrategyVersion, text: StrategyText) -> None:
    """Every part of a text into an empty version; an objective that the strategy has already stays the same one."""
    strategy = version.strategy
    for order, part in enumerate(text.sections, start=1):
        section = Section.objects.create(
            version=version, order=order, number=part.number, title=part.title, holds_aims=part.holds_aims
        )
        SectionBlock.objects.bulk_create(
            SectionBlock(section=section, order=place, **block._asdict())
            for place, block in enumerate(part.blocks, start=1)
        )
    Footnote.objects.bulk_create(
        Footnote(version=version, mark=mark, text=words) for mark, words in text.footnotes
    )
    blocks = {}
    for order, aim_text in enumerate(text.aims, start=1):
        aim = Aim.objects.create(version=version, order=order, letter=aim_text.letter, text=aim_text.text)
        for place, block in enumerate(aim_text.blocks, start=1):
            blocks[block.code] = AddresseeBlock.objects.create(aim=aim, order=place, **block._asdict())
    objectives = {row.code: row for row in strategy.objectives.all()}
    for order, words in enumerate(text.objectives, start=1):
        if words.code not in objectives:
            objectives[words.code] = Objective.objects.create(
                strategy=strategy, code=words.code, parent=objectives.get(words.parent), order=order
            )
    Wording.objects.bulk_create(
        Wording(
            version=version,
            objective=objectives[words.code],
            block=blocks[words.addressees],
            order=order,
            letter=words.letter,
            text=words.text,
        )
        for order, words in enumerate(text.objectives, start=1)
    )


def _in_order(version: StrategyVersion) -> list[Wording]:
    """The wordings as they are read: by aim, addressees and place, sub-points after their objective."""
    rows = list(version.wordings.select_related("objective__parent", "block__aim"))
    place = {words.objective_id: words.order for words in rows}

    def key(words: Wording) -> tuple[int, ...]:
        below = words.objective.parent_id in place
        above = place[words.objective.parent_id] if below else words.order
        return words.block.aim.order, words.block.order, above, below, words.order

    return sorted(rows, key=key)


def stored_text(version: StrategyVersion) -> StrategyText:
    """A version as its file would state it."""
    strategy = version.strategy
    head = {
        name: getattr(strategy, name)
        for name in (
            "reference", "title", "dated_on", "place", "kind", "sender", "addressee", "subject_codes",
            "previous_documents", "requested", "resolution", "legal_basis",
        )
    }  # fmt: skip
    sections = [
        SectionText(
            section.number,
            section.title,
            section.holds_aims,
            [BlockText(block.kind, block.letter, block.text) for block in section.blocks.all()],
        )
        for section in version.sections.prefetch_related("blocks")
    ]
    aims = [
        AimText(
            aim.letter,
            aim.text,
            [AddresseesText(block.code, block.heading, block.addressees) for block in aim.blocks.all()],
        )
        for aim in version.aims.prefetch_related("blocks")
    ]
    objectives = [
        ObjectiveText(
            words.objective.code,
            words.letter,
            words.text,
            words.objective.parent.code if words.objective.parent else "",
            words.block.code,
        )
        for words in _in_order(version)
    ]
    footnotes = [(note.mark, note.text) for note in version.footnotes.all()]
    return StrategyText(head, version.exported_agreed_on, sections, footnotes, aims, objectives)
