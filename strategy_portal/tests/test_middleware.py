"""What every request and every answer carries."""

import json
import logging
import time
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client

from accounts.tests import factories
from strategy_portal.logs import JsonFormatter, request_id

pytestmark = pytest.mark.django_db
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def member(client):
    user = factories.delegate()
    client.force_login(user)
    return user


@pytest.mark.parametrize("address", ["/accounts/login/", "/healthz", "/nowhere/", "/accounts/login/?q=%00"])
def test_every_answer_is_guarded(client, address):
    answer = client.get(address)
    sent = set(answer["Content-Security-Policy"].split("; "))
    assert sent == set(POLICY.split("; "))
    assert {name: answer[name] for name in GUARDS} == GUARDS


GUARDS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def test_each_answer_tells_its_number(client):
    assert (
        client.get("/healthz", headers={"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"]
        == "from-the-proxy-1"
    )
    assert len(client.get("/healthz", headers={"X-Request-ID": "<script>"})["X-Request-ID"]) == 12


def test_nothing_that_a_signed_in_person_saw_is_stored(client, member):
    assert client.get("/accounts/password/change/")["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("address", ["/?q=a%00b", "/?a%00b=1", "/a%00b/"])
def test_nul_in_an_address_is_a_bad_request_with_a_page(client, member, address):
    answer = client.get(address)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert answer["X-Request-ID"] in page
    assert ("Go to my work" in page, "Sign in" in page) == (True, False)


@pytest.mark.parametrize(
    ("method", "address", "allowed", "said"),
    [
        ("post", "/plans/", "GET, HEAD", '<a href="/plans/">Open the page</a>'),
        ("get", "/jcos/x/results/BE/start/", "POST", "Go back and use the button"),
    ],
)
def test_a_method_that_an_address_does_not_know_gets_a_page(client, member, method, address, allowed, said):
    answer = getattr(client, method)(address)
    page = answer.content.decode()
    assert (answer.status_code, answer["Allow"], answer["Cache-Control"]) == (405, allowed, "no-store")
    assert "<h1>This address cannot be used in that way</h1>" in page
    assert (answer["X-Request-ID"] in page, said in page) == (True, True)
    assert ("Open the page" in page) == (method == "post")


def test_what_is_larger_than_a_form_may_be_is_told_so_with_the_limit(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    answer = client.post(
        "/accounts/password/change/",
        "text=" + "a" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        content_type="application/x-www-form-urlencoded",
    )
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Request-ID"] in page) == (413, True)
    assert ("at most 5 MB of text" in page, "not as the portal writes it" in page) == (True, False)


def test_a_form_of_too_many_fields_is_told_so_with_the_limit(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    answer = client.post(
        "/accounts/password/change/",
        "&".join(f"f{number}=" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)),
        content_type="application/x-www-form-urlencoded",
    )
    page = answer.content.decode()
    assert (answer.status_code, answer["X-Request-ID"] in page) == (413, True)
    said = "at most 5\N{NO-BREAK SPACE}000 fields"
    assert (said in page, "not as the portal writes it" in page, "MB of text" in page) == (True, False, False)


def test_a_form_of_too_many_files_is_told_so_with_the_limit(member):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
    answer = client.post(
        "/accounts/password/change/", {f"f{number}": BytesIO(b"x") for number in range(most + 1)}
    )
    assert (answer.status_code, f"at most {most} files at once" in answer.content.decode()) == (413, True)


def test_a_session_ends_after_its_absolute_age(client, member):
    client.get("/accounts/password/change/")
    session = client.session
    session["signed_in_at"] = int(time.time()) - settings.SESSION_ABSOLUTE_AGE - 1
    session.save()
    answer = client.get("/accounts/password/change/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/accounts/login/?next=/accounts/password/change/",
    )


def test_a_session_that_is_used_lives_its_idle_time_anew(client, member):
    answer = client.get("/accounts/password/change/")
    assert settings.SESSION_COOKIE_AGE == 30 * 60
    assert settings.SESSION_COOKIE_NAME in answer.cookies


def test_a_fragment_asked_for_after_the_session_sends_the_whole_page_to_sign_in(client):
    answer = client.get("/accounts/password/change/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (
        204,
        "/accounts/login/?next=/accounts/password/change/",
    )


def test_error_pages_show_the_reference_of_the_log(client, member):
    answer = client.get("/nowhere/at/all/")
    assert answer.status_code == 404
    assert answer["X-Request-ID"] in answer.content.decode()


def test_a_form_without_its_token_gets_a_page_that_says_what_to_do(member):
    from django.test import Client  # noqa: PLC0415 - a client that checks tokens

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(member)
    answer = strict.post("/accounts/password/change/", {})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "<title>This form has expired" in page
    assert "<h1>This form has expired</h1>" in page
    assert "You may not do this" not in page
    assert "reload the page" in page


def test_a_failure_of_our_own_shows_a_page_with_the_reference(client, member, monkeypatch):
    monkeypatch.setattr("strategy_portal.health.database", lambda: 1 / 0)
    client.raise_request_exception = False
    answer = client.get("/readyz")
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()


def test_log_lines_are_json_with_the_request():
    token = request_id.set("abc")
    try:
        record = logging.makeLogRecord(
            {"name": "portal.x", "msg": "%s did it", "args": ("é",), "levelname": "INFO", "who": 7}
        )
        line = json.loads(JsonFormatter().format(record))
    finally:
        request_id.reset(token)
    assert {name: line[name] for name in ("message", "request_id", "who", "level")} == {
        "message": "é did it",
        "request_id": "abc",
        "who": 7,
        "level": "INFO",
    }


def test_each_request_is_one_log_event_and_signing_in_names_the_person(client, caplog):
    user = factories.delegate()
    user.set_password("a rather long one")
    user.save()
    with caplog.at_level(logging.INFO, "portal.requests"):
        client.post("/accounts/login/", {"login": user.email, "password": "a rather long one"})
    [event] = [record for record in caplog.records if record.name == "portal.requests"]
    assert (event.getMessage(), event.status, event.user) == ("POST /accounts/login/", 302, user.pk)
