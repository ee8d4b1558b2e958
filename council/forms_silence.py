"""The forms of silence procedures: to ask, to set a later end, and to answer."""

from datetime import UTC, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Body
from council.fields import ClockField
from council.forms import DocumentDecidedOn, offer_bodies
from council.models import Position
from editing.forms import PortalForm
from publishing.words import clock_words, moment_words
from strategy_portal.dates import BRUSSELS, brussels_day, brussels_today, now, working_days
from strategy_portal.fields import DayField, MarkdownBlock, TextBlock

FRIDAY = 5  # as `isoweekday()` counts
FEW_WORKING_DAYS = 2  # a shorter procedure is asked back: delegations ask their capitals


def closing_moment(day, hour):
    """The last second of the minute that was entered, in Brussels time.

    An hour that the change to winter time brings twice is the second one: nobody is late who reads it so. Raises
    ValidationError for an hour that the change to summer time leaves out.
    """
    local = datetime.combine(day, time(hour.hour, hour.minute, 59), tzinfo=BRUSSELS).replace(fold=1)
    moment = local.astimezone(UTC)
    if moment.astimezone(BRUSSELS).replace(tzinfo=None, fold=0) != local.replace(tzinfo=None, fold=0):
        raise ValidationError(
            _("There is no %(time)s on that day: the clocks go forward then.")
            % {"time": hour.strftime("%H:%M")},
            code="no_such_hour",
        )
    return moment


class EndForm(PortalForm):
    """The day and hour of an end. Both together give `closes_at` in the cleaned data."""

    closes_on = DayField(label=gettext_lazy("Open until: day"))
    closes_time = ClockField(
        label=gettext_lazy("Open until: hour"),
        help_text=gettext_lazy(
            "Brussels time. What is answered in this minute still counts, one minute later not."
        ),
    )
    is_short = forms.BooleanField(
        label=gettext_lazy("It is urgent; delegations can answer in so short a time"),
        required=False,
        widget=forms.HiddenInput,
    )

    is_free_day = forms.BooleanField(
        label=gettext_lazy("It may end on a Saturday or Sunday"),
        required=False,
        widget=forms.HiddenInput,
    )

    def clean(self):
        data = super().clean()
        day, hour = data.get("closes_on"), data.get("closes_time")
        if not day or hour is None:
            return data
        try:
            data["closes_at"] = closing_moment(day, hour)
        except ValidationError as wrong:
            self.add_error("closes_time", wrong)
            return data
        self.check_end(data["closes_at"])
        return data

    def check_end(self, closes_at):
        """The past is refused; less than two working days and an end at a weekend are asked back."""
        if closes_at <= now():
            field = "closes_on" if brussels_day(closes_at) < brussels_today() else "closes_time"
            self.add_error(
                field, _("%(end)s has passed. Choose a later end.") % {"end": moment_words(closes_at)}
            )
            return
        left = working_days(brussels_today(), brussels_day(closes_at))
        if left < FEW_WORKING_DAYS:
            why = _("That leaves less than two working days. Is it so urgent? Otherwise choose a later end.")
            self._ask_whether("is_short", why)
        if brussels_day(closes_at).isoweekday() > FRIDAY:
            words = {"end": moment_words(closes_at)}
            self._ask_whether("is_free_day", _("%(end)s lies at a weekend. Is that meant?") % words)

    def _ask_whether(self, name, why):
        if not self.cleaned_data.get(name):
            self.fields[name].widget = forms.CheckboxInput()
            self.add_error(name, why)


class SilenceForm(DocumentDecidedOn, EndForm):
    """What is asked, of whose power use is made, and until when."""

    hide_optional = True
    body = forms.ModelChoiceField(
        Body.objects.none(), label=gettext_lazy("Body that decides"), empty_label=None,
        help_text=gettext_lazy("The decision is taken as that of this body."),
    )  # fmt: skip
    text = MarkdownBlock(
        label=gettext_lazy("Question and text"),
        rows=8,
        help_text=gettext_lazy("What delegations are asked, with the text. It is sent to every delegation."),
    )
    field_order = [
        "body", "text", "document_number", "document_meant", "document_title", "closes_on", "closes_time", "is_short",
        "is_free_day",
    ]  # fmt: skip

    def __init__(self, *args, step, about, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = about
        bodies = Body.objects.visible_to(self.user).that_may(step.power_needed)
        offer_bodies(self.fields["body"], bodies)
        self.ask_for_document(step.by_decision)


class ExtendForm(EndForm):
    """A later end, with the reason."""

    reason = TextBlock(label=gettext_lazy("Reason"), max_length=4000, rows=4)

    def __init__(self, *args, closes_at, **kwargs):
        self.closes_at = closes_at
        super().__init__(*args, **kwargs)

    def check_end(self, closes_at):
        if closes_at <= self.closes_at:
            self.add_error(
                "closes_on",
                _("It is open until %(end)s already. Choose a later end: nobody ends a procedure early.")
                % {"end": moment_words(self.closes_at)},
            )
        else:
            super().check_end(closes_at)

    @staticmethod
    def shown(closes_at):
        """The present end as the form shows it."""
        return {"closes_on": brussels_day(closes_at), "closes_time": clock_words(closes_at)}


class PositionForm(PortalForm):
    """The position of one delegation; a reservation or an objection is put in words."""

    stance = forms.ChoiceField(
        label=gettext_lazy("Position"), choices=Position.Stance.choices, widget=forms.RadioSelect
    )
    text = MarkdownBlock(
        label=gettext_lazy("In words"),
        rows=5,
        required=False,
        help_text=gettext_lazy("Needed for a reservation or an objection."),
    )

    def clean(self):
        data = super().clean()
        stance = data.get("stance")
        if stance and stance != Position.Stance.AGREES and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("Say in words what the reservation or objection is."))
        return data
