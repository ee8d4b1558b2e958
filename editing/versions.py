"""What a form showed, as a text that can be compared: the row version of every edit form.

A digest of the shown values, not a counter of the row: a conflict is what two people did to the same form. A change
of state, of another form's fields or of a time stamp is none; a change of a many-to-many choice or of a line of a
formset, which leaves the row itself untouched, is one. One digest per field tells besides who changed which field.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.fields.files import FieldFile
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet

DIGITS = 16  # hexadecimal digits of SHA-256 kept for each field: 64 bits tell two texts apart


def canonical(value: Any) -> Any:
    """A value as JSON that is the same for the same value: 1.50 and 1.5, a list of choices in any order."""
    if isinstance(value, Model):
        return value.pk if isinstance(value.pk, int) else str(value.pk)
    if isinstance(value, QuerySet) or (
        isinstance(value, list | tuple) and any(isinstance(v, Model) for v in value)
    ):
        return sorted((canonical(part) for part in value), key=str)
    if isinstance(value, list | tuple | set | frozenset):
        return [canonical(part) for part in value]
    if isinstance(value, Mapping):
        return {str(key): canonical(part) for key, part in value.items()}
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, FieldFile):
        return value.name or None
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON of a value, shortened."""
    text = json.dumps(canonical(value), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def shown_values(form: BaseForm) -> dict[str, Any]:
    """The stored value of each field that the form lets one change; a default that is computed anew is none."""
    return {
        name: form.get_initial_for_field(field, name)
        for name, field in form.fields.items()
        if not field.disabled
        and not getattr(field, "is_carried", False)
        and not callable(_initial(form, name, field))
    }


def _initial(form: BaseForm, name: str, field: Any) -> Any:
    return form.initial.get(name, field.initial)


def parts_of(form: BaseForm, formsets: Mapping[str, BaseFormSet] | None = None) -> dict[str, str]:
    """The digest of each field and of each formset (its stored lines), by name."""
    parts = {name: digest(value) for name, value in shown_values(form).items()}
    return parts | {name: digest_of_lines(formset) for name, formset in (formsets or {}).items()}


def digest_of_lines(formset: BaseFormSet) -> str:
    """The digest of the stored lines of an unbound formset, whatever their order."""
    lines = [[str(line.instance.pk), canonical(shown_values(line))] for line in formset.initial_forms]
    return digest(sorted(lines, key=lambda line: line[0]))


def version_of(form: BaseForm, formsets: Mapping[str, BaseFormSet] | None = None) -> str:
    """The row version that an edit form carries: `title=1f2e…;lead=…`."""
    return written(parts_of(form, formsets))


def written(parts: Mapping[str, str]) -> str:
    """Parts as one text."""
    return ";".join(f"{name}={part}" for name, part in sorted(parts.items()))


def read(version: str) -> dict[str, str]:
    """The parts of a version; whatever is no version has none."""
    pairs = (piece.split("=", 1) for piece in version.split(";")[:1000] if "=" in piece)
    return dict(pairs)
