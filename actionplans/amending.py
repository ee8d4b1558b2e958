"""The text of a draft is changed part by part; each change keeps its reason in the same transaction (15198/09, I.6).

What writes runs inside `amending(version)`, which holds the version, so that it is neither tabled nor changed by two
people at once.
"""

from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from actionplans.models import (
    AddresseeBlock,
    Aim,
    Section,
    SectionBlock,
    StrategyVersion,
    VersionChange,
    Wording,
)
from actionplans.order import arrange, document_order, renumber
from actionplans.versiontexts import partners_of, texts_of
from strategy_portal.dates import now
from strategy_portal.missing import Missing
from strategy_portal.workflow import NotAllowed, Reason

Part, Change = VersionChange.Part, VersionChange.Change
MODELS = {Part.SECTION: Section, Part.AIM: Aim, Part.ADDRESSEES: AddresseeBlock, Part.OBJECTIVE: Wording}
KEYS = {  # what a part is found by
    Part.SECTION: "number",
    Part.AIM: "letter",
    Part.ADDRESSEES: "code",
    Part.OBJECTIVE: "objective__code",
}


@contextmanager
def amending(version):
    """Hold a draft while it is changed. Raises NotAllowed when it is no draft."""
    with transaction.atomic():
        locked = StrategyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if why := locked.why_locked():
            raise NotAllowed(Reason(why))
        yield locked


def code_of(row):
    """The number, letter or code under which a part is known."""
    return row.objective.code if isinstance(row, Wording) else getattr(row, KEYS[part_of(row)])


def part_of(row):
    """Which kind of part a row is."""
    return next(part for part, model in MODELS.items() if isinstance(row, model))


def name_of(row):
    """A part as it is called in a sentence."""
    return named(part_of(row), code_of(row))


def named(part, code):
    """A part of a kind as it is called in a sentence, whether or not there is one."""
    names = {
        Part.SECTION: _("section %(code)s"),
        Part.AIM: _("aim %(code)s"),
        Part.ADDRESSEES: _("addressees %(code)s"),
        Part.OBJECTIVE: _("objective %(code)s"),
    }
    return names[part] % {"code": code}


def rows_of(version, part):
    """The parts of one kind in a version."""
    return {
        Part.SECTION: Section.objects.filter(version=version),
        Part.AIM: Aim.objects.filter(version=version),
        Part.ADDRESSEES: AddresseeBlock.objects.filter(aim__version=version).select_related("aim"),
        Part.OBJECTIVE: Wording.objects.filter(version=version).select_related(
            "objective__parent", "block__aim"
        ),
    }[part]


def find(version, part, code):
    """A part of a draft by its number, letter or code; a 404 that says so when the draft has none."""
    row = rows_of(version, part).filter(**{KEYS[part]: code}).first()
    if row is None:
        words = {"number": version.number, "strategy": version.strategy.reference, "part": named(part, code)}
        raise not_in_the_draft(version, _("Version %(number)d of %(strategy)s has no %(part)s.") % words)
    return row


def find_objective(version, code):
    """The words of an objective in a draft that is no sub-point; a 404 that says why there is none."""
    words = find(version, Part.OBJECTIVE, code)
    if words.objective.parent_id:
        why = _("%(code)s is a sub-point: it stays with its objective and has none below it.")
        raise not_in_the_draft(version, why % {"code": code})
    return words


def not_in_the_draft(version, why):
    """What is said where a draft has nothing to work on, with the way back to the draft."""
    return Missing(why, (_("Amend the text"), version.address("strategyversion_edit")))


def siblings_of(row):
    """The parts among which one stands, in order, itself among them."""
    if isinstance(row, Wording):
        below = Wording.objects.filter(version=row.version_id, objective__parent=row.objective.parent_id)
        same = below if row.objective.parent_id else below.filter(block=row.block_id)
        return list(same.select_related("objective").order_by("order"))
    if isinstance(row, AddresseeBlock):
        return list(row.aim.blocks.order_by("order", "pk"))
    return list(type(row).objects.filter(version=row.version_id).order_by("order", "pk"))


def record(version, row, change, *, cause, reason, was=None, code=""):
    """Keep why a part was changed. What a file said of the agreement of the text holds no longer for another text."""
    if version.stated_agreed_on is not None:
        version.stated_agreed_on = None
        version.save(update_fields=["stated_agreed_on"])
    return VersionChange.objects.create(
        version=version,
        part=part_of(row),
        code=code or code_of(row),
        change=change,
        reason=cause,
        text=reason,
        made_at=now(),
        was=was,
    )


# -- the order -------------------------------------------------------------------------------------------------------


def insert(version, row, siblings, place):
    """Put a new part, not saved yet, at a place (0: first) among its siblings, and save it."""
    if isinstance(row, Wording):
        _put(version, [row], siblings, place)
        row.save()
        return
    ordered = [other for other in siblings if other != row]
    ordered.insert(place, row)
    renumber(ordered)
    row.save()


