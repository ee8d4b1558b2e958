"""The page of an objective that the strategy has no longer: its last words, since when, why, and what serves it."""

from itertools import groupby

from django.shortcuts import render

from actionplans.models import StrategyVersion, VersionChange, Wording
from actionplans.querysets import ONCE_IN_FORCE
from actionplans.reading import serving
from actionplans.views.missing import no_objective
from actionplans.views.records import related_objectives


def withdrawn_objective(request, objective, version):
    """Show an objective that `version` has not but an earlier one had; 404 when no text in force ever had it."""
    user = request.user
    earlier = StrategyVersion.objects.visible_to(user).filter(
        strategy=objective.strategy_id, status__in=ONCE_IN_FORCE, number__lt=version.number
    )
    words = (
        Wording.objects.filter(objective=objective, version__in=earlier)
        .select_related("version", "block__aim", "objective__parent")
        .order_by("-version__number")
        .first()
    )
    if words is None:
        raise no_objective(user, objective.strategy, objective.code)
    by = (
        StrategyVersion.objects.visible_to(user)
        .filter(strategy=objective.strategy_id, status__in=ONCE_IN_FORCE, number__gt=words.version.number)
        .order_by("number")
        .first()
    )
    change = by.changes.filter(
        part=VersionChange.Part.OBJECTIVE, code=objective.code, change=VersionChange.Change.WITHDRAWN
    ).last()
    actions = serving([objective.pk], user)[objective.pk]
    return render(
        request,
        "actionplans/objective_withdrawn.html",
        {
            "objective": objective,
            "words": words,
            "by": by,
            "change": change,
            "by_plan": [
                (plan, list(rows)) for plan, rows in groupby(actions, key=lambda action: action.plan)
            ],
            **related_objectives(objective, user),
            "may_relate": False,
        },
    )
