"""Writes a version of a strategy as the YAML that `load_strategy` reads, always in the same bytes."""

from typing import Any

import yaml

from actionplans.strategy_file import AIMS, ObjectiveText, StrategyText

FOLDED = frozenset("\x85\u2028\u2029\ufeff")


class _Dumper(yaml.SafeDumper):
    """Writes every text where it stands, never as a reference to the same text elsewhere."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, text: str) -> yaml.Node:
        """A text; line breaks other than a line feed are written as escapes, for YAML would fold them to blanks."""
        style = '"' if FOLDED.intersection(text) else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)


def write_strategy(text: StrategyText) -> str:
    """A strategy as its file. What is empty and optional is left out; what the file counts is not repeated."""
    content = {
        "document": _document(text),
        "sections": [
            {
                "number": section.number,
                "title": section.title,
                **({"contains": AIMS} if section.holds_aims else {}),
                "blocks": [
                    {name: value for name, value in block._asdict().items() if value}
                    for block in section.blocks
                ],
            }
            for section in text.sections
        ],
        "footnotes": [{"mark": mark, "text": words} for mark, words in text.footnotes],
        AIMS: [
            {
                "letter": aim.letter,
                "text": aim.text,
                "addressee_groups": [
                    {
                        "code": block.code,
                        "heading": block.heading,
                        "addressees": list(block.addressees),
                        "objectives": _objectives(text, block.code),
                    }
                    for block in aim.blocks
                ],
            }
            for aim in text.aims
        ],
    }
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf"))


def _document(text: StrategyText) -> dict[str, Any]:
    head = text.head
    found = {
        "number": head["reference"],
        "date": head["dated_on"].isoformat(),
        "place": head["place"],
        "subject_codes": list(head["subject_codes"]),
        "type": head["kind"],
        "from": head["sender"],
        "to": head["addressee"],
        "previous_documents": list(head["previous_documents"]),
        "subject": head["title"],
        "agreed_by_ccwp_on": text.agreed_on.isoformat() if text.agreed_on else "",
        "requested": head["requested"],
        "resolution": head["resolution"],
        "legal_basis": head["legal_basis"],
    }
    return {name: value for name, value in found.items() if value}


def _objectives(text: StrategyText, block: str) -> list[dict[str, Any]]:
    own = [words for words in text.objectives if words.addressees == block]
    return [
        {
            **_numbered("letter", words, f"{block}.{words.letter or '0'}"),
            "sub_points": [
                _numbered("numeral", below, f"{words.code}.{below.letter}")
                for below in own
                if below.parent == words.code
            ],
        }
        for words in own
        if not words.parent
    ]


def _numbered(name: str, words: ObjectiveText, expected: str) -> dict[str, Any]:
    """An objective that has moved keeps the code that it was once given, and says so."""
    kept = {"keeps_code": "yes"} if words.code != expected else {}
    return {"id": words.code, **kept, name: words.letter, "text": words.text}
