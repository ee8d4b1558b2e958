from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from accounts.models import Body, Delegation, Membership, User
from accounts.tests.factories import (
    PASSWORD,
    BodyFactory,
    DelegationFactory,
    MembershipFactory,
    UserFactory,
    administrator,
    committee,
    delegate,
    secretariat,
    third_party,
)
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db
Notification = apps.get_model("notifications.Notification")
IDENTITIES = {
    "anonymous": None,
    "viewer": lambda: delegate("BE", "viewer"),
    "submitter": lambda: delegate("BE"),
    "third party": third_party,
    "committee": committee,
    "secretariat": secretariat,
    "administrator": administrator,
    "disabled": lambda: delegate("BE", is_active=False),
}
KEEPERS = {"secretariat", "administrator"}
OUT = {"anonymous", "disabled"}


def signed_in(user):
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def post(client, url, **data):
    return client.post(url, {"idempotency_key": str(uuid4()), **data})


def edit(client, url, **data):
    """Post an edit form with the version that its page carries."""
    version = client.get(url).context["form"].row_version
    return client.post(url, {"row_version": version, **data})


def expected(identity, *, keeper, others):
    if identity in OUT:
        return 302
    return keeper if identity in KEEPERS else others


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize(
    ("name", "others"),
    [("user_list", 403), ("user_invite", 403), ("delegation_list", 200), ("profile", 200)],
)
def test_pages_without_a_subject_open_to_those_who_may(identity, name, others):
    make = IDENTITIES[identity]
    answer = signed_in(make and make()).get(reverse(f"accounts:{name}"))
    assert answer.status_code == expected(identity, keeper=200, others=others)


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize(
    "name", ["edit", "reinvite", "deactivate", "reactivate", "detail", "membership_create"]
)
def test_pages_about_another_person_are_unseen_by_all_but_those_who_keep_people(identity, name):
    make, other = IDENTITIES[identity], delegate("FR")
    client = signed_in(make and make())
    url = reverse(f"accounts:{name if '_' in name else f'user_{name}'}", args=[other.pk])
    assert client.get(url).status_code == expected(identity, keeper=200, others=404)
    if name != "detail":
        assert (client.post(url).status_code == 404) is (expected(identity, keeper=200, others=404) == 404)


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("name", ["membership_edit", "membership_end"])
def test_memberships_of_another_person_are_unseen_by_all_but_those_who_keep_people(identity, name):
    make, other = IDENTITIES[identity], delegate("FR")
    answer = signed_in(make and make()).get(reverse(f"accounts:{name}", args=[other.memberships.get().pk]))
    assert answer.status_code == expected(identity, keeper=200, others=404)


@pytest.mark.parametrize("name", ["user_detail", "user_edit", "user_deactivate", "membership_create"])
def test_ones_own_pages_of_the_administration_are_refused(name):
    user = delegate()
    assert signed_in(user).get(reverse(f"accounts:{name}", args=[user.pk])).status_code == 403
    own = user.memberships.get()
    assert signed_in(user).get(reverse("accounts:membership_edit", args=[own.pk])).status_code == 403


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_lists_are_changed_by_those_who_keep_them(identity, method):
    make = IDENTITIES[identity]
    DelegationFactory(code="FR")
    BodyFactory(code="cosi")
    client = signed_in(make and make())
    for url in (
        reverse("accounts:delegation_edit", args=["FR"]),
        reverse("accounts:body_edit", args=["cosi"]),
    ):
        answer = getattr(client, method)(url)
        refused = answer.status_code == 403
        assert (answer.status_code if identity in OUT else refused) == expected(
            identity, keeper=False, others=True
        )


def test_the_secretariat_does_not_close_the_account_of_an_administrator():
    admin = administrator()
    url = reverse("accounts:user_deactivate", args=[admin.pk])
    assert signed_in(secretariat()).get(url).status_code == 403
    assert signed_in(administrator()).get(url).status_code == 200


# -- the list ----------------------------------------------------------------------------------------------------------


def names(answer):
    return [person.name for person in answer.context["object_list"]]


