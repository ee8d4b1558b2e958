"""Never missed, never twice: outages, moved dates, races."""

import threading
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Delegation, Post
from accounts.tests.factories import DelegationFactory, delegate, secretariat
from actionplans.models import ActionPlan
from deadlines import ledger
from deadlines.ledger import owed, sweep
from deadlines.models import Heartbeat, LeadTimes, Reminder
from deadlines.reference import load_lead_times
from deadlines.tests import builders
from jcos.models import Operation, Participation
from notifications.delivery import deliver_due
from notifications.models import Notification
from notifications.tests.smtp_server import smtp_server
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db

DUE = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def people():
    """Somebody holds each post that these tests remind."""
    secretariat()
    for code, email in {
        "IT": "roma@it.example",
        "FR": "paris@fr.example",
        "BE": "brussels@be.example",
    }.items():
        delegate(code, email=email)


def told():
    return list(Reminder.objects.filter(status="told").order_by("pk").values_list("lead_code", flat=True))


def skipped():
    return set(Reminder.objects.filter(status="skipped").values_list("lead_code", flat=True))


def before(days):
    return DUE - timedelta(days=days)


def run(first, last, step=1):
    """Sweep every `step` days from so many days before the deadline to so many days before it (negative: after)."""
    for days in range(first, last - 1, -step):
        sweep(before(days))


def test_every_lead_time_is_told_once_when_nothing_goes_wrong():
    builders.operation()
    run(40, -15)
    assert told() == ["30", "14", "7", "1", "0", "+7", "+14"]
    assert skipped() == set()
    run(40, -15)
    assert Notification.objects.count() == 7


@pytest.mark.parametrize(
    ("slept", "expected_told", "expected_skipped"),
    [
        (3, ["30", "14", "7", "1", "0", "+7"], set()),
        (40, ["30", "+7"], {"14", "7", "1", "0"}),
    ],
)
def test_an_outage_is_caught_up_with_one_mail_and_the_overtaken_are_recorded(
    slept, expected_told, expected_skipped
):
    builders.operation()
    run(30, 30)
    run(30 - slept, -10)
    assert (told(), skipped()) == (expected_told, expected_skipped)


def test_an_hour_of_outage_and_any_number_of_sweeps_a_day_change_nothing():
    builders.operation()
    for _hour in range(3):
        sweep(before(14))
    assert (told(), skipped()) == (["14"], {"30"})


def test_a_jump_over_several_lead_days_gives_exactly_one_mail():
    builders.operation()
    sweep(before(35))
    sweep(before(1))
    deliver_due()
    assert (told(), skipped()) == (["1"], {"30", "14", "7"})
    assert [message.to for message in mail.outbox] == [["roma@it.example"]]


def test_a_duty_that_begins_late_starts_with_the_newest_lead_time():
    builders.operation()
    sweep(before(10))
    assert (told(), skipped()) == (["14"], {"30"})


def test_what_is_done_is_not_told_again_and_comes_back_when_it_is_owed_again():
    amber = builders.operation()
    sweep(before(30))
    handed_in = builders.submission(amber)
    run(20, 8)
    assert told() == ["30"]
    type(handed_in).objects.update(status="returned", return_reason="Units are missing")
    sweep(before(7))
    assert (told(), skipped()) == (["30", "7"], {"14"})


def test_a_moved_date_counts_anew_and_moved_back_repeats_nothing():
    amber = builders.operation()
    run(40, 14)
    Operation.objects.filter(pk=amber.pk).update(results_due_on=DUE + timedelta(days=60))
    run(13, 8)
    assert told() == ["30", "14"]
    Operation.objects.filter(pk=amber.pk).update(results_due_on=DUE)
    run(13, 8)
    assert told() == ["30", "14"]
    sweep(before(7))
    assert told() == ["30", "14", "7"]
    assert skipped() == set()


def test_other_days_of_reminders_tell_nothing_twice():
    load_lead_times()
    builders.operation()
    run(30, 13)
    LeadTimes.objects.filter(rule="result-due").update(days_before=[20, 10, 0])
    run(12, 10)
    assert (told(), skipped()) == (["30", "14", "10"], {"20"})


def test_a_clock_that_goes_back_tells_nothing():
    builders.operation()
    sweep(before(0))
    run(30, 1)
    assert told() == ["0"]


