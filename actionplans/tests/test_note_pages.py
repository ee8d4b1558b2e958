"""The pages of progress notes, and what the pages of plans and actions say of them."""

import re
from datetime import date
from decimal import Decimal

import pytest

from accounts.tests.factories import BodyFactory, committee, delegate, secretariat
from actionplans.models import Action, IndicatorValue, ProgressNote
from actionplans.tests.factories import ActionFactory
from actionplans.tests.notes import FIRST, SECOND, STATED, THIRD, URL, note, running_action
from actionplans.tests.pages import errors_of, post_edit, post_new, queries, text_of
from strategy_portal import dates

pytestmark = pytest.mark.django_db
TODAY = date(2027, 1, 10)


@pytest.fixture(autouse=True)
def day(monkeypatch):
    """10 January 2027: two periods of the plan are over, the third has begun."""
    moment = dates.datetime(2027, 1, 10, 9, tzinfo=dates.UTC)
    monkeypatch.setattr("strategy_portal.dates.clock_offset", lambda: moment - dates.datetime.now(dates.UTC))


@pytest.fixture
def lead(client):
    person = delegate("BE")
    client.force_login(person)
    return client


def test_a_lead_writes_submits_and_reads_its_note(lead):
    BodyFactory(code="general-secretariat")
    indicator = running_action().terms.get().indicators.get()
    page = text_of(lead.get(f"{URL}2026-06-30/new/"))
    assert "Progress note on action 7.1, January to June 2026" in page
    assert "Guides in use (guides)" in page
    assert "Baseline: 3; target: 27. Empty means not stated, which is not zero." in page
    typed = {"health": "on_track", "achieved": "The **guide** is written.", f"indicator_{indicator.pk}": "0"}
    response = post_new(lead, f"{URL}2026-06-30/new/", **typed)
    assert (response.status_code, response["Location"]) == (302, f"{URL}2026-06-30/")
    made = ProgressNote.objects.get()
    assert (made.status, made.health, str(made.period)) == ("draft", "on_track", "January to June 2026")
    assert IndicatorValue.objects.get().value == Decimal(0)
    page = text_of(lead.get(f"{URL}2026-06-30/"))
    assert "Being written by the lead" in page
    assert "<strong>guide</strong>" in page
    assert '<td data-label="Value">0</td>' in page
    assert lead.post(f"{URL}2026-06-30/steps/submit/").status_code == 302
    page = text_of(lead.get(f"{URL}2026-06-30/"))
    assert "Stated by the lead" in page
    assert "Not confirmed yet" in page
    assert lead.get(f"{URL}2026-06-30/edit/").status_code == 409


def test_an_unfinished_note_is_saved_and_a_value_that_is_taken_away_is_none(lead):
    indicator = running_action().terms.get().indicators.get()
    assert post_new(lead, f"{URL}2026-06-30/new/", **{f"indicator_{indicator.pk}": "12.5"}).status_code == 302
    assert IndicatorValue.objects.get().value == Decimal("12.5")
    assert post_edit(lead, f"{URL}2026-06-30/edit/", **{f"indicator_{indicator.pk}": ""}).status_code == 302
    assert IndicatorValue.objects.get().value is None
    assert '<td data-label="Value">not stated</td>' in text_of(lead.get(f"{URL}2026-06-30/"))


def test_what_is_no_number_comes_back_with_what_was_typed(lead):
    indicator = running_action().terms.get().indicators.get()
    typed = {"achieved": "Much", "health": "well", f"indicator_{indicator.pk}": "1.234"}
    response = post_new(lead, f"{URL}2026-06-30/new/", **typed)
    assert set(errors_of(response)) == {"health", f"indicator_{indicator.pk}"}
    assert "Much" in text_of(response)
    assert not ProgressNote.objects.exists()


def test_the_note_before_stands_beside_the_form(lead):
    action = running_action()
    before = note(action, FIRST, "confirmed", achieved="Ports were visited.")
    note(action, SECOND, "draft", achieved="This one")
    for url in (f"{URL}2026-12-31/edit/", f"{URL}2027-06-30/new/"):
        page = text_of(lead.get(url))
        assert "The note before" in page, url
    page = text_of(lead.get(f"{URL}2026-12-31/edit/"))
    assert "Ports were visited." in page
    assert f'href="{before.get_absolute_url()}">January to June 2026</a>' in page


def test_the_reason_of_a_return_stands_on_top_of_note_and_form(lead):
    note(running_action(), FIRST, "returned", return_reason="Which ports?")
    for place in ("", "edit/"):
        assert "Which ports?" in text_of(lead.get(f"{URL}2026-06-30/{place}"))


@pytest.mark.parametrize(
    ("ends_on", "status"),
    [("2026-06-30", 409), ("2026-12-31", 200), ("2027-06-30", 200), ("2026-07-31", 404), ("2026-02-30", 404)],
)
def test_a_note_is_begun_once_for_each_period_of_the_plan(lead, ends_on, status):
    note(running_action())
    assert lead.get(f"{URL}{ends_on}/new/").status_code == status


