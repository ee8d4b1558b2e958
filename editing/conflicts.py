"""Two people at one form: what each has written, side by side, and the way from their choices back to a form's data."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT, BaseFormSet
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _

from editing.merging import marked, merged
from editing.versions import digest, digest_of_lines
from publishing.documents import Change, Runs
from strategy_portal.dates import BRUSSELS
from strategy_portal.fields import TextBlock, TextLine

MINE, SAVED, MERGED = "mine", "saved", "merged"
UNDECIDED = "conflict"  # the names that need a choice, as the page sends them along


@dataclass
class Entry:
    """One field in which what was typed differs from what is saved now. `preferred` is the choice that is offered."""

    name: str
    label: str
    mine: str
    saved: str
    preferred: str
    hidden: Any  # both values as hidden inputs
    editor: Any = ""  # an input for a text made of both or written from both, where the field is a text
    is_missing: bool = False
    marks: tuple[Runs, Runs] = ((), ())  # both texts, with the words that only one of them has

    @property
    def is_text(self) -> bool:
        return bool(self.editor)

    @property
    def is_merged(self) -> bool:
        """Whether the text in `editor` was made of both: any other is one writer's alone, and is not called so."""
        return self.preferred == MERGED

    @property
    def has_marks(self) -> bool:
        return any(run.change != Change.KEPT for runs in self.marks for run in runs)


@dataclass
class Line:
    """One line of a formset on the conflict page: what differs in it, or what became of it."""

    title: str
    note: str = ""
    entries: list[Entry] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Conflict:
    """Everything that the conflict page shows and sends along."""

    entries: list[Entry]
    lines: list[Line]
    carried: list[tuple[str, str]]
    kept: list[tuple[str, str]] = field(default_factory=list)  # what no row stores, as label and text

    @property
    def is_empty(self) -> bool:
        return not self.entries and not self.lines

    @property
    def hidden(self) -> Any:
        return _hidden_inputs(self.carried)

    @property
    def missing(self) -> list[Entry]:
        """The entries that were sent back without a choice."""
        return [e for line in (self, *self.lines) for e in line.entries if e.is_missing]


def resolved(data: QueryDict) -> tuple[QueryDict, set[str]]:
    """The data of a form after the choices of a conflict page, and the names for which none was made."""
    if UNDECIDED not in data:
        return data, set()
    chosen = data.copy()
    undecided = set()
    for name in data.getlist(UNDECIDED):
        choice = data.get(f"take-{name}")
        if choice not in (MINE, SAVED, MERGED):
            undecided.add(name)
        if choice == MERGED or (choice not in (MINE, SAVED) and name in data):
            continue
        values = data.getlist(f"{choice if choice == SAVED else MINE}-{name}")
        if values:
            chosen.setlist(name, values)
        else:
            chosen.pop(name, None)
    return chosen, undecided


def conflict_of(
    mine: forms.BaseForm,
    now: forms.BaseForm,
    opened: Mapping[str, str],
    undecided: Iterable[str] = (),
    formsets: Mapping[str, tuple[BaseFormSet, BaseFormSet]] | None = None,
    before: Callable[[str, str], str | None] = lambda name, digest: None,
) -> Conflict:
    """Compare a bound form with an unbound one of the row as it is saved now.

    `opened` are the digests of what the page showed when it was opened. `formsets` are pairs of the same kind:
    the lines of one that nobody else has changed are carried on as typed. `before` finds the text of a field by the
    digest that it had: where both have changed different places of a long text, a text with both changes is proposed.
    Where that text is not found (the row keeps no history, or its history is longer than is looked through), there is
    nothing to tell the two changes apart by, and no text is proposed.
    """
    conflict = Conflict([], [], [])
    undecided = set(undecided)
    _compare(mine, now, opened, undecided, conflict.entries, conflict.carried)
    conflict.kept = [
        (str(bound.label), text)
        for bound in mine.visible_fields()
        if not _is_stored(bound) and (text := shown(bound))
    ]
    for entry in conflict.entries:
        _propose(entry, mine[entry.name], now[entry.name], opened.get(entry.name, ""), before)
    for name, (bound, stored) in (formsets or {}).items():
        lines = _Lines(bound, stored, undecided, conflict)
        if opened.get(name) == digest_of_lines(stored):
            lines.carry_all()
        else:
            lines.add()
    return conflict


