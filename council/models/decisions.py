"""What a body decided on one thing. The thing keeps the link, the decision names the thing."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from council.querysets import DecisionQuerySet
from strategy_portal.fields import clean_block
from strategy_portal.workflow import keeps_history


def taken_on(prefix=""):
    """The day on which a decision was taken, as an expression; `prefix` leads to the decision, as in "noting__"."""
    end = TruncDate(f"{prefix}silence__closes_at")  # days are Brussels days: settings.TIME_ZONE
    return Coalesce(f"{prefix}meeting__held_on", end)


@keeps_history()
class Decision(models.Model):
    """A decision of a body on one thing, at a meeting or by a silence procedure; recording it takes the step."""

    class Kind(models.TextChoices):
        ADOPT = "adopt", _("adopted")
        APPROVE = "approve", _("approved")
        AGREE = "agree", _("agreed")
        NOTE = "note", _("noted")
        ENDORSE = "endorse", _("endorsed")
        REJECT = "reject", _("rejected")
        DECIDE = "decide", _("decided")

    kind = models.CharField(_("outcome"), max_length=10, choices=Kind.choices)
    verb = models.CharField(_("step"), max_length=40)
    meeting = models.ForeignKey(
        "council.Meeting",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("meeting"),
    )
    silence = models.OneToOneField(
        "council.SilenceProcedure", null=True, blank=True, on_delete=models.PROTECT, related_name="decision",
        verbose_name=_("silence procedure"),
    )  # fmt: skip
    document = models.ForeignKey(
        "council.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="decisions",
        verbose_name=_("document"),
    )  # fmt: skip
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    about = models.CharField(_("about"), max_length=300, blank=True, editable=False)
    text = models.TextField(_("what was decided"), blank=True, validators=[clean_block])
    recorded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = [taken_on().desc(), "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        constraints = [
            models.CheckConstraint(
                name="decision_at_a_meeting_or_by_silence",
                condition=Q(meeting__isnull=False, silence=None) | Q(meeting=None, silence__isnull=False),
            )
        ]

    def __str__(self):
        return _("%(outcome)s by %(meeting)s") % {
            "outcome": self.get_kind_display(),
            "meeting": self.occasion,
        }

    def get_absolute_url(self):
        return reverse("council:decision_detail", args=[self.pk])

    @property
    def subject_name(self):
        """What was decided on, by the name it had on that day; lists need not fetch it."""
        return self.about or str(self.subject)

    @property
    def body(self):
        """Who decided."""
        return self.meeting.body if self.meeting else self.silence.body

    @property
    def taken_on(self):
        """The day of the meeting, or the Brussels day on which the silence procedure ended."""
        return self.meeting.held_on if self.meeting else self.silence.closed_on

    @property
    def occasion(self):
        """Where it was decided: the meeting, or that it was by silence procedure, with the day."""
        if self.meeting:
            return str(self.meeting)
        return _("%(body)s by silence procedure, %(day)s") % {
            "body": self.body, "day": date_format(self.taken_on),
        }  # fmt: skip
