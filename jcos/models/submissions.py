"""What one delegation hands in for one operation, a row for each version; a submitted version never changes."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jcos.querysets import SubmissionQuerySet
from strategy_portal.dates import brussels_day, now
from strategy_portal.fields import clean_block, clean_line
from strategy_portal.workflow import Reason, Step, Workflow, acting, keeps_history


def takes_results(submission):
    """Results can be entered from *operational* on."""
    operation = submission.operation
    if operation.status in operation.TAKES_RESULTS:
        return ""
    return _("%(operation)s does not take results now: it is %(state)s.") % {
        "operation": operation, "state": operation.get_status_display().lower(),
    }  # fmt: skip


def lines_or_nil(submission):
    """Findings, or an explicit nil return: never neither, never both."""
    found = submission.lines.filter(measure__group="findings").exists()
    if submission.is_nil and found:
        return [
            Reason(
                _("This is a nil return but has result lines."),
                submission.get_absolute_url() + "findings/",
            )
        ]
    if not submission.is_nil and not found:
        return [
            Reason(
                _("Enter at least one result line, or make a nil return."),
                submission.get_absolute_url() + "findings/",
            )
        ]
    return []


@keeps_history()
class Submission(Workflow):
    """One version of a delegation's results for an operation: a nil return is one too, a missing one is no row."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RECALLED = "recalled", _("Recalled")
        RETURNED = "returned", _("Returned")
        VALIDATED = "validated", _("Validated")

    class Finality(models.TextChoices):
        PRELIMINARY = "preliminary", _("preliminary")
        FINAL = "final", _("final")

    STEPS = {
        "submit": Step(
            frozenset({Status.DRAFT}), Status.SUBMITTED, _("Submit the results"), (takes_results, lines_or_nil)
        ),
        "recall": Step(frozenset({Status.SUBMITTED}), Status.RECALLED, _("Recall")),
        "return_to_delegation": Step(
            frozenset({Status.SUBMITTED}), Status.RETURNED, _("Return with a reason"), reason_required=True
        ),
        "validate": Step(frozenset({Status.SUBMITTED}), Status.VALIDATED, _("Validate")),
    }  # fmt: skip

    operation = models.ForeignKey(
        "jcos.Operation", on_delete=models.PROTECT, related_name="submissions"
    )
    delegation = models.ForeignKey(
        "accounts.Delegation", on_delete=models.PROTECT, related_name="submissions"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(
        _("state"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    finality = models.CharField(
        _("finality"),
        max_length=12,
        choices=Finality.choices,
        default=Finality.PRELIMINARY,
    )
    is_nil = models.BooleanField(_("nil return: nothing was found"), default=False)
    contact = models.CharField(
        _("contact for questions"), max_length=150, blank=True, validators=[clean_line]
    )
    remarks = models.TextField(_("remarks"), blank=True, validators=[clean_block])
    reference = models.CharField(
        _("reference"),
        max_length=20,
        unique=True,
        null=True,
        blank=True,
        editable=False,
    )  # noqa: DJ001 unique when given
    submitted_at = models.DateTimeField(
        _("submitted"), null=True, blank=True, editable=False
    )
    submitted_by = models.ForeignKey(
        "accounts.User",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    return_reason = models.TextField(
        _("why it was returned"), blank=True, editable=False
    )
    noting = models.ForeignKey(
        "council.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="noted_submissions",
        editable=False,
    )  # fmt: skip

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["operation", "delegation__protocol_order", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "delegation", "version"],
                name="submission_version_once",
            ),
            models.UniqueConstraint(
                fields=["operation", "delegation"],
                condition=Q(status__in=["draft", "submitted"]),
                name="one_open_submission",
            ),
            models.CheckConstraint(
                name="submission_has_a_reference_once_submitted",
                condition=Q(status="draft", reference=None, submitted_at=None)
                | ~Q(status="draft")
                & Q(reference__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="submission_returned_with_a_reason",
                condition=~Q(status="returned") | ~Q(return_reason=""),
            ),
            models.CheckConstraint(
                name="only_a_validated_submission_is_noted",
                condition=Q(noting=None) | Q(status="validated"),
            ),
        ]

    def __str__(self):
        return _("Results of %(delegation)s for %(operation)s, version %(version)d") % {
            "delegation": self.delegation, "operation": self.operation, "version": self.version,
        }  # fmt: skip

    def get_absolute_url(self):
        return reverse(
            "jcos:submission_detail", args=[self.operation.slug, self.delegation.code]
        )

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse(
            "jcos:submission_step",
            args=[self.operation.slug, self.delegation.code, self.version, verb],
        )

    @property
    def is_late(self):
        """Submitted after the day on which the operation's results were due (Brussels days)."""
        due = self.operation.results_due_on
        return bool(due and self.submitted_at and brussels_day(self.submitted_at) > due)

    def why_locked(self):
        """Why the content cannot be changed now, or ""."""
        if self.status != self.Status.DRAFT:
            return _(
                "A submitted version never changes. Recall it, or correct it by a new version."
            )
        return takes_results(self)

    def submit(self, *, by, note=""):
        """Hand in: gives the reference under which everybody finds it, and the moment."""
        moment = now()
        self.move(
            "submit",
            by=by,
            note=note,
            submitted_at=moment,
            submitted_by=by,
            reference=f"R-{moment.year}-{self.pk:04d}",
        )

    def return_to_delegation(self, *, by, note=""):
        """Send back with a reason, which the delegation reads on top of the form."""
        self.move("return_to_delegation", by=by, note=note, return_reason=note)

    def next_version(self, *, by):
        """A new draft that starts as a copy of this recalled, returned or validated version."""
        with acting(by, "correct"):
            copy = Submission.objects.create(
                operation=self.operation, delegation=self.delegation, version=self.version + 1, finality=self.finality,
                is_nil=self.is_nil, contact=self.contact, remarks=self.remarks,
            )  # fmt: skip
            for line in self.lines.all():
                line.pk, line.submission = None, copy
                line._state.adding = True
                line.save()
        return copy
