"""Long texts are Markdown: read once into blocks, from which page, PDF and Word are made alike.

What is stored stays exactly as it was typed. Of Markdown there are paragraphs, line breaks as typed, lists, bold,
italics, links (http, https, mailto), tables and headings; a text without such marks looks as it was typed. Raw HTML,
code and quotations are no marks: they are shown literally, and of an image only a link remains.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.tree import SyntaxTreeNode

LINK = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
TAGS = {
    "a", "br", "div", "em", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "strong", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "li": {"value"},
    "ol": {"start", "class"},
    "table": {"class"},
    "td": {"class"},
    "th": {"class", "scope"},
}
DEEPEST = 6  # the level of the smallest heading of a page

_markdown = MarkdownIt("zero", {"breaks": True, "maxNesting": 40}).enable(
    ["emphasis", "escape", "heading", "link", "list", "newline", "table"]
)
_markdown.validateLink = lambda url: bool(LINK.match(url))


def _bullets(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """The list rule without the bullet "+", which begins telephone numbers."""
    return not state.src.startswith("+", state.bMarks[line] + state.tShift[line]) and list_block(
        state, line, end, silent
    )


_markdown.block.ruler.at("list", _bullets, {"alt": ["paragraph", "reference", "blockquote"]})


class Run(NamedTuple):
    """A piece of text with its marks; a line break is the text `\\n`."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    runs: Runs


@dataclass(frozen=True)
class Heading:
    """A heading of the text itself, level 1 to 6; the page decides where its levels begin."""

    level: int
    runs: Runs


@dataclass(frozen=True)
class Item:
    """One point of a list with the number that was typed (None for a bullet); its blocks may hold further lists."""

    number: int | None
    blocks: tuple["Block", ...]


@dataclass(frozen=True)
class Listing:
    """A list. Numbers are those that were typed, followed by `delimiter` (a point or a bracket)."""

    is_ordered: bool
    delimiter: str
    is_tight: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Table:
    """A table with its row of headings; `aligned` says for each column left, center or right, or "" for neither."""

    aligned: tuple[str, ...]
    head: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]


Block = Paragraph | Heading | Listing | Table


# -- reading -------------------------------------------------------------------------------------------------------


