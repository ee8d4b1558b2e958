"""Edits by two people: a stale save gets both texts and a choice, and loses neither."""

import re
import threading
from datetime import date
from html import unescape

import lxml.html
import pytest
from django.db import connection
from django.test import Client

from accounts.tests.factories import DelegationFactory, delegate, secretariat
from actionplans.models import Action, ActionParticipant
from tests.editing_rows import an_action, objectives

pytestmark = [pytest.mark.urls("tests.editing_pages"), pytest.mark.django_db]


@pytest.fixture
def action():
    return an_action()


@pytest.fixture
def person(client):
    user = secretariat(name="Anna Andersen")
    client.force_login(user)
    return user


def address(action):
    return f"/editing/actions/{action.pk}/"


def opened(client, action):
    """What a browser would send back unchanged."""
    response = client.get(address(action))
    assert response.status_code == 200
    return sent(response)


def sent(response):
    """The fields of the page's form as a browser sends them, for pages with inputs, areas and lists."""
    form = response.context["form"]
    lines = response.context["formsets"]["parts"]
    data = {"row_version": form.row_version}
    for bound in [*form, *lines.management_form, *(b for line in lines for b in line)]:
        value = bound.value()
        if bound.name != "row_version" and value is not None and value is not False and value != []:
            data[bound.html_name] = value
    return data


def choices(response, **taken):
    """The conflict page's form, with a choice for each named field (the page's own choice for the others)."""
    data = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', response.text):
        if name != "csrfmiddlewaretoken":
            data.setdefault(name, []).append(unescape(value))
    data |= dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" id="[^"]*" checked', response.text))
    for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n([^<]*)</textarea>', response.text):
        data[name] = unescape(text)
    for name, value in taken.items():
        data[f"take-{name}"] = value
    return data


def saved_by_another(action, data, **changes):
    """Somebody else saves the page that both have opened."""
    other = Client()
    other.force_login(secretariat(name="Bruno Belmonte"))
    assert other.post(address(action), data | changes).status_code == 302


def test_an_edit_is_saved_with_its_many_to_many_choices(client, person, action):
    response = client.post(
        address(action),
        opened(client, action)
        | {"title": "Tightly focused operations", "objectives": objectives("A.MS.b", "A.MS.c")},
    )
    assert (response.status_code, response["Location"]) == (302, address(action))
    action.refresh_from_db()
    assert action.title == "Tightly focused operations"
    assert sorted(o.code for o in action.objectives.all()) == ["A.MS.b", "A.MS.c"]


def test_what_is_not_changed_is_not_written(client, person, action):
    data = opened(client, action)
    event_model = Action._meta.apps.get_model("actionplans", "ActionEvent")
    before = event_model.objects.count()
    assert client.post(address(action), data).status_code == 302
    assert event_model.objects.count() == before


def test_a_stale_save_is_answered_with_both_texts_and_saves_nothing(client, person, action):
    data = opened(client, action)
    saved_by_another(action, data, summary="Bruno's text\nof two lines")
    response = client.post(address(action), data | {"summary": "Anna's text"})
    assert response.status_code == 409
    columns = lxml.html.fromstring(response.text).xpath("//div[@class='compare']/div/div")
    for hint in [hint for column in columns for hint in column.find_class("visually-hidden")]:
        hint.drop_tree()
    assert [column.text_content().strip() for column in columns] == [
        "Anna's text",
        "Bruno's textof two lines",
    ]
    assert "Bruno&#x27;s text\nof two lines" in response.text
    assert "Bruno Belmonte saved this on" in response.text
    action.refresh_from_db()
    assert action.summary == "Bruno's text\nof two lines"


def test_the_choice_is_asked_only_where_both_have_written(client, person, action):
    data = opened(client, action)
    saved_by_another(action, data, summary="Bruno's text", starts_on="2027-02-01")
    response = client.post(address(action), data | {"summary": "Anna's text", "ends_on": "2027-03-01"})
    offered = {e.name: e.preferred for e in response.context["conflict"].entries}
    assert offered == {"summary": "", "starts_on": "saved", "ends_on": "mine"}


@pytest.mark.parametrize(
    ("choice", "result"), [("mine", "Anna's text"), ("saved", "Bruno's text"), ("merged", "Both texts")]
)
def test_each_choice_is_saved(client, person, action, choice, result):
    data = opened(client, action)
    saved_by_another(action, data, summary="Bruno's text", starts_on="2027-02-01")
    response = client.post(address(action), data | {"summary": "Anna's text", "ends_on": "2027-03-01"})
    again = choices(response, summary=choice) | {"summary": "Both texts"}
    assert client.post(address(action), again).status_code == 302
    action.refresh_from_db()
    assert (action.summary, action.starts_on, action.ends_on) == (result, date(2027, 2, 1), date(2027, 3, 1))
    assert [o.code for o in action.objectives.all()] == ["A.MS.a"]


def test_without_a_choice_the_page_comes_back_with_the_merged_text_kept(client, person, action):
    data = opened(client, action)
    saved_by_another(action, data, summary="Bruno's text")
    response = client.post(address(action), data | {"summary": "Anna's text"})
    response = client.post(address(action), choices(response) | {"summary": "Both texts"})
    assert response.status_code == 409
    assert "Choose a text for “Summary”" in response.text
    assert ("Both texts" in response.text, "Bruno&#x27;s text" in response.text) == (True, True)
    client.post(address(action), choices(response, summary="merged"))
    action.refresh_from_db()
    assert action.summary == "Both texts"


def test_a_third_save_between_conflict_and_choice_is_a_new_conflict(client, person, action):
    data = opened(client, action)
    saved_by_another(action, data, summary="Second text")
    response = client.post(address(action), data | {"summary": "First text"})
    saved_by_another(action, opened(client, action), summary="Third text")
    response = client.post(address(action), choices(response, summary="mine"))
    assert response.status_code == 409
    (entry,) = response.context["conflict"].entries
    assert (entry.mine, entry.saved) == ("First text", "Third text")


def test_many_to_many_choices_conflict_too(client, person, action):
    data = opened(client, action)
    saved_by_another(action, data, objectives=objectives("A.MS.b"))
    response = client.post(address(action), data | {"objectives": objectives("A.MS.a", "A.MS.c")})
    assert response.status_code == 409
    (entry,) = response.context["conflict"].entries
    assert (entry.mine, entry.saved) == ("A.MS.a\nA.MS.c", "A.MS.b")
    client.post(address(action), choices(response, objectives="mine"))
    assert sorted(o.code for o in action.objectives.all()) == ["A.MS.a", "A.MS.c"]


def test_what_the_form_does_not_edit_is_no_conflict(client, person, action):
    data = opened(client, action)
    Action.objects.update(number=5)
    assert client.post(address(action), data | {"title": "Another title"}).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.number) == ("Another title", 5)


