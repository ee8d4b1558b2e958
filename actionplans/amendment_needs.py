"""What an amendment needs before a step, and what is said before its decision. Asked anew under the plan's lock."""

from collections import defaultdict

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from actionplans.allowed import outside_the_plan, twice_in_an_action
from actionplans.amendable import LABELS, contradicted, day_of, names_of, values_of, words_of
from actionplans.extending import lost_between
from council.models import SilenceProcedure
from council.querysets_silence import RUNNING
from publishing.words import day_words
from strategy_portal.workflow import Reason, within_sentence


def plan_in_work(amendment):
    """Only a plan that is adopted and not yet evaluated is amended."""
    plan = amendment.plan
    if plan.status == "adopted":
        return ""
    return _("%(plan)s is %(state)s; it is not amended.") % {"plan": plan, "state": plan.state_words}


def changes_something(amendment):
    """An amendment says what it changes."""
    if amendment.lines:
        return ""
    return _("It changes nothing yet: add an action, change or discontinue one.")


def changes_fit(amendment):
    """What each change was drafted on still stands, and what it leads to is allowed."""
    names = names_of([line.drafted | line.proposed for line in amendment.lines])
    return [
        Reason(f"{line.action}: {sentence}", amendment.get_absolute_url())
        for line in amendment.lines
        for sentence in faults_of(line, names)
    ]


def faults_of(line, names):
    """Why a change cannot be made as the action stands now, in sentences."""
    action = line.action
    if line.kind == line.Kind.ADD:
        return [] if action.status == action.Status.PROPOSED else [_("it is in the plan already.")]
    if action.status not in (action.Status.PLANNED, action.Status.IN_PROGRESS):
        return [_("it is %(state)s and changes no more.") % {"state": action.state_words}]
    current = values_of(action)
    found = [
        _("%(field)s has changed since this was drafted, from “%(was)s” to “%(now)s”.") % {
            "field": within_sentence(LABELS[name]), "was": words_of(name, line.drafted.get(name, ""), names),
            "now": words_of(name, current[name], names),
        }
        for name in contradicted(line.drafted, line.proposed, current)
    ]  # fmt: skip
    wanted = current | line.proposed
    if {"starts_on", "ends_on"} & line.proposed.keys():
        days = outside_the_plan(action.plan, day_of(wanted["starts_on"]), day_of(wanted["ends_on"]))
        found += [sentence for _name, sentence in days]
    if {"lead", "co_leads", "participants"} & line.proposed.keys():
        parts = (wanted["lead"], wanted["co_leads"], wanted["participants"])
        found += [sentence for _name, sentence in twice_in_an_action(*parts)]
    return found


def terms_tabled(amendment):
    """New terms of reference, and those of an action that is added, are before the working party with the amendment.

    They are tabled first: afterwards they are frozen.
    """
    return [
        Reason(said % {"action": within_sentence(line.action)}, line.action.get_absolute_url() + "terms/")
        for line in amendment.lines
        if (said := _not_tabled(line))
    ]


def _not_tabled(line):
    states = {terms.status for terms in line.action.terms.all()}
    if line.kind == line.Kind.ADD and not states & {"tabled", "agreed"}:
        return _("The terms of reference of %(action)s are not tabled yet.")
    if line.new_terms and "tabled" not in states:
        return _("The new terms of reference of %(action)s are not tabled yet.")
    return ""


def added_actions_ready(amendment):
    """An action joins an adopted plan only with agreed terms of reference (15198/09, II.2)."""
    added = [line.action_id for line in amendment.lines if line.kind == line.Kind.ADD]
    if not added:
        return []
    unready = apps.get_model("actionplans.Action").objects.filter(pk__in=added).without_agreed_terms()
    return [
        Reason(
            _("Action %(number)s has no agreed terms of reference with main goals and expected outcome.")
            % {"number": f"{amendment.plan.number}.{action.number}"},
            action.get_absolute_url() + "terms/",
        )
        for action in unready.select_related("plan").order_by("number")
    ]


def actions_not_held(amendment):
    """Nothing is applied to an action about which a silence procedure is open: what was asked would not be there."""
    lines = {line.action_id: line.action for line in amendment.lines if line.kind != line.Kind.ADD}
    rows = SilenceProcedure.objects.filter(
        content_type=ContentType.objects.get_for_model(apps.get_model("actionplans.Action")),
        object_id__in=lines,
        status__in=RUNNING,
    )
    held = ((lines[row.object_id], row.why_held()) for row in rows)
    return [Reason(f"{action}: {reason.text}", reason.url) for action, reason in held]


