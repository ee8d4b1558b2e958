"""The forms of a section of the text: its number and title, and its paragraphs and lettered items."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.amend_forms import PlacedMixin, ReasonMixin
from actionplans.amending import siblings_of
from actionplans.models import Section, SectionBlock
from actionplans.placed_lines import PlacedLineForm, PlacedLinesFormSet
from editing.forms import PortalModelForm, portal_inline_formset
from strategy_portal.fields import TextParagraph

SECTION_NUMBER = re.compile(r"[IVX]+(\.[0-9]+)*")


class SectionForm(ReasonMixin, PortalModelForm):
    """Number and title of a section of the text."""

    class Meta:
        model = Section
        fields = ["number", "title"]
        labels = {"number": gettext_lazy("Number"), "title": gettext_lazy("Title")}
        help_texts = {"number": gettext_lazy("As in the document: I, I.4, II.2.")}

    def clean_number(self):
        number = self.cleaned_data["number"]
        if not SECTION_NUMBER.fullmatch(number):
            raise ValidationError(_("This is no number of a section: write I, I.1 or II.2."))
        others = Section.objects.filter(version=self.instance.version_id).exclude(pk=self.instance.pk)
        if others.filter(number=number).exists():
            raise ValidationError(_("This version has a section %(number)s already.") % {"number": number})
        return number


class NewSectionForm(PlacedMixin, SectionForm):
    """A new section with its place; it can be the one in which the aims stand where none is yet."""

    class Meta(SectionForm.Meta):
        fields = ["number", "title", "holds_aims"]
        labels = {**SectionForm.Meta.labels, "holds_aims": gettext_lazy("The aims stand in this section")}

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        siblings = siblings_of(instance)
        self.offer_places(siblings, str)
        if any(section.holds_aims for section in siblings):
            del self.fields["holds_aims"]


class SectionBlockForm(PlacedLineForm):
    """A paragraph or a lettered item, and where in the section it stands."""

    class Meta:
        model = SectionBlock
        fields = ["place", "kind", "letter", "text"]
        field_classes = {"text": TextParagraph}
        labels = {
            "kind": gettext_lazy("Kind"),
            "letter": gettext_lazy("Letter of an item"),
            "text": gettext_lazy("Text"),
        }

    field_order = ["place", "kind", "letter", "text"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["kind"] = SectionBlock.Kind.PARAGRAPH
        self.fields["text"].help_text = ""  # said once, above the lines
        self.fields["kind"].choices = SectionBlock.Kind.choices

    @property
    def is_touched(self):
        """Whether somebody has typed into the line or something is wrong with it: it then stands open on the page."""
        return self.is_bound and (self.has_changed() or bool(self.errors))

    def clean(self):
        cleaned = super().clean()
        kind, letter = cleaned.get("kind"), cleaned.get("letter")
        if kind == SectionBlock.Kind.ITEM and not letter and "letter" not in self.errors:
            self.add_error("letter", _("Give the item a letter, or make it a paragraph."))
        if kind == SectionBlock.Kind.PARAGRAPH and letter:
            self.add_error("letter", _("A paragraph has no letter: should it be an item?"))
        return cleaned


class SectionBlockFormSet(PlacedLinesFormSet):
    """The paragraphs and items of a section in the order in which they are to stand."""

    title = gettext_lazy("Paragraphs and items")
    help_text = TextParagraph.plain

    def clean(self):
        if any(self.errors):
            return
        used = set()
        for line in self.lines():
            letter = line.cleaned_data.get("letter")
            if not letter:
                used = set()
            elif letter in used:
                line.add_error("letter", _("Another item of this list has the letter %(letter)s.") % {
                    "letter": letter,
                })  # fmt: skip
            used.add(letter)


SectionBlocks = portal_inline_formset(
    Section, SectionBlock, form=SectionBlockForm, formset=SectionBlockFormSet
)
