"""Progress notes: what the lead of an action says about a period, and what the working party has confirmed of it."""

from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplans import notices
from actionplans.models.extensions import Extendable
from actionplans.periods import Period, note_delay, note_due
from actionplans.querysets import ProgressNoteQuerySet
from actionplans.unchanging import confirmed_notes_never_change, of_confirmed_notes
from strategy_portal.dates import brussels_today
from strategy_portal.fields import clean_block
from strategy_portal.workflow import Reason, Step, Workflow, keeps_history


def stated_in_full(note):
    """A note states the health and what was achieved; what is not on its way says why, and what is done about it."""
    edit = note.get_edit_url()
    needed = [
        (note.health, gettext("The health is not stated.")),
        (note.achieved.strip(), gettext("What was achieved is missing.")),
    ]
    if note.health in note.EXPLAINED:
        needed += [
            (note.difficulties.strip(), gettext("The difficulties are missing: the action is not on track.")),
            (note.way_forward.strip(), gettext("The way forward is missing: the action is not on track.")),
        ]
    return [Reason(why, edit) for said, why in needed if not said]


@keeps_history()
class ProgressNote(Extendable, Workflow):
    """What the lead states about one period of its action; the working party confirms it, through the secretariat."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        RETURNED = "returned", _("Returned")
        CONFIRMED = "confirmed", _("Confirmed")

    class Health(models.TextChoices):
        ON_TRACK = "on_track", _("On track")
        AT_RISK = "at_risk", _("At risk")
        DELAYED = "delayed", _("Delayed")
        COMPLETED = "completed", _("Completed")

    STEPS = {
        "submit": Step(
            frozenset({Status.DRAFT, Status.RETURNED}), Status.SUBMITTED, _("Submit the note"), (stated_in_full,)
        ),
        "confirm": Step(frozenset({Status.SUBMITTED}), Status.CONFIRMED, _("Confirm the note")),
        "return_to_lead": Step(
            frozenset({Status.SUBMITTED}), Status.RETURNED, _("Return with a reason"), reason_required=True
        ),
    }  # fmt: skip
    OPEN = frozenset({Status.DRAFT, Status.RETURNED})
    EXPLAINED = frozenset({Health.AT_RISK, Health.DELAYED})
    TEXTS = ("achieved", "difficulties", "way_forward")

    action = models.ForeignKey("actionplans.Action", on_delete=models.PROTECT, related_name="notes")
    period_begins_on = models.DateField(_("first day of the period"), editable=False)
    period_ends_on = models.DateField(_("last day of the period"), editable=False)
    status = models.CharField(_("state"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    health = models.CharField(_("health"), max_length=9, choices=Health.choices, blank=True)
    achieved = models.TextField(_("achieved"), blank=True, validators=[clean_block])
    difficulties = models.TextField(_("difficulties"), blank=True, validators=[clean_block])
    way_forward = models.TextField(_("way forward"), blank=True, validators=[clean_block])
    submitted_on = models.DateField(_("submitted on"), null=True, blank=True, editable=False)
    first_submitted_on = models.DateField(_("first submitted on"), null=True, blank=True, editable=False)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    return_reason = models.TextField(_("why it was returned"), blank=True, editable=False)

    objects = ProgressNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["action", "-period_ends_on"]
        triggers = [confirmed_notes_never_change()]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "period_ends_on"],
                name="one_note_an_action_and_period",
                violation_error_message=_("Somebody has just begun the note on this period. Open it."),
            ),
            models.CheckConstraint(
                name="note_period_begins_before_it_ends",
                condition=Q(period_begins_on__lte=F("period_ends_on")),
            ),
            models.CheckConstraint(
                name="note_submitted_with_health_and_text",
                condition=Q(status__in=["draft", "returned"]) | ~Q(health="") & ~Q(achieved=""),
            ),
            models.CheckConstraint(
                name="note_dated_once_submitted",
                condition=Q(status="draft", submitted_on=None, first_submitted_on=None)
                | ~Q(status="draft") & Q(submitted_on__isnull=False, first_submitted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="note_returned_with_a_reason", condition=~Q(status="returned") | ~Q(return_reason="")
            ),
            models.CheckConstraint(
                name="note_confirmed_iff_dated",
                condition=Q(status="confirmed", confirmed_on__isnull=False)
                | ~Q(status="confirmed") & Q(confirmed_on=None),
            ),
        ]

    def __str__(self):
        return _("Progress note on action %(number)s, %(period)s") % {
            "number": self.action.reference, "period": self.period,
        }  # fmt: skip

    @property
    def address(self):
        """What names the note in every address."""
        return [self.action.plan.number, self.action.number, self.period_ends_on]

    def get_absolute_url(self):
        return reverse("actionplans:progressnote_detail", args=self.address)

    def get_edit_url(self):
        """The address of its form."""
        return reverse("actionplans:progressnote_edit", args=self.address)

    def get_step_url(self, verb):
        """The address at which a step is taken."""
        return reverse("actionplans:progressnote_step", args=[*self.address, verb])

    @property
    def period(self):
        """What it reports on."""
        return Period(self.period_begins_on, self.period_ends_on)

    # -- as something that may be put off --

    @property
    def original_due_on(self):
        """The day by which it is to be submitted, as the plan has it."""
        return note_due(self.action.plan, self.period_ends_on)

    @property
    def owed_by(self):
        """The lead of the action."""
        return self.action.lead

    @property
    def due_name(self):
        """The note, for a sentence."""
        return _("progress note on action %(number)s, %(period)s") % {
            "number": self.action.reference, "period": self.period,
        }  # fmt: skip

    def get_dates_url(self):
        """The page where the days of its action stand."""
        return reverse("actionplans:action_dates", args=self.address[:2])

    def delay(self, today):
        """How many days after the day that counts it first came, or is owed."""
        return note_delay(self.due_in_force, self.status, self.first_submitted_on, today)

    def why_nothing_is_due(self):
        """Why no note is owed any more, or ""."""
        if self.status in self.OPEN:
            return ""
        return _("The note is %(state)s.") % {"state": self.state_words}

    def why_locked(self):
        """Why it cannot be changed now, or ""."""
        if self.status in self.OPEN:
            return ""
        if self.status == self.Status.SUBMITTED:
            return _("The note is submitted. It changes only when the secretariat returns it.")
        return _("The working party has confirmed this note. It no longer changes.")

    def submit(self, *, by, note=""):
        """Hand it to the secretariat; the day on which it first came stays when it comes again."""
        today = brussels_today()
        with transaction.atomic():
            self.move(
                "submit", by=by, note=note, submitted_on=today, return_reason="",
                first_submitted_on=self.first_submitted_on or today,
            )  # fmt: skip
            notices.note_submitted(self)

    def return_to_lead(self, *, by, note=""):
        """Send it back with a reason, which the lead reads on top of it."""
        with transaction.atomic():
            self.move("return_to_lead", by=by, note=note, return_reason=note.strip())
            notices.note_returned(self)

    def confirm(self, *, by, note=""):
        """The working party has no more to ask: everybody who sees the action reads it from now on."""
        with transaction.atomic():
            self.move("confirm", by=by, note=note, confirmed_on=brussels_today())
            notices.note_confirmed(self)


@keeps_history()
class IndicatorValue(models.Model):
    """What an indicator of the agreed terms was at the end of a note's period. A value not stated is none, not zero."""

    note = models.ForeignKey(ProgressNote, on_delete=models.CASCADE, related_name="values")
    indicator = models.ForeignKey(
        "actionplans.Indicator", on_delete=models.PROTECT, related_name="values", verbose_name=_("indicator")
    )
    value = models.DecimalField(_("value"), max_digits=15, decimal_places=3, null=True, blank=True)

    HISTORY_PARENT = "note"

    class Meta:
        verbose_name = _("value of an indicator")
        verbose_name_plural = _("values of indicators")
        ordering = ["note", "indicator__order"]
        triggers = [of_confirmed_notes()]
        constraints = [
            models.UniqueConstraint(fields=["note", "indicator"], name="indicator_valued_once_a_note"),
        ]

    def __str__(self):
        return str(self.indicator)
