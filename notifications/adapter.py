"""How sign-in (django-allauth) talks to people: through the outbox, so that it needs neither broker nor mail server."""

import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.contrib.sites.shortcuts import get_current_site

from notifications.models import ACCOUNT, Notification
from notifications.outbox import hint, one_line

GIVEN_BY_HAND = {"password", "mfa"}


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves, and every mail about an account is first a row."""

    def is_open_for_signup(self, request):
        return False

    def is_reauthentication_required(self, *, app, **kwargs):
        """Who has just signed in is not asked for the password again: a sign-in counts as long as an answer does."""
        if not super().is_reauthentication_required(app=app, **kwargs):
            return False
        answers = get_authentication_records(self.request, self.request.user)
        newest = max((each["at"] for each in answers if each["method"] in GIVEN_BY_HAND), default=0)
        return time.time() - newest >= app_settings.REAUTHENTICATION_TIMEOUT

    def send_mail(self, template_prefix, email, context):
        """Write a notice. Its text may hold a personal link: it is shown nowhere and forgotten once sent."""
        request = self.request
        site = get_current_site(request) if request is not None else None
        written = {"request": request, "email": email, "current_site": site, **context}
        message = self.render_mail(template_prefix, email, written)
        user = context.get("user")
        Notification.objects.create(
            user=user if user is not None and user.pk else None,
            address=email.lower(),
            kind=ACCOUNT,
            subject=one_line(message.subject),
            body=message.body,
        )
        hint()
