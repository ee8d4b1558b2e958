"""The Committee's dashboard: the whole, each figure alone, the rows behind its numbers, its table as a file."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from reports.board import Board
from reports.dashboards import plans_seen, sees_progress
from reports.exports import file_response
from reports.figures import (
    FIGURES,
    CoverageFigure,
    DelegationsFigure,
    PublishedFigure,
    ResultsFigure,
    StatusFigure,
    TimelineFigure,
)
from reports.filters import ProgressForm, RowsForm
from reports.keyfigures import key_figures
from reports.objectives import text_in_force
from reports.results import operations_seen
from strategy_portal.dates import brussels_today

PAGE = 50


def _lists(request):
    """What a reader can choose from: three lists, read once."""
    user = request.user
    if not sees_progress(user):
        return {"plans": [], "operations": [], "today": brussels_today()}
    return {"plans": plans_seen(user), "operations": operations_seen(user), "today": brussels_today()}


def progress(request):
    """The dashboard: four key figures and the figures, for what the reader sees."""
    if not sees_progress(request.user):
        return render(request, "reports/progress.html", {"sees_nothing": True})
    lists = _lists(request)
    form = ProgressForm(request.GET, **lists)
    context = {"form": form}
    if form.is_valid():
        board = Board(request.user, form.choice(), lists["today"])
        shown = [ResultsFigure(board), DelegationsFigure(board)]
        if lists["plans"]:
            shown = [StatusFigure(board), TimelineFigure(board), CoverageFigure(board), *shown]
        context |= {
            "board": board,
            "key_figures": key_figures(board),
            "figures": [one.figure() for one in shown],
            "published": PublishedFigure(board).figure() if board.published else None,
            "published_url": board.url("figure", "published", PublishedFigure.scope),
        }
    return render(request, "reports/progress.html", context)


def figure(request, figure):
    """One figure alone."""
    form, shown = _shown(request, figure)
    return render(
        request,
        "reports/figure.html",
        {"form": form, "kind": FIGURES[figure], "figure": shown.figure() if shown else None},
    )


def figure_file(request, figure, suffix):
    """The figure's table as CSV or xlsx; a choice that is not valid is shown on the page that says why."""
    form, shown = _shown(request, figure)
    if not form.is_valid():
        return redirect(reverse("reports:figure", args=[figure]) + f"?{request.GET.urlencode()}")
    table = shown.figure()
    return file_response(suffix, figure, form.today, str(shown.title), table.columns, table.rows)


def figure_rows(request, figure):
    """The rows behind a number of the figure: as many as the number says."""
    form, shown = _shown(request, figure)
    rows = []
    if shown:
        form = RowsForm(
            request.GET,
            scope=shown.scope,
            fields=shown.row_fields(),
            plans=form.plans,
            operations=form.operations,
            today=form.today,
            text=form.text,
        )
        if form.is_valid():
            rows = shown.rows(form.wanted())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kind = FIGURES[figure]
    return render(
        request,
        "reports/rows.html",
        {"form": form, "kind": kind, "page_obj": page, "template": f"reports/_rows_{figure}.html"},
    )


def _shown(request, name):
    """The form of the reader's choice and the figure for it, None where that is not valid; 404 for no figure."""
    kind = FIGURES.get(name)
    if kind is None:
        raise Http404
    text = text_in_force(request.user) if "aim" in kind.scope else None
    form = RowsForm(request.GET, scope=kind.scope, fields={}, text=text, **_lists(request))
    return form, kind(Board(request.user, form.choice(), form.today)) if form.is_valid() else None
