"""Who sees which notice, and which notices are to be delivered."""

from django.db.models import Q

from accounts.models import Post
from accounts.querysets import EVERYBODY, VisibleQuerySet


class NotificationQuerySet(VisibleQuerySet):
    def seen_by(self, user, row="pk"):
        """Who it is for: the holders of the post, the person themselves; the secretariat all."""
        if user.is_secretariat:
            return EVERYBODY
        return Q(post__in=Post.objects.held_by(user).values("pk")) | Q(user=user.pk)

    def due(self, at):
        """Waiting to be delivered and not to be left alone until later (real time), oldest first."""
        waiting = self.filter(status=self.model.Status.QUEUED)
        return waiting.filter(Q(next_try_at=None) | Q(next_try_at__lte=at)).order_by("queued_at", "pk")

    def abandoned(self, at):
        """Claimed by a process that has not finished within its lease: it was killed, or is stuck."""
        return self.filter(status=self.model.Status.SENDING, lease_until__lt=at)

    def undelivered(self):
        """Those that did not certainly reach everybody and that nobody has looked after since."""
        return self.filter(status__in=[self.model.Status.FAILED, self.model.Status.UNKNOWN])