def test_thirty_deadlines_of_one_post_are_one_mail():
    for number in range(30):
        builders.operation(f"Operation {number:02}", DUE + timedelta(days=number % 3))
    assert sweep(before(14)) == (1, 10, 0)
    notification = Notification.objects.get()
    assert notification.subject == (
        "Submit the results of operation Operation 00 by 27 November 2026 (in 14 days) and 29 other deadlines"
    )
    assert notification.body.count("Submit the results of operation") == 30
    assert (notification.link, notification.about, notification.reminders.count()) == ("/", None, 30)


def test_one_deadline_says_what_which_and_by_when_and_links_straight_to_it():
    amber = builders.operation()
    sweep(before(4))
    notification = Notification.objects.get()
    assert (
        notification.subject == "Submit the results of operation Amber Road by 27 November 2026 (in 4 days)"
    )
    assert notification.link == "/jcos/amber-road/results/IT/"
    assert notification.about == amber.participations.get()


def test_each_post_is_told_apart():
    builders.operation(participants=["IT", "FR"])
    builders.plan(8, date(2025, 7, 1))
    sweep(before(4))
    assert {str(n.post) for n in Notification.objects.all()} == {
        "Italy, submitter", "France, submitter", "General Secretariat, submitter",
    }  # fmt: skip


def test_what_was_done_while_the_mail_server_was_away_is_not_sent_but_recorded(settings):
    today = brussels_today()
    amber = builders.operation("Amber Road", today)
    builders.operation("Baltic Shield", today + timedelta(days=7))
    with smtp_server(settings) as server:
        server.behaviour = "hang_up"
        sweep(today)
        deliver_due()
        builders.submission(amber)
        server.behaviour = "accept"
        Notification.objects.update(next_try_at=None)
        deliver_due()
        assert len(server.taken) == 1
    notification = Notification.objects.get()
    assert (notification.status, notification.link) == ("sent", "/jcos/baltic-shield/results/IT/")
    done = Reminder.objects.get(object_id=amber.participations.get().pk, lead_code="0")
    assert (done.status, done.reason) == ("skipped", "done or cancelled before it was sent")


def test_a_reminder_of_nothing_any_more_is_skipped():
    amber = builders.operation("Amber Road", brussels_today())
    sweep()
    builders.submission(amber)
    deliver_due()
    assert (Notification.objects.get().status, mail.outbox) == ("skipped", [])
    assert set(Reminder.objects.values_list("status", flat=True)) == {"skipped"}


def test_a_reminder_that_waited_three_days_says_the_days_left_when_it_leaves():
    builders.operation("Amber Road", brussels_today() + timedelta(days=4))
    sweep(brussels_today() - timedelta(days=3))
    assert "(in 7 days)" in Notification.objects.get().subject
    deliver_due()
    assert "(in 4 days)" in mail.outbox[0].subject


def test_a_sweep_leaves_a_sign_of_life_and_a_broken_one_does_not(monkeypatch):
    sweep(before(1))
    sign = Heartbeat.objects.get(name="sweep")

    def broken():
        raise ZeroDivisionError

    builders.operation()
    rules = [ledger.RULES[0]._replace(rows=broken), *ledger.RULES[1:]]
    monkeypatch.setattr(ledger, "RULES", rules)
    assert sweep(before(0)).failures == 1
    assert told() == ["0"]
    assert Heartbeat.objects.get(name="sweep").at == sign.at


def test_a_row_that_cannot_be_read_hides_no_other(monkeypatch):
    builders.operation(participants=["IT", "FR"])
    rule = ledger.RULES[2]

    def text(row):
        if row.delegation.code == "IT":
            raise ZeroDivisionError
        return rule.text(row)

    monkeypatch.setattr(ledger, "RULES", [rule._replace(text=text)])
    assert sweep(before(0)) == (1, 4, 1)


