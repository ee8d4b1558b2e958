"""The strategy as a document to read, and each objective with what serves it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from actionplans.models import Objective, Strategy, StrategyVersion
from actionplans.reading import (
    around,
    current_version,
    objective_page,
    read,
    serving,
    version_of,
    wordings_of,
)
from actionplans.views.days import objective_on, or_on_a_day, strategy_on
from actionplans.views.records import related_objectives, strategy_record
from actionplans.views.versions import version_panel
from actionplans.views.withdrawn import withdrawn_objective


@require_safe
@or_on_a_day(strategy_on)
def strategy_current(request):
    """The strategy in force."""
    version = current_version(request.user)
    if version is None:
        return render(request, "actionplans/strategy_none.html")
    return _reader(request, version)


@require_safe
@or_on_a_day(strategy_on)
def strategy_detail(request, slug):
    """Any strategy, in the version that is in force or was last."""
    strategy = get_object_or_404(Strategy.objects.visible_to(request.user), slug=slug)
    version = version_of(strategy, request.user)
    return strategy_record(request, strategy) if version is None else _reader(request, version, slug)


@require_safe
def strategyversion_detail(request, number, slug=""):
    """One version's text; without a slug, of the strategy in force."""
    if slug:
        strategy = get_object_or_404(Strategy.objects.visible_to(request.user), slug=slug)
    else:
        strategy = _current_strategy(request.user)
    version = get_object_or_404(
        StrategyVersion.objects.visible_to(request.user).select_related("strategy__repealed_by"),
        strategy=strategy,
        number=number,
    )
    return _reader(request, version, slug)


@require_safe
@or_on_a_day(objective_on)
def objective_detail(request, code, slug=""):
    """One objective: its words, where it stands, and the actions that serve it."""
    user = request.user
    if slug:
        version = version_of(get_object_or_404(Strategy.objects.visible_to(user), slug=slug), user)
    else:
        version = current_version(user)
    if version is None:
        raise Http404("no strategy is in force")
    objective = get_object_or_404(
        Objective.objects.visible_to(user).select_related("strategy"), strategy=version.strategy_id, code=code
    )
    head = around(objective, wordings_of(version))
    if head is None:
        return withdrawn_objective(request, objective, version, slug)
    served = serving([objective.pk, *(words.objective_id for words in head.sub_points)], user)
    context = objective_page(objective, version, head, served, slug) | related_objectives(objective, user)
    return render(request, "actionplans/objective_detail.html", context)


def _current_strategy(user):
    version = current_version(user)
    if version is None:
        raise Http404("no strategy is in force")
    return version.strategy


def _reader(request, version, slug=""):
    versions = StrategyVersion.objects.visible_to(request.user).filter(strategy=version.strategy_id)
    return render(
        request,
        "actionplans/strategy_detail.html",
        {
            "version": version,
            "strategy": version.strategy,
            "reading": read(version, request.user, slug),
            "versions": versions.select_related("strategy"),
            "panel": version_panel(request.user, version),
            "slug": slug,
        },
    )
