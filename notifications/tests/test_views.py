"""Who sees which notice, and who sends one again."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import administrator, committee, delegate, secretariat
from notifications.delivery import deliver_due
from notifications.models import ACCOUNT, Notification
from notifications.tests.factories import NotificationFactory, post_of, secretariat_post

pytestmark = pytest.mark.django_db
LIST = "/notifications/"


def subjects(client, user, query=""):
    client.force_login(user)
    return {row.subject for row in client.get(LIST + query).context["page_obj"]}


def test_everybody_sees_what_they_and_their_posts_were_told_and_the_secretariat_all(client):
    belgian, reader = delegate("BE"), delegate("BE", role="viewer")
    NotificationFactory(subject="to Belgium")
    NotificationFactory(subject="to France", post=post_of("FR"))
    NotificationFactory(subject="to the contact point", post=post_of("BE", "contact_point"))
    NotificationFactory(subject="to the secretariat", post=secretariat_post())
    NotificationFactory(subject="to the reader", post=None, user=reader)
    assert subjects(client, belgian) == {"to Belgium", "to the contact point"}  # nobody is named
    assert subjects(client, reader) == {"to the reader"}
    assert subjects(client, committee()) == set()
    assert subjects(client, administrator()) == set()
    assert len(subjects(client, secretariat())) == 5


def test_what_one_does_not_see_is_not_there(client):
    notification = NotificationFactory(post=post_of("FR"))
    client.force_login(delegate("BE"))
    assert client.get(notification.get_absolute_url()).status_code == 404
    assert client.post(notification.get_step_url("resend")).status_code == 404


def test_the_list_is_narrowed_by_state_and_delegation(client):
    NotificationFactory(subject="to Belgium")
    NotificationFactory(subject="to France", post=post_of("FR"))
    deliver_due()
    Notification.objects.filter(subject="to France").update(status="unknown")
    user = secretariat()
    assert subjects(client, user, "?status=unknown") == {"to France"}
    assert subjects(client, user, "?delegation=BE") == {"to Belgium"}
    assert subjects(client, user, "?status=failed&delegation=FR") == set()


@pytest.mark.parametrize(
    "query", ["?status=x", "?delegation=ZZ", "?delegation=%F0%9F%92%A9", "?status=sent&status="]
)
def test_a_wrong_filter_is_told_and_never_an_error(client, query):
    client.force_login(secretariat())
    assert client.get(LIST + query).status_code == 200


@pytest.mark.parametrize("page", ["0", "x", "99999999999999999999"])
def test_a_page_that_is_not_there_shows_one_that_is(client, page):
    client.force_login(secretariat())
    assert client.get(LIST, {"page": page}).status_code == 200


def test_a_personal_link_is_shown_to_nobody(client):
    person = delegate("BE")
    notification = NotificationFactory(
        post=None, user=person, address=person.email, kind=ACCOUNT, body="https://secret"
    )
    for user in (person, secretariat()):
        client.force_login(user)
        answer = client.get(notification.get_absolute_url())
        assert (answer.status_code, b"https://secret" in answer.content) == (200, False)
    deliver_due()
    answer = client.get(notification.get_absolute_url())
    assert "which is not kept" in answer.content.decode()


def test_the_page_of_a_notice_says_what_it_said_and_where_it_went(client):
    user = delegate("BE", email="ann@be.example")
    notification = NotificationFactory(body="By Friday.\n\n<b>Bold</b>")
    deliver_due()
    client.force_login(user)
    page = client.get(notification.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "ann@be.example" in page
    assert notification.get_step_url("resend") not in page


def test_only_the_secretariat_sends_again(client):
    delegate("BE")
    notification = NotificationFactory()
    deliver_due()
    url = reverse("notifications:notification_resend", args=[notification.pk])
    client.force_login(delegate("BE"))
    assert client.post(url, {"idempotency_key": str(uuid4())}).status_code == 403
    user = secretariat()
    client.force_login(user)
    assert url in client.get(notification.get_absolute_url()).content.decode()
    assert client.get(url).status_code == 200
    key = {"idempotency_key": str(uuid4())}
    assert client.post(url, key).status_code == 302
    assert client.post(url, key).status_code == 302  # pressed twice: sent again once
    notification.refresh_from_db()
    assert (notification.status, notification.resent_by) == ("queued", user)
    assert client.post(url, {"idempotency_key": str(uuid4())}).status_code == 409


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("path", [LIST, "detail"])
def test_the_number_of_queries_does_not_grow(client, django_assert_max_num_queries, count, path):
    delegate("BE")
    notifications = NotificationFactory.create_batch(count)
    deliver_due()
    client.force_login(secretariat())
    client.get(LIST)
    with django_assert_max_num_queries(15):
        client.get(LIST if path == LIST else notifications[0].get_absolute_url())


def test_no_query_more_at_thirty_rows_than_at_one(client, django_assert_num_queries):
    client.force_login(secretariat())
    NotificationFactory()
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for code in ["FR", "IT", "DE"]:
        NotificationFactory.create_batch(10, post=post_of(code))
    with django_assert_num_queries(len(one)):
        client.get(LIST)
