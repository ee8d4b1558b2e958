"""How deadlines and reminders are narrowed; the choice is in the address."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation
from deadlines.models import Reminder
from deadlines.schedule import RULES


class AgendaForm(forms.Form):
    """Whose deadlines: all that one may see, what one has to do, or what is with the delegation's contact point."""

    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[
            ("", _("All that I may see")),
            ("mine", _("Mine")),
            ("delegation", _("My delegation's, with others of it")),
        ],
    )


class ReminderFilter(django_filters.FilterSet):
    """By kind of deadline and state; for the secretariat, which sees everybody's, also by delegation."""

    rule = django_filters.ChoiceFilter(
        label=_("Deadline"), choices=[(rule.code, rule.label) for rule in RULES], empty_label=_("All")
    )
    status = django_filters.ChoiceFilter(
        label=_("State"), choices=Reminder.Status.choices, empty_label=_("All")
    )
    delegation = django_filters.ModelChoiceFilter(
        field_name="post__delegation",
        label=_("Delegation"),
        queryset=Delegation.objects.all(),
        to_field_name="code",
        empty_label=_("All"),
    )

    class Meta:
        model = Reminder
        fields = ["rule", "status", "delegation"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if not user.is_secretariat:
            del self.filters["delegation"]
