"""Who entered a row and who last saved it, from its own history."""

from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import DateTimeField, F, Model, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf

from editing.versions import digest

# The portal's moment of an event, which the demonstration clock moves; events from outside the portal have the
# database's only.
MOMENT = Coalesce(Cast(NullIf(KT("pgh_context__at"), Value("")), DateTimeField()), F("pgh_created_at"))

MOST_EVENTS = 200  # how far back a text is looked for


class Change(NamedTuple):
    """An event of a row: who ("" when unknown), and the portal's moment."""

    who: str
    at: datetime


def last_change(thing: Model) -> Change | None:
    """Who last changed a row and when; None for a model that keeps no history."""
    return _change(thing, "-pgh_id")


def first_change(thing: Model) -> Change | None:
    """Who entered a row and when; None for a model that keeps no history."""
    return _change(thing, "pgh_id")


def last_taken(thing: Model, verb: str) -> Change | None:
    """Who last took a step of a row by this verb and when; None where nobody has."""
    return _change(thing, "-pgh_id", pgh_context__verb=verb)


class Begun(NamedTuple):
    """That others have written at a draft: who began it and who last saved it."""

    first: Change
    last: Change


def begun_by_others(thing: Model, reader: Any) -> Begun | None:
    """Who began a record and who last saved it, where the last was somebody else than the reader."""
    for model in _event_models(thing):
        events = model.objects.filter(pgh_obj_id=thing.pk).order_by()
        ends = Q()
        for order in ("pgh_id", "-pgh_id"):
            ends |= Q(pgh_id__in=events.order_by(order).values("pgh_id")[:1])
        found = list(events.filter(ends).order_by("pgh_id"))
        writers = [(event.pgh_context or {}).get("user") for event in found]
        if not found or writers[-1] in (None, reader.pk):
            return None
        people = get_user_model()._default_manager.in_bulk(set(filter(None, writers)))
        first, last = (
            Change(str(people.get(writers[place], "")), _moment(found[place])) for place in (0, -1)
        )
        return Begun(first, last)
    return None


def has_written(thing: Model, user: Any) -> bool:
    """Whether a person has ever saved a record."""
    return any(
        m.objects.filter(pgh_obj_id=thing.pk, pgh_context__user=user.pk).exists()
        for m in _event_models(thing)
    )


def text_of_digest(thing: Model, name: str, wanted: str) -> str | None:
    """The newest text with this digest (`editing.versions`) that a field of a row has held, or None."""
    for model in _event_models(thing):
        if name in {field.name for field in model._meta.fields}:
            events = model.objects.filter(pgh_obj_id=thing.pk).order_by("-pgh_id")
            texts = events.values_list(name, flat=True)[:MOST_EVENTS]
            return next((text for text in texts if isinstance(text, str) and digest(text) == wanted), None)
    return None


def _event_models(thing: Model) -> list[Any]:
    return [m for m in apps.get_models() if getattr(m, "pgh_tracked_model", None) is type(thing)]


def _change(thing: Model, order: str, **which: Any) -> Change | None:
    models = _event_models(thing)
    events = (m.objects.filter(pgh_obj_id=thing.pk, **which).order_by(order).first() for m in models)
    event = next((e for e in events if e is not None), None)
    if event is None:
        return None
    context = event.pgh_context or {}
    user = (
        get_user_model()._default_manager.filter(pk=context["user"]).first() if context.get("user") else None
    )
    return Change(str(user) if user else "", _moment(event))


def _moment(event: Any) -> datetime:
    at = (event.pgh_context or {}).get("at")
    return datetime.fromisoformat(at) if at else event.pgh_created_at
