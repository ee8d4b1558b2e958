"""Lines of a form that stand in an order: each says its place, those without one come last."""

from django.utils.translation import gettext_lazy

from editing.forms import PortalInlineFormSet, PortalModelForm
from strategy_portal.fields import WholeNumberField


class PlacedLineForm(PortalModelForm):
    """A line with its place among the others."""

    place = WholeNumberField(
        label=gettext_lazy("Place"), min_value=1, max_value=999, required=False,
        help_text=gettext_lazy("Empty: at the end."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["place"] = self.instance.order


class PlacedLinesFormSet(PortalInlineFormSet):
    """The lines of a row in the order in which they are to stand."""

    def lines(self):
        """The lines that stay, in order."""
        gone = set(self.deleted_forms)
        kept = [line for line in self.forms if line not in gone and (line.instance.pk or line.has_changed())]
        return sorted(kept, key=lambda line: line.cleaned_data.get("place") or 1000)

    def save(self, commit=True):
        """Save the lines with their new order; a line that stays where and what it is leaves no trace in history."""
        for line in self.deleted_forms:
            if line.instance.pk:
                line.instance.delete()
        for place, line in enumerate(self.lines(), start=1):
            row = line.instance
            is_changed = row.order != place or set(line.changed_data) - {"place"}
            setattr(row, self.fk.name, self.instance)
            row.order = place
            if is_changed or not row.pk:
                row.save()
