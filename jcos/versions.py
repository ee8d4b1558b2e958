"""What a version of results changed against the one before it."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from publishing.words import day_words, quantity_words
from strategy_portal.workflow import within_sentence

COMPARED = [
    "measure_id", "commodity_id", "quantity", "unit_id", "value_kind", "qualifier", "found_on", "place", "mode_id",
    "departure", "transhipment", "destination", "phase", "legal_state", "case_reference",
]  # fmt: skip


class Change(NamedTuple):
    """One line that is new, gone or different, or one answer that is different."""

    kind: str  # added, removed, changed
    what: Any
    before: str
    after: str


def lines_of(submission):
    """The lines of a version with everything that is shown of them."""
    return list(submission.lines.select_related("measure", "commodity__unit", "unit", "mode").order_by("pk"))


def changes(old, new, old_lines, new_lines):
    """What changed from one version to the next: answers first, then lines in their order."""
    found = []
    for name in ("is_nil", "finality", "contact", "remarks"):
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            label = new._meta.get_field(name).verbose_name
            found.append(Change("changed", label, _answer(old, name), _answer(new, name)))
    originals = {line.pk: line for line in old_lines}
    for line in new_lines:
        original = originals.pop(line.copied_from_id, None)
        if original is None:
            found.append(Change("added", _("Line added"), "", line_in_words(line)))
        elif any(getattr(line, name) != getattr(original, name) for name in COMPARED):
            found.append(Change("changed", _("Line changed"), line_in_words(original), line_in_words(line)))
    found += [Change("removed", _("Line removed"), line_in_words(line), "") for line in originals.values()]
    return found


def _answer(submission, name):
    value = getattr(submission, name)
    if name == "is_nil":
        return _("yes") if value else _("no")
    return str(submission.get_finality_display()) if name == "finality" else value


def line_in_words(line):
    """Everything that a line says, in one text."""
    unit = line.unit.symbol if line.unit else ""
    parts = [
        str(line.measure) if line.measure else _("not said what is counted"),
        str(line.commodity) if line.commodity else "",
        quantity_words(line.quantity, unit, line.qualifier)
        if line.quantity is not None
        else _("no quantity"),
        within_sentence(line.get_value_kind_display()) if line.value_kind else "",
        day_words(line.found_on) if line.found_on else "",
        line.place,
        str(line.mode) if line.mode else "",
        route_in_words(line),
        within_sentence(line.get_phase_display()),
        within_sentence(line.get_legal_state_display()) if line.legal_state else "",
        line.case_reference,
    ]
    return ", ".join(part for part in parts if part)


def route_in_words(line):
    """Departure, transhipment and arrival, as far as they are known."""
    return " → ".join(part for part in (line.departure, line.transhipment, line.destination) if part)
