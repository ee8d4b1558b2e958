"""The gate for the first page, deadlines, reminders and notices, empty and full."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import BodyFactory
from council.tests.factories import MeetingFactory
from deadlines.ledger import sweep
from deadlines.reference import load_lead_times
from deadlines.tests import builders
from notifications.delivery import deliver_due
from notifications.models import Notification
from notifications.tests.factories import NotificationFactory
from strategy_portal.dates import brussels_today
from strategy_portal.tests.scene import readers
from tests.browser.gate import gate

# Each state of a page: every run walks a page of every kind (`test_gate`), the long one walks these, too.
pytestmark = pytest.mark.long

LISTS = [
    "deadlines:home",
    "deadlines:deadline_list",
    "deadlines:reminder_list",
    "notifications:notification_list",
]


@pytest.fixture
def full(people):
    """Something of everything that these pages show."""
    people("submitter")
    load_lead_times()
    builders.secretariat_body()
    today = brussels_today()
    builders.plan(8, today - timedelta(days=480))
    draft = builders.plan(9, today + timedelta(days=68), "draft")
    builders.action(draft, 1)
    for number in range(9):
        due_on = today + timedelta(days=number * 5 - 2)
        operation = builders.operation(f"Amber Road {number}", due_on, participants=["BE", "FR"])
        if number % 3 == 0:
            builders.submission(
                operation, "BE", ["submitted", "returned", "validated"][number // 3], return_reason="Units"
            )
    MeetingFactory(held_on=today + timedelta(days=40))
    MeetingFactory(body=BodyFactory(code="article-36"), held_on=today + timedelta(days=50))
    sweep()
    NotificationFactory(status="failed", reason="Nobody holds this post today, and it has no mailbox.")
    NotificationFactory(status="unknown")
    deliver_due()


OF_THE_SECRETARIAT = [
    "/deadlines/?whose=mine",
    "/deadlines/?whose=nobody",
    "/deadlines/reminders/?status=told&delegation=BE&rule=result-due",
    "/deadlines/reminders/?rule=nothing",
    "/notifications/?status=failed",
    "/notifications/?status=nothing",
    "/manage/lists/reminders/",
    "/manage/lists/reminders/result-due/",
]


def test_pages_that_are_empty_pass(page_as, live_server):
    for role in ("submitter", "administrator"):
        gate(page_as(role), *[live_server.url + reverse(name) for name in LISTS])


@pytest.mark.parametrize("role", readers("secretariat", "submitter", "committee"))
def test_pages_that_are_full_pass(role, page_as, full, live_server):
    gate(page_as(role), *[live_server.url + reverse(name) for name in LISTS])


def test_pages_of_the_secretariat_pass(page_as, full, live_server):
    failed = Notification.objects.filter(status="failed").first()
    again = reverse("notifications:notification_resend", args=[failed.pk])
    gate(page_as("secretariat"), *[live_server.url + address for address in [*OF_THE_SECRETARIAT, again]])


@pytest.mark.parametrize("role", readers("secretariat", "submitter"))
def test_notices_pass(role, page_as, full, live_server):
    notices = [
        Notification.objects.filter(status=status, post__delegation__code="BE").first()
        for status in ("sent", "failed", "unknown")
    ]
    gate(page_as(role), *[live_server.url + notice.get_absolute_url() for notice in notices])


def test_days_that_are_none_pass_with_their_error(page_as, full, live_server):
    page = page_as("secretariat")
    page.goto(live_server.url + reverse("deadlines:leadtimes_edit", args=["result-due"]))
    page.get_by_label("Days before the deadline").fill("30, soon")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".error-summary:focus")
    assert page.title().startswith("Error: ")
    assert page.get_by_label("Days before the deadline").input_value() == "30, soon"
