"""What may be asked a later day for, without this app knowing the apps above it.

Each kind registers in its `AppConfig.ready` who sees which of its rows; its model is an `Extendable`.
"""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, QuerySet, Subquery

_kinds: dict[str, Callable[[Any], QuerySet]] = {}


def register(label: str, seen: Callable[[Any], QuerySet]) -> None:
    """Let rows of a model (`app.model`) be asked a later day for; `seen(user)` are those whose day a person sees."""
    _kinds[label] = seen


def labels() -> list[str]:
    """The models that are registered, by label."""
    return list(_kinds)


def seen(label: str, user: Any) -> QuerySet:
    """The rows of a kind whose day a person sees. Raises KeyError for what is no kind."""
    return _kinds[label](user)


def agreed_until(model, pk="pk", among=None):
    """The day of the newest agreed extension of a row of a model, as an expression; null where there is none.

    `among` are the rows of which any will do, instead of the one row.
    """
    about = {"object_id": OuterRef(pk)} if among is None else {"object_id__in": among.values("pk")}
    agreed = apps.get_model("actionplans.Extension").objects.filter(
        content_type=ContentType.objects.get_for_model(model), status="agreed", **about
    )
    return Subquery(agreed.order_by("-pk").values("new_day")[:1])
