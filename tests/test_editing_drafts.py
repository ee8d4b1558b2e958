"""Drafts: what was typed and not saved is found again, by its writer alone, until it is saved or discarded."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import PASSWORD, delegate, secretariat
from actionplans.models import Action
from council.models import Meeting
from editing import drafts
from editing.models import Draft
from editing.tasks import sweep_drafts
from strategy_portal.dates import now
from tests.editing_rows import a_plan, an_action, objectives
from tests.test_editing_edit import choices, opened, saved_by_another, sent

pytestmark = [pytest.mark.urls("tests.editing_pages"), pytest.mark.django_db]
SAVE = "/editing/drafts/save/"


@pytest.fixture
def action():
    return an_action()


@pytest.fixture
def address(action):
    return f"/editing/actions/{action.pk}/"


@pytest.fixture
def person(client):
    user = secretariat(name="Anna Andersen", password=PASSWORD)
    client.force_login(user)
    return user


def another_machine(user, **options):
    client = Client(**options)
    client.force_login(user)
    return client


def kept(client, action, **typed):
    """A draft as the script keeps it while somebody types into the action's form."""
    response = client.post(SAVE, opened(client, action) | typed)
    assert response.status_code == 200
    return Draft.objects.latest("pk")


def test_what_is_typed_is_kept_and_the_time_is_told(client, person, action, address):
    response = client.post(SAVE, opened(client, action) | {"summary": "Half a sen"})
    draft = Draft.objects.get()
    assert response.json() == {
        "time": now().astimezone().strftime("%H:%M"),
        "url": f"{address}?draft={draft.pk}",
        "address": address,
    }
    assert (draft.user, draft.address, draft.title) == (person, address, "Action")
    assert draft.fields["summary"] == ["Half a sen"]
    assert set(draft.fields) & {"row_version", "form_page", "csrfmiddlewaretoken", "idempotency_key"} == set()
    action.refresh_from_db()
    assert action.summary == "As it was"


def test_typing_on_writes_over_the_draft_of_the_same_page_only(client, person, action):
    page, other = opened(client, action), opened(client, action)
    for text in ("One", "One two"):
        client.post(SAVE, page | {"summary": text})
    client.post(SAVE, other | {"summary": "In another window"})
    assert sorted(d.fields["summary"][0] for d in Draft.objects.all()) == ["In another window", "One two"]


def test_a_draft_is_offered_on_another_machine_and_fills_in_the_form(client, person, action, address):
    draft = kept(client, action, summary="Typed at the office", ends_on="no day at all")
    laptop = another_machine(person)
    assert laptop.get(address).context["kept_drafts"] == [draft]
    page = laptop.get(draft.continue_url)
    assert (page.status_code, page.context["kept_drafts"]) == (200, [])
    assert "Typed at the office" in page.text
    assert 'name="ends_on" value="no day at all"' in page.text
    assert "error-summary" not in page.text
    assert page.context["form"].row_version == draft.row_version


def test_saving_the_draft_saves_the_record_and_ends_the_draft(client, person, action, address):
    draft = kept(client, action, summary="Typed at the office")
    laptop = another_machine(person)
    assert laptop.post(address, sent(laptop.get(draft.continue_url))).status_code == 302
    action.refresh_from_db()
    assert action.summary == "Typed at the office"
    assert not Draft.objects.visible_to(person).exists()
    assert laptop.get(address).context["kept_drafts"] == []


def test_a_draft_that_arrives_after_the_form_was_saved_is_not_kept(client, person, action, address):
    data = opened(client, action) | {"summary": "Saved"}
    assert client.post(address, data).status_code == 302
    response = client.post(SAVE, data)
    assert (response.status_code, response.json()) == (422, {"why": "Not saved: This form is saved already."})
    assert not Draft.objects.visible_to(person).exists()


def test_a_draft_of_a_record_changed_meanwhile_leads_to_both_texts(client, person, action, address):
    draft = kept(client, action, summary="Anna's draft")
    saved_by_another(action, opened(client, action), summary="Bruno's text")
    response = client.post(address, sent(client.get(draft.continue_url)))
    assert response.status_code == 409
    (entry,) = response.context["conflict"].entries
    assert (entry.mine, entry.saved) == ("Anna's draft", "Bruno's text")
    assert client.post(address, choices(response, summary="mine")).status_code == 302
    assert not Draft.objects.visible_to(person).exists()


