"""A plan and a file side by side: what would be new, changed or wrong, and the one way to bring all of it in.

The comparison asks the same number of questions however many actions there are; it is made afresh for each preview
and again, with the plan locked, before anything is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from actionplans.allowed import outside_the_plan, twice_in_an_action
from actionplans.consulted import asked_about
from actionplans.models import Action, ActionObjective, ActionParticipant, ActionPlan, TermsOfReference
from actionplans.plan_table import DAYS, HEADINGS, ROLES, text_of, values_of
from actionplans.table_reading import MOST_OF_A_VALUE, Mistake, Reader, Row, rows_of
from editing.versions import digest
from publishing.words import day_words
from strategy_portal.workflow import NotAllowed

NOTHING_YET = {
    "title": "", "objectives": (), "lead": "", "co_leads": (), "participants": (), "expected_outcome": "",
    "starts_on": None, "ends_on": None, "status": Action.Status.PROPOSED,
}  # fmt: skip
OWN_FIELDS = ("title", "lead", *DAYS)


@dataclass
class Change:
    """A field before and after."""

    label: str
    before: str
    after: str


@dataclass
class Line:
    """What a row of the file would do."""

    row: int
    number: int | None = None
    action: Action | None = None
    now: dict[str, Any] = field(default_factory=lambda: dict(NOTHING_YET))
    wanted: dict[str, Any] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    warning: str = ""

    @property
    def changed(self) -> list[str]:
        """The names of the columns that would change."""
        return [name for name, value in self.wanted.items() if value != self.now[name]]

    @property
    def kind(self) -> str:
        """error, new, changed or unchanged."""
        if self.mistakes:
            return "error"
        if self.action is None:
            return "new"
        return "changed" if self.changed else "unchanged"

    @property
    def title(self) -> str:
        """The title that the action would have."""
        return self.wanted.get("title") or self.now["title"]

    @property
    def changes(self) -> list[Change]:
        """What would change, field by field."""
        return [
            Change(
                str(HEADINGS[name]), self._shown(name, self.now[name]), self._shown(name, self.wanted[name])
            )
            for name in self.changed
        ]

    def _shown(self, name: str, value: Any) -> str:
        """A value as pages write it."""
        if name in DAYS:
            return day_words(value) if value else ""
        return text_of(name, value, Action.Status(self.now["status"]).label)


class Comparison:
    """A plan and the rows of a file."""

    def __init__(self, plan: ActionPlan, table: list[list[str]]):
        self.plan = plan
        self.reader = Reader(plan)
        self.actions = {action.number: action for action in _actions_of(plan)}
        asked = asked_about(self.actions.values())
        for action in self.actions.values():
            action.plan, action.asked_about = plan, asked.get(action.pk, "")
        self.values = {
            number: values_of(action, action.versions[0] if action.versions else None)
            for number, action in self.actions.items()
        }
        self.lines = list(self._lines(rows_of(table)))

    @cached_property
    def version(self) -> str:
        """A digest of all that the comparison looked at in the plan: when it differs, the plan has changed."""
        plan = [self.plan.number, self.plan.strategy_id, self.plan.starts_on, self.plan.ends_on]
        rows = [
            [
                action.pk,
                number,
                self.values[number],
                [(terms.version, terms.status) for terms in action.versions],
            ]
            for number, action in self.actions.items()
        ]
        return digest([plan, rows])

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged and wrong."""
        kinds = [line.kind for line in self.lines]
        return {kind: kinds.count(kind) for kind in ("new", "changed", "unchanged", "error")}

    @property
    def to_write(self) -> list[Line]:
        """The rows that would change something."""
        return [line for line in self.lines if line.kind in {"new", "changed"}]

    @property
    def says_the_same(self) -> bool:
        """Whether every row of the file says what the plan says already."""
        return all(line.kind == "unchanged" for line in self.lines)

    @property
    def left_alone(self) -> list[Action]:
        """The actions of the plan that no row of the file is about."""
        named = {line.number for line in self.lines}
        return [action for number, action in self.actions.items() if number not in named]

    def _lines(self, rows: list[Row]) -> Iterator[Line]:
        first_with: dict[int, int] = {}
        for row in rows:
            line = Line(row.row)
            try:
                line.number = self.reader.read_number(row.cells["number"])
            except ValidationError as error:
                line.mistakes += _mistakes("number", row.cells["number"], error)
            if line.number in first_with:
                said = _("Row %(row)d has this number already.") % {"row": first_with[line.number]}
                line.mistakes.append(Mistake(str(HEADINGS["number"]), row.cells["number"], said))
            elif line.number is not None:
                first_with[line.number] = row.row
            if line.number in self.actions:
                line.action, line.now = self.actions[line.number], self.values[line.number]
            self._read(line, row)
            yield line

    def _read(self, line: Line, row: Row) -> None:
        for column, text in row.stray:
            said = _("This stands under no heading. Delete it, or give the column its heading.")
            line.mistakes.append(Mistake(column, Truncator(text).chars(MOST_OF_A_VALUE), said))
        status_words = Action.Status(line.now["status"]).label
        for name in NOTHING_YET:
            text, now = row.cells[name], line.now[name]
            if line.action is not None and text == text_of(name, now, status_words).strip():
                line.wanted[name] = now  # as it is: nothing to look at
                continue
            try:
                value = self.reader.read(name, text, now)
            except ValidationError as error:
                line.mistakes += _mistakes(name, text, error)
                continue
            line.wanted[name] = now if _same(value, now) else value
        if line.action is None or line.changed:
            for name, sentence in self._faults(line):
                line.mistakes.append(_mistake(name, row.cells[name], sentence))
        if not line.mistakes and {"lead", *DAYS} & set(line.changed):
            line.warning = str(self._as_it_would_be(line).lead_warning())

    def _as_it_would_be(self, line: Line) -> Action:
        """The action with the lead and the days of its row; not saved."""
        lead = self.reader.delegations.get(line.wanted["lead"])
        days = {name: line.wanted[name] for name in DAYS}
        return Action(plan=self.plan, number=line.number, lead=lead, **days)

    def _faults(self, line: Line) -> Iterator[tuple[str, str]]:
        """Column and sentence for what no cell can know alone."""
        wanted = line.now | line.wanted
        codes = {name: wanted[name] for name in ROLES} | {"lead": [wanted["lead"]] if wanted["lead"] else []}
        who = {name: [self.reader.delegations[code] for code in named] for name, named in codes.items()}
        lead = who["lead"][0] if who["lead"] else None
        yield from twice_in_an_action(lead, who["co_leads"], who["participants"])
        yield from outside_the_plan(self.plan, wanted["starts_on"], wanted["ends_on"])
        if line.action is None:
            return
        if why := line.action.why_locked():
            yield "number", str(why)
        elif "expected_outcome" in line.changed and line.action.versions:
            terms = line.action.versions[0]
            terms.action = line.action
            if why := terms.why_locked():
                yield "expected_outcome", str(why)


