"""What a reader may choose on the dashboard and on the pages behind its numbers; every parameter is checked."""

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from actionplans.last_words import named_withdrawn
from reports.dashboards import Choice, plan_shown


class ProgressForm(forms.Form):
    """Plan, year and operation. The lists hold only what the reader sees, so anything else is refused."""

    plan = forms.ChoiceField(label=_("Plan"), required=False)
    year = forms.ChoiceField(label=_("Year of the operation"), required=False)
    operation = forms.ChoiceField(label=_("Operation"), required=False)

    def __init__(self, data, *, plans, operations, today):
        super().__init__(data)
        self.plans, self.operations, self.today = plans, operations, today
        shown = plan_shown(plans, today)
        years = sorted({o.in_year for o in operations if o.in_year}, reverse=True)
        self.fields["plan"].choices = [
            ("", _("%(plan)s (opens first)") % {"plan": shown} if shown else _("None")),
            *((str(p.number), str(p)) for p in plans),
        ]
        self.fields["year"].choices = [("", _("All years")), *((str(y), str(y)) for y in years)]
        self.fields["operation"].choices = [
            ("", _("All operations")),
            *((o.slug, f"{o.name} ({o.in_year})" if o.in_year else o.name) for o in operations),
        ]

    def choice(self) -> Choice:
        """What was chosen; nothing at all where the choice is not valid."""
        if not self.is_valid():
            return Choice()
        plan, year, operation = (self.cleaned_data.get(name) for name in ("plan", "year", "operation"))
        return Choice(
            plans=self.plans,
            operations=self.operations,
            plan=next((p for p in self.plans if str(p.number) == plan), None)
            or plan_shown(self.plans, self.today),
            year=int(year) if year else None,
            operation=next((o for o in self.operations if o.slug == operation), None),
            **self.chosen_of_text(),
        )

    def chosen_of_text(self) -> dict:
        """The objectives that were chosen, for a form that asks for them."""
        return {}


class RowsForm(ProgressForm):
    """The rows behind a number: what the figure itself is chosen by (`scope`), and the parameters of its rows.

    `text` holds the objectives, for a figure that is chosen by their aim and addressees.
    """

    def __init__(self, data, *, scope, fields, text=None, **lists):
        super().__init__(data, **lists)
        self.text = text
        for name in {"plan", "year", "operation"} - set(scope):
            del self.fields[name]
        if text is not None:
            self.fields.update(text_fields(text))
        self.fields.update(fields)

    def chosen_of_text(self):
        if self.text is None:
            return {}
        return {"text": self.text, **{name: self.cleaned_data[name] for name in ("aim", "addressees")}}

    def wanted(self) -> dict[str, str]:
        """The parameters of the rows that were given."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class ChainForm(forms.Form):
    """The chain of which objectives, in which plan. The lists hold only what the reader sees."""

    def __init__(self, data, *, text, withdrawn, plans):
        super().__init__(data)
        plan = one_of(_("Plan"), [(str(p.number), str(p)) for p in plans])
        self.fields.update({**text_fields(text), "plan": plan, "objective": objective_field(text, withdrawn)})

    def chosen(self) -> dict[str, str]:
        """What was chosen, each "" where nothing was."""
        return {name: self.cleaned_data[name] for name in self.fields}


def text_fields(text) -> dict[str, forms.ChoiceField]:
    """Aim and addressees, by which the objectives of a text are narrowed."""
    aims = [(letter, Truncator(f"{letter}. {words}").words(9)) for letter, words in text.aims.items()]
    return {
        "aim": one_of(_("Aim"), aims),
        "addressees": one_of(_("Addressees"), text.addressees.items()),
    }


def objective_field(text, withdrawn) -> forms.ChoiceField:
    """One objective or sub-point by its code: of a text, or one that the strategy has withdrawn."""
    codes = [
        (words.objective.code, Truncator(f"{words.objective.code} {words.text}").words(9))
        for words in text.wordings
    ]
    gone = [
        (words.objective.code, f"{words.objective.code} ({named_withdrawn(words)})") for words in withdrawn
    ]
    return one_of(_("Objective"), [*codes, *gone])


def one_of(label, choices) -> forms.ChoiceField:
    """A parameter that is one of these values, or left out."""
    return forms.ChoiceField(label=label, required=False, choices=[("", _("All")), *choices])
