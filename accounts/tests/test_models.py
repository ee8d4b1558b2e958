from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from accounts.models import Membership, Post, Role, User
from accounts.querysets import EVERYBODY, NOBODY
from accounts.tests.factories import (
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
from strategy_portal.workflow import acting

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=-1)


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    return True


def test_a_created_account_has_its_address_verified_and_primary():
    user = User.objects.create_user("Ann.Example@Example.EU", "Ann")
    address = EmailAddress.objects.get(user=user)
    assert (user.email, address.email) == ("ann.example@example.eu", "ann.example@example.eu")
    assert (address.verified, address.primary, user.has_usable_password()) == (True, True, False)


def test_an_address_has_one_account_whatever_its_case():
    user = UserFactory(email="ann@example.eu")
    assert refused(lambda: User(email="ANN@example.eu", name="Ann", created_at=user.created_at).save())
    assert User.objects.get_by_natural_key("Ann@Example.eu") == user


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (secretariat, "secretariat"),
        (committee, "committee"),
        (lambda: committee("cosi"), "committee"),
        (delegate, "delegate"),
        (lambda: delegate("OLAF"), "delegate"),
        (third_party, "third_party"),
        (lambda: third_party("EUROPOL"), "third_party"),
        (lambda: third_party("UK"), "third_party"),
        (administrator, ""),
    ],
)
def test_what_somebody_is_follows_from_their_memberships(make, said):
    user = make()
    names = ["secretariat", "committee", "delegate", "third_party"]
    assert [name for name in names if getattr(user, f"is_{name}")] == ([said] if said else [])


@pytest.mark.parametrize(
    ("from_on", "until_on", "holds"),
    [(0, None, True), (0, 0, True), (-5, -1, False), (1, None, False), (-5, 1, True)],
)
def test_a_membership_holds_from_its_first_day_to_its_last(from_on, until_on, holds):
    today = brussels_today()
    last = None if until_on is None else today + timedelta(days=until_on)
    person = MembershipFactory(from_on=today + timedelta(days=from_on), until_on=last).user
    assert person.is_delegate is holds


def test_a_deactivated_person_belongs_nowhere_and_may_nothing():
    person = secretariat(is_active=False)
    assert (person.is_secretariat, person.has_perm("accounts.add_user")) == (False, False)


def test_roles_are_ordered_viewer_editor_submitter():
    held = {role: delegate("BE", role) for role in Role.values}
    belgium = DelegationFactory(code="BE").pk
    assert {role: (belgium in p.editor_of, belgium in p.submitter_of) for role, p in held.items()} == {
        "viewer": (False, False),
        "editor": (True, False),
        "submitter": (True, True),
    }


def test_a_membership_is_in_a_delegation_or_a_body_never_both_or_none():
    person, today = UserFactory(), brussels_today()
    belgium, plenary = DelegationFactory(code="BE"), BodyFactory()
    assert refused(lambda: Membership.objects.create(user=person, from_on=today))
    assert refused(
        lambda: Membership.objects.create(user=person, delegation=belgium, body=plenary, from_on=today)
    )


def test_a_membership_never_ends_before_it_begins():
    today = brussels_today()
    assert refused(lambda: MembershipFactory(from_on=today, until_on=today + YESTERDAY))


def test_a_person_has_one_open_membership_in_the_same_place():
    person = delegate("BE")
    assert refused(lambda: MembershipFactory(user=person))
    MembershipFactory(user=person, delegation=DelegationFactory(code="FR"))
    assert person.memberships.count() == 2


def test_people_and_what_they_belong_to_are_never_deleted():
    person = delegate("BE")
    for thing in (person, person.memberships.get().delegation):
        with pytest.raises(ProtectedError):
            thing.delete()


def test_a_post_is_reached_by_its_submitters_and_its_mailbox_each_address_once():
    day = date(2026, 5, 1)
    belgium = DelegationFactory(code="BE", mailbox="customs@example.be")
    ann = delegate("BE", email="ann@example.be")
    delegate("BE", "editor")
    delegate("BE", email="customs@example.be")
    delegate("BE", is_active=False)
    MembershipFactory(delegation=belgium, role="submitter", until_on=day + YESTERDAY)
    post = Post.objects.of("submitter", delegation=belgium)
    assert post.addresses(day) == [ann.email, "customs@example.be"]
    assert Post.objects.of("contact_point", delegation=belgium).people(day)[0] == ann


