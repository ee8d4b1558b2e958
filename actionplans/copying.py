"""A new version of a strategy begins as a copy of an earlier one: every paragraph, in a constant number of queries."""

from django.db import transaction
from django.db.models import Case, Max, When
from django.utils.translation import gettext as _

from actionplans.models import (
    AddresseeBlock,
    Aim,
    Footnote,
    Section,
    SectionBlock,
    Strategy,
    StrategyVersion,
    Wording,
)
from strategy_portal.workflow import NotAllowed, Reason, acting

STEP = 10  # between the places of two objectives, so that one put between them moves no other


def version_to_copy(strategy):
    """The version that a new one copies unless another is chosen: in force, else the newest; None for a bare record."""
    versions = strategy.versions.exclude(status="withdrawn")
    return versions.order_by(Case(When(status="in_force", then=0), default=1), "-number").first()


def in_preparation(strategy):
    """The version of a strategy that is draft or tabled, or None."""
    return strategy.versions.filter(status__in=["draft", "tabled"]).first()


def begin_version(strategy, *, by, note, source=None):
    """A new draft of a strategy, the copy of `source` (default: `version_to_copy`).

    Raises NotAllowed when another version is in preparation already; of two people at once one wins.
    """
    with transaction.atomic(), acting(by, "create", note):
        strategy = Strategy.objects.select_for_update().get(pk=strategy.pk)
        if other := in_preparation(strategy):
            raise NotAllowed(
                Reason(
                    _("Version %(number)d is in preparation already (%(state)s).")
                    % {"number": other.number, "state": other.state_words},
                    other.get_absolute_url(),
                )
            )
        last = strategy.versions.aggregate(last=Max("number"))["last"] or 0
        version = StrategyVersion.objects.create(strategy=strategy, number=last + 1, note=note)
        copy_text(source or version_to_copy(strategy), version)
    return version


def copy_text(source, version):
    """Copy every part of one version's text into an empty one; nothing where there is no source."""
    sections = _copies(Section.objects.filter(version=source), version=version)
    _copies(SectionBlock.objects.filter(section__version=source), section=sections)
    _copies(Footnote.objects.filter(version=source), version=version)
    aims = _copies(Aim.objects.filter(version=source), version=version)
    blocks = _copies(AddresseeBlock.objects.filter(aim__version=source), aim=aims)
    wordings = list(Wording.objects.filter(version=source).order_by("order"))
    for place, words in enumerate(wordings, start=1):
        words.order = place * STEP
    _copies(wordings, version=version, block=blocks)


def _copies(rows, **new):
    """Copies of rows under a new parent each; gives the copies by the identity of their original.

    A parent is one row for all, or the dict of copied parents by the identity of their originals.
    """
    copied = {}
    for row in rows:
        old = row.pk
        row.pk, row._state.adding = None, True
        for name, parent in new.items():
            found = parent[getattr(row, f"{name}_id")] if isinstance(parent, dict) else parent
            setattr(row, name, found)
        copied[old] = row
    type_of = type(next(iter(copied.values()))) if copied else None
    if type_of:
        type_of.objects.bulk_create(copied.values())
    return copied
