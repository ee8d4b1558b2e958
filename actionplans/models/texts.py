"""The text of one version of a strategy, every paragraph of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from actionplans.models.strategies import Objective, StrategyVersion
from actionplans.unchanging import own_version, version_of_its
from strategy_portal.workflow import keeps_history


@keeps_history()
class Section(models.Model):
    """A numbered part of the text outside the aims; `holds_aims` marks the one in which the aims stand."""

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="sections")
    order = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    holds_aims = models.BooleanField(default=False)

    class Meta:
        ordering = ["version", "order"]
        triggers = [own_version()]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="section_number_once_a_version")
        ]

    def __str__(self):
        return f"{self.number} {self.title}"


@keeps_history()
class SectionBlock(models.Model):
    """A paragraph or lettered item of a section, word for word."""

    class Kind(models.TextChoices):
        PARAGRAPH = "paragraph", _("paragraph")
        ITEM = "item", _("item")

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="blocks")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    letter = models.CharField(max_length=5, blank=True)
    text = models.TextField()

    class Meta:
        ordering = ["section", "order"]
        triggers = [version_of_its("section", "actionplans_section")]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "order"],
                name="section_block_order_once",
                deferrable=models.Deferrable.DEFERRED,  # two paragraphs change places in one transaction
            )
        ]

    def __str__(self):
        return self.text[:60]


@keeps_history()
class Footnote(models.Model):
    """A footnote of the text with its mark."""

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="footnotes")
    mark = models.CharField(max_length=5)
    text = models.TextField()

    class Meta:
        ordering = ["version", "pk"]
        triggers = [own_version()]
        constraints = [
            models.UniqueConstraint(fields=["version", "mark"], name="footnote_mark_once_a_version")
        ]

    def __str__(self):
        return f"{self.mark} {self.text}"


@keeps_history()
class Aim(models.Model):
    """One overall aim (A, B, C) in one version."""

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="aims")
    order = models.PositiveSmallIntegerField()
    letter = models.CharField(max_length=3)
    text = models.TextField()

    class Meta:
        ordering = ["version", "order"]
        triggers = [own_version()]
        constraints = [
            models.UniqueConstraint(fields=["version", "letter"], name="aim_letter_once_a_version")
        ]

    def __str__(self):
        return f"{self.letter}. {self.text}"


@keeps_history()
class AddresseeBlock(models.Model):
    """The objectives of one aim for the same addressees, under their heading."""

    aim = models.ForeignKey(Aim, on_delete=models.CASCADE, related_name="blocks")
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20)
    heading = models.CharField(max_length=200)
    addressees = ArrayField(models.CharField(max_length=20), default=list)

    class Meta:
        ordering = ["aim", "order"]
        triggers = [version_of_its("aim", "actionplans_aim")]
        constraints = [
            models.UniqueConstraint(fields=["aim", "code"], name="addressee_block_code_once_an_aim")
        ]

    def __str__(self):
        return self.heading


@keeps_history()
class Wording(models.Model):
    """The text of an objective in one version, under its addressees; sub-points follow their parent."""

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="wordings")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="wordings")
    block = models.ForeignKey(AddresseeBlock, on_delete=models.CASCADE, related_name="wordings")
    order = models.PositiveSmallIntegerField()
    letter = models.CharField(max_length=5, blank=True)
    text = models.TextField()

    withdrawn_with: int | None = None  # the version that has it no longer, as `last_words` tells

    class Meta:
        ordering = ["version", "order"]
        triggers = [own_version()]
        constraints = [models.UniqueConstraint(fields=["version", "objective"], name="one_wording_a_version")]

    def __str__(self):
        return f"{self.objective_id}: {self.text[:60]}"
