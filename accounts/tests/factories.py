"""People, delegations and bodies for tests. Delegations and bodies are those that are delivered, by their codes."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from accounts.models import Body, Delegation, Membership, Role, User
from accounts.reference import delivered_bodies, delivered_delegations

LONG_AGO = date(2000, 1, 1)
PASSWORD = "wide river under seven bridges"


class UserFactory(DjangoModelFactory):
    """A person without membership; `password=PASSWORD` gives one that can sign in."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.eu")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)


class DelegationFactory(DjangoModelFactory):
    """`DelegationFactory(code="BE")` is Belgium as delivered; a code of its own makes a third country."""

    class Meta:
        model = Delegation
        django_get_or_create = ["code"]

    code = factory.Sequence(lambda n: f"X{n}")
    name = factory.LazyAttribute(lambda o: _delivered(o.code, "name", f"Country {o.code}"))
    kind = factory.LazyAttribute(lambda o: _delivered(o.code, "kind", "THIRD"))
    iso_code = factory.LazyAttribute(lambda o: _delivered(o.code, "iso_code", ""))
    member_from = factory.LazyAttribute(lambda o: _delivered(o.code, "member_from", None))
    member_until = factory.LazyAttribute(lambda o: _delivered(o.code, "member_until", None))
    protocol_order = factory.LazyAttribute(lambda o: _delivered(o.code, "protocol_order", 999))


def _delivered(code, name, otherwise):
    return delivered_delegations().get(code, {}).get(name, otherwise)


class BodyFactory(DjangoModelFactory):
    """`BodyFactory(code="ccwp-plenary")` is the body as delivered, with its powers."""

    class Meta:
        model = Body
        django_get_or_create = ["code"]

    code = "ccwp-plenary"
    name = factory.LazyAttribute(lambda o: delivered_bodies().get(o.code, {}).get("name", o.code))
    role = factory.LazyAttribute(lambda o: delivered_bodies().get(o.code, {}).get("role", "other"))
    order = factory.LazyAttribute(lambda o: delivered_bodies().get(o.code, {}).get("order", 99))
    powers = factory.LazyAttribute(lambda o: delivered_bodies().get(o.code, {}).get("powers", []))


class MembershipFactory(DjangoModelFactory):
    """A current membership in Belgium as viewer, unless said otherwise; `body=` puts the person in a body instead."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    body = None
    delegation = factory.LazyAttribute(lambda o: None if o.body else DelegationFactory(code="BE"))
    role = Role.VIEWER
    from_on = LONG_AGO


def member(
    *, delegation=None, body=None, role=Role.VIEWER, is_contact_point=False, is_deputy=False, **fields
):
    """A new person in a delegation or body given by its code; further fields are the person's own."""
    user = UserFactory(**fields)
    MembershipFactory(
        user=user,
        delegation=DelegationFactory(code=delegation) if delegation else None,
        body=BodyFactory(code=body) if body else None,
        role=role,
        is_contact_point=is_contact_point,
        is_deputy=is_deputy,
    )
    return user


def secretariat(**fields):
    """A new member of the General Secretariat."""
    return member(body="general-secretariat", **fields)


def committee(body="article-36", **fields):
    """A new member of the Article 36 Committee or of another body that receives reports."""
    return member(body=body, **fields)


def delegate(code="BE", role="submitter", **fields):
    """A new member of a delegation of the working party, a submitter unless said otherwise."""
    return member(delegation=code, role=role, **fields)


def third_party(code="NO", role="submitter", **fields):
    """A new member of a third country, an agency or an organisation."""
    return member(delegation=code, role=role, **fields)


def administrator(**fields):
    """A new administrator without any membership."""
    return UserFactory(is_administrator=True, **fields)
