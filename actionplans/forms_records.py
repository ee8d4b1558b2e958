"""The form that records a strategy: its document, what became of it, and what it repeals."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.models import Strategy
from editing.forms import PortalModelForm
from publishing.words import day_words
from strategy_portal.fields import FIRST_HISTORICAL_YEAR, DayField, TextBlock

TAKEN = {"new"}  # a short name that is the address of a page


class StrategyForm(PortalModelForm):
    """A strategy as a record without a text: that is begun, or loaded, on its page."""

    dated_on = DayField(since=FIRST_HISTORICAL_YEAR, label=gettext_lazy("Date"))
    ended_on = DayField(
        since=FIRST_HISTORICAL_YEAR,
        required=False,
        label=gettext_lazy("No longer in force from"),
        help_text=gettext_lazy("Only where it is repealed."),
    )
    repeals = forms.ModelMultipleChoiceField(
        queryset=Strategy.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Repeals"),
        help_text=gettext_lazy("Earlier strategies that are not repealed yet."),
    )
    repealed_from = DayField(
        since=FIRST_HISTORICAL_YEAR,
        required=False,
        label=gettext_lazy("They are no longer in force from"),
        help_text=gettext_lazy("Left empty, it is the date of the new strategy."),
    )
    note = TextBlock(label=gettext_lazy("Note"), required=False, rows=3, max_length=4000)

    class Meta:
        model = Strategy
        fields = [
            "reference", "title", "dated_on", "resolution", "standing", "ended_on", "repealed_by",
            "repeals", "repealed_from", "source", "note", "slug",
        ]  # fmt: skip
        labels = {
            "reference": gettext_lazy("Reference"),
            "title": gettext_lazy("Title"),
            "source": gettext_lazy("Source"),
            "slug": gettext_lazy("Short name"),
        }
        help_texts = {
            "reference": gettext_lazy("The number of its document, such as 15198/09 or 2012/C 5/01."),
            "standing": gettext_lazy("What became of the document as it was published."),
            "repealed_by": gettext_lazy("Only where it is repealed, and the portal knows by what."),
            "source": gettext_lazy("Where date and standing were read."),
            "slug": gettext_lazy("Stands in its address. Left empty, it is made of the year: strategy-2026."),
        }
        error_messages = {
            "slug": {"invalid": gettext_lazy("A short name has only letters, digits and hyphens.")}
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        seen = Strategy.objects.visible_to(self.user).order_by("-dated_on", "reference")
        self.fields["repeals"].queryset = seen.exclude(standing=Strategy.Standing.REPEALED)
        self.fields["repealed_by"].queryset = seen
        for name in ("repeals", "repealed_by"):
            self.fields[name].label_from_instance = lambda one: f"{one.reference} – {one.title}"

    def clean_reference(self):
        """The reference, which no other strategy has, however it is written."""
        reference = self.cleaned_data["reference"]
        if other := Strategy.objects.filter(reference__iexact=reference).first():
            raise ValidationError(_("This strategy is recorded already: %(title)s.") % {"title": other.title})
        return reference

    def clean_slug(self):
        """The short name, which no other strategy and no page has; made in `clean` where none is given."""
        slug = self.cleaned_data["slug"]
        if slug in TAKEN or Strategy.objects.filter(slug__iexact=slug).exists():
            raise ValidationError(_("The short name “%(slug)s” is taken.") % {"slug": slug})
        return slug

    def clean(self):
        cleaned = super().clean()
        dated_on, reference = cleaned.get("dated_on"), cleaned.get("reference")
        if dated_on and reference and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = Strategy.objects.free_slug(dated_on, reference)
        self._clean_its_end(cleaned, dated_on)
        self._clean_what_it_ends(cleaned, dated_on)
        return cleaned

    def _clean_its_end(self, cleaned, dated_on):
        """Only a repealed strategy has ended, after its date, and by a strategy that is no older."""
        ended_on, by = cleaned.get("ended_on"), cleaned.get("repealed_by")
        if cleaned.get("standing") != Strategy.Standing.REPEALED:
            for name in ("ended_on", "repealed_by"):
                if cleaned.get(name):
                    self.add_error(name, _("Only a repealed strategy has ended: choose that standing."))
            return
        if dated_on and ended_on and ended_on < dated_on:
            self.add_error("ended_on", _("It is dated %(day)s.") % {"day": day_words(dated_on)})
        if dated_on and by and by.dated_on < dated_on:
            self.add_error("repealed_by", _older(by))

    def _clean_what_it_ends(self, cleaned, dated_on):
        """What it repeals is older than it is, and ends on a day of its own or later."""
        repeals, ends_from = cleaned.get("repeals"), cleaned.get("repealed_from")
        if ends_from and not repeals:
            self.add_error("repealed_from", _("Tick what it repeals."))
        for other in repeals or ():
            if dated_on and other.dated_on >= dated_on:
                why = _("%(reference)s is not older: it is dated %(day)s.")
                self.add_error(
                    "repeals", why % {"reference": other.reference, "day": day_words(other.dated_on)}
                )
            elif ends_from and ends_from < other.dated_on:
                self.add_error("repealed_from", _older(other))
            elif other == cleaned.get("repealed_by"):
                self.add_error("repeals", _("It cannot repeal what repeals it."))


def _older(other):
    """That a day or a strategy lies before the date of another strategy, or after it."""
    return _("%(reference)s is dated %(day)s.") % {
        "reference": other.reference,
        "day": day_words(other.dated_on),
    }