@pytest.mark.django_db(transaction=True)
def test_of_many_sweeps_at_once_one_tells():
    builders.operation("Amber Road", DUE, participants=["IT", "FR", "BE"])
    Post.objects.of("submitter", delegation=DelegationFactory(code="IT"))
    gate, failures = threading.Barrier(6), []

    def work():
        try:
            gate.wait()
            failures.append(sweep(before(7)).failures)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == [0] * 6
    assert sorted(str(n.post) for n in Notification.objects.all()) == [
        "Belgium, submitter", "France, submitter", "Italy, submitter",
    ]  # fmt: skip
    assert sorted(Reminder.objects.values_list("lead_code", "status")) == sorted(
        [("7", "told"), ("14", "skipped"), ("30", "skipped")] * 3
    )


@given(st.lists(st.integers(-30, 60), min_size=1, max_size=8))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whenever_somebody_sweeps_nothing_reached_is_missing_and_nothing_is_told_twice(days):
    Reminder.objects.all().delete()
    Notification.objects.all().delete()
    Participation.objects.all().delete()
    Operation.objects.all().delete()
    builders.operation()
    for left in days:
        sweep(before(left))
        assert owed(before(left))[0] == {}
    codes = list(Reminder.objects.values_list("lead_code", flat=True))
    assert len(codes) == len(set(codes))
    assert Notification.objects.count() == len(told())
    assert len(told()) <= len(days)


def test_the_command_shows_a_day_without_recording_it():
    builders.operation()
    out = StringIO()
    call_command("sweep_deadlines", "--on", "2026-11-20", stdout=out)
    assert "Italy (submitter): 1 told, 2 overtaken" in out.getvalue()
    assert "Submit the results of operation Amber Road by 27 November 2026 (in 7 days)" in out.getvalue()
    assert (Reminder.objects.count(), Notification.objects.count(), Post.objects.count()) == (0, 0, 0)
    call_command("sweep_deadlines", "--on", "2026-11-20", "--record", stdout=out)
    assert (told(), skipped()) == (["7"], {"14", "30"})


@pytest.mark.parametrize("arguments", [["--on", "27/11/2026"], ["--on", "9999-12-31"], ["--record"]])
def test_the_command_says_what_it_cannot_read(arguments):
    with pytest.raises(CommandError):
        call_command("sweep_deadlines", *arguments)


def test_production_looks_at_no_day_that_has_not_come(settings):
    settings.PRODUCTION = True
    tomorrow = brussels_today() + timedelta(days=1)
    with pytest.raises(CommandError, match="has not come"):
        call_command("sweep_deadlines", "--on", tomorrow.isoformat())
    with pytest.raises(ledger.FutureDay):
        sweep(tomorrow)
    call_command("sweep_deadlines", "--on", brussels_today().isoformat(), stdout=StringIO())


def test_the_adoption_of_a_plan_ends_its_reminders():
    builders.plan(8, date(2025, 7, 1))  # ends 31 December 2026, its successor is due on 31 October
    sweep(date(2026, 10, 31))
    assert told() == ["0"]
    builders.plan(9, date(2027, 1, 1))
    sweep(date(2026, 11, 7))
    assert told() == ["0"]
    assert ActionPlan.objects.awaiting_successor().get().number == 9


def test_a_duty_that_nobody_holds_is_recorded_as_skipped_and_told_once_somebody_does():
    builders.operation(participants=["ES"])
    sweep(before(30))
    reminder = Reminder.objects.get()
    assert (reminder.status, reminder.reason, reminder.notification) == (
        "skipped", "no one holds this post, and it has no mailbox", None,
    )  # fmt: skip
    delegate("ES")
    run(20, 14)
    assert (told(), Notification.objects.count()) == (["14"], 1)


def test_a_mailbox_is_reminded_also_where_nobody_holds_the_post():
    builders.operation(participants=["ES"])
    Delegation.objects.filter(code="ES").update(mailbox="customs@es.example")
    sweep(before(30))
    deliver_due()
    assert [message.to for message in mail.outbox] == [["customs@es.example"]]


def test_the_contact_point_and_the_deputy_are_reminded_and_no_other_submitter():
    builders.operation("Amber Road", brussels_today(), participants=["ES"])
    delegate("ES", email="colleague@es.example")
    delegate("ES", email="contact@es.example", is_contact_point=True)
    delegate("ES", email="deputy@es.example", is_deputy=True)
    sweep()
    deliver_due()
    assert sorted(message.to[0] for message in mail.outbox) == ["contact@es.example", "deputy@es.example"]
