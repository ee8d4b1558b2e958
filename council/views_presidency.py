"""What one Presidency hands over to the next: who presides when, what meets, what is to be decided, what is due."""

from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import JSONObject
from django.shortcuts import render
from django.views.decorators.http import require_safe

from council.models import AgendaPoint, Meeting
from council.querysets import presidencies_ahead
from strategy_portal.dates import add_months, brussels_today

IS_EXPECTED = Q(content_type__isnull=False)  # a decision is, at a point that names what is to be decided


class Handover(NamedTuple):
    """The days that a hand-over covers: from today to the end of the next half-year."""

    today: date
    until: date


@require_safe
def handover(request):
    """The hand-over page, for the delegation that presides, the one that follows, and the secretariat."""
    if not request.user.has_perm("council.view_handover"):
        raise PermissionDenied
    today = brussels_today()
    rows = presidencies_ahead(request.user)
    now = rows[0] if rows and rows[0].starts_on <= today else None
    following = [row for row in rows if row is not now]
    until = following[0].ends_on if following else end_of_next_half_year(today)
    return render(
        request,
        "council/presidency_handover.html",
        {
            "now": now,
            "following": following,
            "rows": rows,
            "handover": Handover(today, until),
            "meetings": meetings_with_points(request.user, today, until),
        },
    )


def end_of_next_half_year(day):
    """The last day of the half-year after that of a day: what the calendar says where no Presidency is recorded."""
    begin = date(day.year, 1 if day.month < 7 else 7, 1)
    return add_months(begin, 12) - timedelta(days=1)


def meetings_with_points(user, today, until):
    """The meetings to come, and past ones with a decision that is still open; each with its open points, one query."""
    points = AgendaPoint.objects.open().filter(meeting=OuterRef("pk"))
    rows = Meeting.objects.visible_to(user).filter(held_on__lte=until)
    waiting = Exists(points.filter(IS_EXPECTED))
    rows = (
        rows.filter(Q(held_on__gte=today) | waiting).select_related("body").order_by("held_on", "body__order")
    )
    row = JSONObject(title="title", is_expected=ExpressionWrapper(IS_EXPECTED, BooleanField()))
    return rows.annotate(open_points=ArraySubquery(points.order_by("order").values(row=row)))
