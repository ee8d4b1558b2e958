"""What terms of reference promise in lines: milestones with their days, indicators with what is measured."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from actionplans.models.extensions import Extendable
from actionplans.querysets import UNFINISHED
from actionplans.querysets_extensions import MilestoneQuerySet
from actionplans.unchanging import of_agreed_terms
from strategy_portal.fields import clean_block, clean_line
from strategy_portal.workflow import keeps_history


@keeps_history()
class Milestone(Extendable):
    """What is to be reached by a day of the plan, in one version of an action's terms of reference."""

    terms = models.ForeignKey(
        "actionplans.TermsOfReference", on_delete=models.CASCADE, related_name="milestones"
    )
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("what is reached"), max_length=200, validators=[clean_line])
    due_on = models.DateField(_("due on"))
    text = models.TextField(_("remarks"), blank=True, validators=[clean_block])

    HISTORY_PARENT = "terms"

    objects = MilestoneQuerySet.as_manager()

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

    # -- as something that may be put off --

    @property
    def original_due_on(self):
        """The day that the agreed terms of reference say."""
        return self.due_on

    @property
    def owed_by(self):
        """The lead of the action."""
        return self.terms.action.lead

    @property
    def due_name(self):
        """The milestone with its action, for a sentence."""
        return _("milestone “%(title)s” of action %(number)s") % {
            "title": self.title, "number": self.terms.action.reference,
        }  # fmt: skip

    @property
    def limit(self):
        """A milestone lies within its action; the action's own end moves only by amendment."""
        action = self.terms.action
        last = action.ends_on or action.plan.ends_on
        return last, _("The action ends on %(day)s; its end moves only by amendment.") % {
            "day": date_format(last)
        }

    def newest_agreed_day(self):
        """The same as `with_days()` says."""
        return type(self).objects.with_days().values_list("agreed_until", flat=True).get(pk=self.pk)

    def get_dates_url(self):
        """The page where the days of its action stand."""
        action = self.terms.action
        return reverse("actionplans:action_dates", args=[action.plan.number, action.number])

    def why_no_day_counts(self):
        """Only what agreed terms of reference say counts; a new version may say the same day again, or drop it."""
        same = {"terms__action": self.terms.action_id, "title": self.title, "due_on": self.due_on}
        if Milestone.objects.in_force().filter(**same).exists():
            return ""
        return _("The agreed terms of reference do not have this milestone.")

    def why_nothing_is_due(self):
        """Why nothing is to be reached any more, or not yet, or ""."""
        if why := self.why_no_day_counts():
            return why
        if self.terms.action.status not in UNFINISHED:
            return _("%(action)s is %(state)s.") % {
                "action": self.terms.action, "state": self.terms.action.state_words,
            }  # fmt: skip
        if Milestone.objects.with_days().filter(pk=self.pk, reached_on__isnull=False).exists():
            return _("The milestone is reached.")
        return ""


@keeps_history()
class MilestoneReached(models.Model):
    """The day on which a milestone was reached, as the lead says."""

    milestone = models.OneToOneField(Milestone, on_delete=models.PROTECT, related_name="reached")
    reached_on = models.DateField(_("reached on"))

    HISTORY_PARENT = "milestone"

    class Meta:
        verbose_name = _("milestone reached")
        verbose_name_plural = _("milestones reached")

    def __str__(self):
        return str(self.milestone)


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
