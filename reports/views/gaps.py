"""Where the chain is broken, for the secretariat to mend."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.exports import file_response
from reports.gaps import gap_cells, gap_columns, gap_groups
from strategy_portal.dates import brussels_today


@require_safe
def gaps(request):
    """All gaps by kind, each with a link to the form that mends it."""
    groups = _groups(request)
    return render(
        request, "reports/gaps.html", {"groups": groups, "count": sum(len(group.gaps) for group in groups)}
    )


@require_safe
def gaps_file(request, suffix):
    """The same rows as CSV or xlsx."""
    rows = gap_cells(_groups(request), request.build_absolute_uri)
    return file_response(suffix, "gaps", brussels_today(), _("Gaps"), gap_columns(), rows)


def _groups(request):
    if not request.user.has_perm("reports.view_gaps"):
        raise PermissionDenied
    return gap_groups(request.user, brussels_today())
