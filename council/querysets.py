"""Who sees which part of the institutional record (delegations and secretariat all of it, the committee its own)."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from accounts.querysets import EVERYBODY, NOBODY, ReferenceQuerySet, VisibleQuerySet
from strategy_portal.dates import brussels_today, now
from strategy_portal.workflow import NotAllowed, Workflow, acting

PRESIDENCIES_SHOWN = 4  # that of today, and at least one beyond its trio


class PresidencyQuerySet(ReferenceQuerySet):
    def on(self, day):
        """The presidency of a day, or None outside the list."""
        return self.filter(starts_on__lte=day, ends_on__gte=day).select_related("delegation").first()

    def from_day(self, day):
        """The presidency of a day and those that follow it, in order."""
        return self.filter(ends_on__gte=day).select_related("delegation").order_by("starts_on")


def holds_presidency(user):
    """Whether a person's delegation presides today; asked of the database once per request."""
    if not hasattr(user, "_holds_presidency"):
        today = brussels_today()
        presidencies = apps.get_model("council.Presidency").objects.filter(
            starts_on__lte=today, ends_on__gte=today
        )
        user._holds_presidency = (
            bool(user.delegation_ids) and presidencies.filter(delegation__in=user.delegation_ids).exists()
        )
    return user._holds_presidency


def presidencies_ahead(user):
    """The presidency of today, if it is on record, and the next ones; asked of the database once per request."""
    if not hasattr(user, "_presidencies_ahead"):
        rows = apps.get_model("council.Presidency").objects.from_day(brussels_today())
        user._presidencies_ahead = list(rows[:PRESIDENCIES_SHOWN])
        user._holds_presidency = any(
            one.delegation_id in user.delegation_ids
            for one in user._presidencies_ahead
            if one.starts_on <= brussels_today()
        )
    return user._presidencies_ahead


def hands_over(user):
    """Whether a person's delegation presides today or is the next to."""
    if not user.delegation_ids:
        return False
    two = presidencies_ahead(user)
    two = two[: 2 if two and two[0].starts_on <= brussels_today() else 1]
    return any(one.delegation_id in user.delegation_ids for one in two)


class MeetingQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        if user.is_secretariat or user.is_delegate:
            return EVERYBODY
        return Q(body__in=user.body_ids)

    def with_presidency(self):
        """Each with `presidency`: the name of the delegation that presides on its day, or None."""
        presiding = apps.get_model("council.Presidency").objects.filter(
            starts_on__lte=OuterRef("held_on"), ends_on__gte=OuterRef("held_on")
        )
        return self.annotate(presidency=Subquery(presiding.values("delegation__name")[:1]))


class DocumentQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """PUBLIC: everyone signed in. LIMITE: delegations, secretariat, committee; not third parties."""
        if user.is_secretariat or user.is_delegate or user.is_committee:
            return EVERYBODY
        return Q(marking="PUBLIC")

    def numbered(self, reference):
        """The document with this very number; subject codes do not count."""
        return self.filter(
            number=reference.number,
            year=reference.year,
            revision=reference.revision,
            addendum=reference.addendum,
            corrigendum=reference.corrigendum,
        )

    def with_same_number(self, document):
        """Its revisions, addenda and corrigenda, and the text that they belong to: all but itself, in order."""
        return self.filter(number=document.number, year=document.year).exclude(pk=document.pk)

    def named_on(self, type_, pk):
        """Those that stand on the record with a thing: on agendas, in silence procedures, in decisions on it."""
        about = {"content_type": type_, "object_id": pk}
        return self.filter(
            Q(pk__in=apps.get_model("council.AgendaPoint").objects.filter(**about).values("document"))
            | Q(pk__in=apps.get_model("council.SilenceProcedure").objects.filter(**about).values("document"))
            | Q(pk__in=apps.get_model("council.Decision").objects.filter(**about).values("document"))
        )

    def get_or_record(self, reference, *, title):
        """The document with this number, recorded under the title when it is new (as LIMITE)."""
        return self.get_or_create(
            number=reference.number,
            year=reference.year,
            revision=reference.revision,
            addendum=reference.addendum,
            corrigendum=reference.corrigendum,
            defaults={"title": title, "subject_codes": list(reference.subject_codes)},
        )[0]


class PreviousDocumentQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Whoever sees the previous document; that the later one is seen, its page and its history ask before."""
        documents = apps.get_model("council.Document").objects.visible_to(user)
        return Q(previous__in=documents.values("pk"))


def decided_models():
    """The models on which bodies decide: those with a step that is taken by a decision."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Workflow) and any(step.by_decision for step in model.STEPS.values())
    ]


OCCASION = ("meeting__body", "silence__body")  # what a decision's words need besides itself


class DecisionQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Delegations and secretariat all; the committee those of its meetings and on what it may see."""
        if user.is_secretariat or user.is_delegate:
            return EVERYBODY
        if not user.is_committee:
            return NOBODY
        seen = Q(meeting__body__in=user.body_ids) | Q(silence__body__in=user.body_ids)
        for model in decided_models():
            type_ = ContentType.objects.get_for_model(model)
            seen |= Q(
                content_type=type_,
                object_id__in=model._default_manager.visible_to(user).values("pk"),
            )
        return seen

    def record(self, subject, verb, *, by, meeting=None, silence=None, document=None, text=""):
        """Record what a body decided on a thing and take the step that it decides, both or neither.

        It decided at a meeting, or by a silence procedure that has ended. Raises NotAllowed with the reasons when the
        body may not decide so, the meeting is yet to come, or the step cannot be taken.
        """
        step = subject.STEPS[verb]
        kind = step.by_decision
        body = (meeting or silence).body
        if step.power_needed not in body.powers:
            raise NotAllowed(_("%(body)s cannot take this decision.") % {"body": body})
        if meeting and meeting.held_on > brussels_today():
            raise NotAllowed(_("The meeting is yet to come. Record a decision on its day or later."))
        if step.reason_required and not text.strip():
            raise NotAllowed(_("Give a reason."))
        with transaction.atomic(), acting(by, verb, text):
            decision = self.create(
                kind=kind,
                verb=verb,
                meeting=meeting,
                silence=silence,
                document=document,
                content_type=ContentType.objects.get_for_model(subject),
                object_id=subject.pk,
                about=str(subject)[:300],
                text=text,
                recorded_by=by if by is not None and by.pk else None,
                recorded_at=now(),
            )
            subject.decide(decision, by=by)
            if meeting:
                apps.get_model("council.AgendaPoint").objects.settle(decision)
        return decision

    def about(self, thing):
        """Decisions on one thing, newest first."""
        return self.filter(
            content_type=ContentType.objects.get_for_model(thing), object_id=thing.pk
        ).select_related(*OCCASION, "document")
