"""Terms of reference as sections of blocks: the same headings and words on the page, as PDF and as Word."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from actionplans.last_words import named_withdrawn
from actionplans.models import Indicator, Milestone, TermsOfReference
from actionplans.querysets import ADOPTED
from publishing.documents import Block, Bullets, Document, Item, Paragraph, Section, Table, words
from publishing.markdown import blocks_of
from publishing.words import day_words, moment_words, number_words, period_words

LINES_AFTER = {"expected_outcome": "indicators", "timetable": "milestones"}  # after which section they stand


class Part(NamedTuple):
    """One section of a version: its name in the model, its heading, and what stands there."""

    name: str
    title: str
    blocks: tuple[Block, ...]


def parts_of(terms: TermsOfReference) -> list[Part]:
    """The sections of one version in the order of reading; without lines no section of lines. Two queries."""
    found = []
    for name in TermsOfReference.SECTIONS:
        text = getattr(terms, name)
        blocks = _listed(text.splitlines()) if name == "legal_instruments" else blocks_of(text)
        found.append(Part(name, str(capfirst(terms._meta.get_field(name).verbose_name)), blocks))
        if lines := LINES_AFTER.get(name):
            found.append(_lines(lines, terms))
    return [part for part in found if part.blocks or part.name not in LINES_AFTER.values()]


def milestones_of(terms: TermsOfReference) -> list[Part]:
    """The milestones of one version alone. One query."""
    return [part for part in [_lines("milestones", terms)] if part.blocks]


def _listed(texts: Iterable[str]) -> tuple[Block, ...]:
    items = tuple(Item(words(text.strip())) for text in texts if text.strip())
    return (Bullets(items),) if items else ()


def _lines(name: str, terms: TermsOfReference) -> Part:
    if name == "milestones":
        title = _("Milestones")
        table = milestone_table(_("Milestones of the timetable"), terms.milestones.all())
    else:
        title = _("Indicators")
        table = indicator_table(_("Indicators of the expected outcome"), terms.indicators.all())
    return Part(name, title, (table,) if table.rows else ())


def milestone_table(caption: str, rows: Iterable[Milestone]) -> Table:
    """The milestones with their days."""
    cells = tuple((words(row.title), words(day_words(row.due_on)), words(row.text)) for row in rows)
    return Table(caption, (_("What is reached"), _("Due on"), _("Remarks")), cells)


def indicator_table(caption: str, rows: Iterable[Indicator]) -> Table:
    """The indicators with unit, baseline and target."""
    columns = (_("What is measured"), _("Unit"), _("Baseline"), _("Target"), _("How it is measured"))
    cells = tuple(
        (
            words(row.title),
            words(row.unit),
            words(value_words(row.baseline, row.baseline_words)),
            words(value_words(row.target, row.target_words)),
            words(row.measured),
        )
        for row in rows
    )
    return Table(caption, columns, cells)


def value_words(value: Decimal | None, said: str) -> str:
    """A value of an indicator: "at least 12.5", "not measured yet", "0"; "not stated" where nothing is."""
    if value is None and said:
        return said
    return " ".join(filter(None, (said, number_words(value))))


# -- as a document -------------------------------------------------------------------------------------------------


def numbered(terms: TermsOfReference, about: Iterable[Part]) -> tuple[Section, ...]:
    """The whole text with what belongs to its action, under numbered headings; an empty section says so."""
    empty = _("Not written yet") if terms.status == TermsOfReference.Status.DRAFT else _("Left empty")
    missing = (Paragraph(words(empty, italic=True)),)
    parts = enumerate([*parts_of(terms), *about], start=1)
    return tuple(
        Section(words(f"{number}. {part.title}"), blocks=part.blocks or missing, anchor=part.name)
        for number, part in parts
    )


def about_the_action(action, wordings) -> list[Part]:
    """Who leads and takes part, and which objectives the action serves, as they are today."""
    parts = list(action.parts.select_related("delegation").order_by("role", "delegation__protocol_order"))
    named = [
        (_("Lead"), [action.lead] if action.lead else []),
        (_("Co-leads"), [part.delegation for part in parts if part.role == "co_lead"]),
        (_("Participants"), [part.delegation for part in parts if part.role == "participant"]),
    ]
    who = tuple(
        Item(words(_("%(role)s: ") % {"role": role}, bold=True) + words(", ".join(map(str, names))))
        for role, names in named
        if names
    )
    served = tuple(
        Item(
            words(f"{wording.objective.code} ", bold=True)
            + words(f"{wording.text} ({said})" if (said := named_withdrawn(wording)) else wording.text)
        )
        for wording in wordings
    )
    return [
        Part("participants", _("Lead and participants"), (Bullets(who),) if who else ()),
        Part("objectives", _("Objectives it serves"), (Bullets(served),) if served else ()),
    ]


def document_of(terms: TermsOfReference, about: Iterable[Part], at: datetime) -> Document:
    """One version as a working document. `at` is the moment that it states (aware)."""
    state = terms.get_status_display()
    if terms.agreement:
        state = _("%(state)s on %(day)s") % {"state": state, "day": day_words(terms.agreement.taken_on)}
    document = framed(terms, str(terms), at, numbered(terms, about))
    return replace(document, facts=(*document.facts[:-1], (_("State"), state), *document.facts[-1:]))


def framed(terms: TermsOfReference, title: str, at: datetime, sections: tuple[Section, ...]) -> Document:
    """The head of every working document about an action's terms of reference, over the given sections."""
    action, plan = terms.action, terms.action.plan
    strategy = plan.strategy
    working_party = strategy.sender or _("Customs Cooperation Working Party")
    return Document(
        title=title,
        kind=_("WORKING DOCUMENT"),
        sender=working_party,
        reference=_("Action %(action)s, version %(version)d")
        % {"action": action.reference, "version": terms.version},
        dated=", ".join(filter(None, (strategy.place, day_words(at)))),
        made_at=at,
        sections=sections,
        facts=(
            (_("From"), str(action.lead or _("General Secretariat"))),
            (_("To"), working_party),
            (_("Subject"), f"{title}: {action.title}"),
            (
                _("Period"),
                period_words(
                    action.starts_on or action.plan.starts_on, action.ends_on or action.plan.ends_on
                ),
            ),
            (_("As of"), moment_words(at)),
        ),
        codes=tuple(strategy.subject_codes),
        marking=marking_of(plan),
    )


def marking_of(plan) -> str:
    """LIMITE until the plan is adopted."""
    return "PUBLIC" if plan.status in ADOPTED else "LIMITE"
