"""The pages for what went wrong, each with a reference number that stands in the log, too."""

import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from editing.drafts import keep_posted, page_in
from strategy_portal.logs import request_id
from strategy_portal.missing import Missing

log = logging.getLogger("portal.security")


def _page(request, status: int, **context):
    response = render(request, f"{status}.html", {"reference": request_id.get(), **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _kept(request):
    """The draft that keeps what was typed into a form whose record or right is gone, for whoever typed it; or None."""
    page = page_in(request.POST) if request.method == "POST" else None
    is_own = page is not None and (page.user, page.address) == (request.user.pk, request.path)
    return keep_posted(request) if is_own else None


def bad_request(request, exception=None):
    """400: the request itself could not be understood; 413 for what is larger than a form may be."""
    if isinstance(exception, RequestDataTooBig):
        return _page(request, 413, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2)
    if isinstance(exception, TooManyFieldsSent):
        return _page(request, 413, most_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
    if isinstance(exception, TooManyFilesSent):
        return _page(request, 413, most_files=settings.DATA_UPLOAD_MAX_NUMBER_FILES)
    return _page(request, 400)


def permission_denied(request, exception=None):
    """403: seen, but not allowed; told to the log, as every sign-in is."""
    log.warning(
        "access denied", extra={"event": "access denied", "path": request.path, "user": request.user.pk}
    )
    return _page(request, 403, reason=str(exception or ""), draft=_kept(request))


def page_not_found(request, exception=None):
    """404: not there, or not for this person; the answer is the same. Searching for an objective's code is offered.

    A page that knows what its address names says which thing is missing and leads to what there is.
    """
    match = request.resolver_match
    missing = exception if isinstance(exception, Missing) else None
    is_objective = match is not None and match.view_name == "actionplans:objective_detail"
    search_for = match.kwargs["code"] if is_objective else ""
    return _page(request, 404, missing=missing, search_for=search_for, draft=_kept(request))


def method_not_allowed(request, refused):
    """405: the address is there, but not for what was asked of it; the answer is filled with a page that says so."""
    page = _page(request, 405, is_page="GET" in refused["Allow"].split(", "))
    refused.content, refused["Cache-Control"] = page.content, page["Cache-Control"]
    return refused


def csrf_failure(request, reason=""):
    """403 for a form that was sent without its token: an expired one, or one from elsewhere."""
    title = _("This form has expired")
    if keep_posted(request):
        why = _(
            "It was open too long, or you signed in anew meanwhile. Nothing was saved; what you typed is kept as a "
            "draft."
        )
        return _page(request, 403, title=title, reason=why, again=request.path)
    why = _(
        "It was open too long, or you signed in anew meanwhile. Nothing was saved. Go back: what you typed may still "
        "stand there, to copy; reload the page and send it again."
    )
    return _page(request, 403, title=title, reason=why)


def server_error(request):
    """500: our own fault. Where even the page fails, a plain line says the reference."""
    try:
        return _page(request, 500)
    except Exception:
        text = _("Something went wrong on our side. Reference: %(reference)s") % {
            "reference": request_id.get()
        }
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=500)
