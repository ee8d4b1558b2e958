"""What the log tells of sign-in and of changes to what people may do: one JSON line each, with the request's id.

The receivers only write a line, or the moment of the last sign-in: Django and allauth tell of it in no other way.
"""

import logging

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

from strategy_portal.dates import now

log = logging.getLogger("portal.security")


def tell(event, *, user=None, by=None, **facts):
    """Write one line once it is committed: what happened to whose account, by whom. No names and no addresses."""
    who = {"user": getattr(user, "pk", None), "by": getattr(by, "pk", None)}
    known = {name: value for name, value in who.items() if value is not None}
    transaction.on_commit(lambda: log.info(event, extra={"event": event, **known, **facts}), robust=True)


# Under this name Django's own receiver would connect later, which writes the machine's moment instead of the portal's.
@receiver(user_logged_in, dispatch_uid="update_last_login")
def keep_last_sign_in(sender, user, **kwargs):
    user.last_login = now()
    user.save(update_fields=["last_login"])


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def signed_in(sender, request, user, **kwargs):
    tell("signed in", user=user)


@receiver(user_logged_out, dispatch_uid="accounts.signed_out")
def signed_out(sender, request, user, **kwargs):
    if user is not None:
        tell("signed out", user=user)


@receiver(user_login_failed, dispatch_uid="accounts.sign_in_failed")
def sign_in_failed(sender, credentials, request=None, **kwargs):
    log.warning("sign-in failed", extra={"event": "sign-in failed"})
