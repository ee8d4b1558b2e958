"""Progress notes, amendments and points of agendas: found by those who see them, and kept by the index."""

from datetime import date

import pytest

from accounts.models import Body
from accounts.tests.factories import DelegationFactory, committee, delegate, secretariat, third_party
from actionplans.models import Action, ActionPlan, Amendment, ProgressNote
from actionplans.tests.factories import AmendmentFactory, part
from actionplans.tests.notes import SECOND, note, running_action
from council.models import AgendaPoint, Meeting
from council.tests.factories import MeetingFactory
from search.question import read
from search.results import Results
from search.tests.asking import found, plain
from search.tests.index import asked, differences, entry

pytestmark = pytest.mark.django_db


def hit(user, typed, kind):
    (only,) = Results(user, read(typed), kind=kind).groups[0].hits
    return only


# -- progress notes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "finders"),
    [
        ("draft", {"lead"}),
        ("submitted", {"lead", "secretariat"}),
        ("returned", {"lead", "secretariat"}),
        ("confirmed", {"lead", "secretariat", "other", "committee", "partner"}),
    ],
)
def test_a_note_is_found_by_those_who_see_it_in_its_state(status, finders):
    action = running_action(title="Share scanners")
    part(action, "NO")
    note(action, SECOND, status, achieved="Zanzibar was visited.")
    readers = {
        "lead": delegate("BE"), "secretariat": secretariat(), "other": delegate("FR"), "committee": committee(),
        "partner": third_party("NO"), "stranger": third_party("CH"),
    }  # fmt: skip
    for name, reader in readers.items():
        results = Results(reader, read("zanzibar"))
        assert (results.counts == {"note": 1}) == (name in finders), name
        assert name in finders or results.counts == {}, name


def test_a_note_is_called_by_its_action_and_its_period():
    made = note(
        running_action(title="Share scanners"), SECOND, "submitted", way_forward="To **Zanzibar** next"
    )
    told = hit(secretariat(), "zanzibar", "note")
    assert (told.name, plain(told.title), told.where) == ("7.1", "Share scanners", "July to December 2026")
    assert (told.url, told.state, told.passage) == (
        made.get_absolute_url(), "submitted", "The guide is written. · To <mark>Zanzibar</mark> next",
    )  # fmt: skip
    assert found(secretariat(), "progress note 7.1")["note"] == ["7.1 Share scanners"]


# -- amendments ------------------------------------------------------------------------------------------------------


@pytest.fixture
def amendment():
    """A draft of Belgium's on a plan that France sees, too."""
    action = running_action()
    return AmendmentFactory(
        plan=action.plan, reason="Routes by Zanzibar", delegation=DelegationFactory(code="BE")
    )


@pytest.mark.parametrize(
    ("status", "finders"),
    [
        ("draft", {"drafter", "secretariat"}),
        ("tabled", {"drafter", "secretariat", "other"}),
        ("withdrawn", set()),
    ],
)
def test_an_amendment_is_found_by_those_who_see_it_in_its_state(amendment, status, finders):
    Amendment.objects.update(status=status)
    readers = {
        "drafter": delegate("BE"), "secretariat": secretariat(), "other": delegate("FR"), "committee": committee(),
        "stranger": third_party("CH"),
    }  # fmt: skip
    for name, reader in readers.items():
        for typed in ("zanzibar", "amendment 1 of plan 7"):
            assert Results(reader, read(typed)).counts.get("amendment", 0) == (name in finders), (name, typed)
    assert Results(secretariat(), read("zanzibar"), earlier=True).counts == {"amendment": 1}


def test_an_amendment_is_called_by_its_number_and_its_plan(amendment):
    for typed in ("amendment 1 of plan 7", "Amendment 1", "zanzibar"):
        told = hit(secretariat(), typed, "amendment")
        assert (told.name, told.url) == ("Amendment 1 of plan 7", amendment.get_absolute_url())


# -- points of agendas -----------------------------------------------------------------------------------------------


@pytest.fixture
def point():
    meeting = MeetingFactory(held_on=date(2026, 11, 27))
    return AgendaPoint.objects.create(
        meeting=meeting, order=1, title="Routes by Zanzibar", note="Seen in *Dover*", outcome_text="Later"
    )


def test_a_point_is_found_by_whoever_sees_its_meeting(point):
    for reader, counts in (
        (secretariat(), {"point": 1}), (delegate("FR"), {"point": 1}), (committee(), {}), (third_party("NO"), {}),
    ):  # fmt: skip
        for typed in ("zanzibar", "dover later"):
            assert Results(reader, read(typed)).counts == counts


def test_a_point_leads_to_its_place_on_the_agenda(point):
    told = hit(secretariat(), "zanzibar", "point")
    assert (told.url, told.where) == (
        f"/meetings/{point.meeting_id}/#point-{point.pk}", "Agenda of CCWP Plenary, 27 November 2026",
    )  # fmt: skip
    assert found(secretariat(), "27/11/2026")["point"] == ["Routes by Zanzibar"]


# -- the index -------------------------------------------------------------------------------------------------------


def test_the_index_follows_notes_amendments_and_points_and_what_stands_above_them(amendment, point):
    action = amendment.plan.actions.get()
    made = note(action, SECOND, "submitted")
    Action.objects.update(status="proposed")  # a planned one changes only by amendment
    Action.objects.filter(pk=action.pk).update(number=4)
    ActionPlan.objects.filter(pk=action.plan_id).update(number=17)
    assert entry("note", made).keys == ["17.4"]
    assert entry("amendment", amendment).keys == ["amendment 1 of plan 17", "amendment 1"]
    Meeting.objects.filter(pk=point.meeting_id).update(held_on=date(2026, 12, 1))
    assert entry("point", point).keys == ["2026-12-01"]
    Body.objects.filter(pk=point.meeting.body_id).update(name="Customs Plenary")
    assert entry("point", point).args[1] == "Customs Plenary"
    ProgressNote.objects.update(achieved="Dover")
    AgendaPoint.objects.update(title="Dover")
    Amendment.objects.update(reason="Dover")
    assert differences() == {}
    assert Results(secretariat(), read("dover")).counts == {"note": 1, "amendment": 1, "point": 1}
    for model in (ProgressNote, AgendaPoint, Amendment):
        model.objects.all().delete()
    assert asked(
        "select count(*) from search_searchentry where source in ('note', 'amendment', 'point')"
    ) == [(0,)]
