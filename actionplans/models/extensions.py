"""Later days: what was to be done by a day may be asked a later one for; the first day stays what it was."""

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actionplans import notices
from actionplans.querysets_extensions import ExtensionQuerySet
from strategy_portal.dates import brussels_today
from strategy_portal.fields import clean_block
from strategy_portal.workflow import Step, Workflow, keeps_history


class Extendable(models.Model):
    """What is due on a day that the secretariat may put off.

    Each kind states its `original_due_on`, `owed_by` (a delegation), `due_name`, `why_nothing_is_due()` and
    `get_dates_url()`, the page where its days stand. Lists annotate `agreed_until`; elsewhere it is looked for.
    """

    extensions = GenericRelation("actionplans.Extension")

    class Meta:
        abstract = True

    @property
    def due_in_force(self):
        """The day that counts: of the newest agreed extension, else the original one; None where no day is set."""
        if not hasattr(self, "agreed_until"):
            self.agreed_until = self.newest_agreed_day()
        return self.agreed_until or self.original_due_on

    def newest_agreed_day(self):
        """The day of the newest agreed extension, or None."""
        newest = self.extensions.filter(status="agreed").order_by("-pk")
        return newest.values_list("new_day", flat=True).first()

    @property
    def limit(self):
        """The last day that can be agreed with the reason why no later one can, or None."""
        return None

    def why_no_day_counts(self):
        """Why none of its days counts, or "": a later one that was asked for is then not agreed to."""
        return ""

    def why_no_later_day(self):
        """Why no later day can be asked for now, or ""."""
        if why := self.why_nothing_is_due():
            return why
        if self.owed_by is None or self.original_due_on is None:
            return _("No day is set, or nobody is named who keeps it.")
        if self.extensions.filter(status="asked").exists():
            return _("A later day is asked for already, and not answered yet.")
        if self.limit and self.due_in_force >= self.limit[0]:
            return self.limit[1]
        return ""


def day_counts(extension):
    """A later day is agreed for what still has days that count."""
    return extension.subject.why_no_day_counts()


@keeps_history()
class Extension(Workflow):
    """A later day for one thing that is due: asked with a reason by whoever owes it, answered by the secretariat."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked")
        AGREED = "agreed", _("Agreed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STEPS = {
        "agree": Step(
            frozenset({Status.ASKED}),
            Status.AGREED,
            _("Agree to the new day"),
            (day_counts,),
            reason_required=True,
        ),
        "refuse": Step(
            frozenset({Status.ASKED}), Status.REFUSED, _("Refuse the new day"), reason_required=True
        ),
        "withdraw": Step(frozenset({Status.ASKED}), Status.WITHDRAWN, _("Withdraw the request")),
    }

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    about = models.CharField(_("about"), max_length=300, editable=False)
    delegation = models.ForeignKey(
        "accounts.Delegation", on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("delegation that asks"),
    )  # fmt: skip
    due_on = models.DateField(_("day in force when it was asked"), editable=False)
    new_day = models.DateField(_("new day"))
    reason = models.TextField(_("why"), validators=[clean_block])
    status = models.CharField(_("state"), max_length=9, choices=Status.choices, default=Status.ASKED)
    asked_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("asked by"),
    )  # fmt: skip
    asked_on = models.DateField(_("asked on"), editable=False)
    answered_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("answered by"),
    )  # fmt: skip
    answered_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["content_type", "object_id", "pk"]
        indexes = [models.Index(fields=["content_type", "object_id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=Q(status="asked"),
                name="one_extension_asked_at_a_time",
                violation_error_message=_("A later day has just been asked for. Wait for the answer."),
            ),
            models.CheckConstraint(
                name="extension_moves_the_day_later",
                condition=Q(new_day__gt=F("due_on")),
                violation_error_message=_("The new day lies after the day in force."),
            ),
            models.CheckConstraint(name="extension_asked_with_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="extension_answered_with_a_reason",
                condition=Q(status__in=["agreed", "refused"], answered_on__isnull=False) & ~Q(answer="")
                | Q(status__in=["asked", "withdrawn"], answered_on=None, answer=""),
            ),
        ]

    def __str__(self):
        return _("Later day for %(thing)s") % {"thing": self.about}

    def get_absolute_url(self):
        return reverse("actionplans:extension_detail", args=[self.pk])

    def why_locked(self):
        """Why it cannot be changed now, or ""."""
        if self.status == self.Status.ASKED:
            return ""
        return _("The request is %(state)s. It no longer changes.") % {"state": self.state_words}

    def _answer(self, verb, by, note):
        with transaction.atomic():
            self.move(
                verb, by=by, note=note, answer=note.strip(), answered_on=brussels_today(),
                answered_by=by if by is not None and by.pk else None,
            )  # fmt: skip
            notices.extension_answered(self)

    def agree(self, *, by, note=""):
        """The new day is the one that counts from now on; the original one stays beside it."""
        self._answer("agree", by, note)

    def refuse(self, *, by, note=""):
        """The day in force stays."""
        self._answer("refuse", by, note)
