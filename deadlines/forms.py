"""How the secretariat changes the days of reminders."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from deadlines.models import LeadTimes
from editing.forms import PortalModelForm
from strategy_portal.fields import WholeNumberField

LONGEST = 400  # days
MOST = 30


class DaysField(forms.CharField):
    """Whole numbers of days, separated by commas or spaces; kept largest first, each once."""

    default_error_messages = {
        "not_days": _("Write whole numbers separated by commas, as 30, 14, 7, 1, 0. “%(part)s” is none."),
        "too_long": _("%(part)s days is too long before: at most %(longest)s."),
        "too_many": _("At most %(most)s reminders before a deadline."),
    }

    def prepare_value(self, value):
        return ", ".join(str(days) for days in value) if isinstance(value, list) else value

    def to_python(self, value):
        days = set()
        for part in re.split(r"[,;\s]+", super().to_python(value).strip(" \t,;")):
            if not part:
                continue
            if not re.fullmatch(r"[0-9]{1,9}", part):
                raise self.error("not_days", part=part)
            if int(part) > LONGEST:
                raise self.error("too_long", part=part, longest=LONGEST)
            days.add(int(part))
        if len(days) > MOST:
            raise self.error("too_many", most=MOST)
        return sorted(days, reverse=True)

    def error(self, code, **params):
        return forms.ValidationError(self.error_messages[code], code=code, params=params)

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != initial
        except forms.ValidationError:
            return True


class LeadTimesForm(PortalModelForm):
    """The days of one rule."""

    days_before = DaysField(
        label=_("Days before the deadline"),
        help_text=_(
            "Whole numbers separated by commas, as 30, 14, 7, 1, 0. 0 is the day itself; at most 400."
        ),
    )

    overdue_every = WholeNumberField(
        label=_("Days between reminders once it is late"),
        required=False,
        min_value=1,
        max_value=LONGEST,
        help_text=_("Leave it empty for no further reminder."),
    )

    class Meta:
        model = LeadTimes
        fields = ["days_before", "overdue_every"]
