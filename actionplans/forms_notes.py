"""The form of a progress note: how the action stands, in words, and what its indicators were at the period's end."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.models import IndicatorValue, ProgressNote
from actionplans.terms_text import value_words
from editing.forms import PortalModelForm
from strategy_portal.fields import NumberField


class ProgressNoteForm(PortalModelForm):
    """A note. It may be saved unfinished; health and what was achieved are needed when it is submitted."""

    class Meta:
        model = ProgressNote
        fields = ["health", "achieved", "difficulties", "way_forward"]
        widgets = {"health": forms.RadioSelect}
        labels = {
            "health": gettext_lazy("How the action stands"),
            "achieved": gettext_lazy("Achieved"),
            "difficulties": gettext_lazy("Difficulties"),
            "way_forward": gettext_lazy("Way forward"),
        }
        help_texts = {
            "health": gettext_lazy("As you, the lead, see it. Needed before the note can be submitted."),
            "achieved": gettext_lazy(
                "What was reached in this period. Needed before the note can be submitted."
            ),
            "difficulties": gettext_lazy(
                "What stood in the way. Needed where the action is at risk or delayed."
            ),
            "way_forward": gettext_lazy(
                "What comes next, and what is done about difficulties. Needed where the action is at risk or delayed."
            ),
        }

    def __init__(self, *args, indicators=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["health"].choices = ProgressNote.Health.choices
        stored = {}
        if self.instance.pk:
            stored = dict(self.instance.values.values_list("indicator", "value"))
        self.indicators = list(indicators)
        for indicator in self.indicators:
            self.fields[f"indicator_{indicator.pk}"] = NumberField(
                label=f"{indicator.title} ({indicator.unit})",
                required=False,
                negative=True,
                initial=stored.get(indicator.pk),
                help_text=_(
                    "At the end of the period. Baseline: %(baseline)s; target: %(target)s. "
                    "Empty means not stated, which is not zero."
                )
                % {
                    "baseline": value_words(indicator.baseline, indicator.baseline_words),
                    "target": value_words(indicator.target, indicator.target_words),
                },
            )

    def save(self, commit=True):
        note = super().save(commit)
        if commit:
            self._save_values(note)
        return note

    def _save_values(self, note):
        """One row for each indicator that was asked about; a value that stays what it is leaves no trace in history."""
        stored = {row.indicator_id: row for row in note.values.all()}
        for indicator in self.indicators:
            value = self.cleaned_data[f"indicator_{indicator.pk}"]
            row = stored.get(indicator.pk) or IndicatorValue(note=note, indicator=indicator)
            if row.pk is None or row.value != value:
                row.value = value
                row.save()
