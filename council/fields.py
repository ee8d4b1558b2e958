"""The number of a Council document and a time of the day as form fields (`council/documents.py` reads the number)."""

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from council.documents import DocumentNumberError, Reference, parse
from strategy_portal.fields import TextBlock, clean_line


def document_number(text: str) -> str:
    """The one form of a document number, without subject codes. Raises ValidationError; also a model's validator."""
    return str(_parse(text))


def _parse(text: str) -> Reference:
    try:
        return parse(text)
    except DocumentNumberError as error:
        raise ValidationError(str(error), code="document_number") from None


class DocumentNumberField(forms.CharField):
    """A document number in any form that the Council uses; gives a `Reference`, or None when empty."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", _("For example 15198/09 or 14743/1/11 REV 1."))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Reference | None:
        if isinstance(value, Reference):
            return value
        text = super().to_python(value)
        return _parse(text) if text else None

    def run_validators(self, value: Any) -> None:
        """None beyond the parser's own: a Reference is no text."""

    def prepare_value(self, value: Any) -> Any:
        return value.with_codes if isinstance(value, Reference) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another document is named; another way of writing the same number is no change."""
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class DocumentMeantField(forms.MultipleChoiceField):
    """Whether a recorded document is the one meant: a box that is shown where that is asked back, else hidden.

    Gives the numbers for which it was ticked: a tick says nothing of another number that is typed afterwards.
    """

    hidden_widget = forms.MultipleHiddenInput

    def __init__(self, **kwargs: Any):
        super().__init__(required=False, widget=forms.MultipleHiddenInput, **kwargs)

    def valid_value(self, value: Any) -> bool:
        """Any: what number is asked about is known only when the form is read."""
        return True

    def ask(self, number: str, title: str) -> None:
        """Show the box for this document."""
        self.widget = forms.CheckboxSelectMultiple()
        self.choices = [(number, f"{number} {title}".strip())]
        self.widget.is_required = False


class DocumentLinesField(TextBlock):
    """Documents by their numbers, one a line, each with a title after a colon where it has one to say.

    Gives pairs of `Reference` and title, each number once.
    """

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 20_000)
        kwargs.setdefault("rows", 3)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[tuple[Reference, str]]:
        text = super().clean(value)
        found: dict[Reference, str] = {}
        for line in filter(None, map(str.strip, (text or "").splitlines())):
            number, _colon, title = line.partition(":")
            title = clean_line(title)
            if len(title) > 300:
                raise ValidationError(_("A title has at most 300 characters."), code="long")
            reference = _parse(number)
            if title and found.get(reference) not in (None, "", title):
                raise ValidationError(
                    _("%(number)s stands twice, with different titles.") % {"number": reference}, code="twice"
                )
            found[reference] = title or found.get(reference, "")
        return list(found.items())


_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2})?)?")


class ClockField(forms.CharField):
    """A time of the day such as 12:00, also typed as 12, 12h or 12.00; gives a `time`, or None when empty."""

    def to_python(self, value: Any) -> time | None:
        text = (
            value.strftime("%H:%M") if isinstance(value, time) else super().to_python(value) or ""
        ).strip()
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (24, 0)
        if hour > 23 or minute > 59:
            raise ValidationError(_("Write the hour as 12:00, from 00:00 to 23:59."), code="clock")
        return time(hour, minute)

    def run_validators(self, value: Any) -> None:
        """None beyond the parser's own: a time is no text."""

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, time) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"autocomplete": "off"}
