"""The newest silence procedure on a thing with what the reader's own delegations have said, in one expression.

The pages of things are full of queries already: those that have none to spare annotate their thing with it.
"""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from council.models import Position, SilenceProcedure

SHOWN = ("pk", "status", "verb", "closes_at", "ended_at")


def newest_silence(model, user):
    """The expression for rows of a model: the procedure as JSON, or null where there is none that the reader sees."""
    own = Position.objects.filter(procedure=OuterRef("pk"), delegation__in=user.delegation_ids or [0])
    said = ArraySubquery(own.values(one=JSONObject(delegation="delegation", stance="stance")))
    procedures = SilenceProcedure.objects.visible_to(user).filter(
        content_type=ContentType.objects.get_for_model(model), object_id=OuterRef("pk")
    )
    row = JSONObject(**{name: name for name in SHOWN}, said=said)
    return Subquery(procedures.order_by("-pk").values(row=row)[:1], output_field=JSONField())


def silence_of(thing, user):
    """The procedure on a thing and the stances of the reader's delegations by their identity, or None.

    It is asked for only where a decision can be taken from the thing's state: afterwards the decision leads to it.
    """
    if not (user.is_secretariat or user.is_delegate):
        return None
    if not any(step.by_decision and thing.status in step.sources for step in thing.STEPS.values()):
        return None
    if not hasattr(thing, "silence_row"):
        rows = type(thing)._base_manager.annotate(row=newest_silence(type(thing), user))
        thing.silence_row = rows.filter(pk=thing.pk).values_list("row", flat=True).first()
    if thing.silence_row is None:
        return None
    fields = {name: thing.silence_row[name] for name in SHOWN}
    for name in ("closes_at", "ended_at"):
        fields[name] = datetime.fromisoformat(fields[name]) if fields[name] else None
    type_ = ContentType.objects.get_for_model(type(thing))
    procedure = SilenceProcedure(**fields, content_type=type_, object_id=thing.pk, about=str(thing))
    stances = {one["delegation"]: Position.Stance(one["stance"]).label for one in thing.silence_row["said"]}
    return procedure, stances
