"""The portal's forms: which field reads which model field, and what a page carries without the record knowing."""

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from editing.forms import PortalForm, PortalModelForm, portal_field
from editing.models import SubmittedForm
from strategy_portal.fields import (
    DayField,
    MarkdownBlock,
    NumberField,
    TextLine,
    WholeNumberField,
    day_since_1950,
)


def field_of(db_field, **kwargs):
    db_field.set_attributes_from_name("thing")
    return portal_field(db_field, **kwargs)


@pytest.mark.parametrize(
    ("db_field", "kind"),
    [
        (models.CharField(max_length=20), TextLine),
        (models.TextField(), MarkdownBlock),
        (models.DecimalField(max_digits=9, decimal_places=2), NumberField),
        (models.PositiveSmallIntegerField(), WholeNumberField),
        (models.BigIntegerField(), WholeNumberField),
        (models.DateField(), DayField),
        (models.EmailField(), forms.EmailField),
        (models.BooleanField(), forms.BooleanField),
        (models.CharField(max_length=5, choices=[("a", "A")]), forms.TypedChoiceField),
    ],
)
def test_each_model_field_is_read_by_the_portals_rules(db_field, kind):
    assert type(field_of(db_field)) is kind


def test_a_field_that_the_form_names_stays():
    assert type(field_of(models.CharField(max_length=20), form_class=forms.SlugField)) is forms.SlugField


def test_limits_come_from_the_model():
    number = field_of(models.DecimalField(max_digits=5, decimal_places=1, validators=[MinValueValidator(1)]))
    assert (number.min_value, number.clean("1,5")) == (1, 1.5)
    whole = field_of(models.PositiveSmallIntegerField(validators=[MaxValueValidator(99)]))
    assert (whole.min_value, whole.max_value) == (0, 99)
    assert field_of(models.PositiveSmallIntegerField()).max_value == 32767
    assert field_of(models.TextField()).max_length == 20_000
    assert field_of(models.CharField(max_length=7)).max_length == 7


def test_history_may_be_older():
    assert field_of(models.DateField(validators=[day_since_1950])).clean("1/1/1950").year == 1950
    with pytest.raises(forms.ValidationError):
        field_of(models.DateField()).clean("1/1/1950")


@pytest.mark.django_db
def test_a_model_form_reads_by_the_portals_rules_without_saying_so():
    class KeyForm(PortalModelForm):
        class Meta:
            model = SubmittedForm
            fields = ["key", "result_url", "object_id", "content_type"]

    form = KeyForm(user="Anna")
    kinds = {name: type(field) for name, field in form.fields.items()}
    assert kinds == {
        "key": TextLine,
        "result_url": MarkdownBlock,
        "object_id": WholeNumberField,
        "content_type": forms.ModelChoiceField,
    }
    assert (form.user, form.fields["content_type"].queryset.model) == ("Anna", ContentType)


class NoteForm(PortalForm):
    title = TextLine()


def test_what_the_page_carries_is_no_answer_of_the_form():
    form = NoteForm({"title": "A", "idempotency_key": "forged", "row_version": "forged"})
    form.carry_key()
    form.carry("row_version", "v1")
    assert form.is_valid()
    assert (form.cleaned_data, form.changed_data) == ({"title": "A"}, ["title"])


def test_the_page_shows_the_key_of_the_view_not_the_one_sent():
    form = NoteForm({"idempotency_key": "forged"})
    form.carry_key()
    assert form["idempotency_key"].value() == form.key != "forged"


def test_each_page_has_another_key():
    keys = set()
    for _ in range(10):
        form = NoteForm()
        form.carry_key()
        keys.add(form.key)
    assert len(keys) == 10