def blocks_of(text: str) -> tuple[Block, ...]:
    """A Markdown text as blocks, for documents. Never raises: what is no mark is text."""
    return _blocks(SyntaxTreeNode(_markdown.parse(text or "")).children)


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> tuple[Block, ...]:
    return tuple(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> Block:
    if node.type == "heading":
        return Heading(int(node.tag[1]), _runs_in(node))
    if node.type in ("bullet_list", "ordered_list"):
        return _listing(node)
    if node.type == "table":
        rows = [list(row.children) for part in node.children for row in part.children]
        return Table(
            tuple(_alignment(cell) for cell in rows[0]),
            tuple(_runs_in(cell) for cell in rows[0]),
            tuple(tuple(_runs_in(cell) for cell in row) for row in rows[1:]),
        )
    return Paragraph(_runs_in(node))


def _listing(node: SyntaxTreeNode) -> Listing:
    items = tuple(
        Item(int(item.info) if item.info else None, _blocks(item.children)) for item in node.children
    )
    paragraphs = [part for item in node.children for part in item.children if part.type == "paragraph"]
    is_tight = all(part.hidden for part in paragraphs)
    return Listing(node.type == "ordered_list", node.children[0].markup, is_tight, items)


def _alignment(cell: SyntaxTreeNode) -> str:
    return str(cell.attrs.get("style", "")).removeprefix("text-align:")


def _runs_in(node: SyntaxTreeNode) -> Runs:
    """The runs of a block, neighbours with the same marks joined."""
    joined: list[Run] = []
    for run in _runs(node.children, Run("")):
        if joined and joined[-1][1:] == run[1:] and "\n" not in (run.text, joined[-1].text):
            joined[-1] = run._replace(text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    return tuple(joined)


def _runs(nodes: Iterable[SyntaxTreeNode], marks: Run) -> Iterator[Run]:
    for node in nodes:
        if node.type in ("softbreak", "hardbreak"):
            yield marks._replace(text="\n")
        elif node.type == "strong":
            yield from _runs(node.children, marks._replace(bold=True))
        elif node.type == "em":
            yield from _runs(node.children, marks._replace(italic=True))
        elif node.type == "link":
            yield from _runs(node.children, marks._replace(href=str(node.attrs.get("href", ""))))
        elif node.children:
            yield from _runs(node.children, marks)
        else:
            yield marks._replace(text=node.content)


def plain_text(text: str) -> str:
    """A Markdown text without its marks, a line for each paragraph, point and row: for summaries and comparison."""
    return "\n".join(_lines(blocks_of(text)))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Listing):
            for item in block.items:
                first, *rest = [*_lines(item.blocks)] or [""]
                yield (f"{item.number}{block.delimiter} " if block.is_ordered else "- ") + first
                yield from rest
        elif isinstance(block, Table):
            for row in (block.head, *block.rows):
                yield " | ".join(_words(cell) for cell in row)
        else:
            yield _words(block.runs)


def _words(runs: Runs) -> str:
    return "".join(run.text for run in runs)


# -- the page --------------------------------------------------------------------------------------------------------


def html_of(text: str, level: int = 3) -> SafeString:
    """A Markdown text as HTML for a page; its first headings have this level. Only TAGS, whatever was typed."""
    made = "".join(_html(block, level) for block in blocks_of(text))
    cleaned = nh3.clean(
        made, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener"
    )
    return mark_safe(cleaned)  # noqa: S308 - escaped piece by piece, then cleaned


def _html(block: Block, level: int) -> SafeString:
    if isinstance(block, Heading):
        name = f"h{min(block.level + level - 1, DEEPEST)}"
        return format_html("<{}>{}</{}>", name, _runs_html(block.runs), name)
    if isinstance(block, Listing):
        return _listing_html(block, level)
    if isinstance(block, Table):
        return _table_html(block)
    return format_html("<p>{}</p>", _runs_html(block.runs))


def _listing_html(block: Listing, level: int) -> SafeString:
    items = format_html_join(
        "", "<li{}>{}</li>", ((_value(item), _item_html(item, block, level)) for item in block.items)
    )
    if not block.is_ordered:
        return format_html("<ul>{}</ul>", items)
    bracket = mark_safe(' class="numbers-bracket"') if block.delimiter == ")" else ""
    return format_html("<ol{}>{}</ol>", bracket, items)


def _value(item: Item) -> SafeString | str:
    return "" if item.number is None else format_html(' value="{}"', item.number)


def _item_html(item: Item, block: Listing, level: int) -> SafeString:
    parts = [
        _runs_html(part.runs) if block.is_tight and isinstance(part, Paragraph) else _html(part, level)
        for part in item.blocks
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


def _table_html(table: Table) -> SafeString:
    css = [mark_safe(' class="num"') if side == "right" else "" for side in table.aligned]
    head = format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        ((css[n], _runs_html(cell)) for n, cell in enumerate(table.head)),
    )
    rows = (
        format_html_join("", "<td{}>{}</td>", ((css[n], _runs_html(cell)) for n, cell in enumerate(row)))
        for row in table.rows
    )
    return format_html(
        '<div class="table-region" role="region" tabindex="0" aria-label="{}"><table class="table">'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        _("Table"),
        head,
        format_html_join("", "<tr>{}</tr>", ((row,) for row in rows)),
    )


def _runs_html(runs: Runs) -> SafeString:
    return format_html_join("", "{}", ((_run_html(run),) for run in runs))


def _run_html(run: Run) -> SafeString:
    html = mark_safe("<br>") if run.text == "\n" else format_html("{}", run.text)
    if run.italic:
        html = format_html("<em>{}</em>", html)
    if run.bold:
        html = format_html("<strong>{}</strong>", html)
    if run.href:
        html = format_html('<a href="{}">{}</a>', run.href, html)
    return html
