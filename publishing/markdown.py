"""Long texts are Markdown: read once into the blocks of `publishing.documents`, which page, PDF and Word set alike.

What is stored stays exactly as it was typed. Of Markdown there are paragraphs, line breaks as typed, lists, bold,
italics, links (http, https, mailto), tables and headings; a text without such marks looks as it was typed. Raw HTML,
code and quotations are no marks: they are shown literally, and of an image only a link remains.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.tree import SyntaxTreeNode

from publishing.documents import Block, Bullets, Heading, Item, Paragraph, Run, Runs, Table, plain
from publishing.page import prose

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


def blocks_of(text: str) -> tuple[Block, ...]:
    """A Markdown text as blocks, for page and documents. Never raises: what is no mark is text."""
    return _blocks(SyntaxTreeNode(_markdown.parse(text or "")).children)


def html_of(text: str, level: int = 3) -> SafeString:
    """A Markdown text as HTML for a page; its first headings have this level. Only TAGS, whatever was typed."""
    cleaned = nh3.clean(
        prose(blocks_of(text), level),
        tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto"}, link_rel="noopener",
    )  # fmt: skip
    return mark_safe(cleaned)  # noqa: S308 - escaped piece by piece, then cleaned


def plain_text(text: str) -> str:
    """A Markdown text without its marks, a line for each paragraph, point and row: for summaries and comparison."""
    return "\n".join(_lines(blocks_of(text)))


# -- reading -------------------------------------------------------------------------------------------------------


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> tuple[Block, ...]:
    return tuple(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> Block:
    if node.type == "heading":
        return Heading(_runs_in(node), int(node.tag[1]))
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node)
    if node.type == "table":
        head, *rows = [list(row.children) for part in node.children for row in part.children]
        return Table(
            "",
            tuple(_runs_in(cell) for cell in head),
            tuple(tuple(_runs_in(cell) for cell in row) for row in rows),
            aligned=tuple(_alignment(cell) for cell in head),
            names_rows=False,
        )
    return Paragraph(_runs_in(node))


def _list(node: SyntaxTreeNode) -> Bullets:
    """A list with the numbers that were typed, and the point or bracket after them."""
    items = tuple(_item(item) for item in node.children)
    is_loose = any(
        part.type == "paragraph" and not part.hidden for item in node.children for part in item.children
    )
    if node.type == "bullet_list":
        return Bullets(items, is_loose=is_loose)
    return Bullets(items, True, items[0].number or 0, node.children[0].markup, is_loose)


def _item(node: SyntaxTreeNode) -> Item:
    blocks = _blocks(node.children)
    number = int(node.info) if node.info else None
    if blocks and isinstance(blocks[0], Paragraph):
        return Item(blocks[0].runs, blocks[1:], number)
    return Item((), blocks, number)


def _alignment(cell: SyntaxTreeNode) -> str:
    return str(cell.attrs.get("style", "")).removeprefix("text-align:")


def _runs_in(node: SyntaxTreeNode) -> Runs:
    """The runs of a block, neighbours with the same marks joined; a line break is a run of its own."""
    joined: list[Run] = []
    for run in _runs(node.children, Run("")):
        last = joined[-1] if joined else None
        if last and "\n" not in (run.text, last.text) and replace(last, text=run.text) == run:
            joined[-1] = replace(last, text=last.text + run.text)
        elif run.text:
            joined.append(run)
    return tuple(joined)


def _runs(nodes: Iterable[SyntaxTreeNode], marks: Run) -> Iterator[Run]:
    for node in nodes:
        if node.type in ("softbreak", "hardbreak"):
            yield replace(marks, text="\n")
        elif node.type == "strong":
            yield from _runs(node.children, replace(marks, bold=True))
        elif node.type == "em":
            yield from _runs(node.children, replace(marks, italic=True))
        elif node.type == "link":
            yield from _runs(node.children, replace(marks, url=str(node.attrs.get("href", ""))))
        elif node.children:
            yield from _runs(node.children, marks)
        else:
            yield replace(marks, text=node.content)


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Bullets):
            for number, item in block.numbered():
                own = [plain(item.runs)] if item.runs else []
                first, *rest = [*own, *_lines(item.below)] or [""]
                yield (f"{number}{block.point} " if block.is_numbered else "- ") + first
                yield from rest
        elif isinstance(block, Table):
            for row in (block.heads, *block.rows):
                yield " | ".join(plain(cell) for cell in row)
        else:
            yield plain(block.runs)
