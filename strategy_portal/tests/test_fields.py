"""Text, numbers and days: what is taken, what it becomes, what is refused and in which words."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from strategy_portal.fields import (
    GROUP_SPACES,
    CodeField,
    DayField,
    NumberField,
    TextBlock,
    TextLine,
    TextParagraph,
    WholeNumberField,
    clean_block,
    clean_code,
    clean_line,
    clean_paragraph,
    day_since_1950,
    day_since_2000,
    number_text,
    parse_day,
    parse_number,
)


def refusal(function, *args, **kwargs):
    """The one sentence with which a value is refused."""
    with pytest.raises(ValidationError) as refused:
        function(*args, **kwargs)
    (sentence,) = refused.value.messages
    return sentence


# -- text --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Δημοκρατία", "България", "<script>alert(1)</script>", "{{7*7}}", "=1+1", "a\u00a0b", "soft\u00adhyphen",
     "zero\u200bwidth", "mark\u200e", "tab\there", "👩\u200d🔬", "e mail: a@b", "‘quoted’ – dash…"],
)  # fmt: skip
def test_pasted_text_is_kept_as_it_is(text):
    assert TextLine().clean(text) == text
    assert TextBlock().clean(text) == text


def test_text_is_normalised_and_its_ends_are_trimmed():
    assert TextLine().clean("  Re\u0301publique \n") == "République"
    assert TextBlock().clean("\r\n one\r\n\r\ntwo\rthree \u00a0") == "one\n\ntwo\nthree"


@pytest.mark.parametrize(
    ("text", "start"),
    {
        "a\x00b": "This holds a control character (U+0000)",
        "a\x1bb": "This holds a control character (U+001B)",
        "a\x9fb": "This holds a control character (U+009F)",
        "a\x0bb": "This holds an old form of line break (U+000B)",
        "invoice\u202efdp.exe": "This holds a hidden character (U+202E) that turns the reading order round. Delete it.",
        "a\u2066b": "This holds a hidden character (U+2066) that turns the reading order round. Delete it.",
        "a\ufffdb": "A character was lost on the way (it shows as �). Type it again.",
        "a\uffffb": "This holds something (U+FFFF) that is no character. Delete it.",
        "\u200b\u200b": "This holds only characters that cannot be seen.",
        "\u200b \u2800\u3164": "This holds only characters that cannot be seen.",
        "\ufeff": "This holds only characters that cannot be seen.",
    }.items(),
)
def test_what_no_text_may_hold_is_refused(text, start):
    for field in (TextLine(required=False), TextBlock(required=False)):
        sentence = refusal(field.clean, text)
        assert sentence[: len(start)] == start
    assert refusal(clean_line, text)[: len(start)] == start


def test_half_a_character_is_refused():
    assert refusal(clean_line, "a\ud800b") == "This holds something (U+D800) that is no character. Delete it."


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
def test_one_line_takes_no_line_break(mark):
    assert refusal(TextLine().clean, f"a{mark}b") == "Write this on one line, without line breaks."


@pytest.mark.parametrize("mark", ["\n", "\r", "\r\n", "\n\n", "\x85", "\u2028", "\u2029"])
def test_a_paragraph_takes_no_line_break_and_says_what_to_do(mark):
    assert refusal(TextParagraph().clean, f"one{mark}two") == (
        "This has 2 lines, and here stands one paragraph. Keep its text here without line breaks; add what is left as "
        "parts of their own: a paragraph, an item or a sub-point each."
    )


def test_a_paragraph_stands_as_it_is_typed_and_says_so_at_the_field():
    text = "* _a_ # 1. <b> [x](y) `z` \\ &amp; " + "long " * 900
    assert TextParagraph().clean(f"  {text}\r\n") == text.strip()
    assert str(TextParagraph().help_text).startswith("Plain text, one paragraph:")


def test_blanks_alone_are_empty():
    assert TextLine(required=False).clean(" \u00a0\t ") == ""
    assert refusal(TextLine().clean, " \u00a0 ") == "This field is required."
    assert TextLine(required=False, empty_value=None).clean(" ") is None


def test_length_is_counted_after_normalising_and_never_cut():
    assert TextLine(max_length=3).clean("e\u0301e\u0301e\u0301") == "ééé"
    assert refusal(TextLine(max_length=3).clean, "abcd") == "Write at most 3 characters; this has 4."


def test_the_input_does_not_cut_a_long_paste():
    assert "maxlength" not in TextLine(max_length=3).widget.attrs
    assert TextBlock(rows=9).widget.attrs["rows"] == 9


@given(st.text())
def test_cleaning_a_second_time_changes_nothing(text):
    for clean in (clean_line, clean_block, clean_paragraph):
        try:
            once = clean(text)
        except ValidationError:
            continue
        assert clean(once) == once


@pytest.mark.parametrize("code", ["C.CCWP.e", "B.MS+COM.a", "XK", "7.3", "OA-3/2"])
def test_a_code_is_letters_digits_and_a_few_marks(code):
    assert CodeField().clean(f" {code} ") == code


@pytest.mark.parametrize("code", ["C CCWP", "é", "Ｘ", ".a", "a.", "a;b"])
def test_another_code_is_refused(code):
    sentence = "A code has letters and digits without accents, with . + - _ / between them."
    assert refusal(clean_code, code) == sentence


# -- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    {
        "0": "0", "-0": "0", "00": "0", "0,0": "0", "007": "7", "12": "12", "1234": "1234", "1 234": "1234",
        "1 234,5": "1234.5", "1\u00a0234\u00a0567.25": "1234567.25", "1\u2009234": "1234", "1\u202f234,125": "1234.125",
        "1234.567": "1234.567", "1,5": "1.5", "0,125": "0.125", "0.500": "0.5", ".5": "0.5", ",25": "0.25",
        "1.2340": "1.234", "+3": "3", " 12 ": "12", "12.34": "12.34", "1,2300": "1.23",
        "999 999 999 999,999": "999999999999.999",
    }.items(),
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, value):
    assert NumberField().clean(text) == Decimal(value)


ODD = "Write a number such as 1 234,5: spaces between thousands, one comma or point before decimals."


@pytest.mark.parametrize(
    ("text", "sentence"),
    {
        "1_000": ODD, "NaN": ODD, "nan": ODD, "Infinity": ODD, "-inf": ODD, "1e999": ODD, "1e3": ODD, "0x1F": ODD,
        "1.234,5": ODD, "1,234.5": ODD, "1.234.567": ODD, "12 34": ODD, "1  234": ODD, "1 2345": ODD, "1'234": ODD,
        "5.": ODD, ".": ODD, "-": ODD, "twelve": ODD, "12 kg": ODD, "1/2": ODD, "5%": ODD, "1\x00": ODD, "--1": ODD,
        "１２": "Write the number with the digits 0 to 9.",
        "١٢": "Write the number with the digits 0 to 9.",
        "1²": "Write the number with the digits 0 to 9.",
        "-1": "This cannot be less than zero.",
        "\u22121": "This cannot be less than zero.",
        "1,2345": "Write at most 3 decimals; nothing is rounded here.",
        "0.0001": "Write at most 3 decimals; nothing is rounded here.",
        "1 000 000 000 000": "This is too large: at most 12 digits before the decimals.",
        "9" * 61: "This number is too long.",
        "1.234": "“1.234” can be read in two ways. Write 1 234 for the thousands, or 1.2340 for the decimals.",
        "12,500": "“12,500” can be read in two ways. Write 12 500 for the thousands, or 12.5 for the decimals.",
        "999.000": "“999.000” can be read in two ways. Write 999 000 for the thousands, or 999 for the decimals.",
    }.items(),
)  # fmt: skip
def test_what_is_no_number_is_refused_in_plain_words(text, sentence):
    assert refusal(NumberField(required=False).clean, text) == sentence


def test_one_decimal_and_one_digit_are_spoken_of_as_one():
    field = NumberField(max_digits=2, decimal_places=1, required=False)
    assert refusal(field.clean, "1,23") == "Write at most 1 decimal; nothing is rounded here."
    assert refusal(field.clean, "12") == "This is too large: at most 1 digit before the decimals."


@pytest.mark.parametrize(("text", "value"), [("-12,5", "-12.5"), ("\u22123", "-3"), ("-1 000", "-1000")])
def test_a_negative_number_is_taken_where_it_is_allowed(text, value):
    assert NumberField(negative=True).clean(text) == Decimal(value)


def test_a_negative_number_is_asked_back_too():
    assert refusal(NumberField(negative=True).clean, "-1.234") == (
        "“-1.234” can be read in two ways. Write -1 234 for the thousands, or -1.2340 for the decimals."
    )


def test_zero_is_a_value_and_empty_is_not_zero():
    assert NumberField().clean("0") == 0
    assert NumberField(required=False).clean("") is None
    assert refusal(NumberField().clean, "") == "This field is required."
    assert refusal(WholeNumberField().clean, " ") == "This field is required."
    assert WholeNumberField().clean("0") == 0


def test_limits_are_said():
    field = NumberField(min_value=Decimal("0.001"), max_value=100)
    assert refusal(field.clean, "0") == "This must be at least 0.001."
    assert refusal(field.clean, "100,5") == "This must be at most 100."


ODD_WHOLE = "Write a whole number such as 1 234, with spaces between thousands."


def test_a_whole_number_has_no_decimals_and_stays_within_the_database():
    assert WholeNumberField().clean("2 147 483 647") == 2147483647
    assert refusal(WholeNumberField().clean, "1,5") == "Write a whole number, without decimals."
    assert refusal(WholeNumberField().clean, "2147483648") == "This must be at most 2147483647."
    assert refusal(WholeNumberField().clean, "99999999999") == "This is too large: at most 10 digits."
    assert refusal(WholeNumberField().clean, "1.234") == (
        "“1.234” can be read in two ways. Write 1 234 for the thousands; this is a whole number, without decimals."
    )
    assert refusal(WholeNumberField().clean, "many") == ODD_WHOLE
    assert refusal(WholeNumberField().clean, "-1") == "This cannot be less than zero."
    assert refusal(WholeNumberField(max_value=10).clean, "1_0") == ODD_WHOLE


decimals = st.decimals(min_value=0, max_value=10**12 - 1, places=3, allow_nan=False, allow_infinity=False)


@given(decimals)
def test_what_a_form_shows_is_read_back_as_the_same_number(value):
    assert parse_number(number_text(value)) == value
    assert not NumberField().has_changed(value, number_text(value))


@given(decimals, st.sampled_from(GROUP_SPACES))
def test_grouped_numbers_are_the_same_numbers(value, space):
    whole, rest = f"{value:,.3f}".split(".")
    text = whole.replace(",", space)
    assert parse_number(f"{text},{rest}0") == value


@given(st.text(max_size=70) | st.from_regex(r"\A[-+0-9., eE_]{0,12}\Z"))
def test_any_text_is_a_finite_number_or_refused(text):
    with suppress(ValidationError):
        assert parse_number(text).is_finite()


def test_a_stored_number_is_shown_without_idle_zeros_or_a_second_reading():
    values = [Decimal("1.500"), Decimal("1.234"), Decimal("1E+3"), Decimal("0.000"), 7, 1234]
    assert [number_text(value) for value in values] == ["1.5", "1.2340", "1000", "0", "7", "1234"]


# -- days --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2026-11-27", "27/11/2026", " 27/11/2026 ", date(2026, 11, 27)])
def test_a_day_is_read_in_two_forms(text):
    assert DayField().clean(text) == date(2026, 11, 27)


FORMS = "Write the day as 27/11/2026 or 2026-11-27."


@pytest.mark.parametrize(
    ("text", "sentence"),
    {
        "01/02/26": "Write the year with four digits, as in 27/11/2026.",
        "27.11.2026": FORMS, "27 November 2026": FORMS, "20261127": FORMS, "2026/11/27": FORMS, "tomorrow": FORMS,
        "２０２６-11-27": FORMS, "2026-11-27T10:00": FORMS, "0": FORMS, "2026-11-27\x00": FORMS, "+2026-11-27": FORMS,
        "11/27/2026": "There is no month 27. The day comes first: 27/11/2026.",
        "2026-00-10": "There is no month 0. The day comes first: 27/11/2026.",
        "31/04/2026": "There is no 31 April 2026: that month has 30 days.",
        "2027-02-29": "There is no 29 February 2027: that month has 28 days.",
        "0000-01-01": "The year lies between 2000 and 2100.",
        "1999-12-31": "The year lies between 2000 and 2100.",
        "2101-01-01": "The year lies between 2000 and 2100.",
    }.items(),
)  # fmt: skip
def test_what_is_no_day_is_refused_in_plain_words(text, sentence):
    assert refusal(DayField(required=False).clean, text) == sentence


def test_history_goes_back_to_1950():
    assert DayField(since=1950).clean("01/01/1950") == date(1950, 1, 1)
    assert refusal(DayField(since=1950).clean, "1949-12-31") == "The year lies between 1950 and 2100."


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_of_the_range_is_read_back(day):
    assert parse_day(day.isoformat()) == parse_day(f"{day.day}/{day.month}/{day.year}") == day
    assert not DayField().has_changed(day, day.isoformat())


@given(st.text(max_size=12))
def test_any_text_is_a_day_or_refused(text):
    with suppress(ValidationError):
        assert 2000 <= parse_day(text).year <= 2100


def day_input(**kwargs):
    class DayForm(forms.Form):
        on = DayField()

    return str(DayForm(**kwargs)["on"])


def test_a_stored_day_is_shown_in_the_browsers_own_form():
    html = '<input type="date" name="on" value="2026-11-27" required id="id_on">'
    assert day_input(initial={"on": date(2026, 11, 27)}) == html


def test_a_day_typed_with_slashes_keeps_the_calendar():
    assert 'type="date" name="on" value="2026-11-27"' in day_input(data={"on": "27/11/2026"})


def test_what_was_typed_wrongly_is_still_shown():
    assert 'type="text" name="on" value="31/04/2026"' in day_input(data={"on": "31/04/2026"})


@pytest.mark.parametrize(
    ("validator", "inside", "outside"),
    [
        (day_since_2000, date(2000, 1, 1), date(1999, 12, 31)),
        (day_since_1950, date(1950, 1, 1), date(1949, 12, 31)),
    ],
)
def test_models_keep_the_same_years(validator, inside, outside):
    validator(inside)
    assert refusal(validator, outside)[:14] == "The year lies "
