"""Stores a strategy as its first version in force, or tells how it differs from what is stored."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from actionplans.models import (
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
from actionplans.strategy_file import (
    AddresseesText,
    AimText,
    BlockText,
    ObjectiveText,
    SectionText,
    StrategyText,
)
from strategy_portal.workflow import acting


class Differs(Exception):
    """The file is another text than the version in force; the message names the first difference."""


def load(text: StrategyText) -> bool:
    """Store a strategy with version 1 in force; False, and nothing written, when exactly this text is stored.

    All or nothing. Raises Differs when another text of the same document is in force.
    """
    with transaction.atomic(), acting(None, "load strategy"):
        with connection.cursor() as cursor:  # two loads at once: the second finds what the first has stored
            cursor.execute("select pg_advisory_xact_lock(hashtext('load_strategy'))")
        stored = Strategy.objects.filter(reference=text.head["reference"]).first()
        if stored is None or not stored.versions.exists():
            _store(text)
            return True
    version = stored.versions.get(status="in_force")
    if difference := first_difference(_facts(text), _facts(stored_text(version))):
        raise Differs(
            f"{stored.reference} is in force as version {version.number} and never changes. "
            f"The file differs: {difference}"
        )
    return False


def first_difference(file: Iterator[tuple[str, Any]], stored: Iterator[tuple[str, Any]]) -> str:
    """The first place at which two texts differ, in words, or ""."""
    ours, theirs = dict(file), dict(stored)
    for place, value in ours.items():
        if place not in theirs:
            return f"{place} is not in the version in force."
        if value != theirs[place]:
            return f"{place} is “{_short(value)}”, in force “{_short(theirs[place])}”."
    return next((f"{place} is missing." for place in theirs if place not in ours), "")


def _short(value: Any) -> str:
    words = str(value)
    return words if len(words) <= 80 else f"{words[:79]}…"


def _facts(text: StrategyText) -> Iterator[tuple[str, Any]]:
    """Every place of a strategy and what stands there, in the order of the text."""
    for name, value in text.head.items():
        yield name.replace("_", " "), value
    yield "day of the agreement", text.agreed_on
    for order, section in enumerate(text.sections, start=1):
        yield f"the number of section {order}", section.number
        yield f"the title of section {section.number}", section.title
        yield f"the place of the aims (section {section.number})", section.holds_aims
        for number, block in enumerate(section.blocks, start=1):
            yield f"the kind of section {section.number}, block {number}", (block.kind, block.letter)
            yield f"section {section.number}, block {number}", block.text
    for mark, footnote in text.footnotes:
        yield f"footnote {mark}", footnote
    for order, aim in enumerate(text.aims, start=1):
        yield f"the letter of aim {order}", aim.letter
        yield f"aim {aim.letter}", aim.text
        for number, block in enumerate(aim.blocks, start=1):
            yield f"the code of aim {aim.letter}, addressees {number}", block.code
            yield f"the heading of {block.code}", block.heading
            yield f"the addressees of {block.code}", block.addressees
    for order, objective in enumerate(text.objectives, start=1):
        yield f"the code of objective {order}", objective.code
        yield f"the place of {objective.code}", (objective.addressees, objective.parent, objective.letter)
        yield f"objective {objective.code}", objective.text


def _slug(text: StrategyText) -> str:
    """Name and year, and the number where another strategy of that year has these."""
    slug = f"strategy-{text.head['dated_on'].year}"
    if Strategy.objects.filter(slug=slug).exclude(reference=text.head["reference"]).exists():
        slug += "-" + text.head["reference"].split("/")[0]
    return slug


def _store(text: StrategyText) -> None:
    strategy, _new = Strategy.objects.update_or_create(
        reference=text.head["reference"],
        defaults=text.head,
        create_defaults={"slug": _slug(text), **text.head},
    )
    version = StrategyVersion.objects.create(
        strategy=strategy,
        number=1,
        status=StrategyVersion.Status.IN_FORCE,
        agreed_on=text.agreed_on,
        in_force_from=strategy.dated_on,
        note="The text as published. It names no day of approval: the day in force is that of the document.",
    )
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
    objectives: dict[str, Objective] = {}
    for order, words in enumerate(text.objectives, start=1):
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
        for words in version.wordings.select_related("objective__parent", "block")
    ]
    footnotes = [(note.mark, note.text) for note in version.footnotes.all()]
    return StrategyText(head, version.agreed_on, sections, footnotes, aims, objectives)
