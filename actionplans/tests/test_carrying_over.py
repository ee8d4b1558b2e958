"""The decision that unfinished actions are carried over, recorded for several at once."""

from datetime import date

import pytest

from accounts.tests.factories import BodyFactory
from actionplans.models import ActionPlan
from actionplans.tests.pages import errors_of, messages_of, post_new, text_of
from actionplans.tests.rolled import URL, copy, new, of, old, rows
from council.models import Decision
from council.tests.factories import MeetingFactory

__all__ = ["new", "old"]  # the fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    return MeetingFactory(
        body=BodyFactory(code="plenary", powers=["decide", "adopt", "agree"]), held_on=date(2026, 10, 1)
    )


def test_the_decision_that_they_are_carried_over_is_recorded_for_several(desk, old, new, meeting):
    ActionPlan.objects.filter(pk=old.pk).update(adopted_on=date(2025, 10, 1))
    copy(desk, old, 1, 2)
    page = text_of(desk.get(f"{URL}?to=8"))
    assert "/plans/7/carry-over/" in page
    assert "/plans/7/actions/1/steps/carry_over/" in page
    response = post_new(
        desk, "/plans/7/carry-over/", actions=of(old, 1, 2), meeting=meeting.pk, text="They go on in plan 8."
    )
    assert response.url == URL
    assert "2 actions are carried over." in messages_of(response)[0]
    assert list(old.actions.order_by("number").values_list("status", flat=True)) == [
        "carried_over", "carried_over", "completed",
    ]  # fmt: skip
    decisions = Decision.objects.filter(verb="carry_over")
    assert {decision.meeting for decision in decisions} == {meeting}
    assert {action.ending.pk for action in old.actions.exclude(ending=None)} == {
        decision.pk for decision in decisions
    }
    assert rows(desk.get(URL)) == [(1, "8.2", False), (2, "8.3", False)]
    assert desk.get("/plans/7/carry-over/").status_code == 409


def test_one_that_cannot_be_carried_over_leaves_all_as_they_are(desk, old, new, meeting):
    ActionPlan.objects.filter(pk=old.pk).update(adopted_on=date(2025, 10, 1))
    copy(desk, old, 1)
    response = post_new(desk, "/plans/7/carry-over/", actions=of(old, 1, 2), meeting=meeting.pk)
    assert list(errors_of(response)) == ["actions"]
    assert Decision.objects.filter(verb="carry_over").count() == 0
    copy(desk, old, 2)
    body = BodyFactory(code="experts", powers=["agree"])
    other = MeetingFactory(body=body, held_on=date(2026, 10, 1))
    response = post_new(desk, "/plans/7/carry-over/", actions=of(old, 1, 2), meeting=other.pk)
    assert list(errors_of(response)) == ["meeting"]


def test_what_was_carried_over_to_a_copy_that_is_gone_is_offered_again(desk, old, new, meeting):
    ActionPlan.objects.filter(pk=old.pk).update(adopted_on=date(2025, 10, 1))
    copy(desk, old, 1)
    post_new(desk, "/plans/7/carry-over/", actions=of(old, 1), meeting=meeting.pk)
    assert rows(desk.get(URL)) == [(1, "8.2", False), (2, "", True)]
    said = "Action 7.1 was carried over to it by a decision."
    assert said in text_of(desk.get("/plans/8/actions/2/delete/"))
    assert said not in text_of(desk.get("/plans/8/actions/1/delete/"))  # it continues nothing
    post_new(desk, "/plans/8/actions/2/delete/")
    assert rows(desk.get(URL)) == [(1, "", True), (2, "", True)]
    assert copy(desk, old, 1).status_code == 302
