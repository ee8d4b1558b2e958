"""What is not in a list is refused in plain words, whichever kind of field has the list."""

import django_filters
import pytest
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Body

pytestmark = pytest.mark.django_db
LIST = [("a", "A")]
FIELDS = {
    "choice": (lambda: forms.ChoiceField(choices=LIST), "z"),
    "typed choice": (lambda: forms.TypedChoiceField(choices=LIST), "z"),
    "several": (lambda: forms.MultipleChoiceField(choices=LIST), ["z"]),
    "no list": (lambda: forms.MultipleChoiceField(choices=LIST), "z"),
    "typed several": (lambda: forms.TypedMultipleChoiceField(choices=LIST), ["z"]),
    "row": (lambda: forms.ModelChoiceField(Body.objects.all()), "0"),
    "no row": (lambda: forms.ModelChoiceField(Body.objects.all()), "z"),
    "rows": (lambda: forms.ModelMultipleChoiceField(Body.objects.all()), ["0"]),
    "no rows": (lambda: forms.ModelMultipleChoiceField(Body.objects.all()), ["z"]),
    "filter": (lambda: django_filters.ChoiceFilter(choices=LIST).field, "z"),
    "filter of rows": (lambda: django_filters.ModelChoiceFilter(queryset=Body.objects.all()).field, "z"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_not_in_the_list_is_said_in_plain_words(name):
    make, value = FIELDS[name]
    with pytest.raises(ValidationError) as refused:
        make().clean(value)
    (said,) = refused.value.messages
    assert "hoose" in said
    assert not {"valid", "available"} & set(said.split())


def test_a_sentence_of_the_fields_own_is_kept():
    field = forms.ChoiceField(choices=LIST, error_messages={"invalid_choice": "Choose a stage."})
    with pytest.raises(ValidationError, match=r"^\['Choose a stage.'\]$"):
        field.clean("z")
