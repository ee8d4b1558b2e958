"""The forms of days: a later one for what is due, and the one on which a milestone was reached."""

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.models import Extension
from editing.forms import PortalForm, PortalModelForm
from strategy_portal.dates import brussels_today
from strategy_portal.fields import DayField


class ExtensionForm(PortalModelForm):
    """A later day for a thing, and why."""

    class Meta:
        model = Extension
        fields = ["new_day", "reason"]
        labels = {"new_day": gettext_lazy("New day"), "reason": gettext_lazy("Why")}
        help_texts = {
            "reason": gettext_lazy(
                "The secretariat answers it. Once it is agreed, everybody who sees the day can read why it moved."
            ),
        }

    def __init__(self, *args, subject, **kwargs):
        super().__init__(*args, **kwargs)
        self.subject = subject

    def clean_new_day(self):
        day = self.cleaned_data["new_day"]
        if day <= self.subject.due_in_force:
            raise ValidationError(
                _("The new day lies after %(day)s, the day in force.")
                % {"day": date_format(self.subject.due_in_force)}
            )
        if day < brussels_today():
            raise ValidationError(_("The new day lies in the past."))
        if self.subject.limit and day > self.subject.limit[0]:
            raise ValidationError(self.subject.limit[1])
        return day


class ReachedForm(PortalForm):
    """When a milestone was reached; empty where it is not."""

    reached_on = DayField(
        label=gettext_lazy("Reached on"),
        required=False,
        help_text=gettext_lazy("Empty: it is not reached yet."),
    )

    def clean_reached_on(self):
        day = self.cleaned_data["reached_on"]
        if day and day > brussels_today():
            raise ValidationError(_("This day is yet to come."))
        return day