def test_no_note_is_begun_on_a_period_that_is_yet_to_come(lead):
    running_action()
    Action.objects.get().plan.__class__.objects.update(starts_on=date(2026, 7, 15), ends_on=date(2028, 1, 14))
    response = lead.get(f"{URL}2027-07-14/new/")
    assert (response.status_code, "has not begun yet." in text_of(response)) == (409, True)


def test_two_who_edit_one_note_see_both_texts(lead):
    note(running_action(), **STATED)
    opened = lead.get(f"{URL}2026-06-30/edit/")
    post_edit(lead, f"{URL}2026-06-30/edit/", achieved="Theirs", health="delayed")
    mine = {"row_version": opened.context["form"].row_version, "achieved": "Mine", "health": "at_risk"}
    response = lead.post(f"{URL}2026-06-30/edit/", mine)
    assert response.status_code == 409
    assert all(words in text_of(response) for words in ("Theirs", "Mine", "Delayed", "At risk"))


def test_other_people_do_not_write(client):
    running_action()
    for person, status in ((secretariat(), 403), (delegate("DE"), 403), (delegate("BE", role="viewer"), 403)):
        client.force_login(person)
        assert client.get(f"{URL}2026-06-30/new/").status_code == status


def test_the_list_shows_each_period_and_says_where_there_is_no_note(desk):
    action = running_action()
    note(action, FIRST, "confirmed", health="delayed")
    page = text_of(desk.get(URL))
    assert "No note for July to December 2026" in page
    assert "No note for January to June 2027" in page
    assert 'href="/plans/7/actions/1/notes/2026-06-30/">January to June 2026</a>' in page
    assert "Not started" not in page
    desk.force_login(delegate("DE"))
    page = text_of(desk.get(URL))
    assert "No confirmed note for July to December 2026" in page
    assert "You see the notes that the working party has confirmed; how late a note came" in page


LISTS = (URL, "/plans/7/actions/1/dates/")
DUE = date(2027, 1, 8)  # two days before today


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize(
    ("status", "came_on", "told_to_others"),
    [
        (None, None, ""),
        ("submitted", date(2027, 1, 9), ""),
        ("submitted", date(2027, 1, 8), ""),
        ("returned", date(2027, 1, 9), ""),
        ("confirmed", date(2027, 1, 9), "1 day late"),
        ("confirmed", date(2027, 1, 8), ""),
    ],
)
def test_every_list_says_how_late_a_note_came_and_nothing_to_whom_it_is_not_shown(
    desk, url, status, came_on, told_to_others
):
    action = running_action()
    type(action.plan).objects.update(note_days=8)
    note(action, FIRST, "confirmed")
    if status:
        note(action, SECOND, status, submitted_on=came_on, first_submitted_on=came_on)
    told = "2 days late" if status in (None, "returned") else "1 day late" if came_on > DUE else ""
    for person, said in (
        (secretariat(), told),
        (delegate("BE"), told),
        (delegate("DE"), told_to_others),
        (committee(), told_to_others),
    ):
        desk.force_login(person)
        page = text_of(desk.get(url))
        assert re.findall(r"[0-9]+ days? late", page) == ([said] if said else []), (person, url)


def test_a_returned_note_is_owed_again_on_every_page_and_keeps_its_first_day_once_it_came_again(desk):
    action = running_action()
    type(action.plan).objects.update(note_days=8)
    note(action, FIRST, "confirmed")
    made = note(action, SECOND, "returned", first_submitted_on=DUE)
    pages = (*LISTS, f"{URL}2026-12-31/", "/deadlines/", "/presidency/")

    def late():
        return [
            "2 days late" in page or ">Late<" in page for page in (text_of(desk.get(url)) for url in pages)
        ]

    assert late() == [True] * 5
    assert "8 January 2027, returned since" in text_of(desk.get(LISTS[1]))
    made.take("submit", by=delegate("BE"))
    assert late() == [False] * 5


def test_that_a_note_is_there_is_not_told_by_its_days(desk):
    def told():
        return [text_of(desk.get(url)).partition("<main")[2].partition("</main>")[0] for url in LISTS]

    action = running_action()
    desk.force_login(delegate("DE"))
    before = told()
    assert "Not confirmed yet" in before[1]
    note(action, SECOND, "submitted", first_submitted_on=date(2027, 1, 9))
    assert told() == before


def test_the_page_of_a_note_says_how_late_it_came_also_when_it_came_again(desk):
    action = running_action()
    note(action, SECOND, "submitted", first_submitted_on=date(2027, 1, 31), submitted_on=date(2027, 2, 20))
    assert "1 day late" in text_of(desk.get(f"{URL}2026-12-31/"))


