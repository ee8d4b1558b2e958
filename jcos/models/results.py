"""Result lines: one thing found or one kind of control. Totals are computed from them, never typed."""

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jcos.querysets import ResultLineQuerySet
from jcos.unchanging import lines_never_change
from publishing.words import quantity_words
from strategy_portal.fields import clean_line, day_since_2000
from strategy_portal.workflow import keeps_history

TEXT = {"max_length": 100, "blank": True, "validators": [clean_line]}


@keeps_history(level=pghistory.Statement)
class ResultLine(models.Model):
    """One thing found. Added up per measure × commodity × unit × kind of value, never across."""

    class Qualifier(models.TextChoices):
        EXACT = "exact", _("Exactly")
        ABOUT = "about", _("About")
        MORE_THAN = "more_than", _("More than")
        NEARLY = "nearly", _("Nearly")

    class Phase(models.TextChoices):
        OPERATIONAL = "operational", _("Operational")
        POST_OPERATIONAL = "post_operational", _("Post-operational")

    class LegalState(models.TextChoices):
        DETAINED = "detained", _("Detained")
        SEIZED = "seized", _("Seized")
        CONFISCATED = "confiscated", _("Confiscated")
        RELEASED = "released", _("Released")

    class ValueKind(models.TextChoices):
        FACE = "face", _("Face value of cash")
        MARKET = "market", _("Market value")
        GENUINE = "genuine", _("Value of genuine equivalents")
        DUTIES = "duties", _("Duties and taxes not lost")

    submission = models.ForeignKey("jcos.Submission", on_delete=models.CASCADE, related_name="lines")
    # What, how much and in which unit may be missing in a draft; `jcos.completeness` refuses to submit it so.
    measure = models.ForeignKey(
        "jcos.Measure",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("what is counted"),
    )
    commodity = models.ForeignKey(
        "jcos.Commodity",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("commodity"),
    )
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=15,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    unit = models.ForeignKey(
        "jcos.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    value_kind = models.CharField(
        _("kind of value"),
        max_length=8,
        choices=ValueKind.choices,
        blank=True,
        default="",
    )
    qualifier = models.CharField(
        _("how exact"),
        max_length=10,
        choices=Qualifier.choices,
        default=Qualifier.EXACT,
    )
    found_on = models.DateField(_("date"), null=True, blank=True, validators=[day_since_2000])
    place = models.CharField(_("place"), **TEXT)
    mode = models.ForeignKey(
        "jcos.TransportMode", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        verbose_name=_("mode of transport"),
    )  # fmt: skip
    departure = models.CharField(_("departure"), **TEXT)
    transhipment = models.CharField(_("transhipment"), **TEXT)
    destination = models.CharField(_("arrival"), **TEXT)
    phase = models.CharField(_("phase"), max_length=16, choices=Phase.choices, default=Phase.OPERATIONAL)
    legal_state = models.CharField(
        _("legal state"),
        max_length=12,
        choices=LegalState.choices,
        blank=True,
        default="",
    )
    case_reference = models.CharField(_("national case reference"), **TEXT)

    # The line of the version before of which this one began as a copy: what a correction changed can then be shown.
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    HISTORY_PARENT = "submission"

    objects = ResultLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("result line")
        verbose_name_plural = _("result lines")
        ordering = ["submission", "pk"]
        triggers = [lines_never_change()]
        constraints = [
            models.CheckConstraint(
                name="result_quantity_is_not_negative",
                condition=Q(quantity__gte=0),
                violation_error_message=_("A quantity is zero or more."),
            )
        ]

    def __str__(self):
        what = [str(part) for part in (self.measure, self.commodity) if part]
        if self.quantity is not None:
            what.append(quantity_words(self.quantity, self.unit.symbol if self.unit else "", self.qualifier))
        return ", ".join(what) or str(_("an empty line"))
