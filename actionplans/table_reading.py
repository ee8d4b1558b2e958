"""The table of a plan as people send it: its headings, and each cell as a value or as a mistake in plain words."""

import re
from difflib import get_close_matches
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.models import Delegation
from actionplans.forms import may_take_part, offered_as_lead
from actionplans.models import Action, Objective, TermsOfReference, Wording
from actionplans.plan_table import CODES, DAYS, HEADINGS
from editing.forms import portal_field
from publishing.xlsx_process import letters
from strategy_portal.dates import brussels_today
from strategy_portal.fields import WholeNumberField

MOST_ACTIONS = 1000
MOST_OF_A_VALUE = 120  # characters of it in a mistake
LAST_NUMBER = 32_767
MEANT = dict.fromkeys(
    ("nr", "nr.", "no", "no.", "n°", "num", "#", "action"), "number"
)  # short forms of a heading


class Mistake(NamedTuple):
    """What is wrong with a cell, and what to do."""

    column: str
    value: str
    message: str


class Row(NamedTuple):
    """A row of the file, numbered as Excel does, with the texts of its cells by column."""

    row: int
    cells: dict[str, str]
    stray: list[tuple[str, str]]  # what stands under no heading: the letters of its column, its text


def plain(text):
    """A heading as it is compared: capitals and blanks do not count."""
    return " ".join(text.split()).casefold()


def columns_of(header) -> dict[str, int]:
    """Where each column stands. Raises ValidationError with a sentence for each heading that is wrong."""
    names = {plain(str(heading)): name for name, heading in HEADINGS.items()}
    found: dict[str, int] = {}
    wrong = []
    known = {names[plain(heading)] for heading in header if plain(heading) in names}
    missing = [str(heading) for name, heading in HEADINGS.items() if name not in known]
    for at, heading in enumerate(header):
        if not heading.strip():
            continue
        name, column = names.get(plain(heading)), letters(at + 1)
        shown = Truncator(" ".join(heading.split())).chars(MOST_OF_A_VALUE)
        if name is None:
            wrong.append(_unknown_heading(shown, column, names, missing))
        elif name in found:
            wrong.append(
                _("The heading “%(heading)s” stands twice, in columns %(first)s and %(second)s.")
                % {"heading": shown, "first": letters(found[name] + 1), "second": column}
            )
        else:
            found[name] = at
    if missing:
        wrong.append(
            _("Headings are missing in the first row: %(headings)s.") % {"headings": ", ".join(missing)}
        )
    if wrong:
        expected = ", ".join(str(heading) for heading in HEADINGS.values())
        raise ValidationError(
            [*wrong, _("Expected in the first row, in any order: %(headings)s.") % {"headings": expected}]
        )
    return found


def _unknown_heading(shown, column, names, missing):
    words = {"heading": shown, "column": column}
    near = get_close_matches(plain(shown), names, 1)
    if meant := MEANT.get(plain(shown)) or (names[near[0]] if near else ""):
        words["meant"] = HEADINGS[meant]
        return (
            _("The heading “%(heading)s” in column %(column)s is not known. Did you mean “%(meant)s”?")
            % words
        )
    if missing:
        said = _(
            "The heading “%(heading)s” in column %(column)s is not known. Give it one that is missing, or delete that"
            " column."
        )
        return said % words
    return _("The heading “%(heading)s” in column %(column)s is not known. Delete that column.") % words


def rows_of(table) -> list[Row]:
    """The rows under the headings that say anything."""
    columns = columns_of(table[0])
    places = set(columns.values())
    found = []
    for number, line in enumerate(table[1:], 2):
        if not any(cell.strip() for cell in line):
            continue
        cells = {name: line[at].strip() if at < len(line) else "" for name, at in columns.items()}
        stray = [
            (letters(at + 1), cell.strip())
            for at, cell in enumerate(line)
            if cell.strip() and at not in places
        ]
        found.append(Row(number, cells, stray))
    return found


