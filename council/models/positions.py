"""What a delegation says to a question or to a tabled text: agrees, has a reservation, objects.

Saying nothing leaves no row. A silence procedure is one question; a text is asked about each time it is tabled: when it
is agreed or returned to draft, the positions of that time are ended together, and the next time begins with none.
"""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from council.querysets_silence import PositionQuerySet
from strategy_portal.dates import now
from strategy_portal.fields import clean_block
from strategy_portal.workflow import keeps_history


@keeps_history()
class Position(models.Model):
    """The position of one delegation in a silence procedure, or on a tabled text (`thing`) until `ended_at`."""

    class Stance(models.TextChoices):
        AGREES = "agrees", _("Agrees")
        RESERVATION = "reservation", _("Reservation")
        OBJECTS = "objects", _("Objects")

    HISTORY_PARENT = "procedure"

    procedure = models.ForeignKey(
        "council.SilenceProcedure", null=True, blank=True, on_delete=models.PROTECT, related_name="positions"
    )
    content_type = models.ForeignKey(
        ContentType, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("text")
    )
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    thing = GenericForeignKey()
    delegation = models.ForeignKey(
        "accounts.Delegation",
        on_delete=models.PROTECT,
        related_name="positions",
        verbose_name=_("delegation"),
    )
    stance = models.CharField(_("position"), max_length=12, choices=Stance.choices)
    text = models.TextField(_("in words"), blank=True, validators=[clean_block])
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(_("stated"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["delegation__protocol_order", "delegation__code"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="position_on_a_text")]
        constraints = [
            models.UniqueConstraint(
                name="one_position_of_a_delegation_in_a_procedure", fields=["procedure", "delegation"]
            ),
            models.UniqueConstraint(
                name="one_open_position_of_a_delegation_on_a_text",
                fields=["content_type", "object_id", "delegation"],
                condition=Q(ended_at=None),
            ),
            models.CheckConstraint(
                name="position_in_a_procedure_or_on_a_text",
                condition=Q(procedure__isnull=False, content_type=None, object_id=None, ended_at=None)
                | Q(procedure=None, content_type__isnull=False, object_id__isnull=False),
            ),
            models.CheckConstraint(
                name="reservation_and_objection_in_words",
                condition=Q(stance="agrees") | ~Q(text=""),
                violation_error_message=_("Say in words what the reservation or objection is."),
            ),
        ]

    def __str__(self):
        return gettext("%(delegation)s: %(stance)s") % {
            "delegation": self.delegation, "stance": self.get_stance_display(),
        }  # fmt: skip

    def get_absolute_url(self):
        return (self.procedure or self.thing).get_absolute_url()

    def said(self):
        """Who said what and when, as fields."""
        return {
            name: getattr(self, name) for name in ("delegation", "stance", "text", "stated_by", "stated_at")
        }

    def state(self, stance, text, *, by):
        """Say it, or say it anew; what was said before stays in the history."""
        self.stance, self.text, self.stated_by, self.stated_at = stance, text, by, now()
        self.save()
