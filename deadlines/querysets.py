"""Who sees which reminder."""

from django.db.models import Q

from accounts.models import Post
from accounts.querysets import EVERYBODY, VisibleQuerySet


class ReminderQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Who it is for: the holders of the post; the secretariat all."""
        if user.is_secretariat:
            return EVERYBODY
        return Q(post__in=Post.objects.held_by(user).values("pk"))
