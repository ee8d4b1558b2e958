"""What an amendment can change of an action, as values that JSON holds: read, compared, put in words, written.

Delegations and objectives stand there by their codes, which are given once, days as 2027-03-31; "" and [] are nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation
from publishing.words import day_words

Values = dict[str, Any]

LABELS = {
    "title": _("Title"),
    "summary": _("What is done"),
    "objectives": _("Objectives"),
    "lead": _("Lead"),
    "co_leads": _("Co-leads"),
    "participants": _("Participants"),
    "starts_on": _("Begins on"),
    "ends_on": _("Ends on"),
}
TEXTS = ("title", "summary")
DAYS = ("starts_on", "ends_on")
ROLES = {"co_leads": "co_lead", "participants": "participant"}


def values_of(action: Any) -> Values:
    """The values of an action as it stands; `served` and `parts` are read as they were fetched."""
    parts = list(action.parts.all())
    return {
        "title": action.title,
        "summary": action.summary,
        "objectives": sorted(link.objective.code for link in action.served.all()),
        "lead": action.lead.code if action.lead else "",
        **{
            name: sorted(part.delegation.code for part in parts if part.role == role)
            for name, role in ROLES.items()
        },
        **{name: day.isoformat() if (day := getattr(action, name)) else "" for name in DAYS},
    }


def differing(values: Values, others: Values) -> Values:
    """Those of `values` that are not the same in `others`."""
    return {name: value for name, value in values.items() if value != others.get(name)}


def day_of(value: str) -> date | None:
    """A day as it was written, or None."""
    return date.fromisoformat(value) if value else None


def write(action: Any, values: Values) -> None:
    """Write values into an action, its objectives and those who take part in it."""
    own = {name: values[name] for name in TEXTS if name in values}
    own |= {name: day_of(values[name]) for name in DAYS if name in values}
    if "lead" in values:
        own["lead"] = Delegation.objects.filter(code=values["lead"]).first()
    for name, value in own.items():
        setattr(action, name, value)
    if own:
        action.save(update_fields=list(own))
    if "objectives" in values:
        _write_objectives(action, values["objectives"])
    if ROLES.keys() & values.keys():
        wanted = values_of(action) | values
        _write_parts(action, {code: role for name, role in ROLES.items() for code in wanted[name]})


def _write_objectives(action: Any, codes: Iterable[str]) -> None:
    missing = set(codes)
    for link in action.served.select_related("objective"):
        if link.objective.code in missing:
            missing.remove(link.objective.code)
        else:
            link.delete()
    for objective in action.plan.strategy.objectives.filter(code__in=missing):
        action.served.create(objective=objective)


def _write_parts(action: Any, wanted: dict[str, str]) -> None:
    for part in action.parts.select_related("delegation"):
        role = wanted.pop(part.delegation.code, None)
        if role is None:
            part.delete()
        elif part.role != role:
            part.role = role
            part.save(update_fields=["role"])
    for delegation in Delegation.objects.filter(code__in=wanted):
        action.parts.create(delegation=delegation, role=wanted[delegation.code])


# -- in words ------------------------------------------------------------------------------------------------------


def names_of(values: Iterable[Values]) -> dict[str, str]:
    """The names of all delegations in some values by their codes, in protocol order (one query, or none)."""
    codes: set[str] = set()
    for one in values:
        codes.update(filter(None, [one.get("lead")]), one.get("co_leads", []), one.get("participants", []))
    rows = Delegation.objects.filter(code__in=codes) if codes else Delegation.objects.none()
    return {delegation.code: str(delegation) for delegation in rows}


def words_of(name: str, value: Any, names: Mapping[str, str]) -> str:
    """A value as people read it; `names` are those of delegations."""
    if name in DAYS:
        return day_words(day_of(value)) if value else gettext("with the plan")
    if name == "lead":
        return names.get(value, value) or gettext("not stated")
    if name in ROLES:
        order = list(names)
        known = sorted(value, key=lambda code: order.index(code) if code in names else len(order))
        return ", ".join(names.get(code, code) for code in known) or gettext("none")
    if name == "objectives":
        return ", ".join(value) or gettext("none")
    return value or gettext("not stated")


# -- whether it fits -----------------------------------------------------------------------------------------------


def contradicted(drafted: Values, proposed: Values, current: Values) -> list[str]:
    """The names of what has changed since a change was drafted, and not to what it proposes."""
    return [name for name, value in proposed.items() if current[name] not in (drafted.get(name), value)]
