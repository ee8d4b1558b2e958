"""How the actions of a plan are filtered, and what of two versions is compared; the choice is in the address."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from actionplans.models import Action, Objective
from strategy_portal.fields import CodeField


class ActionFilter(django_filters.FilterSet):
    """By aim, lead and state; how what is left is grouped and sorted, which leaves out nothing.

    `aims` are the identities of objectives by the letter of their aim, `leads` the names of delegations by their code.
    """

    aim = django_filters.ChoiceFilter(label=_("Aim"), method="serving_aim", empty_label=_("All aims"))
    lead = django_filters.ChoiceFilter(label=_("Lead"), field_name="lead__code", empty_label=_("All leads"))
    status = django_filters.ChoiceFilter(
        label=_("State"), choices=Action.Status.choices, empty_label=_("All states")
    )

    group = django_filters.ChoiceFilter(
        label=_("Group by"), method="kept_whole", choices=[("lead", _("Lead")), ("status", _("State"))],
        empty_label=_("Aim"),
    )  # fmt: skip
    order = django_filters.ChoiceFilter(
        label=_("Sort by"), method="kept_whole", choices=[("number", _("Number"))],
        empty_label=_("Order of the plan"),
    )  # fmt: skip
    NARROWING = {"aim", "lead", "status"}

    class Meta:
        model = Action
        fields = ["aim", "lead", "status"]

    def __init__(self, data, *args, aims, leads, **kwargs):
        self.aims = aims
        if data.get("group") == "aim":  # said in words, what an empty choice says
            data = data.copy()
            del data["group"]
        super().__init__(data, *args, **kwargs)
        self.filters["aim"].extra["choices"] = [(letter, letter) for letter in aims]
        self.filters["lead"].extra["choices"] = list(leads.items())

    @property
    def is_narrowing(self) -> bool:
        """Whether anything may be left out."""
        return not self.NARROWING.isdisjoint(self.form.changed_data)

    def chosen(self, name) -> str:
        """What was chosen of a name, "" for nothing or what cannot be chosen."""
        self.form.is_valid()
        return self.form.cleaned_data.get(name) or ""

    def kept_whole(self, queryset, name, value):
        """All of them: the choice is about how they are shown."""
        return queryset

    def serving_aim(self, queryset, name, value):
        """Actions that serve an objective of the aim."""
        return queryset.filter(pk__in=Action.objects.filter(objectives__in=self.aims[value]).values("pk"))


class NewActionParameters(forms.Form):
    """Which objective a new action is begun for: one that the reader sees, worded in the strategy in force."""

    objective = CodeField(required=False)

    def __init__(self, *args, user, plan, **kwargs):
        super().__init__(*args, **kwargs)
        in_force = Objective.objects.visible_to(user).filter(wordings__version__status="in_force")
        self.objectives = in_force.filter(strategy=plan.strategy_id)

    def clean_objective(self):
        """The objective, or None where none is asked for."""
        code = self.cleaned_data["objective"]
        if not code:
            return None
        if found := self.objectives.filter(code=code).first():
            return found
        raise ValidationError(
            gettext("The strategy of this plan has no objective %(code)s in force: none is ticked."),
            params={"code": code},
        )


class CompareForm(forms.Form):
    """Which two versions are compared, and how much of the text is shown.

    `states` are the versions that the reader sees, in order: the state of each as a word by its number.
    """

    old = forms.TypedChoiceField(label=_("Compare"), coerce=int)
    new = forms.TypedChoiceField(label=_("With"), coerce=int)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Only what changed")), ("whole", _("The whole text"))],
    )

    def __init__(self, *args, states, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(number, f"{_('Version')} {number} ({word})") for number, word in states.items()]
        for name, initial in (("old", choices[-2:-1]), ("new", choices[-1:])):
            self.fields[name].choices = choices
            self.fields[name].initial = initial[0][0] if initial else None

    @property
    def is_whole(self) -> bool:
        """Whether the whole text was asked for; what cannot be read asks for what changed."""
        return self.is_bound and self.is_valid() and self.cleaned_data["show"] == "whole"
