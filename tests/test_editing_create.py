"""Forms that create: saved once, whatever is pressed, repeated or raced; and what is typed never lost."""

import re
import threading
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from accounts.tests.factories import BodyFactory, secretariat
from actionplans.models import Action
from council.models import Meeting
from editing.models import SubmittedForm
from tests.editing_rows import a_plan, objectives

pytestmark = pytest.mark.urls("tests.editing_pages")
NEW = "/editing/meetings/new/"


@pytest.fixture
def person(client):
    user = secretariat()
    client.force_login(user)
    return user


def meeting_data(key=None, **fields):
    data = {"body": BodyFactory().pk, "held_on": "2026-11-27", "place": "Brussels"}
    return data | {"idempotency_key": key or str(uuid4())} | fields


@pytest.mark.django_db
def test_the_page_carries_a_key(client, person):
    response = client.get(NEW)
    key = response.context["form"].key
    assert (
        f'<input type="hidden" name="idempotency_key" value="{key}" id="id_idempotency_key">' in response.text
    )


@pytest.mark.django_db
def test_a_new_row_is_saved_with_its_actor_and_the_browser_is_sent_on(client, person):
    response = client.post(NEW, meeting_data())
    meeting = Meeting.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/editing/meetings/{meeting.pk}/")
    event = apps.get_model("council.MeetingEvent").objects.get(pgh_obj_id=meeting.pk)
    assert (event.pgh_context["user"], event.pgh_context["verb"]) == (person.pk, "create")


@pytest.mark.django_db
def test_the_same_form_posted_twice_gives_one_row_and_the_same_answer(client, person):
    data = meeting_data()
    answers = [client.post(NEW, data) for _ in range(3)]
    assert {(a.status_code, a["Location"]) for a in answers} == {
        (302, f"/editing/meetings/{Meeting.objects.get().pk}/")
    }


@pytest.mark.django_db
def test_the_same_key_with_another_text_is_answered_with_both(client, person):
    data = meeting_data()
    client.post(NEW, data)
    response = client.post(NEW, data | {"place": "Luxembourg", "held_on": "2026-11-28"})
    assert response.status_code == 409
    meeting = Meeting.objects.get()
    assert meeting.place == "Brussels"
    assert f'href="/editing/meetings/{meeting.pk}/"' in response.text
    assert 'value="Luxembourg"' in response.text
    assert 'value="2026-11-28"' in response.text
    key = re.search(r'name="idempotency_key" value="([^"]+)"', response.text)[1]
    assert key != data["idempotency_key"]
    client.post(NEW, data | {"place": "Luxembourg", "held_on": "2026-11-28", "idempotency_key": key})
    assert sorted(Meeting.objects.values_list("place", flat=True)) == ["Brussels", "Luxembourg"]


@pytest.mark.django_db
def test_two_people_may_have_the_same_key(client, person):
    data = meeting_data()
    client.post(NEW, data)
    client.force_login(secretariat())
    client.post(NEW, data | {"held_on": "2026-11-28"})
    assert (Meeting.objects.count(), SubmittedForm.objects.count()) == (2, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "short", "x" * 65, "a\x00" * 10, "' or 1=1 --------------", "ключ" * 5])
def test_a_page_without_a_proper_key_comes_back_with_a_fresh_one(client, person, key):
    response = client.post(NEW, meeting_data() | {"idempotency_key": key})
    assert response.status_code == 422
    assert "This page has expired before it was saved." in response.text
    assert 'value="2026-11-27"' in response.text
    assert len(response.context["form"].key) == 36
    assert Meeting.objects.count() == 0


@pytest.mark.django_db
def test_a_wrong_form_comes_back_with_what_was_typed_and_can_be_saved_under_its_new_key(client, person):
    data = meeting_data(held_on="31/11/2026", place="Liège")
    response = client.post(NEW, data)
    assert response.status_code == 422
    assert "<title>Error: " in response.text
    assert "There is no 31 November 2026: that month has 30 days." in response.text
    assert ('value="31/11/2026"' in response.text, 'value="Liège"' in response.text) == (True, True)
    assert SubmittedForm.objects.count() == 0
    client.post(NEW, data | {"held_on": "30/11/2026", "idempotency_key": response.context["form"].key})
    assert Meeting.objects.get().place == "Liège"


@pytest.mark.django_db
def test_what_somebody_else_has_just_saved_is_told_in_the_constraints_words(client, person):
    plan = a_plan()
    address = f"/editing/plans/{plan.pk}/actions/new/"
    data = {"title": "First", "idempotency_key": str(uuid4())}
    served = objectives("A.MS.a")
    client.post(address, data | {"objectives": served})
    response = client.post(
        address, {"title": "Second", "objectives": served, "idempotency_key": str(uuid4())}
    )
    assert response.status_code == 422
    assert "The plan already has an action with this number." in response.text
    assert 'value="Second"' in response.text
    assert [a.title for a in Action.objects.all()] == ["First"]


@pytest.mark.django_db
def test_forged_extra_fields_are_ignored(client, person):
    client.post(NEW, meeting_data(pk="7", id="7", status="adopted", user="1"))
    meeting = Meeting.objects.get()
    assert (meeting.pk == 7, meeting.place) == (False, "Brussels")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("body", "abc"), ("body", "9" * 40), ("body", "-1"), ("body", "\x00"), ("held_on", "0000-00-00"),
     ("held_on", "99999-01-01"), ("place", "a\x00b"), ("place", "x" * 101), ("place", "\u202eslessurB"),
     ("place", "\u200b"), ("place", "two\nlines")],
)  # fmt: skip
def test_bad_input_is_refused_at_its_field(client, person, field, value):
    response = client.post(NEW, meeting_data(**{field: value}))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Meeting.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_fifty_racing_posts_of_one_form_give_one_row():
    user = secretariat()
    data = meeting_data()
    start = threading.Barrier(50)
    answers = []

    def press():
        client = Client()
        client.force_login(user)
        start.wait()
        try:
            response = client.post(NEW, data)
            answers.append((response.status_code, response.get("Location")))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(302, f"/editing/meetings/{Meeting.objects.get().pk}/")] * 50
    assert SubmittedForm.objects.count() == 1
