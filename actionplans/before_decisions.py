"""What a version of the strategy needs before it is tabled or approved, and what is said before a decision on it."""

from django.apps import apps
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.words import day_words
from strategy_portal.workflow import Reason


def begins_the_text(version) -> bool:
    """Whether a version was copied from no other: all before it, if any, were given up."""
    before = version.strategy.versions.filter(number__lt=version.number)
    return not before.exclude(status="withdrawn").exists()


def text_complete(version) -> list[Reason]:
    """There is a text; no aim stands without addressees, and no addressees without an objective."""
    aims = list(version.aims.annotate(addressed=Count("blocks")).order_by("order"))
    if not aims and not version.sections.exists():
        return [Reason(_("This version has no text yet."), version.address("strategyversion_edit"))]
    blocks = apps.get_model("actionplans.AddresseeBlock").objects
    empty_aims = [
        Reason(
            _("Aim %(letter)s has no addressees yet.") % {"letter": aim.letter},
            version.address("addresseeblock_create", aim.letter),
        )
        for aim in aims
        if not aim.addressed
    ]
    return empty_aims + [
        Reason(
            _("%(code)s has no objective yet.") % {"code": block.code},
            version.address("objective_create", block.code),
        )
        for block in blocks.filter(aim__version=version, wordings=None)
    ]


def reasons_against_day(version, day, in_force) -> list[str]:
    """Why a version cannot come into force on a day: it was agreed later, or what it supersedes came into force later.

    Of two versions in force from one day, that day is read in the one with the higher number (`in_force_on`): it has
    to be the one that supersedes.
    """
    reasons = []
    if version.agreed_on and day < version.agreed_on:
        reasons.append(
            _("%(version)s was agreed on %(agreed)s; it cannot have been approved before, on %(day)s.")
            % {"version": version, "agreed": day_words(version.agreed_on), "day": day_words(day)}
        )
    if in_force and (day, version.number) < (in_force.in_force_from, in_force.number):
        reasons.append(
            _(
                "Version %(number)d is in force from %(begins)s; a meeting on %(day)s cannot have superseded it."
            )
            % {
                "number": in_force.number,
                "begins": day_words(in_force.in_force_from),
                "day": day_words(day),
            }
        )
    return reasons


def notes_before(version) -> list[str]:
    """What whoever records a decision on a version should know first."""
    notes = []
    if begins_the_text(version):
        words = {"number": version.number, "strategy": version.strategy.reference}
        notes.append(_("Version %(number)d is the first text of %(strategy)s in the portal.") % words)
    elif not version.changes.exists():
        notes.append(_("This version changes nothing of the text that it was copied from."))
    for code, number in withdrawn_and_served(version):
        notes.append(
            ngettext(
                "%(code)s is withdrawn, and %(number)d running action serves it. The link stays.",
                "%(code)s is withdrawn, and %(number)d running actions serve it. The links stay.",
                number,
            )
            % {"code": code, "number": number}
        )
    newer = version.strategy.versions.filter(status="in_force", number__gt=version.number).first()
    if newer:
        notes.append(_("%(version)s, a newer one, is in force.") % {"version": newer})
    text = _text_in_force()
    if said := in_the_shade(version, text):
        notes.append(said)
    elif text and text.strategy_id != version.strategy_id:
        notes.append(_replaces(text.strategy))
    return notes


def in_the_shade(version, text=None) -> str:
    """That a version comes into force beside a later strategy and does not take its place, or ""."""
    text = text or _text_in_force()
    if text is None or text.strategy.dated_on <= version.strategy.dated_on:
        return ""
    words = {"later": text.strategy.reference, "earlier": version.strategy.reference}
    said = _("%(later)s, a later strategy, is in force; this text of %(earlier)s does not take its place.")
    return said % words


def _text_in_force():
    """The version with which the portal works, or None."""
    return apps.get_model("actionplans.StrategyVersion").objects.in_force().first()


def _replaces(earlier) -> str:
    """That a text takes the place of an earlier strategy's, and how many running actions then serve only that one."""
    words = {"earlier": earlier.reference}
    said = _("It takes the place of %(earlier)s, whose objectives are then in force no more.") % words
    running = (
        apps.get_model("actionplans.Action").objects.unfinished().filter(served__objective__strategy=earlier)
    )
    number = running.distinct().count()
    if not number:
        return said
    return f"{said} " + ngettext(
        "%(number)d running action serves them. The link stays.",
        "%(number)d running actions serve them. The links stay.",
        number,
    ) % {"number": number}


def withdrawn_and_served(version) -> list[tuple[str, int]]:
    """Objectives in force that a version has not and that running actions serve: code, number of these actions."""
    running = apps.get_model("actionplans.Action").objects.unfinished()
    gone = (
        apps.get_model("actionplans.Objective")
        .objects.filter(strategy=version.strategy_id, wordings__version__status="in_force")
        .exclude(pk__in=version.wordings.values("objective"))
        .annotate(running=Count("serving", filter=Q(serving__action__in=running), distinct=True))
        .order_by("order", "code")
    )
    return [(objective.code, objective.running) for objective in gone if objective.running]
