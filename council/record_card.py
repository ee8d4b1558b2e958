"""What the institutional record has on a thing, in one expression: its silence procedures and the agendas.

The pages of things are full of queries already: those that have none to spare annotate their thing with it, as
`record_row`.
"""

from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import JSONField, OuterRef, Subquery
from django.db.models.functions import JSONObject

from accounts.models import Body
from council.models import AgendaPoint, Meeting, Position, SilenceProcedure
from council.querysets_silence import RUNNING

SHOWN = ("pk", "status", "verb", "closes_at", "ended_at")


def record_of(model, user):
    """The expression for rows of a model: what the reader sees of both, as JSON."""
    return JSONObject(
        silence=_newest_silence(model, user), asked=_procedures(model, user), points=_points(model, user)
    )


def _newest_silence(model, user):
    """The newest procedure with what the reader's own delegations have said, or null."""
    own = Position.objects.filter(procedure=OuterRef("pk"), delegation__in=user.delegation_ids or [0])
    said = ArraySubquery(own.values(one=JSONObject(delegation="delegation", stance="stance")))
    procedures = SilenceProcedure.objects.visible_to(user).filter(
        content_type=ContentType.objects.get_for_model(model), object_id=OuterRef("pk")
    )
    row = JSONObject(**{name: name for name in SHOWN}, said=said)
    return Subquery(procedures.order_by("-pk").values(row=row)[:1], output_field=JSONField())


def _procedures(model, user):
    """Every procedure, the newest first."""
    procedures = SilenceProcedure.objects.visible_to(user).filter(
        content_type=ContentType.objects.get_for_model(model), object_id=OuterRef("pk")
    )
    row = JSONObject(**{name: name for name in SHOWN})
    return ArraySubquery(procedures.order_by("-pk").values(row=row))


def silence_on(model, pk):
    """The newest procedure on the row of a model with this identity, as `record_row` has it, or null."""
    procedures = SilenceProcedure.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=pk
    )
    row = JSONObject(**{name: name for name in SHOWN})
    return Subquery(procedures.order_by("-pk").values(row=row)[:1], output_field=JSONField())


def _points(model, user):
    """The points of agendas, the newest meeting first."""
    points = AgendaPoint.objects.visible_to(user).filter(
        content_type=ContentType.objects.get_for_model(model), object_id=OuterRef("pk")
    )
    row = JSONObject(
        pk="pk", verb="verb", outcome="outcome", meeting="meeting", held_on="meeting__held_on",
        body="meeting__body__name",
    )  # fmt: skip
    return ArraySubquery(points.order_by("-meeting__held_on", "-pk").values(row=row))


def _row_of(thing, user):
    """The row of a thing. Where its page has not brought it, it is asked for while a decision can be taken.

    Afterwards the decision leads to the meeting and the procedure.
    """
    if hasattr(thing, "record_row"):
        return thing.record_row
    if not can_be_decided(thing):
        return {}
    rows = type(thing)._base_manager.annotate(record_row=record_of(type(thing), user))
    thing.record_row = rows.filter(pk=thing.pk).values_list("record_row", flat=True).first() or {}
    return thing.record_row


def can_be_decided(thing):
    """Whether a step by decision leads on from where a thing stands: only then can it be asked about by silence."""
    return any(step.by_decision and thing.status in step.sources for step in thing.STEPS.values())


def silence_of(thing, user):
    """The procedure on a thing and the stances of the reader's delegations by their identity, or None."""
    if not (user.is_secretariat or user.is_delegate) or not can_be_decided(thing):
        return None
    row = _row_of(thing, user).get("silence")
    if row is None:
        return None
    stances = {one["delegation"]: Position.Stance(one["stance"]).label for one in row["said"]}
    return _procedure_of(thing, row), stances


def procedures_before(thing, shown=None):
    """The procedures on a thing that the reader sees beside the one that is shown, where its page has brought them."""
    rows = getattr(thing, "record_row", {}).get("asked") or []
    return [_procedure_of(thing, row) for row in rows if shown is None or row["pk"] != shown.pk]


def procedure_on(thing):
    """The silence procedure by which delegations are asked about a thing as it is, up to its outcome, or None.

    A page has brought it along; a step that is taken asks anew, with the thing locked.
    """
    if not can_be_decided(thing):
        return None
    if hasattr(thing, "record_row"):
        row = thing.record_row.get("silence")
        newest = _procedure_of(thing, row) if row else None
    else:
        newest = SilenceProcedure.objects.about(thing).first()
    return newest if newest and newest.status in RUNNING else None


def held_by_silence(thing):
    """Why no step is taken on a thing while delegations are asked about it, as a list of one reason or none."""
    return [why] if (why := why_held(thing)) else []


def why_held(thing):
    """Why a thing is not changed while it is asked about by silence procedure, as a reason with a link, or ""."""
    procedure = procedure_on(thing)
    return procedure.why_held() if procedure else ""


def _procedure_of(thing, row):
    fields = {name: row[name] for name in SHOWN}
    for name in ("closes_at", "ended_at"):
        fields[name] = datetime.fromisoformat(fields[name]) if fields[name] else None
    type_ = ContentType.objects.get_for_model(type(thing))
    return SilenceProcedure(**fields, content_type=type_, object_id=thing.pk, about=str(thing))


def points_of(thing, user):
    """The points of agendas on which a thing stands, each with its meeting, the newest first."""
    if not (user.is_secretariat or user.is_delegate or user.body_ids):
        return []
    type_ = ContentType.objects.get_for_model(type(thing))
    return [
        AgendaPoint(
            pk=row["pk"], verb=row["verb"], outcome=row["outcome"], content_type=type_, object_id=thing.pk,
            meeting=Meeting(
                pk=row["meeting"], held_on=date.fromisoformat(row["held_on"]), body=Body(name=row["body"])
            ),
        )
        for row in _row_of(thing, user).get("points") or []
    ]  # fmt: skip