def test_a_draft_that_says_what_is_saved_is_not_offered(client, person, action, address):
    kept(client, action)
    assert client.get(address).context["kept_drafts"] == []


def test_a_form_that_came_back_wrong_goes_on_with_the_same_draft(client, person, action, address):
    data = opened(client, action)
    client.post(SAVE, data | {"summary": "Typed"})
    response = client.post(address, data | {"summary": "Typed on", "ends_on": "1/2/26"})
    assert response.status_code == 422
    assert 'data-typed="1"' in response.text
    client.post(SAVE, sent(response))
    assert [d.fields["summary"] for d in Draft.objects.all()] == [["Typed on"]]
    assert client.post(address, sent(response) | {"ends_on": ""}).status_code == 302
    assert not Draft.objects.visible_to(person).exists()


def test_a_new_record_is_kept_as_a_draft_too_and_created_once(client, person):
    address = f"/editing/plans/{a_plan().pk}/actions/new/"
    form = client.get(address).context["form"]
    data = {"form_page": form["form_page"].value(), "title": "New", "summary": "Half"}
    data["objectives"] = objectives("A.MS.a")
    client.post(SAVE, data)
    (draft,) = client.get(address).context["kept_drafts"]
    page = client.get(draft.continue_url)
    fresh = {name: page.context["form"][name].value() for name in ("idempotency_key", "form_page")}
    assert client.post(address, data | fresh).status_code == 302
    assert (Action.objects.get().summary, Draft.objects.visible_to(person).count()) == ("Half", 0)


def test_discarding_is_asked_for_by_a_button_and_leads_back(client, person, action, address):
    draft = kept(client, action, summary="Typed")
    discard = reverse("editing:draft_discard", args=[draft.pk])
    assert client.get(discard).status_code == 405
    assert client.post(discard)["Location"] == address
    assert not Draft.objects.exists()
    assert client.post(discard).status_code == 404


def test_nobody_else_finds_a_draft(client, person, action, address):
    draft = kept(client, action, summary="Mine")
    note = drafts.signed(drafts.FormPage(person.pk, address, draft.page, "Action"))
    for stranger in (secretariat(name="Bruno Belmonte"), delegate("BE")):
        other = another_machine(stranger)
        assert other.get(draft.get_absolute_url()).status_code == 404
        assert other.get(draft.continue_url).status_code in (403, 404)
        assert other.post(reverse("editing:draft_discard", args=[draft.pk])).status_code == 404
        assert other.post(SAVE, {"form_page": note, "summary": "Forged"}).status_code == 404
        assert other.get(reverse("editing:draft_list")).context["page_obj"].object_list.count() == 0
    draft.refresh_from_db()
    assert draft.fields["summary"] == ["Mine"]


@pytest.mark.parametrize("wanted", ["", "0", "abc", "9" * 30, "²", "-1"])
def test_a_draft_that_does_not_exist_is_not_found(client, person, address, wanted):
    assert client.get(f"{address}?draft={wanted}").status_code == 404


def test_a_draft_of_another_form_is_not_found(client, person, action, address):
    draft = kept(client, action, summary="Mine")
    assert client.get(f"/editing/plans/{action.plan.pk}/rename/?draft={draft.pk}").status_code == 404


@pytest.mark.parametrize("note", [None, "", "forged", "\x00", "x" * 10_000])
def test_what_comes_without_the_note_of_a_page_is_not_found(client, person, note):
    assert client.post(SAVE, {} if note is None else {"form_page": note}).status_code == 404


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x" * 500_001, "Not saved: This is too long to be kept as a draft. Save the form, or shorten it."),
        ("a\0b", "Not saved: This holds a control character (U+0000) that cannot be stored. Delete it."),
    ],
)
def test_a_text_that_cannot_be_kept_says_so(client, person, action, text, why):
    response = client.post(SAVE, opened(client, action) | {"summary": text})
    assert (response.status_code, response.json()) == (422, {"why": why})
    assert not Draft.objects.exists()