def notes_before(amendment):
    """What whoever records the decision should know: what is odd, and what then still stands in its way."""
    waiting = [*added_actions_ready(amendment), *actions_not_held(amendment)]
    notes = [str(reason.text) for reason in waiting]
    if notes:
        notes.append(_("The amendment is decided then, and applied once this is done."))
    return notes + oddities(amendment)


def oddities(amendment):
    """What is allowed and still odd: objectives no longer in force, leads that are no members, milestones to come
    after the end of their action, others at work.
    """
    wanted = {line.pk: values_of(line.action) | line.proposed for line in amendment.lines}
    codes = {code for values in wanted.values() for code in values["objectives"]}
    wordings = apps.get_model("actionplans.Wording").objects
    in_force = wordings.filter(
        version__strategy=amendment.plan.strategy_id, version__status="in_force", objective__code__in=codes
    )
    gone = codes - set(in_force.values_list("objective__code", flat=True))
    found = [
        _("%(action)s would serve %(codes)s, which the strategy in force no longer has.")
        % {"action": line.action, "codes": ", ".join(sorted(gone & set(wanted[line.pk]["objectives"])))}
        for line in amendment.lines
        if line.kind != line.Kind.DISCONTINUE and gone & set(wanted[line.pk]["objectives"])
    ]
    delegations = apps.get_model("accounts.Delegation").objects
    leads = {lead.code: lead for lead in delegations.filter(code__in={v["lead"] for v in wanted.values()})}
    for line in amendment.lines:
        if line.kind != line.Kind.DISCONTINUE:
            found += _odd_lead(line.action, wanted[line.pk], leads)
    found += _odd_milestones(amendment, wanted)
    return found + [
        _("%(amendment)s changes %(action)s, too.") % {"amendment": other.amendment, "action": other.action}
        for other in at_work_too(amendment)
    ]


def _odd_lead(action, wanted, leads):
    lead = leads.get(wanted["lead"])
    if lead is None:
        return [_("%(action)s would have no lead.") % {"action": action}]
    changed = type(action)(
        plan=action.plan, lead=lead, starts_on=day_of(wanted["starts_on"]), ends_on=day_of(wanted["ends_on"])
    )
    warning = changed.lead_warning()
    return [f"{action}: {warning}"] if warning else []


def _odd_milestones(amendment, wanted):
    """Milestones that wait for a day on which their action would have ended, and what new terms would make forget.

    One query.
    """
    lines = {line.action_id: line for line in amendment.lines if line.kind == line.Kind.CHANGE}
    states = ["draft", "tabled", "agreed"]
    rows = apps.get_model("actionplans.Milestone").objects.with_days()
    rows = rows.filter(terms__action__in=lines, terms__status__in=states).order_by("due_on", "pk")
    by_terms = defaultdict(list)
    for row in rows:
        by_terms[row.terms_id].append(row)
    found = []
    for line in lines.values():
        agreed, then = _terms_now(line), _terms_then(line)
        if then is None:
            continue
        ends_on = day_of(wanted[line.pk]["ends_on"]) or amendment.plan.ends_on
        found += [
            _("%(action)s would end on %(end)s, before its milestone “%(title)s” of %(day)s.") % {
                "action": line.action, "end": day_words(ends_on), "title": row.title,
                "day": day_words(row.due_in_force),
            }
            for row in by_terms[then.pk]
            if row.reached_on is None and row.due_in_force > ends_on
        ]  # fmt: skip
        if agreed is not None and agreed != then:
            found += [
                f"{line.action}: {said}" for said in lost_between(by_terms[agreed.pk], by_terms[then.pk])
            ]
    return found


def _terms_now(line):
    """The agreed terms of reference of an action, or None."""
    return next((terms for terms in line.action.terms.all() if terms.status == "agreed"), None)


def _terms_then(line):
    """The terms of reference that an action would have: the new ones where they are begun, else those agreed."""
    states = ("draft", "tabled", "agreed") if line.new_terms else ("agreed",)
    by_state = {terms.status: terms for terms in line.action.terms.all()}
    return next((by_state[state] for state in states if state in by_state), None)


def at_work_too(amendment, user=None):
    """The changes of other amendments under way to the same actions; those that a person sees, where one is named."""
    model = apps.get_model("actionplans.AmendmentChange")
    rows = model.objects.visible_to(user) if user is not None else model.objects.all()
    same = [line.action_id for line in amendment.lines]
    return list(
        rows.filter(action__in=same, amendment__status__in=["draft", "tabled", "decided"])
        .exclude(amendment=amendment.pk)
        .select_related("amendment__plan", "action__plan")
        .order_by("amendment__number", "action__number")
    )
