"""What the list of operations can be filtered by; the choice is in the address."""

import django_filters
from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation
from jcos.models import Commodity, Measure, Operation, ResultLine, Unit

SORTS = {
    "name": ["name", "pk"],
    "-name": ["-name", "pk"],
    "year": ["in_year", "starts_on", "name"],
    "-year": ["-in_year", "-starts_on", "name"],
    "due": ["results_due_on", "name"],
    "-due": ["-results_due_on", "name"],
}


class OperationFilter(django_filters.FilterSet):
    """Stage, year, kind, lead, fictitious or real."""

    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=_("Name"), max_length=80, strip=True
    )
    stage = django_filters.ChoiceFilter(
        field_name="status", choices=Operation.Status.choices, label=_("Stage"), empty_label=_("All")
    )
    year = django_filters.NumberFilter(
        field_name="in_year",
        label=_("Year"),
        min_value=1950,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    kind = django_filters.ChoiceFilter(choices=Operation.Kind.choices, label=_("Kind"), empty_label=_("All"))
    lead = django_filters.ModelChoiceFilter(
        queryset=Delegation.objects.none(),
        to_field_name="code",
        method="led_by",
        label=_("Lead"),
        empty_label=_("All"),
    )
    fictitious = django_filters.ChoiceFilter(
        field_name="is_fictitious",
        choices=[("True", _("Fictitious only")), ("False", _("Real only"))],
        label=_("Fictitious"),
        empty_label=_("All"),
    )

    class Meta:
        model = Operation
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        leading = Delegation.objects.filter(
            participations__role__in=["lead", "co_lead"],
            participations__operation__in=self.queryset.values("pk"),
        )
        self.filters["lead"].queryset = Delegation.objects.filter(pk__in=leading.values("pk"))

    def led_by(self, queryset, name, delegation):
        return queryset.led_by([delegation.pk])


def ordered(operations, sort):
    """Operations in one of the orders that the headings offer; newest first where it is none of them."""
    order = []
    for name in SORTS.get(sort, SORTS["-year"]):
        column = F(name.lstrip("-"))
        order.append(column.desc(nulls_last=True) if name.startswith("-") else column.asc(nulls_last=True))
    return operations.order_by(*order)


def _one_of(rows, label):
    return forms.ModelChoiceField(
        rows, to_field_name="code", required=False, label=label, empty_label=_("All")
    )


class LineFilterForm(forms.Form):
    """Which of the lines behind the totals; the choice is in the address."""

    measure = _one_of(Measure.objects.all(), _("What is counted"))
    commodity = _one_of(Commodity.objects.all(), _("Commodity"))
    unit = _one_of(Unit.objects.all(), _("Unit"))
    value_kind = forms.ChoiceField(
        choices=[("", _("All")), *ResultLine.ValueKind.choices], required=False, label=_("Kind of value")
    )

    def narrow(self, lines):
        """The lines that were asked for; none when the question cannot be understood."""
        if not self.is_valid():
            return lines.none()
        return lines.filter(**{name: value for name, value in self.cleaned_data.items() if value})
