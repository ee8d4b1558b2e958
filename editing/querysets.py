"""Whose drafts are whose."""

from django.db import models


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The drafts of one person that are still open; nobody else sees them, whatever the role."""
        return self.filter(user=user, settled_at=None) if user.is_authenticated else self.none()