def _put(version, group, siblings, place):
    """Arrange an objective with its sub-points at a place among its siblings."""
    own = {words.pk for words in group if words.pk}
    rows = [words for words in document_order(version) if words.pk not in own]
    others = [words.pk for words in siblings if words.pk not in own]
    at = _where(rows, group[0], others, place)
    for words in group:
        words.order = None
    arrange([*rows[:at], *group, *rows[at:]])


def _where(rows, first, others, place):
    """Where in the text a group goes: before the sibling that follows, else after the last of what it follows."""
    position = {words.pk: at for at, words in enumerate(rows)}
    if place < len(others):
        return position[others[place]]
    if others:
        last = rows[position[others[-1]]]
        is_below = [words.objective.parent_id == last.objective_id for words in rows]
        return position[last.pk] + 1 + sum(is_below)
    parent = first.objective.parent_id
    if parent:
        return next(at for at, words in enumerate(rows) if words.objective_id == parent) + 1
    here = (first.block.aim.order, first.block.order)
    return sum((words.block.aim.order, words.block.order) < here for words in rows)


def with_sub_points(words):
    """An objective's words in a version with those of its sub-points after it."""
    below = Wording.objects.filter(version=words.version_id, objective__parent=words.objective_id)
    return [words, *below.select_related("objective").order_by("order")]


def shift(version, row, step):
    """Move a part one place up (-1) or down (1) among its siblings. Raises NotAllowed at the end of the row."""
    siblings = siblings_of(row)
    place = siblings.index(row) + step
    if not 0 <= place < len(siblings):
        words = _("It is the first already.") if step < 0 else _("It is the last already.")
        raise NotAllowed(words)
    if isinstance(row, Wording):
        _put(version, with_sub_points(row), siblings, place)
        return
    siblings.remove(row)
    siblings.insert(place, row)
    renumber(siblings)
    if not isinstance(row, Section):
        arrange(document_order(version))


def move_objective(version, words, block, after, letter):
    """Put an objective with its sub-points under other addressees; its code stays. `after` is a wording or None."""
    group = with_sub_points(words)
    siblings = list(
        Wording.objects.filter(version=version, block=block, objective__parent=None)
        .exclude(pk=words.pk)
        .order_by("order")
    )
    place = siblings.index(after) + 1 if after else 0
    words.letter = letter
    for row in group:
        row.block = block
    _put(version, group, siblings, place)
    Wording.objects.bulk_update(group, ["block", "letter"])


# -- withdrawing and taking back -------------------------------------------------------------------------------------


def why_kept(row):
    """Why a part cannot be withdrawn, or ""."""
    if isinstance(row, Section) and row.holds_aims:
        return _("The aims stand in this section. It cannot be withdrawn.")
    if isinstance(row, Aim) and Wording.objects.filter(block__aim=row).exists():
        return _("Objectives stand under this aim. Move or withdraw them first.")
    if isinstance(row, AddresseeBlock) and row.wordings.exists():
        return _("Objectives stand under these addressees. Move or withdraw them first.")
    return ""


def withdraw(version, row, *, cause, reason):
    """Take a part out of a draft; an objective goes with its sub-points, and all of them keep identity and links."""
    if why := why_kept(row):
        raise NotAllowed(why)
    gone = with_sub_points(row) if isinstance(row, Wording) else [row]
    for part in gone:
        record(version, part, Change.WITHDRAWN, cause=cause, reason=reason, was=_as_it_is(part))
    for part in reversed(gone):
        part.delete()


def _as_it_is(row):
    """What is needed to take a part back: its texts, and the codes of those that stood before it."""
    siblings = siblings_of(row)
    after = [code_of(other) for other in siblings[: siblings.index(row)]]
    if isinstance(row, Wording):
        return {"letter": row.letter, "text": row.text, "block": row.block.code, "after": after}
    if isinstance(row, Section):
        blocks = row.blocks.values("kind", "letter", "text")
        return {"number": row.number, "title": row.title, "after": after, "blocks": list(blocks)}
    if isinstance(row, Aim):
        blocks = row.blocks.values("code", "heading", "addressees")
        return {"letter": row.letter, "text": row.text, "after": after, "blocks": list(blocks)}
    own = {"code": row.code, "heading": row.heading, "addressees": row.addressees, "after": after}
    return own | {"aim": row.aim.letter}


def last_withdrawals(changes, codes):
    """Of changes in their order, the last withdrawal of each part that the version has not, oldest first.

    `codes` are the parts that it has: by kind, their numbers, letters or codes.
    """
    last = {}
    for change in changes:
        if change.change == Change.WITHDRAWN and change.was is not None:
            last.pop((change.part, change.code), None)
            last[change.part, change.code] = change
    return [change for (part, code), change in last.items() if code not in codes[part]]


