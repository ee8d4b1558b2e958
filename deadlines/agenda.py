"""All the days that lie before a person: what is due, what meets, what begins and ends; what is late stands first."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.models import Action, ActionPlan
from council.models import Meeting, SilenceProcedure
from council.querysets import holds_presidency
from deadlines import schedule
from deadlines.duties import Duty
from deadlines.progress_work import days_of_actions
from deadlines.work import without_holder
from jcos.models import Operation, Participation
from publishing.words import clock_words
from strategy_portal.dates import delay_days


class Month(NamedTuple):
    """The entries of one month, or those that are late or undated."""

    title: str
    entries: list[Duty]


def agenda(user, today: date) -> list[Duty]:
    """Every coming or late deadline and date that a person may see, soonest first."""
    adopted = adopted_plans(user)
    sources = (
        adoptions(user, today, adopted),
        terms(user),
        days_of_actions(user, today),
        operations(user, today),
        meetings(user, today),
        plans(today, adopted),
        silences(user),
        unheld(user, today),
    )
    entries = [entry for source in sources for entry in source]
    return sorted(entries, key=lambda entry: (entry.due_on or today, entry.label))


def until_handed_over(user, handover) -> dict:
    """For the hand-over of the Presidency: what is open or comes until its last day.

    Its page has the meetings, and the plans with their periods.
    """
    sources = (
        adoptions(user, handover.today, adopted_plans(user)),
        days_of_actions(user, handover.today),
        terms(user),
        operations(user, handover.today),
        silences(user),
    )
    entries = [entry for source in sources for entry in source if entry.due_on <= handover.until]
    return {"months": by_month(entries, handover.today)}


def next_date(user, today: date) -> Duty | None:
    """The next meeting or day of an operation that a person may see: what to look forward to when nothing waits."""
    coming = [*meetings(user, today, at_most=1), *operations(user, today)]
    coming = [entry for entry in coming if entry.due_on >= today]
    return min(coming, key=lambda entry: entry.due_on, default=None)


def by_month(entries: Iterable[Duty], today: date) -> list[Month]:
    """Entries in order, under the headings of their months; what is late comes under a heading of its own."""

    def title(entry: Duty) -> str:
        if entry.due_on is None:
            return _("Waiting now")
        return _("Late") if delay_days(entry.due_on, None, today) else date_format(entry.due_on, "F Y")

    def place(entry: Duty) -> tuple[bool, bool, date]:
        due_on = entry.due_on or today
        return entry.due_on is not None and due_on >= today, entry.due_on is None, due_on

    ordered = sorted(entries, key=place)
    return [Month(name, list(group)) for name, group in groupby(ordered, key=title)]


def adopted_plans(user) -> list[ActionPlan]:
    """The adopted plans that a person sees whole; `awaits` says of each whether its successor is to be adopted."""
    waiting = ActionPlan.objects.awaiting_successor().filter(pk=OuterRef("pk"))
    return list(ActionPlan.objects.seen_whole(user).adopted().annotate(awaits=Exists(waiting)))


def adoptions(user, today: date, adopted: Iterable[ActionPlan]) -> Iterator[Duty]:
    """By when the plan after the last adopted one is to be adopted (15198/09, II.2)."""
    prepares = user.is_secretariat or holds_presidency(user)
    for ending in adopted:
        if not ending.awaits:
            continue
        if prepares:
            text, link = schedule.adoption_text(ending), schedule.adoption_link(ending)
        else:
            text = _("Adoption of the plan that follows plan %(number)d") % {"number": ending.number}
            link = ending.get_absolute_url()
        hint = _("Two months before plan %(number)d ends") % {"number": ending.number}
        yield Duty(text, link, ending.successor_adopt_by, hint)


def terms(user) -> Iterator[Duty]:
    """By when terms of reference are to be agreed, a line for each plan in preparation."""
    rows = schedule.terms_rows().filter(pk__in=Action.objects.visible_to(user).values("pk"))
    counts = Counter(action.plan for action in schedule.with_shared_plans(rows))
    for plan, count in counts.items():
        text = ngettext(
            "Terms of reference of %(count)d action of plan %(number)d are to be agreed",
            "Terms of reference of %(count)d actions of plan %(number)d are to be agreed",
            count,
        )
        due_on = plan.adopt_by or plan.starts_on
        yield Duty(text % {"count": count, "number": plan.number}, plan.get_absolute_url(), due_on)


def operations(user, today: date) -> Iterator[Duty]:
    """When operations begin, end and want their results; late results as long as somebody owes them."""
    owing = Participation.objects.awaiting_result().filter(operation=OuterRef("pk")).order_by()
    number = owing.values("operation").annotate(number=Count("pk")).values("number")
    running = Operation.objects.visible_to(user).filter(
        status__in=[*Operation.RUNNING, *Operation.TAKES_RESULTS], kind=Operation.Kind.JCO
    )
    takes = When(status__in=Operation.TAKES_RESULTS, then=Subquery(number))
    days = (
        owing.with_days().annotate(day=Coalesce("agreed_until", "operation__results_due_on")).order_by("day")
    )
    running = running.annotate(
        awaited=Case(takes, output_field=IntegerField()), first_day=Subquery(days.values("day")[:1])
    )
    for operation in running.order_by(F("results_due_on")):
        url, words = operation.get_absolute_url(), {"operation": operation}
        if operation.starts_on and operation.starts_on >= today:
            yield Duty(_("%(operation)s: the operational phase begins") % words, url, operation.starts_on)
        if operation.ends_on and operation.ends_on >= today:
            yield Duty(_("%(operation)s: the operational phase ends") % words, url, operation.ends_on)
        due_on = operation.first_day if operation.awaited else operation.results_due_on
        if due_on and (operation.awaited or (due_on >= today and operation.status in Operation.RUNNING)):
            count = operation.awaited or 0
            owed = ngettext("%(count)d delegation owes them", "%(count)d delegations owe them", count) % {
                "count": count
            }
            yield Duty(_("%(operation)s: results are due") % words, url, due_on, owed if count else "")


def meetings(user, today: date, at_most: int = 50) -> Iterator[Duty]:
    """Coming meetings."""
    coming = (
        Meeting.objects.visible_to(user).filter(held_on__gte=today).select_related("body").order_by("held_on")
    )
    for meeting in coming[:at_most]:
        words = {"body": meeting.body, "place": meeting.place}
        yield Duty(_("%(body)s meets, %(place)s") % words, meeting.get_absolute_url(), meeting.held_on)


def silences(user) -> Iterator[Duty]:
    """When silence procedures end."""
    for procedure in SilenceProcedure.objects.visible_to(user).running():
        text = _("Silence procedure on %(thing)s ends") % {"thing": procedure.about}
        hint = _("Open until %(time)s (Brussels time)") % {"time": clock_words(procedure.closes_at)}
        yield Duty(text, procedure.get_absolute_url(), procedure.closed_on, hint)


def plans(today: date, adopted: Iterable[ActionPlan]) -> Iterator[Duty]:
    """When adopted plans begin and end."""
    for plan in adopted:
        if plan.ends_on < today:
            continue
        if plan.starts_on >= today:
            yield Duty(
                _("Plan %(number)d begins") % {"number": plan.number}, plan.get_absolute_url(), plan.starts_on
            )
        yield Duty(_("Plan %(number)d ends") % {"number": plan.number}, plan.get_absolute_url(), plan.ends_on)


def unheld(user, today: date) -> Iterator[Duty]:
    """For the secretariat: what delegations owe that nobody holds."""
    if user.is_secretariat:
        for delegation in schedule.owing_without_post(today).filter(has_submitter=False):
            yield without_holder(delegation)
