"""Who sees which request for a later day, and the agreed day of anything that is due."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery

from accounts.querysets import EVERYBODY, VisibleQuerySet
from actionplans import extending, notices
from actionplans.extending import agreed_until
from actionplans.querysets import UNFINISHED
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed, acting


class ExtensionQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Secretariat all; the delegation that asks its own; an agreed one whoever sees the thing that is due."""
        if user.is_secretariat:
            return EVERYBODY
        seen = Q(delegation__in=user.delegation_ids)
        for label in extending.labels():
            type_ = ContentType.objects.get_for_model(apps.get_model(label))
            things = extending.seen(label, user).values("pk")
            seen |= Q(status="agreed", content_type=type_, object_id__in=things)
        return seen

    def about(self, model, pks):
        """Those on some things of one kind, in the order in which they were asked."""
        rows = self.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=pks)
        return rows.select_related("delegation", "asked_by", "answered_by").order_by("pk")

    def to_answer(self):
        """Those that wait for the secretariat."""
        return self.filter(status="asked")

    def ask(self, subject, new_day, reason, *, by):
        """Ask for a later day; the day in force and the name of the thing are kept. Raises NotAllowed."""
        with transaction.atomic(), acting(by, "ask", reason):
            row = type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
            if why := row.why_no_later_day():
                raise NotAllowed(why)
            asked = self.create(
                subject=row, about=str(row.due_name)[:300], delegation=row.owed_by,
                due_on=row.due_in_force, new_day=new_day, reason=reason,
                asked_by=by if by is not None and by.pk else None, asked_on=brussels_today(),
            )  # fmt: skip
            notices.extension_asked(asked)
            return asked


def _same_milestones(model):
    """The milestone of the row and the same one in other versions of its terms, within a subquery of a subquery."""
    row = {"terms__action": "terms__action", "title": "title", "due_on": "due_on"}
    return model.objects.filter(**{name: OuterRef(OuterRef(field)) for name, field in row.items()})


class MilestoneQuerySet(models.QuerySet):
    """Milestones with the days that count beside the one that was agreed at first."""

    def with_days(self):
        """Each with `agreed_until`, the day of its newest agreed extension, and `reached_on`, both null where none.

        What was reached stays reached when the terms of reference get a new version: its name says that it is the same.
        So does a later day stay agreed, as long as the new version says the day for which it was agreed.
        """
        said = apps.get_model("actionplans.MilestoneReached").objects.filter(
            milestone__terms__action=OuterRef("terms__action"), milestone__title=OuterRef("title")
        )
        return self.annotate(
            agreed_until=agreed_until(self.model, among=_same_milestones(self.model)),
            reached_on=Subquery(said.order_by("-pk").values("reached_on")[:1]),
        )

    def in_force(self):
        """Those of agreed terms of reference."""
        return self.filter(terms__status="agreed")

    def waiting(self):
        """Those of unfinished actions that are not reached yet, the soonest first, each with its days."""
        rows = self.in_force().filter(terms__action__status__in=UNFINISHED).with_days()
        return rows.filter(reached_on=None).order_by("due_on", "pk")
