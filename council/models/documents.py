"""Council documents by their numbers (`council/documents.py` reads and checks those)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from council.documents import Reference
from council.querysets import DocumentQuerySet, PreviousDocumentQuerySet
from strategy_portal.fields import clean_line, day_since_1950
from strategy_portal.workflow import keeps_history


@keeps_history()
class Document(models.Model):
    """A Council document: its number with revision, addendum and corrigendum, subject codes and marking.

    Of a document with a higher marking than LIMITE only the reference is kept: number, date and marking, no title.
    """

    class Marking(models.TextChoices):
        PUBLIC = "PUBLIC", "PUBLIC"
        LIMITE = "LIMITE", "LIMITE"
        RESTREINT = "RESTREINT", "RESTREINT UE/EU RESTRICTED"
        CONFIDENTIEL = "CONFIDENTIEL", "CONFIDENTIEL UE/EU CONFIDENTIAL"
        SECRET = "SECRET", "SECRET UE/EU SECRET"

    KEPT_WHOLE = frozenset({Marking.PUBLIC, Marking.LIMITE})

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
    title = models.CharField(_("title"), max_length=300, blank=True, validators=[clean_line])
    dated_on = models.DateField(_("date"), null=True, blank=True, validators=[day_since_1950])
    previous = models.ManyToManyField(
        "self", through="council.PreviousDocument", symmetrical=False, related_name="followed_by", blank=True,
        verbose_name=_("previous documents"),
    )  # fmt: skip
    marking = models.CharField(_("marking"), max_length=12, choices=Marking.choices, default=Marking.LIMITE)

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
            ),
            models.CheckConstraint(
                name="document_titled_unless_only_its_reference_is_kept",
                condition=Q(marking__in=["PUBLIC", "LIMITE"]) & ~Q(title="")
                | ~Q(marking__in=["PUBLIC", "LIMITE"]) & Q(title=""),
                violation_error_message=_(
                    "Of a document with a higher marking than LIMITE only the reference is kept, without a title;"
                    " any other has one."
                ),
            ),
        ]

    def __str__(self):
        return str(self.reference)

    def get_absolute_url(self):
        return reverse("council:document_detail", args=[self.pk])

    @property
    def is_reference_only(self):
        """Whether nothing of the document is kept but its reference."""
        return self.marking not in self.KEPT_WHOLE

    @property
    def named(self):
        """The number with the title, or with the marking of a document that has none here."""
        return f"{self} {self.title or self.get_marking_display()}"

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


@keeps_history()
class PreviousDocument(models.Model):
    """That a document follows another, which its head names as "previous document"."""

    HISTORY_PARENT = "document"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="follows")
    previous = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="leads_to", verbose_name=_("previous document")
    )

    objects = PreviousDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("previous document")
        verbose_name_plural = _("previous documents")
        ordering = ["document", "previous"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "previous"], name="previous_document_once_a_document"
            ),
            models.CheckConstraint(
                name="document_does_not_follow_itself",
                condition=~Q(document=F("previous")),
                violation_error_message=_("A document does not follow itself."),
            ),
        ]

    def __str__(self):
        return f"{self.previous} → {self.document}"
