"""What terms of reference promise in lines: milestones with their days, indicators with what is measured."""

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from actionplans.unchanging import of_agreed_terms
from strategy_portal.fields import clean_block, clean_line
from strategy_portal.workflow import keeps_history


@keeps_history()
class Milestone(models.Model):
    """What is to be reached by a day of the plan, in one version of an action's terms of reference."""

    terms = models.ForeignKey(
        "actionplans.TermsOfReference", on_delete=models.CASCADE, related_name="milestones"
    )
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("what is reached"), max_length=200, validators=[clean_line])
    due_on = models.DateField(_("due on"))
    text = models.TextField(_("remarks"), blank=True, validators=[clean_block])

    HISTORY_PARENT = "terms"

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["terms", "order"]
        triggers = [of_agreed_terms()]
        constraints = [
            models.UniqueConstraint(
                fields=["terms", "order"],
                name="milestone_order_once",
                deferrable=models.Deferrable.DEFERRED,  # two lines change places in one transaction
            )
        ]

    def __str__(self):
        return self.title

    @property
    def described(self) -> str:
        """The milestone with its day, for a sentence."""
        return f"{self.title} ({date_format(self.due_on)})"


@keeps_history()
class Indicator(models.Model):
    """What shows that an action has reached its goals. A value that is not stated is none, not zero."""

    terms = models.ForeignKey(
        "actionplans.TermsOfReference", on_delete=models.CASCADE, related_name="indicators"
    )
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("what is measured"), max_length=200, validators=[clean_line])
    unit = models.CharField(_("unit"), max_length=60, validators=[clean_line])
    baseline = models.DecimalField(_("baseline"), max_digits=15, decimal_places=3, null=True, blank=True)
    baseline_words = models.CharField(
        _("baseline in words"), max_length=80, blank=True, validators=[clean_line]
    )
    target = models.DecimalField(_("target"), max_digits=15, decimal_places=3, null=True, blank=True)
    target_words = models.CharField(_("target in words"), max_length=80, blank=True, validators=[clean_line])
    measured = models.TextField(_("how it is measured"), blank=True, validators=[clean_block])

    HISTORY_PARENT = "terms"

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["terms", "order"]
        triggers = [of_agreed_terms()]
        constraints = [
            models.UniqueConstraint(
                fields=["terms", "order"], name="indicator_order_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="indicator_has_a_unit",
                condition=~Q(unit=""),
                violation_error_message=_("An indicator says in what unit it is measured."),
            ),
        ]

    def __str__(self):
        return self.title
