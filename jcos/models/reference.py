"""Code lists of results: what is counted, what was found, in which unit, by which mode of transport."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.querysets import ReferenceQuerySet
from strategy_portal.workflow import keeps_history


class CodeList(models.Model):
    """A list with codes; names may change, codes never."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=99)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self):
        return self.name


@keeps_history()
class Unit(CodeList):
    """A unit of quantity. Units of different dimension are never added up."""

    symbol = models.CharField(_("written as"), max_length=20)
    dimension = models.CharField(_("dimension"), max_length=20)

    class Meta(CodeList.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    @property
    def is_money(self):
        """A value rather than a quantity: it needs a kind of value."""
        return self.dimension == "value"


@keeps_history()
class Commodity(CodeList):
    """What was found; the codes are this portal's own list."""

    category = models.CharField(_("category"), max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("usual unit"))
    other_units = models.CharField(
        _("other units in use"), max_length=60, blank=True, help_text=_("Codes with blanks between them.")
    )

    class Meta(CodeList.Meta):
        verbose_name = _("commodity")
        verbose_name_plural = _("commodities")


@keeps_history()
class Measure(CodeList):
    """What a line counts: seized, detained, cash declared, controlled, …"""

    class Group(models.TextChoices):
        CONTROLS = "controls", _("controls carried out")
        FINDINGS = "findings", _("findings")

    group = models.CharField(_("group"), max_length=10, choices=Group.choices)
    needs_commodity = models.BooleanField(_("names a commodity"), default=False)
    units = models.CharField(
        _("units"),
        max_length=120,
        blank=True,
        help_text=_("Codes with blanks between them; empty where the commodity decides."),
    )

    class Meta(CodeList.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("measures")


@keeps_history()
class TransportMode(CodeList):
    """Mode of transport at the border, by the customs code."""

    class Meta(CodeList.Meta):
        verbose_name = _("mode of transport")
        verbose_name_plural = _("modes of transport")