def test_the_same_edit_pressed_twice_is_saved_once_and_answered_alike(client, person, action):
    data = opened(client, action) | {"title": "Another title"}
    answers = [client.post(address(action), data) for _ in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, address(action))] * 2


@pytest.mark.parametrize("version", [None, "", "nonsense", "title=0;summary=", "a=" * 5000, "\x00"])
def test_a_page_without_a_proper_version_counts_as_stale(client, person, action, version):
    data = opened(client, action) | {"title": "Another title"}
    data.pop("row_version")
    response = client.post(address(action), data if version is None else data | {"row_version": version})
    assert response.status_code == 409
    (entry,) = response.context["conflict"].entries
    assert (entry.mine, entry.saved, entry.preferred) == ("Another title", "Smaller operations", "")


def test_a_wrong_edit_comes_back_with_what_was_typed_and_its_version(client, person, action):
    data = opened(client, action)
    response = client.post(address(action), data | {"ends_on": "1/2/26", "summary": "Kept"})
    assert response.status_code == 422
    assert "Write the year with four digits, as in 27/11/2026." in response.text
    assert ('type="text" name="ends_on" value="1/2/26"' in response.text, "Kept" in response.text) == (
        True,
        True,
    )
    assert response.context["form"].row_version == data["row_version"]


