"""The agenda of a meeting as one reader sees it: what a point is about is named to those who see that."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from council.models import AgendaPoint, Document


class Line(NamedTuple):
    """A point with what the reader sees of its thing, document and decision; `notice` says what has changed."""

    point: AgendaPoint
    thing: Any
    document: Document | None
    decision_url: str
    notice: str


def agenda_of(meeting, user, decisions):
    """The lines of a meeting's agenda, in a number of queries that does not grow with it.

    `decisions` are those of the meeting that the reader sees.
    """
    seen = Document.objects.visible_to(user).filter(pk=OuterRef("document"))
    points = list(
        meeting.points.select_related("document").annotate(shows_document=Exists(seen)).order_by("order")
    )
    for point in points:
        point.meeting = meeting
    things = _things_seen(points, user)
    urls = {decision.pk: decision.get_absolute_url() for decision in decisions}
    found = []
    for point in points:
        thing = things.get((point.content_type_id, point.object_id))
        found.append(
            Line(
                point,
                thing,
                point.document if point.shows_document else None,
                urls.get(point.decision_id, ""),
                notice_on(point, thing, user),
            )
        )
    return found


def _things_seen(points, user):
    """The things that points are about, as far as the reader sees them, by type and identity: a query for each kind."""
    wanted = defaultdict(set)
    for point in points:
        if point.content_type_id:
            wanted[point.content_type_id].add(point.object_id)
    return {
        (type_, row.pk): row
        for type_, numbers in wanted.items()
        for row in ContentType.objects.get_for_id(type_)
        .model_class()
        ._default_manager.visible_to(user)
        .filter(pk__in=numbers)
        .select_related()
    }


def notice_on(point, thing, user):
    """What stands beside an open point whose thing has gone another way meanwhile, or ""."""
    if point.outcome or not point.content_type_id:
        return ""
    if thing is None:
        return _("What was to be decided is not there any more.") if user.is_secretariat else ""
    step = point.step
    if step is not None and thing.status in step.sources:
        return ""
    return _("%(thing)s is %(state)s: this cannot be decided now.") % {
        "thing": thing, "state": thing.state_words,
    }  # fmt: skip
