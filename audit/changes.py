"""Events as people read them: who did what, when and why, and what each field was before and after."""

import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Value
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from accounts.models import Body, Delegation, Membership, User
from accounts.querysets import VisibleQuerySet
from actionplans.models import VersionChange
from audit import trail
from audit.differences import Piece, compare_words
from audit.records import NAMED_BY, event_model, link_to, parent_field, part_name, tracked
from audit.verbs import verb_words
from council.models import Decision
from jcos.models.reference import CodeList
from publishing.words import day_words, moment_words, number_words
from strategy_portal.dates import brussels_day

LONG = 80  # characters from which a text is compared word by word
TELLING = {"number", "letter", "mark", "title", "text"}
NAMED_BY_NAME = (CodeList, Delegation, Body)  # what everybody may see, and is called by its name alone
AMENDING = {
    "amend",
    "add",
    "move",
    "withdraw",
    "take_back",
}  # the verbs under which a text of the strategy changes
DAY_IN_JSON = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
HIDDEN = {"id", "object_id", "password", "last_login"}


@dataclass(frozen=True)
class FieldChange:
    """A field before and after; long texts as pieces instead, and so a decision named as the one before it."""

    label: str
    before: str
    after: str
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True)
class Change:
    """One event. `what` is created, changed or removed; `is_first`: nothing before it is shown to this reader."""

    what: str
    name: str
    is_part: bool
    is_first: bool
    fields: list[FieldChange]


@dataclass
class Act:
    """What one person did in one step: its changes stand together.

    `kind` is that of the reason where the strategy's text was changed: an outcome achieved, an external factor, a
    correction (15198/09, I.6).
    """

    who: str
    of: str
    verb: str
    reason: str
    at: datetime
    changes: list[Change]
    is_outside: bool = False
    kind: str = ""


def acts(entries: list[trail.Entry], model: type[models.Model], user: User) -> list[Act]:
    """The acts of a page of history. The number of queries depends on the kinds of record, never on their number."""
    events = trail.load(entries)
    names = Names(events.values(), user, model)
    kinds = _kinds_of_reasons(events.values())
    found: list[Act] = []
    key = None
    for entry in entries:
        event = events[entry.kind, entry.event_id]
        change = _change(event, events.get((entry.kind, entry.previous_id)), model, names)
        context = event.pgh_context
        this = (
            (event.pgh_context_id, context.get("user"), context.get("verb"), context.get("note"))
            if context
            else None
        )
        if this == key and this is not None:
            found[-1].changes.append(change)
        else:
            found.append(_act(event, change, names))
            found[-1].kind = kinds.get((event.pgh_context_id, found[-1].reason), "")
        key = this
    for act in found:
        if act.verb == "":
            act.verb = _verb_of(act.changes)
    return found


def _act(event, change, names) -> Act:
    context = event.pgh_context or {}
    who, of = names.actor(context.get("user"), brussels_day(event.trail_moment))
    if not context:
        who = _("Outside the portal")
    return Act(
        who=who or _("The portal"), of=of, verb=verb_words(context.get("verb", "")),
        reason=context.get("note", ""), at=event.trail_moment, changes=[change], is_outside=not context,
    )  # fmt: skip


def _kinds_of_reasons(events) -> dict[tuple[Any, str], str]:
    """The kinds of the reasons why parts of the strategy's text were changed, by the step and the reason in words.

    They are kept beside the text, for the version (one query); none is asked for where no text was amended.
    """
    steps = {event.pgh_context_id for event in events if (event.pgh_context or {}).get("verb") in AMENDING}
    if not steps:
        return {}
    kept = event_model(VersionChange).objects.filter(pgh_context_id__in=steps)
    return {
        (step, text): str(VersionChange.Reason(kind).label)
        for step, text, kind in kept.values_list("pgh_context_id", "text", "reason")
    }


def _verb_of(changes: list[Change]) -> str:
    """What an act without a verb of its own did, from its changes."""
    own = [change.what for change in changes if not change.is_part]
    return {"created": _("Created"), "removed": _("Removed")}.get(own[-1] if own else "", _("Changed"))


def _change(event, before, model, names) -> Change:
    kind = event.pgh_tracked_model
    is_part = kind is not model
    what = {"insert": "created", "update": "changed", "delete": "removed"}[event.pgh_label]
    if what == "created" and before is not None:
        what = "changed"  # the wording of a new version, after that of the one before
    name = part_name(kind) if is_part else ""
    if is_part and (subject := names.subject(event)):
        name = f"{name}: {subject}"
    if what == "removed":
        fields = []
    elif before is None:
        fields = [f for f in _fields(event, None, names) if f.after]
    else:
        fields = [f for f in _fields(event, before, names) if f.before != f.after or f.pieces]
    return Change(what, capfirst(name), is_part, before is None and what == "changed", fields)


def _fields(event, before, names) -> list[FieldChange]:
    found = []
    for column in shown_fields(event.pgh_tracked_model, names.home):
        after = names.words(event, column)
        was = names.words(before, column) if before is not None else ""
        pieces = []
        if before is not None and was != after and max(len(was), len(after)) > LONG and was and after:
            pieces = compare_words(was, after)
        elif before is not None and names.is_a_further_decision(before, event, column):
            pieces = [Piece("kept", after)]
        found.append(FieldChange(capfirst(str(column.verbose_name)), was, after, pieces))
    return found


