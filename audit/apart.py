"""What became of a record and is told in a history of its own: who was asked about it, and what amended it."""

from typing import Any, NamedTuple

from django.urls import reverse

from accounts.querysets import VisibleQuerySet
from actionplans.models import ActionPlan
from council.models import SilenceProcedure
from strategy_portal.workflow import Workflow


class Apart(NamedTuple):
    """A record with a history of its own: its name, its state as its mark asks, and the address of its history."""

    name: str
    record: Workflow
    url: str


def told_apart(record: Any, user: Any) -> list[Apart]:
    """The silence procedures and amendments about a record that a person sees, the newest first: two queries."""
    found: list[Apart] = []
    if isinstance(record, Workflow) and any(step.by_decision for step in record.STEPS.values()):
        found += _of(SilenceProcedure.objects.visible_to(user).about(record))
    if isinstance(record, ActionPlan):
        amendments = record.amendments.visible_to(user).order_by("-number")
        found += _of(amendments.select_related("plan"))
    return found


def _of(rows: VisibleQuerySet) -> list[Apart]:
    name = rows.model._meta.model_name
    return [Apart(str(row), row, reverse("audit:history", args=[name, row.pk])) for row in rows]
