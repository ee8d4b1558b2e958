"""Choosing the unfinished actions of a plan, copying them into the next, and recording that they are carried over."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from council.forms import DecisionForm
from editing.forms import PortalForm
from strategy_portal.fields import TextBlock

LEAVE, KEEP = "leave", "keep"


class ActionsField(forms.TypedMultipleChoiceField):
    """Boxes for actions at hand, each with number and title; gives their identities."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": gettext_lazy("Choose at least one action."),
        "invalid_choice": gettext_lazy(
            "One of these actions is not among those that can go on. Choose once more."
        ),
    }

    def __init__(self, **kwargs):
        super().__init__(coerce=int, **kwargs)

    def offer(self, actions):
        """Offer these actions, in this order."""
        self.choices = [(action.pk, f"{action.reference} {action.title}") for action in actions]


class ChosenForm(PortalForm):
    """Which actions go on, and in which plan (its number); the choice is in the address."""

    to = forms.TypedChoiceField(
        label=gettext_lazy("Copy into"), coerce=int,
        error_messages={"invalid_choice": gettext_lazy("Choose a plan that is a draft and begins later.")},
    )  # fmt: skip
    action = ActionsField(label=gettext_lazy("Actions"))

    def __init__(self, *args, targets, actions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(plan.number, str(plan)) for plan in targets]
        self.fields["action"].offer(actions)


class RollOverForm(ChosenForm):
    """The same choice once more, with what is to be known before anything is copied."""

    withdrawn = forms.ChoiceField(
        label=gettext_lazy("Objectives that the strategy in force does not have"),
        choices=[
            (LEAVE, gettext_lazy("Leave them out")),
            (KEEP, gettext_lazy("Keep them, named as withdrawn")),
        ],
        widget=forms.RadioSelect,
    )
    reason = TextBlock(
        label=gettext_lazy("Reason"), max_length=4000, rows=3,
        help_text=gettext_lazy("It stands in the history of each copy."),
    )  # fmt: skip

    def __init__(self, *args, has_withdrawn, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("to", "action"):
            field = self.fields[name]
            field.widget = field.hidden_widget()
        if not has_withdrawn:
            del self.fields["withdrawn"]

    @property
    def keeps_withdrawn(self) -> bool:
        """Whether the copies keep objectives that are not in force."""
        return self.cleaned_data.get("withdrawn") == KEEP


class CarryOverForm(DecisionForm):
    """The meeting that decided that actions go on in a later plan: a decision for each of them, recorded at once."""

    actions = ActionsField(label=gettext_lazy("Actions that are carried over"))
    field_order = ["actions", *DecisionForm.field_order]

    def __init__(self, *args, actions, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["actions"].offer(actions)
        self.fields["text"].help_text = _(
            "In a sentence or two, if there is more to say. It is said of each action."
        )
