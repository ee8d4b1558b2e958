"""One search over everything that a person may see."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from search.forms import SearchForm
from search.question import read
from search.results import Results


@require_safe
def search(request):
    """What fits the words or the reference, by kind; without a question, what can be asked."""
    form = SearchForm(request.GET)
    context = {"form": form, "q": "", "results": None}
    if form.is_valid() and form.cleaned_data["q"]:
        q, kind, earlier = (form.cleaned_data[name] for name in ("q", "kind", "earlier"))
        question = read(q)
        results = Results(request.user, question, kind, earlier, request.GET.get("page"))
        context |= {
            "q": q,
            "kind": kind,
            "why_nothing": question.why_nothing,
            "results": results,
            "earlier": earlier,
            "found_earlier": 0
            if results.total or earlier
            else Results(request.user, question, "", True).total,
        }
    return render(request, "search/search.html", context)
