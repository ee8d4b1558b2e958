"""What accounts ask of every request."""

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes alone are none
# What somebody without a second factor reaches besides the pages of second factors: a new password, the way out.
STILL_REACHED = {
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
}


def _waits_for_an_address(user):
    return EmailAddress.objects.filter(user=user, verified=False).exists()


class SecondFactorMiddleware:
    """Leads signed-in people without a second factor to its set-up before anything else, where one is required.

    Asked anew at each request: who has stopped using theirs is led there at once, in every session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not settings.SECOND_FACTOR_REQUIRED or not getattr(view_func, "login_required", True):
            return None
        name = request.resolver_match.url_name or ""
        if name in STILL_REACHED or name.startswith("mfa_") or not request.user.is_authenticated:
            return None
        if get_adapter().is_mfa_enabled(request.user, types=FACTORS):
            return None
        # The library adds no factor while an address waits to be confirmed: that one is confirmed or removed first.
        place = "account_email" if _waits_for_an_address(request.user) else "mfa_activate_totp"
        if name == place and "action_add" not in request.POST:
            return None
        place = reverse(place)
        if request.htmx:  # the whole page goes there, not a fragment of it
            return HttpResponse(status=204, headers={"HX-Redirect": place})
        return HttpResponseRedirect(place)
