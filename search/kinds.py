"""What can be found: from which rows it comes, who sees these, and under which heading it stands."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from actionplans.models import (
    Action,
    ActionPlan,
    Amendment,
    ProgressNote,
    Strategy,
    StrategyVersion,
    TermsOfReference,
)
from council.models import AgendaPoint, Decision, Document, Meeting
from jcos.models import Operation

# The headings, in the order in which results stand.
KINDS = {
    "objective": _("Objectives"),
    "strategy": _("Text of the strategy"),
    "plan": _("Plans"),
    "action": _("Actions"),
    "terms": _("Terms of reference"),
    "note": _("Progress notes"),
    "amendment": _("Amendments"),
    "operation": _("Operations"),
    "meeting": _("Meetings"),
    "point": _("Points of agendas"),
    "decision": _("Decisions"),
    "document": _("Documents"),
}


class Source(NamedTuple):
    """One kind of row in the index.

    `owners(user)` are the rows that decide who sees an entry, `model` is theirs; an entry whose owner is in one of the
    states `earlier` is no longer in force, and found only when that is asked for. Of a thing that has a text in each
    version of the strategy only one text is a hit, the first by `TEXTS_FIRST`. Of `is_numerous` there may be
    tens of thousands.
    """

    kind: str
    model: type
    owners: Callable[[Any], QuerySet]
    earlier: tuple[str, ...] = ()
    is_numerous: bool = False


def _versions(user: Any) -> QuerySet:
    return StrategyVersion.objects.visible_to(user)


def _plans_seen_in_part(user: Any) -> QuerySet:
    """Plans of which the person sees number, period and some actions, and nothing else."""
    whole = ActionPlan.objects.seen_whole(user)
    return ActionPlan.objects.visible_to(user).exclude(pk__in=whole.values("pk"))


OUT_OF_FORCE = ("superseded", "withdrawn")
SOURCES = {
    "objective": Source("objective", StrategyVersion, _versions, OUT_OF_FORCE),
    "section": Source("strategy", StrategyVersion, _versions, OUT_OF_FORCE),
    "aim": Source("strategy", StrategyVersion, _versions, OUT_OF_FORCE),
    "strategy": Source("strategy", Strategy, Strategy.objects.visible_to),
    "plan": Source("plan", ActionPlan, ActionPlan.objects.seen_whole),
    "planpart": Source("plan", ActionPlan, _plans_seen_in_part),
    "action": Source("action", Action, Action.objects.visible_to, is_numerous=True),
    "terms": Source("terms", TermsOfReference, TermsOfReference.objects.visible_to, ("superseded",), True),
    "note": Source("note", ProgressNote, ProgressNote.objects.visible_to),
    "amendment": Source("amendment", Amendment, Amendment.objects.visible_to, ("withdrawn",)),
    "operation": Source("operation", Operation, Operation.objects.visible_to),
    "meeting": Source("meeting", Meeting, Meeting.objects.visible_to),
    "point": Source("point", AgendaPoint, AgendaPoint.objects.visible_to),
    "document": Source("document", Document, Document.objects.visible_to, is_numerous=True),
    "decision": Source("decision", Decision, Decision.objects.visible_to),
}


# The objectives, sections and aims of a strategy, each with a text in every version. `args` of such an entry begin with
# strategy and version; strategy and the last of `args` say which thing it is.
WORDED = [name for name, source in SOURCES.items() if source.model is StrategyVersion]
# Of the texts of one thing, the first of these that fits is the hit: what is in force, then what is being prepared.
TEXTS_FIRST = ("in_force", "agreed", "tabled", "draft", "superseded", "withdrawn")


def sources_of(kind: str) -> list[str]:
    """The sources whose entries stand under one heading."""
    return [name for name, source in SOURCES.items() if source.kind == kind]
