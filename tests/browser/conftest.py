"""A real browser against a live server. Chromium is an installed one, or Playwright's own download."""

import os
import shutil
from contextlib import suppress
from functools import partial

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Error, sync_playwright

from accounts.tests import factories

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page with unsaved text sends a last draft when it is closed, while the database is emptied already: not in tests.
NO_LAST_DRAFT = (
    "() => document.querySelectorAll('form').forEach(form => form.dispatchEvent(new Event('submit')))"
)
ROLES = {
    "anonymous": None,
    "secretariat": factories.secretariat,
    "committee": factories.committee,
    "administrator": factories.administrator,
    "viewer": partial(factories.delegate, role="viewer"),
    "editor": partial(factories.delegate, role="editor"),
    "submitter": partial(factories.delegate, role="submitter"),
    "other_submitter": partial(factories.delegate, "FR"),
    "third_party": factories.third_party,
}


def pytest_collection_modifyitems(items):
    """Everything here needs a browser, says so, and can be left out by `-m "not browser"`."""
    for item in items:
        if item.path.is_relative_to(settings.BASE_DIR / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)


def chromium_path():
    """The installed Chromium or Chrome, or None for Playwright's own."""
    installed = map(
        shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    )
    return os.environ.get("PORTAL_CHROMIUM") or next(filter(None, installed), None)


@pytest.fixture(scope="session")
def browser():
    """One browser for the whole run; each page has a context of its own."""
    # Playwright's loop runs in this thread, and Django's own checks take it for an asynchronous view.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def signed_in(browser, live_server):
    """`signed_in(user, **context options)` opens a page with that person's session; None is nobody."""
    contexts = []

    def open_page(user=None, **options):
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"} | options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return context.new_page()

    yield open_page
    for context in contexts:
        for page in context.pages:
            with suppress(Error):
                page.evaluate(NO_LAST_DRAFT)
        context.close()


@pytest.fixture
def people(transactional_db):
    """`people("submitter")` is one person of that role, with `factories.PASSWORD`, the same for the whole test."""
    made = {}

    def person(role):
        if role not in made:
            made[role] = ROLES[role](password=factories.PASSWORD) if ROLES[role] else None
        return made[role]

    return person


@pytest.fixture
def page_as(people, signed_in):
    """`page_as("secretariat")` is a page that a new person of that role has signed in to; roles as in `ROLES`."""

    def open_page(role, **options):
        return signed_in(people(role), **options)

    return open_page
