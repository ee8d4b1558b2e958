"""What is wrong with the forms of a page, as lines that link to their fields."""

from typing import NamedTuple

from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _
from django_filters.filterset import BaseFilterSet


class ErrorLine(NamedTuple):
    """One error: the anchor of its field ("" where none can be named), the field's label, the sentence at the field."""

    anchor: str
    label: str
    message: str


def forms_in(context) -> list:
    """The forms and formsets in a template's context, each once, in the order in which the view named them.

    Looks at the types only, so that nothing lazy (the user, the CSRF token) is woken by the search.
    """
    found = []

    def take(value):
        kind = type(value)
        if issubclass(kind, (BaseForm, BaseFormSet)):
            if not any(value is other for other in found):
                found.append(value)
        elif issubclass(kind, BaseFilterSet):
            take(value.form)
        elif issubclass(kind, (list, tuple)):
            for part in value:
                take(part)
        elif kind is dict:
            for part in value.values():
                if issubclass(type(part), BaseFormSet):
                    take(part)

    for layer in context.dicts:
        for value in layer.values():
            take(value)
    return found


def lines(forms) -> list[ErrorLine]:
    """Every error of the given forms and formsets: first what concerns the whole, then field by field."""
    found = []
    for form in forms:
        found += _of_formset(form) if isinstance(form, BaseFormSet) else _of_form(form)
    return found


def _of_formset(formset) -> list[ErrorLine]:
    if not formset.is_bound:
        return []
    found = [ErrorLine("", "", message) for message in formset.non_form_errors()]
    title = getattr(formset, "title", "")
    before = _("%(title)s, line %(number)d, ") if title else _("Line %(number)d, ")
    for number, form in enumerate(formset.forms, start=1):
        found += _of_form(form, before % {"title": title, "number": number})
    return found


def _of_form(form, before="") -> list[ErrorLine]:
    if not form.is_bound:
        return []
    found = [ErrorLine("", before.rstrip(", "), message) for message in form.non_field_errors()]
    for field in form:
        anchor = "" if field.is_hidden else _anchor(field)
        found += [ErrorLine(anchor, f"{before}{field.label}", message) for message in field.errors]
    return found


def _anchor(field) -> str:
    """The id of the control that takes the focus: the first one where a field has several."""
    return (
        field.id_for_label
        or (field.subwidgets[0].id_for_label if field.subwidgets else "")
        or f"div_{field.auto_id}"
    )
