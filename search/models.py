"""The index of all that can be found. The database keeps it itself, by triggers on every table with such text."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from search.querysets import SearchEntryQuerySet


class SearchEntry(models.Model):
    """One text that can be found: an objective's wording, an action, a document …

    `owner_id` is the row that decides who sees it (of a wording its version, of an action the action itself), `keys`
    are the references under which it is found exactly, its own first; `args` is what address and name are made of.
    Written by the database only (`migrations/0002_texts.py`); no history, since it can be derived at any time.
    """

    source = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    owner_id = models.BigIntegerField()
    reference = models.TextField(blank=True)
    keys = ArrayField(models.TextField(), default=list)
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)
    state = models.CharField(max_length=20, blank=True)
    args = ArrayField(models.TextField(), default=list)
    document = models.GeneratedField(
        expression=Func(F("reference"), F("title"), F("body"), function="search_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    heading = models.GeneratedField(
        expression=Func(F("reference"), F("title"), Value(""), function="search_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the index")
        verbose_name_plural = _("entries of the index")
        ordering = ["source", "object_id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "object_id"], name="one_search_entry_a_text"),
        ]
        indexes = [
            GinIndex(fields=["document"], name="search_entry_document", fastupdate=False),
            GinIndex(fields=["keys"], name="search_entry_keys", fastupdate=False),
        ]

    def __str__(self):
        return f"{self.source} {self.reference or self.title}"
