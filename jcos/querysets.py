"""Who sees which operation, submission and line; and which versions of results count for a reader."""

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum

from accounts.querysets import EVERYBODY, VisibleQuerySet
from council.querysets import holds_presidency
from strategy_portal.dates import brussels_today

NOTED = ["results_noted", "reported", "follow_up", "closed"]
AGREED = [
    "agreed",
    "planning",
    "operational",
    "post_operational",
    "debriefed",
    "postponed",
    "cancelled",
    *NOTED,
]
LEADS = ["lead", "co_lead"]


def _taken_part(user, roles=None):
    """Operations in which the person's delegations take part, or which they lead."""
    parts = apps.get_model("jcos.Participation").objects.filter(
        delegation__in=user.delegation_ids
    )
    return (
        (parts.filter(role__in=roles) if roles else parts)
        .exclude(status="withdrawn")
        .values("operation")
    )


class OperationQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Proposed: proposer, secretariat, Presidency. Tabled: and delegations. Agreed: and participants.

        The committee sees an operation once its results are noted. Withdrawn participants keep what all delegations see.
        """
        if user.is_secretariat or holds_presidency(user):
            return EVERYBODY
        seen = Q(proposed_by__in=user.delegation_ids)
        if user.is_delegate:
            seen |= ~Q(status="proposed")
        if user.is_committee:
            seen |= Q(status__in=NOTED)
        if user.delegation_ids:
            seen |= Q(status__in=AGREED) & Q(**{f"{row}__in": _taken_part(user)})
        return seen

    def led_by(self, delegation_ids):
        """Operations that these delegations lead or co-lead."""
        parts = apps.get_model("jcos.Participation").objects.filter(
            delegation__in=delegation_ids, role__in=LEADS
        )
        return self.filter(pk__in=parts.values("operation"))

    def taking_results(self):
        """Operations for which results can be entered."""
        return self.filter(status__in=self.model.TAKES_RESULTS)


class _OfOperation(VisibleQuerySet):
    """Rows that are seen by whoever sees their operation."""

    def seen_by(self, user, row="pk"):
        return Q(
            operation__in=apps.get_model("jcos.Operation")
            .objects.visible_to(user)
            .values("pk")
        )


class PublishedFigureQuerySet(_OfOperation):
    pass


class ParticipationQuerySet(_OfOperation):
    def confirmed(self):
        """Those who take part: they owe a result."""
        return self.filter(status="confirmed")

    def awaiting_result(self):
        """Confirmed participants of operations that take results, who have not handed in a version that stands."""
        handed_in = apps.get_model("jcos.Submission").objects.filter(
            operation=OuterRef("operation"),
            delegation=OuterRef("delegation"),
            status__in=["submitted", "validated"],
        )
        return self.confirmed().filter(
            ~Exists(handed_in),
            operation__status__in=apps.get_model("jcos.Operation").TAKES_RESULTS,
            operation__results_due_on__isnull=False,
        )


class SubmissionQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Draft: its delegation. Later: and the secretariat.

        Validated: and the leads; other participants after the embargo; all delegations and the committee once noted.
        """
        seen = Q(delegation__in=user.delegation_ids)
        if user.is_secretariat:
            return seen | ~Q(status="draft")
        validated = Q(status="validated")
        if user.delegation_ids:
            today = brussels_today()
            free = Q(operation__embargo_until=None) | Q(
                operation__embargo_until__lt=today
            )
            seen |= validated & Q(operation__in=_taken_part(user, LEADS))
            seen |= validated & free & Q(operation__in=_taken_part(user))
        if user.is_delegate or user.is_committee:
            seen |= validated & Q(noting__isnull=False)
        return seen

    def current(self):
        """The newest version of each delegation for each operation."""
        newer = self.model.objects.filter(
            operation=OuterRef("operation"),
            delegation=OuterRef("delegation"),
            version__gt=OuterRef("version"),
        )
        return self.filter(~Exists(newer))

    def counted_for(self, user):
        """The validated versions that count for a reader: of each delegation the newest that this reader may see.

        The committee thus keeps the version noted before until a later one is noted too.
        """
        seen = self.model.objects.visible_to(user).filter(status="validated")
        newest = seen.filter(
            operation=OuterRef("operation"), delegation=OuterRef("delegation")
        ).order_by("-version")
        return self.filter(
            pk__in=seen.values("pk"), pk=Subquery(newest.values("pk")[:1])
        )

    def note(self, decision):
        """A noting covers the newest validated version of each delegation that no decision has noted yet."""
        validated = self.model.objects.filter(status="validated")
        newest = validated.filter(
            operation=OuterRef("operation"), delegation=OuterRef("delegation")
        ).order_by("-version")
        rows = self.filter(
            status="validated", noting=None, pk=Subquery(newest.values("pk")[:1])
        )
        return self.filter(pk__in=list(rows.values_list("pk", flat=True))).update(
            noting=decision
        )


class ResultLineQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        return Q(
            submission__in=apps.get_model("jcos.Submission")
            .objects.visible_to(user)
            .values("pk")
        )

    def counted_for(self, user):
        """The lines of the versions that count for a reader."""
        return self.filter(
            submission__in=apps.get_model("jcos.Submission")
            .objects.counted_for(user)
            .values("pk")
        )

    def totals(self):
        """Totals per measure × commodity × unit × kind of value, never across (one row each, with `lines`)."""
        return (
            self.order_by()
            .values(
                "measure__code", "measure__name", "measure__group", "commodity__code", "commodity__name",
                "unit__code", "unit__name", "value_kind",
            )
            .annotate(total=Sum("quantity"), lines=Count("pk"), inexact=Count("pk", filter=~Q(qualifier="exact")))
            .order_by("measure__group", "measure__order", "commodity__order", "unit__order", "value_kind")
        )  # fmt: skip
