from urllib.parse import quote

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.mfa import MFAAdapter
from accounts.tests.factories import PASSWORD, UserFactory, administrator, committee, delegate, secretariat

SET_UP = "/accounts/2fa/totp/activate/"


@pytest.mark.django_db
def test_the_secret_of_a_second_factor_is_stored_encrypted_and_read_back():
    user = UserFactory()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert MFAAdapter().decrypt(stored) == "JBSWY3DPEHPK3PXP"


def test_a_new_key_in_front_encrypts_and_the_old_one_still_decrypts(settings):
    settings.MFA_KEY = "old key"
    before = MFAAdapter().encrypt("secret")
    settings.MFA_KEY = "new key, old key"
    after = MFAAdapter().encrypt("secret")
    assert [MFAAdapter().decrypt(text) for text in (before, after)] == ["secret", "secret"]
    settings.MFA_KEY = "new key"
    assert MFAAdapter().decrypt(after) == "secret"
    with pytest.raises(InvalidToken):
        MFAAdapter().decrypt(before)


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    cache.clear()


@pytest.mark.django_db
@pytest.mark.parametrize("person", [delegate, secretariat, committee, administrator])
def test_where_it_is_required_nobody_gets_anywhere_without_a_second_factor(client, required, person):
    client.force_login(person())
    for place in (
        "/",
        "/plans/",
        "/search/?q=plan",
        "/manage/people/",
        "/accounts/profile/",
        "/accounts/sessions/",
    ):
        assert client.get(place).headers.get("Location") == SET_UP
    assert client.post("/accounts/profile/", {"name": "New"}).headers["Location"] == SET_UP
    part = client.get("/plans/", headers={"HX-Request": "true"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (204, SET_UP)


@pytest.mark.django_db
def test_without_a_second_factor_only_what_leads_to_one_and_out_is_reached(client, required):
    user = delegate(password=PASSWORD)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    for page in (client.get("/plans/", follow=True), led_to_set_up(client)):
        assert "Everybody who works here needs a second factor" in page.content.decode()
    for name in ("mfa_index", "account_change_password", "account_logout", "accessibility"):
        assert client.get(reverse(name)).status_code == 200
    assert client.get("/healthz").status_code == 200
    added = client.post(reverse("account_email"), {"action_add": "", "email": "new@example.org"})
    assert (added.headers["Location"], EmailAddress.objects.filter(email="new@example.org").exists()) == (
        SET_UP,
        False,
    )
    client.post("/accounts/logout/")
    assert client.get("/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_an_address_that_waits_is_confirmed_or_removed_before_the_second_factor(client, required):
    user = delegate(password=PASSWORD)
    EmailAddress.objects.create(user=user, email="mistyped@example.org", verified=False)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    addresses = reverse("account_email")
    assert client.get("/plans/").headers["Location"] == addresses
    assert client.get(addresses).status_code == 200
    assert (
        client.post(addresses, {"action_add": "", "email": "new@example.org"}).headers["Location"]
        == addresses
    )
    client.post(addresses, {"action_remove": "", "email": "mistyped@example.org"})
    assert not EmailAddress.objects.filter(email__in=["mistyped@example.org", "new@example.org"]).exists()
    assert client.get("/plans/").headers["Location"] == SET_UP


@pytest.mark.django_db
def test_whoever_has_set_it_up_works_on_and_signs_in_with_a_code(client, required):
    user = delegate(password=PASSWORD)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    secret = led_to_set_up(client).context["form"].secret
    done = client.post(SET_UP, {"code": code_of(secret)})
    assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    cache.clear()  # a code opens once
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_a_sign_in_counts_as_the_password_given_for_a_quarter_of_an_hour(client):
    user = delegate(password=PASSWORD)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert client.get(SET_UP).status_code == 200
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 15 * 60
    session.save()
    asked = f"{reverse('account_reauthenticate')}?next={quote(SET_UP, safe='')}"
    assert client.get(SET_UP).headers["Location"] == asked
    client.post(asked, {"password": PASSWORD})
    assert client.get(SET_UP).status_code == 200


@pytest.mark.django_db
def test_who_did_not_sign_in_by_hand_is_asked_for_the_password(client):
    client.force_login(delegate(password=PASSWORD))
    assert client.get(SET_UP).headers["Location"].startswith(reverse("account_reauthenticate"))


@pytest.mark.django_db
def test_recovery_codes_alone_are_no_second_factor(client, required):
    user = delegate()
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(user)
    assert client.get("/").headers["Location"] == SET_UP


@pytest.mark.django_db
def test_where_it_is_only_offered_everybody_works_without(client):
    client.force_login(delegate())
    assert client.get("/").status_code == 200
    assert "Everybody who works here" not in client.get("/accounts/2fa/").content.decode()


@pytest.mark.django_db
def test_a_second_factor_that_was_lost_is_removed_and_its_sessions_end(client, required, capsys):
    user = delegate()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client.force_login(user)
    assert client.get("/").status_code == 200
    call_command("remove_second_factor", user.email.upper())
    assert capsys.readouterr().out.startswith(f"{user.email} has no second factor any more")
    assert get_adapter().is_mfa_enabled(user) is False
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
    for address in (user.email, "nobody@example.eu"):
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("remove_second_factor", address)


def led_to_set_up(client):
    """The page of the set-up, to which every page leads."""
    page = client.get("/", follow=True)
    assert page.request["PATH_INFO"] == SET_UP
    return page


def code_of(secret):
    """What the app on a telephone shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
