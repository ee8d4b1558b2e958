"""The numbers of Council documents: reading what people write, writing one form.

A number runs in its year and stands with its revision twice, inside and as REV: `14743/1/11 REV 1`.
Real texts write it in many ways (with the subject codes before or after REV, with `+ COR 1`, as the
register does, `ST/10247/2023/INIT`); all are read to one `Reference`, and `str()` gives one form.

Decided here, where the sources are silent:

* An inner number without REV (`14743/1/11`) is revision 1, and REV without an inner number
  (`14743/11 REV 1`, the register's habit) too: one place says it, none denies it. Two that differ are refused.
* REV, ADD and COR come in this order. A revision of an addendum (`11415/16 ADD 1 REV 1`) is refused: read
  as the addendum of a revision it would be another document.
* Two digits of a year mean 1950 to 2049, and no other year is taken: the short form could not tell it.
* Subject codes describe a document, they do not identify it: equality ignores them.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NoReturn

from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1950, 2049
LONGEST = 200  # characters that are looked at; the longest real number with its codes has 60

_CLASSIC = re.compile(r"(?:ST ?)?(?P<number>[0-9]+)(?:/(?P<inner>[0-9]+))?/(?P<year>[0-9]+)(?P<rest>.*)")
_REGISTER = re.compile(r"ST[ /-](?P<number>[0-9]+)[ /-](?P<year>[0-9]{4})(?P<rest>(?:[ /-].*)?)")
_PART = re.compile(
    r"(?:(?P<kind>REV|ADD|COR) ?(?P<n>[0-9]+)|(?P<code>[A-Z]{2,16}) ?(?P<running>[0-9]{1,4}))(?![A-Z0-9])"
)
_MARKING = re.compile(r"(LIMITE|PUBLIC|RESTREINT|EU RESTRICTED)\b")


class DocumentNumberError(ValueError):
    """A text that is no document number; its message is a sentence for the user."""


@dataclass(frozen=True)
class Reference:
    """One Council document. `year` has four digits; 0 means no revision, addendum or corrigendum."""

    number: int
    year: int
    revision: int = 0
    addendum: int = 0
    corrigendum: int = 0
    subject_codes: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        """The number in the Council's own form, without subject codes: `14743/1/11 REV 1`."""
        inner = f"/{self.revision}" if self.revision else ""
        tail = (
            ("REV", self.revision),
            ("ADD", self.addendum),
            ("COR", self.corrigendum),
        )
        return f"{self.number}{inner}/{self.year % 100:02d}" + "".join(
            f" {kind} {n}" for kind, n in tail if n
        )

    @property
    def with_codes(self) -> str:
        """The number followed by the subject codes, as the head of a document has it."""
        return " ".join((str(self), *self.subject_codes))

    @property
    def sort_key(self) -> tuple[int, int, int, int, int]:
        """By year, number, revision, addendum, corrigendum: the order in which documents appear."""
        return (self.year, self.number, self.revision, self.addendum, self.corrigendum)

    def __lt__(self, other: "Reference") -> bool:
        return self.sort_key < other.sort_key


def parse(text: str) -> Reference:
    """Read a document number in any form that the Council uses. Raises DocumentNumberError."""
    line = _tidy(text)
    found = _REGISTER.fullmatch(line) or _CLASSIC.fullmatch(line)
    if not found:
        _refuse(_("Write a document number, as in 15198/09 or 14743/1/11 REV 1."))
    groups = found.groupdict()
    if not re.fullmatch("[1-9][0-9]{3,4}", groups["number"]):
        _refuse(_("A document number starts with four or five digits, as in 15198/09."))
    number, year = int(groups["number"]), _year(groups["year"])
    inner = _counted(groups["inner"], "REV") if groups.get("inner") else 0
    parts, codes = _parts(groups["rest"], register=found.re is _REGISTER)
    stated = parts.get("REV", 0)
    if inner and stated and inner != stated:
        offers = [str(Reference(number, year, revision)) for revision in (inner, stated)]
        _refuse(
            _(
                "The number says revision %(inner)d, its end says REV %(stated)d. Write %(first)s or %(second)s."
            )
            % {
                "inner": inner,
                "stated": stated,
                "first": offers[0],
                "second": offers[1],
            }
        )
    return Reference(number, year, inner or stated, parts.get("ADD", 0), parts.get("COR", 0), codes)


def _tidy(text: str) -> str:
    if len(text) > LONGEST:
        _refuse(_("This is too long for a document number."))
    if any(unicodedata.category(c).startswith("C") and c not in "\t\n\r" for c in text):
        _refuse(_("This holds a character that cannot be seen. Type the number again."))
    return " ".join(text.upper().split()).replace(" /", "/").replace("/ ", "/")


def _parts(rest: str, *, register: bool) -> tuple[dict[str, int], tuple[str, ...]]:
    """What follows the number: REV, ADD and COR by kind, and the subject codes in their order."""
    parts: dict[str, int] = {}
    codes: list[str] = []
    if register:
        rest = re.sub("[/-]", " ", rest)
        initial = re.match(r" INIT\b", rest)
        rest = rest[initial.end() :] if initial else rest
        if initial and re.search(r"\bREV\b", rest):
            _refuse(_("INIT is the first text, REV a revision of it: write one of them."))
    elif rest and not rest.startswith((" ", ",", "+")):
        _refuse_rest(rest)
    while rest := rest.lstrip(" ,+"):
        part = None if _MARKING.match(rest) else _PART.match(rest)
        if not part:
            _refuse_rest(rest)
        rest = rest[part.end() :]
        if part["code"]:
            codes.append(f"{part['code']} {_counted(part['running'], part['code'])}")
        else:
            _add(parts, part["kind"], _counted(part["n"], part["kind"]))
    return parts, tuple(codes)


def _add(parts: dict[str, int], kind: str, n: int) -> None:
    if kind in parts:
        _refuse(_("%(kind)s stands twice.") % {"kind": kind})
    if any(later in parts for later in {"REV": ("ADD", "COR"), "ADD": ("COR",)}.get(kind, ())):
        _refuse(_("Write REV before ADD and ADD before COR, as in 14743/1/11 REV 1 ADD 2."))
    parts[kind] = n


def _year(digits: str) -> int:
    if len(digits) not in (2, 4):
        _refuse(_("Write the year with two or four digits, as in 15198/09."))
    year = int(digits)
    if len(digits) == 2:
        year += 1900 if year >= FIRST_YEAR % 100 else 2000
    if not FIRST_YEAR <= year <= LAST_YEAR:
        _refuse(_("The year lies between %(first)d and %(last)d.") % {"first": FIRST_YEAR, "last": LAST_YEAR})
    return year


def _counted(digits: str, kind: str) -> int:
    if len(digits) > 4 or not int(digits):
        _refuse(_("The number after %(kind)s is between 1 and 9999.") % {"kind": kind})
    return int(digits)


def _refuse_rest(rest: str) -> NoReturn:
    if marking := _MARKING.match(rest):
        _refuse(_("Leave out %(marking)s: the marking has its own field.") % {"marking": marking[0]})
    _refuse(
        _(
            "“%(rest)s” is not understood. After the number come REV, ADD, COR and subject codes, each with its number."
        )
        % {"rest": rest[:40]}
    )


def _refuse(sentence: str) -> NoReturn:
    raise DocumentNumberError(sentence)
