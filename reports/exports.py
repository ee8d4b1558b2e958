"""Tables as CSV: UTF-8 with the mark by which spreadsheets recognise it, commas, plain numbers, no formulas."""

import csv
import io
import re
from datetime import date

from django.http import HttpResponse

from publishing.figures import Figure

BETWEEN_DIGITS = re.compile(r"(?<=\d)\s(?=\d)")  # whichever blank groups thousands
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def plain_number(text: str) -> str:
    """A number as machines read it: without the spaces between thousands, with a hyphen for minus."""
    return BETWEEN_DIGITS.sub("", text).replace("\u2212", "-")


def csv_response(figure: Figure, day: date) -> HttpResponse:
    """The figure's table, the same rows as on the page, as a file to keep."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(str(column.label)) for column in figure.columns])
    for row in figure.rows:
        writer.writerow(
            [plain_number(str(cell.text)) if cell.is_number else safe(str(cell.text)) for cell in row]
        )
    return HttpResponse(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="progress-{figure.slug}-{day:%Y-%m-%d}.csv"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
