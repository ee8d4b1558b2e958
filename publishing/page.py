"""A document as part of a page: HTML made of escaped words, the same words as in PDF and Word.

Additions are `ins`, removals `del`, with a sign to see and words to hear; nothing depends on colour.
"""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from publishing.documents import Block, Bullets, Change, Document, Paragraph, Run, Section, Table

EMPTY = mark_safe("")
BREAK = mark_safe("<br>")
SAFE_LINKS = ("https://", "http://", "mailto:", "#")
SIGNS = {Change.ADDED: "+", Change.REMOVED: "\u2212"}
TOP = 2  # the level of a document's first headings: h1 is the page's own


def document_head(document: Document) -> SafeString:
    """Who wrote what to whom, as at the top of a Council document."""
    codes = _join("<br><strong>{}</strong>", ((code,) for code in document.codes))
    facts = _join("<div><dt>{}</dt><dd>{}</dd></div>", document.facts)
    return format_html(
        '<header class="document-head"><div class="document-who"><p class="document-kind">{}</p>'
        '<p class="document-number"><strong>{}</strong>{}</p><p>{}</p></div>'
        '<dl class="document-facts">{}</dl></header>',
        document.kind, document.reference, codes, document.dated, facts,
    )  # fmt: skip


def document_text(document: Document) -> SafeString:
    """The sections of a document, one after the other, from h2 on."""
    return _join("{}", ((_section(level, section),) for level, section in document.outline()))


def _section(level: int, section: Section) -> SafeString:
    depth = min(level + TOP - 1, 6)
    return format_html(
        '<h{} class="redline-title redline-title-{}"{}>{}</h{}>{}{}',
        depth, level, _anchor(section.anchor), _runs(section.title), depth,
        _notes(section.notes), _blocks(section.blocks),
    )  # fmt: skip


def _blocks(blocks: Iterable[Block]) -> SafeString:
    return _join("{}", ((_block(block),) for block in blocks))


def _block(block: Block) -> SafeString:
    if isinstance(block, Bullets):
        return _list(block)
    return _table(block) if isinstance(block, Table) else _paragraph(block)


def _paragraph(block: Paragraph) -> SafeString:
    label = EMPTY
    if block.label:
        css = "text-letter" if block.is_item else "redline-number"
        label = format_html('<span class="{}">{}</span> ', css, _runs(block.label))
    text = format_html(
        '<p class="{}">{}<span>{}</span></p>', "text-item" if block.is_item else "redline-text", label,
        _runs(block.runs),
    ) if block.runs or block.label else EMPTY  # fmt: skip
    return format_html(
        '<div class="redline-piece redline-level-{}{}"{}>{}{}</div>',
        min(block.level, 3), " is-changed" if block.is_changed else "", _anchor(block.anchor), text,
        _notes(block.notes),
    )  # fmt: skip


def _notes(notes: Iterable[Iterable[Run]]) -> SafeString:
    inside = _join('<p class="redline-note">{}</p>', ((_runs(note),) for note in notes))
    return format_html('<div class="redline-notes">{}</div>', inside) if inside else EMPTY


def _list(block: Bullets) -> SafeString:
    items = _join(
        "<li>{}{}</li>",
        ((_runs(item.runs), _join("{}", ((_list(below),) for below in item.below))) for item in block.items),
    )
    if block.is_numbered and block.first != 1:
        return format_html('<ol start="{}">{}</ol>', block.first, items)
    return format_html("<ol>{}</ol>" if block.is_numbered else "<ul>{}</ul>", items)


def _table(block: Table) -> SafeString:
    head = _join('<th scope="col">{}</th>', ((column,) for column in block.columns))
    rows = _join("<tr>{}</tr>", ((_row(row, block.columns),) for row in block.rows))
    caption = format_html("<caption>{}</caption>", block.caption) if block.caption else EMPTY
    return format_html(
        '<div class="table-region" role="region" tabindex="0" aria-label="{}"><table class="table table-stack">'
        "{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        block.caption or _("Table"), caption, head, rows,
    )  # fmt: skip


def _row(row: tuple[tuple[Run, ...], ...], columns: tuple[str, ...]) -> SafeString:
    first = _join('<th scope="row">{}</th>', ((_runs(cell),) for cell in row[:1]))
    rest = _join(
        '<td data-label="{}">{}</td>',
        ((column, _runs(cell)) for column, cell in zip(columns[1:], row[1:], strict=False)),
    )
    return first + rest


def _runs(runs: Iterable[Run]) -> SafeString:
    return _join("{}", ((_run(run),) for run in runs))


def _run(run: Run) -> SafeString:
    html = format_html_join(BREAK, "{}", ((line,) for line in run.text.split("\n")))
    if run.italic:
        html = format_html("<em>{}</em>", html)
    if run.bold:
        html = format_html("<strong>{}</strong>", html)
    if run.url.startswith(SAFE_LINKS):
        html = format_html('<a href="{}">{}</a>', run.url, html)
    if run.change == Change.ADDED:
        return _changed("ins", SIGNS[run.change], _("added:"), html, _("end of addition"))
    if run.change == Change.REMOVED:
        return _changed("del", SIGNS[run.change], _("removed:"), html, _("end of removal"))
    return html


def _changed(tag: str, sign: str, before: str, html: SafeString, after: str) -> SafeString:
    return format_html(
        '<{0}><span class="visually-hidden"> {2} </span><span class="redline-sign" aria-hidden="true">{1}\u2060</span>'
        '{3}<span class="visually-hidden"> {4} </span></{0}>',
        tag, sign, before, html, after,
    )  # fmt: skip


def _anchor(name: str) -> SafeString:
    return format_html(' id="{}"', name) if name else EMPTY


def _join(template: str, rows: Iterable[tuple[object, ...]]) -> SafeString:
    return format_html_join("", template, rows)
