"""The actions of a plan and their milestones on one time line, under a sentence that is computed from them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.models import Action, ActionPlan, Milestone
from actionplans.querysets import UNFINISHED
from publishing.figures import Figure
from publishing.words import day_words
from publishing.workplan import Work, workplan_figure

OPEN = {"proposed", *UNFINISHED}  # states of an action that has not ended


class MilestoneDay(NamedTuple):
    """What is to be reached, by the day that counts (the agreed later one, where there is one), and whether it is."""

    title: str
    day: date
    is_reached: bool


def milestone_days():
    """The milestones of each version, as JSON: lists of plans take them along with the terms of reference."""
    rows = Milestone.objects.with_days().filter(terms=OuterRef("pk"))
    row = JSONObject(title="title", due_on=Coalesce("agreed_until", "due_on"), reached_on="reached_on")
    return ArraySubquery(rows.order_by("due_on", "order").values(one=row))


def milestones_of(action: Action) -> list[MilestoneDay]:
    """What an action is to reach and by when, from the version that counts of those that the reader sees.

    `seen_terms` come `by_what_counts()` and hold `milestone_days`.
    """
    return days_of(action.seen_terms[0]) if action.seen_terms else []


def days_of(terms) -> list[MilestoneDay]:
    """The milestones of a version that was fetched with `milestone_days`."""
    return [
        MilestoneDay(one["title"], date.fromisoformat(one["due_on"]), one["reached_on"] is not None)
        for one in terms.milestone_days
    ]


def timeline_of(plan: ActionPlan, actions: Iterable[Action], today: date, **links) -> Figure:
    """The figure: actions in the order given, with the period of the plan."""
    rows = [(action, milestones_of(action)) for action in actions]
    works = [_work(plan, action, milestones) for action, milestones in rows]
    open_ones = [
        (work, days) for work, (action, days) in zip(works, rows, strict=True) if action.status in OPEN
    ]
    return workplan_figure(
        "workplan", headline(plan, open_ones, len(works), today), works, (plan.starts_on, plan.ends_on), today,
        what=_("Action"), **links,
    )  # fmt: skip


def _work(plan: ActionPlan, action: Action, milestones: Sequence[MilestoneDay]) -> Work:
    """An action as the time line draws it; one without days of its own runs with the plan."""
    return Work(
        action.reference,
        action.title,
        action.starts_on or plan.starts_on,
        action.ends_on or plan.ends_on,
        action.status,
        str(action.get_status_display()),
        action.get_absolute_url(),
        [(one.title, one.day) for one in milestones],
    )


def headline(
    plan: ActionPlan, works: Sequence[tuple[Work, Sequence[MilestoneDay]]], count: int, today: date
) -> str:
    """What the time line shows, in a sentence: how much of it runs today, and what is to be reached next.

    `works` are the actions that have not ended, with their milestones; `count` is how many the time line shows.
    """
    said = _runs_words(plan, [work for work, _days in works], count, today)
    if len(works) < count and not any(days for _work, days in works):
        return said  # those that have ended may have had milestones
    return f"{said} {_milestone_words(works, today)}"


def _runs_words(plan: ActionPlan, works: Sequence[Work], count: int, today: date) -> str:
    words = {"count": count, "begin": day_words(plan.starts_on), "end": day_words(plan.ends_on)}
    if today > plan.ends_on:
        said = ngettext(
            "The time of %(count)d action was over with the plan on %(end)s.",
            "The time of %(count)d actions was over with the plan on %(end)s.",
            count,
        )
        return said % words
    if count and not works:
        return ngettext("The action has ended.", "All %(count)d actions have ended.", count) % words
    if today < plan.starts_on:
        said = ngettext(
            "%(count)d action is to begin with the plan on %(begin)s or later.",
            "%(count)d actions are to begin with the plan on %(begin)s or later.",
            len(works),
        )
        return said % {**words, "count": len(works)}
    running = sum(work.starts_on <= today <= work.ends_on for work in works)
    said = ngettext(
        "By its days, %(running)d of %(count)d action runs today.",
        "By their days, %(running)d of %(count)d actions run today.",
        count,
    )
    said %= {**words, "running": running}
    ended = count - len(works)
    if not ended:
        return said
    return f"{said} " + ngettext("%(ended)d has ended.", "%(ended)d have ended.", ended) % {"ended": ended}


def _milestone_words(works: Sequence[tuple[Work, Sequence[MilestoneDay]]], today: date) -> str:
    milestones = [(one.day, work.number, one) for work, days in works for one in days]
    if not milestones:
        return _("No milestone is set.")
    waiting = sorted(row for row in milestones if not row[2].is_reached)
    coming = [row for row in waiting if row[0] >= today]
    if coming:
        day, number, one = coming[0]
        return _("Next milestone: %(title)s (%(action)s), %(day)s.") % {
            "title": one.title, "action": number, "day": day_words(day),
        }  # fmt: skip
    words = {"count": len(milestones), "late": len(waiting)}
    if not waiting:
        said = ngettext("Its milestone is reached.", "All %(count)d milestones are reached.", len(milestones))
    elif len(waiting) == len(milestones):
        said = ngettext(
            "The day of its milestone has passed.",
            "The days of all %(count)d milestones have passed.",
            len(milestones),
        )
    else:
        said = ngettext(
            "The day of %(late)d of %(count)d milestones has passed; the others are reached.",
            "The days of %(late)d of %(count)d milestones have passed; the others are reached.",
            len(waiting),
        )
    return said % words
