"""Invitations: the mail with the one-time link by which a person sets a password. There is no other way in."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

DAYS_VALID = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)


def password_link(user):
    """The address at which this person sets a password: once, within `DAYS_VALID` days."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    return settings.PORTAL_URL.rstrip("/") + path


def send_invitation(user, *, by=None):
    """Write to a person how to come in; the row that tells it is part of the transaction of the change."""
    get_adapter().send_mail(
        "account/email/invitation",
        user.email,
        {
            "user": user,
            "invited_by": by,
            "password_set_url": password_link(user),
            "days": DAYS_VALID,
            "portal_url": settings.PORTAL_URL,
            "contact": settings.PORTAL_CONTACT,
        },
    )