def test_people_are_found_by_name_address_delegation_body_and_state():
    client = signed_in(secretariat(name="Sue", password=PASSWORD))
    delegate("BE", name="Ann", email="ann@customs.example", password=PASSWORD)
    committee(name="Bob")
    delegate("FR", name="Cleo", is_active=False, password=PASSWORD)
    past = delegate("BE", name="Dan", password=PASSWORD)
    past.memberships.update(until_on=brussels_today() - timedelta(days=1))
    url = reverse("accounts:user_list")
    found = {
        query: names(client.get(f"{url}?{query}"))
        for query in (
            "q=ann", "q=CUSTOMS.example", "delegation=BE", "body=article-36", "state=closed", "state=invited",
            "q=ann&delegation=FR", "",
        )
    }  # fmt: skip
    assert found == {
        "q=ann": ["Ann"],
        "q=CUSTOMS.example": ["Ann"],
        "delegation=BE": ["Ann"],
        "body=article-36": ["Bob"],
        "state=closed": ["Cleo"],
        "state=invited": ["Bob"],
        "q=ann&delegation=FR": [],
        "": ["Ann", "Bob", "Cleo", "Dan", "Sue"],
    }


@pytest.mark.parametrize(
    "query",
    ["delegation=XX", "body=1%27", "state=x", "delegation=", "q=%e2%80%ae", f"q={'x' * 200}", "sort=x"],
)
def test_a_filter_that_cannot_be_read_says_so_and_never_breaks(query):
    answer = signed_in(secretariat()).get(reverse("accounts:user_list") + f"?{query}")
    assert answer.status_code == 200
    assert (names(answer) == []) is bool(answer.context["filter_form"].errors)


@pytest.mark.parametrize(
    ("query", "status"),
    [("page=0", 200), ("page=x", 200), ("page=99999999999", 200), ("q=%00", 400), ("page=last", 200)],
)
def test_an_address_that_names_no_page_shows_one_that_is_there(query, status):
    assert signed_in(secretariat()).get(reverse("accounts:user_list") + f"?{query}").status_code == status


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_of_people_takes_the_same_few_queries(count, django_assert_max_num_queries):
    client = signed_in(secretariat())
    for _number in range(count):
        delegate("BE")
    with django_assert_max_num_queries(15):
        client.get(reverse("accounts:user_list"))


@pytest.mark.parametrize("count", [1, 30])
def test_a_person_with_many_memberships_takes_the_same_few_queries(count, django_assert_max_num_queries):
    client, person = signed_in(secretariat()), UserFactory()
    for number in range(count):
        MembershipFactory(user=person, delegation=DelegationFactory(code=f"Z{number}"))
    with django_assert_max_num_queries(15):
        client.get(person.get_absolute_url())


# -- invitations -------------------------------------------------------------------------------------------------------


def invitation(**changed):
    return {
        "email": "ann@example.be",
        "name": "Ann",
        "language": "en",
        "role": "editor",
        "from_on": brussels_today().isoformat(),
        **changed,
    }


INVITE = "/manage/people/invite/"


