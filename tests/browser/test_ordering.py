"""Arranging the actions of a plan by keyboard and by dragging: the same order comes of it."""

import pytest
from playwright.sync_api import expect

from actionplans.models import ActionPlan
from actionplans.tests.factories import ActionFactory, PlanFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(page_as, live_server):
    plan = PlanFactory(number=8)
    for _n in range(4):
        ActionFactory(plan=plan)
    page = page_as("secretariat")
    page.goto(f"{live_server.url}/plans/8/order/")
    return page


def order():
    return ActionPlan.objects.get().action_order


def test_the_keyboard_moves_an_action_and_stays_at_its_button(page):
    page.locator("#down-1").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Action 8.1 is now number 2 of 4 in the order.")
    expect(page.locator("#down-1")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("number 3 of 4")
    assert order() == [2, 3, 1, 4]


def test_dragging_puts_an_action_where_the_buttons_would(page):
    page.locator("#action-1 [data-handle]").drag_to(page.locator("#action-3 [data-handle]"))
    expect(page.get_by_role("status").first).to_contain_text("Action 8.1 is now number 3 of 4 in the order.")
    assert order() == [2, 3, 1, 4]
    page.locator("#action-4 [data-handle]").drag_to(page.locator("#action-2 [data-handle]"))
    expect(page.get_by_role("status").first).to_contain_text("Action 8.4 is now number 1 of 4 in the order.")
    assert order() == [4, 2, 3, 1]
