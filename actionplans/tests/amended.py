"""A second version for tests: a copy of the first, then changed as the secretariat might."""

from datetime import UTC, datetime

from actionplans.models import (
    AddresseeBlock,
    Aim,
    Footnote,
    Objective,
    Section,
    SectionBlock,
    StrategyVersion,
    VersionChange,
    Wording,
)


def copy_of(version, number=2, **fields):
    """A draft with the same text as a version."""
    draft = StrategyVersion.objects.create(strategy=version.strategy, number=number, **fields)
    for section in Section.objects.filter(version=version):
        blocks = list(section.blocks.all())
        section.pk, section.version = None, draft
        section.save()
        for block in blocks:
            block.pk, block.section = None, section
            block.save()
    for note in Footnote.objects.filter(version=version):
        note.pk, note.version = None, draft
        note.save()
    blocks = {}
    for aim in Aim.objects.filter(version=version):
        olds = list(aim.blocks.all())
        aim.pk, aim.version = None, draft
        aim.save()
        for block in olds:
            before = block.pk
            block.pk, block.aim = None, aim
            block.save()
            blocks[before] = block
    for words in Wording.objects.filter(version=version):
        words.pk, words.version, words.block = None, draft, blocks[words.block_id]
        words.save()
    return draft


def reword(version, code, old, new):
    """Put other words into an objective."""
    words = Wording.objects.get(version=version, objective__code=code)
    assert old in words.text
    words.text = words.text.replace(old, new)
    words.save()


def withdraw(version, code):
    """Take an objective out of a version."""
    Wording.objects.get(version=version, objective__code=code).delete()


def add(version, block, code, letter, text, order=999):
    """A new objective under addressees, with its code."""
    objective = Objective.objects.create(strategy=version.strategy, code=code, order=order)
    group = AddresseeBlock.objects.get(aim__version=version, code=block)
    return Wording.objects.create(
        version=version, objective=objective, block=group, order=order, letter=letter, text=text
    )


def move(version, code, block, order, letter):
    """Put an objective under other addressees, or to another place."""
    Wording.objects.filter(version=version, objective__code=code).update(
        block=AddresseeBlock.objects.get(aim__version=version, code=block), order=order, letter=letter
    )


def paragraph(version, section, order, text, kind="paragraph", letter=""):
    """A paragraph in a section of a version."""
    section = Section.objects.get(version=version, number=section)
    return SectionBlock.objects.create(section=section, order=order, kind=kind, letter=letter, text=text)


def because(version, part, code, change, text, reason="external"):
    """Why a part of the text was changed."""
    return VersionChange.objects.create(
        version=version, part=part, code=code, change=change, reason=reason, text=text,
        made_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip


def a_draft_of(version):
    """The draft that follows a version, begun and amended in every way where there is none yet."""
    drafts = StrategyVersion.objects.filter(strategy=version.strategy, status="draft")
    if found := drafts.first():
        return found
    draft = copy_of(version)
    reword(draft, "A.CCWP.f", "communication", "detection")
    because(draft, "objective", "A.CCWP.f", "reworded", "It is detection that is lacking.", "correction")
    withdraw(draft, "C.CCWP.e")
    because(draft, "objective", "C.CCWP.e", "withdrawn", "Every operation is followed up.", "outcome")
    add(draft, "A.MS", "A.MS.z", "z", "Exchange analysts of customs laboratories.")
    because(draft, "objective", "A.MS.z", "added", "Laboratories asked for it.")
    move(draft, "B.MS.b", "C.CCWP", 998, "y")
    because(draft, "objective", "B.MS.b", "moved", "The working party does it.")
    block = SectionBlock.objects.get(section__version=draft, section__number="II.2", order=1)
    block.text = block.text.replace("18-month action plans", "24-month action plans")
    block.save()
    because(draft, "section", "II.2", "reworded", "Longer plans need fewer adoptions.")
    return draft
