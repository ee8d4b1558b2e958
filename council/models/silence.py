"""Silence procedures: a body decides without meeting; whoever does not object by the end agrees."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation
from council import notices
from council.models.decisions import Decision
from council.models.positions import Position
from council.querysets_silence import RUNNING, SilenceProcedureQuerySet, last_event_of, this_second
from editing.constraints import message_of
from publishing.words import moment_words
from strategy_portal.dates import brussels_day, brussels_today, now
from strategy_portal.fields import clean_block
from strategy_portal.workflow import (
    NotAllowed,
    Reason,
    Step,
    Workflow,
    acting,
    keeps_history,
    within_sentence,
)


def still_running(procedure):
    """An end that has passed is neither moved nor taken back."""
    return procedure.why_late() if procedure.has_run_out else ""


def has_run_out(procedure):
    """Nobody ends a procedure early; only an objection or the withdrawal does."""
    if procedure.has_run_out:
        return ""
    return gettext("It is open until %(end)s.") % {"end": moment_words(procedure.closes_at)}


@keeps_history()
class SilenceProcedure(Workflow):
    """A question to all delegations on one step of one thing, open until a moment.

    `closes_at` is the last second that counts: "12:00" is entered, and answered in time until 12:00:59.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        EXTENDED = "extended", _("Extended")
        AGREED = "agreed", _("Agreed")
        LAPSED = "lapsed", _("Agreed, not carried out")
        STOPPED = "stopped", _("Stopped by objection")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    STEPS = {
        "extend": Step(
            RUNNING, Status.EXTENDED, _("Extend the procedure"), (still_running,), reason_required=True
        ),
        "withdraw": Step(
            RUNNING, Status.WITHDRAWN, _("Withdraw the procedure"), (still_running,), reason_required=True
        ),
        "stop": Step(RUNNING, Status.STOPPED, "", (still_running,)),
        "conclude": Step(RUNNING, Status.AGREED, "", (has_run_out,)),
        "lapse": Step(RUNNING, Status.LAPSED, "", (has_run_out,)),
    }

    verb = models.CharField(_("step"), max_length=40)
    body = models.ForeignKey(
        "accounts.Body", on_delete=models.PROTECT, related_name="silence_procedures", verbose_name=_("body")
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT)
    object_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey()
    about = models.CharField(_("about"), max_length=300, blank=True, editable=False)
    text = models.TextField(_("question and text"), validators=[clean_block])
    document = models.ForeignKey(
        "council.Document", null=True, blank=True, on_delete=models.PROTECT,
        related_name="silence_procedures", verbose_name=_("document"),
    )  # fmt: skip
    opened_at = models.DateTimeField(_("opened"))
    closes_at = models.DateTimeField(_("open until"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("state"), max_length=10, choices=Status.choices, default=Status.OPEN)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    entitled = ArrayField(models.CharField(max_length=10), verbose_name=_("asked"), default=list, blank=True)
    withdrawal_reason = models.TextField(_("reason of the withdrawal"), blank=True, validators=[clean_block])
    not_taken = models.TextField(_("why the step was not taken"), blank=True)
    last_event = models.PositiveBigIntegerField(default=0, editable=False)

    objects = SilenceProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = _("silence procedure")
        verbose_name_plural = _("silence procedures")
        ordering = ["-closes_at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="silence_about")]
        constraints = [
            models.UniqueConstraint(
                name="one_running_silence_procedure_a_thing",
                fields=["content_type", "object_id"],
                condition=Q(status__in=["open", "extended"]),
                violation_error_message=_("There is already a silence procedure on it."),
            ),
            models.CheckConstraint(
                name="silence_procedure_closes_after_it_opens",
                condition=Q(closes_at__gt=F("opened_at")),
                violation_error_message=_("The end comes after the opening."),
            ),
            models.CheckConstraint(
                name="silence_procedure_ended_iff_not_running",
                condition=Q(status__in=["open", "extended"], ended_at=None)
                | ~Q(status__in=["open", "extended"]) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="silence_procedure_withdrawn_for_a_reason",
                condition=~Q(status="withdrawn") | ~Q(withdrawal_reason=""),
            ),
            models.CheckConstraint(
                name="silence_procedure_lapsed_for_a_reason",
                condition=Q(status="lapsed") & ~Q(not_taken="") | ~Q(status="lapsed") & Q(not_taken=""),
            ),
        ]

    def __str__(self):
        return gettext("Silence procedure on %(thing)s") % {"thing": self.about}

    def get_absolute_url(self):
        return reverse("council:silenceprocedure_detail", args=[self.pk])

    def get_step_url(self, verb):
        """The address at which one of the steps that people take, "extend" and "withdraw", is taken."""
        return reverse(f"council:silenceprocedure_{verb}", args=[self.pk])

    # -- how it stands at this moment, whether or not the portal has recorded its end yet ------------------------

    @property
    def has_run_out(self):
        """Whether the end has passed without objection and the outcome is not recorded yet."""
        return self.status in RUNNING and this_second() > self.closes_at

    @property
    def is_running(self):
        """Whether an answer counts now."""
        return self.status in RUNNING and not self.has_run_out

    @property
    def closed_on(self):
        """The Brussels day of the end as it was last set."""
        return brussels_day(self.closes_at)

    @property
    def subject_model(self):
        """The model of the thing; lists need not fetch it for each row."""
        return ContentType.objects.get_for_id(self.content_type_id).model_class()

    @property
    def step_label(self):
        """What is decided, in the words of the step."""
        model = self.subject_model
        step = model.STEPS.get(self.verb) if model else None
        return step.label if step else self.verb

    @property
    def subject_name(self):
        """What is decided on, by the name it had at the opening."""
        return self.about

    @property
    def warning(self):
        """What whoever would say or decide something about the thing elsewhere should know."""
        return gettext("A silence procedure on %(thing)s is open until %(end)s.") % self._end_in_words()

    def _end_in_words(self):
        return {"thing": within_sentence(self.about), "end": moment_words(self.closes_at)}

    def why_held(self):
        """Why no step is taken on its thing until the outcome is recorded, with the way to the procedure."""
        if self.has_run_out:
            text = gettext(
                "The silence procedure on %(thing)s ended on %(end)s; its outcome is being recorded."
            )
        else:
            text = gettext(
                "A silence procedure on %(thing)s is open until %(end)s. No step is taken on it until then, unless the "
                "procedure is withdrawn."
            )
        return Reason(text % self._end_in_words(), self.get_absolute_url())

    def why_answered_there(self):
        """Why no position is given on its thing elsewhere, with the way to the procedure."""
        if self.has_run_out:
            return self.why_held()
        return Reason(self.warning + " " + gettext("Give the position there."), self.get_absolute_url())

    def why_late(self):
        """That the end has passed, and when it was."""
        return gettext("It ended on %(end)s. An answer given after that does not count.") % {
            "end": moment_words(self.closes_at)
        }

    def why_closed(self):
        """Why no answer counts any more, or ""."""
        if self.has_run_out or self.status in (self.Status.AGREED, self.Status.LAPSED):
            return self.why_late()
        if self.status == self.Status.STOPPED:
            return gettext("An objection stopped it on %(moment)s.") % {"moment": moment_words(self.ended_at)}
        if self.status == self.Status.WITHDRAWN:
            return gettext("It was withdrawn on %(moment)s.") % {"moment": moment_words(self.ended_at)}
        return ""

    # -- who is asked and what they said -------------------------------------------------------------------------

    def asked(self):
        """The delegations that are entitled to answer: those that are members on the closing day.

        Once it has ended they are those of then, whatever becomes of the membership later.
        """
        if self.entitled:
            return Delegation.objects.filter(code__in=self.entitled)
        return Delegation.objects.sitting(self.closed_on)

    def unanswered(self):
        """The delegations that are asked and have not answered."""
        return self.asked().exclude(pk__in=self.positions.values("delegation"))

    def take_positions_along(self, thing):
        """What delegations have said of the text before they are asked counts as their answer until they change it."""
        for position in Position.objects.open_on(thing).filter(delegation__in=self.asked()):
            Position.objects.create(procedure=self, **position.said())

    def hand_positions_back(self):
        """At the end the answers are what delegations hold of the text: each has one position, wherever it shows."""
        thing = self.subject
        if not hasattr(thing, "why_no_position"):
            return
        before = {position.delegation_id: position for position in Position.objects.open_on(thing)}
        for position in self.positions.all():
            held = before.get(position.delegation_id) or Position(thing=thing)
            if held.pk is None or held.said() != position.said():
                for name, value in position.said().items():
                    setattr(held, name, value)
                held.save()

    # -- steps -----------------------------------------------------------------------------------------------------

    def answer(self, delegation, stance, text="", *, by):
        """Give or change the position of a delegation. An objection stops the procedure at once.

        The row is locked before the clock is asked: of an objection and the end only one comes first.
        """
        with transaction.atomic(), acting(by, "answer"):
            row = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
            if why := row.why_closed():
                raise NotAllowed(why)
            if not delegation.sits_on(brussels_today()) or not delegation.sits_on(row.closed_on):
                raise NotAllowed(_("Only delegations of the working party answer."))
            position = row.positions.filter(delegation=delegation).first()
            position = position or Position(procedure=row, delegation=delegation)
            position.state(stance, text, by=by)
            if stance == Position.Stance.OBJECTS:
                row.move("stop", by=by, note=text, ended_at=now(), entitled=row._codes())
                row.hand_positions_back()
                notices.stopped(row, position)
        self.refresh_from_db()
        return position

    def extend(self, *, by, closes_at, note=""):
        """Set a later end, with the reason; each extension is kept."""
        with transaction.atomic(), acting(by, "extend", note):
            row = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
            if closes_at <= row.closes_at:
                raise NotAllowed(_("The new end comes after the present one: nobody ends a procedure early."))
            before = row.closes_at
            row.move("extend", by=by, note=note, closes_at=closes_at)
            SilenceExtension.objects.create(
                procedure=row, closed_before=before, closes_at=closes_at, reason=note, extended_by=by,
                extended_at=now(),
            )  # fmt: skip
            notices.extended(row, note)
        self.refresh_from_db()

    def withdraw(self, *, by, note=""):
        """Take the question back, with the reason."""
        with transaction.atomic(), acting(by, "withdraw", note):
            row = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
            row.move(
                "withdraw", by=by, note=note, ended_at=now(), withdrawal_reason=note, entitled=row._codes()
            )
            row.hand_positions_back()
            notices.withdrawn(row)
        self.refresh_from_db()

    def conclude(self):
        """Record the outcome once the end has passed: the decision is taken, and with it the step that it decides.

        Gives back whether this call did it. Where the step cannot be taken any more, it is agreed but not carried out,
        and the outcome says why.
        """
        with transaction.atomic(), acting(None, "conclude"):
            row = type(self).objects.select_for_update(of=("self",)).get(pk=self.pk)
            if not row.has_run_out:
                return False
            row.hand_positions_back()
            ended = {"ended_at": row.closes_at, "entitled": row._codes()}
            if why := row._decide(ended):
                row.move("lapse", by=None, not_taken=why, **ended)
            notices.concluded(row)
        self.refresh_from_db()
        return True

    def _decide(self, ended):
        """End it as agreed and record the decision; why that could not be, with nothing recorded, or ""."""
        subject = self.subject
        if subject is None:
            return gettext("It is not there any more.")
        if last_event_of(subject) != self.last_event:
            return gettext(
                "It has changed since the procedure was opened: what was asked is not what is there now."
            )
        try:
            with transaction.atomic():
                self.move("conclude", by=None, **ended)
                Decision.objects.record(
                    subject, self.verb, silence=self, by=None, document=self.document, text=self.text
                )
        except NotAllowed as refused:
            return str(refused)
        except ValidationError as refused:
            return " ".join(refused.messages)
        except (IntegrityError, DataError) as refused:
            return message_of(refused)
        return ""

    def _codes(self):
        """The codes of those that are asked, in protocol order."""
        return list(self.asked().values_list("code", flat=True))

    def tell_opened(self):
        """Tell every delegation what is asked and until when."""
        notices.opened(self)


@keeps_history()
class SilenceExtension(models.Model):
    """One later end of a silence procedure, with its reason."""

    HISTORY_PARENT = "procedure"

    procedure = models.ForeignKey(SilenceProcedure, on_delete=models.PROTECT, related_name="extensions")
    closed_before = models.DateTimeField(_("end before"))
    closes_at = models.DateTimeField(_("new end"))
    reason = models.TextField(_("reason"), validators=[clean_block])
    extended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    extended_at = models.DateTimeField(_("extended"))

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="silence_extension_is_later", condition=Q(closes_at__gt=F("closed_before"))
            )
        ]

    def __str__(self):
        return gettext("until %(end)s") % {"end": moment_words(self.closes_at)}
