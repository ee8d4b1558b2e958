"""What a thing that is found is called, where it is, and in which state."""

from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.models import StrategyVersion
from actionplans.periods import Period
from actionplans.standing import REPLACED, replaced_by
from council.models import Decision
from publishing.words import day_words
from search.kinds import SOURCES
from search.models import SearchEntry


class Named(NamedTuple):
    """`name` stands before the title, `where` below it; `state` is "" for what has none."""

    name: str
    url: str
    where: str = ""
    state: str = ""
    state_word: str = ""


class Naming:
    """The versions that the entries at hand belong to, and those in force."""

    def __init__(self, versions: list[StrategyVersion]):
        self.versions = {version.pk: version for version in versions}
        self.in_force = [version for version in versions if version.status == "in_force"]

    def state_of(self, version: StrategyVersion) -> tuple[str, str]:
        """The state of a version and its word: also of one that a later strategy has replaced."""
        if version in self.in_force and replaced_by(version.strategy, self.in_force):
            return REPLACED, _("Replaced")
        return version.status, version.get_status_display()


def named(entry: SearchEntry, naming: Naming) -> Named:
    """The name and the address of an entry, from what the index holds and the version of a strategy's text."""
    found = _NAMES[entry.source](entry, naming)
    if found.state or not entry.state or entry.source == "decision":
        return found
    words = dict(SOURCES[entry.source].model._meta.get_field("status").flatchoices)
    return found._replace(state=entry.state, state_word=str(words.get(entry.state, entry.state)))


def _in_version(entry: SearchEntry, naming: Naming, name: str, page: str = "") -> Named:
    """A part of a version's text: on the page of the objective where it is in force, else at its place in the text."""
    slug, number, anchor = entry.args
    version = naming.versions.get(entry.owner_id)
    in_force = version is not None and version.status == "in_force"
    if page and in_force:
        url = reverse(page, args=[slug, anchor])
    else:
        url = reverse("actionplans:strategyversion_detail", args=[slug, number]) + f"#{anchor}"
    if version is None:
        return Named(name, url)
    where = _("%(strategy)s, version %(number)s") % {"strategy": version.strategy.reference, "number": number}
    return Named(name, url, where, *naming.state_of(version))


def _objective(entry: SearchEntry, naming: Naming) -> Named:
    return _in_version(entry, naming, entry.reference, "actionplans:objective_detail")


def _section(entry: SearchEntry, naming: Naming) -> Named:
    return _in_version(entry, naming, entry.reference)


def _aim(entry: SearchEntry, naming: Naming) -> Named:
    return _in_version(entry, naming, _("Aim %(letter)s") % {"letter": entry.reference})


def _strategy(entry: SearchEntry, naming: Naming) -> Named:
    name = (
        "" if entry.reference in entry.title else entry.reference
    )  # a resolution's title often says its number
    return Named(name, reverse("actionplans:strategy_detail", args=entry.args))


def _plan(entry: SearchEntry, naming: Naming) -> Named:
    name = _("Plan %(number)s") % {"number": entry.reference}
    return Named(name, reverse("actionplans:actionplan_detail", args=entry.args))


def _action(entry: SearchEntry, naming: Naming) -> Named:
    return Named(entry.reference, reverse("actionplans:action_detail", args=entry.args))


def _terms(entry: SearchEntry, naming: Naming) -> Named:
    where = _("Version %(number)s") % {"number": entry.args[2]}
    return Named(entry.reference, reverse("actionplans:terms_version", args=entry.args), where)


def _note(entry: SearchEntry, naming: Naming) -> Named:
    plan, action, *days = entry.args
    begins_on, ends_on = (date.fromisoformat(day) for day in days)
    url = reverse("actionplans:progressnote_detail", args=[plan, action, ends_on])
    return Named(entry.reference, url, str(Period(begins_on, ends_on)))


def _amendment(entry: SearchEntry, naming: Naming) -> Named:
    plan, number = entry.args
    name = _("Amendment %(number)s of plan %(plan)s") % {"number": number, "plan": plan}
    return Named(name, reverse("actionplans:amendment_detail", args=entry.args))


def _operation(entry: SearchEntry, naming: Naming) -> Named:
    return Named("", reverse("jcos:operation_detail", args=entry.args))


def _meeting(entry: SearchEntry, naming: Naming) -> Named:
    return Named(_day(entry), reverse("council:meeting_detail", args=entry.args[:1]))


def _point(entry: SearchEntry, naming: Naming) -> Named:
    meeting, body, _held_on, number = entry.args
    where = _("Agenda of %(body)s, %(day)s") % {"body": body, "day": _day(entry)}
    return Named("", reverse("council:meeting_detail", args=[meeting]) + f"#point-{number}", where)


def _document(entry: SearchEntry, naming: Naming) -> Named:
    return Named(entry.reference, reverse("council:document_detail", args=entry.args))


def _decision(entry: SearchEntry, naming: Naming) -> Named:
    outcome = dict(Decision.Kind.choices).get(entry.state, entry.state)
    where = _("%(outcome)s by %(body)s, %(day)s") % {
        "outcome": outcome,
        "body": entry.args[1],
        "day": _day(entry),
    }
    return Named("", reverse("council:decision_detail", args=entry.args[:1]), where)


def _day(entry: SearchEntry) -> str:
    """The day of a meeting, of its agenda or of a decision, in words."""
    return day_words(date.fromisoformat(entry.args[2]))


_NAMES = {
    "strategy": _strategy, "section": _section, "aim": _aim, "objective": _objective, "plan": _plan, "planpart": _plan,
    "action": _action, "terms": _terms, "note": _note, "amendment": _amendment, "operation": _operation,
    "meeting": _meeting, "point": _point, "document": _document, "decision": _decision,
}  # fmt: skip
