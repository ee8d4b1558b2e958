"""Why the text of a version was changed, part by part."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from actionplans.models.strategies import StrategyVersion
from strategy_portal.fields import clean_block
from strategy_portal.workflow import keeps_history


@keeps_history()
class VersionChange(models.Model):
    """Why one part of the text was changed in a version (15198/09, I.6: "outcomes achieved and external factors").

    `was` keeps a part that was withdrawn, so that it can be taken back as it was.
    """

    class Part(models.TextChoices):
        SECTION = "section", _("Section")
        AIM = "aim", _("Aim")
        ADDRESSEES = "addressees", _("Addressees")
        OBJECTIVE = "objective", _("Objective")

    class Change(models.TextChoices):
        ADDED = "added", _("Added")
        REWORDED = "reworded", _("Reworded")
        MOVED = "moved", _("Moved")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RESTORED = "restored", _("Taken back")

    class Reason(models.TextChoices):
        OUTCOME = "outcome", _("Outcome achieved")
        EXTERNAL = "external", _("External factor")
        CORRECTION = "correction", _("Correction")

    version = models.ForeignKey(StrategyVersion, on_delete=models.CASCADE, related_name="changes")
    part = models.CharField(_("part"), max_length=10, choices=Part.choices)
    code = models.CharField(_("number or code"), max_length=40)
    change = models.CharField(_("change"), max_length=9, choices=Change.choices)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    text = models.TextField(_("the reason in words"), validators=[clean_block])
    made_at = models.DateTimeField(_("made"))
    was = models.JSONField(_("as it was"), null=True, blank=True, editable=False)

    HISTORY_PARENT = "version"

    class Meta:
        verbose_name = _("change of the text")
        verbose_name_plural = _("changes of the text")
        ordering = ["version", "pk"]

    def __str__(self):
        return f"{self.get_part_display()} {self.code}: {self.get_change_display()}"
