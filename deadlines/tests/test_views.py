"""The first page, the agenda, the ledger of reminders and the days on which they are due, as people meet them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import (
    DelegationFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from actionplans.models import Action
from council.tests.factories import MeetingFactory, PresidencyFactory
from deadlines.ledger import sweep
from deadlines.models import LeadTimes
from deadlines.reference import load_lead_times
from deadlines.tests import builders
from jcos.models import Participation
from notifications.tests.factories import NotificationFactory
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db

HOME, AGENDA, LEDGER, DAYS = "/", "/deadlines/", "/deadlines/reminders/", "/manage/lists/reminders/"
MOST_QUERIES = 15


def days(number):
    return brussels_today() + timedelta(days=number)


def page(client, user, address):
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer


def words(answer):
    """The text of a page, blanks made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_first_page_says_how_much_waits_and_links_each_thing_once(client):
    builders.operation("Amber Road", days(4))
    builders.operation("Baltic Shield", days(-2))
    answer = page(client, delegate("IT"), HOME)
    assert "2 things are waiting for you. The first is 2 days late." in words(answer)
    links = re.findall(r'<a href="(/jcos/[^"]+)">([^<]+)</a>', answer.content.decode())
    assert links == [
        ("/jcos/baltic-shield/results/IT/", "Submit the results of operation Baltic Shield"),
        ("/jcos/amber-road/results/IT/", "Submit the results of operation Amber Road"),
    ]
    assert "2 days late" in words(answer)
    assert "in 4 days" in words(answer)


def test_more_than_seven_things_are_behind_see_all(client):
    for number in range(9):
        builders.operation(f"Operation {number}", days(number))
    user = delegate("IT")
    answer = page(client, user, HOME)
    assert len(answer.context["duties"]) == 7
    assert '<a href="/deadlines/?whose=mine">See all 9</a>' in answer.content.decode()
    assert words(page(client, user, "/deadlines/?whose=mine")).count("Submit the results of operation") == 9


def test_when_nothing_waits_the_next_date_is_named(client):
    user = delegate("IT")
    assert "Nothing is waiting for you." in words(page(client, user, HOME))
    MeetingFactory(held_on=days(3))
    assert "Nothing is waiting for you. Next date: CCWP Plenary meets, Brussels" in words(
        page(client, user, HOME)
    )


def test_what_was_sent_stands_with_its_receipt_and_state(client):
    builders.submission(builders.operation("Amber Road", days(4)), reference="R-2026-0431")
    text = words(page(client, delegate("IT", "viewer"), HOME))
    assert "Sent by you" in text
    assert "R-2026-0431" in text


def test_the_committee_reads_its_position_instead_of_duties(client):
    text = words(page(client, committee(), HOME))
    assert "No adopted plan runs today. No new results were noted in the last 90 days." in text
    assert "To do" not in text


def test_the_agenda_of_all_and_of_mine(client):
    builders.operation("Amber Road", days(4), participants=["IT"])
    builders.operation("Baltic Shield", days(4), participants=["FR"])
    user = delegate("IT")
    assert [
        entry.label for month in page(client, user, AGENDA).context["months"] for entry in month.entries
    ] == [
        "Amber Road: results are due",
        "Baltic Shield: results are due",
    ]
    mine = page(client, user, AGENDA + "?whose=mine").context["months"]
    assert [entry.label for month in mine for entry in month.entries] == [
        "Submit the results of operation Amber Road"
    ]


@pytest.mark.parametrize(
    "query", ["?whose=everybody", "?whose=mine&page=x", "?page=0", "?page=9999999999999999999999"]
)
def test_a_wrong_filter_of_the_agenda_is_told_and_never_an_error(client, query):
    page(client, delegate("IT"), AGENDA + query)


def test_the_ledger_shows_each_post_its_own_and_the_secretariat_all(client):
    builders.secretariat_body()
    builders.operation("Amber Road", days(7), participants=["IT", "FR"])
    italian_user, _french = delegate("IT"), delegate("FR")
    sweep()

    def rows(user, query=""):
        found = page(client, user, LEDGER + query).context["page_obj"]
        return sorted((row.post.delegation.code, row.lead_code, row.status) for row in found)

    italian = [("IT", "14", "skipped"), ("IT", "30", "skipped"), ("IT", "7", "told")]
    french = [("FR", "14", "skipped"), ("FR", "30", "skipped"), ("FR", "7", "told")]
    assert rows(italian_user) == italian
    assert rows(delegate("IT", "viewer")) == []
    assert rows(committee()) == []
    user = secretariat()
    assert rows(user) == sorted(italian + french)
    assert rows(user, "?delegation=FR&status=told&rule=result-due") == [("FR", "7", "told")]
    text = words(page(client, user, LEDGER + "?delegation=FR"))
    assert "30 days before" in text
    assert "overtaken by a later reminder" in text