def shown_fields(model: type[models.Model], home: type[models.Model] | None = None) -> list[models.Field]:
    """The fields of a model that the history of `home` shows: all but numbers of rows, secrets and the link to it."""
    kept = {f.name for f in model.pgh_event_models["insert"]._meta.fields}  # type: ignore[attr-defined]
    link = link_to(home, model)
    left_out = HIDDEN | {link}
    if link != parent_field(model):
        left_out |= {"order"}  # each version counts its wordings anew
    return [f for f in model._meta.fields if f.name in kept and f.name not in left_out]


class Names:
    """What the values of many events are called, found with one query for each kind of record."""

    def __init__(self, events, user: User, home: type[models.Model] | None = None):
        self.user, self.home = user, home
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        actors = set()
        for event in events:
            if number := (event.pgh_context or {}).get("user"):
                actors.add(number)
            for column in shown_fields(event.pgh_tracked_model, home):
                if column.is_relation and (value := getattr(event, column.attname)):
                    wanted[column.related_model].add(value)
            if getattr(event, "object_id", None) and (thing := _thing(event)):
                wanted[thing].add(event.object_id)
        self._people, self._memberships = {}, defaultdict(list)
        held = Membership.objects.filter(user__in=actors).select_related("user", "delegation", "body")
        for membership in held if actors else ():
            self._people[membership.user_id] = membership.user
            self._memberships[membership.user_id].append(membership)
        if others := (actors | wanted.pop(User, set())) - self._people.keys():
            self._people |= User.objects.in_bulk(others)
        lists = {kind: wanted.pop(kind) for kind in list(wanted) if issubclass(kind, NAMED_BY_NAME)}
        self._named = self._names_in_lists(lists) | {
            kind: self._names_of(kind, numbers) for kind, numbers in wanted.items() if kind is not ContentType
        }

    def _names_in_lists(self, wanted) -> dict[type[models.Model], dict[int, str]]:
        """The names of entries of several lists, which everybody may see, in one query."""
        rows = [
            kind.objects.filter(pk__in=numbers)
            .order_by()
            .values_list(Value(kind._meta.model_name, models.CharField()), "pk", "name")
            for kind, numbers in wanted.items()
        ]
        found: dict[type[models.Model], dict[int, str]] = {kind: {} for kind in wanted}
        kinds = {kind._meta.model_name: kind for kind in wanted}
        for kind, number, name in rows[0].union(*rows[1:], all=True) if rows else ():
            found[kinds[kind]][number] = name
        return found

    def _names_of(self, kind, numbers) -> dict[int, str]:
        """Names only of what this reader may see: a link to a draft must not tell its title."""
        rows = kind._default_manager.all()
        if isinstance(rows, VisibleQuerySet):
            rows = rows.visible_to(self.user)
        rows = rows.select_related(*NAMED_BY.get(kind._meta.model_name, []))
        return {row.pk: str(row) for row in rows.filter(pk__in=numbers)}

    def actor(self, number: int | None, day: date) -> tuple[str, str]:
        """A person's name, and for whom they worked on that day; both empty for nobody."""
        person = self._people.get(number)
        if person is None:
            return "", ""
        held = [
            m
            for m in self._memberships[number]
            if m.from_on <= day and (m.until_on is None or day <= m.until_on)
        ]
        return str(person), ", ".join(str(m.delegation or m.body) for m in held)

    def subject(self, event) -> str:
        """What tells a part from its sisters: the records that it links to, else its number and how it begins."""
        columns = shown_fields(event.pgh_tracked_model, self.home)
        for named in (
            [f for f in columns if f.is_relation],
            [f for f in columns if f.name in TELLING],
        ):
            found = [Truncator(self.words(event, column)).chars(60) for column in named]
            if texts := [text for text in found if text]:
                return ", ".join(texts[:2])
        return ""

    def words(self, event, column) -> str:
        """The value of a field as people read it; "" for none."""
        value = getattr(event, column.attname)
        if value is None or value == "" or value == []:
            return ""
        if column.is_relation:
            return self._related(event, column, value)
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        return _plain(value)

    def is_a_further_decision(self, before, event, column) -> bool:
        """Whether another decision is linked than before, though it has the same name: of the same meeting."""
        if column.related_model is not Decision:
            return False
        was, is_now = getattr(before, column.attname), getattr(event, column.attname)
        named = self._named.get(Decision, {})
        return was != is_now and is_now in named and named.get(was) == named[is_now]

    def _related(self, event, column, value) -> str:
        if column.related_model is User:
            return str(self._people.get(value, ""))
        if column.related_model is ContentType:
            thing = _thing(event)
            name = self._named.get(thing, {}).get(event.object_id, _("not shown to you"))
            return f"{capfirst(str(thing._meta.verbose_name))}: {name}" if thing else ""
        return self._named[column.related_model].get(value, _("not shown to you"))


def _thing(event) -> type[models.Model] | None:
    """The model of the thing that an event with a generic link is about, if it is about one."""
    if event.content_type_id is None:
        return None
    type_ = ContentType.objects.get_for_id(event.content_type_id)
    return type_.model_class() if type_.model in tracked() else None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return day_words(value) if value.year >= 1000 else date_format(value)
    if isinstance(value, int | Decimal):
        return number_words(value)
    if isinstance(value, dict):
        return "; ".join(f"{name.replace('_', ' ')}: {_kept(part)}" for name, part in value.items())
    return ", ".join(_kept(part) for part in value) if isinstance(value, list) else str(value)


def _kept(value: Any) -> str:
    """A value out of JSON, which knows no days: what reads like one is one. Nothing is said to be none."""
    if isinstance(value, str) and DAY_IN_JSON.fullmatch(value):
        with suppress(ValueError):
            return day_words(date.fromisoformat(value))
    return _("none") if value in ("", None, []) else _plain(value)
