"""The forms around the strategies: which objective goes on from which."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.forms import WORDS_OF_AN_OBJECTIVE
from actionplans.models import Objective, StrategyReview, StrategyVersion, Wording
from actionplans.models.reviews import REVIEWING_BODY
from actionplans.querysets import ONCE_AGREED
from council.models import Document, Meeting
from editing.forms import PortalModelForm
from publishing.words import day_words
from strategy_portal.dates import brussels_today


def objectives_before(objective):
    """The objectives of the strategies that are older than an objective's own: so no chain can lead back to it."""
    return Objective.objects.filter(strategy__dated_on__lt=objective.strategy.dated_on)


class PredecessorsField(forms.ModelMultipleChoiceField):
    """Boxes for the objectives of earlier strategies, under their strategy, each with its code and last words."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, objective):
        """Offer what stands in an earlier strategy."""
        earlier = objectives_before(objective)
        worded = Wording.objects.filter(objective__in=earlier, version__status__in=ONCE_AGREED)
        words = dict(worded.order_by("version__number").values_list("objective", "text"))
        groups: dict[str, list] = {}
        for row in earlier.select_related("strategy").order_by("-strategy__dated_on", "order", "code"):
            text = Truncator(words.get(row.pk, "")).chars(WORDS_OF_AN_OBJECTIVE)
            label = f"{row.code} – {text}" if text else row.code
            groups.setdefault(row.strategy.reference, []).append((row.pk, label))
        self.queryset = earlier
        self.choices = list(groups.items())


class PredecessorsForm(PortalModelForm):
    """Ticks the objectives of earlier strategies that one goes on from."""

    predecessors = PredecessorsField(
        queryset=Objective.objects.none(), required=False, label=gettext_lazy("Goes on from")
    )

    class Meta:
        model = Objective
        fields = ["predecessors"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["predecessors"].offer(self.instance)

    @property
    def has_choices(self):
        """Whether the portal holds objectives of an earlier strategy."""
        return bool(self.fields["predecessors"].choices)

    def clean_predecessors(self):
        chosen = self.cleaned_data["predecessors"]
        later = [row for row in chosen if row.strategy.dated_on >= self.instance.strategy.dated_on]
        if later:
            raise ValidationError(_("A predecessor stands in an earlier strategy."), code="later")
        return chosen


class ReviewForm(PortalModelForm):
    """What a review asked, what it considered and what came of it; the meeting is one of the reviewing body's."""

    class Meta:
        model = StrategyReview
        fields = ["meeting", "question", "reports", "outcome", "conclusion", "version"]
        labels = {
            "meeting": gettext_lazy("Meeting"),
            "question": gettext_lazy("Question"),
            "reports": gettext_lazy("Reports considered"),
            "outcome": gettext_lazy("Outcome"),
            "conclusion": gettext_lazy("Conclusion"),
            "version": gettext_lazy("Version that amends it"),
        }
        help_texts = {
            "question": gettext_lazy(
                "What the heads of customs and the Commission were asked about the strategy."
            ),
            "conclusion": gettext_lazy("Needed before the review can be concluded."),
            "version": gettext_lazy(
                "Only where the outcome is to amend the strategy: a draft, or a version that came into force later."
            ),
        }
        widgets = {"reports": forms.CheckboxSelectMultiple}

    def __init__(self, *args, strategy, **kwargs):
        super().__init__(*args, **kwargs)
        self.strategy = strategy
        meetings = (
            Meeting.objects.visible_to(self.user).filter(body__code=REVIEWING_BODY).select_related("body")
        )
        self.fields["meeting"].queryset = meetings
        if not meetings:
            self.fields["meeting"].help_text = format_html(
                '{} <a href="{}">{}</a>',
                _("No meeting of the heads of customs is recorded yet."),
                reverse("council:meeting_create"),
                _("Record the meeting first"),
            )
        self.fields["reports"].queryset = Document.objects.visible_to(self.user)
        self.fields["reports"].label_from_instance = lambda document: document.named
        self._offer_versions()

    def _offer_versions(self):
        """Offer the versions that can amend what was reviewed; any other is refused with why, not as unknown."""
        field, meeting = self.fields["version"], getattr(self.instance, "meeting", None)
        seen = StrategyVersion.objects.visible_to(self.user).filter(strategy=self.strategy)
        field.queryset = seen.exclude(status="withdrawn").select_related("strategy").order_by("-number")
        versions = list(field.queryset)
        self.first = versions[-1] if versions else None
        offered = [version for version in versions if not self._why_no_amendment(version, meeting)]
        labels = [(version.pk, f"{version} ({version.state_words})") for version in offered]
        field.choices = [("", field.empty_label), *labels]

    def _why_no_amendment(self, version, meeting):
        """Why a version does not amend the text that a meeting reviewed, or ""."""
        words = {"number": version.number}
        if version == self.first:
            return _("Version %(number)d is the first text of this strategy: it amends none.") % words
        if meeting and version.in_force_from and version.in_force_from <= meeting.held_on:
            words["day"] = day_words(version.in_force_from)
            why = _(
                "Version %(number)d is in force from %(day)s, not after the meeting: it is what was reviewed."
            )
            return why % words
        return ""

    def clean(self):
        cleaned = super().clean()
        meeting, outcome, version = (cleaned.get(name) for name in ("meeting", "outcome", "version"))
        if (
            meeting
            and outcome
            and outcome != StrategyReview.Outcome.OPEN
            and meeting.held_on > brussels_today()
        ):
            self.add_error("outcome", _("The meeting is yet to come: its outcome is open."))
        if version and outcome != StrategyReview.Outcome.AMEND:
            self.add_error("version", _("Only a review that amends the strategy names a version."))
        elif version and (why := self._why_no_amendment(version, meeting)):
            self.add_error("version", why)
        reviews = StrategyReview.objects.filter(strategy=self.strategy, meeting=meeting) if meeting else None
        if reviews is not None and reviews.exclude(pk=self.instance.pk).exists():
            self.add_error("meeting", _("This meeting has a review of the strategy already."))
        return cleaned
