"""What the form of a decision asks back about its day, and what it says of its document before it is sent."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.tests.factories import secretariat
from actionplans.tests.factories import (
    AmendmentFactory,
    TermsFactory,
    VersionFactory,
    changes_of,
    plan_with,
    write_text,
)
from jcos.tests.factories import OperationFactory, submission
from publishing.words import day_words
from strategy_portal.dates import brussels_today, now
from tests.agenda import reader
from tests.recording import address, filled, traces
from tests.silence import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    return reader(secretariat(name="Sue"))


def test_a_decision_dated_before_its_subject_was_entered_is_asked_back_once(desk):
    plan = plan_with("tabled")
    page = desk.get(address(plan, "adopt"))
    assert page.context["form"].fields["is_early"].widget.is_hidden
    before = traces()
    answer = desk.post(address(plan, "adopt"), filled(is_early="False"))
    assert (answer.status_code, traces()) == (422, before)
    assert answer.context["form"].errors == {
        "is_early": [
            "The meeting was on 5 March 2026, what it decided on has been in the portal since "
            f"{day_words(brussels_today())}. Is it the right meeting?"
        ]
    }
    assert not answer.context["form"].fields["is_early"].widget.is_hidden
    assert desk.post(address(plan, "adopt"), filled()).status_code == 302


def test_a_meeting_on_the_day_of_entry_is_not_asked_back(desk):
    plan = plan_with("tabled")
    data = filled(held_on=brussels_today().isoformat(), is_early=None)
    assert desk.post(address(plan, "adopt"), data).status_code == 302


def test_a_noting_before_the_results_were_submitted_is_asked_back(desk):
    lynx = OperationFactory(status="debriefed")
    submission(lynx, "BE", submitted_at=now() + timedelta(days=6))
    day = brussels_today().isoformat()
    answer = desk.post(address(lynx, "note_results"), filled(held_on=day, is_early=None))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["is_early"])
    answer = desk.post(address(lynx, "note_results"), filled(held_on=day))
    assert answer.status_code == 302


TABLED_ON = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)


def to_table(kind):
    """A draft of a kind of thing, entered long before it is tabled, and the decision that is taken on it."""
    if kind == "plan":
        return plan_with("draft"), "adopt"
    if kind == "terms":
        return TermsFactory(status="draft"), "agree"
    plan = plan_with("adopted")
    action = plan.actions.get()
    if kind == "version":
        version = VersionFactory(
            strategy=plan.strategy, number=2, status="draft", agreed_on=None, in_force_from=None
        )
        write_text(version, {"A.MS.a": ""})
        return version, "agree"
    if kind == "amendment":
        amendment = AmendmentFactory(plan=plan)
        changes_of(amendment, action, title="Another title")
        return amendment, "adopt"
    return OperationFactory(status="proposed", actions=[action]), "agree"


@pytest.mark.parametrize("kind", ["plan", "terms", "version", "amendment", "operation"])
def test_a_decision_dated_before_its_subject_was_tabled_is_asked_back_once(kind, monkeypatch):
    with at(monkeypatch, TABLED_ON - timedelta(days=60)):
        thing, verb = to_table(kind)
    with at(monkeypatch, TABLED_ON):
        thing.take("table", by=secretariat())
    with at(monkeypatch, TABLED_ON + timedelta(days=1)):
        desk = reader(secretariat())
        before = traces()
        answer = desk.post(address(thing, verb), filled(held_on="2026-12-09", is_early=None))
        assert (answer.status_code, traces()) == (422, before)
        assert answer.context["form"].errors == {
            "is_early": [
                f"The meeting was on {day_words(date(2026, 12, 9))}, what it decided on was tabled on "
                f"{day_words(date(2026, 12, 10))}. Is it the right meeting?"
            ]
        }
        assert desk.post(address(thing, verb), filled(held_on="2026-12-09")).status_code == 302


def test_a_decision_of_the_day_of_tabling_is_taken_and_only_the_last_tabling_counts(monkeypatch):
    with at(monkeypatch, TABLED_ON - timedelta(days=30)):
        plan = plan_with("draft")
        plan.take("table", by=secretariat())
        plan.take("return_to_draft", by=secretariat())
    with at(monkeypatch, TABLED_ON):
        plan.take("table", by=secretariat())
        desk = reader(secretariat())
        early = desk.post(address(plan, "adopt"), filled(held_on="2026-12-09", is_early=None))
        assert (early.status_code, list(early.context["form"].errors)) == (422, ["is_early"])
        on_the_day = desk.post(address(plan, "adopt"), filled(held_on="2026-12-10", is_early=None))
        assert on_the_day.status_code == 302


# -- the document ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "is_needed"), [("agree", False), ("approve", True)])
def test_the_form_says_beforehand_whether_the_decision_needs_a_document(desk, verb, is_needed):
    version = VersionFactory(
        number=2, status="tabled" if verb == "agree" else "agreed", agreed_on=None, in_force_from=None
    )
    page = desk.get(address(version, verb))
    number = page.context["form"].fields["document_number"]
    assert number.required is is_needed
    said = page.content.decode()
    assert ("Needed for this decision." in said, "Leave empty when there was none." in said) == (
        is_needed,
        not is_needed,
    )
    answer = desk.post(address(version, verb), filled(document_number="", document_title=""))
    assert answer.status_code == (422 if is_needed else 302)
