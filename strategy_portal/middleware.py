"""What happens around every request."""

import logging
import re
import time
import uuid

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from strategy_portal.dates import one_offset
from strategy_portal.errors import method_not_allowed
from strategy_portal.logs import request_id
from strategy_portal.workflow import acting

log = logging.getLogger("portal.requests")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
SENT_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
    )
)


def known_user(request):
    """Who is signed in, if somebody asked already (a question of its own would cost a query), else None."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)
    return user if user is not None and user.is_authenticated else None


class RequestIdMiddleware:
    """Gives each request the number that its log lines and its error page carry."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.headers.get("X-Request-ID", "")
        request.id = sent if SENT_ID.fullmatch(sent) else uuid.uuid4().hex[:12]
        token = request_id.set(request.id)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            user = known_user(request)
            log.info(
                "%s %s",
                request.method,
                request.path,
                extra={
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - began) * 1000),
                    "user": user.pk if user is not None else None,
                },
            )
            return response
        finally:
            request_id.reset(token)


class HeadersMiddleware:
    """Isolation from other sites, and nothing signed-in people saw left in a cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if known_user(request) is not None and "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response


class CleanQueryMiddleware:
    """Refuses NUL in an address: PostgreSQL cannot store it, and nobody types it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path or any(
            "\0" in part for item in request.GET.lists() for part in (item[0], *item[1])
        ):
            raise BadRequest("NUL in the address")
        return self.get_response(request)


class SessionAgeMiddleware:
    """Ends a session after its absolute age, however busy it was."""

    KEY = "signed_in_at"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            began = request.session.setdefault(self.KEY, int(time.time()))
            if time.time() - began > settings.SESSION_ABSOLUTE_AGE:
                logout(request)
        return self.get_response(request)


class HtmxSignInMiddleware:
    """A fragment asked for after the session ended: the whole page goes to sign-in, not the fragment's place."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.htmx and response.status_code == 302 and not request.user.is_authenticated:
            return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        return response


class WrongMethodMiddleware:
    """A request by a method that an address does not know gets the portal's page instead of an empty one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            return method_not_allowed(request, response)
        return response


class RefusedFormMiddleware:
    """A form that comes back with mistakes answers 422, those of the sign-in library too, which would say 200."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 422
        return response


class HistoryMiddleware:
    """Every change of a request is recorded with who made it; its clock is asked once."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with one_offset():
            if request.method in SAFE_METHODS:
                return self.get_response(request)
            with acting(user=request.user):
                return self.get_response(request)