def test_a_constraint_is_told_at_the_form(client, person, action):
    data = opened(client, action) | {"starts_on": "2027-05-01", "ends_on": "2027-04-01"}
    response = client.post(address(action), data)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["An action ends on or after the day it begins."]


def test_a_record_locked_meanwhile_keeps_nothing_but_shows_what_was_typed(client, person, action):
    data = opened(client, action)
    action.plan.move("table", by=person)
    response = client.post(address(action), data | {"summary": "Typed in vain"})
    assert response.status_code == 409
    assert "The plan is tabled. Return it to draft to change it." in response.text
    assert "Typed in vain" in response.text
    assert client.get(address(action)).status_code == 409
    action.refresh_from_db()
    assert action.summary == "As it was"


def test_a_stranger_finds_nothing_and_a_reader_may_not_save(client, action):
    client.force_login(delegate("FR"))
    assert client.get(address(action)).status_code == 404
    client.force_login(delegate("BE", role="viewer"))
    assert (client.get(address(action)).status_code, client.post(address(action), {}).status_code) == (
        403,
        403,
    )


def with_parts(action):
    for code in ("FR", "IT"):
        ActionParticipant.objects.create(action=action, delegation=DelegationFactory(code=code))
    return {p.delegation.code: p for p in action.parts.select_related("delegation")}


def test_lines_are_saved_with_their_row(client, person, action):
    parts = with_parts(action)
    data = opened(client, action)
    assert (data["parts-TOTAL_FORMS"], data["parts-INITIAL_FORMS"]) == (3, 2)
    data |= {
        "parts-0-role": "co_lead",
        "parts-1-DELETE": "on",
        "parts-2-delegation": DelegationFactory(code="ES").pk,
    }
    assert client.post(address(action), data).status_code == 302
    assert {p.delegation.code: p.role for p in action.parts.all()} == {"FR": "co_lead", "ES": "participant"}
    assert parts["FR"].pk in action.parts.values_list("pk", flat=True)


def test_lines_that_two_people_changed_are_put_together(client, person, action):
    with_parts(action)
    data = opened(client, action)
    saved_by_another(
        action, data, **{"parts-0-role": "co_lead", "parts-1-DELETE": "on", "parts-2-delegation": pk_of("ES")}
    )
    mine = {"parts-0-delegation": pk_of("DE"), "parts-1-role": "co_lead", "parts-2-delegation": pk_of("PL")}
    response = client.post(address(action), data | mine)
    assert response.status_code == 409
    notes = {line.note for line in response.context["conflict"].lines}
    assert notes == {
        "",
        "Added by the other save; it stays.",
        "Removed by the other save; saving adds it again.",
    }
    entries = {e.label: e.name for line in response.context["conflict"].lines for e in line.entries}
    again = choices(response, **{entries["Delegation"]: "mine", entries["Role"]: "saved"})
    assert client.post(address(action), again).status_code == 302
    assert {p.delegation.code: p.role for p in action.parts.all()} == {
        "DE": "co_lead", "ES": "participant", "IT": "co_lead", "PL": "participant",
    }  # fmt: skip


def pk_of(code):
    return DelegationFactory(code=code).pk


@pytest.mark.parametrize(
    "forged",
    [
        {"parts-TOTAL_FORMS": "1000000"},
        {"parts-TOTAL_FORMS": "-1"},
        {"parts-TOTAL_FORMS": "abc"},
        {"parts-TOTAL_FORMS": ""},
        {"parts-TOTAL_FORMS": "9" * 30},
        {"parts-INITIAL_FORMS": "5", "parts-TOTAL_FORMS": "5", "parts-4-id": "999999", "parts-3-id": "abc"},
        {"parts-2-id": "1", "parts-2-delegation": "0"},
        {"parts-0-id": "9" * 30},
        {"parts-0-id": ""},
    ],
)
def test_forged_lines_are_refused_without_a_crash(client, person, action, forged):
    with_parts(action)
    response = client.post(address(action), opened(client, action) | {"title": "Another title"} | forged)
    assert response.status_code == 422
    said = lxml.html.fromstring(response.content).text_content()
    assert not re.search(r"_FORMS|Hidden field|\bcounts\b", said)
    action.refresh_from_db()
    assert (action.title, action.parts.count()) == ("Smaller operations", 2)


