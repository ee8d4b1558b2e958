"""Text, numbers and days as people type them: one set of rules for forms, models and loaders.

What is typed comes out as it was meant or is refused with a sentence that says what to do; it is never
changed in silence. Text is normalised to NFC, blanks at its ends fall away, line ends become `\\n`: nothing else.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from strategy_portal import choices

choices.say_plainly()  # here, for whatever makes forms has imported this module before

# -- text --------------------------------------------------------------------------------------------------------------

# Overrides and isolates turn the reading order round: a file name or a figure then reads as another one.
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Letters and marks by category, yet nothing is seen: Hangul fillers, the empty Braille cell, variation selectors.
BLANK_LOOKING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)
LINE_BREAKS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def clean_line(value: str) -> str:
    """A text of one line: NFC, without blanks at its ends. Raises ValidationError; also a model's validator."""
    text = _clean_text(value)
    if LINE_BREAKS.search(text):
        raise ValidationError(_("Write this on one line, without line breaks."), code="line_break")
    return text


def clean_block(value: str) -> str:
    """A text of several lines: NFC, line ends `\\n`, no blanks at its ends. Raises ValidationError; a validator too."""
    return _clean_text(value.replace("\r\n", "\n").replace("\r", "\n"))


def clean_paragraph(value: str) -> str:
    """A text of one paragraph, however long, without line breaks. Raises ValidationError, which says what to do."""
    text = clean_block(value)
    if LINE_BREAKS.search(text):
        lines = sum(bool(line.strip()) for line in LINE_BREAKS.split(text))
        raise ValidationError(
            _(
                "This has %(count)d lines, and here stands one paragraph. Keep its text here without line breaks; add "
                "what is left as parts of their own: a paragraph, an item or a sub-point each."
            ),
            code="line_break",
            params={"count": lines},
        )
    return text


def clean_code(value: str) -> str:
    """A code: letters and digits without accents, and `. + - _ /` between them. Raises ValidationError."""
    text = clean_line(value)
    if text and not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.+_/-]*[A-Za-z0-9])?", text):
        raise ValidationError(
            _("A code has letters and digits without accents, with . + - _ / between them."), code="code"
        )
    return text


def _clean_text(value: str) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    for character in dict.fromkeys(text):  # each different one once, the first wrong one first
        if refused := _why_not(character):
            raise ValidationError(refused, code="character")
    if text and all(_is_invisible(character) for character in text):
        raise ValidationError(
            _("This holds only characters that cannot be seen. Write something, or leave it empty."),
            code="invisible",
        )
    return text


def _why_not(character: str) -> str:
    """Why a character cannot stand in a text, or ""."""
    code = f"U+{ord(character):04X}"
    if character in BIDI_CONTROLS:
        return _(
            "This holds a hidden character (%(code)s) that turns the reading order round. Delete it."
        ) % {"code": code}
    if character == "\ufffd":
        return _("A character was lost on the way (it shows as �). Type it again.")
    category = unicodedata.category(character)
    if category == "Cs" or ord(character) & 0xFFFE == 0xFFFE:
        return _("This holds something (%(code)s) that is no character. Delete it.") % {"code": code}
    if category == "Cc" and not LINE_BREAKS.match(character) and character != "\t":
        return _("This holds a control character (%(code)s) that cannot be stored. Delete it.") % {
            "code": code
        }
    if character in "\v\f\x1c\x1d\x1e":
        return _("This holds an old form of line break (%(code)s). Put an ordinary line break there.") % {
            "code": code
        }
    return ""


def _is_invisible(character: str) -> bool:
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")
        or character in BLANK_LOOKING
        or 0xE0100 <= ord(character) <= 0xE01EF
    )


class TextLine(forms.CharField):
    """A text of one line. The input carries no `maxlength`: browsers cut a longer paste without a word."""

    clean_text = staticmethod(clean_line)
    default_error_messages = {
        "max_length": gettext_lazy("Write at most %(limit_value)d characters; this has %(show_value)d."),
    }

    def __init__(self, *, max_length: int = 200, **kwargs: Any):
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if value in self.empty_values:
            return value
        text = self.clean_text(value)
        return text if text else self.empty_value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class TextBlock(TextLine):
    """A text of several lines, `rows` of them in view."""

    clean_text = staticmethod(clean_block)

    def __init__(self, *, max_length: int = 20_000, rows: int = 6, **kwargs: Any):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=max_length, **kwargs)


class TextParagraph(TextBlock):
    """A text of one paragraph in plain words: no marks mean anything in it, and it takes no line break."""

    clean_text = staticmethod(clean_paragraph)
    plain = gettext_lazy(
        "Plain text, one paragraph: what you type stands as you type it. Lists and further paragraphs are parts of "
        "their own."
    )

    def __init__(self, *, help_text: Any = "", **kwargs: Any):
        super().__init__(help_text=help_text or self.plain, **kwargs)


