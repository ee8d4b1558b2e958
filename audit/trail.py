"""The events of a record that a person may see, with those of its parts, newest first.

An event is seen by those who could see the record in the state that the event holds (with their memberships of today);
the event of a part also only where the parent's event in force at that moment is seen.

The history of an objective holds its wordings. Each is a part of a version, which is drafted unseen; so where the
reader saw the version later, the event counts, too, that left the wording as it was then seen.
"""

from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Lag

from accounts.querysets import VisibleQuerySet
from audit.records import (
    ABOUT_ANYTHING,
    about_anything,
    also_told,
    event_model,
    link_to,
    parent_field,
    parent_of,
    parts_of,
    tracked,
)
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
    seen = Q(trail_in_force__in=seen_events(parent, user).values("pgh_id"))
    if (
        model._meta.model_name in ABOUT_ANYTHING
    ):  # of another record than a parent: it says itself who sees it
        seen |= Q(**{parent_field(model): None})
    return events.filter(seen)


def trail(model: type[models.Model], pk: int, user: Any) -> QuerySet:
    """The entries of a record and its parts, newest first, as tuples (kind, event_id, previous_id, …)."""
    own = event_model(model).objects.filter(pgh_obj_id=pk)
    kinds = [(model, own), *_parts(model, own.filter(pgh_obj_id=pk))]
    found = [
        _entries(
            seen_events(kind, user).filter(pgh_id__in=rows.values("pgh_id")), kind, depth, F("pgh_obj_id")
        )
        for depth, (kind, rows) in enumerate(kinds)
    ]
    for kind in about_anything(model):
        about = {"content_type": ContentType.objects.get_for_model(model), "object_id": pk}
        found.append(_entries(seen_events(kind, user).filter(**about), kind, len(found), F("pgh_obj_id")))
    for depth, kind in enumerate(also_told(model), start=len(found)):
        found.append(_entries(_told_elsewhere(kind, link_to(model, kind), pk, user), kind, depth))
    entries = found[0].union(*found[1:], all=True) if len(found) > 1 else found[0]
    return entries.order_by("-pgh_created_at", "-trail_moment", "trail_depth", "-pgh_id")


def _entries(events: QuerySet, kind, depth, of=None) -> QuerySet:
    """The entries of events, each with the one before it: of the same row, or of all where no row is named."""
    previous = Window(Lag("pgh_id"), partition_by=of, order_by=F("pgh_id").asc())
    return (
        events.annotate(
            trail_kind=Value(kind._meta.model_name, CharField()),
            trail_depth=Value(depth),
            trail_previous=previous,
        )
        .order_by()
        .values_list(
            "trail_kind", "pgh_id", "trail_previous", "pgh_created_at", "trail_moment", "trail_depth"
        )
    )


def _told_elsewhere(kind, link: str, pk: int, user: Any) -> QuerySet:
    """The events of parts that name a record by `link`, as far as their own parent is seen, without mere copies.

    A new version begins with a copy of every wording: only one that reads otherwise than the one before is told.
    """
    whole, parent = parent_field(kind), parent_of(kind)
    events = event_model(kind).objects.annotate(trail_moment=MOMENT).filter(**{link: pk})
    after = Q(pgh_created_at__gt=OuterRef("pgh_created_at")) | Q(
        Q(trail_moment__gt=OuterRef("trail_moment"))
        | Q(trail_moment=OuterRef("trail_moment"), pgh_id__gt=OuterRef("pgh_id")),
        pgh_created_at=OuterRef("pgh_created_at"),
    )
    following = events.filter(after, **{whole: OuterRef(whole)}).order_by(
        "pgh_created_at", "trail_moment", "pgh_id"
    )
    shown = seen_events(parent, user).filter(
        Q(pgh_created_at__gt=OuterRef("pgh_created_at"))
        | Q(pgh_created_at=OuterRef("pgh_created_at"), trail_moment__gte=OuterRef("trail_moment")),
        pgh_obj_id=OuterRef(whole),
    )
    unchanged_since = Q(pgh_created_at__lt=OuterRef("trail_next_at")) | Q(
        pgh_created_at=OuterRef("trail_next_at"), trail_moment__lt=OuterRef("trail_next_moment")
    )
    seen = events.annotate(
        trail_next_at=Subquery(following.values("pgh_created_at")[:1]),
        trail_next_moment=Subquery(following.values("trail_moment")[:1]),
    ).filter(
        Q(pgh_id__in=seen_events(kind, user).filter(**{link: pk}).values("pgh_id"))
        | Q(Exists(shown), trail_next_at=None)
        | Exists(shown.filter(unchanged_since))
    )
    before = Window(Lag("text"), order_by=F("pgh_id").asc())
    told = seen.annotate(trail_before=before).filter(
        ~Q(pgh_label="insert") | Q(trail_before=None) | ~Q(text=F("trail_before"))
    )
    return events.filter(pgh_id__in=told.values("pgh_id"))


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
