"""Half-years and who holds them; the rotation has been changed after the fact, so it is data."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from council.querysets import PresidencyQuerySet
from strategy_portal.workflow import keeps_history


@keeps_history()
class Presidency(models.Model):
    """The delegation that presides over the working party for half a year."""

    delegation = models.ForeignKey(
        "accounts.Delegation", on_delete=models.PROTECT, related_name="presidencies"
    )
    starts_on = models.DateField(_("from"), unique=True)
    ends_on = models.DateField(_("until"))
    trio = models.CharField(_("trio"), max_length=20)

    objects = PresidencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("presidency")
        verbose_name_plural = _("presidencies")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="presidency_ends_after_it_begins",
                condition=Q(ends_on__gt=F("starts_on")),
            )
        ]

    def __str__(self):
        return f"{self.delegation} {self.starts_on:%Y}-{1 if self.starts_on.month < 7 else 2}"
