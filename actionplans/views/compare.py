"""Two versions of a strategy side by side: to choose, to read, and as files to keep."""

import logging

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from actionplans.comparison import Comparison, compare
from actionplans.day_asked import with_day
from actionplans.filters import CompareForm
from actionplans.models import Strategy, StrategyVersion, VersionChange
from actionplans.redline import counted, redline, title_of
from actionplans.standing import Standing, standing_of, texts_by
from actionplans.views.missing import no_version
from actionplans.views.on_a_day import keeping_the_day
from actionplans.views.versions import strategy_of
from publishing.documents import Document
from publishing.downloads import PDF, WORD, download
from publishing.page import document_head, document_text
from publishing.pdf import pdf
from publishing.word import word
from strategy_portal.dates import now

log = logging.getLogger("portal.exports")


@require_safe
@keeping_the_day
def strategy_compare_choose(request, slug=""):
    """Choose two versions; what is chosen in the address is led to, what cannot be read comes back with why."""
    strategy, versions = _versions(request.user, slug)
    form = CompareForm(request.GET or None, states=_states(versions, standing_of(strategy, texts_by())))
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        url = _address(strategy, "strategy_compare", chosen["old"], chosen["new"], is_whole=form.is_whole)
        return redirect(with_day(request, url))
    return render(
        request,
        "actionplans/strategy_compare_choose.html",
        {"strategy": strategy, "versions": versions, "form": form},
    )


@require_safe
@keeping_the_day
def strategy_compare(request, a, b, slug=""):
    """Version b against version a: what changed and why, only the changes or the whole text."""
    comparison, form, document = _compared(request, a, b, slug)
    strategy, is_whole = comparison.new.strategy, form.is_whole
    return render(
        request,
        "actionplans/strategy_compare.html",
        {
            "comparison": comparison,
            "title": title_of(comparison),
            "counted": counted(comparison),
            "strategy": strategy,
            "head": document_head(document),
            "text": document_text(document),
            "language": document.language,
            "marking": document.marking,
            "form": form,
            "urls": {
                "pdf": _address(strategy, "strategy_compare_pdf", a, b, is_whole=is_whole),
                "word": _address(strategy, "strategy_compare_word", a, b, is_whole=is_whole),
                "changes": _address(strategy, "strategy_compare", a, b),
                "whole": _address(strategy, "strategy_compare", a, b, is_whole=True),
                "swapped": _address(strategy, "strategy_compare", b, a, is_whole=is_whole),
                "choose": strategy.address("strategy_compare_choose"),
            },
        },
    )


@require_safe
def strategy_compare_pdf(request, a, b, slug=""):
    """The comparison as PDF/UA."""
    return _file(request, a, b, slug, "pdf", pdf, PDF)


@require_safe
def strategy_compare_word(request, a, b, slug=""):
    """The comparison as a Word file."""
    return _file(request, a, b, slug, "docx", word, WORD)


def _file(request, a, b, slug, ending, write, content_type):
    comparison, _form, document = _compared(request, a, b, slug)
    name = f"{comparison.new.strategy.reference}-version-{b}-against-{a}.{ending}".replace("/", "-")
    log.info("export", extra={"figure": name})
    return download(write(document), name.replace(" ", "-"), content_type)


def _versions(user, slug) -> tuple[Strategy, list[StrategyVersion]]:
    """A strategy and those of its versions that a person sees, in order; without a slug, the strategy in force."""
    strategy = strategy_of(user, slug)
    seen = StrategyVersion.objects.visible_to(user).filter(strategy=strategy).select_related("strategy")
    return strategy, list(seen.order_by("number"))


def _states(versions: list[StrategyVersion], standing: Standing) -> dict[int, str]:
    return {version.number: standing.word_of(version) for version in versions}


def _compared(request, a, b, slug) -> tuple[Comparison, CompareForm, Document]:
    """Both versions compared, when the reader sees both, with the reasons given from one to the other; as document."""
    strategy, versions = _versions(request.user, slug)
    by_number = {version.number: version for version in versions}
    for number in (a, b):
        if number not in by_number:
            raise no_version(strategy, number)
    first, last = sorted((a, b))
    between = [
        version
        for version in versions
        if first < version.number <= last and (version.number == last or version.status != "withdrawn")
    ]
    changes = VersionChange.objects.filter(version__in=between).select_related("version")
    standing = standing_of(strategy, texts_by())
    asked = {"old": a, "new": b, "show": request.GET.get("show", "")}
    form = CompareForm(asked, states=_states(versions, standing))
    comparison = compare(by_number[a], by_number[b], changes.order_by("version__number", "pk"))
    return comparison, form, redline(comparison, now(), is_whole=form.is_whole, standing=standing)


def _address(strategy, name, a, b, *, is_whole=False) -> str:
    """The address of a comparison: only what changed, or within the whole text."""
    address = strategy.address(name, a, b)
    return f"{address}?show=whole" if is_whole else address
