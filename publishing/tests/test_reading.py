"""Spreadsheets are read to the same rows, or refused with a sentence that says what to do."""

import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter

from publishing.figures import Cell, Column
from publishing.reading import MOST_BYTES, Unreadable, read_table
from publishing.spreadsheets import CSV, XLSX, file_of

ROWS = [["Number", "Title"], ["1", "Ελλάδα"], ["2", "България, „кавички“"]]

HOSTILE = [
    "=1+1", "'=1+1", "''=1", "'quoted'", "-1", "007", "7.10", "a\nb", '"q"', "_x0041_", "Ελλάδα", "a;b,c\td",
    "a\u2028b",
]  # fmt: skip


def workbook(fill, **options):
    """An xlsx that `fill(book, sheet)` has filled."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        fill(book, book.add_worksheet())
    return content.getvalue()


def with_rows(rows=ROWS):
    """An xlsx with these texts."""
    return workbook(lambda book, sheet: [sheet.write_row(at, 0, row) for at, row in enumerate(rows)])


def repacked(content, change):
    """The same xlsx with its parts (name → bytes) changed by a function."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    change(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return packed.getvalue()


def in_sheet(old, new):
    """Replaces something in the XML of the first sheet."""

    def change(parts):
        name = "xl/worksheets/sheet1.xml"
        assert old in parts[name]
        parts[name] = parts[name].replace(old, new)

    return change


def refusal(content, most_rows=100):
    """Why a file is not read."""
    with pytest.raises(Unreadable) as error:
        read_table(content, most_rows=most_rows)
    return str(error.value)


# -- what is read ------------------------------------------------------------------------------------------------------


def csv_text(separator):
    return "\r\n".join(
        separator.join(f'"{cell}"' if separator in cell or '"' in cell else cell for cell in row)
        for row in ROWS
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_is_read_to_the_same_rows_in_every_writing(separator, encoding):
    assert read_table(csv_text(separator).encode(encoding), most_rows=9) == (ROWS, "")


def test_xlsx_is_read_to_the_same_rows_as_csv():
    assert read_table(with_rows(), most_rows=9).rows == ROWS


def test_western_letters_are_read_and_said_to_be_looked_at():
    table = read_table("Number;Title\r\n1;Café – été\r\n".encode("cp1252"), most_rows=9)
    assert table.rows == [["Number", "Title"], ["1", "Café – été"]]
    assert "Windows-1252" in table.note


def test_a_stated_separator_is_no_row():
    assert read_table(b"sep=;\r\nNumber;Title\r\n1;a,b,c\r\n", most_rows=9).rows == [
        ["Number", "Title"], ["1", "a,b,c"],
    ]  # fmt: skip


def test_the_texts_of_numbers_and_days_are_plain():
    def fill(book, sheet):
        days = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, [7, 7.5, 0.1, 1e15, True, "007"])
        sheet.write_datetime(0, 6, date(2026, 11, 27), days)

    assert read_table(workbook(fill), most_rows=9).rows == [
        ["7", "7.5", "0.1", "1000000000000000", "TRUE", "007", "2026-11-27"]
    ]


def test_empty_rows_and_columns_before_the_table_keep_their_place():
    assert read_table(workbook(lambda book, sheet: sheet.write(2, 1, "x")), most_rows=9).rows[2][1] == "x"


@pytest.mark.parametrize("suffix", [CSV, XLSX])
@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_taken_away_comes_back_as_it_was(suffix, text):
    content = file_of(suffix, "Table", [Column("Title")], [[Cell(text)]])
    assert read_table(content, most_rows=9).rows == [["Title"], [text]]


@pytest.mark.parametrize("ref", [b"A1", b"A1:XFD1048576"])
def test_a_wrong_dimension_loses_no_row(ref):
    content = repacked(with_rows(), in_sheet(b'<dimension ref="A1:B3"/>', b'<dimension ref="%s"/>' % ref))
    assert read_table(content, most_rows=9).rows == ROWS


def test_cells_without_a_place_follow_each_other():
    def change(parts):
        name = "xl/worksheets/sheet1.xml"
        for row in "123":
            for column in "AB":
                parts[name] = parts[name].replace(f' r="{column}{row}"'.encode(), b"")

    assert read_table(repacked(with_rows(), change), most_rows=9).rows == ROWS


# -- what is refused ---------------------------------------------------------------------------------------------------


def formula(book, sheet):
    sheet.write(0, 0, "Number")
    sheet.write_formula(2, 1, "=1+1")


def an_error(book, sheet):
    sheet.write_formula(1, 0, "=NA()", None, "#N/A")


def merged(book, sheet):
    sheet.write(0, 0, "x")
    sheet.merge_range("B2:C3", "y")


def hidden_row(book, sheet):
    sheet.write_row(0, 0, ["a", "b"])
    sheet.write_row(1, 0, ["c", "d"])
    sheet.set_row(1, None, None, {"hidden": True})