def test_an_invitation_makes_the_person_once_however_often_it_is_sent():
    client, belgium = signed_in(secretariat()), DelegationFactory(code="BE")
    data = {"idempotency_key": str(uuid4()), **invitation(delegation=belgium.pk)}
    answers = [client.post(INVITE, data) for _time in range(3)]
    person = User.objects.get(email="ann@example.be")
    assert [a.headers["Location"] for a in answers] == [person.get_absolute_url()] * 3
    assert (person.memberships.get().role, Notification.objects.count()) == ("editor", 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "a\0b@example.be"}, "email"),
        ({"email": "x" * 250 + "@example.be"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "\u202eevil"}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"language": "xx"}, "language"),
        ({"role": "king"}, "role"),
        ({"from_on": "01/02/26"}, "from_on"),
        ({"from_on": "1949-12-31"}, "from_on"),
        ({"from_on": "2026-02-30"}, "from_on"),
        ({"delegation": "99999999"}, "delegation"),
        ({"delegation": "x"}, "delegation"),
        ({"delegation": ""}, "delegation"),
    ],
)
def test_a_bad_invitation_comes_back_with_what_was_typed(changed, field):
    data = invitation(delegation=DelegationFactory(code="BE").pk) | changed
    answer = post(signed_in(secretariat()), INVITE, **data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.context["form"].data[field] == data[field]
    assert (User.objects.count(), Notification.objects.count()) == (1, 0)


def test_a_delegation_and_a_body_at_once_are_refused():
    data = invitation(delegation=DelegationFactory(code="BE").pk, body=BodyFactory().pk)
    answer = post(signed_in(secretariat()), INVITE, **data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["body"])


def test_a_known_address_is_told_with_a_link_to_the_person():
    known = UserFactory(email="ann@example.be", name="Ann Known")
    answer = post(signed_in(secretariat()), INVITE, **invitation(email="ANN@example.be"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["email"] == ["This address already has an account: Ann Known."]
    assert f'<a href="{known.get_absolute_url()}">Go to Ann Known</a>' in answer.content.decode()


def test_only_an_administrator_makes_an_administrator():
    belgium = DelegationFactory(code="BE").pk
    post(signed_in(secretariat()), INVITE, **invitation(is_administrator="on", delegation=belgium))
    post(signed_in(administrator()), INVITE, **invitation(is_administrator="on", email="bob@example.be"))
    made = User.objects.filter(email__endswith="example.be").order_by("email")
    assert [(u.is_administrator, u.memberships.count()) for u in made] == [(False, 1), (True, 0)]


def test_an_invitation_is_sent_again_on_demand():
    person = UserFactory()
    answer = post(signed_in(secretariat()), reverse("accounts:user_reinvite", args=[person.pk]))
    assert (answer.status_code, Notification.objects.get().user) == (302, person)


def test_an_invitation_to_somebody_with_a_password_is_refused_with_the_reason():
    person = UserFactory(password=PASSWORD)
    answer = post(signed_in(secretariat()), reverse("accounts:user_reinvite", args=[person.pk]))
    assert (answer.status_code, Notification.objects.count()) == (409, 0)
    assert "has set a password" in answer.content.decode()


# -- changes -----------------------------------------------------------------------------------------------------------


def test_a_persons_name_is_changed_and_two_changes_at_once_lose_neither():
    person, client = delegate(name="Ann"), signed_in(secretariat())
    url = reverse("accounts:user_edit", args=[person.pk])
    version = client.get(url).context["form"].row_version
    assert edit(client, url, name="Anna", language="en").status_code == 302
    late = client.post(url, {"row_version": version, "name": "Anne", "language": "en"})
    person.refresh_from_db()
    assert (late.status_code, person.name) == (409, "Anna")
    assert all(name in late.content.decode() for name in ("Anna", "Anne"))


def test_only_an_administrator_gives_and_takes_the_role_of_administrator():
    person, admin = delegate(), administrator()
    url = reverse("accounts:user_edit", args=[person.pk])
    edit(signed_in(secretariat()), url, name=person.name, language="en", is_administrator="on")
    assert User.objects.get(pk=person.pk).is_administrator is False
    edit(signed_in(admin), url, name=person.name, language="en", is_administrator="on")
    assert User.objects.get(pk=person.pk).is_administrator is True
    own = reverse("accounts:user_edit", args=[admin.pk])
    edit(signed_in(admin), own, name="Still here", language="en")
    assert User.objects.get(pk=admin.pk).is_administrator is True


def test_an_account_is_closed_with_a_reason_and_opened_again():
    person, client = delegate(), signed_in(secretariat())
    close, reopen = (
        reverse(f"accounts:user_{verb}", args=[person.pk]) for verb in ("deactivate", "reactivate")
    )
    assert post(client, close, reason="").status_code == 422
    assert post(client, close, reason="Has left").status_code == 302
    assert User.objects.get(pk=person.pk).is_active is False
    assert post(client, close, reason="Again").status_code == 409
    assert post(client, reopen, reason="Is back").status_code == 302
    assert User.objects.get(pk=person.pk).is_active is True


def test_nobody_closes_their_own_account():
    admin = administrator()
    client = signed_in(admin)
    answer = post(client, reverse("accounts:user_deactivate", args=[admin.pk]), reason="x")
    assert (answer.status_code, User.objects.get().is_active) == (409, True)


def test_a_membership_is_added_changed_and_ended():
    person, client = delegate("BE"), signed_in(secretariat())
    france, today = DelegationFactory(code="FR"), brussels_today()
    data = {"delegation": france.pk, "role": "viewer", "from_on": "1998-03-01"}
    assert post(client, reverse("accounts:membership_create", args=[person.pk]), **data).status_code == 302
    place = person.memberships.get(delegation=france)
    edit(client, reverse("accounts:membership_edit", args=[place.pk]), role="submitter")
    place.refresh_from_db()
    assert (place.role, place.from_on.year) == ("submitter", 1998)
    post(client, reverse("accounts:membership_end", args=[place.pk]), until_on=today.isoformat())
    place.refresh_from_db()
    assert place.until_on == today


def test_a_second_membership_in_the_same_place_is_refused_at_its_field():
    person, client = delegate("BE"), signed_in(secretariat())
    data = {"delegation": DelegationFactory(code="BE").pk, "role": "editor", "from_on": "2026-01-01"}
    answer = post(client, reverse("accounts:membership_create", args=[person.pk]), **data)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["delegation"])
    assert Membership.objects.filter(user=person).count() == 1


@pytest.mark.parametrize("day", ["", "1999-12-31", "31.12.2026", "2026-13-01", "9999-12-31"])
def test_a_last_day_that_cannot_be_is_refused_at_its_field(day):
    place = delegate("BE").memberships.get()
    answer = post(signed_in(secretariat()), reverse("accounts:membership_end", args=[place.pk]), until_on=day)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["until_on"])
    assert Membership.objects.get(pk=place.pk).until_on is None


def test_a_place_in_a_body_has_no_role_to_change():
    place = committee().memberships.get()
    address = reverse("accounts:membership_edit", args=[place.pk])
    client = signed_in(secretariat())
    assert client.get(address).status_code == 404
    page = client.get(place.user.get_absolute_url()).content.decode()
    assert (address in page, reverse("accounts:membership_end", args=[place.pk]) in page) == (False, True)


def test_a_delegation_and_a_body_get_their_mailbox_and_the_names_of_their_day():
    client = signed_in(secretariat())
    DelegationFactory(code="CZ")
    BodyFactory(code="ccwp-plenary")
    url = reverse("accounts:delegation_edit", args=["CZ"])
    edit(client, url, name="Czechia", mailbox="customs@example.cz", note="")
    edit(client, reverse("accounts:body_edit", args=["ccwp-plenary"]), name="LEWP-C", mailbox="l@example.eu")
    assert Delegation.objects.values_list("name", "mailbox").get(code="CZ") == (
        "Czechia",
        "customs@example.cz",
    )
    assert Body.objects.values_list("name", "mailbox").get(code="ccwp-plenary") == ("LEWP-C", "l@example.eu")
    assert edit(client, url, name="Czechia", mailbox="no address").status_code == 422


def test_people_change_their_own_name_and_nothing_else():
    user = delegate(name="Ann")
    data = {"name": "Anna", "language": "en", "is_administrator": "on", "email": "other@example.eu"}
    assert edit(signed_in(user), reverse("accounts:profile"), **data).status_code == 302
    changed = User.objects.get(pk=user.pk)
    assert (changed.name, changed.is_administrator, changed.email) == ("Anna", False, user.email)


@pytest.mark.parametrize("path", ["/manage/people/0/", "/manage/people/99999999999999999999/", "/manage/people/x/",
                                  "/manage/lists/delegations/XX/edit/", "/manage/memberships/0/end/"])  # fmt: skip
def test_what_is_not_there_is_not_found(path):
    assert signed_in(secretariat()).get(path).status_code == 404
