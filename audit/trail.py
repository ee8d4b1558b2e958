"""The events of a record that a person may see, with those of its parts, newest first.

An event is seen by those who could see the record in the state that the event holds (with their memberships of today);
the event of a part also only where the parent's event in force at that moment is seen.
"""

from typing import Any, NamedTuple

from django.db import models
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Lag

from accounts.querysets import VisibleQuerySet
from audit.records import event_model, parent_field, parent_of, parts_of, tracked
from editing.history import MOMENT


class Entry(NamedTuple):
    """Where an event stands: its model, its number, and the one before it that this reader also sees."""

    kind: str
    event_id: int
    previous_id: int | None


def seen_events(model: type[models.Model], user: Any) -> QuerySet:
    """The events of a model that a person may see."""
    events = event_model(model).objects.annotate(trail_moment=MOMENT)
    if not user.is_authenticated or not user.is_active:
        return events.none()
    rows = model._default_manager.all()
    parent = parent_of(model)
    if isinstance(rows, VisibleQuerySet):
        events = events.filter(rows.seen_by(user, row="pgh_obj_id"))
    elif parent is None:
        raise TypeError(f"{model.__name__} says neither who sees it nor whose part it is.")
    if parent is None:
        return events
    earlier = Q(pgh_created_at__lt=OuterRef("pgh_created_at")) | Q(
        pgh_created_at=OuterRef("pgh_created_at"), trail_moment__lte=OuterRef("trail_moment")
    )
    in_force = (
        event_model(parent).objects.annotate(trail_moment=MOMENT)
        .filter(earlier, pgh_obj_id=OuterRef(parent_field(model)))
        .order_by("-pgh_created_at", "-trail_moment", "-pgh_id")
    )  # fmt: skip
    events = events.annotate(trail_in_force=Subquery(in_force.values("pgh_id")[:1]))
    return events.filter(trail_in_force__in=seen_events(parent, user).values("pgh_id"))


def trail(model: type[models.Model], pk: int, user: Any) -> QuerySet:
    """The entries of a record and its parts, newest first, as tuples (kind, event_id, previous_id, …)."""
    own = event_model(model).objects.filter(pgh_obj_id=pk)
    kinds = [(model, own), *_parts(model, own.filter(pgh_obj_id=pk))]
    found = [
        seen_events(kind, user)
        .filter(pgh_id__in=rows.values("pgh_id"))
        .annotate(
            trail_kind=Value(kind._meta.model_name, CharField()),
            trail_depth=Value(depth),
            trail_previous=Window(Lag("pgh_id"), partition_by=F("pgh_obj_id"), order_by=F("pgh_id").asc()),
        )
        .order_by()
        .values_list(
            "trail_kind", "pgh_id", "trail_previous", "pgh_created_at", "trail_moment", "trail_depth"
        )
        for depth, (kind, rows) in enumerate(kinds)
    ]
    entries = found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
    return entries.order_by("-pgh_created_at", "-trail_moment", "trail_depth", "-pgh_id")


def _parts(model, events):
    """Each model of parts, of parts of parts too, with the events of those that belong to the given ones."""
    for part in parts_of(model):
        belonging = event_model(part).objects.filter(
            **{f"{parent_field(part)}__in": events.values("pgh_obj_id")}
        )
        yield part, belonging
        yield from _parts(part, belonging)


def load(entries: list[Entry]) -> dict[tuple[str, int], Any]:
    """The events of the entries and those before them, by kind and number: one query for each kind."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        wanted.setdefault(entry.kind, set()).update(filter(None, (entry.event_id, entry.previous_id)))
    models_by_name = tracked()
    return {
        (kind, event.pgh_id): event
        for kind, numbers in wanted.items()
        for event in event_model(models_by_name[kind])
        .objects.annotate(trail_moment=MOMENT)
        .filter(pgh_id__in=numbers)
    }
