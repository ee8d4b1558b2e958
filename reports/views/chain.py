"""What became of each objective, as a table to walk through and as a file."""

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionplans.models import ActionPlan
from reports.chain import actions_seen, chain_of
from reports.chain_rows import chain_cells, chain_columns, chain_rows, grouped
from reports.dashboards import sees_progress
from reports.exports import file_response
from reports.filters import ChainForm
from reports.objectives import known_to, text_in_force, withdrawn_of
from reports.predecessors import predecessors_of, successors_of
from strategy_portal.dates import brussels_today

PAGE = 50


@require_safe
def chain(request):
    """The chain of the chosen objectives; a choice that is not valid is said, and shows nothing."""
    if not sees_progress(request.user):
        return render(request, "reports/chain.html", {"sees_nothing": True})
    form, rows = _chosen(request)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    groups = grouped(page, successors_of(request.user, _objectives(page)))
    return render(
        request,
        "reports/chain.html",
        {"form": form, "page_obj": page, "groups": groups, "query": request.GET.urlencode()},
    )


@require_safe
def chain_file(request, suffix):
    """The same rows as CSV or xlsx; a choice that is not valid is shown on the page that says why."""
    form, rows = _chosen(request)
    if not form.is_valid():
        return redirect(reverse("reports:chain") + f"?{request.GET.urlencode()}")
    title = _("What became of the objectives")
    cells = chain_cells(rows, successors_of(request.user, _objectives(rows)))
    return file_response(suffix, "chain", brussels_today(), title, chain_columns(), cells)


def _objectives(rows):
    return {row.words.objective_id for row in rows if row.words}


def _chosen(request):
    """The form of the reader's choice, and the rows for it: none where it is not valid or nothing is shown to them."""
    user = request.user
    plans = ActionPlan.objects.visible_to(user).alive().order_by("-number")
    form = ChainForm(request.GET, known=known_to(text_in_force(user)), plans=plans)
    text, withdrawn = form.text, form.withdrawn
    if not form.is_valid() or not sees_progress(user):
        return form, []
    chosen = form.chosen()
    actions, number = actions_seen(user), chosen.pop("plan")
    if number:
        actions = actions.filter(plan__number=number)
    found = chain_of(user, actions)
    objectives = [*text.codes, *(words.objective_id for words in withdrawn)]
    return form, chain_rows(
        text,
        text.narrowed(**chosen),
        found,
        withdrawn=withdrawn_of(text, withdrawn, **chosen),
        predecessors=predecessors_of(user, objectives),
        asked=chosen["objective"],
        with_others=not any(chosen.values()),
    )
