"""The forms of a strategy's record: its document and what became of it, recorded with what it repeals, or corrected."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.models import ObjectivePredecessor, Strategy
from editing.forms import PortalModelForm
from publishing.words import day_words
from strategy_portal.dates import brussels_today
from strategy_portal.fields import FIRST_HISTORICAL_YEAR, DayField, TextBlock

TAKEN = {"new"}  # a short name that is the address of a page
OF_THE_DOCUMENT = ("reference", "title", "dated_on", "resolution")


class RecordForm(PortalModelForm):
    """What a strategy's document is, and what became of it."""

    dated_on = DayField(since=FIRST_HISTORICAL_YEAR, label=gettext_lazy("Date"))
    ended_on = DayField(
        since=FIRST_HISTORICAL_YEAR,
        required=False,
        label=gettext_lazy("No longer in force from"),
        help_text=gettext_lazy("Only where it is repealed."),
    )
    note = TextBlock(label=gettext_lazy("Note"), required=False, rows=3, max_length=4000)

    class Meta:
        model = Strategy
        fields = [*OF_THE_DOCUMENT, "standing", "ended_on", "repealed_by", "source", "note"]
        labels = {
            "reference": gettext_lazy("Reference"),
            "title": gettext_lazy("Title"),
            "source": gettext_lazy("Source"),
        }
        help_texts = {
            "reference": gettext_lazy("The number of its document, such as 15198/09 or 2012/C 5/01."),
            "standing": gettext_lazy("What became of the document as it was published."),
            "repealed_by": gettext_lazy("Only where it is repealed, and the portal knows by what."),
            "source": gettext_lazy("Where date and standing were read."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = Strategy.objects.visible_to(self.user).order_by("-dated_on", "reference")
        self.fields["repealed_by"].queryset = self.seen.exclude(pk=self.instance.pk)
        self.fields["repealed_by"].label_from_instance = _named
        self.fields["repealed_by"].empty_label = _("None")

    def clean_reference(self):
        """The reference, which no other strategy has, however it is written."""
        reference = self.cleaned_data["reference"]
        others = Strategy.objects.exclude(pk=self.instance.pk)
        if other := others.filter(reference__iexact=reference).first():
            raise ValidationError(_("This strategy is recorded already: %(title)s.") % {"title": other.title})
        return reference

    def clean(self):
        cleaned = super().clean()
        dated_on = cleaned.get("dated_on") if "dated_on" in self.fields else self.instance.dated_on
        if (
            dated_on
            and dated_on > brussels_today()
            and cleaned.get("standing") != Strategy.Standing.NOT_KNOWN
        ):
            self.add_error(
                "dated_on", _("This day is yet to come: choose the standing “Not known” until then.")
            )
        self._clean_its_end(cleaned, dated_on)
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
            self.add_error("repealed_by", _dated(by))


class StrategyForm(RecordForm):
    """A strategy as a record without a text: that is begun, or loaded, on its page."""

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

    class Meta(RecordForm.Meta):
        fields = [*RecordForm.Meta.fields, "slug"]
        labels = RecordForm.Meta.labels | {"slug": gettext_lazy("Short name")}
        help_texts = RecordForm.Meta.help_texts | {
            "slug": gettext_lazy("Stands in its address. Left empty, it is made of the year: strategy-2026.")
        }
        error_messages = {
            "slug": {"invalid": gettext_lazy("A short name has only letters, digits and hyphens.")}
        }

    field_order = [
        *OF_THE_DOCUMENT, "standing", "ended_on", "repealed_by", "repeals", "repealed_from", "source", "note", "slug",
    ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["repeals"].queryset = self.seen.exclude(standing=Strategy.Standing.REPEALED)
        self.fields["repeals"].label_from_instance = _named

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
        self._clean_what_it_ends(cleaned, dated_on)
        return cleaned

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
                self.add_error("repealed_from", _dated(other))
            elif other == cleaned.get("repealed_by"):
                self.add_error("repeals", _("It cannot repeal what repeals it."))


class CorrectionForm(RecordForm):
    """Corrects a record, with a reason. What stands in a text that was agreed stays: only what became of it changes."""

    reason = TextBlock(
        label=gettext_lazy("Reason"),
        rows=3,
        max_length=4000,
        help_text=gettext_lazy("Everybody who sees the record can read it in its history."),
        error_messages={"required": gettext_lazy("Give the reason for this correction.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].is_stored = False  # it stands in the history, not in the record
        if self.instance.has_agreed_text():
            for name in OF_THE_DOCUMENT:
                del self.fields[name]

    @property
    def changes_record(self):
        """Whether anything but the reason was entered."""
        return bool(set(self.changed_data) - {"reason"})

    def clean(self):
        cleaned = super().clean()
        if dated_on := cleaned.get("dated_on"):
            self._keep_the_order(dated_on)
        if (by := cleaned.get("repealed_by")) and self.instance.has_repealed(by):
            why = _(
                "%(reference)s was itself repealed by this strategy, or by one that this strategy repealed."
            )
            self.add_error("repealed_by", why % {"reference": by.reference})
        return cleaned

    def _keep_the_order(self, dated_on):
        """What it repealed is no younger, and objectives go on from those of an earlier strategy only."""
        if younger := self.instance.repealed.filter(dated_on__gt=dated_on).first():
            why = _("It repealed %(reference)s, which is dated %(day)s.")
            self.add_error(
                "dated_on", why % {"reference": younger.reference, "day": day_words(younger.dated_on)}
            )
        links = ObjectivePredecessor.objects
        before = links.filter(
            objective__strategy=self.instance, predecessor__strategy__dated_on__gte=dated_on
        ).values("predecessor__strategy")
        after = links.filter(
            predecessor__strategy=self.instance, objective__strategy__dated_on__lte=dated_on
        ).values("objective__strategy")
        for why, others in (
            (_("Its objectives go on from those of %(reference)s, which is dated %(day)s."), before),
            (_("Objectives of %(reference)s, which is dated %(day)s, go on from its own."), after),
        ):
            if other := Strategy.objects.filter(pk__in=others).first():
                self.add_error(
                    "dated_on", why % {"reference": other.reference, "day": day_words(other.dated_on)}
                )


def _named(strategy):
    return f"{strategy.reference} – {strategy.title}"


def _dated(other):
    """That a day or a strategy lies before the date of another strategy, or after it."""
    return _("%(reference)s is dated %(day)s.") % {
        "reference": other.reference,
        "day": day_words(other.dated_on),
    }
