"""The agenda of a meeting as one reader sees it: what a point is about is named to those who see that."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.querysets import EVERYBODY
from council.models import AgendaPoint, Document, SilenceProcedure
from council.querysets_silence import RUNNING
from strategy_portal.workflow import Reason


class Line(NamedTuple):
    """A point with what the reader sees of its thing, document and decision; `notice`: why it is not decided now."""

    point: AgendaPoint
    thing: Any
    document: Document | None
    decision_url: str
    notice: Reason | None


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
    opened = [point for point in points if point.content_type_id and not point.outcome]
    held, waiting = running_on(opened, user), _not_to_decide(opened, things)
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
                notice_on(point, thing, user, held=held.get(_key(point)), is_waiting=point.pk in waiting),
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


def _key(point):
    """The thing of a point, by type and identity."""
    return point.content_type_id, point.object_id


def running_on(points, user):
    """The silence procedures that a reader sees on the things of points and that are open; one query, or none."""
    wanted = {_key(point) for point in points}
    if not wanted:
        return {}
    rows = SilenceProcedure.objects.visible_to(user).filter(
        status__in=RUNNING,
        content_type__in={type_ for type_, _pk in wanted},
        object_id__in={pk for _type, pk in wanted},
    )
    return {_key(row): row for row in rows}


def _not_to_decide(points, things):
    """The points whose step is not to be decided though the state allows it; a query for each kind of step.

    It is asked of the same `to_decide(verb)` by which a new point is offered.
    """
    by_step = defaultdict(dict)
    for point in points:
        thing = things.get(_key(point))
        if thing is not None and point.step is not None and thing.status in point.step.sources:
            by_step[type(thing), point.verb][point.object_id] = point.pk
    waiting = set()
    for (model, verb), at in by_step.items():
        rows = model._default_manager.filter(pk__in=at)
        if (narrow := getattr(rows, "to_decide", None)) and (condition := narrow(verb)) != EVERYBODY:
            ready = set(rows.filter(condition).values_list("pk", flat=True))
            waiting |= {point for pk, point in at.items() if pk not in ready}
    return waiting


def notice_on(point, thing, user, *, held=None, is_waiting=False):
    """Why an open point cannot be decided now, or None: its thing went another way, or is asked about."""
    if point.outcome or not point.content_type_id:
        return None
    if thing is None:
        gone = _("What was to be decided is not there any more.")
        return Reason(gone) if user.is_secretariat else None
    step = point.step
    if step is None or thing.status not in step.sources:
        words = {"thing": thing, "state": thing.state_words}
        return Reason(_("%(thing)s is %(state)s: this cannot be decided now.") % words)
    if held is not None:
        return held.why_held()
    if is_waiting:
        return Reason(thing.NOT_TO_DECIDE.get(point.verb, _("This cannot be decided now.")))
    return None
