import logging
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client

from accounts import people
from accounts.models import Membership, User
from accounts.tests.factories import (
    LONG_AGO,
    PASSWORD,
    DelegationFactory,
    MembershipFactory,
    UserFactory,
    administrator,
    delegate,
    secretariat,
)
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db
Notification = apps.get_model("notifications.Notification")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def is_signed_in(client):
    return client.get("/accounts/profile/").status_code == 200


def test_an_invitation_is_an_account_a_membership_and_one_notice():
    by, belgium = secretariat(), DelegationFactory(code="BE")
    place = Membership(delegation=belgium, role="editor", from_on=brussels_today())
    user = people.invite(email="Ann@Example.be", name="Ann", by=by, membership=place)
    notice = Notification.objects.get()
    assert (user.email, user.has_usable_password(), user.memberships.get().role) == (
        "ann@example.be",
        False,
        "editor",
    )
    assert (notice.user, notice.address) == (user, "ann@example.be")
    assert notice.subject == "You are invited to the Strategy Portal: set your password"
    assert "/accounts/password/reset/key/" in notice.body


def test_nobody_is_invited_to_an_address_that_has_an_account():
    known, by = UserFactory(email="ann@example.be"), secretariat()
    with pytest.raises(NotAllowed, match="already has an account"):
        people.invite(email="ANN@example.be", name="Another", by=by)
    assert (User.objects.count(), Notification.objects.count()) == (2, 0)
    assert known.name != "Another"


def test_a_person_who_has_a_password_is_not_invited_again():
    with pytest.raises(NotAllowed, match="has set a password"):
        people.reinvite(UserFactory(password=PASSWORD), by=secretariat())


@pytest.mark.parametrize("days", [0, -1])
def test_ending_the_last_membership_ends_the_sessions_at_once(days):
    person, stranger = delegate(), delegate("FR")
    mine, other = signed_in(person), signed_in(stranger)
    assert is_signed_in(mine)
    people.end_membership(
        person.memberships.get(), until_on=brussels_today() + timedelta(days=days), by=secretariat()
    )
    assert (is_signed_in(mine), is_signed_in(other)) == (False, True)


def test_a_person_who_still_belongs_somewhere_stays_signed_in():
    person = delegate()
    MembershipFactory(user=person, delegation=DelegationFactory(code="OLAF"))
    client = signed_in(person)
    belgium = person.memberships.get(delegation__code="BE")
    people.end_membership(belgium, until_on=brussels_today(), by=secretariat())
    assert is_signed_in(client)


def test_a_membership_that_ends_later_ends_no_session():
    person = delegate()
    client = signed_in(person)
    people.end_membership(
        person.memberships.get(), until_on=brussels_today() + timedelta(days=1), by=secretariat()
    )
    assert is_signed_in(client)


def test_a_membership_ends_once_and_not_before_it_begins():
    by, membership = secretariat(), MembershipFactory()
    with pytest.raises(NotAllowed, match="on or after the day it begins"):
        people.end_membership(membership, until_on=LONG_AGO - timedelta(days=1), by=by)
    people.end_membership(membership, until_on=LONG_AGO, by=by)
    with pytest.raises(NotAllowed, match="already ended"):
        people.end_membership(membership, until_on=brussels_today(), by=by)


def test_every_session_ends_also_those_allauth_knows_nothing_of():
    person = delegate()
    UserSession.objects.create(user=person, ip="127.0.0.1", session_key="known", user_agent="")
    clients = [signed_in(person), signed_in(person)]
    assert people.end_sessions(person) == 2
    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)
    assert [is_signed_in(client) for client in clients] == [False, False]


def test_a_deactivated_person_is_out_at_once_and_the_reason_is_kept():
    by, person = secretariat(), delegate(password=PASSWORD)
    client = signed_in(person)
    people.deactivate(person, by=by, reason="Has left the service")
    event = apps.get_model("accounts.UserEvent").objects.filter(pgh_obj=person).latest("pgh_id")
    assert (is_signed_in(client), event.is_active, event.pgh_context["note"]) == (
        False,
        False,
        "Has left the service",
    )
    people.reactivate(person, by=by, reason="Is back")
    person.refresh_from_db()
    assert (person.is_active, person.has_usable_password()) == (True, True)


def test_nobody_deactivates_themselves():
    by = administrator()
    administrator()
    with pytest.raises(NotAllowed, match="your own account"):
        people.deactivate(by, by=by, reason="x")


def test_the_last_administrator_stays():
    last, by = administrator(), secretariat()
    administrator(is_active=False)
    with pytest.raises(NotAllowed, match="the last administrator"):
        people.deactivate(last, by=by, reason="x")
    with pytest.raises(NotAllowed, match="the last administrator"):
        people.set_administrator(last, False, by=by)


def test_the_log_tells_what_changed_for_whom_by_whom_without_names(
    caplog, django_capture_on_commit_callbacks
):
    by, person = secretariat(), delegate()
    with caplog.at_level(logging.INFO, "portal.security"), django_capture_on_commit_callbacks(execute=True):
        people.end_membership(person.memberships.get(), until_on=brussels_today(), by=by)
        people.deactivate(person, by=by, reason="x")
    told = [(r.event, r.user, r.by) for r in caplog.records if r.name == "portal.security"]
    assert told == [("membership ended", person.pk, by.pk), ("deactivated", person.pk, by.pk)]
    assert person.email not in caplog.text
