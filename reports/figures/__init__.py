"""The figures of the dashboard: for each its sentence, drawing and table, and the rows behind every number of them."""

from reports.figures.coverage import CoverageFigure
from reports.figures.plans import StatusFigure, TimelineFigure
from reports.figures.results import DelegationsFigure, PublishedFigure, ResultsFigure

FIGURES = {
    figure.slug: figure
    for figure in (
        StatusFigure,
        TimelineFigure,
        CoverageFigure,
        DelegationsFigure,
        ResultsFigure,
        PublishedFigure,
    )
}