class MarkdownBlock(TextBlock):
    """A long text in Markdown (`publishing.markdown`): stored as typed, with a preview and the marks at the field."""

    is_markdown = True


class CodeField(TextLine):
    """A short code such as `C.CCWP.e` or `XK`."""

    clean_text = staticmethod(clean_code)

    def __init__(self, *, max_length: int = 32, **kwargs: Any):
        super().__init__(max_length=max_length, **kwargs)


# -- numbers -----------------------------------------------------------------------------------------------------------

GROUP_SPACES = " \u00a0\u2007\u2009\u202f"
_MINUS = "\u2212-"
_WHOLE = rf"[0-9]+|[0-9]{{1,3}}(?:[{GROUP_SPACES}][0-9]{{3}})+"
_NUMBER = re.compile(rf"(?P<sign>[+{_MINUS}]?)(?P<whole>{_WHOLE})?(?:[.,](?P<decimals>[0-9]+))?")
_TWO_READINGS = re.compile(rf"[+{_MINUS}]?(?P<thousands>[1-9][0-9]{{0,2}})[.,](?P<rest>[0-9]{{3}})")
LONGEST_NUMBER = 60  # characters


def parse_number(
    text: str,
    *,
    max_digits: int = 15,
    decimal_places: int = 3,
    negative: bool = False,
) -> Decimal:
    """A number as people write it: `1234,5`, `1 234.5`; spaces group thousands, one comma or point is the decimal mark.

    `1.234` and `1,234` are refused with both readings. Decimals beyond `decimal_places` (zeros do not count)
    and more than `max_digits - decimal_places` digits before them are refused, never rounded. Raises ValidationError.
    """
    typed = text.strip()
    if len(typed) > LONGEST_NUMBER:
        raise ValidationError(_("This number is too long."), code="max_digits")
    if re.search(r"[^\x00-\x7f]", typed) and any(c.isdigit() and c not in "0123456789" for c in typed):
        raise ValidationError(_("Write the number with the digits 0 to 9."), code="digits")
    found = _NUMBER.fullmatch(typed)
    if not found or not (found["whole"] or found["decimals"]):
        raise ValidationError(_number_message(decimal_places), code="number")
    if found["sign"] in tuple(_MINUS) and not negative and re.search("[1-9]", typed):
        raise ValidationError(_("This cannot be less than zero."), code="min_value")
    if two := _TWO_READINGS.fullmatch(typed):
        raise _both_readings(typed, two["thousands"], two["rest"], decimal_places)
    whole = re.sub(f"[{GROUP_SPACES}]", "", found["whole"] or "0").lstrip("0") or "0"
    decimals = (found["decimals"] or "").rstrip("0")
    if len(decimals) > decimal_places:
        raise ValidationError(_decimals_message(decimal_places), code="max_decimal_places")
    if whole != "0" and len(whole) > max_digits - decimal_places:
        count = max_digits - decimal_places
        raise ValidationError(_too_large_message(count, decimal_places), code="max_digits")
    value = Decimal(f"{whole}.{decimals}" if decimals else whole)
    return -value if found["sign"] in tuple(_MINUS) and value else value


def _both_readings(typed: str, thousands: str, rest: str, decimal_places: int) -> ValidationError:
    if decimal_places == 0:
        return ValidationError(
            _(
                "“%(typed)s” can be read in two ways. Write %(thousands)s %(rest)s for the thousands; this is a whole "
                "number, without decimals."
            )
            % {"typed": typed, "thousands": thousands, "rest": rest},
            code="two_readings",
        )
    decimal = f"{thousands}.{rest}".rstrip("0").rstrip(".")
    offered = f"{decimal}0" if decimal.endswith(rest) else decimal
    sign = "-" if typed[0] in _MINUS else ""
    return ValidationError(
        _(
            "“%(typed)s” can be read in two ways. Write %(sign)s%(thousands)s %(rest)s for the thousands, or "
            "%(sign)s%(decimal)s for the decimals."
        )
        % {"typed": typed, "sign": sign, "thousands": thousands, "rest": rest, "decimal": offered},
        code="two_readings",
    )


def _number_message(places: int) -> str:
    if places == 0:
        return _("Write a whole number such as 1 234, with spaces between thousands.")
    return _("Write a number such as 1 234,5: spaces between thousands, one comma or point before decimals.")


def _too_large_message(count: int, places: int) -> str:
    if places == 0:
        said = ngettext(
            "This is too large: at most %(count)d digit.",
            "This is too large: at most %(count)d digits.",
            count,
        )
    else:
        said = ngettext(
            "This is too large: at most %(count)d digit before the decimals.",
            "This is too large: at most %(count)d digits before the decimals.",
            count,
        )
    return said % {"count": count}


def _decimals_message(places: int) -> str:
    if places == 0:
        return _("Write a whole number, without decimals.")
    return ngettext(
        "Write at most %(places)d decimal; nothing is rounded here.",
        "Write at most %(places)d decimals; nothing is rounded here.",
        places,
    ) % {"places": places}


