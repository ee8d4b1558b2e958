"""Who holds the duties of a delegation: named on one form, by those who keep people, with a history."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import people
from accounts.models import Delegation, Membership
from accounts.tests.factories import DelegationFactory, MembershipFactory, delegate, secretariat
from accounts.tests.test_views import edit, signed_in
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed, acting

pytestmark = pytest.mark.django_db
URL = "/manage/people/posts/"


def place(user):
    return user.memberships.get()


def named():
    """The names of contact point and deputy."""
    found = Membership.objects.holding(brussels_today()).order_by("-is_contact_point")
    return [m.user.name for m in found]


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def two():
    return delegate("BE", name="Ann"), delegate("BE", name="Bob")


@pytest.fixture
def client():
    return signed_in(secretariat())


def test_a_contact_point_and_a_deputy_are_named_and_change_places(client, two):
    ann, bob = map(place, two)
    edit(client, f"{URL}BE/", contact_point=ann.pk, deputy=bob.pk, mailbox="customs@be.example")
    assert (named(), Delegation.objects.get(code="BE").mailbox) == (["Ann", "Bob"], "customs@be.example")
    edit(client, f"{URL}BE/", contact_point=bob.pk, deputy=ann.pk, mailbox="")
    assert named() == ["Bob", "Ann"]
    edit(client, f"{URL}BE/", contact_point="", deputy="", mailbox="")
    assert named() == []
    history = words(client.get(reverse("audit:history", args=["user", two[0].pk])))
    assert "Contact point" in history
    assert "Deputy of the contact point" in history


def test_only_current_submitters_of_the_delegation_can_be_chosen(client, two):
    others = [
        delegate("BE", "editor"),
        delegate("FR"),
        delegate("BE", is_active=False),
        MembershipFactory(role="submitter", until_on=brussels_today() - timedelta(days=1)).user,
    ]
    choices = client.get(f"{URL}BE/").context["form"].fields["contact_point"].queryset
    assert {m.user.name for m in choices} == {"Ann", "Bob"}
    for other in others:
        answer = edit(client, f"{URL}BE/", contact_point=place(other).pk, deputy="", mailbox="")
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["contact_point"])
    assert named() == []


def test_a_deputy_needs_a_contact_point_who_is_somebody_else(client, two):
    ann = place(two[0]).pk
    for contact_point, wrong in (("", "contact_point"), (ann, "deputy")):
        answer = edit(client, f"{URL}BE/", contact_point=contact_point, deputy=ann, mailbox="")
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])


def test_two_who_name_different_people_at_once_see_it(client, two):
    ann, bob = map(place, two)
    opened = client.get(f"{URL}BE/").context["form"].row_version
    edit(client, f"{URL}BE/", contact_point=ann.pk, deputy="", mailbox="")
    data = {"row_version": opened, "contact_point": bob.pk, "deputy": "", "mailbox": ""}
    assert client.post(f"{URL}BE/", data).status_code == 409
    assert named() == ["Ann"]


def test_the_end_of_a_membership_vacates_the_post(two):
    ann, by = place(two[0]), secretariat()
    Membership.objects.filter(pk=ann.pk).update(is_contact_point=True)
    people.end_membership(ann, until_on=brussels_today() + timedelta(days=3), by=by)
    assert list(Membership.objects.holding(brussels_today() + timedelta(days=3))) == [ann]
    assert list(Membership.objects.holding(brussels_today() + timedelta(days=4))) == []
    people.end_membership(ann, until_on=brussels_today() - timedelta(days=1), by=by)
    ann.refresh_from_db()
    assert ann.is_contact_point is False


def test_a_successor_is_named_while_the_one_before_has_ended(two):
    ann, bob = map(place, two)
    Membership.objects.filter(pk=ann.pk).update(
        is_contact_point=True, until_on=brussels_today() - timedelta(days=1)
    )
    with acting(secretariat(), "change"):
        people.name_holders(DelegationFactory(code="BE"), contact_point=bob, deputy=None)
    assert named() == ["Bob"]


def test_nobody_is_named_who_may_not_submit_any_more(two):
    ann = place(two[0])
    Membership.objects.filter(pk=ann.pk).update(role="editor")
    with pytest.raises(NotAllowed, match="Ann may not submit any more"):
        people.name_holders(DelegationFactory(code="BE"), contact_point=ann, deputy=None)


def test_a_contact_point_stays_a_submitter(client, two):
    ann = place(two[0])
    Membership.objects.filter(pk=ann.pk).update(is_contact_point=True)
    answer = edit(client, reverse("accounts:membership_edit", args=[ann.pk]), role="viewer")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["role"])
    assert "Name somebody else first" in words(answer)


def test_the_list_says_where_nobody_is_named_and_where_nobody_is(client, two):
    Membership.objects.filter(pk=place(two[0]).pk).update(is_contact_point=True)
    delegate("FR")
    DelegationFactory(code="IT")
    text = words(client.get(URL))
    assert "Belgium Ann nobody" in text
    assert "France All submitters" in text
    assert "Italy No one holds its duties" in text
    assert (
        text.index("To be named (2)")
        < text.index("Italy")
        < text.index("France")
        < text.index("Working party (1)")
    )


def test_the_list_folds_third_countries_whose_duties_are_held(client):
    DelegationFactory(code="NO", kind="THIRD")
    third = delegate("NO", role="submitter", is_contact_point=True)
    page = client.get(URL).content.decode()
    assert third.memberships.get().is_contact_point
    assert '<details class="fold"><summary>Third countries (1)</summary>' in page


def test_where_nobody_may_submit_the_form_says_whom_to_ask(client):
    DelegationFactory(code="IT")
    page = client.get(f"{URL}IT/")
    assert "Nobody may submit for Italy today, so nobody can be named." in words(page)
    assert 'href="/manage/people/invite/"' in page.content.decode()


def test_the_list_asks_as_many_questions_for_one_as_for_three(client):
    counts = []
    for code in ("BE", "FR", "IT"):
        delegate(code, is_contact_point=True)
        delegate(code, is_deputy=True)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        counts.append(len(queries))
    assert len(set(counts)) == 1
