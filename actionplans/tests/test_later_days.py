"""Original and agreed days: a later day is asked, agreed, refused or withdrawn, and the first one stays."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.tests.factories import committee, delegate, secretariat, third_party
from actionplans.models import Action, Extension, Milestone, MilestoneReached, ProgressNote
from actionplans.tests.factories import TermsFactory, put
from actionplans.tests.notes import FIRST, SECOND, note, running_action
from actionplans.tests.pages import errors_of, post_edit, post_new, queries, text_of
from notifications.models import Notification
from notifications.outbox import Obsolete, latest_word
from strategy_portal import dates
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 10)
PAGE = "/plans/7/actions/1/dates/"


@pytest.fixture(autouse=True)
def day(monkeypatch):
    """10 September 2026."""
    moment = dates.datetime(2026, 9, 10, 9, tzinfo=dates.UTC)
    monkeypatch.setattr("strategy_portal.dates.now", lambda: moment)


def a_milestone(title="Guide agreed", due_on=date(2026, 9, 1), **fields):
    """A milestone of agreed terms of reference of action 7.1, led by Belgium."""
    secretariat()
    action = Action.objects.first() or running_action(**fields)
    terms = action.terms.get(status="agreed")
    put(terms, "superseded")
    new = TermsFactory(action=action, version=terms.version + 1)
    for order, old in enumerate(terms.milestones.all(), start=1):
        Milestone.objects.create(terms=new, order=order, title=old.title, due_on=old.due_on)
    made = Milestone.objects.create(terms=new, order=new.milestones.count() + 1, title=title, due_on=due_on)
    put(new, "agreed")
    return made


def asked(subject, new_day=date(2026, 10, 1), reason="A partner is late", **fields):
    return Extension.objects.ask(subject, new_day, reason, by=fields.get("by") or delegate("BE"))


def ask_page(subject):
    return f"/extensions/new/{subject._meta.label_lower}/{subject.pk}/"


# -- asking and answering ----------------------------------------


def test_the_lead_asks_the_secretariat_agrees_and_the_first_day_stays(client):
    made = a_milestone()
    client.force_login(delegate("BE", role="editor"))
    page = text_of(client.get(ask_page(made)))
    assert "Due on 1 September 2026." in page
    response = post_new(client, ask_page(made), new_day="2026-10-01", reason="A partner is late")
    extension = Extension.objects.get()
    assert response["Location"] == f"/extensions/{extension.pk}/"
    assert (extension.due_on, extension.delegation.code, extension.about) == (
        date(2026, 9, 1),
        "BE",
        "milestone “Guide agreed” of action 7.1",
    )
    assert client.post(f"/extensions/{extension.pk}/steps/agree/", {"reason": "Yes"}).status_code == 403
    client.force_login(secretariat())
    assert client.post(f"/extensions/{extension.pk}/steps/agree/").status_code == 422
    assert client.post(f"/extensions/{extension.pk}/steps/agree/", {"reason": "Agreed."}).status_code == 302
    made = Milestone.objects.with_days().get(title="Guide agreed", terms__status="agreed")
    assert (made.original_due_on, made.due_in_force) == (date(2026, 9, 1), date(2026, 10, 1))
    page = text_of(client.get(PAGE))
    for words in ("1 September 2026", "1 October 2026", "A partner is late", "Agreed.", "Asked by"):
        assert words in page
    told = [(n.kind, bool(n.post.delegation)) for n in Notification.objects.order_by("pk")]
    assert told == [("extension-asked", False), ("extension-answered", True)]
    assert isinstance(latest_word(Notification.objects.order_by("pk").first()), Obsolete)
    assert (
        Notification.objects.order_by("pk")
        .last()
        .subject.startswith("Agreed until 1 October 2026: milestone")
    )


@pytest.mark.parametrize("person", [lambda: delegate("DE"), committee])
def test_who_does_not_see_requests_is_told_of_the_agreed_days_and_of_no_others(client, person):
    made = a_milestone()
    thing = note(made.terms.action, FIRST)
    for subject in (made, thing):
        asked(subject).take("agree", by=secretariat(), note="So be it")
        asked(subject, date(2026, 11, 1), "Not told to others")
    client.force_login(person())
    page = text_of(client.get(PAGE))
    assert "Later days asked" not in page
    assert "Not told to others" not in page
    assert page.count("So be it") == 2
    assert (
        page.count("Later days agreed") == 2 + 1 + 2
    )  # two tables, of one and two lines, each with its label


def test_the_newest_agreed_day_counts_and_a_refusal_changes_nothing():
    made = a_milestone()
    for month, verb in ((10, "agree"), (11, "refuse"), (12, "agree")):
        asked(made, date(2026, month, 1)).take(verb, by=secretariat(), note="So be it")
    fresh = Milestone.objects.get(pk=made.pk)
    assert (fresh.due_in_force, fresh.due_on) == (date(2026, 12, 1), date(2026, 9, 1))
    assert [e.due_on for e in Extension.objects.order_by("pk")] == [
        date(2026, 9, 1),
        date(2026, 10, 1),
        date(2026, 10, 1),
    ]


@pytest.mark.parametrize("status", Extension.Status.values)
@pytest.mark.parametrize("verb", Extension.STEPS)
def test_each_step_starts_only_where_the_table_says(verb, status):
    one = asked(a_milestone())
    if status != "asked":
        one.take(
            {"agreed": "agree", "refused": "refuse", "withdrawn": "withdraw"}[status], by=None, note="Why"
        )
    if status in Extension.STEPS[verb].sources:
        one.take(verb, by=secretariat(), note="Why")
        assert one.status == Extension.STEPS[verb].target
    else:
        with pytest.raises(NotAllowed):
            one.take(verb, by=secretariat(), note="Why")


@pytest.mark.parametrize(
    ("new_day", "reason", "wrong"),
    [
        ("2026-09-01", "Late", {"new_day": ["The new day lies after 1 September 2026, the day in force."]}),
        ("2026-09-09", "Late", {"new_day": ["The new day lies in the past."]}),
        (
            "2027-07-01",
            "Late",
            {"new_day": ["The action ends on 30 June 2027; its end moves only by amendment."]},
        ),
        ("2026-10-01", " ", {"reason": ["This field is required."]}),
        ("1/10/27x", "Late", None),
    ],
)
def test_a_day_that_cannot_be_agreed_comes_back_with_why(client, new_day, reason, wrong):
    made = a_milestone()
    client.force_login(delegate("BE"))
    errors = errors_of(post_new(client, ask_page(made), new_day=new_day, reason=reason))
    assert errors == wrong if wrong else set(errors) == {"new_day"}
    assert not Extension.objects.exists()


def test_no_later_day_is_asked_for_what_is_asked_reached_or_at_its_end(client):
    made = a_milestone()
    client.force_login(delegate("BE"))
    open_one = asked(made)
    response = client.get(ask_page(made))
    assert (response.status_code, "asked for already" in text_of(response)) == (409, True)
    open_one.take("withdraw", by=delegate("BE"))
    assert client.get(ask_page(made)).status_code == 200
    asked(made, date(2027, 6, 30)).take("agree", by=secretariat(), note="Yes")
    assert "its end moves only by amendment" in text_of(client.get(ask_page(made)))
    MilestoneReached.objects.create(milestone=made, reached_on=TODAY)
    assert "The milestone is reached." in text_of(client.get(ask_page(made)))
    draft = note(made.terms.action)
    assert client.get(ask_page(draft)).status_code == 200
    ProgressNote.objects.filter(pk=draft.pk).update(
        status="submitted", health="on_track", achieved="All", submitted_on=TODAY, first_submitted_on=TODAY
    )
    assert "The note is submitted." in text_of(client.get(ask_page(draft)))


def test_no_later_day_is_agreed_for_a_milestone_that_the_terms_have_no_longer():
    one = asked(a_milestone())
    a_milestone("Second guide")  # a new version, which says the same day once more
    assert one.why_not("agree") == ""
    terms = Action.objects.get().terms.get(status="agreed")
    put(terms, "superseded")
    put(TermsFactory(action=terms.action, version=terms.version + 1), "agreed")
    one = Extension.objects.get(pk=one.pk)
    with pytest.raises(NotAllowed, match="do not have this milestone"):
        one.take("agree", by=secretariat(), note="Yes")
    one.take("refuse", by=secretariat(), note="It is gone")
    assert Extension.objects.get(pk=one.pk).status == "refused"


def test_a_request_changes_until_it_is_answered(client):
    one = asked(a_milestone())
    client.force_login(delegate("BE", role="editor"))
    url = f"/extensions/{one.pk}/edit/"
    assert post_edit(client, url, new_day="2026-11-01").status_code == 302
    assert Extension.objects.get().new_day == date(2026, 11, 1)
    one.take("refuse", by=secretariat(), note="No")
    assert client.get(url).status_code == 409


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (lambda: delegate("BE", role="viewer"), "asked agreed refused withdrawn"),
        (secretariat, "asked agreed refused withdrawn"),
        (lambda: delegate("DE"), "agreed"),
        (committee, "agreed"),
        (lambda: third_party("NO"), ""),
    ],
)
def test_who_sees_a_request_follows_from_its_state(person, seen):
    user, subject = person(), a_milestone()
    verbs = {"agreed": "agree", "refused": "refuse", "withdrawn": "withdraw"}
    for status in ("refused", "withdrawn", "agreed", "asked"):
        one = asked(subject, date(2026, 11, 1) if status == "asked" else date(2026, 10, 1))
        if status != "asked":
            one.take(verbs[status], by=secretariat(), note="Why")
        visible = Extension.objects.visible_to(user).filter(pk=one.pk).exists()
        assert visible == (status in seen.split()), status


def test_other_people_neither_ask_nor_find_what_is_no_kind(client):
    made = a_milestone()
    for person, status in ((secretariat(), 403), (delegate("DE"), 403), (third_party("NO"), 404)):
        client.force_login(person)
        assert client.get(ask_page(made)).status_code == status
    assert client.get(f"/extensions/new/accounts.user/{made.pk}/").status_code == 404


# -- what the database refuses -----------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"new_day": date(2026, 9, 1)},
        {"reason": ""},
        {"status": "agreed"},
        {"status": "refused", "answered_on": TODAY},
        {"answer": "Yes"},
    ],
)
def test_the_database_refuses_a_request_without_what_belongs_to_its_state(fields):
    one = asked(a_milestone())
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=one.pk).update(**fields)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_one_has_asked():
    made = a_milestone()
    person, gate, refused = delegate("BE"), threading.Barrier(6), []

    def work():
        try:
            gate.wait()
            Extension.objects.ask(made, date(2026, 10, 1), "Late", by=person)
        except NotAllowed as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Extension.objects.count() == 1
    assert refused == ["A later day is asked for already, and not answered yet."] * 5


# -- reached, and how late ---------------------------------------


def test_the_lead_says_when_a_milestone_was_reached_and_its_delay_is_told(client):
    made = a_milestone()
    url = f"/plans/7/actions/1/milestones/{made.pk}/reached/"
    client.force_login(delegate("BE", role="editor"))
    assert "9 days late" in text_of(client.get(PAGE))
    assert errors_of(post_new(client, url, reached_on="2026-09-11")) == {
        "reached_on": ["This day is yet to come."]
    }
    assert post_new(client, url, reached_on="2026-09-05")["Location"] == PAGE
    for page in (PAGE, "/plans/7/actions/1/"):
        text = text_of(client.get(page))
        assert ("5 September 2026" in text, "4 days late" in text) == (True, True), page
    post_new(client, url, reached_on="2026-09-01")
    assert "days late" not in text_of(client.get("/plans/7/actions/1/"))
    post_new(client, url, reached_on="")
    assert not MilestoneReached.objects.exists()
    client.force_login(delegate("DE"))
    assert client.get(url).status_code == 403


def test_before_an_action_ends_its_lead_is_told_what_is_still_owed_and_afterwards_nothing_is_late(client):
    made = a_milestone()
    note(made.terms.action, status="draft")
    client.force_login(delegate("BE", role="submitter"))
    for page in (PAGE, "/plans/7/actions/1/"):
        assert "9 days late" in text_of(client.get(page))
    step = "/plans/7/actions/1/steps/complete/"
    said = "Milestones not reached: Guide agreed. Progress notes not handed in: January to June 2026."
    assert said in text_of(client.get(step))
    assert set(errors_of(post_new(client, step))) == {"is_meant"}
    assert post_new(client, step, is_meant="on").status_code == 302
    assert Action.objects.get().status == "completed"
    for page in (PAGE, "/plans/7/actions/1/", "/plans/7/actions/1/notes/"):
        assert "days late" not in text_of(client.get(page)), page
    assert text_of(client.get(PAGE)).count("Owed no longer") == 3  # the note of this half-year, too
    assert "Not reached" in text_of(client.get("/plans/7/actions/1/"))


def test_an_action_that_owes_nothing_ends_without_a_question(client):
    made = a_milestone()
    MilestoneReached.objects.create(milestone=made, reached_on=TODAY)
    note(made.terms.action, status="confirmed")
    client.force_login(delegate("BE", role="submitter"))
    assert post_new(client, "/plans/7/actions/1/steps/complete/").status_code == 302


def test_the_agreed_day_is_the_one_that_a_delay_counts_from(client):
    made = a_milestone()
    asked(made).take("agree", by=secretariat(), note="Yes")
    client.force_login(secretariat())
    page = text_of(client.get("/plans/7/actions/1/"))
    assert ("1 September 2026" in page, "1 October 2026" in page, "late</span>" in page) == (
        True,
        True,
        False,
    )


def test_what_was_reached_stays_reached_in_the_next_version_of_the_terms():
    made = a_milestone()
    MilestoneReached.objects.create(milestone=made, reached_on=TODAY)
    a_milestone("Second guide")
    rows = Milestone.objects.in_force().with_days().order_by("order")
    assert [(row.title, row.reached_on) for row in rows] == [("Guide agreed", TODAY), ("Second guide", None)]


def test_a_note_keeps_its_original_day_beside_the_agreed_one(client):
    draft = note(running_action())
    secretariat()
    asked(draft).take("agree", by=secretariat(), note="Yes")
    client.force_login(delegate("DE"))
    for page in (PAGE, "/plans/7/actions/1/notes/"):
        text = text_of(client.get(page))
        assert ("30 July 2026" in text, "1 October 2026" in text or "1 Oct" in text) == (True, True), page
    fresh = ProgressNote.objects.get()
    assert (fresh.original_due_on, fresh.due_in_force) == (date(2026, 7, 30), date(2026, 10, 1))


def test_the_lead_is_told_to_begin_a_note_only_while_one_is_not_begun(client):
    action = running_action()
    for person, is_told in ((delegate("DE"), False), (delegate("BE", role="editor"), True)):
        client.force_login(person)
        assert ("begin the note first" in text_of(client.get(PAGE))) == is_told
    for end in (FIRST, SECOND):
        note(action, end)
    assert "begin the note first" not in text_of(client.get(PAGE))


def test_the_history_of_a_request_tells_who_asked_and_who_agreed(client):
    one = asked(a_milestone())
    one.take("agree", by=secretariat(), note="Agreed because of the partner")
    client.force_login(secretariat())
    page = text_of(client.get(f"/history/extension/{one.pk}/"))
    for words in ("Asked for a later day", "A partner is late", "Agreed because of the partner"):
        assert words in page


@pytest.mark.parametrize("page", [PAGE, "/plans/7/actions/1/"])
def test_the_queries_do_not_grow_with_milestones_and_later_days(client, page):
    made = a_milestone()
    asked(made)
    asked(note(made.terms.action, FIRST))
    client.force_login(delegate("BE"))
    queries(client, page)
    first = queries(client, page)
    for number in range(3):
        more = a_milestone(f"Milestone {number}")
        asked(more, date(2026, 11, 1)).take("agree", by=secretariat(), note="Yes")
        asked(more, date(2026, 12, 1))
    assert queries(client, page) == first
    assert first <= 15


def test_the_history_of_the_terms_tells_when_a_milestone_was_reached(client):
    made = a_milestone()
    client.force_login(delegate("BE"))
    post_new(client, f"/plans/7/actions/1/milestones/{made.pk}/reached/", reached_on="2026-09-05")
    client.force_login(secretariat())
    page = text_of(client.get(f"/history/termsofreference/{made.terms_id}/"))
    assert "Said when it was reached" in page
    assert "5 September 2026" in page
