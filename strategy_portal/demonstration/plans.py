"""One plan that has ended, one that runs, and a draft whose adoption deadline is near."""

from datetime import timedelta

from accounts.models import Body, Delegation
from actionplans.models import (
    Action,
    ActionObjective,
    ActionParticipant,
    ActionPlan,
    Indicator,
    Milestone,
    Objective,
    StrategyVersion,
    TermsOfReference,
)
from council.models import Decision, Document, Meeting
from strategy_portal.dates import PLAN_MONTHS, add_months, end_of_plan
from strategy_portal.demonstration.agenda import put_on_agenda
from strategy_portal.demonstration.silence import agree_by_silence, ask_about_tabled, say
from strategy_portal.workflow import acting

MONTHS_TO_GO = (
    4  # the running plan ends so many months after the first of this one: its successor is due soon
)


def decide(thing, verb, *, by, on, body="ccwp-plenary", text="", title=""):
    """Record a decision at a meeting of that day and take the step, as the secretariat does."""
    with acting(by, "record"):
        meeting, _ = Meeting.objects.get_or_create(body=Body.objects.get(code=body), held_on=on)
        document = _document(title, on) if title else None
    put_on_agenda(meeting, thing, verb, by=by)
    Decision.objects.record(thing, verb, meeting=meeting, by=by, document=document, text=text)


def _document(title, on):
    """A document with an invented number beyond those that the Council reaches in a year."""
    used = Document.objects.filter(year=on.year, number__gte=90000).count()
    return Document.objects.create(
        number=90001 + used,
        year=on.year,
        subject_codes=["ENFOCUSTOM"],
        title=title,
        dated_on=on - timedelta(days=7),
    )


def load_plans(plans, *, today, secretariat, be):
    """Make the plans with their actions and terms of reference, and take each as far as its day allows."""
    runs_from = add_months(today.replace(day=1), MONTHS_TO_GO - PLAN_MONTHS)
    ended, running, draft = plans
    _settled(ended, add_months(runs_from, -PLAN_MONTHS), secretariat, be)
    _settled(running, runs_from, secretariat, be)
    be(today - timedelta(days=40))
    plan = _plan(draft, add_months(runs_from, PLAN_MONTHS), secretariat)
    for row in draft["actions"]:
        action = _action(plan, row, secretariat)
        _terms(
            action,
            row,
            secretariat,
            be,
            on=today - timedelta(days=12),
            until=row.get("terms", ""),
            by_silence=True,
        )
    ask_about_tabled(plan, secretariat, be, today=today)
    for row in ended["actions"]:
        _finish(plan.predecessor.predecessor, ended, row, secretariat, be)


def _settled(rows, starts_on, secretariat, be):
    """A plan that was adopted a few days before its deadline, and whose actions went on from there."""
    tabled_on = add_months(starts_on, -3)
    be(tabled_on - timedelta(days=60))
    plan = _plan(rows, starts_on, secretariat)
    actions = []
    for row in rows["actions"]:
        action = _action(plan, row, secretariat)
        _terms(
            action,
            row,
            secretariat,
            be,
            on=tabled_on - timedelta(days=14),
            until="agreed",
        )
        actions.append((action, row))
    be(tabled_on)
    plan.take("table", by=secretariat)
    adopted_on = add_months(starts_on, -2) - timedelta(days=9)
    be(adopted_on)
    decide(plan, "adopt", by=secretariat, on=adopted_on, text=f"The working party adopted plan {plan.number}.",
           title=f"Action plan {plan.number} of the Customs Cooperation Working Party")  # fmt: skip
    for action, row in actions:
        action.refresh_from_db()
        if row.get("starts") or row.get("ends") in {
            "completed",
            "partly",
            "carried_over",
        }:
            be(action.starts_on + timedelta(days=5))
            action.take("start", by=secretariat)
        if row.get("completes"):
            be(min(action.ends_on, add_months(starts_on, 13)))
            action.take("complete", by=secretariat)