def test_every_post_of_a_delegation_is_its_contact_points_and_the_deputys_and_else_all_submitters():
    day, belgium = brussels_today(), DelegationFactory(code="BE")
    colleague = delegate("BE")
    posts = [Post.objects.of(holder, delegation=belgium) for holder in Post.Holder.values]
    assert [post.people(day) for post in posts] == [[colleague]] * 3
    contact_point, deputy = delegate("BE", is_contact_point=True), delegate("BE", is_deputy=True)
    assert [post.people(day) for post in posts] == [[contact_point, deputy]] * 3
    assert [set(Post.objects.held_by(User.objects.get(pk=u.pk))) for u in (colleague, contact_point, deputy)] == [
        set(), set(posts), set(posts),
    ]  # fmt: skip
    User.objects.filter(pk=contact_point.pk).update(is_active=False)
    assert posts[0].people(day) == [deputy]
    deputy.memberships.update(until_on=day + YESTERDAY)
    assert posts[0].people(day) == [colleague]
    assert set(Post.objects.held_by(User.objects.get(pk=colleague.pk))) == set(posts)


def test_a_delegation_has_one_contact_point_and_one_deputy_who_may_submit_and_are_two():
    delegate("BE", is_contact_point=True)
    delegate("BE", is_deputy=True)
    assert refused(lambda: delegate("BE", is_contact_point=True))
    assert refused(lambda: delegate("BE", is_deputy=True))
    assert refused(lambda: delegate("FR", "editor", is_contact_point=True))
    assert refused(lambda: delegate("FR", is_contact_point=True, is_deputy=True))
    assert refused(lambda: secretariat(is_contact_point=True))


def test_a_post_is_made_once():
    belgium = DelegationFactory(code="BE")
    assert Post.objects.of("lead", delegation=belgium) == Post.objects.of("lead", delegation=belgium)


def test_duties_follow_the_posts_that_somebody_holds():
    belgium, plenary = DelegationFactory(code="BE"), BodyFactory(code="general-secretariat")
    lead, submitter = (Post.objects.of(holder, delegation=belgium) for holder in ("lead", "submitter"))
    office = Post.objects.of("lead", body=plenary)
    assert set(Post.objects.held_by(delegate("BE"))) == {lead, submitter}
    assert set(Post.objects.held_by(delegate("BE", "editor"))) == set()
    assert set(Post.objects.held_by(secretariat())) == {office}


def test_history_never_holds_a_password():
    fields = {f.name for f in apps.get_model("accounts.UserEvent")._meta.get_fields()}
    assert {"password", "last_login"} & fields == set()


def test_a_change_of_a_membership_leaves_an_event_with_who_and_why():
    by, membership = administrator(), MembershipFactory()
    with acting(by, "change", "moved"):
        membership.role = Role.EDITOR
        membership.save()
    event = apps.get_model("accounts.MembershipEvent").objects.filter(pgh_obj=membership).latest("pgh_id")
    context = event.pgh_context
    assert (event.role, context["user"], context["verb"], context["note"]) == (
        "editor",
        by.pk,
        "change",
        "moved",
    )


@pytest.mark.parametrize(
    ("make", "people", "memberships"),
    [(secretariat, "all", "all"), (administrator, "all", "all"), (committee, "own", "own"), (delegate, "own", "own"),
     (third_party, "own", "own")],
)  # fmt: skip
def test_people_and_memberships_are_seen_by_those_who_keep_them_and_by_oneself(make, people, memberships):
    delegate("FR")
    reader = make()
    expected = {"all": 2, "own": 1}
    assert User.objects.visible_to(reader).count() == expected[people]
    own = reader.memberships.count()
    assert Membership.objects.visible_to(reader).count() == {"all": own + 1, "own": own}[memberships]


def test_everybody_or_somebody_is_everybody_and_nobody_or_somebody_is_somebody():
    UserFactory(name="Ann")
    UserFactory(name="Bob")
    ann = Q(name="Ann")
    found = [
        User.objects.filter(q).count()
        for q in (EVERYBODY | ann, ann | EVERYBODY, EVERYBODY & ann, NOBODY | ann)
    ]
    assert found == [2, 2, 1, 1]
