"""A table as a file holds what the page shows: texts as texts, numbers as numbers, days as days."""

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from publishing.figures import Cell, Column, day_cell
from publishing.spreadsheets import CSV, MOST_OF_A_CELL, XLSX, file_of

COLUMNS = [Column("Name"), Column("Quantity", True), Column("Day")]
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "http://example.eu",
    "007",
    "7.10",
    "<b>é</b>",
    "Ελλάδα",
    "{{ 7*7 }}",
]


def read(suffix, rows, title="Table"):
    """The rows of the file, heading first, as a spreadsheet reads them."""
    content = file_of(suffix, title, COLUMNS, rows)
    if suffix == CSV:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_numbers_are_numbers_and_days_are_days_in_xlsx():
    rows = [
        [Cell("A"), Cell("1\u00a0240\u00a0000.5", is_number=True), day_cell(date(2026, 11, 27))],
        [Cell("B"), Cell("\u22123", is_number=True), day_cell(None, "not yet")],
    ]
    assert read(XLSX, rows) == [
        ["Name", "Quantity", "Day"], ["A", 1240000.5, date(2026, 11, 27)], ["B", -3.0, "not yet"],
    ]  # fmt: skip


def test_the_same_table_as_csv():
    rows = [[Cell("A"), Cell("1\u00a0240\u00a0000.5", is_number=True), day_cell(date(2026, 11, 27))]]
    assert read(CSV, rows) == [["Name", "Quantity", "Day"], ["A", "1240000.5", "2026-11-27"]]
    assert file_of(CSV, "Table", COLUMNS, rows).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_comes_back_from_xlsx_as_it_was(text):
    assert read(XLSX, [[Cell(text), Cell("1", is_number=True), Cell("")]])[1] == [text, 1.0, ""]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_in_csv(text):
    found = read(CSV, [[Cell(text), Cell("1", is_number=True), Cell("")]])[1][0]
    assert found in (text, f"'{text}")
    assert found.startswith(("=", "+", "-", "@", "\t")) is False


def test_what_is_no_number_stays_a_text_in_a_column_of_numbers():
    for words in ("31\u00a0% (5 ÷ 16)", "not stated", "–", "NaN"):
        assert read(XLSX, [[Cell("A"), Cell(words, is_number=True), Cell("")]])[1][1] == words


def test_the_largest_quantity_keeps_all_its_digits():
    rows = [[Cell("A"), Cell("999\u00a0999\u00a0999\u00a0999.999", is_number=True), Cell("")]]
    assert read(XLSX, rows)[1][1] == 999999999999.999


def test_a_text_that_no_cell_takes_is_cut_visibly():
    found = read(XLSX, [[Cell("x" * (MOST_OF_A_CELL + 1)), Cell("1", is_number=True), Cell("")]])[1][0]
    assert (len(found), found[-2:]) == (MOST_OF_A_CELL, "x…")


def test_a_title_that_no_sheet_may_bear_is_shortened():
    for title in ("A/B:[C]*?\\'" * 9, "///", ""):
        assert read(XLSX, [], title) == [["Name", "Quantity", "Day"]]


def test_another_form_is_not_made():
    with pytest.raises(KeyError):
        file_of("ods", "Table", COLUMNS, [])
