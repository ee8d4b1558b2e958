"""The demonstration's accounts, one for each group and delegation, all with one known password."""

from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Body, Delegation, Membership, User
from strategy_portal.dates import now

PASSWORD = "demonstration only"  # noqa: S105 - shown at every start; the loader refuses to run in production
SINCE = date(2020, 1, 1)


def load_people():
    """Secretariat, committee, administrator and a submitter for each delegation; returns the secretariat's account."""
    password = make_password(PASSWORD)
    secretariat = _person("secretariat@portal.test", "Anna Kowalska, secretariat", password)
    _member(secretariat, body=Body.objects.secretariat())
    body = Body.objects.get(code="article-36")
    committee = _person("committee@portal.test", f"Piet Jansen, {body}", password)
    _member(committee, body=body)
    _person("admin@portal.test", "Portal administrator", password, is_administrator=True)
    for delegation in Delegation.objects.all():
        person = _person(
            f"{delegation.code.lower()}@portal.test",
            f"Delegation of {delegation.name}",
            password,
        )
        _member(person, delegation=delegation)
    return secretariat


def _person(email, name, password, **fields):
    user, created = User.objects.get_or_create(
        email=email, defaults={"name": name, "password": password, "created_at": now(), **fields}
    )
    if created:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _member(user, **group):
    """A submitter and contact point of a delegation, or a member of a body."""
    if user.memberships.exists():
        return
    if "delegation" in group:
        group |= {"role": "submitter", "is_contact_point": True}
    Membership.objects.create(user=user, from_on=SINCE, **group)
