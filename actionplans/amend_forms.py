"""The forms in which the text of a draft is amended, one part each; every one asks why."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.amending import siblings_of
from actionplans.copying import version_to_copy
from actionplans.models import (
    AddresseeBlock,
    Aim,
    Objective,
    StrategyVersion,
    VersionChange,
    Wording,
)
from actionplans.querysets import ONCE_AGREED
from actionplans.strategy_file import ADDRESSEES
from editing.forms import PortalForm, PortalModelForm
from strategy_portal.fields import TextBlock, TextLine, TextParagraph

AIM_LETTER = re.compile(r"[A-Z]{1,3}")
OBJECTIVE_LETTER = re.compile(r"[a-z0-9]{1,5}")
ADDRESSEE_NAMES = {
    "MS_CUSTOMS": gettext_lazy("Customs administrations of the Member States (MS)"),
    "CCWP": gettext_lazy("Customs Cooperation Working Party (CCWP)"),
    "COMMISSION": gettext_lazy("European Commission (COM)"),
}
FIRST = "first"


class ReasonMixin(forms.Form):
    """Why the text is changed: an outcome achieved, an external factor or a correction, and the reason in words."""

    cause = forms.ChoiceField(
        label=gettext_lazy("Why is the text changed?"),
        choices=VersionChange.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose why the text is changed.")},
    )
    reason = TextBlock(
        label=gettext_lazy("The reason in words"),
        rows=3,
        max_length=4000,
        help_text=gettext_lazy("Stands with the change on the page of this version."),
        error_messages={"required": gettext_lazy("Give the reason for this change.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in ("cause", "reason")])
        for name in ("cause", "reason"):
            self.fields[name].is_stored = False  # it stands with the change, not in the part

    def text_fields(self):
        """The fields of the text itself, which stand before the reason."""
        return [field for field in self.visible_fields() if field.name not in ("cause", "reason")]

    @property
    def why(self):
        """The reason as `amending.record` takes it."""
        return {"cause": self.cleaned_data["cause"], "reason": self.cleaned_data["reason"]}

    @property
    def changes_text(self):
        """Whether anything but the reason was entered."""
        return bool(set(self.changed_data) - {"cause", "reason"})


class AmendForm(ReasonMixin, PortalForm):
    """Asks for the reason and nothing else."""


class VersionForm(PortalForm):
    """A new version: which text it begins with, and why the strategy is amended."""

    source = forms.ModelChoiceField(
        StrategyVersion.objects.none(),
        label=gettext_lazy("Begins as a copy of"),
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose the version whose text is copied.")},
    )
    note = TextBlock(
        label=gettext_lazy("Why the strategy is amended"),
        rows=4,
        max_length=4000,
        help_text=gettext_lazy("Each change of the text is given a reason of its own besides."),
        error_messages={"required": gettext_lazy("Say why the strategy is amended.")},
    )

    def __init__(self, *args, strategy, standing, **kwargs):
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        source.queryset = strategy.versions.filter(status__in=ONCE_AGREED).order_by("-number")
        source.label_from_instance = lambda version: _("Version %(number)d (%(state)s)") % {
            "number": version.number, "state": standing.state_words(version),
        }  # fmt: skip
        source.initial = version_to_copy(strategy)
        if not source.queryset.exists():
            del self.fields["source"]
            self._ask_of_the_first()

    def _ask_of_the_first(self):
        """A first text amends none: it is asked where it comes from."""
        note = self.fields["note"]
        note.label = _("Where the text comes from")
        note.help_text = _(
            "For example: the text as it was published, and where. It stands with each part that you add."
        )
        note.error_messages["required"] = _("Say where the text comes from.")


class PlacedMixin(ReasonMixin):
    """A new part says after which of its siblings it stands; at the end unless another place is chosen."""

    after = forms.ChoiceField(label=gettext_lazy("Stands"))

    def offer_places(self, siblings, name):
        """Offer the places among siblings, each by its name."""
        field = self.fields["after"]
        offered = [(str(row.pk), _("after %(name)s") % {"name": name(row)}) for row in siblings]
        field.choices = [(FIRST, _("at the beginning")), *offered]
        field.initial = offered[-1][0] if offered else FIRST
        self.siblings = siblings
        if not siblings:
            del self.fields["after"]

    @property
    def place(self):
        """The number of siblings before the new part."""
        after = self.cleaned_data.get("after", FIRST)
        return 0 if after == FIRST else [str(row.pk) for row in self.siblings].index(after) + 1


# -- aims and addressees ---------------------------------------------------------------------------------------------


class AimForm(ReasonMixin, PortalModelForm):
    """Letter and text of an aim."""

    class Meta:
        model = Aim
        fields = ["letter", "text"]
        field_classes = {"text": TextParagraph}
        labels = {"letter": gettext_lazy("Letter"), "text": gettext_lazy("Text of the aim")}
        error_messages = {
            "letter": {"required": gettext_lazy("Give the aim a letter, such as D.")},
            "text": {"required": gettext_lazy("Write the text of the aim.")},
        }

    def clean_letter(self):
        letter = self.cleaned_data["letter"]
        if not AIM_LETTER.fullmatch(letter):
            raise ValidationError(_("The letter of an aim is a capital: A, B, C."))
        others = Aim.objects.filter(version=self.instance.version_id).exclude(pk=self.instance.pk)
        if others.filter(letter=letter).exists():
            raise ValidationError(_("This version has an aim %(letter)s already.") % {"letter": letter})
        return letter


class NewAimForm(PlacedMixin, AimForm):
    """A new aim with its place."""

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        self.offer_places(siblings_of(instance), lambda aim: _("aim %(letter)s") % {"letter": aim.letter})


class AddresseeBlockForm(ReasonMixin, PortalModelForm):
    """The addressees under an aim: heading and who they are; the code follows from them."""

    addressees = forms.MultipleChoiceField(
        label=gettext_lazy("Addressees"),
        choices=[(name, ADDRESSEE_NAMES.get(name, name)) for name in ADDRESSEES],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The code follows from them, such as B.MS+COM."),
        error_messages={"required": gettext_lazy("Choose whom the objectives are addressed to.")},
    )

    class Meta:
        model = AddresseeBlock
        fields = ["heading", "addressees"]
        labels = {"heading": gettext_lazy("Heading")}
        help_texts = {
            "heading": gettext_lazy("As it stands above the objectives, such as “For the Member States:”.")
        }
        error_messages = {"heading": {"required": gettext_lazy("Write the heading.")}}

    def clean_addressees(self):
        """The addressees in their usual order, so that one set of them has one code."""
        chosen = [name for name in ADDRESSEES if name in self.cleaned_data["addressees"]]
        aim, code = self.instance.aim, self.instance.code
        if chosen != self.instance.addressees:
            code = f"{aim.letter}.{'+'.join(ADDRESSEES[name] for name in chosen)}"
        others = AddresseeBlock.objects.filter(aim=aim, code=code).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(
                _("Aim %(letter)s has objectives for these addressees already: %(code)s.")
                % {"letter": aim.letter, "code": code}
            )
        self.code = code
        return chosen

    def _post_clean(self):
        super()._post_clean()
        self.instance.code = getattr(self, "code", self.instance.code)


class NewAddresseeBlockForm(PlacedMixin, AddresseeBlockForm):
    """New addressees under an aim with their place."""

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        self.offer_places(siblings_of(instance), lambda block: block.code)


# -- objectives ------------------------------------------------------------------------------------------------------


def checked_letter(letter, is_sub_point):
    """The letter of an objective or the numeral of a sub-point. Raises ValidationError."""
    if not letter and is_sub_point:
        raise ValidationError(_("Give the sub-point its numeral, such as iv."))
    if letter and not OBJECTIVE_LETTER.fullmatch(letter):
        raise ValidationError(_("Write a small letter or a numeral, such as d or iv, without a bracket."))
    return letter


def not_used_by(siblings, letter, own=None):
    """Refuse a letter that another objective of the same list has. Raises ValidationError."""
    for other in siblings:
        if other.letter == letter and other.pk != own:
            words = (
                _("%(code)s stands here under this letter already.")
                if letter
                else _("%(code)s stands here without a letter already.")
            )
            raise ValidationError(words % {"code": other.objective.code})


class WordingForm(ReasonMixin, PortalModelForm):
    """Letter and text of an objective or a sub-point."""

    class Meta:
        model = Wording
        fields = ["letter", "text"]
        field_classes = {"text": TextParagraph}
        labels = {"letter": gettext_lazy("Letter"), "text": gettext_lazy("Text of the objective")}
        help_texts = {
            "letter": gettext_lazy("As it stands before the text. The code does not change with it.")
        }
        error_messages = {"text": {"required": gettext_lazy("Write the text of the objective.")}}

    def clean_letter(self):
        words = self.instance
        letter = checked_letter(self.cleaned_data["letter"], bool(words.objective.parent_id))
        not_used_by(siblings_of(words), letter, words.pk)
        return letter


class NewObjectiveForm(PlacedMixin, PortalModelForm):
    """A new objective, or a sub-point of one: its code is made of its place and letter, and given once."""

    class Meta(WordingForm.Meta):
        help_texts = {
            "letter": gettext_lazy(
                "The code is made of it and never given to another objective, nor does it change later."
            )
        }

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        self.offer_places(siblings_of(instance), lambda words: words.objective.code)

    def clean_letter(self):
        objective, words = self.instance.objective, self.instance
        parent = objective.parent
        letter = checked_letter(self.cleaned_data["letter"], parent is not None)
        not_used_by(self.siblings, letter)
        code = f"{parent.code if parent else words.block.code}.{letter or '0'}"
        if Objective.objects.filter(strategy=objective.strategy_id, code=code).exists():
            raise ValidationError(
                _(
                    "The code %(code)s was given to another objective of this strategy and is never given again. "
                    "Choose another letter."
                )
                % {"code": code}
            )
        objective.code = code
        return letter


class MoveForm(ReasonMixin, PortalForm):
    """Where an objective goes: under which addressees, after which objective, with which letter."""

    place = forms.ChoiceField(
        label=gettext_lazy("Where it goes"),
        error_messages={"required": gettext_lazy("Choose where the objective goes.")},
    )
    letter = TextLine(label=gettext_lazy("Letter there"), max_length=5, required=False)

    def __init__(self, *args, words, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.words = words
        self.blocks = AddresseeBlock.objects.filter(aim__version=version).select_related("aim")
        self.blocks = {block.pk: block for block in self.blocks.order_by("aim__order", "order")}
        self.others = {pk: [] for pk in self.blocks}
        top = Wording.objects.filter(version=version, objective__parent=None).exclude(pk=words.pk)
        for other in top.select_related("objective").order_by("order"):
            self.others[other.block_id].append(other)
        self.fields["place"].choices = [("", _("Choose a place")), *self._groups()]
        self.fields["letter"].initial = words.letter
        self.fields["letter"].help_text = _("The code %(code)s does not change.") % {
            "code": words.objective.code
        }

    def _groups(self):
        for pk, block in self.blocks.items():
            offered = [(f"{pk}-0", _("first under %(code)s") % {"code": block.code})]
            for other in self.others[pk]:
                text = Truncator(other.text).chars(60)
                label = _("after %(code)s – %(text)s") % {"code": other.objective.code, "text": text}
                offered.append((f"{pk}-{other.pk}", label))
            yield f"{block.code} – {Truncator(block.heading).chars(70)}", offered

    def clean_letter(self):
        return checked_letter(self.cleaned_data["letter"], is_sub_point=False)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("place"):
            return cleaned
        block, after = (int(part) for part in cleaned["place"].split("-"))
        others = self.others[block]
        self.block = self.blocks[block]
        self.after = next((other for other in others if other.pk == after), None)
        if "letter" not in self.errors:
            try:
                not_used_by(others, cleaned["letter"])
            except ValidationError as error:
                self.add_error("letter", error)
        if self.words.block_id == block and self._stands_after() == after:
            self.add_error("place", _("It stands there already."))
        return cleaned

    def _stands_after(self):
        before = [other.pk for other in self.others[self.words.block_id] if other.order < self.words.order]
        return before[-1] if before else 0
