"""The keys of forms that were saved: what makes a second press of the button harmless."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from strategy_portal.dates import now


class SubmittedForm(models.Model):
    """One saved form of one user. Its key is inserted first, in the transaction of the change: racers wait for it.

    Kept apart from history: it tells what a browser sent, not what became of a record.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    key = models.CharField(_("key"), max_length=64)
    body_digest = models.CharField(_("digest of what was sent"), max_length=64)
    result_url = models.TextField(_("where the form led"), blank=True)
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    result = GenericForeignKey("content_type", "object_id")
    created_at = models.DateTimeField(_("saved at"), default=now)

    class Meta:
        verbose_name = _("submitted form")
        verbose_name_plural = _("submitted forms")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_user_saves_a_form_once")]

    def __str__(self):
        return f"{self.key} → {self.result_url}"
