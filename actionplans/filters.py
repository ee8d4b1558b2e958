"""How the actions of a plan are filtered; the choice is in the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation
from actionplans.models import Action


class ActionFilter(django_filters.FilterSet):
    """By aim, lead and state. `aims` are (letter, objective identities) of the strategy in force."""

    aim = django_filters.ChoiceFilter(label=_("Aim"), method="serving_aim", empty_label=_("All aims"))
    lead = django_filters.ModelChoiceFilter(
        label=_("Lead"), queryset=Delegation.objects.none(), to_field_name="code", empty_label=_("All leads")
    )
    status = django_filters.ChoiceFilter(
        label=_("State"), choices=Action.Status.choices, empty_label=_("All states")
    )

    class Meta:
        model = Action
        fields = ["aim", "lead", "status"]

    def __init__(self, *args, aims, **kwargs):
        self.aims = aims
        super().__init__(*args, **kwargs)
        self.filters["aim"].extra["choices"] = [(letter, letter) for letter in aims]
        self.filters["lead"].queryset = Delegation.objects.filter(
            pk__in=self.queryset.order_by().values("lead")
        )

    def serving_aim(self, queryset, name, value):
        """Actions that serve an objective of the aim."""
        return queryset.filter(pk__in=Action.objects.filter(objectives__in=self.aims[value]).values("pk"))
