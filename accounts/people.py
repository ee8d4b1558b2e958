"""The verbs by which people are kept: invite, let go, let back in. Each leaves an event and a line in the log."""

from importlib import import_module

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.events import tell
from accounts.invitations import send_invitation
from accounts.models import Membership, User
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed, acting


def invite(*, email, name, by, language="en", is_administrator=False, membership=None):
    """Make an account and write to its owner; `membership` is the first one, not yet saved, or None.

    Raises NotAllowed when the address has an account.
    """
    with transaction.atomic(), acting(by, "invite"):
        if User.objects.filter(email__iexact=email).exists():
            raise NotAllowed(_("This address already has an account."))
        user = User.objects.create_user(email, name, language=language, is_administrator=is_administrator)
        if membership is not None:
            membership.user = user
            membership.save()
            tell_of_membership("membership began", membership, by)
        send_invitation(user, by=by)
    tell("invited", user=user, by=by, is_administrator=is_administrator)
    return user


def why_not_reinvite(user):
    """Why no new invitation can be sent, or ""."""
    if not user.is_active:
        return _("The account is deactivated.")
    if user.has_usable_password():
        return _("This person has set a password and can ask for a new one at sign-in.")
    return ""


def reinvite(user, *, by):
    """Send the invitation again, with a new link."""
    if reason := why_not_reinvite(user):
        raise NotAllowed(reason)
    send_invitation(user, by=by)
    tell("invited again", user=user, by=by)


def end_sessions(user):
    """End every session of a person at once, on whatever machine; returns how many there were.

    All live sessions are looked at, so that none that was begun in another way than by the sign-in page stays.
    They live by the machine's clock, not by the portal's.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            store(session.session_key).delete()
            ended += 1
    UserSession.objects.filter(user=user).delete()
    return ended


def tell_of_membership(event, membership, by):
    """A line in the log for whatever changes what a person may do."""
    tell(
        event,
        user=membership.user,
        by=by,
        party=membership.party.code,
        role=membership.role,
        until=membership.until_on,
    )


def end_membership(membership, *, until_on, by):
    """Let a membership end with a last day. When nothing then lasts beyond today, the person's sessions end at once.

    A post that the person held falls vacant with it: from the day after the last one nobody is taken for its holder.
    """
    with transaction.atomic(), acting(by, "end"):
        user = User.objects.select_for_update().get(pk=membership.user_id)
        membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
        if membership.until_on is not None and membership.until_on < brussels_today():
            raise NotAllowed(_("This membership has already ended."))
        if until_on < membership.from_on:
            raise NotAllowed(_("A membership ends on or after the day it begins."))
        membership.until_on = until_on
        if until_on < brussels_today():
            membership.is_contact_point = membership.is_deputy = False
        membership.save(update_fields=["until_on", "is_contact_point", "is_deputy"])
        end_sessions_without_membership(user)
    tell_of_membership("membership ended", membership, by)
    return membership


def name_holders(delegation, *, contact_point, deputy):
    """Name the contact point and the deputy of a delegation (memberships, or None); whoever held a post gives it up.

    Inside the caller's transaction, which holds the delegation.
    """
    held = delegation.memberships.filter(Q(is_contact_point=True) | Q(is_deputy=True))
    for membership in held.select_for_update().order_by("pk"):
        wanted = (membership == contact_point, membership == deputy)
        if (membership.is_contact_point, membership.is_deputy) != wanted:
            membership.is_contact_point = membership.is_deputy = False
            membership.save(update_fields=["is_contact_point", "is_deputy"])
    today = brussels_today()
    for name, membership in (("is_contact_point", contact_point), ("is_deputy", deputy)):
        if membership is None:
            continue
        row = (
            delegation.memberships.able(today)
            .select_for_update(of=("self",))
            .filter(pk=membership.pk)
            .first()
        )
        if row is None:
            raise NotAllowed(_("%(person)s may not submit any more.") % {"person": membership.user})
        if not getattr(row, name):
            setattr(row, name, True)
            row.save(update_fields=[name])


def end_sessions_without_membership(user):
    """End the sessions of a person whose last membership does not last beyond today; an administrator needs none."""
    today = brussels_today()
    lasting = user.memberships.current(today).exclude(until_on=today)
    if not user.is_administrator and not lasting.exists():
        end_sessions(user)


def other_administrators(user):
    """The active administrators besides this person, locked: of two who let each other go, one is refused."""
    everybody = list(
        User.objects.select_for_update().filter(is_active=True, is_administrator=True).order_by("pk")
    )
    return [other for other in everybody if other.pk != user.pk]


def why_not_deactivate(user, by):
    """Why this person cannot be deactivated by that one, or "". The buttons ask here."""
    if not user.is_active:
        return _("The account is already deactivated.")
    if user.pk == by.pk:
        return _("You cannot deactivate your own account.")
    return ""


def deactivate(user, *, by, reason):
    """Close an account: its sessions end at once, nobody can sign in with it, what it did stays."""
    with transaction.atomic(), acting(by, "deactivate", reason):
        others = other_administrators(user)
        user = User.objects.select_for_update().get(pk=user.pk)
        if why_not := why_not_deactivate(user, by):
            raise NotAllowed(why_not)
        if user.is_administrator and not others:
            raise NotAllowed(_("This is the last administrator. Make another person administrator first."))
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions(user)
    tell("deactivated", user=user, by=by)


def reactivate(user, *, by, reason):
    """Open a closed account again, with the password and the memberships it still has."""
    with transaction.atomic(), acting(by, "reactivate", reason):
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_active:
            raise NotAllowed(_("The account is active."))
        user.is_active = True
        user.save(update_fields=["is_active"])
    tell("reactivated", user=user, by=by)


def set_administrator(user, is_administrator, *, by):
    """Give or take the administrator's role, inside the caller's transaction. Nobody takes it from themselves."""
    if user.pk == by.pk:
        raise NotAllowed(_("You cannot change your own role of administrator."))
    if not is_administrator and not other_administrators(user):
        raise NotAllowed(_("This is the last administrator. Make another person administrator first."))
    user.is_administrator = is_administrator
    user.save(update_fields=["is_administrator"])
    tell("administrator" if is_administrator else "no longer administrator", user=user, by=by)
