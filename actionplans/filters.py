"""How the actions of a plan are filtered; the choice is in the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from actionplans.models import Action


class ActionFilter(django_filters.FilterSet):
    """By aim, lead and state.

    `aims` are the identities of objectives by the letter of their aim, `leads` the names of delegations by their code.
    """

    aim = django_filters.ChoiceFilter(label=_("Aim"), method="serving_aim", empty_label=_("All aims"))
    lead = django_filters.ChoiceFilter(label=_("Lead"), field_name="lead__code", empty_label=_("All leads"))
    status = django_filters.ChoiceFilter(
        label=_("State"), choices=Action.Status.choices, empty_label=_("All states")
    )

    class Meta:
        model = Action
        fields = ["aim", "lead", "status"]

    def __init__(self, *args, aims, leads, **kwargs):
        self.aims = aims
        super().__init__(*args, **kwargs)
        self.filters["aim"].extra["choices"] = [(letter, letter) for letter in aims]
        self.filters["lead"].extra["choices"] = list(leads.items())

    def serving_aim(self, queryset, name, value):
        """Actions that serve an objective of the aim."""
        return queryset.filter(pk__in=Action.objects.filter(objectives__in=self.aims[value]).values("pk"))
