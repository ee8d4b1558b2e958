"""Council documents by their numbers (`council/documents.py` reads and checks those)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from council.documents import Reference
from council.querysets import DocumentQuerySet
from strategy_portal.fields import clean_line, day_since_1950
from strategy_portal.workflow import keeps_history


@keeps_history()
class Document(models.Model):
    """A Council document: its number with revision, addendum and corrigendum, subject codes and marking."""

    class Marking(models.TextChoices):
        PUBLIC = "PUBLIC", "PUBLIC"
        LIMITE = "LIMITE", "LIMITE"

    number = models.PositiveIntegerField(_("number"))
    year = models.PositiveSmallIntegerField(_("year"))
    revision = models.PositiveSmallIntegerField(_("REV"), default=0)
    addendum = models.PositiveSmallIntegerField(_("ADD"), default=0)
    corrigendum = models.PositiveSmallIntegerField(_("COR"), default=0)
    subject_codes = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("subject codes"),
        default=list,
        blank=True,
    )
    title = models.CharField(_("title"), max_length=300, validators=[clean_line])
    dated_on = models.DateField(_("date"), null=True, blank=True, validators=[day_since_1950])
    marking = models.CharField(_("marking"), max_length=10, choices=Marking.choices, default=Marking.LIMITE)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-year", "-number", "revision", "addendum", "corrigendum"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "year", "revision", "addendum", "corrigendum"],
                name="one_document_a_number",
                violation_error_message=_("A document with this number is already recorded."),
            )
        ]

    def __str__(self):
        return str(self.reference)

    def get_absolute_url(self):
        return reverse("council:document_detail", args=[self.pk])

    @property
    def reference(self):
        """The number as the Council writes it."""
        return Reference(
            self.number,
            self.year,
            self.revision,
            self.addendum,
            self.corrigendum,
            tuple(self.subject_codes),
        )

    @reference.setter
    def reference(self, reference):
        self.number, self.year = reference.number, reference.year
        self.revision, self.addendum = reference.revision, reference.addendum
        self.corrigendum, self.subject_codes = reference.corrigendum, list(reference.subject_codes)
