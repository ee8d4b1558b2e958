"""What a form showed, as a digest: the same for the same values, another for any change of what the form edits."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from editing.forms import PortalForm
from editing.versions import canonical, digest, read, version_of, written
from strategy_portal.fields import DayField, NumberField, TextLine


class NoteForm(PortalForm):
    title = TextLine()
    amount = NumberField(required=False)
    on = DayField(required=False)
    fixed = forms.CharField(disabled=True, required=False)
    proposed = forms.DateField(required=False, initial=date.today)


STORED = {"title": "Note", "amount": Decimal("1.500"), "on": date(2026, 11, 27), "fixed": "a"}


def version(**changes):
    return version_of(NoteForm(initial=STORED | changes))


def test_the_same_values_have_the_same_version():
    assert version() == version(amount=Decimal("1.5"))


@pytest.mark.parametrize(
    "change", [{"title": "Note "}, {"amount": Decimal("1.51")}, {"amount": None}, {"on": None}]
)
def test_another_value_has_another_version(change):
    assert version() != version(**change)


def test_what_the_form_does_not_edit_has_no_part_in_it():
    assert version() == version(fixed="b")
    assert sorted(read(version())) == ["amount", "on", "title"]


def test_the_hidden_fields_of_the_page_have_no_part_in_it():
    form = NoteForm(initial=STORED)
    form.carry_key()
    form.carry("row_version", "anything")
    assert version_of(form) == version()


@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,9}\Z"), st.from_regex(r"\A[0-9a-f]{16}\Z")))
def test_a_version_is_read_as_it_was_written(parts):
    assert read(written(parts)) == parts


@given(st.text(max_size=300))
def test_any_text_is_read_as_some_parts(text):
    assert isinstance(read(text), dict)


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Decimal("10.00"), "10"),
        (Decimal("1E+2"), "100"),
        (date(2026, 11, 27), "2026-11-27"),
        (datetime(2026, 11, 27, 10, tzinfo=UTC), "2026-11-27T10:00:00+00:00"),
        (("b", "a"), ["b", "a"]),
        ({"b": Decimal("1.0")}, {"b": "1"}),
        (None, None),
        (0, 0),
        (False, False),
    ],
)
def test_values_become_plain_json(value, plain):
    assert canonical(value) == plain


def test_empty_zero_and_nothing_are_three_things():
    assert len({digest(""), digest(0), digest(None), digest(False)}) == 4
