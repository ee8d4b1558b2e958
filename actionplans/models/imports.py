"""What somebody is about to bring in from a spreadsheet: kept between preview and commit, apart from history."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actionplans.querysets import PlanImportQuerySet
from strategy_portal.dates import now


class PlanImport(models.Model):
    """The rows of a file as they were read once, for one person and one plan; gone after the commit or a day.

    A later file of the same person for the same plan takes its place.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    plan = models.ForeignKey("actionplans.ActionPlan", on_delete=models.CASCADE, related_name="imports")
    name = models.CharField(_("name of the file"), max_length=200)
    rows = models.JSONField(_("rows as read, headings first"))
    note = models.CharField(_("what to look at"), max_length=500, blank=True)
    staged_at = models.DateTimeField(_("sent at"), default=now)

    objects = PlanImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("spreadsheet to bring in")
        verbose_name_plural = _("spreadsheets to bring in")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "plan"],
                name="a_person_brings_one_file_into_a_plan",
                violation_error_message=_("Another file was sent at the same moment. Send this one again."),
            ),
        ]
        indexes = [models.Index(fields=["staged_at"], name="planimport_staged_at")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("actionplans:planimport_detail", args=[self.plan.number, self.pk])
