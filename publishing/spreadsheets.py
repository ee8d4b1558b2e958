"""Tables as files: CSV and xlsx, from the same cells as on the page.

Texts stay texts: what begins like a formula is neutralised in CSV and a text cell in xlsx. Numbers are numbers and days
are days, whatever words the page uses for them.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

import xlsxwriter

from publishing.figures import Cell, Column

BETWEEN_DIGITS = re.compile(r"(?<=\d)\s(?=\d)")  # whichever blank groups thousands
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LIKE_A_FORMULA = re.compile(f"'*[{re.escape(''.join(FORMULA))}]")
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
MOST_OF_A_NAME, MOST_OF_A_CELL = 31, 32_767  # characters that xlsx takes
WIDE, NARROW = 28, 14  # of columns, in characters
CSV, XLSX = "csv", "xlsx"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it.

    So does one that begins with such an apostrophe itself: `publishing.reading` takes one away, and has the text again.
    """
    return f"'{text}" if LIKE_A_FORMULA.match(text) else text


def plain_number(text: str) -> str:
    """A number as machines read it: without the spaces between thousands, with a hyphen for minus."""
    return BETWEEN_DIGITS.sub("", text).replace("\u2212", "-")


def number_in(cell: Cell) -> Decimal | None:
    """The number that a cell shows, None where it is a text ("31 % (5 ÷ 16)", "not stated")."""
    if not cell.is_number:
        return None
    try:
        number = Decimal(cell.plain or plain_number(str(cell.text)))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def file_of(suffix: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as a file (suffix `csv` or `xlsx`), headings first. KeyError for another suffix."""
    return {CSV: csv_file, XLSX: xlsx_file}[suffix](title, columns, rows)


def csv_file(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark by which spreadsheets recognise it, commas, plain numbers, days as 2026-11-27."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(str(column.label)) for column in columns])
    for row in rows:
        writer.writerow([_in_csv(cell) for cell in row])
    return ("\ufeff" + text.getvalue()).encode()


def _in_csv(cell: Cell) -> str:
    if cell.day is not None:
        return cell.day.isoformat()
    return cell.plain or plain_number(str(cell.text)) if cell.is_number else safe(str(cell.text))


def xlsx_file(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a heading row that stays in view; written row by row, so that its length costs no memory.

    A text of more than 32 767 characters, which no cell takes, ends in an ellipsis.
    """
    content = io.BytesIO()
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": title})
        bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(NOT_IN_A_NAME.sub(" ", title)[:MOST_OF_A_NAME].strip() or "1")
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, NARROW if column.is_number else WIDE)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, _fitting(str(column.label)), bold)
        for line, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                _write(sheet, line, at, cell, days)
    return content.getvalue()


def _write(sheet, line: int, at: int, cell: Cell, days) -> None:
    if cell.day is not None:
        sheet.write_datetime(line, at, _midnight(cell.day), days)
    elif (number := number_in(cell)) is not None:
        sheet.write_number(line, at, number)
    elif text := str(cell.text):
        sheet.write_string(line, at, _fitting(text))


def _midnight(day: date) -> datetime:
    """A day as spreadsheets store it; it has no time zone there."""
    return datetime.combine(day, time())


def _fitting(text: str) -> str:
    return text if len(text) <= MOST_OF_A_CELL else f"{text[: MOST_OF_A_CELL - 1]}…"