@pytest.mark.parametrize("query", ["?rule=x", "?status=sent", "?delegation=ZZ"])
def test_a_wrong_filter_of_the_ledger_is_told_and_never_an_error(client, query):
    page(client, secretariat(), LEDGER + query)


def test_everybody_may_read_the_days_of_reminders_and_those_who_keep_lists_change_them(client):
    load_lead_times()
    edit = reverse("deadlines:leadtimes_edit", args=["result-due"])
    for user, may in (
        (delegate(), False),
        (committee(), False),
        (secretariat(), True),
        (administrator(), True),
    ):
        assert (edit in page(client, user, DAYS).content.decode()) is may
        assert client.get(edit).status_code == (200 if may else 403)
    assert client.get(reverse("deadlines:leadtimes_edit", args=["nothing"])).status_code == 404


def save(client, **typed):
    address = reverse("deadlines:leadtimes_edit", args=["result-due"])
    version = client.get(address).context["form"].row_version
    return client.post(address, {"row_version": version, "overdue_every": "7", **typed})


def test_the_secretariat_sets_other_days(client):
    load_lead_times()
    client.force_login(secretariat())
    assert save(client, days_before="0, 21;7  7", overdue_every="").status_code == 302
    row = LeadTimes.objects.get(rule="result-due")
    assert (row.days_before, row.overdue_every) == ([21, 7, 0], None)
    assert "21, 7, 0" in words(client.get(DAYS))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"days_before": "30, x"}, "“x” is none."),
        ({"days_before": "-3"}, "“-3” is none."),
        ({"days_before": "3.5"}, "“3.5” is none."),
        ({"days_before": "٣"}, "“٣” is none."),
        ({"days_before": "401"}, "401 days is too long before: at most 400."),
        ({"days_before": " , "}, "This field is required."),
        ({"days_before": ",".join(str(n) for n in range(50))}, "At most 30 reminders before a deadline."),
        ({"days_before": "7", "overdue_every": "0"}, ""),
        ({"days_before": "7", "overdue_every": "401"}, ""),
        ({"days_before": "7", "overdue_every": "NaN"}, ""),
        ({"days_before": "9" * 5000}, "is none."),
    ],
)
def test_days_that_are_none_come_back_with_what_was_typed(client, typed, sentence):
    load_lead_times()
    client.force_login(secretariat())
    answer = save(client, **typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    for value in typed.values():
        assert value.strip() in answer.content.decode()
    assert LeadTimes.objects.get(rule="result-due").days_before == [30, 14, 7, 1, 0]


def fill(count):
    """So many of everything that the first page, the agenda and the ledger show."""
    presiding = DelegationFactory(code="IT")
    PresidencyFactory(delegation=presiding)
    builders.secretariat_body()
    if not Action.objects.exists():
        builders.plan(8, days(-400))
        builders.plan(9, days(147), "draft")
    draft = Action.objects.model.plan.field.related_model.objects.get(number=9)
    current = type(draft).objects.get(number=8)
    first = Action.objects.count() + 1
    for number in range(first, first + count):
        builders.action(draft, number, lead="IT")
        builders.action(current, number, lead="IT", status="planned", starts_on=days(1))
        amber = builders.operation(f"Amber {number}", days(number % 20), participants=["IT", "FR"])
        builders.submission(amber, "FR")
        lead = builders.operation(
            f"Baltic {number}", days(40), "planning", (), starts_on=days(2), ends_on=days(5)
        )
        Participation.objects.create(operation=lead, delegation=presiding, role="lead", status="confirmed")
        noted = builders.operation(f"Copper {number}", days(-40), "debriefed", participants=())
        builders.submission(noted, "IT", "validated")
        MeetingFactory(held_on=days(number))
        NotificationFactory(status="failed")
    sweep()


PEOPLE = {
    "secretariat": secretariat,
    "delegate": lambda: delegate("FR"),
    "presidency": lambda: delegate("IT"),
    "committee": committee,
    "third party": third_party,
    "administrator": administrator,
}


FIRST, *FURTHER = PEOPLE  # of what takes seconds, the further readers wait for the long run


@pytest.mark.parametrize("name", [FIRST, *(pytest.param(name, marks=pytest.mark.long) for name in FURTHER)])
def test_the_number_of_queries_is_small_and_does_not_grow(client, name):
    client.force_login(PEOPLE[name]())
    counts = {}
    for count in (1, 29):
        fill(count)
        for address in (HOME, AGENDA, LEDGER, AGENDA + "?whose=mine", DAYS):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            asked = [
                query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]
            ]  # the test's own frame
            counts.setdefault(address, []).append(len(asked))
    grown = {
        address: seen for address, seen in counts.items() if seen[0] != seen[1] or seen[1] > MOST_QUERIES
    }
    assert grown == {}