def test_a_count_that_is_too_large_adds_no_line_to_a_conflict(client, person, action):
    with_parts(action)
    data = opened(client, action)
    client.post(address(action), data | {"title": "Theirs", "parts-0-role": "participant"})
    response = client.post(address(action), data | {"title": "Mine", "parts-TOTAL_FORMS": "1000000"})
    assert response.status_code == 409
    titles = [line.title for line in response.context["conflict"].lines]
    assert "A new line" not in titles


@pytest.mark.django_db(transaction=True)
def test_of_racing_edits_one_is_saved_and_the_others_see_both_texts(client):
    action, user = an_action(), secretariat()
    client.force_login(user)
    data = opened(client, action)
    start = threading.Barrier(8)
    answers = []

    def press(n):
        mine = Client()
        mine.force_login(user)
        start.wait()
        try:
            answers.append(
                (mine.post(address(action), data | {"title": f"Title {n}"}).status_code, f"Title {n}")
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    action.refresh_from_db()
    assert sorted(status for status, _ in answers) == [302] + [409] * 7
    assert [title for status, title in answers if status == 302] == [action.title]


LONG = "The first paragraph.\n\nThe second paragraph.\n\nThe third paragraph."


def test_changes_of_different_paragraphs_are_proposed_as_one_text(client, person):
    action = an_action(summary=LONG)
    data = opened(client, action)
    saved_by_another(action, data, summary=LONG.replace("third", "last"))
    mine = LONG.replace("first", "opening").replace("\n", "\r\n")
    response = client.post(address(action), data | {"summary": mine})
    assert response.status_code == 409
    assert [(e.name, e.preferred) for e in response.context["conflict"].entries] == [("summary", "merged")]
    assert client.post(address(action), choices(response)).status_code == 302
    action.refresh_from_db()
    assert action.summary == LONG.replace("first", "opening").replace("third", "last")


def test_changes_of_different_words_of_one_paragraph_are_proposed_as_one_text(client, person):
    action = an_action(summary="Smaller operations find more cigarettes")
    data = opened(client, action)
    saved_by_another(action, data, summary="Smaller operations find more tobacco")
    response = client.post(address(action), data | {"summary": "Short operations find more cigarettes"})
    assert "Take this text, made of both" in response.text
    assert client.post(address(action), choices(response)).status_code == 302
    action.refresh_from_db()
    assert action.summary == "Short operations find more tobacco"


def test_without_the_text_that_was_opened_no_text_is_called_made_of_both(client, person):
    action = an_action(summary="Smaller operations find more cigarettes")
    data = opened(client, action)
    saved_by_another(action, data, summary="Smaller operations find more tobacco")
    with connection.cursor() as cursor:
        cursor.execute("truncate actionplans_actionevent cascade")
    response = client.post(address(action), data | {"summary": "Short operations find more cigarettes"})
    assert [(e.name, e.preferred) for e in response.context["conflict"].entries] == [("summary", "")]
    assert ("made of both" in response.text, "Write it yourself" in response.text) == (False, True)


def test_the_words_that_only_one_text_has_are_marked_and_what_is_sent_is_the_text_alone(client, person):
    action = an_action(summary="Smaller operations")
    data = opened(client, action)
    saved_by_another(action, data, summary="Larger operations")
    response = client.post(address(action), data | {"summary": "Short <operations>"})
    marks = re.findall(r"<mark[^>]*><span[^>]*> only here: </span>(.*?)<span", response.text)
    assert marks == ["Short &lt;", "&gt;", "Larger "]
    assert choices(response)["mine-summary"] == ["Short <operations>"]
    assert choices(response)["saved-summary"] == ["Larger operations"]


def test_changes_of_the_same_words_are_left_to_the_writer(client, person):
    action = an_action(summary=LONG)
    data = opened(client, action)
    saved_by_another(action, data, summary=LONG.replace("third", "last"))
    response = client.post(address(action), data | {"summary": LONG.replace("third", "closing")})
    assert [(e.name, e.preferred) for e in response.context["conflict"].entries] == [("summary", "")]
