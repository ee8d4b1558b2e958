"""The agenda of a meeting: what is talked about, what is to be decided, and what came of it."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Deferrable, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.querysets_agenda import AgendaPointQuerySet
from strategy_portal.dates import brussels_today
from strategy_portal.fields import clean_block, clean_line
from strategy_portal.workflow import NotAllowed, keeps_history


@keeps_history()
class AgendaPoint(models.Model):
    """A point of the agenda of a meeting; where something is to be decided, the thing and its step.

    The name of the thing is not kept here: it is asked of the thing, and shown to whoever sees that.
    """

    class Outcome(models.TextChoices):
        DECIDED = "decided", _("Decided")
        NO_DECISION = "no_decision", _("No decision")
        POSTPONED = "postponed", _("Postponed")

    HISTORY_PARENT = "meeting"

    meeting = models.ForeignKey(
        "council.Meeting", on_delete=models.PROTECT, related_name="points", verbose_name=_("meeting")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=300, validators=[clean_line])
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("what is to be decided")
    )
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    subject = GenericForeignKey()
    verb = models.CharField(_("step"), max_length=40, blank=True)
    document = models.ForeignKey(
        "council.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="points",
        verbose_name=_("document"),
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True, validators=[clean_block])
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    outcome_text = models.TextField(_("outcome in words"), blank=True, validators=[clean_block])
    decision = models.OneToOneField(
        "council.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="point",
        verbose_name=_("decision"),
    )  # fmt: skip

    objects = AgendaPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda point")
        verbose_name_plural = _("agenda points")
        ordering = ["meeting", "order"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="agenda_about")]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "order"],
                name="one_agenda_point_a_place",
                deferrable=Deferrable.DEFERRED,  # two points change places in one transaction
            ),
            models.UniqueConstraint(
                fields=["meeting", "content_type", "object_id", "verb"],
                name="a_step_once_on_an_agenda",
                violation_error_message=_("This stands on the agenda already."),
            ),
            models.CheckConstraint(
                name="agenda_point_names_thing_and_step_or_neither",
                condition=Q(content_type=None, object_id=None, verb="")
                | Q(content_type__isnull=False, object_id__isnull=False) & ~Q(verb=""),
            ),
            models.CheckConstraint(
                name="agenda_point_decided_iff_by_a_decision",
                condition=Q(outcome="decided", decision__isnull=False, content_type__isnull=False)
                | ~Q(outcome="decided") & Q(decision=None),
            ),
            models.CheckConstraint(
                name="agenda_point_postponed_for_a_reason",
                condition=~Q(outcome="postponed") | ~Q(outcome_text=""),
                violation_error_message=_("Say why it is postponed, and until when if that is known."),
            ),
        ]

    def __str__(self):
        return gettext("%(number)d. %(title)s") % {"number": self.order, "title": self.title}

    def get_absolute_url(self):
        return self.meeting.get_absolute_url() + f"#point-{self.pk}"

    @property
    def subject_model(self):
        """The model of the thing to decide, or None."""
        if self.content_type_id is None:
            return None
        return ContentType.objects.get_for_id(self.content_type_id).model_class()

    @property
    def step(self):
        """The step that is to be decided, or None."""
        model = self.subject_model
        return model.STEPS.get(self.verb) if model else None

    @property
    def step_label(self):
        """What is to be decided, in the words of the step."""
        step = self.step
        return step.label if step and step.label else self.verb

    def why_locked(self):
        """Why the point is not changed or removed any more, or ""."""
        if not self.outcome:
            return ""
        return gettext("Its outcome is recorded (%(outcome)s): the point stands.") % {
            "outcome": self.get_outcome_display()
        }

    def why_no_outcome(self):
        """Why no outcome can be recorded now, or ""."""
        if self.decision_id:
            return gettext("The decision on it is recorded.")
        if self.meeting.held_on > brussels_today():
            return gettext("The meeting is yet to come. Record the outcome on its day or later.")
        return ""

    def close(self, outcome, text=""):
        """Say that nothing was decided or that it was postponed; an empty outcome takes that back.

        Raises NotAllowed where a decision is recorded or the meeting is yet to come.
        """
        row = type(self).objects.select_for_update(of=("self",)).select_related("meeting").get(pk=self.pk)
        if why := row.why_no_outcome():
            raise NotAllowed(why)
        row.outcome, row.outcome_text = outcome, text
        row.save(update_fields=["outcome", "outcome_text"])

    def shift(self, step):
        """Change places with the point before (-1) or after (1) it; the first and the last stay where they are."""
        with transaction.atomic():
            rows = list(self.meeting.lock().points.order_by("order"))
            here = next((n for n, row in enumerate(rows) if row.pk == self.pk), None)
            if here is None or not 0 <= here + step < len(rows):
                return
            one, other = rows[here], rows[here + step]
            one.order, other.order = other.order, one.order
            for row in (one, other):
                row.save(update_fields=["order"])
