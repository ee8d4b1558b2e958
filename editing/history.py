"""Who entered a row and who last saved it, from its own history."""

from datetime import datetime
from typing import NamedTuple

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import DateTimeField, F, Model, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf

# The portal's moment of an event, which the demonstration clock moves; events from outside the portal have the
# database's only.
MOMENT = Coalesce(Cast(NullIf(KT("pgh_context__at"), Value("")), DateTimeField()), F("pgh_created_at"))


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


def _change(thing: Model, order: str) -> Change | None:
    models = [m for m in apps.get_models() if getattr(m, "pgh_tracked_model", None) is type(thing)]
    events = (m.objects.filter(pgh_obj_id=thing.pk).order_by(order).first() for m in models)
    event = next((e for e in events if e is not None), None)
    if event is None:
        return None
    context = event.pgh_context or {}
    user = (
        get_user_model()._default_manager.filter(pk=context["user"]).first() if context.get("user") else None
    )
    at = datetime.fromisoformat(context["at"]) if context.get("at") else event.pgh_created_at
    return Change(str(user) if user else "", at)
