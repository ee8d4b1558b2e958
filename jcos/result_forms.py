"""Forms of results. Nothing in them is required: a draft is saved as far as it is; `completeness` asks at the end."""

from django import forms
from django.utils.translation import gettext_lazy as _

from editing.forms import PortalForm, PortalModelForm
from jcos.completeness import misfits
from jcos.models import Commodity, Measure, ResultLine, Submission, Unit
from strategy_portal.fields import WholeNumberField

SPARE_ROWS = 1


class LineForm(PortalModelForm):
    """One thing that was found."""

    class Meta:
        model = ResultLine
        fields = [
            "measure", "commodity", "quantity", "unit", "value_kind", "qualifier", "found_on", "place", "mode",
            "departure", "transhipment", "destination", "phase", "legal_state", "case_reference",
        ]  # fmt: skip
        widgets = {"phase": forms.RadioSelect}
        help_texts = {
            "quantity": _("For example 12,5 or 1 200 000."),
            "value_kind": _("Only for amounts in EUR. Different kinds of value are never added up."),
            "case_reference": _(
                "Your own reference, so that the case can be found again. No names of persons."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.hide_optional = True
        self.fields["measure"].queryset = Measure.objects.filter(group="findings")
        self.fields["measure"].empty_label = self.fields["unit"].empty_label = _("Choose")
        self.fields["mode"].empty_label = _("Not stated")
        commodities = list(Commodity.objects.select_related("unit"))
        self.fields["commodity"].choices = [("", _("None")), *_by_category(commodities)]
        self.fields["value_kind"].choices = [("", _("None: a quantity")), *ResultLine.ValueKind.choices]
        self.fields["legal_state"].choices = [("", _("Not stated")), *ResultLine.LegalState.choices]
        for name in ("measure", "commodity", "mode", "unit"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose one from the list.")

    def clean(self):
        data = super().clean()
        names = ("measure", "commodity", "unit", "value_kind", "found_on", "quantity")
        for field, sentence in misfits(**{name: data.get(name) for name in names}).items():
            self.add_error(field, sentence[0].upper() + sentence[1:])
        return data


def _by_category(commodities):
    """Commodities as choices by category, in the order of the list, each with its usual unit."""
    order = {}
    for commodity in commodities:
        order.setdefault(commodity.category, []).append(
            (commodity.pk, f"{commodity.name} ({commodity.unit.name})")
        )
    return list(order.items())


class ControlsForm(PortalForm):
    """How many controls of each kind: a row for each measure, and spare rows for a second unit.

    `instance` is the submission; a row without a number is no line.
    """

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, **kwargs)
        self.hide_optional = True
        self.submission = instance
        self.measures = list(Measure.objects.filter(group="controls"))
        self.units = {unit.pk: unit for unit in Unit.objects.all()}
        lines = list(instance.lines.controls().select_related("measure", "unit"))
        first = {}
        for line in lines:
            first.setdefault(line.measure_id, line)
        rest = [line for line in lines if line not in first.values()]
        self.row_lines = [(m.code, m, first.get(m.pk)) for m in self.measures]
        self.row_lines += [
            (f"more{n}", None, line) for n, line in enumerate([*rest, *[None] * SPARE_ROWS], start=1)
        ]
        for key, measure, line in self.row_lines:
            self._add_row(key, measure, line)

    def _add_row(self, key, measure, line):
        label = str(measure) if measure else _("Another kind or unit")
        if measure is None:
            choices = [("", _("Choose")), *[(m.pk, m.name) for m in self.measures]]
            self.fields[f"{key}-measure"] = forms.TypedChoiceField(
                choices=choices, coerce=int, empty_value=None, required=False, label=_("What is counted"),
                initial=line and line.measure_id,
            )  # fmt: skip
        units = self._units_of(measure)
        self.fields[f"{key}-quantity"] = WholeNumberField(
            max_value=999_999_999_999, required=False, label=_("%(what)s: number") % {"what": label},
            initial=line and line.quantity,
        )  # fmt: skip
        self.fields[f"{key}-unit"] = forms.TypedChoiceField(
            choices=([] if measure else [("", _("Choose"))]) + [(u.pk, u.name) for u in units],
            coerce=int, empty_value=None, required=False, label=_("%(what)s: unit") % {"what": label},
            initial=line.unit_id if line else (units[0].pk if measure else None),
        )  # fmt: skip
        for part in ("measure", "unit"):
            if f"{key}-{part}" in self.fields:
                self.fields[f"{key}-{part}"].error_messages["invalid_choice"] = _("Choose one from the list.")

    def _units_of(self, measure):
        """The units of a measure, the usual one first; in a spare row those of every measure."""
        by_code = {unit.code: unit for unit in self.units.values()}
        codes = measure.units.split() if measure else [c for m in self.measures for c in m.units.split()]
        return [by_code[code] for code in dict.fromkeys(codes) if code in by_code]

    def rows(self):
        """The rows as the page shows them: a measure or None, and the bound fields."""
        return [
            {
                "measure": measure,
                "choose": self[f"{key}-measure"] if measure is None else None,
                "quantity": self[f"{key}-quantity"],
                "unit": self[f"{key}-unit"],
            }
            for key, measure, _line in self.row_lines
        ]

    def clean(self):
        data = super().clean()
        seen = set()
        for key, measure, _line in self.row_lines:
            quantity, unit = data.get(f"{key}-quantity"), data.get(f"{key}-unit")
            chosen = measure.pk if measure else data.get(f"{key}-measure")
            if quantity is None:
                if measure is None and chosen and f"{key}-quantity" not in self.errors:
                    self.add_error(f"{key}-quantity", _("Enter the number, or choose nothing in this row."))
                continue
            if measure is None and chosen is None and f"{key}-measure" not in self.errors:
                self.add_error(f"{key}-measure", _("Say what is counted."))
            if unit is None and f"{key}-unit" not in self.errors:
                self.add_error(f"{key}-unit", _("Choose the unit."))
            if chosen and unit:
                self._check_row(key, next(m for m in self.measures if m.pk == chosen), unit, seen)
        return data

    def _check_row(self, key, measure, unit, seen):
        fitting = misfits(
            measure=measure, commodity=None, unit=self.units[unit], value_kind="", found_on=None
        )
        if "unit" in fitting:
            self.add_error(f"{key}-unit", fitting["unit"])
        elif (measure.pk, unit) in seen:
            self.add_error(
                f"{key}-unit", _("This kind of control stands above in the same unit: add the numbers up.")
            )
        seen.add((measure.pk, unit))

    def save(self):
        """Write the rows as result lines, and give back the submission."""
        for key, measure, line in self.row_lines:
            quantity = self.cleaned_data[f"{key}-quantity"]
            if quantity is None:
                if line:
                    line.delete()
                continue
            line = line or ResultLine(submission=self.submission)
            wanted = {
                "measure_id": measure.pk if measure else self.cleaned_data[f"{key}-measure"],
                "quantity": quantity,
                "unit_id": self.cleaned_data[f"{key}-unit"],
            }
            if line._state.adding or any(getattr(line, name) != value for name, value in wanted.items()):
                for name, value in wanted.items():
                    setattr(line, name, value)
                line.save()
        return self.submission


class NilForm(PortalModelForm):
    """The explicit nil return: nothing was found, and that is the result."""

    class Meta:
        model = Submission
        fields = ["is_nil"]
        labels = {"is_nil": _("Nothing was found: this is a nil return")}
        help_texts = {"is_nil": _("A nil return is an answer. It is not the same as not answering.")}

    def clean_is_nil(self):
        if self.cleaned_data["is_nil"] and self.instance.lines.findings().exists():
            raise forms.ValidationError(_("There are result lines: remove them first, or leave this empty."))
        return self.cleaned_data["is_nil"]


class DetailsForm(PortalModelForm):
    """Whom to ask, whether more is to come, and remarks."""

    class Meta:
        model = Submission
        fields = ["finality", "contact", "remarks"]
        widgets = {"finality": forms.RadioSelect}
        labels = {"finality": _("Are these results preliminary or final?")}
        help_texts = {
            "finality": _("Preliminary results can be corrected later by a new version; so can final ones."),
            "contact": _(
                "An office, a mailbox or a telephone number that answers questions about these results."
            ),
            "remarks": _(
                "New routes, ways of concealment, what else the working party should know. No names of persons."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.hide_optional = True
        self.fields["finality"].choices = Submission.Finality.choices