def typed(form: forms.BaseForm) -> list[tuple[str, str]]:
    """What stands in a form, as label and text, for a page that only shows it."""
    return [(str(bound.label), shown(bound)) for bound in form.visible_fields()]


def shown(bound: BoundField) -> str:
    """The value of a bound field in words: the chosen options' labels, a day, the text as typed."""
    value = bound.value()
    if value is None or value == "" or value == []:
        return ""
    if isinstance(bound.field, forms.BooleanField):
        return _("Yes") if value not in (False, "False", "false", "0") else _("No")
    if hasattr(bound.field, "choices"):
        wanted = {str(_key(part)) for part in (value if isinstance(value, list | tuple | set) else [value])}
        return "\n".join(
            str(label) for key, label in _flat(bound.field.choices) if str(key) in wanted
        ) or str(value)
    if isinstance(value, datetime):
        return date_format(value.astimezone(BRUSSELS) if value.tzinfo else value, "DATETIME_FORMAT")
    if isinstance(value, str) and isinstance(bound.field.widget, forms.DateInput):
        try:
            value = bound.field.to_python(value)
        except ValidationError:
            return value
    return date_format(value, "DATE_FORMAT") if isinstance(value, date) else str(value)


def _key(value: Any) -> Any:
    return getattr(value, "pk", value)


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield getattr(key, "value", key), label


def _is_compared(bound: BoundField) -> bool:
    return not (getattr(bound.field, "is_carried", False) or bound.field.disabled or bound.name == "DELETE")


def _is_stored(bound: BoundField) -> bool:
    """Whether a row keeps the value; a reason given with a change is kept elsewhere, so nothing stands against it."""
    return getattr(bound.field, "is_stored", True)


def _compare(mine, now, opened, undecided, entries, carried, rename=None) -> None:
    for bound in mine:
        if not _is_compared(bound):
            continue
        name = bound.html_name if rename is None else rename(bound.name)
        stored = now[bound.name]
        if (
            bound.is_hidden
            or not _is_stored(bound)
            or (name not in undecided and not _differs(bound, stored))
        ):
            carried += _values(name, bound)
            continue
        entries.append(_entry(name, bound, stored, opened.get(bound.name), name in undecided))


def _differs(bound: BoundField, stored: BoundField) -> bool:
    return bool(bound.field.has_changed(stored.initial, bound.data))


def _entry(name: str, mine: BoundField, stored: BoundField, opened: str | None, is_missing: bool) -> Entry:
    if is_missing or opened is None:
        preferred = ""
    elif digest(stored.initial) == opened:
        preferred = MINE
    else:
        preferred = SAVED if _is_untouched(mine, opened) else ""
    is_text = isinstance(mine.field, TextLine)
    editor = _editor(name, mine, mine.value()) if is_text else ""
    texts = shown(mine), shown(stored)
    marks = marked(*map(normalize_newlines, texts)) if is_text and all(texts) else ((), ())
    both = [*_values(f"{MINE}-{name}", mine), *_values(f"{SAVED}-{name}", stored), (UNDECIDED, name)]
    return Entry(name, str(mine.label), *texts, preferred, _hidden_inputs(both), editor, is_missing, marks)


def _propose(
    entry: Entry,
    mine: BoundField,
    stored: BoundField,
    opened: str,
    before: Callable[[str, str], str | None],
) -> None:
    """Propose a text with both changes, where there can be one and no choice is made or missing yet."""
    if entry.preferred or entry.is_missing or not opened or not isinstance(mine.field, TextBlock):
        return
    old = before(mine.name, opened)
    try:
        text = None if old is None else merged(old, mine.field.clean(mine.data), stored.initial or "")
    except ValidationError:
        return
    if text is not None:
        entry.preferred = MERGED
        entry.editor = _editor(entry.name, mine, text)


