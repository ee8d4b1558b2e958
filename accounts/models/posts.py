"""Who owes something: a post, not a person. People are found only when something is told.

Whatever a delegation owes (as submitter, as lead, as contact point) falls to its contact point, the deputy and the
functional mailbox.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.memberships import Role
from accounts.querysets import PostQuerySet


class Post(models.Model):
    """A delegation or body in a role: the holder of a duty."""

    class Holder(models.TextChoices):
        SUBMITTER = "submitter", _("submitter")
        LEAD = "lead", _("lead")
        CONTACT_POINT = "contact_point", _("contact point")

    delegation = models.ForeignKey(
        "accounts.Delegation", null=True, on_delete=models.PROTECT, related_name="posts"
    )
    body = models.ForeignKey("accounts.Body", null=True, on_delete=models.PROTECT, related_name="posts")
    holder = models.CharField(max_length=15, choices=Holder.choices)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="post_of_a_delegation_or_a_body",
                condition=Q(delegation__isnull=False, body=None) | Q(delegation=None, body__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["delegation", "body", "holder"],
                name="one_post_each",
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return _("%(who)s, %(holder)s") % {
            "who": self.delegation or self.body,
            "holder": self.get_holder_display(),
        }

    def people(self, on):
        """The active people who hold the post on a day.

        Of a delegation its contact point and the deputy, or, where neither is there, all who may submit; of a body
        its members.
        """
        memberships = (self.delegation or self.body).memberships.current(on).filter(user__is_active=True)
        if self.delegation_id:
            memberships = memberships.filter(role=Role.SUBMITTER)
        found = list(memberships.select_related("user").order_by("user_id"))
        holding = [m for m in found if m.holds_post] or found
        return list({m.user_id: m.user for m in holding}.values())

    def addresses(self, on):
        """Where the post is reached on a day: its people and the functional mailbox, each address once, in order."""
        mailbox = (self.delegation or self.body).mailbox
        found = [person.email.lower() for person in self.people(on)] + ([mailbox.lower()] if mailbox else [])
        return list(dict.fromkeys(found))
