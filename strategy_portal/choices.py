"""What a choice says that is not in its list, in plain words, in forms and filters alike.

Django's fields of choices come in many kinds, made by forms, filters and models; all of them take their sentences from
these classes, so that it is said here once. A form with a better sentence of its own keeps it.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MESSAGES: dict[type[forms.Field], dict[str, Any]] = {
    forms.ChoiceField: {"invalid_choice": _("“%(value)s” is not in the list. Choose one of the list.")},
    forms.MultipleChoiceField: {
        "invalid_choice": _("“%(value)s” is not in the list. Choose from the list."),
        "invalid_list": _("Choose from the list."),
    },
    forms.ModelChoiceField: {
        "invalid_choice": _("This is not in the list any more. Choose one of the list.")
    },
    forms.ModelMultipleChoiceField: {
        "invalid_list": _("Choose from the list."),
        "invalid_choice": _("“%(value)s” is not in the list any more. Choose from the list."),
        "invalid_pk_value": _("“%(pk)s” is not in the list. Choose from the list."),
    },
}


def say_plainly() -> None:
    """Put the portal's sentences in place of Django's; called once, before any form is made."""
    for field, messages in MESSAGES.items():
        field.default_error_messages = {**field.default_error_messages, **messages}  # type: ignore[attr-defined]
