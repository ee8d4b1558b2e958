"""People at browsers of their own, for tests that take the ways of the portal by hand."""

import re
import time
from contextlib import contextmanager
from datetime import date

from playwright.sync_api import expect

from tests.browser.portal import PASSWORD


class Person:
    """Somebody at a browser of their own, signed in with address and password."""

    def __init__(self, browser, portal, name):
        self.portal = portal
        self.page = browser.new_context(locale="en-GB").new_page()
        self.page.set_default_timeout(20_000)
        self.open("/accounts/login/")
        self.page.get_by_label("Email").fill(f"{name}@portal.test")
        self.page.get_by_label("Password").first.fill(PASSWORD)
        self.press("Sign in")
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text(re.compile("Sign in"))

    def open(self, path):
        self.page.goto(self.portal.url + path)

    def press(self, name):
        """Press the one button of the main part that is called so."""
        button = self.page.get_by_role("main").get_by_role("button", name=name, exact=True)
        assert button.count() == 1, f"{self.page.url} has no button “{name}”: {self.page.inner_text('main')}"
        button.click()

    def follow(self, name):
        self.page.get_by_role("main").get_by_role("link", name=name).first.click()

    def fill(self, **fields):
        """Fill fields by their names; choose where there is a choice."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name={name}]").first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(str(value))

    def tick(self, name):
        """Tick a box; where it is folded away, unfold it first."""
        self.page.evaluate(
            "document.querySelectorAll('main details').forEach(folded => { folded.open = true })"
        )
        self.page.get_by_label(name).first.check()

    def step(self, path, *, doubt=""):
        """Take a step on its page of confirmation, by the one button there; with a doubt it is meant all the same."""
        self.open(path)
        if doubt:
            self.sees(doubt)
            self.page.get_by_label("Yes, do it now all the same").check()
        self.press(self.page.locator("main form button[type=submit]").inner_text())

    def decide(self, path, *, on, document=None, text=""):
        """Record a decision of the plenary of that day, at a meeting that is listed or a new one."""
        self.open(path)
        meeting = self.page.locator("select[name=meeting]")
        listed = [
            option for option in meeting.locator("option").all_inner_texts() if f"{on:%-d %B %Y}" in option
        ]
        if listed:
            meeting.select_option(label=listed[0])
        else:
            self.fill(body="CCWP Plenary", held_on=on.isoformat())
        if document:
            self.fill(document_number=document, document_title="The text as it was tabled")
        if text:
            self.fill(text=text)
        self.press("Record the decision")
        expect(self.page.locator("h1")).not_to_contain_text("Record")

    def sees(self, text):
        expect(self.page.get_by_role("main")).to_contain_text(text)


@contextmanager
def people_of(browser, portal):
    """`person("be")` is one person of that account, the same each time; all are signed out at the end."""
    known = {}

    def person(name):
        if name not in known:
            known[name] = Person(browser, portal, name)
        return known[name]

    yield person
    for one in known.values():
        one.page.context.close()


def today_of(portal):
    """The portal's day."""
    said = portal.manage(
        "shell", "-v", "0", "-c", "from strategy_portal.dates import *; print(brussels_today())"
    )
    return date.fromisoformat(said.strip().splitlines()[-1])


def wait_for(condition, what, within=60):
    """Until worker and beat have done their part."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.5)
    raise AssertionError(f"not within {within} s: {what}")
