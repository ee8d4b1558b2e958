"""The boundaries of silence procedures: the minute of the end, later ends, the clocks, and everybody at once."""

import threading
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Delegation
from accounts.reference import load_bodies, load_delegations
from accounts.tests.factories import DelegationFactory, delegate, secretariat
from council.forms_silence import closing_moment
from council.models import Decision, SilenceProcedure
from notifications.models import Notification
from strategy_portal.dates import BRUSSELS, brussels_day
from strategy_portal.workflow import NotAllowed
from tests.silence import ask, at, objection

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example opens a procedure and tells thirty delegations
NEAR_THE_END = st.one_of(
    st.sampled_from([-60, -59, -1, 0, 1, 59, 60]), st.integers(min_value=-86_400, max_value=86_400)
)


@pytest.fixture(autouse=True)
def _delivered():
    load_bodies()
    load_delegations()


@FEW
@given(seconds=NEAR_THE_END)
def test_an_objection_counts_up_to_the_last_second_and_never_after(monkeypatch, seconds):
    procedure = ask()
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=seconds)):
        try:
            objection(procedure)
            counted = True
        except NotAllowed:
            counted = False
        SilenceProcedure.objects.conclude()
    with at(monkeypatch, procedure.closes_at + timedelta(days=2)):
        SilenceProcedure.objects.conclude()
    procedure.refresh_from_db()
    assert counted == (seconds <= 0)
    assert procedure.status == ("stopped" if counted else "agreed")
    assert Decision.objects.filter(silence=procedure).exists() != counted


@FEW
@given(
    later=st.lists(st.integers(min_value=-3, max_value=5).map(lambda n: n * 3600), max_size=4),
    seconds=NEAR_THE_END,
)
def test_after_any_extensions_the_last_end_is_the_one_that_counts(monkeypatch, later, seconds):
    procedure, by = ask(), secretariat()
    for shift in later:
        before, wanted = procedure.closes_at, procedure.closes_at + timedelta(seconds=shift)
        try:
            procedure.extend(by=by, closes_at=wanted, note="More time.")
        except NotAllowed:
            assert shift <= 0
        procedure.refresh_from_db()
        assert procedure.closes_at == max(before, wanted)
    assert procedure.extensions.count() == sum(shift > 0 for shift in later)
    assert procedure.status == ("extended" if any(shift > 0 for shift in later) else "open")
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=seconds)):
        SilenceProcedure.objects.conclude()
    procedure.refresh_from_db()
    assert (procedure.status == "agreed") == (seconds > 0)


@settings(deadline=None)
@given(
    day=st.one_of(
        st.dates(min_value=date(2026, 1, 1), max_value=date(2040, 12, 31)),
        st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]),
    ),
    hour=st.times().map(lambda t: time(t.hour, t.minute)),
)
def test_an_end_is_shown_as_it_was_entered_also_on_the_days_of_the_clocks(day, hour):
    try:
        end = closing_moment(day, hour)
    except ValidationError:
        there = datetime.combine(day, hour, BRUSSELS).astimezone(UTC).astimezone(BRUSSELS)
        assert (hour.hour, there.time() == hour) == (2, False)
        return
    shown = end.astimezone(BRUSSELS)
    assert (shown.date(), shown.hour, shown.minute, shown.second) == (day, hour.hour, hour.minute, 59)
    assert brussels_day(end) == day
    again = (end + timedelta(hours=1)).astimezone(BRUSSELS)
    assert (again.hour, again.minute) != (
        hour.hour,
        hour.minute,
    )  # of an hour that comes twice it is the second


def at_once(works):
    """Run each in a thread of its own, all at once; what each answered or raised, in order."""
    barrier, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            barrier.wait()
            answers[place] = work()
        except NotAllowed as refused:
            answers[place] = str(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_fifty_submitters_who_object_at_once_exactly_one_stops_the_procedure():
    procedure = ask()
    sitting = list(Delegation.objects.sitting(procedure.closed_on))
    people = [(delegation, delegate(delegation.code)) for delegation in (sitting * 2)[:50]]

    def object_to_it(delegation, person):
        SilenceProcedure.objects.get(pk=procedure.pk).answer(delegation, "objects", "No.", by=person)
        return "stopped"

    answers = Counter(at_once([lambda pair=pair: object_to_it(*pair) for pair in people]))
    procedure.refresh_from_db()
    assert (answers.pop("stopped"), procedure.status, procedure.positions.count()) == (1, "stopped", 1)
    assert [text.startswith("An objection stopped it on ") for text in answers] == [True]
    events = SilenceProcedure.pgh_event_models["insert"].objects.filter(
        pgh_obj=procedure.pk, status="stopped"
    )
    told = Notification.objects.filter(kind="silence-ended").count()
    assert (events.count(), told) == (1, procedure.asked().count() + 1)


@pytest.mark.django_db(transaction=True)
def test_an_objection_and_the_worker_at_the_end_leave_one_outcome(monkeypatch):
    procedure = ask()
    belgium, person = DelegationFactory(code="BE"), delegate("BE")

    def object_to_it():
        SilenceProcedure.objects.get(pk=procedure.pk).answer(belgium, "objects", "No.", by=person)
        return "stopped"

    works = [object_to_it, *([SilenceProcedure.objects.conclude] * 5)]
    with at(monkeypatch, procedure.closes_at + timedelta(seconds=1)):
        stopped, *concluded = at_once(works)
    procedure.refresh_from_db()
    assert (procedure.status, sum(concluded), Decision.objects.count()) == ("agreed", 1, 1)
    assert stopped.startswith("It ended on ")


@pytest.mark.django_db(transaction=True)
def test_of_two_procedures_opened_at_once_on_one_thing_one_is_opened():
    thing, by = ask().subject, secretariat()
    SilenceProcedure.objects.get().withdraw(by=by, note="Anew.")
    answers = at_once([lambda: ask(type(thing).objects.get(pk=thing.pk), by=by) and "opened"] * 4)
    assert (answers.count("opened"), SilenceProcedure.objects.running().count()) == (1, 1)
