"""Who sees which operation, submission and line; and which versions of results count for a reader."""

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear, JSONObject

from accounts.querysets import EVERYBODY, VisibleQuerySet
from actionplans.extending import agreed_until
from council.querysets import holds_presidency
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed, acting

NOTED = ["results_noted", "reported", "follow_up", "closed"]
AGREED = ["agreed", "planning", "operational", "post_operational", "debriefed", "postponed", *NOTED]
LEADS = ["lead", "co_lead"]


def _parts(user, statuses, roles=None):
    """Operations in which the person's delegations take part in such a state (and role)."""
    parts = apps.get_model("jcos.Participation").objects.filter(
        delegation__in=user.delegation_ids, status__in=statuses
    )
    return (parts.filter(role__in=roles) if roles else parts).values("operation")


def _invited_or_confirmed(user, roles=None):
    return _parts(user, ["invited", "confirmed"], roles)


def _agreed():
    """Agreed at some time: an operation that was cancelled before that stays with those who prepared it."""
    return Q(status__in=AGREED) | Q(status="cancelled", agreement__isnull=False)


class OperationQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Proposed: proposer, secretariat, Presidency. Tabled: and delegations. Agreed: and participants.

        The committee sees an operation once its results are noted. Who has declined or withdrawn keeps what all
        delegations see.
        """
        if user.is_secretariat or holds_presidency(user):
            return EVERYBODY
        seen = Q(proposed_by__in=user.delegation_ids)
        if user.is_delegate:
            seen |= Q(status__in=["tabled", "rejected"]) | _agreed()
        if user.is_committee:
            seen |= Q(status__in=NOTED)
        if user.delegation_ids:
            seen |= _agreed() & Q(**{f"{row}__in": _invited_or_confirmed(user)})
        return seen

    def to_decide(self, verb):
        """The condition under which a step by decision can be asked for, where the state allows it.

        A further noting waits for results that were validated since the last; a historical operation is over.
        """
        ours = Q(kind=self.model.Kind.JCO)
        step = self.model.STEPS[verb]
        if step.by_decision != "note" or step.sources != {step.target}:
            return ours
        waiting = apps.get_model("jcos.Submission").objects.awaiting_noting()
        return ours & Q(pk__in=waiting.values("operation"))

    def led_by(self, delegation_ids):
        """Operations that these delegations lead or co-lead."""
        parts = apps.get_model("jcos.Participation").objects.filter(
            delegation__in=delegation_ids, role__in=LEADS
        )
        parts = parts.exclude(status__in=["declined", "withdrawn"])
        return self.filter(pk__in=parts.values("operation"))

    def with_participants(self):
        """Each with who takes part, in one further query."""
        parts = apps.get_model("jcos.Participation").objects.with_days().select_related("delegation")
        return self.prefetch_related(Prefetch("participations", queryset=parts))

    def with_leads(self):
        """Each with `lead_rows`: who leads or co-leads, the lead first, as `jcos/_leads.html` shows them."""
        parts = apps.get_model("jcos.Participation").objects.filter(operation=OuterRef("pk"), role__in=LEADS)
        parts = parts.exclude(status__in=["declined", "withdrawn"])
        row = JSONObject(role="role", delegation=JSONObject(name="delegation__name"))
        rows = parts.order_by("-role", "delegation__protocol_order").values(row=row)
        return self.annotate(lead_rows=ArraySubquery(rows))

    def with_year(self):
        """Adds `in_year`: the year of the operational phase, else the year as published."""
        return self.annotate(in_year=Coalesce(ExtractYear("starts_on"), "year", output_field=IntegerField()))

    def taking_results(self):
        """Operations for which results can be entered."""
        return self.filter(status__in=self.model.TAKES_RESULTS)


class _OfOperation(VisibleQuerySet):
    """Rows that are seen by whoever sees their operation."""

    def seen_by(self, user, row="pk"):
        return Q(operation__in=apps.get_model("jcos.Operation").objects.visible_to(user).values("pk"))


class PublishedFigureQuerySet(_OfOperation):
    pass


class ParticipationQuerySet(_OfOperation):
    def with_days(self):
        """Each with `agreed_until`, the day of the newest extension of its results; null where there is none."""
        return self.annotate(agreed_until=agreed_until(self.model))

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
            free = Q(operation__embargo_until=None) | Q(operation__embargo_until__lt=today)
            seen |= validated & Q(operation__in=_invited_or_confirmed(user, LEADS))
            seen |= validated & free & Q(operation__in=_parts(user, ["confirmed"]))
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
        newest = seen.filter(operation=OuterRef("operation"), delegation=OuterRef("delegation")).order_by(
            "-version"
        )
        return self.filter(pk__in=seen.values("pk"), pk=Subquery(newest.values("pk")[:1]))

    def awaiting_noting(self):
        """The newest validated version of each delegation, where no decision has noted it yet."""
        validated = self.model.objects.filter(status="validated")
        newest = validated.filter(
            operation=OuterRef("operation"), delegation=OuterRef("delegation")
        ).order_by("-version")
        return self.filter(status="validated", noting=None, pk=Subquery(newest.values("pk")[:1]))

    def note(self, decision):
        """A noting covers the newest validated version of each delegation that no decision has noted yet."""
        pks = list(self.awaiting_noting().values_list("pk", flat=True))
        return self.filter(pk__in=pks).update(noting=decision)

    def start(self, participation, *, by):
        """The first draft of a delegation that takes part; the open one, where there is one. Raises NotAllowed.

        Of two people who begin at once, one makes the draft and the other finds it.
        """
        with transaction.atomic(), acting(by, "start"):
            parts = apps.get_model("jcos.Participation")._base_manager
            row = parts.select_for_update(of=("self",)).get(pk=participation.pk)
            newest = (
                self.filter(operation=row.operation_id, delegation=row.delegation_id)
                .order_by("-version")
                .first()
            )
            if newest is not None:
                return newest
            draft = self.model(operation=row.operation, delegation=row.delegation, finality="")
            if why := draft.why_locked():
                raise NotAllowed(why)
            draft.save()
            return draft


class ResultLineQuerySet(VisibleQuerySet):
    def findings(self):
        """What was found; a line that does not say yet what it counts is one of them."""
        return self.filter(Q(measure=None) | Q(measure__group="findings"))

    def controls(self):
        """Controls carried out."""
        return self.filter(measure__group="controls")

    def seen_by(self, user, row="pk"):
        return Q(submission__in=apps.get_model("jcos.Submission").objects.visible_to(user).values("pk"))

    def counted_for(self, user):
        """The lines of the versions that count for a reader."""
        return self.filter(
            submission__in=apps.get_model("jcos.Submission").objects.counted_for(user).values("pk")
        )

    def totals(self, *by):
        """Totals per measure × commodity × unit × kind of value, never across (one row each, with `lines`).

        `by` names what they are further told apart by, such as "submission__operation".
        """
        return (
            self.order_by()
            .values(
                *by,
                "measure__code", "measure__name", "measure__group", "commodity__code", "commodity__name",
                "unit__code", "unit__name", "unit__symbol", "value_kind",
            )
            .annotate(total=Sum("quantity"), lines=Count("pk"), inexact=Count("pk", filter=~Q(qualifier="exact")))
            .order_by("-measure__group", "measure__order", "commodity__order", "unit__order", "value_kind")
        )  # fmt: skip
