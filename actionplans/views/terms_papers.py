"""Terms of reference as papers: one version, or two compared, on the page, as PDF and as Word."""

import logging

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actionplans.filters import CompareForm
from actionplans.last_words import words_served
from actionplans.terms_redline import TermsComparison, compare_terms, redline
from actionplans.terms_text import about_the_action, document_of
from actionplans.views.terms import find_action, gives_papers, versions_seen
from publishing.downloads import PDF, WORD, download
from publishing.page import document_head, document_text
from publishing.pdf import pdf
from publishing.word import word
from strategy_portal.dates import now

log = logging.getLogger("portal.exports")
FORMATS = {"pdf": (pdf, PDF), "docx": (word, WORD)}


@require_safe
def terms_file(request, number, action, version, ending):
    """One version as PDF/UA or Word."""
    row, versions = _seen(request, number, action)
    terms = _named(versions, version)
    document = document_of(terms, about_the_action(row, words_served(row)), now())
    return _file(document, f"terms-{row.reference}-version-{version}", ending)


@require_safe
def terms_compare_choose(request, number, action):
    """Choose two versions; what is chosen in the address is led to, what cannot be read comes back with why."""
    row, versions = _seen(request, number, action)
    form = CompareForm(request.GET or None, states=_states(versions))
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        return redirect(_address("terms_compare", row, chosen["old"], chosen["new"], is_whole=form.is_whole))
    context = {
        "action": row, "plan": row.plan, "versions": versions, "form": form,
        "choose_url": _address("terms_compare_choose", row),
    }  # fmt: skip
    return render(request, "actionplans/terms_compare_choose.html", context)


@require_safe
def terms_compare(request, number, action, a, b):
    """Version b against version a: only what changed, or the whole text."""
    comparison, versions = _compared(request, number, action, a, b)
    row = comparison.new.action
    form = CompareForm({"old": a, "new": b, "show": request.GET.get("show", "")}, states=_states(versions))
    document = redline(comparison, now(), is_whole=form.is_whole)
    urls = {
        "choose": _address("terms_compare_choose", row),
        "changes": _address("terms_compare", row, a, b),
        "whole": _address("terms_compare", row, a, b, is_whole=True),
        "swapped": _address("terms_compare", row, b, a, is_whole=form.is_whole),
    }
    for ending in FORMATS:
        urls[ending] = _address("terms_compare_file", row, a, b, ending, is_whole=form.is_whole)
    return render(
        request,
        "actionplans/terms_compare.html",
        {
            "action": row,
            "plan": row.plan,
            "comparison": comparison,
            "head": document_head(document),
            "text": document_text(document),
            "language": document.language,
            "marking": document.marking,
            "form": form,
            "urls": urls,
        },
    )


@require_safe
def terms_compare_file(request, number, action, a, b, ending):
    """The comparison as PDF/UA or Word."""
    comparison, _every = _compared(request, number, action, a, b)
    document = redline(comparison, now(), is_whole=request.GET.get("show") == "whole")
    reference = comparison.new.action.reference
    return _file(document, f"terms-{reference}-version-{b}-against-{a}", ending)


def _seen(request, number, action):
    """The action of the address, and the versions of its terms that the reader sees, oldest first."""
    row = find_action(request, number, action)
    if not gives_papers(request.user, row):
        raise Http404("third parties get no LIMITE document")
    return row, versions_seen(request.user, row)[::-1]


def _states(versions):
    return {terms.version: terms.get_status_display() for terms in versions}


def _named(versions, number):
    terms = next((version for version in versions if version.version == number), None)
    if terms is None:
        raise Http404("no such version is seen")
    return terms


def _compared(request, number, action, a, b) -> tuple[TermsComparison, list]:
    """Both versions compared, when the reader sees both."""
    versions = _seen(request, number, action)[1]
    return compare_terms(_named(versions, a), _named(versions, b)), versions


def _file(document, name, ending):
    if ending not in FORMATS:
        raise Http404("no such kind of file")
    write, content_type = FORMATS[ending]
    log.info("export", extra={"figure": f"{name}.{ending}"})
    return download(write(document), f"{name}.{ending}", content_type)


def terms_comparison_url(action, old, new) -> str:
    """The address at which one version of an action's terms of reference is compared with another."""
    return _address("terms_compare", action, old, new)


def _address(name, action, *arguments, is_whole=False) -> str:
    """An address of this room, with the whole text where that is shown."""
    address = reverse(f"actionplans:{name}", args=[action.plan.number, action.number, *arguments])
    return f"{address}?show=whole" if is_whole else address
