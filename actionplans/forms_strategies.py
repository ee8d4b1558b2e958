"""The forms around the strategies: which objective goes on from which."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.forms import WORDS_OF_AN_OBJECTIVE
from actionplans.models import Objective, Wording
from editing.forms import PortalModelForm


class PredecessorsField(forms.ModelMultipleChoiceField):
    """Boxes for the objectives of earlier strategies, under their strategy, each with its code and last words."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, objective):
        """Offer what stands in a strategy that is older than the objective's own: so no chain can lead back to it."""
        earlier = Objective.objects.filter(strategy__dated_on__lt=objective.strategy.dated_on)
        settled = ["agreed", "in_force", "superseded"]
        worded = Wording.objects.filter(objective__in=earlier, version__status__in=settled)
        words = dict(worded.order_by("version__number").values_list("objective", "text"))
        groups: dict[str, list] = {}
        for row in earlier.select_related("strategy").order_by("-strategy__dated_on", "order", "code"):
            text = Truncator(words.get(row.pk, "")).chars(WORDS_OF_AN_OBJECTIVE)
            label = f"{row.code} – {text}" if text else row.code
            groups.setdefault(row.strategy.reference, []).append((row.pk, label))
        self.queryset = earlier
        self.choices = list(groups.items())


class PredecessorsForm(PortalModelForm):
    """Ticks the objectives of earlier strategies that one goes on from."""

    predecessors = PredecessorsField(
        queryset=Objective.objects.none(), required=False, label=gettext_lazy("Goes on from")
    )

    class Meta:
        model = Objective
        fields = ["predecessors"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["predecessors"].offer(self.instance)

    @property
    def has_choices(self):
        """Whether the portal holds objectives of an earlier strategy."""
        return bool(self.fields["predecessors"].choices)

    def clean_predecessors(self):
        chosen = self.cleaned_data["predecessors"]
        later = [row for row in chosen if row.strategy.dated_on >= self.instance.strategy.dated_on]
        if later:
            raise ValidationError(_("A predecessor stands in an earlier strategy."), code="later")
        return chosen
