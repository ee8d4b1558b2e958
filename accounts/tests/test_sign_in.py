import logging
import re
from datetime import date

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import CommandError, call_command

from accounts import people
from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory, delegate, secretariat
from strategy_portal.dates import brussels_day

pytestmark = pytest.mark.django_db
Notification = apps.get_model("notifications.Notification")


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


def sign_in(client, email, password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_a_person_signs_in_by_address_and_password_and_out_again(client):
    user = delegate(password=PASSWORD)
    assert sign_in(client, user.email.upper()).status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/profile/").status_code == 302


def test_invitation_and_sign_in_happen_at_the_portals_moment(client, settings):
    settings.DEMONSTRATION = True
    call_command("set_clock", "2027-01-15")
    user = people.invite(email="ann@example.be", name="Ann", by=secretariat())
    user.set_password(PASSWORD)
    user.save()
    sign_in(client, user.email)
    user.refresh_from_db()
    assert [brussels_day(at) for at in (user.created_at, user.last_login)] == [date(2027, 1, 15)] * 2


def test_the_answer_is_the_same_for_a_wrong_password_and_an_unknown_address(client):
    user = delegate(password=PASSWORD)
    wrong, unknown = sign_in(client, user.email, "x" * 12), sign_in(client, "nobody@example.eu", "x" * 12)
    assert wrong.status_code == unknown.status_code
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_a_deactivated_person_does_not_come_in(client):
    user = delegate(password=PASSWORD, is_active=False)
    sign_in(client, user.email)
    assert client.get("/accounts/profile/").status_code == 302


def test_sign_in_and_failure_are_one_line_each_in_the_log(client, caplog, django_capture_on_commit_callbacks):
    user = delegate(password=PASSWORD)
    with caplog.at_level(logging.INFO, "portal.security"), django_capture_on_commit_callbacks(execute=True):
        sign_in(client, user.email, "not the password")
        sign_in(client, user.email)
    told = [(r.event, getattr(r, "user", None)) for r in caplog.records if r.name == "portal.security"]
    assert told == [("sign-in failed", None), ("signed in", user.pk)]


def test_nobody_signs_up(client):
    response = client.post(
        "/accounts/signup/", {"email": "ann@example.eu", "password1": PASSWORD, "password2": PASSWORD}
    )
    assert (response.status_code, User.objects.count()) == (200, 0)


def test_an_invited_person_sets_a_password_by_the_mailed_link_once_and_signs_in(client):
    user = people.invite(email="ann@example.be", name="Ann", by=secretariat())
    link = re.search(r"http\S+(/accounts/password/reset/key/\S+)", Notification.objects.get().body)[1]
    form = client.get(link, follow=True)
    answer = client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 302
    assert sign_in(client, user.email).status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    client.logout()
    again = client.get(link, follow=True)
    assert again.context["token_fail"] is True


def test_create_administrator_prints_a_one_time_link_and_sets_no_password(capsys, client):
    call_command("create_administrator", "Root@example.eu", name="Ada")
    user = User.objects.get()
    assert (user.email, user.name, user.is_administrator) == ("root@example.eu", "Ada", True)
    assert user.has_usable_password() is False
    link = re.search(r"http\S+?(/accounts/password/reset/key/\S+)", capsys.readouterr().out)[1]
    assert client.get(link, follow=True).context.get("token_fail") is not True


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("known@example.eu", "already has an account"),
        ("KNOWN@example.eu", "already has an account"),
        ("no address", "valid email"),
    ],
)
def test_create_administrator_refuses_plainly_and_changes_nothing(email, said):
    UserFactory(email="known@example.eu")
    with pytest.raises(CommandError, match=said):
        call_command("create_administrator", email)
    assert [u.is_administrator for u in User.objects.all()] == [False]


def test_a_refused_sign_in_answers_422_with_what_was_typed(client):
    answer = client.post("/accounts/login/", {"login": "nobody@example.eu", "password": "wide of the mark"})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert "nobody@example.eu" in answer.content.decode()
