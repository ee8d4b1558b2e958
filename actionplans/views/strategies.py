"""The strategy as a document to read, and each objective with what serves it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from actionplans.models import Objective, Strategy
from actionplans.reading import (
    around,
    current_version,
    objective_page,
    read,
    serving,
    version_of,
    versions_beside,
    wordings_of,
)
from actionplans.views.days import objective_on, or_on_a_day, strategy_on
from actionplans.views.records import related_objectives, strategy_record
from actionplans.views.versions import address, version_of_the_address, version_panel
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
    version = version_of(slug, request.user)
    if version is not None:
        return _reader(request, version, slug)
    return strategy_record(request, get_object_or_404(Strategy.objects.visible_to(request.user), slug=slug))


@require_safe
def strategyversion_detail(request, number, slug=""):
    """One version's text; without a slug, of the strategy in force."""
    return _reader(request, version_of_the_address(request.user, number, slug), slug)


@require_safe
@or_on_a_day(objective_on)
def objective_detail(request, code, slug=""):
    """One objective: its words, where it stands, and the actions that serve it."""
    user = request.user
    if slug:
        version = version_of(slug, user)
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


def _reader(request, version, slug=""):
    versions = versions_beside(version, request.user, slug)
    return render(
        request,
        "actionplans/strategy_detail.html",
        {
            "version": version,
            "strategy": version.strategy,
            "reading": read(version, request.user, slug),
            "versions": versions,
            "compare_url": _compare_url(version, versions, slug),
            "panel": version_panel(request.user, version),
            "slug": slug,
        },
    )


def _compare_url(version, versions, slug):
    """Where a version stands beside the text that was in force before it; "" where the reader sees none."""
    earlier = [
        other.number
        for other in versions
        if other.number < version.number and other.in_force_from is not None
    ]
    return address("strategy_compare", slug, max(earlier), version.number) if earlier else ""
