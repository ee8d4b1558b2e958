"""What forms leave behind apart from the records: keys of those that were saved, drafts of those that were not."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from editing.querysets import DraftQuerySet
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


class Draft(models.Model):
    """What one user has typed into one page of a form and not saved yet.

    Kept apart from the record and from history. One row for each page that was opened: two windows with the same form
    never write over each other. Once the page is saved its row is emptied and settled, so that a draft that arrives
    late does not bring it back.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    address = models.CharField(_("address of the form"), max_length=500)
    page = models.CharField(_("number of the page"), max_length=32)
    title = models.CharField(_("title of the page"), max_length=300, blank=True)
    fields = models.JSONField(_("what was typed"), default=dict, blank=True)
    row_version = models.TextField(_("version of the record it began from"), blank=True)
    saved_at = models.DateTimeField(_("saved at"), default=now)
    settled_at = models.DateTimeField(_("form saved at"), null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "address", "page"], name="a_page_has_one_draft"),
        ]
        indexes = [models.Index(fields=["saved_at"], name="draft_saved_at")]

    def __str__(self):
        return self.title or self.address

    def get_absolute_url(self):
        """The page that shows the text, also when its form is no longer there."""
        return reverse("editing:draft_detail", args=[self.pk])

    @property
    def continue_url(self) -> str:
        """The form, filled in as the draft has it."""
        return f"{self.address}?{urlencode({'draft': self.pk})}"

    def data(self) -> QueryDict:
        """What was typed, as a form would send it."""
        data = QueryDict(mutable=True)
        for name, values in self.fields.items():
            data.setlist(name, values)
        return data