class Reader:
    """Reads cells as values by the rules of the forms; what the codes mean is asked once for the whole file."""

    def __init__(self, plan):
        self.plan = plan
        self.number = WholeNumberField(min_value=1, max_value=LAST_NUMBER)
        fields = {name: portal_field(Action._meta.get_field(name)) for name in ("title", *DAYS)}
        outcome = TermsOfReference._meta.get_field("expected_outcome")
        self.fields = fields | {"expected_outcome": portal_field(outcome)}
        self.states = {plain(str(label)): value for value, label in Action.Status.choices}
        self._told: dict[tuple[str, str], str] = {}  # what was near a wrong code: files repeat their mistakes

    @cached_property
    def objectives(self):
        """Objectives by code, in the order of the strategy."""
        rows = Objective.objects.filter(strategy=self.plan.strategy_id).order_by("order")
        return {objective.code: objective for objective in rows}

    @cached_property
    def in_force(self):
        """The codes of the objectives that the form offers: those worded in force."""
        worded = Wording.objects.filter(objective__strategy=self.plan.strategy_id, version__status="in_force")
        return set(worded.values_list("objective__code", flat=True))

    @cached_property
    def delegations(self):
        """Delegations by code, in protocol order, each with whether it may lead and take part today."""
        today = brussels_today()
        may = {"leads": offered_as_lead(today), "takes_part": may_take_part(today)}
        asked = {
            name: ExpressionWrapper(Q(pk__in=rows.values("pk")), BooleanField()) for name, rows in may.items()
        }
        return {delegation.code: delegation for delegation in Delegation.objects.annotate(**asked)}

    @cached_property
    def leading(self):
        """The codes of those who may lead."""
        return {code for code, delegation in self.delegations.items() if delegation.leads}

    @cached_property
    def taking_part(self):
        """The codes of those who may take part."""
        return {code for code, delegation in self.delegations.items() if delegation.takes_part}

    @cached_property
    def names(self):
        """The codes of delegations by all that somebody may write for one."""
        found = {}
        for known, delegation in self.delegations.items():
            found[delegation.name.casefold()] = found[known.casefold()] = known
        for known, delegation in self.delegations.items():
            if delegation.iso_code:
                found.setdefault(delegation.iso_code.casefold(), known)
        return found

    def read(self, name, text, now) -> Any:
        """The value of a cell; `now` is what the plan says there. Raises ValidationError."""
        if name == "objectives":
            codes = self._codes(text, self.objectives, self._unknown_objective)
            if not codes:
                raise ValidationError(_("Name at least one objective that the action serves, as in B.MS.a."))
            if gone := [code for code in codes if code not in self.in_force and code not in now]:
                raise ValidationError(
                    _(
                        "Not in the strategy in force: %(codes)s. Only an action that serves it already keeps it."
                    )
                    % {"codes": ", ".join(gone)}
                )
            return codes
        if name == "lead":
            codes = self._codes(text, self.delegations, self._unknown_delegation)
            if len(codes) > 1:
                raise ValidationError(_("An action has one lead. The others are co-leads."))
            self._allowed(codes, self.leading | {now})
            return codes[0] if codes else ""
        if name in CODES:
            codes = self._codes(text, self.delegations, self._unknown_delegation)
            self._allowed(codes, self.taking_part | set(now))
            return codes
        if name == "status":
            return self._state(text, now)
        return self.fields[name].clean(text)

    def read_number(self, text) -> int:
        """The running number. Raises ValidationError."""
        if not text:
            raise ValidationError(_("Give each action its running number within the plan: 1, 2, 3 …"))
        if text.startswith(f"{self.plan.number}.") and text[len(f"{self.plan.number}.") :].isdecimal():
            running = text.partition(".")[2]
            raise ValidationError(
                _("Write the running number within the plan: %(running)s.") % {"running": running}
            )
        return self.number.clean(text)

    def _codes(self, text, known, why_not):
        """The codes of a cell in the order of the code list; commas, semicolons, blanks and lines part them."""
        parts = dict.fromkeys(" ".join(part.split()) for part in re.split("[,;\n]", text) if part.strip())
        written, wrong = set(), []
        for part in parts:
            codes = part.split()
            unknown = [code for code in codes if code not in known]
            wrong += (
                [part] if unknown == codes else unknown
            )  # of several words none is a code: a name, perhaps
            written.update(codes)
        if wrong:
            raise ValidationError([why_not(code) for code in dict.fromkeys(wrong)])
        return tuple(code for code in known if code in written)

    def _unknown_objective(self, code):
        said = _("The strategy has no objective %(code)s.") % {"code": code}
        near = self._near("objective", code, {known.casefold(): known for known in self.objectives})
        return said + (near or _one_of(_of_aim_and_letter(code, self.objectives)))

    def _unknown_delegation(self, code):
        said = _("There is no delegation %(code)s.") % {"code": code}
        return said + self._near("delegation", code, self.names)

    def _near(self, kind, code, names):
        if (kind, code) not in self._told:
            self._told[kind, code] = _meant(code, names)
        return self._told[kind, code]

    def _allowed(self, codes, allowed):
        if wrong := [str(self.delegations[code]) for code in codes if code not in allowed]:
            raise ValidationError(
                _("Not among those who can be chosen here today: %(who)s.") % {"who": ", ".join(wrong)}
            )

    def _state(self, text, now):
        if not text or self.states.get(plain(text)) == now:
            return now
        words = {"state": Action.Status(now).label}
        if plain(text) not in self.states:
            raise ValidationError(_("This is no state. Write “%(state)s”, or leave the cell empty.") % words)
        raise ValidationError(
            _("The state does not change by a file. Write “%(state)s”, or leave the cell empty.") % words
        )


def _meant(code, names):
    """ " Did you mean …?" where something known is near, else ""."""
    near = get_close_matches(code.casefold(), names, 1)
    return " " + _("Did you mean %(code)s?") % {"code": names[near[0]]} if near else ""


def _of_aim_and_letter(code, known):
    """The codes with the aim and the letter of one that was written without its addressees, as in "B a)"."""
    written = re.findall(r"\w+", code.casefold())
    if len(written) < 2:
        return []
    ends = written[0], written[-1]
    parts = {one: one.casefold().split(".") for one in known}
    return [one for one, found in parts.items() if (found[0], found[-1]) == ends]


def _one_of(codes):
    """ " Did you mean one of these: …?", or "" where there is none."""
    return " " + _("Did you mean one of these: %(codes)s?") % {"codes": ", ".join(codes)} if codes else ""
