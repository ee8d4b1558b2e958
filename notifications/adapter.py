"""How sign-in (django-allauth) talks to people: through the outbox, so that it needs neither broker nor mail server."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.shortcuts import get_current_site

from notifications.models import ACCOUNT, Notification
from notifications.outbox import hint, one_line


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves, and every mail about an account is first a row."""

    def is_open_for_signup(self, request):
        return False

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
