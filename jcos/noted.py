"""Whose results a noting covers and whose not, in sentences: before it is recorded, and kept with it afterwards."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def in_sentences(operation: Any) -> list[str]:
    """What a noting at this moment covers, who is missing, and what waits to be validated."""
    answered = _answers(operation)
    waiting = [
        p.delegation.name for p in _confirmed(operation) if answered.get(p.delegation_id) == "submitted"
    ]
    said = kept(operation)
    if waiting:
        said.append(_("Submitted but not validated, so not covered: %(who)s.") % {"who": ", ".join(waiting)})
    return said


def kept(operation: Any) -> list[str]:
    """What stays with the noting for whoever sees the operation: whose results it covers, and who was missing."""
    covered = [
        row.delegation.name for row in operation.submissions.awaiting_noting().select_related("delegation")
    ]
    said = [_("The noting covers the results of %(who)s.") % {"who": ", ".join(covered)}] if covered else []
    answered = _answers(operation)
    missing = ", ".join(_owing(p) for p in _confirmed(operation) if p.delegation_id not in answered)
    if missing and operation.results_due_on:
        due = {"who": missing, "day": date_format(operation.results_due_on)}
        said.append(_("Missing: %(who)s (due %(day)s).") % due)
    elif missing:
        said.append(_("Missing: %(who)s.") % {"who": missing})
    return said


def _confirmed(operation):
    return operation.participations.confirmed().with_days().select_related("delegation")


def _answers(operation):
    """The states of the newest versions that stand, by their delegation."""
    standing = operation.submissions.filter(status__in=["submitted", "validated"]).order_by("version")
    return dict(standing.values_list("delegation", "status"))


def _owing(participation):
    """A delegation that owes results, with its own day where a later one was agreed."""
    if not participation.agreed_until:
        return participation.delegation.name
    return _("%(who)s (agreed until %(day)s)") % {
        "who": participation.delegation.name, "day": date_format(participation.agreed_until),
    }  # fmt: skip
