"""The pages that only a post shows: errors, two versions, already saved, too late, a step refused."""

import pytest

from accounts.tests.factories import secretariat
from tests.browser.gate import AXE, RUN_AXE, TOO_WIDE, WITHOUT_RING
from tests.editing_rows import an_action

pytestmark = pytest.mark.urls("tests.editing_pages")


@pytest.fixture
def action(people):
    return an_action()


@pytest.fixture
def address(live_server, action):
    return f"{live_server.url}/editing/actions/{action.pk}/"


def assert_fit_for_everybody(page):
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(AXE)
        violations = [
            (v["id"], [n["target"] for n in v["nodes"]]) for v in page.evaluate(RUN_AXE)["violations"]
        ]
        assert (violations, page.evaluate(TOO_WIDE), page.evaluate(WITHOUT_RING)) == ([], [], [])


def save(page):
    with page.expect_navigation() as navigation:
        page.locator("main button[type=submit]").first.click()
    return navigation.value.status


def two_versions(page_as, signed_in, address, **options):
    mine, theirs = page_as("secretariat", **options), signed_in(secretariat(name="Bruno Belmonte"))
    for page in (mine, theirs):
        page.goto(address)
    theirs.get_by_label("Summary").fill("Bruno's text\nof two lines")
    theirs.get_by_label("Begins on").fill("2027-02-01")
    assert save(theirs) in (200, 302)
    mine.get_by_label("Summary").fill("Anna's text")
    mine.get_by_label("Title").fill("Anna's title")
    assert save(mine) == 409
    return mine


def test_two_versions_stand_side_by_side_and_pass_the_gate(page_as, signed_in, address):
    page = two_versions(page_as, signed_in, address)
    assert_fit_for_everybody(page)
    assert save(page) == 409
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.locator(".error-summary a").all_text_contents() == ["Choose a text for “Summary”"]
    assert_fit_for_everybody(page)


def test_two_versions_are_merged_without_scripts(page_as, signed_in, address, action):
    page = two_versions(page_as, signed_in, address, java_script_enabled=False)
    summary = page.get_by_role("group", name="Summary")
    summary.get_by_label("Write it yourself").first.check()
    summary.get_by_role("textbox").fill("Anna's and Bruno's text")
    save(page)
    action.refresh_from_db()
    assert (action.title, action.summary, str(action.starts_on)) == (
        "Anna's title", "Anna's and Bruno's text", "2027-02-01",
    )  # fmt: skip


def test_a_wrong_form_takes_the_focus_to_what_is_wrong(page_as, address):
    page = page_as("secretariat")
    page.goto(address)
    page.get_by_label("Title").fill(" ")
    page.get_by_label("Begins on").fill("1999-12-31")
    assert save(page) == 422
    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.locator(".error-summary a").count() == 2
    for link in page.locator(".error-summary a").all():
        ident = link.get_attribute("href")[1:]
        focused = (
            "id => {const e = document.getElementById(id); e.focus(); return document.activeElement === e}"
        )
        assert page.evaluate(focused, ident)
    assert_fit_for_everybody(page)


def test_what_is_locked_meanwhile_is_shown_to_copy(page_as, address, action):
    page = page_as("secretariat")
    page.goto(address)
    page.get_by_label("Summary").fill("Typed in vain")
    action.plan.move("table", by=secretariat())
    assert save(page) == 409
    assert page.get_by_text("Typed in vain").count() == 1
    assert_fit_for_everybody(page)


def test_a_form_saved_before_is_shown_with_what_was_typed_now(page_as, people, client, live_server, action):
    page = page_as("secretariat")
    rename = f"/editing/plans/{action.plan.pk}/rename/"
    page.goto(live_server.url + rename)
    key = page.locator("[name=idempotency_key]").input_value()
    client.force_login(people("secretariat"))
    assert client.post(rename, {"title": "A name", "idempotency_key": key}).status_code == 302
    page.get_by_label("Title").fill("Another name")
    assert save(page) == 409
    assert page.get_by_role("textbox", name="Title").input_value() == "Another name"
    assert_fit_for_everybody(page)


def test_a_step_is_asked_and_refused_on_pages_that_pass(page_as, live_server, action):
    page = page_as("secretariat")
    page.goto(f"{live_server.url}/editing/plans/{action.plan.pk}/withdraw/")
    assert_fit_for_everybody(page)
    assert save(page) == 422
    page.get_by_label("Reason").fill("Overtaken")
    action.plan.move("table", by=secretariat())
    save(page)
    page.goto(f"{live_server.url}/editing/plans/{action.plan.pk}/return_to_draft/")
    assert page.get_by_text("Plan 8 is withdrawn.").count() == 1
    assert_fit_for_everybody(page)
