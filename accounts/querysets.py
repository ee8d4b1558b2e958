"""Who may see which people and memberships, and how delegations are chosen by day."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY  # not Q(): an empty condition disappears from `EVERYBODY | …`


def keeps_people(user):
    """Secretariat and administrator keep people, memberships and code lists."""
    return user.is_authenticated and user.is_active and (user.is_administrator or user.is_secretariat)


class VisibleQuerySet(models.QuerySet):
    """Rows of which `seen_by` says who may see them; works on rows and on their history events.

    `row` names the column that identifies the row: "pk" here, "pgh_obj_id" on an event.
    """

    def seen_by(self, user, row="pk"):
        """The condition under which a signed-in person sees a row; each queryset says its own."""
        raise NotImplementedError

    def visible_to(self, user):
        """The one answer to "who may see this": lists, pages, exports, search and history ask here."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(self.seen_by(user))


class ReferenceQuerySet(VisibleQuerySet):
    """Code lists and other data that everyone signed in sees."""

    def seen_by(self, user, row="pk"):
        return EVERYBODY


class UserQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Everyone sees themselves; those who keep people see all."""
        return EVERYBODY if keeps_people(user) else Q(**{row: user.pk})


class MembershipQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        return EVERYBODY if keeps_people(user) else Q(user=user.pk)

    def current(self, on):
        """Memberships that hold on a day, first and last day included."""
        return self.filter(Q(until_on=None) | Q(until_on__gte=on), from_on__lte=on)

    def able(self, on):
        """Those by which a delegation's duties can be done on a day: current, of active people who may submit."""
        return self.current(on).filter(delegation__isnull=False, role="submitter", user__is_active=True)

    def holding(self, on):
        """Those of contact points and deputies who can act on a day."""
        return self.able(on).filter(Q(is_contact_point=True) | Q(is_deputy=True))


class DelegationQuerySet(ReferenceQuerySet):
    def sitting(self, on):
        """The delegations of the working party on a day: Member States of that day and Commission services."""
        members = Q(kind="MS", member_from__lte=on) & (Q(member_until=None) | Q(member_until__gte=on))
        return self.filter(members | Q(kind="COM"))

    def member_states(self, on):
        """The Member States of a day, in protocol order."""
        return self.sitting(on).filter(kind="MS")

    def without_post(self, on):
        """Those whose duties fall to no contact point and no deputy; `has_submitter` tells whether to anybody."""
        memberships = apps.get_model("accounts.Membership").objects.filter(delegation=OuterRef("pk"))
        return self.filter(~Exists(memberships.holding(on))).annotate(
            has_submitter=Exists(memberships.able(on))
        )


class BodyQuerySet(ReferenceQuerySet):
    def secretariat(self):
        """The body whose members are the secretariat."""
        return self.get(role="secretariat")

    def receiving_reports(self):
        """The bodies to which the working party reports."""
        return self.filter(role="addressee")

    def that_may(self, kind):
        """Bodies that may take a decision of this kind."""
        return self.filter(powers__contains=[kind])


class PostQuerySet(models.QuerySet):
    def of(self, holder, *, delegation=None, body=None):
        """The post of a delegation or body; made when it is first owed something."""
        return self.get_or_create(delegation=delegation, body=body, holder=holder)[0]

    def held_by(self, user):
        """The posts that a person holds today, the duties of which are theirs."""
        return self.filter(Q(body__in=user.body_ids) | Q(delegation__in=user.owes_for))
