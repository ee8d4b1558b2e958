"""What the reports on running actions ask of people: blocks of the first page, and days of the list of deadlines."""

from collections import Counter
from datetime import date, timedelta

from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.models import Action, Extension, ProgressNote
from actionplans.periods import Period
from actionplans.progress import milestones_waiting, notes_of
from deadlines import schedule
from deadlines.duties import SOON_DAYS, Duty
from publishing.words import day_words
from strategy_portal.dates import days_left

ANSWERING_DAYS = 7  # what delegations send is dealt with within a week, as results are


def to_answer(user, today):
    """Progress notes and requests for a later day that wait for the secretariat; one query for both."""
    notes = ProgressNote.objects.to_confirm().order_by().values_list(
        JSONObject(
            plan="action__plan__number", action="action__number", begins="period_begins_on", ends="period_ends_on",
            who="action__lead__name", health="health", on="submitted_on",
        )
    )  # fmt: skip
    requests = (
        Extension.objects.to_answer()
        .order_by()
        .values_list(
            JSONObject(pk="pk", about="about", who="delegation__name", new_day="new_day", on="asked_on")
        )
    )
    for (row,) in notes.union(requests, all=True):
        due_on = date.fromisoformat(row["on"]) + timedelta(days=ANSWERING_DAYS)
        yield (_request if "about" in row else _submitted)(row, due_on)


def _submitted(row, due_on):
    begins_on, ends_on = date.fromisoformat(row["begins"]), date.fromisoformat(row["ends"])
    words = {
        "number": f"{row['plan']}.{row['action']}",
        "period": Period(begins_on, ends_on),
        "lead": row["who"],
        "health": ProgressNote.Health(row["health"]).label,
        "day": day_words(date.fromisoformat(row["on"])),
    }
    return Duty(
        _("Confirm the progress note on action %(number)s, %(period)s") % words,
        reverse("actionplans:progressnote_detail", args=[row["plan"], row["action"], ends_on]),
        due_on,
        _("%(lead)s states: %(health)s; submitted on %(day)s") % words,
    )


def _request(row, due_on):
    words = {"who": row["who"], "day": day_words(date.fromisoformat(row["new_day"]))}
    return Duty(
        _("Answer the request for a later day: %(thing)s") % {"thing": row["about"]},
        reverse("actionplans:extension_detail", args=[row["pk"]]),
        due_on,
        _("%(who)s asks for %(day)s") % words,
    )


def led_actions(user, today):
    """Of the actions that the person's delegations lead: notes that are owed, what is about to begin or to end."""
    for action in schedule.note_rows().with_milestones().filter(lead__in=user.editor_of):
        yield from _note(action, today)
        yield from _milestones(action, today)
        if action.lead_id in user.submitter_of:
            yield from _turn(action, today)


def _note(action, today):
    """The progress note that is owed: its period is over."""
    owed = schedule.note_owed(action)
    if owed is None or owed.period.ends_on >= today:
        return
    tone, word = {"": ("mute", _("Not started")), "returned": ("warn", owed.status_word)}.get(
        owed.status, ("info", owed.status_word)
    )
    yield Duty(
        schedule.note_text(action), schedule.note_link(action), owed.due_on, action.title, tone, word, action.lead_id
    )  # fmt: skip


def _milestones(action, today):
    """The milestones that are to be reached soon, or were to be."""
    for title, due_on in milestones_waiting(action):
        if days_left(due_on, today) <= SOON_DAYS:
            words = {"number": action.reference, "title": title}
            yield Duty(
                _("Reach the milestone of action %(number)s, or say when it was reached: %(title)s") % words,
                dates_url(action), due_on, action.title, of=action.lead_id,
            )  # fmt: skip


def _turn(action, today):
    """The action is about to begin or to end."""
    plan, is_planned = action.plan, action.status == "planned"
    due_on = (action.starts_on or plan.starts_on) if is_planned else (action.ends_on or plan.ends_on)
    if days_left(due_on, today) > SOON_DAYS:
        return
    label = _("Start action %(number)s") if is_planned else _("Say what action %(number)s has achieved")
    yield Duty(
        label % {"number": action.reference}, action.get_absolute_url(), due_on, action.title,
        "info", action.get_status_display(), action.lead_id,
    )  # fmt: skip


def days_of_actions(user, today):
    """By when notes are due that are not there, a line for each plan and period; and each milestone not reached.

    Which notes are there is known to the secretariat and, of its own actions, to the lead.
    """
    visible = Action.objects.visible_to(user).values("pk")
    counts, milestones = Counter(), []
    for action in schedule.with_shared_plans(schedule.note_rows().with_milestones().filter(pk__in=visible)):
        milestones += [(action, *entry) for entry in milestones_waiting(action)]
        if user.is_secretariat or action.lead_id in user.delegation_ids:
            owed = [note for note in notes_of(action, today) if not note.is_handed_in]
            counts.update((action.plan, note.period, note.due_on) for note in owed)
    for (plan, period, due_on), count in counts.items():
        text = ngettext(
            "Progress note of %(count)d action of plan %(number)d on %(period)s",
            "Progress notes of %(count)d actions of plan %(number)d on %(period)s",
            count,
        )
        words = {"count": count, "number": plan.number, "period": period}
        yield Duty(text % words, plan.get_absolute_url(), due_on)
    for action, title, due_on in milestones:
        words = {"number": action.reference, "title": title}
        yield Duty(_("Milestone of action %(number)s: %(title)s") % words, dates_url(action), due_on)


def dates_url(action):
    """The page with the days of an action."""
    return reverse("actionplans:action_dates", args=[action.plan.number, action.number])
