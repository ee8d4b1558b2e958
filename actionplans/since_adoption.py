"""What has changed in a plan since its adoption: each action as it was adopted and as it is, by what and why."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.amendable import Values
from actionplans.amendment_text import names_in, table
from actionplans.models import Action, ActionPlan, AmendmentChange, TermsOfReference
from actionplans.terms_redline import TermsComparison, compare_terms
from actionplans.terms_text import marking_of
from council.models import Decision
from publishing.documents import Block, Document, Paragraph, Section, Table, words
from publishing.markdown import blocks_of
from publishing.words import day_words, moment_words, period_words
from strategy_portal.workflow import within_sentence

DECISION = ("meeting__body", "silence__body")


class Cause(NamedTuple):
    """By what an action was changed: an amendment, or another decision; on which day it was decided, and why."""

    name: str
    url: str
    on: date | None
    decision: Decision | None
    reason: str


@dataclass
class ChangedAction:
    """One action: the values that changed, as adopted and as they are now, and every cause in order."""

    action: Action
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    causes: list[Cause] = field(default_factory=list)
    is_added: bool = False

    def add(self, before: Values, after: Values, cause: Cause) -> None:
        """One more change: the first value of each field is that of the adoption, the last is that of now."""
        self.before = before | self.before
        self.after |= after
        self.causes.append(cause)

    @property
    def terms_versions(self) -> tuple[int, int] | None:
        """The versions of its terms of reference at the adoption and now, where they differ and both are written."""
        versions = self.before.get("terms", 0), self.after.get("terms", 0)
        return versions if all(versions) else None

    @property
    def what(self) -> str:
        """What became of the action, in a word or two."""
        if self.is_added:
            return _("added")
        if self.after.get("status") == Action.Status.DISCONTINUED:
            return _("discontinued")
        if self.after.get("status") == Action.Status.CARRIED_OVER:
            return _("carried over")
        was, now = self.before.get("ends_on"), self.after.get("ends_on")
        return _("postponed") if was and now and now > was else _("changed")


class Changes(NamedTuple):
    """All that a reader sees of it, in the order of the plan; `is_whole` where that is the whole plan."""

    plan: ActionPlan
    actions: list[ChangedAction]
    names: dict[str, str]
    is_whole: bool

    @property
    def summary(self) -> str:
        """How much has changed, in a sentence."""
        count = len(self.actions)
        words = {"n": count, "day": day_words(self.plan.adopted_on)}
        if not self.is_whole and not count:
            return (
                _("Of the actions open to you none has changed since the plan was adopted on %(day)s.")
                % words
            )
        if not self.is_whole:
            said = ngettext(
                "Of the actions open to you %(n)d has changed since the plan was adopted on %(day)s.",
                "Of the actions open to you %(n)d have changed since the plan was adopted on %(day)s.",
                count,
            )
            return said % words
        if not count:
            return _("Nothing has changed since the plan was adopted on %(day)s.") % words
        said = ngettext(
            "%(n)d action has changed since the plan was adopted on %(day)s.",
            "%(n)d actions have changed since the plan was adopted on %(day)s.",
            count,
        )
        return said % words

    def table_of(self, changed: ChangedAction) -> Table:
        """The values of one action as adopted and now; of an added one, what it is."""
        caption = _("%(action)s, as adopted and now") % {"action": changed.action}
        if changed.is_added:
            return table(str(changed.action), {}, changed.after, self.names)
        found = table(caption, changed.before, changed.after, self.names)
        return Table(caption, (_("Field"), _("As adopted"), _("Now")), found.rows)


def changes_since_adoption(plan: ActionPlan, user: Any) -> Changes:
    """What has changed in an adopted plan, as far as a reader sees it (six queries, and one for names)."""
    applied = AmendmentChange.objects.visible_to(user).applied().filter(amendment__plan=plan)
    applied = list(applied.select_related("action", *(f"amendment__decision__{name}" for name in DECISION)))
    found: dict[int, ChangedAction] = {}
    ended = set()
    for change in applied:
        change.action.plan = change.amendment.plan = plan
        one = found.setdefault(change.action_id, ChangedAction(change.action))
        one.is_added |= change.kind == change.Kind.ADD
        if change.kind == change.Kind.DISCONTINUE:
            ended.add(change.action_id)
        before = change.before or {}
        if "status" in before:
            before["status"] = Action.Status.PLANNED.value  # that of the adoption
        one.add(before, change.after or {}, _by_amendment(change))
    for action in _ended_otherwise(plan, user, ended):
        one = found.setdefault(action.pk, ChangedAction(action))
        values = {"status": Action.Status.PLANNED.value}, {"status": action.status}
        one.add(*values, _by_decision(action.ending, _("Decision")))
    _add_terms(plan, user, found)
    shown = [one for one in found.values() if one.after]
    is_whole = ActionPlan.objects.seen_whole(user).filter(pk=plan.pk).exists()
    return Changes(plan, sorted(shown, key=lambda one: one.action.number), names_in(applied), is_whole)


def _by_amendment(change: AmendmentChange) -> Cause:
    amendment = change.amendment
    return Cause(
        str(amendment),
        amendment.get_absolute_url(),
        amendment.decided_on,
        amendment.decision,
        amendment.reason,
    )


def _by_decision(decision: Decision, name: str, url: str = "") -> Cause:
    return Cause(name, url, decision.taken_on, decision, decision.text)


def _ended_otherwise(plan: ActionPlan, user: Any, by_amendment: set[int]) -> Iterable[Action]:
    """Actions that a decision on themselves has discontinued or carried over."""
    rows = (
        Action.objects.visible_to(user).filter(plan=plan, ending__isnull=False).exclude(pk__in=by_amendment)
    )
    for action in rows.select_related(*(f"ending__{name}" for name in DECISION)):
        action.plan = plan
        yield action


def _add_terms(plan: ActionPlan, user: Any, found: dict[int, ChangedAction]) -> None:
    """New versions of terms of reference that were agreed after the adoption and by no amendment."""
    rows = TermsOfReference.objects.visible_to(user).filter(action__plan=plan, agreement__isnull=False)
    rows = rows.exclude(agreement__verb="adopt").select_related(
        "action", *(f"agreement__{name}" for name in DECISION)
    )
    for terms in rows.order_by("action", "version"):
        is_first = terms.version == 1
        if is_first or plan.adopted_on is None or terms.agreement.taken_on <= plan.adopted_on:
            continue
        if terms.action_id in found and found[terms.action_id].is_added:
            continue
        terms.action.plan = plan
        one = found.setdefault(terms.action_id, ChangedAction(terms.action))
        values = {"terms": terms.version - 1}, {"terms": terms.version}
        one.add(*values, _by_decision(terms.agreement, _("Agreement"), terms.get_absolute_url()))


# -- as a document -------------------------------------------------------------------------------------------------


def document_of(changes: Changes, at: datetime) -> Document:
    """The changes as a working document. `at` is the moment that it states (aware)."""
    plan = changes.plan
    title = _("%(plan)s: changed since its adoption") % {"plan": plan}
    terms = _terms_compared(changes)
    sender = plan.strategy.sender or _("Customs Cooperation Working Party")
    return Document(
        title=title,
        kind=_("WORKING DOCUMENT"),
        sender=sender,
        reference=str(plan),
        dated=", ".join(filter(None, (plan.strategy.place, day_words(at)))),
        made_at=at,
        sections=(
            Section(words(_("Overview")), blocks=(Paragraph(words(changes.summary)),)),
            *(_section(changes, one, terms.get(one.action.pk)) for one in changes.actions),
        ),
        facts=(
            (_("From"), _("General Secretariat")),
            (_("To"), sender),
            (_("Subject"), title),
            (_("Period"), period_words(plan.starts_on, plan.ends_on)),
            (_("As of"), moment_words(at)),
        ),
        codes=tuple(plan.strategy.subject_codes),
        marking=marking_of(plan),
    )


def _terms_compared(changes: Changes) -> dict[int, TermsComparison]:
    """The terms of reference as adopted against those of now, by the action (three queries, or none)."""
    both = {one.action.pk: one.terms_versions for one in changes.actions if one.terms_versions}
    if not both:
        return {}
    rows = TermsOfReference.objects.filter(action__in=both).prefetch_related("indicators", "milestones")
    found = {}
    for terms in rows.select_related("action__plan"):
        found[terms.action_id, terms.version] = terms
    return {pk: compare_terms(found[pk, old], found[pk, new]) for pk, (old, new) in both.items()}


def _section(changes: Changes, changed: ChangedAction, terms: TermsComparison | None) -> Section:
    blocks: list[Block] = [changes.table_of(changed)]
    for part in terms.changed if terms else ():
        name = _("Terms of reference, %(section)s (%(happened)s)")
        heading = name % {"section": within_sentence(part.title), "happened": part.happened}
        blocks += [Paragraph(words(heading, bold=True)), *part.blocks]
    for cause in changed.causes:
        blocks.append(Paragraph(words(sentence_of(cause), bold=True)))
        blocks += blocks_of(cause.reason)
    title = f"{changed.action.reference} {changed.action.title} ({changed.what})"
    return Section(words(title), blocks=tuple(blocks), anchor=f"action-{changed.action.number}")


def sentence_of(cause: Cause) -> str:
    """By what and when, in a line."""
    if cause.decision is None or cause.on is None:
        return cause.name
    return _("%(cause)s of %(day)s: %(decision)s") % {
        "cause": cause.name, "day": day_words(cause.on), "decision": capfirst(str(cause.decision)),
    }  # fmt: skip
