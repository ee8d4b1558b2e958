"""A document as PDF/UA-1, by typst: tagged, titled, with its language, in fonts that typst brings along.

The words go in as data (`sys.inputs`), never as markup; `note.typ` is the only thing that typst reads as a program.
"""

import json
import re
from dataclasses import asdict
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from publishing.documents import Bullets, Document, Heading, Paragraph, Table, is_web, printable, words

LAYOUT = Path(__file__).with_name("note.typ").read_bytes()
NOT_SHOWN = re.compile(r"the text `\"(.+?)\"` could not be displayed")
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
COMMON = re.compile(
    r"[^\n -~\u00a0-\u024f\u0370-\u03ff\u0400-\u045f\u0490-\u0491\u1f00-\u1fff\u2010-\u2027\u2030-\u203a\u20ac\ufffd]"
)
TRIES = 5


def pdf(document: Document) -> bytes:
    """The document as PDF/UA-1; made twice from the same document, the same bytes.

    A sign for which no font has a shape is written as its number, "[U+1F600]": PDF/UA asks that every sign be shown.
    """
    data = json.dumps(_data(document))
    for _try in range(TRIES):
        try:
            return _compile(data, document)
        except typst.TypstError as error:
            unknown = {_sign(text) for text in NOT_SHOWN.findall(error.diagnostic)}
            if not unknown:
                raise
            data = json.dumps(_replace(json.loads(data), unknown))
    return _compile(json.dumps(_spell(json.loads(data))), document)


def _compile(data: str, document: Document) -> bytes:
    made = typst.compile(
        LAYOUT,
        format="pdf",
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
        sys_inputs={"document": data},
        timestamp=document.made_at.astimezone(UTC).replace(microsecond=0),
    )
    assert isinstance(made, bytes)  # one PDF, not pages
    return made


def _sign(text: str) -> str:
    """A sign as it was typed, from how typst names it."""
    return ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)


def _named(signs: str) -> str:
    return "".join(f"[U+{ord(sign):04X}]" for sign in signs)


def _everywhere(change: Any, value: Any) -> Any:
    """The same data with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_everywhere(change, one) for one in value]
    return (
        {name: _everywhere(change, one) for name, one in value.items()} if isinstance(value, dict) else value
    )


def _replace(value: Any, unknown: set[str]) -> Any:
    either = re.compile("|".join(re.escape(sign) for sign in sorted(unknown, key=len, reverse=True)))
    return _everywhere(partial(either.sub, lambda found: _named(found[0])), value)


def _spell(value: Any) -> Any:
    return _everywhere(partial(COMMON.sub, lambda found: _named(found[0])), value)


def _shown(text: str) -> str:
    """The text as it can be set; a soft hyphen, a mere place to break, would leave a link around nothing."""
    return printable(text).replace("\u00ad", "")


def _data(document: Document) -> dict[str, Any]:
    """What `note.typ` reads."""
    anchors = document.anchors()

    def run(one: Any) -> dict[str, Any]:
        place = one.url[1:] if one.url.startswith("#") and one.url[1:] in anchors else ""
        url = one.url if is_web(one.url) else ""
        return {**asdict(one), "text": _shown(one.text), "place": place, "url": url}

    def runs(all_of_them: Any) -> list[dict[str, Any]]:
        return [run(one) for one in all_of_them if _shown(one.text)]

    def bullets(one: Bullets) -> dict[str, Any]:
        items = [
            {"number": number, "runs": runs(item.runs), "below": [block(below) for below in item.below]}
            for number, item in one.numbered()
        ]
        return {
            "kind": "bullets", "is_numbered": one.is_numbered, "numbering": f"1{one.point}",
            "is_loose": one.is_loose, "items": items,
        }  # fmt: skip

    def block(one: Any) -> dict[str, Any]:
        if isinstance(one, Bullets):
            return bullets(one)
        if isinstance(one, Heading):
            return block(one.as_paragraph())
        if isinstance(one, Table):
            rows = [{"cells": [{"runs": runs(cell)} for cell in row]} for row in one.rows]
            cells = [cell for row in rows for cell in row["cells"]]
            columns = [{"runs": runs(head)} for head in one.heads]
            return {
                "kind": "table", "caption": printable(one.caption), "columns": columns, "rows": cells,
                "aligned": [side or "left" for side in one.aligned],
            }  # fmt: skip
        assert isinstance(one, Paragraph)
        return {
            "kind": "paragraph", "runs": runs(one.runs), "label": runs(one.label), "level": one.level,
            "anchor": one.anchor, "notes": [runs(note) for note in one.notes], "is_item": one.is_item,
            "is_changed": one.is_changed,
        }  # fmt: skip

    return {
        "title": _shown(document.title).strip() or "\u2013", "kind": printable(document.kind),
        "language": document.language, "sender": printable(document.sender), "reference": printable(document.reference),
        "dated": printable(document.dated), "marking": printable(document.marking),
        "codes": [printable(code) for code in document.codes],
        "facts": [{"label": printable(label), "value": printable(value)} for label, value in document.facts],
        "words": {"added": _("added:"), "removed": _("removed:")},
        "sections": [
            {
                "level": level, "anchor": section.anchor, "title": runs(section.title) or runs(words("\u2013")),
                "notes": [runs(note) for note in section.notes],
                "blocks": [block(one) for one in section.blocks],
            }
            for level, section in document.outline()
        ],
    }  # fmt: skip