def test_a_note_that_comes_before_its_period_is_over_is_asked_back_and_taken(lead):
    BodyFactory(code="general-secretariat")
    action = running_action()
    for ends_on, is_asked in ((SECOND, False), (THIRD, True)):
        note(action, ends_on, **STATED)
        page = text_of(lead.get(f"{URL}{ends_on}/steps/submit/"))
        assert ("What happens until then would not be in the note." in page) == is_asked
    assert "The period ends on 30 June 2027." in page
    step = f"{URL}{THIRD}/steps/submit/"
    asked = lead.post(step)
    assert asked.status_code == 422
    assert "The period ends on 30 June 2027." in text_of(asked)
    assert ProgressNote.objects.get(period_ends_on=THIRD).status == "draft"
    assert lead.post(step, {"is_meant": "on"}).status_code == 302
    assert ProgressNote.objects.get(period_ends_on=THIRD).status == "submitted"


def test_plan_and_action_show_stated_and_confirmed_health_apart(desk):
    action = running_action()
    note(action, FIRST, "confirmed", health="delayed")
    note(action, SECOND, "submitted", health="at_risk")
    page = text_of(desk.get("/plans/7/actions/1/"))
    assert (
        page.index("Stated by the lead")
        < page.index("At risk")
        < page.index("Confirmed by the working party")
    )
    assert page.index("Confirmed by the working party") < page.index("Delayed")
    page = text_of(desk.get("/plans/7/"))
    assert page.index("Stated:") < page.index("At risk") < page.index("Confirmed:") < page.index("Delayed")
    desk.force_login(delegate("DE"))
    for url in ("/plans/7/", "/plans/7/actions/1/"):
        page = text_of(desk.get(url))
        assert "At risk" not in page
        assert "No confirmed note for July to December 2026" in page


def test_no_note_says_nothing_about_the_action(desk):
    running_action()
    for url in ("/plans/7/", "/plans/7/actions/1/"):
        page = text_of(desk.get(url))
        assert "No note for July to December 2026" in page
        assert "In progress" in page
        assert "Not started" not in page


def test_the_lead_is_led_to_the_note_that_it_owes(lead):
    action = running_action()
    note(action, FIRST, "submitted")
    page = text_of(lead.get("/plans/7/actions/1/"))
    assert (
        'href="/plans/7/actions/1/notes/2026-12-31/new/">Write the note on July to December 2026</a>' in page
    )
    note(action, SECOND)
    page = text_of(lead.get("/plans/7/actions/1/"))
    assert 'href="/plans/7/actions/1/notes/2026-12-31/edit/">Go on with the note on July' in page


def test_the_history_of_a_note_shows_its_values_and_reasons(desk):
    made = note(running_action(), FIRST, "submitted")
    IndicatorValue.objects.create(note=made, indicator=made.action.terms.get().indicators.get(), value=5)
    desk.post(f"{URL}2026-06-30/steps/return_to_lead/", {"reason": "Which ports?"})
    page = text_of(desk.get(f"/history/progressnote/{made.pk}/"))
    for words in ("Returned to the lead", "Which ports?", "Guides in use", "On track"):
        assert words in page


# -- the plan says how often and how soon ------------------------


def test_the_plan_says_how_often_notes_are_written_and_when_they_are_due(desk):
    running_action()
    assert "Every 6 months, due within 30 days" in text_of(desk.get("/plans/7/"))
    begins = date(2027, 7, 1)
    typed = {"number": "8", "starts_on": begins.isoformat(), "note_months": "3", "note_days": "0"}
    assert post_new(desk, "/plans/new/", **typed).status_code == 302
    assert "Every 3 months, due within 0 days" in text_of(desk.get("/plans/8/"))
    assert post_edit(desk, "/plans/8/edit/", note_months="", note_days="").status_code == 302
    assert "Every 6 months, due within 30 days" in text_of(desk.get("/plans/8/"))
    response = post_edit(desk, "/plans/8/edit/", note_months="0")
    assert errors_of(response) == {"note_months": ["This must be at least 1."]}


# -- queries -----------------------------------------------------


@pytest.mark.parametrize("place", ["", "notes/", "notes/2026-12-31/", "notes/2026-12-31/edit/"])
def test_the_queries_of_an_action_do_not_grow_with_its_notes(lead, place):
    action = running_action()
    note(action, FIRST, "submitted")
    second = note(action, SECOND, "returned")
    url = f"/plans/7/actions/1/{place}"
    queries(lead, url)
    first = queries(lead, url)
    terms = action.terms.get()
    for made in (second, note(action, THIRD)):
        IndicatorValue.objects.create(note=made, indicator=terms.indicators.get(), value=1)
    assert queries(lead, url) == first
    assert first <= 15


def test_the_queries_of_a_plan_do_not_grow_with_notes(desk):
    action = running_action()
    note(action, FIRST, "confirmed")
    queries(desk, "/plans/7/")
    first = queries(desk, "/plans/7/")
    for _n in range(3):
        other = ActionFactory(plan=action.plan, status="in_progress")
        for ends_on in (FIRST, SECOND, THIRD):
            note(other, ends_on, "submitted")
    assert queries(desk, "/plans/7/") == first
    assert first <= 15
