"""Who sees which strategy text, plan, action and terms of reference; and the rows that deadlines ask for."""

from datetime import timedelta
from itertools import chain, count

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, JSONObject, Lower
from django.utils.text import slugify

from accounts.querysets import EVERYBODY, NOBODY, VisibleQuerySet
from actionplans.extending import agreed_until
from council.querysets import holds_presidency
from strategy_portal.dates import brussels_today, now

ADOPTED = [
    "adopted",
    "evaluated",
    "closed",
]  # states of a plan in which its actions are settled
IN_PREPARATION = ["draft", "tabled"]  # and in which it is still to be adopted
ONCE_IN_FORCE = ["in_force", "superseded"]  # states of a version that is or was in force
ONCE_AGREED = ["agreed", *ONCE_IN_FORCE]  # and of one that is no longer being prepared
UNFINISHED = ["planned", "in_progress"]
NOTE_SHOWN = (
    "pk",
    "period_ends_on",
    "status",
    "health",
    "submitted_on",
    "first_submitted_on",
    "confirmed_on",
)


def _prepares(user):
    """Secretariat and Presidency see what is being prepared."""
    return user.is_secretariat or holds_presidency(user)


def _led_or_co_led(user, row, lead="lead"):
    """Actions that the person's delegations lead or co-lead."""
    parts = apps.get_model("actionplans.ActionParticipant").objects
    co_led = parts.filter(delegation__in=user.delegation_ids, role="co_lead").values("action")
    return Q(**{f"{lead}__in": user.delegation_ids}) | Q(**{f"{row}__in": co_led})


def _takes_part(user, row):
    parts = apps.get_model("actionplans.ActionParticipant").objects
    return Q(**{f"{row}__in": parts.filter(delegation__in=user.delegation_ids).values("action")})


def _agreed_terms():
    """Whether an action has agreed terms of reference that state main goals and expected outcome."""
    terms = apps.get_model("actionplans.TermsOfReference").objects
    return Exists(
        terms.filter(~Q(main_goals=""), ~Q(expected_outcome=""), action=OuterRef("pk"), status="agreed")
    )


class StrategyQuerySet(VisibleQuerySet):
    def free_slug(self, dated_on, reference):
        """A short name that no strategy has: with the year, else with the number of the document, too."""
        slug = f"strategy-{dated_on.year}"
        longer = (f"{slug}-{slugify(words)}"[:50] for words in (reference.split("/")[0], reference))
        tried = (slug, *longer)
        others = self.exclude(reference=reference).annotate(small=Lower("slug"))
        taken = set(others.values_list("small", flat=True))  # an address in other letters would be no other
        counted = (f"{slug}-{number}" for number in count(2))
        return next(slug for slug in chain(tried, counted) if slug not in taken)

    def seen_by(self, user, row="pk"):
        """Everyone signed in: what is published, or has no version. Any other: whoever sees one of its versions.

        Published is a document whose standing is known: a text that is prepared for it takes its record from nobody.
        """
        if user.is_secretariat:
            return EVERYBODY
        versions = apps.get_model("actionplans.StrategyVersion").objects
        published = apps.get_model("actionplans.Strategy").objects.exclude(standing="not_known")
        return (
            Q(**{f"{row}__in": versions.visible_to(user).values("strategy")})
            | Q(**{f"{row}__in": published.values("pk")})
            | ~Q(**{f"{row}__in": versions.values("strategy")})
        )


# A text of a later strategy holds before any of an earlier one, whichever was last amended.
NEWEST_TEXT_FIRST = ("-strategy__dated_on", "-strategy_id", "-in_force_from", "-number")


class StrategyVersionQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Draft: secretariat. Tabled: and delegations. Agreed and later: everyone signed in."""
        if user.is_secretariat:
            return EVERYBODY
        seen = Q(status__in=ONCE_AGREED)
        return seen | Q(status="tabled") if user.is_delegate else seen

    def in_force(self):
        """The versions in force, that of the latest strategy first: with it the portal works."""
        return self.filter(status="in_force").select_related("strategy__repealed_by").newest_text_first()

    def ever_in_force(self):
        """The versions that are or were in force."""
        return self.filter(status__in=ONCE_IN_FORCE)

    def in_force_on(self, day):
        """Those that had been put in force by the end of a day, newest first: the first of them was then in force."""
        return self.ever_in_force().filter(in_force_from__lte=day).newest_text_first()

    def newest_text_first(self):
        """Backwards as they take one another's place: the first of all holds, and the first of each strategy in it."""
        return self.order_by(*NEWEST_TEXT_FIRST)


class ReviewQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Delegations and secretariat; the committee once the outcome stands."""
        if user.is_secretariat or user.is_delegate:
            return EVERYBODY
        return Q(status="concluded") if user.is_committee else NOBODY

    def of(self, strategy):
        """Those of one strategy, newest meeting first."""
        rows = self.filter(strategy=strategy).select_related("strategy", "meeting__body")
        return rows.order_by("-meeting__held_on", "-pk")


class ObjectiveQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Whoever sees a text that has the objective; one that only a draft has is the secretariat's."""
        if user.is_secretariat:
            return EVERYBODY
        versions = apps.get_model("actionplans.StrategyVersion").objects.visible_to(user)
        worded = apps.get_model("actionplans.Wording").objects.filter(version__in=versions)
        return Q(**{f"{row}__in": worded.values("objective")})

    def counted(self):
        """The objectives themselves, without their sub-points."""
        return self.filter(parent=None)


class ActionPlanQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Draft, withdrawn: secretariat, Presidency. Tabled: and delegations. Adopted and later: and the committee."""
        if _prepares(user):
            return EVERYBODY
        if user.is_delegate:
            return Q(status__in=["tabled", *ADOPTED])
        return Q(status__in=ADOPTED) if user.is_committee else NOBODY

    def visible_to(self, user):
        """Those seen whole, and those of which the person sees an action: of these only number, period, that action."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        actions = apps.get_model("actionplans.Action").objects.visible_to(user)
        return self.filter(self.seen_by(user) | Q(pk__in=actions.values("plan")))

    def seen_whole(self, user):
        """Plans of which the person sees every field and action."""
        return self.filter(self.seen_by(user)) if user.is_authenticated and user.is_active else self.none()

    def alive(self):
        """All that are not withdrawn."""
        return self.exclude(status="withdrawn")

    def adopted(self):
        """Adopted, evaluated or closed."""
        return self.filter(status__in=ADOPTED)

    def current(self, on):
        """The adopted plan that runs on a day (at most one: adopted plans never overlap)."""
        return self.adopted().filter(starts_on__lte=on, ends_on__gte=on)

    def overlapping(self, starts_on, ends_on):
        """Those that share a day with a period."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)

    def in_preparation(self):
        """Draft or tabled."""
        return self.filter(status__in=IN_PREPARATION)

    def before(self, starts_on):
        """Those that begin before a day, nearest first."""
        return self.filter(starts_on__lt=starts_on).order_by("-starts_on")

    def with_predecessor(self):
        """Each with the end of the plan it follows, so that `adopt_by` costs a list no further query.

        And with the number of the nearest adopted plan before it, whose unfinished actions it may take up.
        """
        before = self.model.objects.alive().before(OuterRef("starts_on"))
        adopted = before.filter(status__in=ADOPTED)
        return self.annotate(
            predecessor_ends_on=Subquery(before.values("ends_on")[:1]),
            adopted_before=Subquery(adopted.values("number")[:1]),
        )

    def with_overlapped(self):
        """Each with `overlapped`, the numbers of the adopted plans with which it shares a day.

        And with `rivals`, those of the plans in preparation that do: only one of them can be adopted.
        """
        sharing = self.model.objects.filter(
            starts_on__lte=OuterRef("ends_on"), ends_on__gte=OuterRef("starts_on")
        )
        others = sharing.exclude(pk=OuterRef("pk")).order_by("number").values("number")
        return self.annotate(
            overlapped=ArraySubquery(others.filter(status__in=ADOPTED)),
            rivals=ArraySubquery(others.filter(status__in=IN_PREPARATION)),
        )

    def with_action_count(self, user):
        """Each with the number of its actions that a person sees."""
        actions = apps.get_model("actionplans.Action").objects.visible_to(user).in_their_plans()
        actions = actions.filter(plan=OuterRef("pk"))
        counted = actions.order_by().values("plan").annotate(number=Count("pk")).values("number")
        return self.annotate(
            action_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        )

    def awaiting_successor(self):
        """Adopted plans that end before a day without a plan: the duty to adopt the next one is theirs.

        A plan adopted further ahead does not fill that gap; one that has begun has left it behind.
        """
        return self.adopted().filter(~Exists(self._successors()))

    def with_successor(self):
        """Each with `followed_by`: the number of the adopted plan that fulfils the duty to adopt the next one."""
        return self.annotate(
            followed_by=Subquery(self._successors().order_by("starts_on").values("number")[:1])
        )

    def _successors(self):
        """Of an outer plan the adopted ones that follow it without a gap, or have begun since."""
        day_after = ExpressionWrapper(OuterRef("ends_on") + timedelta(days=1), output_field=DateTimeField())
        return self.model.objects.adopted().filter(
            Q(starts_on__lte=day_after) | Q(starts_on__lte=brussels_today()),
            starts_on__gt=OuterRef("ends_on"),
        )


class ActionQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Proposed: secretariat, Presidency, lead, co-leads; delegations once plan, terms or amendment are tabled.

        Planned and later: as its plan. An event of the history holds no state of plan or terms, so a proposed action's
        events stay with those who prepare it. Third parties see what delegations see of actions they take part in.
        """
        if _prepares(user):
            return EVERYBODY
        settled = ~Q(status="proposed")
        shown = settled
        if row == "pk":
            tabled = apps.get_model("actionplans.AmendmentChange").objects.filter(
                kind="add", amendment__status__in=["tabled", "decided"]
            )
            shown |= Q(pk__in=tabled.values("action"))
            terms = apps.get_model("actionplans.TermsOfReference").objects.exclude(status="draft")
            shown |= Q(plan__status="tabled") | Q(pk__in=terms.values("action"))
        seen = _led_or_co_led(user, row)
        if user.is_delegate:
            seen |= shown
        elif user.is_committee:
            seen |= settled
        elif user.is_third_party:
            seen |= shown & _takes_part(user, row)
        return seen

    def in_their_plans(self):
        """Without those that an amendment would add to an adopted plan: they join it by its application.

        Whatever lists or counts the actions of plans asks this; an action's own pages do not.
        """
        return self.exclude(status="proposed", plan__status__in=ADOPTED)

    def without_agreed_terms(self):
        """Actions without agreed terms of reference that state main goals and expected outcome."""
        return self.filter(~_agreed_terms())

    def with_readiness(self):
        """Each with `has_agreed_terms`, as `without_agreed_terms` means it."""
        return self.annotate(has_agreed_terms=_agreed_terms())

    def to_decide(self, verb):
        """The condition under which a step by decision can be asked for: what nothing continues is not carried over."""
        if verb != "carry_over":
            return EVERYBODY
        return Q(pk__in=self.model.objects.going_on().filter(continues__isnull=False).values("continues"))

    def going_on(self):
        """Those whose plan is not withdrawn: what was copied into a withdrawn plan goes on nowhere."""
        return self.exclude(plan__status="withdrawn")

    def with_held_objectives(self):
        """Each with `serves_in_force`, and `gone_rows`: what it serves that was in force once and is no longer.

        `held_objectives.py` reads them.
        """
        worded = apps.get_model("actionplans.Wording").objects.filter(objective=OuterRef("objective"))
        texts = apps.get_model("actionplans.StrategyVersion").objects.in_force()
        served = apps.get_model("actionplans.ActionObjective").objects.filter(action=OuterRef("pk"))
        in_force = Exists(worded.filter(version=Subquery(texts.values("pk")[:1])))
        row = JSONObject(
            pk="objective",
            code="objective__code",
            slug="objective__strategy__slug",
            reference="objective__strategy__reference",
            is_withdrawn=~Exists(worded.filter(version__status="in_force")),
            is_earlier=~Q(objective__strategy=Subquery(texts.values("strategy")[:1])),
        )
        gone = (
            served.filter(~in_force, Exists(worded.filter(version__status__in=ONCE_IN_FORCE)))
            .order_by("objective__strategy__dated_on", "objective__order", "objective__code")
            .values(row=row)
        )
        return self.annotate(serves_in_force=Exists(served.filter(in_force)), gone_rows=ArraySubquery(gone))

    def with_notes(self, user=None):
        """Each with `note_rows`: its progress notes by period, and of each whether a person sees it.

        And with `reads_every_note`: whether the person sees each note from its submission on, and so knows where there
        is none. Without a person all are seen: what is owed does not depend on who looks. `progress.py` reads them.
        """
        notes = apps.get_model("actionplans.ProgressNote").objects.filter(action=OuterRef("pk"))
        is_seen = reads_every = Value(True)
        if user is not None:
            is_seen = Case(When(notes.seen_by(user), then=True), default=False, output_field=BooleanField())
        if user is not None and not user.is_secretariat:
            led = When(lead__in=user.delegation_ids, then=True)
            reads_every = Case(led, default=False, output_field=BooleanField())
        until = agreed_until(notes.model)
        row = JSONObject(is_seen=is_seen, until=until, **{name: name for name in NOTE_SHOWN})
        rows = ArraySubquery(notes.order_by("period_ends_on").values(row=row))
        return self.annotate(note_rows=rows, reads_every_note=reads_every)

    def with_milestones(self):
        """Each with `milestone_rows`: title and day of each milestone of its agreed terms that is not reached."""
        waiting = (
            apps.get_model("actionplans.Milestone").objects.waiting().filter(terms__action=OuterRef("pk"))
        )
        row = JSONObject(title="title", due_on=Coalesce("agreed_until", "due_on"))
        return self.annotate(milestone_rows=ArraySubquery(waiting.values(row=row)))

    def unfinished(self):
        """Planned or in progress."""
        return self.filter(status__in=UNFINISHED)


class TermsQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Draft: secretariat, Presidency, lead, co-leads. Later: delegations; with the plan adopted the committee."""
        if _prepares(user):
            return EVERYBODY
        seen = _led_or_co_led(user, "action", lead="action__lead")
        if user.is_delegate:
            seen |= ~Q(status="draft")
        elif user.is_committee:
            seen |= Q(status__in=["agreed", "superseded"]) & ~Q(action__status="proposed")
        elif user.is_third_party:
            seen |= ~Q(status="draft") & _takes_part(user, "action")
        return seen

    def by_what_counts(self):
        """The version that counts first, then the newest: of an action that is adopted the agreed one counts."""
        counts = Q(status="agreed") & ~Q(action__status="proposed")
        return self.order_by(Case(When(counts, then=0), default=1, output_field=IntegerField()), "-version")

    def latest(self):
        """The newest version of each action."""
        newer = self.model.objects.filter(action=OuterRef("action"), version__gt=OuterRef("version"))
        return self.filter(~Exists(newer))


class ProgressNoteQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Draft: the lead's. Submitted, returned: and the secretariat. Confirmed: and delegations, committee.

        Third parties read the confirmed notes on the actions in which they take part.
        """
        seen = Q(action__lead__in=user.delegation_ids)
        if user.is_secretariat:
            seen |= ~Q(status="draft")
        elif user.is_delegate or user.is_committee:
            seen |= Q(status="confirmed")
        elif user.is_third_party:
            seen |= Q(status="confirmed") & _takes_part(user, "action")
        return seen

    def to_confirm(self):
        """Those that wait for the secretariat."""
        return self.filter(status="submitted")


class PlanImportQuerySet(models.QuerySet):
    KEPT = timedelta(days=1)

    def visible_to(self, user):
        """A person's own files of the last day; nobody else sees them, whatever the role."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(owner=user, staged_at__gt=now() - self.KEPT)

    def outdated(self):
        """Those that nobody has brought in within a day."""
        return self.filter(staged_at__lte=now() - self.KEPT)