def test_of_many_windows_the_oldest_gives_way(client, person, action):
    for n in range(12):
        kept(client, action, summary=f"Window {n}")
    assert sorted(int(d.fields["summary"][0].split()[1]) for d in Draft.objects.all()) == list(range(2, 12))


def test_a_post_after_the_session_has_expired_loses_nothing(client, person, action, address):
    data = opened(client, action) | {"summary": "Mid-sentence"}
    client.session.flush()
    response = client.post(address, data)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={address}")
    page = client.get(response["Location"])
    assert "What you typed is kept: sign in to go on with it." in page.text
    response = client.post(response["Location"], {"login": person.email, "password": PASSWORD})
    assert response["Location"] == address
    (draft,) = client.get(address).context["kept_drafts"]
    assert client.post(address, sent(client.get(draft.continue_url))).status_code == 302
    action.refresh_from_db()
    assert action.summary == "Mid-sentence"


def test_a_draft_kept_by_script_after_the_session_has_expired_is_kept_too(client, person, action, address):
    data = opened(client, action) | {"summary": "Mid-sentence"}
    client.session.flush()
    response = client.post(SAVE, data)
    assert (response.status_code, response.json()["is_signed_out"]) == (200, True)
    assert Draft.objects.get().fields["summary"] == ["Mid-sentence"]


def test_who_signs_in_instead_is_not_offered_the_text(client, person, action, address):
    data = opened(client, action) | {"summary": "Anna's own"}
    client.session.flush()
    client.post(address, data)
    client.force_login(secretariat(name="Bruno Belmonte"))
    page = client.get(address)
    assert (page.context["kept_drafts"], "Anna&#x27;s own" in page.text) == ([], False)


def test_a_form_whose_token_has_expired_keeps_the_text_and_says_so(person, action, address):
    client = another_machine(person, enforce_csrf_checks=True)
    response = client.post(address, opened(client, action) | {"summary": "Typed long ago"})
    assert response.status_code == 403
    assert "what you typed is kept as a draft" in response.text
    assert "<h1>This form has expired</h1>" in response.text
    assert f'href="{address}">Open the form again' in response.text
    assert Draft.objects.get().fields["summary"] == ["Typed long ago"]


def test_what_is_typed_into_a_record_that_is_deleted_meanwhile_is_kept(client, person, action, address):
    data = opened(client, action) | {"summary": "Typed all morning"}
    action.take_out()
    response = client.post(address, data)
    draft = Draft.objects.get()
    assert (response.status_code, f'href="{draft.get_absolute_url()}"' in response.text) == (404, True)
    assert "Typed all morning" in client.get(draft.get_absolute_url()).text
    assert "kept as a draft" not in client.get(address).text


def test_what_is_typed_by_somebody_whose_right_ends_meanwhile_is_kept(client, action, address, monkeypatch):
    user = delegate("BE", role="editor")
    client.force_login(user)
    data = opened(client, action) | {"summary": "Typed all morning"}
    monkeypatch.setattr(type(user), "has_perm", lambda *_args: False)
    response = client.post(address, data)
    draft = Draft.objects.get()
    assert (response.status_code, f'href="{draft.get_absolute_url()}"' in response.text) == (403, True)
    assert draft.fields["summary"] == ["Typed all morning"]


def test_nobody_is_told_of_what_another_typed(client, person, action, address):
    data = opened(client, action)
    action.take_out()
    client.force_login(secretariat(name="Bruno Belmonte"))
    response = client.post(address, data)
    assert (response.status_code, "kept as a draft" in response.text) == (404, False)


def test_nothing_is_kept_for_an_account_that_is_closed(client, person, action, address):
    data = opened(client, action)
    client.session.flush()
    get_user_model().objects.update(is_active=False)
    assert client.post(address, data | {"summary": "Typed"}).status_code == 302
    assert not Draft.objects.exists()


def test_a_note_is_good_for_a_week_only(client, person, action, monkeypatch):
    data = opened(client, action)
    monkeypatch.setattr(drafts, "PAGE_IS_GOOD_FOR", timedelta(0))
    assert client.post(SAVE, data).status_code == 404


