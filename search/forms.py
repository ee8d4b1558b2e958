"""What is asked; all of it is in the address."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from search.kinds import KINDS
from search.question import MOST_WORDS, count_words
from strategy_portal.fields import TextLine


class SearchForm(forms.Form):
    """Words or a reference, one kind of thing or all, and whether texts that have been replaced are wanted, too."""

    q = TextLine(
        label=_("Words or a number"),
        max_length=200,
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("In"),
        choices=[("", _("Everything")), *KINDS.items()],
        required=False,
        error_messages={"invalid_choice": _("“%(value)s” is no kind of thing here. Choose one of the list.")},
    )
    earlier = forms.BooleanField(
        label=_("Also texts that are no longer in force"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def clean_q(self):
        typed = self.cleaned_data["q"]
        if count_words(typed) > MOST_WORDS:
            raise ValidationError(gettext("Write at most %(most)d words.") % {"most": MOST_WORDS})
        return typed
