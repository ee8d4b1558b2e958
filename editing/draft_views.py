"""The drafts of one's own: kept while one types, listed, read, discarded; and the preview of a long text."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from editing import drafts
from editing.models import Draft
from editing.pages import UNPROCESSABLE
from strategy_portal.dates import BRUSSELS


@require_POST
def draft_save(request: HttpRequest) -> HttpResponse:
    """Keep what a form holds now, asked by its script; 404 for a page that was not given to this user.

    JSON: `time` (HH:MM, Brussels) and `url` of the form with the draft; or `why` it was not kept, with 422.
    """
    page = drafts.page_in(request.POST)
    if page is None or page.user != request.user.pk:
        raise Http404("no page of this user")
    try:
        draft = drafts.keep(page, request.POST)
    except drafts.NotKept as error:
        return JsonResponse({"why": _("Not saved: %(reason)s") % {"reason": error}}, status=UNPROCESSABLE)
    return JsonResponse(told(draft))


def told(draft: Draft) -> dict[str, Any]:
    """What the script of a form is told of its draft."""
    at = date_format(draft.saved_at.astimezone(BRUSSELS), "H:i")
    return {"time": at, "url": draft.continue_url, "address": draft.address}


@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """Everything that the reader has typed and not saved."""
    mine = Draft.objects.visible_to(request.user).defer("fields", "row_version")
    page = Paginator(mine, 50).get_page(request.GET.get("page"))
    return render(request, "editing/draft_list.html", {"page_obj": page})


@require_safe
def draft_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of a draft, to read and copy, also when its form is no longer there."""
    draft = get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)
    return render(request, "editing/draft_detail.html", {"draft": draft, "typed": drafts.typed_in(draft)})


@require_POST
def draft_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away; back to its form, or to the list when it was asked there."""
    draft = get_object_or_404(Draft.objects.visible_to(request.user), pk=pk)
    draft.delete()
    messages.success(request, _("The draft of “%(title)s” is discarded.") % {"title": draft})
    return redirect("editing:draft_list") if "list" in request.POST else redirect(draft.address)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """A long text as its page will show it; nothing is kept."""
    return render(request, "editing/_preview.html", {"text": request.POST.get("text", "")})
