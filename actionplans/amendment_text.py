"""The changes of amendments as blocks: before and after beside each other, the same words on page, as PDF and Word."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from actionplans.amendable import LABELS, TEXTS, Values, names_of, values_of, words_of
from actionplans.models import Action, AmendmentChange
from publishing.compare import differences
from publishing.documents import Change, Runs, Table, words


class Row(NamedTuple):
    """One field of an action: its label, and both values with what differs marked."""

    label: str
    before: Runs
    after: Runs


def rows_of(name: str, before: Any, after: Any, names: Mapping[str, str]) -> Row:
    """One field before and after. In texts the words that differ are marked, of all else the whole value."""
    if name == "status":
        return _whole(_("State"), *(str(dict(Action.Status.choices)[value]) for value in (before, after)))
    if name == "terms":
        version = _("version %(number)d")
        return _whole(
            _("Terms of reference"), *(version % {"number": n} if n else _("none") for n in (before, after))
        )
    was, becomes = (words_of(name, value, names) for value in (before, after))
    if name in TEXTS and before and after:
        runs = differences(was, becomes)
        return Row(
            str(LABELS[name]),
            tuple(run for run in runs if run.change != Change.ADDED),
            tuple(run for run in runs if run.change != Change.REMOVED),
        )
    return _whole(str(LABELS[name]), was, becomes)


def _whole(label: str, before: str, after: str) -> Row:
    return Row(label, words(before, change=Change.REMOVED), words(after, change=Change.ADDED))


def both_of(change: AmendmentChange) -> tuple[Values, Values]:
    """What a change leads from and to: kept by its application, else as it is drafted on the action of today."""
    if change.after is not None:
        return change.before or {}, change.after
    if change.kind == change.Kind.ADD:
        return {}, values_of(change.action)
    if change.kind == change.Kind.DISCONTINUE:
        return {"status": change.action.status}, {"status": "discontinued"}
    drafted, proposed = dict(change.drafted), dict(change.proposed)
    if change.new_terms:
        versions = {one.version: one.agreement_id is not None for one in change.action.terms.all()}
        agreed = max((number for number, is_agreed in versions.items() if is_agreed), default=0)
        drafted["terms"], proposed["terms"] = agreed, max([agreed + 1, *versions])
    return drafted, proposed


def compared_versions(change: AmendmentChange) -> tuple[int, int] | None:
    """The numbers of the terms of reference before and after a change, where both are written."""
    before, after = (values.get("terms", 0) for values in both_of(change))
    written = {terms.version for terms in change.action.terms.all()}
    return (before, after) if {before, after} <= written else None


def table_of(change: AmendmentChange, names: Mapping[str, str]) -> Table:
    """What becomes of each field of an action; of one that is added, what it is."""
    before, after = both_of(change)
    return table(capfirst(str(change)), before, after, names)


def table(caption: str, before: Values, after: Values, names: Mapping[str, str]) -> Table:
    """Values before and after, field by field in the order of the form."""
    order = [*LABELS, "terms", "status"]
    shown = sorted(after, key=order.index)
    if not before:
        cells = tuple(
            (words(str(LABELS[name])), words(words_of(name, after[name], names)))
            for name in shown
            if name in LABELS
        )
        return Table(caption, (_("Field"), _("New")), cells)
    rows = (rows_of(name, before[name], after[name], names) for name in shown)
    return Table(
        caption,
        (_("Field"), _("Before"), _("After")),
        tuple((words(r.label), r.before, r.after) for r in rows),
    )


def names_in(changes: Iterable[AmendmentChange]) -> dict[str, str]:
    """The names of all delegations in some changes, in one query."""
    both: Sequence[Values] = [values for change in changes for values in both_of(change)]
    return names_of(both)
