"""What may be asked a later day for, without this app knowing the apps above it.

Each kind registers in its `AppConfig.ready` who sees which of its rows; its model is an `Extendable`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from publishing.words import day_words

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


def lost_between(old: Iterable[Any], new: Iterable[Any]) -> list[str]:
    """What is known of the milestones of one version and would no longer be of those of another, in sentences.

    A milestone is the same in another version by its words; a later day stays agreed where its first day is the same,
    too. Both come from `with_days()`.
    """
    days = {(row.title, row.due_on) for row in new}
    titles = {title for title, _day in days}
    said = []
    for row in old:
        if row.reached_on and row.title not in titles:
            words = _(
                "“%(title)s” was reached on %(day)s. No milestone of the new version has its words, so that it would "
                "no longer be known."
            )
            said.append(words % {"title": row.title, "day": day_words(row.reached_on)})
        elif row.agreed_until and not row.reached_on and (row.title, row.due_on) not in days:
            words = _(
                "For “%(title)s” of %(first)s a later day is agreed, %(day)s. No milestone of the new version has its "
                "words and its first day, so that the later day would count no longer."
            )
            first, later = day_words(row.due_on), day_words(row.agreed_until)
            said.append(words % {"title": row.title, "first": first, "day": later})
    return said
