"""What somebody published about an operation. It stands beside the results and is never summed with them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jcos.querysets import PublishedFigureQuerySet
from publishing.words import number_words
from strategy_portal.workflow import keeps_history

METRICS = {
    "analysed": _("Analysed"),
    "arrests": _("Arrests"),
    "case_files": _("Case files"),
    "cases": _("Cases"),
    "cash_declared": _("Cash declared"),
    "cash_detected_stated_total": _("Cash detected, total as stated"),
    "cash_undeclared": _("Cash not declared"),
    "cash_warnings": _("Cash in warning messages"),
    "containers": _("Containers"),
    "controls": _("Controls"),
    "controls_documentary": _("Documentary controls"),
    "controls_on_the_spot": _("Controls on the spot"),
    "controls_physical": _("Physical controls"),
    "declarations_over_100000": _("Declarations above EUR 100 000"),
    "detected": _("Detected"),
    "infringements": _("Infringements"),
    "investigations": _("Investigations"),
    "links_found": _("Links found"),
    "loss_prevented": _("Duties and taxes not lost"),
    "officers": _("Officers deployed"),
    "persons": _("People involved"),
    "seized": _("Seized"),
    "seized_total": _("Seized, total as stated"),
    "seizure_messages": _("Seizure messages"),
    "seizures": _("Seizures"),
    "suspects": _("Suspects"),
    "value": _("Value, kind not stated"),
    "value_genuine_equivalent": _("Value of genuine equivalents"),
    "warning_messages": _("Warning messages"),
}


@keeps_history()
class PublishedFigure(models.Model):
    """A figure that somebody published about an operation, as it was published."""

    operation = models.ForeignKey(
        "jcos.Operation", on_delete=models.PROTECT, related_name="published_figures"
    )
    metric = models.CharField(_("what is counted"), max_length=60)
    commodity = models.ForeignKey(
        "jcos.Commodity", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)
    unit = models.ForeignKey("jcos.Unit", on_delete=models.PROTECT, related_name="+")
    qualifier = models.CharField(_("qualifier"), max_length=20)
    part_of = models.CharField(_("of which total"), max_length=20, default="total")
    delegation = models.ForeignKey(
        "accounts.Delegation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    source = models.TextField(_("source"), blank=True)

    HISTORY_PARENT = "operation"

    objects = PublishedFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ["operation", "pk"]

    def __str__(self):
        return f"{self.metric_name}: {self.quantity_words}"

    @property
    def metric_name(self):
        """What is counted, in words."""
        return METRICS.get(self.metric, self.metric.replace("_", " ").capitalize())

    @property
    def quantity_words(self):
        """The quantity with its unit and the qualifier with which it was published: "nearly 135 000 000 pieces"."""
        text = f"{number_words(self.quantity)}\u00a0{self.unit.symbol}"
        return text if self.qualifier == "exact" else f"{self.qualifier} {text}"
