"""When reminders are due (data), the ledger of those that fell due, and the sign that somebody looked."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.querysets import ReferenceQuerySet
from deadlines.querysets import ReminderQuerySet
from strategy_portal.workflow import keeps_history


@keeps_history()
class LeadTimes(models.Model):
    """How many days before a deadline of one rule its post is reminded, and how often once it is late."""

    rule = models.SlugField(_("deadline"), max_length=40, unique=True, editable=False)
    days_before = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("days before"),
        help_text=_("Whole numbers from 0 (the day itself) to 400, separated by commas."),
    )  # fmt: skip
    overdue_every = models.PositiveSmallIntegerField(
        _("then every … days"),
        null=True,
        blank=True,
        help_text=_("Once it is late; empty for no further reminder."),
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("days of reminders")
        verbose_name_plural = _("days of reminders")
        ordering = ["rule"]
        constraints = [
            models.CheckConstraint(
                name="overdue_reminders_days_apart",
                condition=Q(overdue_every=None) | Q(overdue_every__gte=1, overdue_every__lte=400),
                violation_error_message=_("Late reminders come every 1 to 400 days."),
            )
        ]

    def __str__(self):
        return self.rule

    def get_absolute_url(self):
        return reverse("deadlines:leadtimes_list")


class Reminder(models.Model):
    """One lead time that was reached: told by a notice, or skipped with the reason. Its key is unique."""

    class Status(models.TextChoices):
        TOLD = "told", _("Told")
        SKIPPED = "skipped", _("Skipped")

    rule = models.SlugField(_("deadline"), max_length=40)
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    due_on = models.DateField(_("due on"))
    lead_code = models.CharField(
        _("lead time"), max_length=8
    )  # "30" days before, "0" the day, "+7" days late
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="reminders")
    status = models.CharField(_("state"), max_length=10, choices=Status.choices)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    text = models.CharField(_("what is due"), max_length=300)
    link = models.CharField(max_length=300, blank=True)
    notification = models.ForeignKey(
        "notifications.Notification",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reminders",
    )
    recorded_at = models.DateTimeField(_("recorded"))

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(name="reminders_newest_first", fields=["-recorded_at", "-id"])]
        constraints = [
            models.UniqueConstraint(
                name="reminded_once",
                fields=["rule", "content_type", "object_id", "due_on", "lead_code", "post"],
            ),
            models.CheckConstraint(
                name="reminder_told_by_a_notice_or_skipped_for_a_reason",
                condition=Q(status="told", notification__isnull=False) | Q(status="skipped") & ~Q(reason=""),
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def lead_words(self):
        """The lead time in words: "30 days before", "on the day", "7 days late"."""
        days = int(self.lead_code)
        if self.lead_code.startswith("+"):
            return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}
        if days == 0:
            return _("on the day")
        return ngettext("%(days)d day before", "%(days)d days before", days) % {"days": days}


class Heartbeat(models.Model):
    """When something regular last ran, in real time: a moved demonstration clock is no excuse."""

    name = models.SlugField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
