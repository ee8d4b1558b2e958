"""How a view answers an address that asks for a day by `?on=`."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actionplans.day_asked import DayForm

View = Callable[..., HttpResponse]


def or_on_a_day(page_of_the_day: View) -> Callable[[View], View]:
    """Decorator: where the address asks for a day by `?on=`, `page_of_the_day(request, on, …)` answers instead.

    What is no day that can be read gets the question again, with what was typed and why (422).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.GET.get("on", "").strip():
                return view(request, *args, **kwargs)
            form = DayForm(request.GET)
            if not form.is_valid():
                context = {"form": form, "path": request.path}
                return render(request, "actionplans/day_wrong.html", context, status=422)
            return page_of_the_day(request, form.cleaned_data["on"], *args, **kwargs)

        return answer

    return decorate


def keeping_the_day(view: View) -> View:
    """Decorator: the page reads the same on any day; its links keep the one asked for, what is no day is asked back."""
    return or_on_a_day(lambda request, _on, *args, **kwargs: view(request, *args, **kwargs))(view)


def nothing(request, on, why):
    """The page of a day on which there was nothing to read: why, and the question for another day (404)."""
    context = {"on": on, "why": why, "path": request.path}
    return render(request, "actionplans/day_none.html", context, status=404)
