"""Spreadsheets that people send, as rows of texts: xlsx and CSV, read to the same rows or refused with the reason.

Nothing is guessed and nothing left out in silence. What a text means (a day, a number, a code) is the business of
whoever asked for the table.
"""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.spreadsheets import FORMULA

MOST_BYTES = 5 * 1024 * 1024
MOST_COLUMNS = 50
MOST_TEXT = 5_000_000  # characters of all cells
MOST_WAITING = 20  # seconds
PROGRAM = Path(__file__).with_name("xlsx_process.py")
PACKED = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
)  # zip, empty zip, OLE: all that Excel has ever written
OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
)  # PDF, pictures, RTF: what is sent by a slip
# As `publishing.spreadsheets.safe` writes them.
GUARDED = re.compile(f"'+[{re.escape(''.join(FORMULA))}]")
SEPARATORS = (",", ";", "\t")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")  # in headings: a file of another kind, whatever its name
STATED_SEPARATOR = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE)


class Unreadable(Exception):
    """A file that is not read, in a sentence that says what to do."""


class Table(NamedTuple):
    """The rows of a file as texts, the first row of the sheet first, and what the reader should know of it."""

    rows: list[list[str]]
    note: str = ""


def read_table(content: bytes, *, most_rows: int) -> Table:
    """The only table of a file, with at most so many rows under its headings. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(
            _("The file has more than %(size)d MB. Take out pictures and other sheets, or send it in parts.")
            % {"size": MOST_BYTES // 1024 // 1024}
        )
    if content.startswith(OTHERS):
        raise Unreadable(_no_spreadsheet())
    if content.startswith(PACKED):
        table = Table(_rows_of_xlsx(content, most_rows))
    else:
        table = _read_csv(content, most_rows)
    rows = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in table.rows]
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise Unreadable(_("The file is empty: it has no cell with anything in it."))
    if len(rows) > most_rows + 1:
        raise Unreadable(_too_many_rows(most_rows))
    return table._replace(rows=rows)


def _no_spreadsheet():
    return _("This is no spreadsheet. Send an xlsx or CSV file.")


def _too_many_rows(most):
    return _("The file has more than %(most)d rows under its headings. Send it in parts.") % {"most": most}


# -- xlsx --------------------------------------------------------------------------------------------------------------


def _rows_of_xlsx(content, most_rows):
    limits = [str(most_rows + 1), str(MOST_COLUMNS), str(MOST_TEXT)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file comes on its standard input
            [sys.executable, "-I", PROGRAM, *limits],
            input=content, capture_output=True, timeout=MOST_WAITING, check=True,
        )  # fmt: skip
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError) as error:
        raise Unreadable(_sentence({"fault": "too_large"}, most_rows)) from error
    if "fault" in answer:
        raise Unreadable(_sentence(answer, most_rows))
    return answer["rows"]


def _sentence(answer, most_rows):
    """Why an xlsx was not read, and what to do."""
    fault = answer["fault"]
    if fault == "far" and re.fullmatch(f"[A-Z]{most_rows + 2}", answer["names"][0]):  # the table goes on
        return _too_many_rows(most_rows)
    names = ", ".join(answer.get("names", []))
    if more := answer.get("more"):
        names = ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more) % {
            "names": names, "more": more,
        }  # fmt: skip
    sentences = {
        "old": _("This is an old Excel file (.xls). Open it in Excel and save it as xlsx."),
        "encrypted": _("The file is protected by a password. Save it without one."),
        "macros": _("The file holds macros (.xlsm). Save it as xlsx, which has none."),
        "other_kind": _("This is a spreadsheet of another kind (.xlsb, .ods). Save it as xlsx or CSV."),
        "no_workbook": _no_spreadsheet(),
        "damaged": _("The file is damaged and cannot be read. Open it in Excel and save it again as xlsx."),
        "too_large": _("The file unpacks to more than can be read. Copy the table alone to a new file."),
        "too_much_text": _("The file holds more text than can be read at once. Send it in parts."),
        "sheets": _(
            "Several sheets hold something: %(names)s. Keep the sheet that is meant, delete the others."
        ),
        "hidden_sheet": _(
            "The sheet %(names)s is hidden. Show it (right-click on a sheet's name), and save again."
        ),
        "far": _(
            "Something stands far outside the table: %(names)s. Delete it, or copy the table to a new file."
        ),
        "merged": _("Cells are merged: %(names)s. Unmerge them, so that each row says everything itself."),
        "formulas": _(
            "Cells hold formulas: %(names)s. Copy them and paste them as values; only what stands there is read."
        ),
        "errors": _("Cells hold an error such as #N/A: %(names)s. Put right what they should say."),
        "hidden_rows": _("Rows are hidden: %(names)s. Show them or delete them; clear filters that are set."),
        "hidden_columns": _("Columns are hidden: %(names)s. Show them or delete them."),
    }
    return sentences[fault] % {"names": names}


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _read_csv(content, most_rows):
    text, note = _decoded(content)
    separator, text = _separator(text)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append([cell[1:] if GUARDED.match(cell) else cell for cell in row])
            if len(rows) > 10 * most_rows:
                break
    except csv.Error as error:
        raise Unreadable(
            _(
                "The CSV file cannot be read after row %(row)d: a quotation mark is not closed, or a cell is too long."
            )
            % {"row": len(rows)}
        ) from error
    if rows and any(CONTROL.search(cell) for cell in rows[0]):
        raise Unreadable(_no_spreadsheet())
    if any(len(row) > MOST_COLUMNS for row in rows):
        raise Unreadable(_("The file has more than %(most)d columns.") % {"most": MOST_COLUMNS})
    return Table(rows, note)


def _decoded(content):
    """The text of a CSV file, and what is to be looked at where its letters are not certain."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            try:
                return content.decode(encoding), ""
            except UnicodeDecodeError as error:
                raise Unreadable(
                    _("The file is damaged: its letters cannot be read. Save it again.")
                ) from error
    if content[1:2] == b"\0" or content[:1] == b"\0":
        try:
            return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be"), ""
        except UnicodeDecodeError:
            pass
    if b"\0" in content:
        raise Unreadable(_no_spreadsheet())
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise Unreadable(
            _("The letters of the CSV file cannot be read. Save it as “CSV UTF-8”, or send xlsx.")
        ) from error
    return text, _(
        "The file does not say how its letters are written and was read as Western European (Windows-1252). "
        "Where letters look wrong, save it as “CSV UTF-8” and send it again."
    )


def _separator(text):
    """What stands between the cells, and the text without a line that only states it ("sep=;")."""
    if (stated := STATED_SEPARATOR.match(text)) and stated[1] in SEPARATORS:
        return stated[1], text[stated.end() :]
    counts = {}
    for separator in SEPARATORS:
        try:
            counts[separator] = len(next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), []))
        except csv.Error:
            counts[separator] = 0
    return max(counts, key=counts.__getitem__), text