def row_without_height(book, sheet):
    sheet.write_row(1, 0, ["c", "d"])
    sheet.set_row(1, 0)


def hidden_column(book, sheet):
    sheet.write_row(0, 0, ["a", "b"])
    sheet.set_column(1, 1, None, None, {"hidden": True})


def two_sheets(book, sheet):
    sheet.write(0, 0, "a")
    book.add_worksheet("Second").write(0, 0, "b")


def hidden_sheet(book, sheet):
    second = book.add_worksheet("Second")
    second.write(0, 0, "b")
    second.hide()


@pytest.mark.parametrize(
    ("fill", "said"),
    [
        (formula, "Cells hold formulas: B3."),
        (an_error, "formulas: A2."),
        (merged, "Cells are merged: B2:C3."),
        (hidden_row, "Rows are hidden: 2."),
        (row_without_height, "Rows are hidden: 2."),
        (hidden_column, "Columns are hidden: B."),
        (two_sheets, "Several sheets hold something: Sheet1, Second."),
        (hidden_sheet, "The sheet Second is hidden."),
        (lambda book, sheet: None, "The file is empty"),
        (lambda book, sheet: sheet.write(1_048_575, 16_383, "x"), "far outside the table: XFD1048576."),
        (lambda book, sheet: sheet.write_row(0, 0, ["x"] * 60), "far outside the table: AY1, AZ1, BA1, BB1, BC1 and 5"),
    ],
)  # fmt: skip
def test_a_sheet_with_surprises_is_refused_by_name(fill, said):
    assert said in refusal(workbook(fill))


def test_an_error_without_its_formula_is_refused():
    content = repacked(workbook(an_error), in_sheet(b"<f>NA()</f>", b""))
    assert "Cells hold an error such as #N/A: A2." in refusal(content)


def test_an_empty_second_sheet_and_hidden_empty_rows_are_no_surprise():
    def fill(book, sheet):
        sheet.write(0, 0, "a")
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_column(9, 9, None, None, {"hidden": True})
        sheet.write_blank(900_000, 900, None, book.add_format({"bold": True}))
        book.add_worksheet()

    assert read_table(workbook(fill), most_rows=9).rows == [["a"]]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_one_row_too_many_is_refused_and_one_less_is_read(kind):
    def file(count):
        rows = [[str(n), "x"] for n in range(count + 1)]
        return with_rows(rows) if kind == "xlsx" else "\n".join(",".join(row) for row in rows).encode()

    assert len(read_table(file(10), most_rows=10).rows) == 11
    assert refusal(file(11), 10) == "The file has more than 10 rows under its headings. Send it in parts."


def test_files_of_other_kinds_are_named():
    book = with_rows()
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert "old Excel file (.xls)" in refusal(ole)
    assert "protected by a password" in refusal(ole + "EncryptedPackage".encode("utf-16-le"))
    assert "macros" in refusal(repacked(book, lambda parts: parts.update({"xl/vbaProject.bin": b"x"})))
    assert "another kind" in refusal(repacked(book, lambda parts: parts.update({"mimetype": b"x"})))
    assert "no spreadsheet" in refusal(repacked(book, lambda parts: parts.pop("xl/workbook.xml")))
    assert "damaged" in refusal(book[:500])
    assert "damaged" in refusal(book[: len(book) // 2])
    assert "no spreadsheet" in refusal(b"%PDF-1.7\0\0\1\2 and more\0")
    assert "empty" in refusal(b"")
    assert "more than 5 MB" in refusal(b"a" * (MOST_BYTES + 1))


def test_broken_xml_and_entities_are_refused():
    broken = repacked(with_rows(), in_sheet(b"</sheetData>", b""))
    entities = repacked(with_rows(), in_sheet(b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet '))
    assert "damaged" in refusal(broken)
    assert "damaged" in refusal(entities)


def test_a_bomb_is_refused_before_it_is_unpacked():
    def change(parts):
        parts["xl/worksheets/sheet1.xml"] = b" " * (60 * 1024 * 1024)

    began = time.monotonic()
    assert "unpacks to more" in refusal(repacked(with_rows(), change))
    assert time.monotonic() - began < 10


def test_a_text_repeated_without_end_is_refused():
    rows = [["x" * 30_000] * 40] * 100
    assert "more text than can be read" in refusal(with_rows(rows), 200)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'a,b\n1,"never closed\n2,x\n', "after row 1"),
        (b"a,b\n" + b",".join([b"x"] * 60), "more than 50 columns"),
        ("Τίτλος;x\n".encode("cp1253") + b"\x81", "letters of the CSV file cannot be read"),
        (b"\xef\xbb\xbfa\xff,b\n", "its letters cannot be read"),
        (b"a,b\n" + b"x" * 200_000, "a cell is too long"),
    ],
)
def test_a_csv_that_cannot_be_read_says_why(content, said):
    assert said in refusal(content)
