"""A document, or a text of its blocks, as part of a page: HTML of escaped words, the same words as in PDF and Word.

Additions are `ins`, removals `del`, with a sign to see and words to hear; nothing depends on colour.
"""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from publishing.documents import (
    Block,
    Bullets,
    Change,
    Document,
    Heading,
    Item,
    Paragraph,
    Run,
    Runs,
    Section,
    Table,
    is_web,
    plain,
)
from publishing.words import moment_words

EMPTY = mark_safe("")
BREAK = mark_safe("<br>")
SIGNS = {Change.ADDED: "+", Change.REMOVED: "\u2212"}
EACH_TIME = mark_safe(" data-each-time")  # what two visits need not find the same
BRACKET = mark_safe(' class="numbers-bracket"')
TOP = 2  # the level of a document's first headings: h1 is the page's own
DEEPEST = 6  # the level of the smallest heading of a page


def document_head(document: Document) -> SafeString:
    """Who wrote what to whom, as at the top of a Council document."""
    codes = _join("<br><strong>{}</strong>", ((code,) for code in document.codes))
    moment = moment_words(document.made_at)
    marked = ((EACH_TIME if value == moment else EMPTY, label, value) for label, value in document.facts)
    facts = _join("<div{}><dt>{}</dt><dd>{}</dd></div>", marked)
    return format_html(
        '<header class="document-head"><div class="document-who"><p class="document-kind">{}</p>'
        '<p class="document-number"><strong>{}</strong>{}</p><p>{}</p></div>'
        '<dl class="document-facts">{}</dl></header>',
        document.kind, document.reference, codes, document.dated, facts,
    )  # fmt: skip


def document_text(document: Document) -> SafeString:
    """The sections of a document, one after the other, from h2 on."""
    return _join("{}", ((_section(level, section),) for level, section in document.outline()))


def prose(blocks: Iterable[Block], level: int = 3) -> SafeString:
    """Blocks as running text, without the look of a document; their first headings have this level, 1 to 6."""
    return _join("{}", ((_prose(block, level),) for block in blocks))


def _prose(block: Block, level: int) -> SafeString:
    if isinstance(block, Heading):
        name = f"h{min(block.level + level - 1, DEEPEST)}"
        return format_html("<{0}>{1}</{0}>", name, _runs(block.runs))
    if isinstance(block, Bullets):
        return _list(block, level)
    if isinstance(block, Paragraph) and block == Paragraph(block.runs):
        return format_html("<p>{}</p>", _runs(block.runs))
    return _block(block, level)


def _section(level: int, section: Section) -> SafeString:
    depth = min(level + TOP - 1, DEEPEST)
    return format_html(
        '<h{} class="redline-title redline-title-{}"{}>{}</h{}>{}{}',
        depth, level, _anchor(section.anchor), _runs(section.title), depth,
        _notes(section.notes), _join("{}", ((_block(block, depth + 1),) for block in section.blocks)),
    )  # fmt: skip


def _block(block: Block, level: int) -> SafeString:
    if isinstance(block, Table):
        return _table(block)
    return _paragraph(block) if isinstance(block, Paragraph) else _prose(block, level)


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


def _list(block: Bullets, level: int) -> SafeString:
    items = _join("<li{}>{}</li>", ((_value(item), _item(item, block, level)) for item in block.items))
    if not block.is_numbered:
        return format_html("<ul>{}</ul>", items)
    is_told = block.first == 1 or any(item.number is not None for item in block.items[:1])
    start = EMPTY if is_told else format_html(' start="{}"', block.first)
    return format_html("<ol{}{}>{}</ol>", start, BRACKET if block.point == ")" else EMPTY, items)


def _value(item: Item) -> SafeString:
    return EMPTY if item.number is None else format_html(' value="{}"', item.number)


def _item(item: Item, block: Bullets, level: int) -> SafeString:
    text = _runs(item.runs)
    if text and block.is_loose:
        text = format_html("<p>{}</p>", text)
    return text + prose(item.below, level)


def _table(block: Table) -> SafeString:
    head = _join(
        '<th scope="col"{}>{}</th>', ((_css(block, n), _runs(cell)) for n, cell in enumerate(block.heads))
    )
    set_row = _named_row if block.names_rows else _row
    rows = _join("<tr>{}</tr>", ((set_row(row, block),) for row in block.rows))
    caption = format_html("<caption>{}</caption>", block.caption) if block.caption else EMPTY
    return format_html(
        '<div class="table-region" role="region" tabindex="0" aria-label="{}"><table class="table{}">'
        "{}<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        block.caption or _("Table"), " table-stack" if block.names_rows else "", caption, head, rows,
    )  # fmt: skip


def _css(block: Table, column: int, is_empty: bool = False) -> SafeString:
    names = ["num"] if block.aligned[column] == "right" else []
    if is_empty:
        names.append("is-empty")  # on a narrow screen its label alone would say nothing
    return format_html(' class="{}"', " ".join(names)) if names else EMPTY


def _row(row: tuple[Runs, ...], block: Table) -> SafeString:
    return _join("<td{}>{}</td>", ((_css(block, n), _runs(cell)) for n, cell in enumerate(row)))


def _named_row(row: tuple[Runs, ...], block: Table) -> SafeString:
    names = [plain(head) for head in block.heads]
    first = format_html('<th scope="row"{}>{}</th>', _css(block, 0), _runs(row[0]))
    rest = (
        format_html(
            '<td{} data-label="{}">{}</td>',
            _css(block, n, not plain(row[n]).strip()),
            names[n],
            _runs(row[n]),
        )
        for n in range(1, len(row))
    )
    return first + _join("{}", ((cell,) for cell in rest))


def _runs(runs: Iterable[Run]) -> SafeString:
    return _join("{}", ((_run(run),) for run in runs))


def _run(run: Run) -> SafeString:
    html = format_html_join(BREAK, "{}", ((line,) for line in run.text.split("\n")))
    if run.italic:
        html = format_html("<em>{}</em>", html)
    if run.bold:
        html = format_html("<strong>{}</strong>", html)
    if is_web(run.url) or run.url.startswith("#"):
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
