"""What one delegation hands in for one operation, a row for each version; a submitted version never changes."""

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jcos import notices
from jcos.completeness import finality_stated, lines_complete, lines_or_nil, takes_part, takes_results
from jcos.querysets import SubmissionQuerySet
from jcos.unchanging import handed_in_never_changes
from strategy_portal.dates import BRUSSELS, brussels_day, delay_days, now
from strategy_portal.fields import clean_block, clean_line
from strategy_portal.workflow import NotAllowed, Step, Workflow, acting, keeps_history


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
        PRELIMINARY = "preliminary", _("Preliminary")
        FINAL = "final", _("Final")

    AFTER_IS = {Status.DRAFT: _("in draft")}
    VERB_NUMBER = 2
    STEPS = {
        "submit": Step(
            frozenset({Status.DRAFT}), Status.SUBMITTED, _("Submit the results"),
            (takes_results, takes_part, lines_or_nil, lines_complete, finality_stated),
        ),
        "recall": Step(frozenset({Status.SUBMITTED}), Status.RECALLED, _("Recall the results")),
        "return_to_delegation": Step(
            frozenset({Status.SUBMITTED}), Status.RETURNED, _("Return with a reason"), reason_required=True
        ),
        "validate": Step(frozenset({Status.SUBMITTED}), Status.VALIDATED, _("Validate the results")),
    }  # fmt: skip
    OPEN = frozenset({Status.DRAFT, Status.SUBMITTED})
    CORRECTED = frozenset({Status.RETURNED, Status.VALIDATED})
    FOLLOWED_BY_A_VERSION = CORRECTED | {Status.RECALLED}

    operation = models.ForeignKey("jcos.Operation", on_delete=models.PROTECT, related_name="submissions")
    delegation = models.ForeignKey(
        "accounts.Delegation", on_delete=models.PROTECT, related_name="submissions"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    finality = models.CharField(
        _("preliminary or final"), max_length=12, choices=Finality.choices, blank=True, default=Finality.PRELIMINARY
    )  # fmt: skip
    is_nil = models.BooleanField(_("nil return: nothing was found"), default=False)
    contact = models.CharField(
        _("contact for questions"), max_length=150, blank=True, validators=[clean_line]
    )
    remarks = models.TextField(_("remarks"), blank=True, validators=[clean_block])
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, null=True, blank=True, editable=False
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("submitted by"),
    )  # fmt: skip
    return_reason = models.TextField(_("why it was returned"), blank=True, editable=False)
    noting = models.ForeignKey(
        "council.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="noted_submissions",
        editable=False, verbose_name=_("noted by"),
    )  # fmt: skip

    participation = None  # of the delegation in the operation, where a page knows it already
    versions = None  # all of the delegation in the operation, where a page knows them already

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["operation", "delegation__protocol_order", "delegation__code", "-version"]
        triggers = [handed_in_never_changes()]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "delegation", "version"],
                name="submission_version_once",
                violation_error_message=_("Somebody else has just begun this version. Open it again."),
            ),
            models.UniqueConstraint(
                fields=["operation", "delegation"],
                condition=Q(status__in=["draft", "submitted"]),
                name="one_open_submission",
                violation_error_message=_("Another version of these results is open already."),
            ),
            models.CheckConstraint(
                name="submission_has_a_reference_once_submitted",
                condition=Q(status="draft", reference=None, submitted_at=None)
                | ~Q(status="draft") & Q(reference__isnull=False, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="submission_states_its_finality_once_submitted",
                condition=Q(status="draft") | ~Q(finality=""),
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

    @property
    def address(self):
        """What names the delegation's results in every address."""
        return [self.operation.slug, self.delegation.code]

    def get_absolute_url(self):
        return reverse("jcos:submission_detail", args=self.address)

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse("jcos:submission_step", args=[*self.address, self.version, verb])

    @property
    def first_submitted_at(self):
        """When the delegation first handed in what this version says, or corrects; None for a draft.

        What was returned or validated had been handed in; what the delegation recalled by itself had not.
        """
        if self.submitted_at is None:
            return None
        versions = self.versions
        if versions is None:
            versions = Submission.objects.filter(operation=self.operation_id, delegation=self.delegation_id)
        before = [v for v in versions if v.version < self.version and v.status in self.CORRECTED]
        return min((v.submitted_at for v in before), default=self.submitted_at)

    @property
    def is_correction(self):
        """Submitted after an earlier version had been handed in."""
        return self.first_submitted_at != self.submitted_at

    @property
    def due_on(self):
        """The day by which the results are due: the operation's, or a later one agreed with the delegation."""
        participation = self.participation
        if participation is None:
            parts = self.operation.participations.with_days()
            participation = parts.filter(delegation=self.delegation_id).first()
        return participation.due_in_force if participation else self.operation.results_due_on

    @property
    def is_late(self):
        """First handed in after the day on which the delegation's results were due (Brussels days).

        A correction of what came in time is not late, whenever it comes.
        """
        if self.submitted_at is None:
            return False
        handed_in_on = brussels_day(self.first_submitted_at)
        return bool(delay_days(self.due_on, handed_in_on, handed_in_on))

    @property
    def is_answered_in_time(self):
        """The delegation has handed something in by the day on which results were due; a draft may correct it."""
        versions = self.versions
        if versions is None:
            versions = Submission.objects.filter(operation=self.operation_id, delegation=self.delegation_id)
        told = [v.submitted_at for v in versions if v.submitted_at and v.status not in ("draft", "recalled")]
        first = brussels_day(min(told)) if told else None
        return first is not None and delay_days(self.due_on, first, first) == 0

    def contents_in_words(self):
        """A nil return, or how many result lines."""
        if self.is_nil:
            return _("nil return, nothing was found")
        count = self.lines.filter(measure__group="findings").count()
        return ngettext("%(count)d result line", "%(count)d result lines", count) % {"count": count}

    def why_locked(self):
        """Why the content cannot be changed now, or ""."""
        if self.status == self.Status.DRAFT:
            return takes_part(self) or takes_results(self)
        if self.status == self.Status.SUBMITTED:
            return _(
                "These results are submitted and no longer change. Until the secretariat has dealt with them a "
                "submitter of the delegation can recall them."
            )
        return _("A version that was submitted never changes. Correct it by a new version.")

    def why_not_correct(self):
        """Why no new version can follow this one now, or ""."""
        if self.status not in self.FOLLOWED_BY_A_VERSION:
            return _("This version is %(state)s: it is not followed by another one now.") % {
                "state": self.state_words
            }
        if Submission.objects.filter(
            operation=self.operation_id, delegation=self.delegation_id, version__gt=self.version
        ).exists():
            return _("There is a newer version already.")
        return takes_part(self) or takes_results(self)

    def submit(self, *, by, note=""):
        """Hand in: gives the reference under which everybody finds it, and the moment."""
        moment = now()
        with transaction.atomic():
            self.move(
                "submit", by=by, note=note, submitted_at=moment, submitted_by=by,
                reference=f"R-{moment.astimezone(BRUSSELS).year}-{self.pk:04d}",
            )  # fmt: skip
            notices.submitted(self)

    def validate(self, *, by, note=""):
        """The secretariat finds the results in order: from now on they count."""
        with transaction.atomic():
            # The operation is locked first, as by a noting: this version is either covered by it or comes later.
            type(self.operation)._base_manager.select_for_update(of=("self",)).get(pk=self.operation_id)
            self.move("validate", by=by, note=note)
            notices.validated(self)

    def return_to_delegation(self, *, by, note=""):
        """Send back with a reason, which the delegation reads on top of the form."""
        with transaction.atomic():
            self.move("return_to_delegation", by=by, note=note, return_reason=note.strip())
            notices.returned(self)

    def next_version(self, *, by):
        """A new draft that starts as a copy of this recalled, returned or validated version. Raises NotAllowed."""
        with transaction.atomic(), acting(by, "correct"):
            row = Submission._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if why := row.why_not_correct():
                raise NotAllowed(why)
            copy = Submission.objects.create(
                operation=self.operation, delegation=self.delegation, version=row.version + 1, finality=row.finality,
                is_nil=row.is_nil, contact=row.contact, remarks=row.remarks,
            )  # fmt: skip
            lines = list(row.lines.all())
            for line in lines:
                line.copied_from_id, line.pk, line.submission = line.pk, None, copy
                line._state.adding = True
            self.lines.model.objects.bulk_create(lines)
        return copy
