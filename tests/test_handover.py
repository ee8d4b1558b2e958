"""What one Presidency hands over to the next, to whom, and in how many queries."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.tests.factories import BodyFactory, DelegationFactory, committee, delegate, secretariat
from actionplans.tests.factories import PlanFactory, TermsFactory, plan_with
from council.models import Presidency
from council.tests.factories import AgendaPointFactory, MeetingFactory, PresidencyFactory
from council.views_presidency import end_of_next_half_year
from jcos.tests.factories import OperationFactory
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db
ADDRESS = "/presidency/"


@pytest.fixture(autouse=True)
def presidencies():
    """Belgium presides, Luxembourg follows, then France."""
    now = PresidencyFactory(delegation=DelegationFactory(code="BE"), trio="BE-LU-FR")
    for code in ("LU", "FR"):
        begin = Presidency.objects.order_by("starts_on").last().ends_on + timedelta(days=1)
        PresidencyFactory(delegation=DelegationFactory(code=code), starts_on=begin, trio="BE-LU-FR")
    return now


def page_of(user):
    client = Client()
    client.force_login(user)
    return client.get(ADDRESS)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (secretariat, 200),
        (lambda: delegate("BE", "viewer"), 200),
        (lambda: delegate("LU", "viewer"), 200),
        (lambda: delegate("FR"), 403),
        (lambda: delegate("RO"), 403),
        (committee, 403),
    ],
)
def test_it_is_for_the_secretariat_the_presidency_and_the_next(who, status):
    assert page_of(who()).status_code == status


def test_it_says_who_presides_until_when_and_who_follows(presidencies):
    answer = page_of(secretariat())
    following = [row.delegation.code for row in answer.context["following"]]
    assert (answer.context["now"], following) == (presidencies, ["LU", "FR"])
    assert answer.context["handover"].until == answer.context["following"][0].ends_on
    page = answer.content.decode()
    assert "Belgium presides until" in page
    assert "Trio BE-LU-FR" in page


def test_it_stands_without_any_presidency_on_record():
    Presidency.objects.all().delete()
    answer = page_of(secretariat())
    assert "No Presidency is recorded for today." in answer.content.decode()
    assert answer.context["handover"].until == end_of_next_half_year(brussels_today())


@pytest.mark.parametrize(
    ("day", "until"),
    [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 6, 30), date(2026, 12, 31)),
        (date(2026, 7, 1), date(2027, 6, 30)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_the_next_half_year_ends_by_the_calendar(day, until):
    assert end_of_next_half_year(day) == until


def meeting(days):
    return MeetingFactory(
        body=BodyFactory(code="ccwp-plenary"), held_on=brussels_today() + timedelta(days=days)
    )


def test_it_names_the_meetings_to_come_and_the_decisions_that_are_open():
    coming, past, done, far = meeting(10), meeting(-10), meeting(-20), meeting(2000)
    plan = plan_with("tabled")
    AgendaPointFactory(meeting=coming, title="Exchange of views")
    AgendaPointFactory(meeting=coming, title="Adoption", about=plan, verb="adopt")
    AgendaPointFactory(meeting=past, title="Adoption", about=plan, verb="adopt")
    AgendaPointFactory(meeting=done, title="Exchange of views")
    meetings = page_of(secretariat()).context["meetings"]
    assert list(meetings) == [past, coming]
    points = [(point["title"], point["is_expected"]) for point in meetings[1].open_points]
    assert points == [("Exchange of views", False), ("Adoption", True)]
    assert far not in meetings


def test_it_names_plans_with_their_terms_and_operations_by_state():
    plan = plan_with("tabled", "tabled")
    TermsFactory(action__plan=plan, status="draft")
    OperationFactory(name="ALPHA", status="planning")
    OperationFactory(name="OVER", status="cancelled")
    page = page_of(secretariat()).content.decode()
    assert "draft 1, tabled 1, agreed 0" in page
    assert "ALPHA" in page
    assert "OVER" not in page


def test_what_the_next_presidency_does_not_see_is_not_named():
    PlanFactory(number=77)
    OperationFactory(name="EARLY", status="proposed")
    now, following = (page_of(delegate(code)).content.decode() for code in ("BE", "LU"))
    assert ("Plan 77" in now, "EARLY" in now) == (True, True)
    assert ("Plan 77" in following, "EARLY" in following) == (False, False)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("code", ["BE", "LU"])
def test_it_takes_the_same_few_queries(code, count, django_assert_max_num_queries):
    for number in range(count):
        coming = meeting(10 + number)
        AgendaPointFactory(meeting=coming, about=plan_with("tabled"), verb="adopt")
        OperationFactory(name=f"OPERATION {number}", status="planning")
    client = Client()
    client.force_login(delegate(code))
    client.get(ADDRESS)
    with django_assert_max_num_queries(18):  # three of them the test's own
        client.get(ADDRESS)