def withdrawn(version):
    """What can be taken back into a draft, oldest withdrawal first."""
    codes = {part: set(rows_of(version, part).values_list(KEYS[part], flat=True)) for part in MODELS}
    return last_withdrawals(version.changes.order_by("pk"), codes)


def earlier_wordings(version):
    """The last words of each objective that an earlier text in force had, and that this version has not."""
    last = (
        Wording.objects.filter(
            version__strategy=version.strategy_id,
            version__status__in=["in_force", "superseded"],
            version__number__lt=version.number,
        )
        .exclude(objective__in=version.wordings.values("objective"))
        .select_related("objective", "block", "version")
        .order_by("objective_id", "-version__number")
        .distinct("objective_id")
    )
    return sorted(last, key=lambda words: words.objective.order)


def find_withdrawn(version, part, code):
    """The withdrawal of a part that can be taken back, by this version or by an earlier one; None without."""
    found = (change for change in withdrawn(version) if (change.part, change.code) == (part, code))
    if (change := next(found, None)) or part != Part.OBJECTIVE:
        return change
    words = next((words for words in earlier_wordings(version) if code_of(words) == code), None)
    if words is None:
        return None
    was = _as_it_is(words) | {"block": _block_now(version, words)}
    return VersionChange(version=version, part=part, code=code, change=Change.WITHDRAWN, was=was)


def _block_now(version, words):
    """The code that the addressees of an earlier version's words have in a draft: their aim may have another letter."""
    texts = texts_of({words.version_id, version.pk})
    partners = partners_of(texts[words.version_id], texts[version.pk]).addressees
    return next((now for now, then in partners.items() if then == words.block.code), words.block.code)


def restore(version, change, *, cause, reason):
    """Put a withdrawn part back as it was. Raises NotAllowed when its place is gone or its letter taken."""
    row = {
        Part.SECTION: _section_again,
        Part.AIM: _aim_again,
        Part.ADDRESSEES: _addressees_again,
        Part.OBJECTIVE: _objective_again,
    }[Part(change.part)](version, change)
    record(version, row, Change.RESTORED, cause=cause, reason=reason)
    return row


def _at(siblings, after):
    """The place after the last of those that stood before a part."""
    return max((place for place, other in enumerate(siblings, start=1) if code_of(other) in after), default=0)


def _section_again(version, change):
    was = change.was
    row = Section(version=version, number=was["number"], title=was["title"])
    siblings = siblings_of(row)
    insert(version, row, siblings, _at(siblings, was["after"]))
    SectionBlock.objects.bulk_create(
        SectionBlock(section=row, order=place, **block) for place, block in enumerate(was["blocks"], start=1)
    )
    return row


def _aim_again(version, change):
    was = change.was
    row = Aim(version=version, letter=was["letter"], text=was["text"])
    siblings = siblings_of(row)
    insert(version, row, siblings, _at(siblings, was["after"]))
    AddresseeBlock.objects.bulk_create(
        AddresseeBlock(aim=row, order=place, **block) for place, block in enumerate(was["blocks"], start=1)
    )
    return row


def _addressees_again(version, change):
    was = change.was
    aim = Aim.objects.filter(version=version, letter=was["aim"]).first()
    if aim is None:
        raise NotAllowed(_("Aim %(letter)s is no longer in this version.") % {"letter": was["aim"]})
    own = {name: was[name] for name in ("code", "heading", "addressees")}
    row = AddresseeBlock(aim=aim, **own)
    siblings = siblings_of(row)
    insert(version, row, siblings, _at(siblings, was["after"]))
    return row


def _objective_again(version, change):
    was = change.was
    objective = version.strategy.objectives.select_related("parent").get(code=change.code)
    block = AddresseeBlock.objects.filter(aim__version=version, code=was["block"]).first()
    if objective.parent:
        parent = rows_of(version, Part.OBJECTIVE).filter(objective=objective.parent).first()
        if parent is None:
            raise NotAllowed(
                _("It stands below %(code)s. Take that back first.") % {"code": objective.parent.code}
            )
        block = parent.block
    if block is None:
        raise NotAllowed(
            _("The addressees %(code)s are no longer in this version. Add or take them back first.")
            % {"code": was["block"]}
        )
    row = Wording(version=version, objective=objective, block=block, letter=was["letter"], text=was["text"])
    siblings = siblings_of(row)
    if holder := next((other for other in siblings if other.letter == row.letter), None):
        raise NotAllowed(
            Reason(
                _("The letter %(letter)s now is that of %(code)s. Give that one another letter first.")
                % {"letter": row.letter or _("(none)"), "code": holder.objective.code},
                version.address("wording_edit", holder.objective.code),
            )
        )
    insert(version, row, siblings, _at(siblings, was["after"]))
    return row
