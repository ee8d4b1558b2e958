"""Meetings of a body: where and when things are decided."""

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.querysets import MeetingQuerySet
from strategy_portal.fields import clean_line, day_since_1950
from strategy_portal.workflow import keeps_history


@keeps_history()
class Meeting(models.Model):
    """One sitting of one body on one day."""

    body = models.ForeignKey(
        "accounts.Body",
        on_delete=models.PROTECT,
        related_name="meetings",
        verbose_name=_("body"),
    )
    held_on = models.DateField(_("day"), validators=[day_since_1950])
    place = models.CharField(_("place"), max_length=100, default="Brussels", validators=[clean_line])

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "body"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "held_on"],
                name="one_meeting_of_a_body_a_day",
                violation_error_message=_("This body already has a meeting on that day."),
            )
        ]

    def __str__(self):
        return _("%(body)s, %(day)s") % {
            "body": self.body,
            "day": date_format(self.held_on),
        }

    def get_absolute_url(self):
        return reverse("council:meeting_detail", args=[self.pk])

    def lock(self):
        """The same meeting, locked until the transaction ends: what is done to its agenda happens in turn."""
        return type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)

    def why_kept(self):
        """Why the meeting cannot be deleted, or ""."""
        if self.decisions.exists():
            return gettext("Decisions were taken at this meeting; it stays on record.")
        if self.points.exists():
            return gettext("There are points on its agenda. Remove them first.")
        return ""
