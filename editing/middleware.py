"""A form that is posted after the session has expired loses nothing."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from editing.draft_views import draft_save, told
from editing.drafts import keep_posted


class KeepTypedMiddleware:
    """Keeps what somebody posts who is signed out meanwhile; stands before the one that asks to sign in.

    The form's own signed note says whose it is: only that person is offered the text again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST" or request.user.is_authenticated or not (draft := keep_posted(request)):
            return None
        if view is draft_save:  # asked by the script of a form that stays open
            return JsonResponse(told(draft) | {"is_signed_out": True})
        messages.info(
            request, _("You were signed out meanwhile. What you typed is kept: sign in to go on with it.")
        )
        return None
