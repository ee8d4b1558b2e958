"""What the things that are tabled and asked about say, in paragraphs: for the notices to delegations."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from publishing.words import day_words


def of_terms(terms):
    """The action, and the text: each section that is written, indicators and milestones where they stand in it."""
    action = terms.action
    parts = [f"{action}: {action.title}"]
    for name in terms.SECTIONS:
        if text := getattr(terms, name):
            parts.append(f"{capfirst(str(terms._meta.get_field(name).verbose_name))}:\n{text}")
        if name == "expected_outcome":
            parts += _listed(
                _("Indicators:"), [f"{row.title} ({row.unit})" for row in terms.indicators.all()]
            )
        if name == "timetable":
            parts += _listed(_("Milestones:"), [row.described for row in terms.milestones.all()])
    return parts


def _listed(heading, lines):
    """One paragraph of a heading and its lines, or none."""
    return ["\n".join([heading, *lines])] if lines else []


def of_plan(plan):
    """Its title, its period, and its actions with their leads."""
    days = {"begin": day_words(plan.starts_on), "end": day_words(plan.ends_on)}
    parts = [plan.title] if plan.title else []
    parts.append(_("%(begin)s to %(end)s.") % days)
    actions = plan.arranged(plan.actions.select_related("lead"))
    lines = [
        f"{plan.number}.{action.number} {action.title}" + (f" ({action.lead})" if action.lead else "")
        for action in actions
    ]
    return parts + _listed(_("Actions:"), lines)


def of_action(action):
    """Its title and its summary."""
    return [part for part in (action.title, action.summary) if part]


def of_amendment(amendment):
    """The reason, and what becomes of which action."""
    lines = [f"{line.action}, {line.action.title}: {line.get_kind_display()}" for line in amendment.lines]
    reason = _("Reason: %(reason)s") % {"reason": amendment.reason}
    return [reason, *_listed(_("Changes:"), lines)]


def of_version(version):
    """What was changed in the text, part by part, with the reasons."""
    lines = [f"{change}. {change.text}" for change in version.changes.all()]
    return _listed(_("Changes of the text:"), lines)
