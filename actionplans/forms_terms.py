"""The form of terms of reference: their sections, and in lines their indicators and milestones."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.instruments import LEGAL_INSTRUMENTS
from actionplans.models import Indicator, Milestone, TermsOfReference
from actionplans.placed_lines import PlacedLineForm, PlacedLinesFormSet
from editing.forms import PortalModelForm, portal_inline_formset
from strategy_portal.fields import TextBlock

LINES = 50  # of each kind


class TermsForm(PortalModelForm):
    """A version of terms of reference. It may be saved unfinished; goals and outcome are needed when it is tabled."""

    class Meta:
        model = TermsOfReference
        fields = TermsOfReference.SECTIONS
        field_classes = {"legal_instruments": TextBlock}
        labels = {
            "background": gettext_lazy("Background"),
            "main_goals": gettext_lazy("Main goals"),
            "expected_outcome": gettext_lazy("Expected outcome"),
            "tasks": gettext_lazy("Tasks"),
            "scope": gettext_lazy("Scope"),
            "timetable": gettext_lazy("Timetable"),
            "reporting": gettext_lazy("Reporting duty"),
            "resources": gettext_lazy("Resources and funding"),
            "legal_instruments": gettext_lazy("Legal instruments"),
        }
        help_texts = {
            "background": gettext_lazy("Why the action is needed, and what it builds on."),
            "main_goals": gettext_lazy("What the action is to reach. Needed before the text can be tabled."),
            "expected_outcome": gettext_lazy(
                "What there will be at the end that was not there before. Needed before the text can be tabled."
            ),
            "tasks": gettext_lazy("Who does what."),
            "scope": gettext_lazy("What belongs to the action and what does not: goods, borders, years."),
            "timetable": gettext_lazy("Stages in words; their days stand below as milestones."),
            "reporting": gettext_lazy("Who reports to whom, in what form and how often."),
            "resources": gettext_lazy("People, equipment, money, and where they come from."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        examples = format_html_join("", "<li>{}</li>", ((name,) for name in LEGAL_INSTRUMENTS))
        self.fields["legal_instruments"].help_text = format_html(
            "{}<ul>{}</ul>", _("One on each line, for example:"), examples
        )


class MilestoneForm(PlacedLineForm):
    """What is to be reached, and by which day of the plan."""

    class Meta:
        model = Milestone
        fields = ["title", "due_on", "text"]
        field_classes = {"text": TextBlock}
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}
        labels = {
            "title": gettext_lazy("What is reached"),
            "due_on": gettext_lazy("Due on"),
            "text": gettext_lazy("Remarks"),
        }

    field_order = ["place", "title", "due_on", "text"]

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if not self.plan.covers(due_on):
            raise ValidationError(
                _("A milestone is due within the plan, %(begin)s to %(end)s.")
                % {"begin": date_format(self.plan.starts_on), "end": date_format(self.plan.ends_on)}
            )
        return due_on


class IndicatorForm(PlacedLineForm):
    """What is measured, in what unit, where it stands and where it is to be."""

    class Meta:
        model = Indicator
        fields = ["title", "unit", "baseline", "baseline_words", "target", "target_words", "measured"]
        field_classes = {"measured": TextBlock}
        widgets = {"measured": forms.Textarea(attrs={"rows": 2})}
        labels = {
            "title": gettext_lazy("What is measured"),
            "unit": gettext_lazy("Unit"),
            "baseline": gettext_lazy("Baseline"),
            "baseline_words": gettext_lazy("Baseline in words"),
            "target": gettext_lazy("Target"),
            "target_words": gettext_lazy("Target in words"),
            "measured": gettext_lazy("How it is measured"),
        }
        help_texts = {
            "unit": gettext_lazy("For example: guides, per cent, days."),
            "baseline": gettext_lazy("The value today. Empty means not stated, which is not zero."),
            "baseline_words": gettext_lazy("Beside the number or instead of it: about; not measured yet."),
            "target_words": gettext_lazy(
                "Beside the number or instead of it: at least; half of the baseline."
            ),
        }
        error_messages = {
            "unit": {"required": gettext_lazy("Say in what unit it is measured: pieces, per cent, days.")}
        }

    field_order = ["place", *Meta.fields]


class MilestoneFormSet(PlacedLinesFormSet):
    """The milestones of the timetable."""

    title = gettext_lazy("Milestones")
    add_label = gettext_lazy("Add a milestone")


class IndicatorFormSet(PlacedLinesFormSet):
    """The indicators of the expected outcome."""

    title = gettext_lazy("Indicators")
    add_label = gettext_lazy("Add an indicator")


Milestones = portal_inline_formset(
    TermsOfReference, Milestone, form=MilestoneForm, formset=MilestoneFormSet, max_num=LINES
)
Indicators = portal_inline_formset(
    TermsOfReference, Indicator, form=IndicatorForm, formset=IndicatorFormSet, max_num=LINES
)


def lines_of(terms, plan, source=None, **bound):
    """The formsets of the lines of a version, by name. Unbound, a new version begins with those of `source`."""
    made = {}
    for name, kind, options in (
        ("indicators", Indicators, {}),
        ("milestones", Milestones, {"form_kwargs": {"plan": plan}}),
    ):
        copied = lines_to_copy(kind, getattr(source, name).all()) if source and not bound else []
        made[name] = kind(instance=terms, prefix=name, initial=copied, **options, **bound)
        made[name].extra = len(copied) + 1
    return made


def lines_to_copy(kind, rows):
    """What a new line says that repeats an older one."""
    names = [name for name in kind.form._meta.fields if name != kind.fk.name]
    return [
        {"place": place, **{name: getattr(row, name) for name in names}}
        for place, row in enumerate(rows, start=1)
    ]