def _plan(rows, starts_on, secretariat):
    with acting(secretariat, "create"):
        return ActionPlan.objects.create(
            number=rows["number"], title=rows["title"], strategy=StrategyVersion.objects.in_force()[0].strategy,
            starts_on=starts_on, ends_on=end_of_plan(starts_on),
        )  # fmt: skip


def _action(plan, row, secretariat):
    begin, end = row["months"]
    codes = {code: delegation for delegation in Delegation.objects.all() for code in [delegation.code]}
    with acting(secretariat, "create"):
        action = Action.objects.create(
            plan=plan, number=plan.actions.count() + 1, title=row["title"], lead=codes[row["lead"]],
            starts_on=add_months(plan.starts_on, begin),
            ends_on=min(add_months(plan.starts_on, end + 1) - timedelta(days=1), plan.ends_on),
            continues=plan.predecessor.actions.get(number=row["continues"]) if "continues" in row else None,
        )  # fmt: skip
        for code in row["objectives"]:
            ActionObjective.objects.create(action=action, objective=Objective.objects.get(code=code))
        for role in ("co_lead", "participant"):
            for code in row.get(f"{role}s", []):
                ActionParticipant.objects.create(action=action, delegation=codes[code], role=role)
    return action


def _terms(action, row, secretariat, be, *, on, until, by_silence=False):
    """Terms of reference as far as `until`: "", draft, tabled or agreed, by experts of that day or by silence.

    A row with "before" had another version first, agreed a month earlier.
    """
    if not until:
        return
    if "before" in row:
        earlier = {**row, **row["before"]}
        del earlier["before"]
        _terms(action, earlier, secretariat, be, on=on - timedelta(days=30), until="agreed")
    be(on - timedelta(days=20))
    with acting(secretariat, "create"):
        terms = TermsOfReference.objects.create(
            action=action,
            version=action.terms.count() + 1,
            background=row.get("background", ""),
            main_goals=row["goals"],
            expected_outcome=row["outcome"],
            tasks=row["tasks"],
            scope=row.get("scope", ""),
            timetable=row.get("timetable", ""),
            reporting=row.get("reporting", ""),
            resources=row.get("resources", ""),
            legal_instruments="\n".join(row.get("instruments", [])),
        )
        _lines(terms, row)
    if until in {"tabled", "agreed"}:
        terms.take("table", by=secretariat)
    if until == "agreed" and by_silence:
        agree_by_silence(terms, secretariat, be, on=on)
    elif until == "agreed":
        be(on - timedelta(days=3))
        for code, stance, text in row.get("positions", []):
            say(terms, code, stance, text)
        be(on)
        decide(terms, "agree", by=secretariat, on=on, body="ccwp-experts")


def _lines(terms, row):
    """The milestones of a row, in months from the begin of the plan, and its indicators."""
    for order, (months, title, text) in enumerate(row.get("milestones", []), start=1):
        due_on = add_months(terms.action.plan.starts_on, months) - timedelta(days=1)
        Milestone.objects.create(terms=terms, order=order, title=title, due_on=due_on, text=text)
    for order, indicator in enumerate(row.get("indicators", []), start=1):
        Indicator.objects.create(terms=terms, order=order, **indicator)


def _finish(plan, rows, row, secretariat, be):
    """How the actions of the plan that has ended came out."""
    action = plan.actions.get(number=rows["actions"].index(row) + 1)
    on = plan.ends_on - timedelta(days=25)
    be(on)
    match row["ends"]:
        case "completed":
            action.take("complete", by=secretariat)
        case "partly":
            action.take("complete_partly", by=secretariat, note=row["reason"])
        case "carried_over":
            decide(action, "carry_over", by=secretariat, on=on)
        case "discontinued":
            decide(action, "discontinue", by=secretariat, on=on, text=row["reason"])
