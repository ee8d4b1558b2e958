"""Who sees which point of an agenda, what can be put on one, and how a decision closes its point."""

from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import BooleanField, Exists, ExpressionWrapper, Max, OuterRef, Q

from accounts.querysets import EVERYBODY, VisibleQuerySet
from council.querysets import decided_models


class AgendaPointQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Whoever sees the meeting. What a point is about is named only to those who see that."""
        return Q(meeting__in=apps.get_model("council.Meeting").objects.visible_to(user).values("pk"))

    def open(self):
        """Those without an outcome."""
        return self.filter(outcome="")

    def postponed_before(self, meeting):
        """Those that the body of a meeting has postponed before it and taken up at no meeting since, the newest first.

        A point is the same again when it is about the same step of the same thing, or has the same title.
        """
        same = {name: OuterRef(name) for name in ("content_type", "object_id", "verb")}
        later = self.model.objects.filter(
            Q(**same) | Q(content_type=None, title=OuterRef("title")),
            meeting__body=OuterRef("meeting__body"),
            meeting__held_on__gt=OuterRef("meeting__held_on"),
        )
        rows = self.filter(~Exists(later), outcome="postponed", meeting__body=meeting.body_id)
        return rows.filter(meeting__held_on__lt=meeting.held_on).order_by("-meeting__held_on", "order")

    def next_place(self):
        """The place after the last of these."""
        return (self.aggregate(last=Max("order"))["last"] or 0) + 1

    def settle(self, decision):
        """Close the point of the meeting at which this decision was to be taken, if there is one."""
        point = self.filter(
            meeting=decision.meeting_id,
            content_type=decision.content_type_id,
            object_id=decision.object_id,
            verb=decision.verb,
            decision=None,
        ).first()
        if point is not None:
            point.outcome, point.outcome_text, point.decision = "decided", "", decision
            point.save(update_fields=["outcome", "outcome_text", "decision"])


def decidable(user, body):
    """What a body can decide now, of what a person sees: (model, [(verb, step, rows)]), a query for each kind.

    That a state allows a step is not always enough: a model narrows it by `to_decide(verb)` of its queryset. What is
    asked about by silence is not offered for a day before the procedure ends: see `AgendaPointForm`.
    """
    for model in decided_models():
        steps = {
            verb: step
            for verb, step in model.STEPS.items()
            if step.by_decision and step.power_needed in body.powers
        }
        rows = model._default_manager.visible_to(user)
        narrow = getattr(rows, "to_decide", lambda verb: EVERYBODY)
        wanted = {verb: Q(status__in=step.sources) & narrow(verb) for verb, step in steps.items()}
        found = []
        if wanted:
            flags = {
                f"offers_{verb}": ExpressionWrapper(condition, output_field=BooleanField())
                for verb, condition in wanted.items()
            }
            # all that names a row comes along, whatever it is
            found = list(rows.filter(reduce(or_, wanted.values())).annotate(**flags).select_related())
        offered = [
            (verb, step, [row for row in found if getattr(row, f"offers_{verb}")])
            for verb, step in steps.items()
        ]
        yield model, [(verb, step, rows) for verb, step, rows in offered if rows]
