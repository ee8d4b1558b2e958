"""The gate for what belongs to no app: sign-in, account pages, error pages, the accessibility statement."""

import pytest
from django.urls import reverse

from accounts.tests.factories import PASSWORD
from tests.browser.gate import gate

OPEN = [
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_signup",
    "accessibility",
]
OWN = ["mfa_index", "account_change_password", "account_email", "usersessions_list", "account_logout"]


def test_pages_for_everybody_pass(page_as, live_server):
    page = page_as("anonymous")
    gate(page, *[live_server.url + reverse(name) for name in OPEN])
    gate(page, live_server.url + "/accessibility/?q=%00", status=400)
    gate(page, live_server.url + "/no/such/page/", status=404)


@pytest.mark.long
@pytest.mark.parametrize("role", ["secretariat", "submitter"])
def test_account_pages_pass(role, page_as, live_server):
    page = page_as(role)
    gate(page, *[live_server.url + reverse(name) for name in [*OWN, "accessibility"]])
    gate(page, live_server.url + "/no/such/page/", status=404)
    gate(page, live_server.url + reverse("jcos:submission_start", args=["any", "BE"]), status=405)


def test_failed_sign_in_names_the_error_and_takes_the_focus(page_as, live_server):
    page = page_as("anonymous")
    page.goto(live_server.url + reverse("account_login"))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector(".error-summary:focus")
    assert page.title().startswith("Error: Sign in")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    for link in page.locator(".error-summary a").all():
        target = link.get_attribute("href").removeprefix("#")
        assert page.evaluate(
            "id => {const e = document.getElementById(id); e.focus(); return document.activeElement === e}",
            target,
        )


def test_signing_in_and_out_by_hand(page_as, people, live_server):
    person = people("submitter")
    page = page_as("anonymous")
    page.goto(live_server.url + reverse("account_login") + "?next=" + reverse("accessibility"))
    page.get_by_label("E-mail address").or_(page.get_by_label("Email")).fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert page.url == live_server.url + reverse("accessibility")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign out").wait_for(state="detached")
    page.goto(live_server.url + reverse("mfa_index"))
    assert page.url == live_server.url + reverse("account_login") + "?next=" + reverse("mfa_index")
