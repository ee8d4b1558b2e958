"""What a body decided on one thing. The thing keeps the link, the decision names the thing."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from council.querysets import DecisionQuerySet
from strategy_portal.fields import clean_block
from strategy_portal.workflow import keeps_history


@keeps_history()
class Decision(models.Model):
    """A decision of a body at a meeting on one thing; recording it takes the step it decides."""

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
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("meeting"),
    )
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
        ordering = ["-meeting__held_on", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"])]

    def __str__(self):
        return _("%(outcome)s by %(meeting)s") % {
            "outcome": self.get_kind_display(),
            "meeting": self.meeting,
        }

    def get_absolute_url(self):
        return reverse("council:decision_detail", args=[self.pk])

    @property
    def subject_name(self):
        """What was decided on, by the name it had on that day; lists need not fetch it."""
        return self.about or str(self.subject)

    @property
    def taken_on(self):
        """The day of the meeting."""
        return self.meeting.held_on