def _actions_of(plan):
    """The actions of a plan with all that the table says, and the versions of their terms, newest first."""
    served = ActionObjective.objects.select_related("objective").order_by("objective__order")
    parts = ActionParticipant.objects.select_related("delegation").order_by("delegation__protocol_order")
    terms = TermsOfReference.objects.order_by("-version")
    return (
        Action.objects.filter(plan=plan)
        .select_related("lead")
        .prefetch_related(
            Prefetch("served", served), Prefetch("parts", parts), Prefetch("terms", terms, to_attr="versions")
        )
        .order_by("number")
    )


def _same(value, now):
    """Codes are the same in any order."""
    return set(value) == set(now) if isinstance(value, tuple) else value == now


def _mistake(name, text, sentence):
    return Mistake(str(HEADINGS[name]), Truncator(text).chars(MOST_OF_A_VALUE), str(sentence))


def _mistakes(name, text, error):
    return [_mistake(name, text, sentence) for sentence in error.messages]


# -- the commit --------------------------------------------------------------------------------------------------------


def bring_in(staged, version: str) -> Comparison:
    """Write all that a staged file would change, or nothing; runs in a transaction, inside `acting(user, "import")`.

    `version` is that of the preview: what nobody has seen is not written. Raises NotAllowed.
    """
    plan = _locked(staged.plan_id)
    if why := plan.why_locked():
        raise NotAllowed(why)
    found = Comparison(plan, staged.rows)
    if found.version != version:
        raise NotAllowed(
            _(
                "The plan has changed since this preview. Below is what the file would change now: look once more."
            )
        )
    if found.counts["error"]:
        raise NotAllowed(_("Rows of the file have errors. Put them right in the file and send it again."))
    _add([line for line in found.lines if line.kind == "new"], found)
    for line in found.lines:
        if line.kind == "changed":
            _change(line, found.reader)
    return found