def test_an_undecided_merge_is_kept_and_asked_again(client, person, action, address):
    data = opened(client, action)
    saved_by_another(action, data, summary="Bruno's text")
    response = client.post(address, data | {"summary": "Anna's text"})
    client.post(SAVE, choices(response) | {"summary": "Both texts"})
    draft = Draft.objects.get()
    assert (draft.fields["summary"], draft.row_version) == (["Both texts"], "")
    response = client.post(address, sent(client.get(draft.continue_url)))
    assert response.status_code == 409
    assert [(e.mine, e.saved) for e in response.context["conflict"].entries] == [
        ("Both texts", "Bruno's text")
    ]


def test_old_drafts_and_what_saved_forms_left_are_swept(client, person, action, address):
    ages = {"old": timedelta(days=91), "young": timedelta(days=89)}
    for name, age in ages.items():
        Draft.objects.create(user=person, address=address, page=name, saved_at=now() - age)
    for name, age in {"settled long ago": timedelta(days=2), "just settled": timedelta(hours=1)}.items():
        Draft.objects.create(user=person, address=address, page=name, settled_at=now() - age)
    sweep_drafts()
    assert sorted(Draft.objects.values_list("page", flat=True)) == ["just settled", "young"]


def test_drafts_leave_no_history(client, person, action):
    event_model = Action._meta.apps.get_model("actionplans", "ActionEvent")
    before = event_model.objects.count()
    kept(client, action, summary="Typed")
    assert event_model.objects.count() == before


def test_a_form_without_a_long_text_keeps_no_draft(client, person):
    page = client.get("/editing/meetings/new/")
    assert ("form_page" in page.context["form"].fields, "keeps_drafts" in page.context) == (False, False)
    assert Meeting.objects.count() == 0


def test_a_draft_can_be_read_when_its_form_is_gone(client, person, action, address):
    draft = kept(client, action, summary="Typed\nin vain")
    action.delete()
    assert client.get(draft.continue_url).status_code == 404
    page = client.get(draft.get_absolute_url())
    assert ("Typed<br>in vain" in page.text, page.status_code) == (True, 200)
    assert [str(d) for d in client.get("/editing/drafts/").context["page_obj"]] == ["Action"]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_drafts_asks_the_same_number_of_questions(
    client, person, address, django_assert_num_queries, count
):
    client.get("/editing/drafts/")
    for n in range(count):
        Draft.objects.create(user=person, address=address, page=str(n), title=f"Form {n}")
    with django_assert_num_queries(9):
        client.get("/editing/drafts/")


def test_a_preview_saves_nothing_and_shows_the_text_as_its_page_will(client, person, action, address):
    data = opened(client, action) | {"summary": "**Bold** <b>", "ends_on": "no day", "title": ""}
    response = client.post(address, data | {"preview": "1"})
    assert response.status_code == 200
    assert "<p><strong>Bold</strong> &lt;b&gt;</p>" in response.text
    assert ("error-summary" in response.text, 'value="no day"' in response.text) == (False, True)
    assert response.context["form"].row_version == data["row_version"]
    action.refresh_from_db()
    assert action.summary == "As it was"


def test_a_preview_of_a_new_record_creates_nothing(client, person):
    address = f"/editing/plans/{a_plan().pk}/actions/new/"
    response = client.post(address, {"summary": "- one", "preview": "1"})
    assert (response.status_code, "<ul><li>one</li></ul>" in response.text) == (200, True)
    assert not Action.objects.exists()


@pytest.mark.parametrize("text", ["", "x", "<script>", "\0", "x" * 100_000])
def test_the_preview_of_any_text_answers(client, person, text):
    response = client.post("/editing/preview/", {"text": text})
    assert (response.status_code, "<script" in response.text) == (200, False)


def test_what_could_not_be_saved_is_a_draft_even_if_the_answer_is_closed_unread(
    client, person, action, address
):
    data = opened(client, action)
    saved_by_another(action, data, summary="Bruno's text")
    assert client.post(address, data | {"summary": "Anna's text"}).status_code == 409
    assert [d.fields["summary"] for d in client.get(address).context["kept_drafts"]] == [["Anna's text"]]
    action.plan.move("table", by=person)
    assert client.post(address, data | {"summary": "Anna's last"}).status_code == 409
    assert [d.fields["summary"] for d in Draft.objects.visible_to(person)] == [["Anna's last"]]