def _editor(name: str, mine: BoundField, text: Any) -> Any:
    """An input for a text made of both, or for one to write from both."""
    attrs = {"class": "form-control", "id": f"id_merged_{name}", "aria-labelledby": f"merged-{name}"}
    return mine.field.widget.render(name, text, mine.build_widget_attrs(attrs, mine.field.widget))


def _is_untouched(mine: BoundField, opened: str) -> bool:
    """Whether the value is still what the form showed when it was opened."""
    try:
        return digest(mine.field.clean(mine.data)) == opened
    except ValidationError:
        return False


def _values(name: str, bound: BoundField) -> list[tuple[str, str]]:
    """The value of a field as a form would send it."""
    value = bound.value()
    if value is None or value is False:
        return []
    parts = value if isinstance(value, list | tuple | set) else [value]
    return [(name, str(_key(part))) for part in parts]


def _hidden_inputs(pairs: Iterable[tuple[str, str]]) -> Any:
    return format_html_join("\n", '<input type="hidden" name="{}" value="{}">', pairs)


class _Lines:
    """The lines of a formset, put together anew: mine, those saved meanwhile, those removed meanwhile."""

    def __init__(self, mine: BaseFormSet, now: BaseFormSet, undecided: set[str], conflict: Conflict):
        self.mine, self.now, self.undecided, self.conflict = mine, now, undecided, conflict
        self.count = 0

    def carry_all(self) -> None:
        """Send every line on as it was typed."""
        names = [name for name in self.mine.data if name.startswith(f"{self.mine.prefix}-")]
        self.conflict.carried += [(name, value) for name in names for value in self.mine.data.getlist(name)]

    def add(self) -> None:
        """Add the lines to the conflict: stored ones first, as a formset wants them, then new ones."""
        stored = {line.instance.pk: line for line in self.now.initial_forms}
        typed_lines = {line.instance.pk: line for line in self.mine.forms if line.instance.pk in stored}
        for pk, line in stored.items():
            if pk in typed_lines:
                self._both(typed_lines[pk], line)
            else:
                self._carry(line)
                self._tell(line, _("Added by the other save; it stays."))
        initial = self.count
        for line in self.mine.forms:
            if line.instance.pk not in stored and self._was_sent(line) and line.has_changed():
                was_saved = line in self.mine.initial_forms
                self._carry(line, skip=self._pk_name)
                self._tell(line, _("Removed by the other save; saving adds it again.") if was_saved else "")
        form = self.mine.management_form
        self.conflict.carried += [
            (form.add_prefix(TOTAL_FORM_COUNT), str(self.count)),
            (form.add_prefix(INITIAL_FORM_COUNT), str(initial)),
        ]

    def _was_sent(self, line: Any) -> bool:
        """Whether anything of a line was sent: a count alone, however large, is no line."""
        return any(name.startswith(f"{line.prefix}-") for name in self.mine.data)

    @property
    def _pk_name(self) -> str:
        return self.now.model._meta.pk.name

    def _rename(self, name: str) -> str:
        return f"{self.mine.prefix}-{self.count}-{name}"

    def _both(self, mine: Any, now: Any) -> None:
        line = Line(str(now.instance))
        if "DELETE" in mine.fields and mine["DELETE"].value():
            self.conflict.carried.append((self._rename("DELETE"), "on"))
            line.note = _("You remove this line.")
        _compare(mine, now, {}, self.undecided, line.entries, self.conflict.carried, self._rename)
        if line.note or line.entries:
            self.conflict.lines.append(line)
        self.count += 1

    def _carry(self, form: Any, skip: str = "") -> None:
        for bound in form:
            if _is_compared(bound) and bound.name != skip:
                self.conflict.carried += _values(self._rename(bound.name), bound)
        self.count += 1

    def _tell(self, form: Any, note: str) -> None:
        texts = [(str(b.label), shown(b)) for b in form.visible_fields() if b.name != "DELETE"]
        title = str(form.instance) if form.instance.pk else _("A new line")
        self.conflict.lines.append(Line(title, note, texts=texts))
