"""A document as a Word file, by python-docx: the same words under the same headings, over named styles made here.

Additions are underlined, removals struck, and both are named in words for those who do not see it.
"""

import io
from dataclasses import replace
from datetime import UTC
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from publishing.documents import (
    Block,
    Bullets,
    Change,
    Document,
    Heading,
    Paragraph,
    Run,
    Runs,
    Table,
    is_web,
    printable,
)

FONT = "Times New Roman"
INK_2 = RGBColor(0x46, 0x53, 0x6A)
ADDED, REMOVED = RGBColor(0x1B, 0x6B, 0x45), RGBColor(0xA8, 0x23, 0x1F)
TEXT_WIDTH = Mm(160)  # A4 less margins of 25 mm
DEEPEST = 9  # Word has nine levels of headings
SIDES = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
CHANGED = {Change.ADDED: "Redline Added", Change.REMOVED: "Redline Removed"}


def word(document: Document) -> bytes:
    """The document as a .docx file: A4, title, author, language and date among its properties."""
    return _Writer(document).write()


class _Writer:
    def __init__(self, document: Document):
        self.document = document
        self.file = docx.Document()
        self.anchors = document.anchors()
        self.marks: dict[str, str] = {}  # the bookmark of each anchor: Word takes only letters, digits, _

    def write(self) -> bytes:
        self._properties()
        self._styles()
        self.known = {style.name: style.style_id for style in self.file.styles}
        self._page()
        self._head()
        for level, section in self.document.outline():
            heading = self._add(f"Heading {min(level, DEEPEST)}")
            self._mark(heading, section.anchor)
            self._runs(heading, section.title)
            self._notes(section.notes)
            for block in section.blocks:
                self._block(block)
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    # -- what the file says of itself --------------------------------------------------

    def _properties(self) -> None:
        known = self.file.core_properties
        known.title = printable(self.document.title)[:255]
        known.author = printable(self.document.sender)[:255]
        known.subject = printable(self.document.reference)[:255]
        known.language = self.document.language
        known.comments = ""
        known.created = known.modified = self.document.made_at.astimezone(UTC).replace(tzinfo=None)

    def _styles(self) -> None:
        styles = self.file.styles
        normal = styles["Normal"]
        _look(normal, size=12)
        normal.paragraph_format.space_after = Pt(8)
        language = OxmlElement("w:lang")
        for name in ("val", "eastAsia", "bidi"):
            language.set(qn(f"w:{name}"), self.document.language)
        normal.element.get_or_add_rPr().append(language)
        _look(styles["Title"], size=17, bold=True)
        for border in styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
        for level in range(1, DEEPEST + 1):
            heading = styles[f"Heading {level}"]
            _look(heading, size={1: 14, 2: 12.5}.get(level, 12), bold=True, italic=level > 3)
            heading.paragraph_format.space_before = Pt(14)
            heading.paragraph_format.space_after = Pt(6)
        for name in ("List Bullet", "List Number", "Caption"):
            _look(styles[name], size=12)
        styles["Caption"].font.bold = True
        item = styles.add_style("Document Item", WD_STYLE_TYPE.PARAGRAPH)
        item.base_style = normal
        item.paragraph_format.first_line_indent = Mm(-8)
        item.paragraph_format.tab_stops.add_tab_stop(Mm(8))
        note = styles.add_style("Document Note", WD_STYLE_TYPE.PARAGRAPH)
        note.base_style = normal
        note.font.size, note.font.color.rgb = Pt(10), INK_2
        note.paragraph_format.left_indent = Mm(8)
        for name, colour in (("Redline Added", ADDED), ("Redline Removed", REMOVED)):
            style = styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
            style.font.color.rgb = colour
        styles["Redline Added"].font.underline = True
        styles["Redline Removed"].font.strike = True
        for name, colour in (("Redline Added Mark", ADDED), ("Redline Removed Mark", REMOVED)):
            style = styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
            style.font.size, style.font.italic, style.font.color.rgb = Pt(9), True, colour
        link = styles.add_style("Document Link", WD_STYLE_TYPE.CHARACTER)
        link.font.underline = True

    def _page(self) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(25)
        section.top_margin, section.bottom_margin = Mm(22), Mm(24)
        foot = section.footer.paragraphs[0]
        stops = foot.paragraph_format.tab_stops
        stops.clear_all()
        stops.add_tab_stop(TEXT_WIDTH // 2, WD_TAB_ALIGNMENT.CENTER)
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        foot.add_run(printable(self.document.reference) + "\t")
        _field(foot, "PAGE")
        foot.add_run("/")
        _field(foot, "NUMPAGES")
        last = " ".join(filter(None, (self.document.marking, self.document.language.upper())))
        foot.add_run(f"\t{last}").bold = True

    def _head(self) -> None:
        document = self.document
        self.file.add_paragraph(printable(document.sender)).runs[0].bold = True
        number = self.file.add_paragraph()
        number.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        lines = [document.dated, document.reference, *document.codes, document.marking]
        number.add_run("\n".join(printable(line) for line in lines if line)).bold = True
        self.file.add_paragraph(printable(document.kind)).runs[0].bold = True
        if document.facts:
            facts = self.file.add_table(0, 2)
            facts.autofit = False
            for label, value in document.facts:
                cells = facts.add_row().cells
                for cell, text, width in zip(cells, (f"{label}:", value), (Mm(35), Mm(125)), strict=True):
                    cell.text, cell.width = printable(text), width
        self.file.add_paragraph(printable(document.title), style="Title")

    # -- blocks ---------------------------------------------------------------------------

    def _block(self, block: Block, depth: int = 0) -> None:
        """Set a block, within so many lists."""
        if isinstance(block, Bullets):
            self._list(block, depth + 1)
        elif isinstance(block, Table):
            self._table(block)
        else:
            paragraph = block.as_paragraph() if isinstance(block, Heading) else block
            self._paragraph(replace(paragraph, level=paragraph.level + depth))

    def _paragraph(self, block: Paragraph) -> None:
        paragraph = self._add("Document Item" if block.is_item else "Normal")
        paragraph.paragraph_format.left_indent = Mm(8 * (block.level + block.is_item))
        self._mark(paragraph, block.anchor)
        self._runs(paragraph, block.label)
        if block.label:
            paragraph.add_run("\t" if block.is_item else " ")
        self._runs(paragraph, block.runs)
        if block.is_changed:
            _bar(paragraph)
        self._notes(block.notes, block.level)

    def _notes(self, notes: tuple[Runs, ...], level: int = 0) -> None:
        for note in notes:
            paragraph = self._add("Document Note")
            paragraph.paragraph_format.left_indent = Mm(8 * (level + 1))
            self._runs(paragraph, note)

    def _list(self, block: Bullets, depth: int) -> None:
        """Bullets by Word's own list styles; numbers are written, so that each list begins where it should."""
        for number, item in block.numbered():
            paragraph = self._add("Document Item" if block.is_numbered else "List Bullet")
            paragraph.paragraph_format.left_indent = Mm(8 * depth)
            if block.is_numbered:
                paragraph.add_run(f"{number}{block.point}\t")
            self._runs(paragraph, item.runs)
            for below in item.below:
                self._block(below, depth)

    def _table(self, block: Table) -> None:
        if block.caption:
            caption = self.file.add_paragraph(printable(block.caption), style="Caption")
            caption.paragraph_format.keep_with_next = True
        table = self.file.add_table(1, len(block.columns), style="Table Grid")
        self._row(
            table.rows[0],
            tuple(tuple(replace(run, bold=True) for run in head) for head in block.heads),
            block,
        )
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        for row in block.rows:
            self._row(table.add_row(), row, block)
        self.file.add_paragraph()

    def _row(self, made: Any, row: tuple[Runs, ...], block: Table) -> None:
        for cell, runs, side in zip(made.cells, row, block.aligned, strict=True):
            cell.paragraphs[0].alignment = SIDES.get(side)
            self._runs(cell.paragraphs[0], runs)

    def _add(self, style: str) -> Any:
        """A new paragraph in a named style."""
        paragraph = self.file.add_paragraph()
        if style != "Normal":
            paragraph._p.style = self.known[style]
        return paragraph

    def _style(self, run: Any, name: str) -> None:
        """Put a run into a named style; by its id, since python-docx looks a name up anew for each run."""
        if name:
            run._r.style = self.known[name]

    # -- words ----------------------------------------------------------------------------

    def _runs(self, paragraph: Any, runs: Runs) -> None:
        for run in runs:
            if not run.text:
                continue
            if run.change == Change.KEPT:
                self._run(paragraph, run)
                continue
            opening = _("added:") if run.change == Change.ADDED else _("removed:")
            mark = CHANGED[run.change] + " Mark"
            self._style(paragraph.add_run(f"[{opening} "), mark)
            self._run(paragraph, run)
            self._style(paragraph.add_run("]"), mark)

    def _run(self, paragraph: Any, run: Run) -> None:
        made = paragraph.add_run(printable(run.text))
        self._style(made, CHANGED.get(run.change, ""))
        made.bold, made.italic = run.bold or None, run.italic or None
        link = OxmlElement("w:hyperlink")
        if run.url.startswith("#") and run.url[1:] in self.anchors:
            link.set(qn("w:anchor"), self._bookmark(run.url[1:]))
        elif is_web(run.url):
            part = self.file.part.relate_to(printable(run.url), RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), part)
        else:
            return
        if run.change == Change.KEPT:
            self._style(made, "Document Link")
        made._r.addprevious(link)
        link.append(made._r)

    def _bookmark(self, anchor: str) -> str:
        return self.marks.setdefault(anchor, f"place_{len(self.marks) + 1}")

    def _mark(self, paragraph: Any, anchor: str) -> None:
        """Make a paragraph a place to which links lead."""
        if not anchor:
            return
        name = self._bookmark(anchor)
        begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (begin, end):
            element.set(qn("w:id"), name.removeprefix("place_"))
            paragraph._p.append(element)
        begin.set(qn("w:name"), name)


def _look(style: Any, *, size: float, bold: bool = False, italic: bool = False) -> None:
    """One typeface throughout, black, for Latin, Greek and Cyrillic alike."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, italic
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _field(paragraph: Any, name: str) -> None:
    """A number that Word counts by itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _bar(paragraph: Any) -> None:
    """A bar in the margin beside what changed."""
    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "6"), ("color", "46536A")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    properties = paragraph._p.get_or_add_pPr()
    before = properties.find(qn("w:ind"))
    if before is None:
        properties.append(borders)
    else:
        before.addprevious(borders)
