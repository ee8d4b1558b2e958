"""Reviews: the heads of customs and the Commission discuss whether a strategy needs to be amended (15198/09, II.2)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplans.querysets import ReviewQuerySet
from strategy_portal.fields import clean_block
from strategy_portal.workflow import Reason, Step, Workflow, keeps_history

REVIEWING_BODY = "heads-of-customs"  # the code of the body whose meetings review a strategy; its name is data


def outcome_stands(review):
    """A review is concluded with an outcome and in words."""
    found = []
    if review.outcome == review.Outcome.OPEN:
        found.append(Reason(gettext("Its outcome is open: keep or amend."), review.get_edit_url()))
    if not review.conclusion:
        found.append(Reason(gettext("It has no conclusion in words yet."), review.get_edit_url()))
    return found


@keeps_history()
class StrategyReview(Workflow):
    """What a meeting of the heads of customs with the Commission asked of a strategy, and what came of it."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CONCLUDED = "concluded", _("Concluded")

    class Outcome(models.TextChoices):
        OPEN = "open", _("open")
        KEEP = "keep", _("keep the strategy as it is")
        AMEND = "amend", _("amend the strategy")

    STEPS = {
        "conclude": Step(
            frozenset({Status.OPEN}), Status.CONCLUDED, _("Conclude the review"), (outcome_stands,)
        ),
        "reopen": Step(frozenset({Status.CONCLUDED}), Status.OPEN, _("Reopen"), reason_required=True),
    }

    strategy = models.ForeignKey("actionplans.Strategy", on_delete=models.PROTECT, related_name="reviews")
    meeting = models.ForeignKey(
        "council.Meeting", on_delete=models.PROTECT, related_name="reviews", verbose_name=_("meeting")
    )
    question = models.TextField(_("question"), validators=[clean_block])
    reports = models.ManyToManyField(
        "council.Document", through="actionplans.ReviewReport", related_name="reviews", blank=True,
        verbose_name=_("reports considered"),
    )  # fmt: skip
    outcome = models.CharField(_("outcome"), max_length=5, choices=Outcome.choices, default=Outcome.OPEN)
    conclusion = models.TextField(_("conclusion"), blank=True, validators=[clean_block])
    version = models.ForeignKey(
        "actionplans.StrategyVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="reviews",
        verbose_name=_("version that amends it"),
    )  # fmt: skip
    status = models.CharField(_("state"), max_length=9, choices=Status.choices, default=Status.OPEN)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["strategy", "-meeting__held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["strategy", "meeting"],
                name="one_review_of_a_strategy_a_meeting",
                violation_error_message=_("This meeting has a review of the strategy already."),
            ),
            models.CheckConstraint(
                name="review_concluded_with_an_outcome",
                condition=Q(status="open") | ~Q(outcome="open") & ~Q(conclusion=""),
            ),
            models.CheckConstraint(
                name="only_an_amending_review_names_a_version",
                condition=Q(version=None) | Q(outcome="amend"),
                violation_error_message=_("Only a review that amends the strategy names a version."),
            ),
        ]

    def __str__(self):
        return _("Review of %(strategy)s at the meeting of %(meeting)s") % {
            "strategy": self.strategy.reference, "meeting": self.meeting,
        }  # fmt: skip

    def get_absolute_url(self):
        return reverse("actionplans:strategyreview_detail", args=[self.strategy.slug, self.pk])

    def get_edit_url(self):
        """The address of its form."""
        return reverse("actionplans:strategyreview_edit", args=[self.strategy.slug, self.pk])

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse("actionplans:strategyreview_step", args=[self.strategy.slug, self.pk, verb])

    def why_locked(self):
        """Why it cannot be changed now, or ""."""
        if self.status == self.Status.OPEN:
            return ""
        return _("The review is concluded. Reopen it to change it.")


@keeps_history()
class ReviewReport(models.Model):
    """A report that a review considered."""

    review = models.ForeignKey(StrategyReview, on_delete=models.CASCADE, related_name="considered")
    document = models.ForeignKey(
        "council.Document", on_delete=models.PROTECT, related_name="considered_by", verbose_name=_("document")
    )

    HISTORY_PARENT = "review"

    class Meta:
        ordering = ["review", "document"]
        constraints = [
            models.UniqueConstraint(fields=["review", "document"], name="report_once_a_review"),
        ]

    def __str__(self):
        return f"{self.document} → {self.review}"
