"""Mails about accounts take the same way as all others, and keep their secret."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from accounts.tests.factories import UserFactory
from notifications.delivery import deliver_due
from notifications.models import ACCOUNT, Notification

pytestmark = pytest.mark.django_db


def test_a_forgotten_password_is_answered_through_the_outbox(client):
    person = UserFactory(email="ann@be.example")
    EmailAddress.objects.get_or_create(user=person, email=person.email, verified=True, primary=True)
    client.post(reverse("account_reset_password"), {"email": "ann@be.example"})
    notification = Notification.objects.get()
    assert (notification.kind, notification.address, notification.user) == (ACCOUNT, "ann@be.example", person)
    assert mail.outbox == []
    assert deliver_due() == 1
    assert mail.outbox[0].to == ["ann@be.example"]
    assert mail.outbox[0].subject == "Choose a new password for the Strategy Portal"
    link = re.search(r"https?://\S+", mail.outbox[0].body)[0]
    assert client.get(link, follow=True).status_code == 200
    notification.refresh_from_db()
    assert notification.body == ""


def test_an_unknown_address_is_told_nothing(client):
    client.post(reverse("account_reset_password"), {"email": "nobody@be.example"})
    assert Notification.objects.count() == 0


def test_nobody_signs_up_by_themselves(client):
    answer = client.post(
        reverse("account_signup"),
        {
            "email": "new@be.example",
            "password1": "wide river under seven",
            "password2": "wide river under seven",
        },
    )
    assert answer.status_code in (200, 403)
    assert UserFactory._meta.model.objects.filter(email="new@be.example").count() == 0
