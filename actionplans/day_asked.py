"""The day that an address asks for by `?on=`, and how links take it along."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editing.forms import PortalForm
from publishing.words import day_words
from strategy_portal.dates import brussels_today
from strategy_portal.fields import FIRST_HISTORICAL_YEAR, DayField


class DayForm(PortalForm):
    """The day on which a page is read: none that is yet to come."""

    on = DayField(
        label=gettext_lazy("Day"),
        since=FIRST_HISTORICAL_YEAR,
        help_text=gettext_lazy("For example 27/11/2026 or 2026-11-27, today or earlier."),
    )

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > brussels_today():
            raise ValidationError(
                _("%(day)s is yet to come. Choose today or an earlier day.") % {"day": day_words(on)}
            )
        return on


def day_asked(request: Any) -> date | None:
    """The day that an address asks for, where it is one that can be read. Every link asks, so it is read once."""
    if not hasattr(request, "day_asked"):
        form = DayForm(request.GET) if request.GET.get("on", "").strip() else None
        request.day_asked = form.cleaned_data["on"] if form and form.is_valid() else None
    return request.day_asked


def with_day(request: Any, url: str) -> str:
    """An address with the day that the present one asks for, if it asks for one."""
    on = day_asked(request)
    if on is None or not url:
        return url
    path, mark, fragment = str(url).partition("#")
    return f"{path}{'&' if '?' in path else '?'}on={on.isoformat()}{mark}{fragment}"


def without_day(request: Any) -> str:
    """The present address as of today."""
    rest = request.GET.copy()
    rest.pop("on", None)
    return f"{request.path}?{rest.urlencode()}" if rest else request.path
