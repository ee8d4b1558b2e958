"""The actions of a plan and their milestones on one time line, under a sentence that is computed from them."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from actionplans.models import Action, ActionPlan, Milestone
from actionplans.querysets import ADOPTED
from publishing.figures import Figure
from publishing.words import day_words
from publishing.workplan import Work, workplan_figure

# The milestones of each version, as `milestone_days`: lists of plans take them along with the terms of reference.
MILESTONE_DAYS = ArraySubquery(
    Milestone.objects.filter(terms=OuterRef("pk"))
    .order_by("due_on", "order")
    .values(one=JSONObject(title="title", due_on="due_on"))
)


def milestones_of(plan: ActionPlan, action: Action) -> list[tuple[str, date]]:
    """What an action is to reach and by when, from the version that counts of those that the reader sees.

    In an adopted plan that is the agreed one, before that the newest. `seen_terms` hold `milestone_days`.
    """
    versions = action.seen_terms
    if plan.status in ADOPTED:
        versions = [terms for terms in versions if terms.status == terms.Status.AGREED] or versions
    return days_of(versions[0]) if versions else []


def days_of(terms) -> list[tuple[str, date]]:
    """The milestones of a version that was fetched with `milestone_days`."""
    return [(one["title"], date.fromisoformat(one["due_on"])) for one in terms.milestone_days]


def works_of(plan: ActionPlan, actions: Iterable[Action]) -> list[Work]:
    """The actions as the time line draws them; one without days of its own runs with the plan."""
    return [
        Work(
            action.reference,
            action.title,
            action.starts_on or plan.starts_on,
            action.ends_on or plan.ends_on,
            action.status,
            str(action.get_status_display()),
            action.get_absolute_url(),
            milestones_of(plan, action),
        )
        for action in actions
    ]


def timeline_of(plan: ActionPlan, actions: Iterable[Action], today: date, **links) -> Figure:
    """The figure: actions in the order given, with the period of the plan."""
    works = works_of(plan, actions)
    return workplan_figure(
        "workplan", headline(plan, works, today), works, (plan.starts_on, plan.ends_on), today,
        what=_("Action"), **links,
    )  # fmt: skip


def headline(plan: ActionPlan, works: Sequence[Work], today: date) -> str:
    """What the time line shows, in a sentence: how much of it runs today, and what is to be reached next."""
    count = len(works)
    words = {"count": count, "begin": day_words(plan.starts_on), "end": day_words(plan.ends_on)}
    if today < plan.starts_on:
        said = (
            ngettext(
                "%(count)d action is to begin with the plan on %(begin)s or later.",
                "%(count)d actions are to begin with the plan on %(begin)s or later.",
                count,
            )
            % words
        )
    elif today > plan.ends_on:
        said = (
            ngettext(
                "The time of %(count)d action was over with the plan on %(end)s.",
                "The time of %(count)d actions was over with the plan on %(end)s.",
                count,
            )
            % words
        )
    else:
        running = sum(work.starts_on <= today <= work.ends_on for work in works)
        said = ngettext(
            "By its days, %(running)d of %(count)d action runs today.",
            "By their days, %(running)d of %(count)d actions run today.",
            count,
        ) % {**words, "running": running}
    return f"{said} {_milestone_words(works, today)}"


def _milestone_words(works: Sequence[Work], today: date) -> str:
    milestones = [(day, work.number, title) for work in works for title, day in work.reached]
    if not milestones:
        return _("No milestone is set.")
    coming = sorted(one for one in milestones if one[0] >= today)
    if not coming:
        return ngettext(
            "The day of its milestone has passed.",
            "The days of all %(count)d milestones have passed.",
            len(milestones),
        ) % {"count": len(milestones)}
    day, number, title = coming[0]
    return _("Next milestone: %(title)s (%(action)s), %(day)s.") % {
        "title": title, "action": number, "day": day_words(day),
    }  # fmt: skip
