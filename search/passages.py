"""The passage of a text in which something was found, with what was found marked. Nothing of a text becomes markup."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

BEGIN, END = "\ue000", "\ue001"  # of a find, within what the database gives back
LONGEST = 260  # characters of a passage
BEFORE = 60  # characters before the first find
LONGEST_TITLE = 140  # characters of a title

Span = tuple[int, int]


def spans(marked: str, length: int) -> list[Span]:
    """Where the finds stand in a text of that length. The database marks them in the text without accents, which has
    the same characters one by one; where it has not (a text that is not normalised), nothing is marked.
    """
    found, place, begun = [], 0, 0
    for character in marked:
        if character == BEGIN:
            begun = place
        elif character == END:
            found.append((begun, place))
        else:
            place += 1
    return found if place == length else []


def joined(*found: list[Span]) -> list[Span]:
    """Spans of several searches as one list in order, none over another."""
    ordered = sorted(span for several in found for span in several)
    whole: list[Span] = []
    for begin, end in ordered:
        if whole and begin <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((begin, end))
    return whole


def within(found: list[Span], begin: int, end: int) -> list[Span]:
    """The spans between two places, counted from the first."""
    return [(max(a, begin) - begin, min(b, end) - begin) for a, b in found if a < end and b > begin]


def marked_text(text: str, found: list[Span]) -> SafeString:
    """The text as HTML with the spans in `<mark>`; everything else literally what it is, its lines on one line."""
    parts, place = [], 0
    for begin, end in found:
        parts += [(_on_one_line(text[place:begin]), _on_one_line(text[begin:end]))]
        place = end
    html = format_html_join("", "{}<mark>{}</mark>", parts)
    return format_html("{}{}", html, _on_one_line(text[place:]))


def _on_one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " · ", text)


def passage(text: str, found: list[Span]) -> SafeString:
    """The part of a text with the most finds, cut between words, with dots where it was cut."""
    return cut_text(text, found, *_window(text, found))


def beginning(title: str) -> int:
    """Where a title ends that is too long to be shown whole: between two words."""
    if len(title) <= LONGEST_TITLE:
        return len(title)
    last = title.rfind(" ", LONGEST_TITLE // 2, LONGEST_TITLE)
    return last if last > 0 else LONGEST_TITLE


def cut_text(text: str, found: list[Span], begin: int, end: int) -> SafeString:
    """A part of a text with the finds marked, and dots where it was cut."""
    html = marked_text(text[begin:end], within(found, begin, end))
    return format_html("{}{}{}", "… " if begin else "", html, " …" if end < len(text) else "")


def _window(text: str, found: list[Span]) -> Span:
    if len(text) <= LONGEST:
        return 0, len(text)
    begins = [max(0, begin - BEFORE) for begin, _end in found[:200]] or [0]
    begin = max(begins, key=lambda place: (len(within(found, place, place + LONGEST)), -place))
    if begin:
        begin += _next_gap(text[begin : begin + BEFORE])
    end = min(len(text), begin + LONGEST)
    if end < len(text):
        last = text.rfind(" ", begin + LONGEST // 2, end)
        end = last if last > 0 else end
    return begin, end


def _next_gap(text: str) -> int:
    gap = re.search(r"\s+", text)
    return gap.end() if gap and gap.end() < len(text) else 0
