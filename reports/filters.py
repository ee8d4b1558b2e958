"""What a reader may choose on the dashboard and on the pages behind its numbers; every parameter is checked."""

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from actionplans.last_words import named_withdrawn
from reports.dashboards import Choice, plan_shown
from reports.objectives import address_of


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
    """The chain of which objectives, in which plan. The lists hold only what the reader sees.

    Of an objective that is named the form offers the aims and addressees of its own strategy (`text`, `withdrawn`).
    """

    def __init__(self, data, *, known, plans):
        super().__init__(data)
        self.text, self.withdrawn = known.around(known.find(data.get("objective", "")))
        plan = one_of(_("Plan"), [(str(p.number), str(p)) for p in plans])
        self.fields.update({**text_fields(self.text), "plan": plan, "objective": ObjectiveField(known)})

    def chosen(self) -> dict[str, str]:
        """What was chosen, each "" where nothing was; the objective by its code."""
        found = {name: self.cleaned_data[name] for name in self.fields}
        return found | {"objective": found["objective"].partition(":")[2]}


def text_fields(text) -> dict[str, forms.ChoiceField]:
    """Aim and addressees, by which the objectives of a text are narrowed."""
    aims = [(letter, Truncator(f"{letter}. {words}").words(9)) for letter, words in text.aims.items()]
    return {
        "aim": one_of(_("Aim"), aims),
        "addressees": one_of(_("Addressees"), text.addressees.items()),
    }


class ObjectiveField(forms.ChoiceField):
    """One objective or sub-point of those that are `known`; of other strategies under the document they stand in."""

    def __init__(self, known):
        choices: list = [("", _("All")), *map(_choice, [*known.text.wordings, *known.withdrawn])]
        others: dict[str, list] = {}
        for words in known.others:
            others.setdefault(words.objective.strategy.reference, []).append(_choice(words))
        super().__init__(label=_("Objective"), required=False, choices=[*choices, *others.items()])
        self.known = known

    def prepare_value(self, value):
        words = self.known.find(value) if value else None
        return address_of(words.objective) if words else value

    def to_python(self, value):
        return self.prepare_value(super().to_python(value))


def _choice(words) -> tuple[str, str]:
    """An objective as named in an address, and in words."""
    code = words.objective.code
    said = named_withdrawn(words) if words.withdrawn_with is not None else ""
    return address_of(words.objective), f"{code} ({said})" if said else Truncator(
        f"{code} {words.text}"
    ).words(9)


def one_of(label, choices) -> forms.ChoiceField:
    """A parameter that is one of these values, or left out."""
    return forms.ChoiceField(label=label, required=False, choices=[("", _("All")), *choices])