def _locked(plan_id):
    """The plan, held with its actions and their terms, always in this order, as the forms do."""
    plan = ActionPlan.objects.select_for_update().get(pk=plan_id)
    list(Action.objects.select_for_update(of=("self",)).filter(plan=plan).order_by("pk"))
    terms = TermsOfReference.objects.select_for_update(of=("self",)).filter(action__plan=plan)
    list(terms.order_by("pk"))
    return plan


def _add(lines, found):
    """All new actions at once, with what they serve, who takes part, and the draft of their terms."""
    delegations = found.reader.delegations
    actions = Action.objects.bulk_create(
        Action(
            plan=found.plan, number=line.number, title=line.wanted["title"], starts_on=line.wanted["starts_on"],
            ends_on=line.wanted["ends_on"], lead=delegations.get(line.wanted["lead"]),
        )
        for line in lines
    )  # fmt: skip
    pairs = list(zip(lines, actions, strict=True))
    ActionObjective.objects.bulk_create(
        ActionObjective(action=action, objective=found.reader.objectives[code])
        for line, action in pairs
        for code in line.wanted["objectives"]
    )
    ActionParticipant.objects.bulk_create(
        ActionParticipant(action=action, delegation=delegations[code], role=role)
        for line, action in pairs
        for name, role in ROLES.items()
        for code in line.wanted[name]
    )
    TermsOfReference.objects.bulk_create(
        TermsOfReference(action=action, version=1, expected_outcome=line.wanted["expected_outcome"])
        for line, action in pairs
        if line.wanted["expected_outcome"]
    )


def _change(line, reader):
    """The fields of an action that differ, what it serves, who takes part, and the draft of its terms."""
    action, changed = line.action, line.changed
    for name in changed:
        if name in OWN_FIELDS:
            value = line.wanted[name]
            setattr(action, name, reader.delegations.get(value) if name == "lead" else value)
    if own := [name for name in changed if name in OWN_FIELDS]:
        action.save(update_fields=own)
    if "objectives" in changed:
        now, wanted = set(line.now["objectives"]), line.wanted["objectives"]
        action.served.filter(objective__code__in=now - set(wanted)).delete()
        for code in wanted:
            if code not in now:
                ActionObjective.objects.create(action=action, objective=reader.objectives[code])
    if set(changed) & set(ROLES):
        _change_parts(
            action, {code: role for name, role in ROLES.items() for code in line.wanted[name]}, reader
        )
    if "expected_outcome" in changed:
        _change_outcome(action, line.wanted["expected_outcome"])


def _change_parts(action, wanted, reader):
    for part in action.parts.all():
        role = wanted.pop(part.delegation.code, None)
        if role is None:
            part.delete()
        elif part.role != role:
            part.role = role
            part.save(update_fields=["role"])
    for code, role in wanted.items():
        ActionParticipant.objects.create(action=action, delegation=reader.delegations[code], role=role)


def _change_outcome(action, text):
    if action.versions:
        terms = action.versions[0]
        terms.expected_outcome = text
        terms.save(update_fields=["expected_outcome"])
    else:
        TermsOfReference.objects.create(action=action, version=1, expected_outcome=text)
