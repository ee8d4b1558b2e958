"""The program that reads an xlsx in a process of its own: `python -I xlsx_process.py < file`, an answer in JSON.

It imports nothing of the portal. What is in the file is measured first, as streams of XML of a bounded size; only a
sheet without surprises is given to the reader of values, which makes a table of everything up to the last cell and
would abort on one at XFD1048576. The answer is {"rows": [[text, …], …]} or {"fault": name, …}: the sentences that
people read are made by `publishing.reading`.
"""

import contextlib
import io
import json
import posixpath
import re
import resource
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from python_calamine import CalamineError, CalamineWorkbook

MOST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 10  # of the processor
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 2_000
MOST_NAMED = 5  # cells that one answer names
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
NOT_SHOWN = {"hidden", "veryHidden"}


class Fault(Exception):
    """Why the file is not read: a name, and what belongs to it."""

    def __init__(self, name, **more):
        self.answer = {"fault": name, **more}
        super().__init__(name)


def read(content, most_rows, most_columns, most_text):
    """The rows of the only sheet as texts, the first row of the sheet first."""
    with _opened(content) as book:
        sheets = [(name, part, state) for name, part, state in _sheets(book) if _holds_something(book, part)]
        if not sheets:
            return []
        if len(sheets) > 1:
            raise Fault("sheets", names=[name for name, _part, _state in sheets[:MOST_NAMED]])
        name, part, state = sheets[0]
        if state in NOT_SHOWN:
            raise Fault("hidden_sheet", names=[name])
        _measure(book, part, most_rows, most_columns)
    return _values(content, name, most_text)


def _opened(content):
    if content.startswith(OLE):
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise Fault("encrypted" if is_encrypted else "old")
    try:
        book = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError) as error:
        raise Fault("damaged") from error
    parts = book.infolist()
    names = {part.filename.lower() for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise Fault("encrypted")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Fault("too_large")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Fault("macros")
    if "xl/workbook.bin" in names or "mimetype" in names:
        raise Fault("other_kind")
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise Fault("no_workbook")
    return book


def _elements(book, part, *, closed=True):
    """The elements of a part by their plain name, one after the other; each is emptied before the next comes.

    No more is unpacked than the file states, and what it states is bounded.
    """
    try:
        with book.open(part) as stream:
            parents = []
            for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
                if event == "start":
                    parents.append(element)
                    if not closed:
                        yield element.tag.rpartition("}")[2], element
                    continue
                parents.pop()
                if closed:
                    yield element.tag.rpartition("}")[2], element
                if parents and element.tag.rpartition("}")[2] in {
                    "row",
                    "sheet",
                    "Relationship",
                    "mergeCell",
                }:
                    parents[-1].clear()
    except (
        KeyError,
        zipfile.BadZipFile,
        ParseError,
        DefusedXmlException,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise Fault("damaged") from error


def _sheets(book):
    """The worksheets of the workbook: name, part, state."""
    targets = {}
    for kind, element in _elements(book, "xl/_rels/workbook.xml.rels"):
        if kind == "Relationship" and element.get("Type", "").endswith("/worksheet"):
            target = element.get("Target", "")
            targets[element.get("Id")] = posixpath.normpath(
                target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            )
    found = []
    for kind, element in _elements(book, "xl/workbook.xml"):
        if kind == "sheet":
            ident = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            if ident in targets:
                found.append((element.get("name", ""), targets[ident], element.get("state", "visible")))
    return found


def _holds_something(book, part):
    """Whether a sheet has a cell with a value."""
    return any(kind in {"v", "is", "f"} for kind, _element in _elements(book, part, closed=False))


def _measure(book, part, most_rows, most_columns):
    """Refuse what would be read otherwise than it is seen, or not at all."""
    row, column, columns = 0, 0, 0
    formulas, errors, merged, hidden_rows, hidden_columns, far = [], [], [], [], [], []
    for kind, element in _elements(book, part):
        if kind == "c":
            name, row, column = _place(element, row, column)
            children = {child.tag.rpartition("}")[2]: child for child in element}
            if not children.keys() & {"v", "is", "f"}:
                continue
            if row > most_rows or column > most_columns:
                far.append(name)
            elif "f" in children:
                formulas.append(name)
            elif element.get("t") == "e":
                errors.append(name)
            columns = max(columns, column)
            if len(far) > most_rows:  # there is no end: what was seen is enough
                break
        elif kind == "row":
            stated = element.get("r", "")
            row = int(stated) if re.fullmatch("[0-9]{1,7}", stated) else max(row, 1)
            if _is_hidden(element, "ht") and any(len(cell) for cell in element):
                hidden_rows.append(str(row))
            row, column = row + 1, 0
        elif kind == "col" and _is_hidden(element, "width"):
            hidden_columns.append((_whole(element, "min"), _whole(element, "max")))
        elif kind == "mergeCell":
            merged.append(element.get("ref", ""))
    seen = [letters(first) for first, last in hidden_columns if first <= min(columns, last)]
    for fault, names in (
        ("far", far), ("merged", merged), ("formulas", formulas), ("errors", errors), ("hidden_rows", hidden_rows),
        ("hidden_columns", seen),
    ):  # fmt: skip
        if names:
            raise Fault(fault, names=names[:MOST_NAMED], more=max(0, len(names) - MOST_NAMED))


def _place(element, row, column):
    """The name of a cell, its row and its column; where it is not stated it follows the one before."""
    stated = CELL.fullmatch(element.get("r", ""))
    if stated:
        return stated[0], int(stated[2]), _column(stated[1])
    row, column = max(row, 1), column + 1
    return f"{letters(column)}{row}", row, column


def _column(name):
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


def letters(column):
    """The letters of a column: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _is_hidden(element, size):
    """Hidden, or without any height or width."""
    return element.get("hidden") in {"1", "true"} or bool(re.fullmatch(r"0(\.0+)?", element.get(size, "")))


def _whole(element, name):
    stated = element.get(name, "")
    return int(stated) if re.fullmatch("[0-9]{1,5}", stated) else 1


def _values(content, name, most_text):
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise Fault("damaged") from error
    texts = [[_text(value) for value in row] for row in rows]
    if sum(len(text) for row in texts for text in row) > most_text:
        raise Fault("too_much_text")
    return texts


def _text(value):
    """A value as a text: whole numbers without decimals, days as 2026-11-27."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def main():
    """Read what comes in within limits, and answer."""
    for what, limit in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS)):
        with contextlib.suppress(ValueError, OSError):  # where less is allowed already
            resource.setrlimit(what, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limits = [int(argument) for argument in sys.argv[1:4]]
    try:
        answer = {"rows": read(sys.stdin.buffer.read(), *limits)}
    except Fault as fault:
        answer = fault.answer
    except MemoryError:
        answer = {"fault": "too_large"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