def number_text(value: Any) -> str:
    """A number as a form shows it, so that posting it back unchanged gives the same number: never `1.234`."""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if "." in text and "e" not in text.lower():
        text = text.rstrip("0").rstrip(".")
    return f"{text}0" if _TWO_READINGS.fullmatch(text) else text


class NumberField(forms.Field):
    """A decimal number; empty is None, zero is zero. `suffix` names a unit that stands beside the input."""

    widget = forms.TextInput
    default_error_messages = {
        "min_value": gettext_lazy("This must be at least %(limit)s."),
        "max_value": gettext_lazy("This must be at most %(limit)s."),
    }

    def __init__(
        self,
        *,
        max_digits: int = 15,
        decimal_places: int = 3,
        negative: bool = False,
        min_value: Any = None,
        max_value: Any = None,
        suffix: Any = "",
        **kwargs: Any,
    ):
        self.parse = partial(
            parse_number, max_digits=max_digits, decimal_places=decimal_places, negative=negative
        )
        self.min_value, self.max_value, self.suffix = min_value, max_value, suffix
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            value = number_text(value)
        if value in self.empty_values or not str(value).strip():
            return None
        return self.parse(str(value))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        for name, limit, is_wrong in (
            ("min_value", self.min_value, self.min_value is not None and value < self.min_value),
            ("max_value", self.max_value, self.max_value is not None and value > self.max_value),
        ):
            if is_wrong:
                raise ValidationError(
                    self.error_messages[name], code=name, params={"limit": number_text(limit)}
                )

    def prepare_value(self, value: Any) -> Any:
        return (
            number_text(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}


class WholeNumberField(NumberField):
    """A whole number; empty is None, zero is zero."""

    def __init__(self, *, min_value: int = 0, max_value: int = 2_147_483_647, **kwargs: Any):
        kwargs |= {"max_digits": len(str(max_value)), "decimal_places": 0, "negative": min_value < 0}
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)

    def to_python(self, value: Any) -> Any:
        number = super().to_python(value)
        return None if number is None else int(number)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric", "autocomplete": "off"}


# -- days --------------------------------------------------------------------------------------------------------------

FIRST_YEAR, FIRST_HISTORICAL_YEAR, LAST_YEAR = 2000, 1950, 2100
_ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_WRITTEN_DAY = re.compile(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{2,4})")


def parse_day(text: str, *, since: int = FIRST_YEAR, until: int = LAST_YEAR) -> date:
    """A day written as 2026-11-27 or 27/11/2026, in the years `since` to `until`. Raises ValidationError."""
    typed = text.strip()
    found = _ISO_DAY.fullmatch(typed) or _WRITTEN_DAY.fullmatch(typed)
    if not found:
        raise ValidationError(_("Write the day as 27/11/2026 or 2026-11-27."), code="day")
    if len(found["year"]) != 4:
        raise ValidationError(_("Write the year with four digits, as in 27/11/2026."), code="year")
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if not 1 <= month <= 12:
        raise ValidationError(
            _("There is no month %(month)d. The day comes first: 27/11/2026.") % {"month": month},
            code="month",
        )
    _check_year(year, since, until)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError(
            _("There is no %(day)d %(month)s %(year)d: that month has %(days)d days.")
            % {"day": day, "month": MONTHS[month], "year": year, "days": monthrange(year, month)[1]},
            code="no_such_day",
        ) from None


def _check_year(year: int, since: int, until: int) -> None:
    if not since <= year <= until:
        raise ValidationError(
            _("The year lies between %(since)d and %(until)d.") % {"since": since, "until": until},
            code="year",
        )


def day_since_2000(value: date) -> None:
    """A model's validator: a day of the years 2000 to 2100."""
    _check_year(value.year, FIRST_YEAR, LAST_YEAR)


def day_since_1950(value: date) -> None:
    """A model's validator for history (past operations, memberships): a day of the years 1950 to 2100."""
    _check_year(value.year, FIRST_HISTORICAL_YEAR, LAST_YEAR)


class DayInput(forms.DateInput):
    """The browser's own calendar; a plain text input where what was typed is no day, for the calendar would drop it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        if shown:
            try:
                context["widget"]["value"] = parse_day(str(shown), since=1, until=9999).isoformat()
            except ValidationError:
                context["widget"]["type"] = "text"
        return context


class DayField(forms.Field):
    """A day of the years `since` to `until`, typed as 27/11/2026 or 2026-11-27; shown as the latter."""

    widget = DayInput

    def __init__(self, *, since: int = FIRST_YEAR, until: int = LAST_YEAR, **kwargs: Any):
        self.parse = partial(parse_day, since=since, until=until)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or not str(value).strip():
            return None
        return self.parse(value.isoformat() if isinstance(value, date) else str(value))
