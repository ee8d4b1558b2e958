"""The strategy of 2009 stands in the portal word for word, and a wrong file changes nothing."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from actionplans.management.commands.load_strategy import OWN_FILE
from actionplans.models import (
    AddresseeBlock,
    Aim,
    Footnote,
    Objective,
    Section,
    SectionBlock,
    Strategy,
    StrategyVersion,
    Wording,
)

TEXT = OWN_FILE.with_name("15198-09.txt")
TRACKED = (
    Strategy,
    StrategyVersion,
    Section,
    SectionBlock,
    Footnote,
    Aim,
    AddresseeBlock,
    Objective,
    Wording,
)

pytestmark = pytest.mark.django_db


def load(path=OWN_FILE):
    call_command("load_strategy", str(path), stdout=io.StringIO())


def events():
    return {model.__name__: model.pgh_event_model.objects.count() for model in TRACKED}


def published():
    """The published text, one entry per paragraph or lettered item, without page breaks and list marks."""
    lines = [line.strip() for line in TEXT.read_text(encoding="utf-8").splitlines()]
    return [re.sub(r"^- ", "", line.strip("*")) for line in lines if line.strip("*")]


def stored():
    """What the portal holds, put together as the document puts it."""
    strategy = Strategy.objects.get()
    version = strategy.versions.get()
    texts = []
    for section in version.sections.prefetch_related("blocks"):
        short = section.number if section.number in {"I", "II"} else section.number.split(".")[-1]
        texts.append(f"{short}. {section.title}")
        texts += [f"{b.letter}) {b.text}" if b.kind == "item" else b.text for b in section.blocks.all()]
        if section.holds_aims:
            texts += _aims(version)
    return texts + [f"{note.mark} {note.text}" for note in version.footnotes.all()]


def _aims(version):
    aims = list(version.aims.prefetch_related("blocks__wordings__objective"))
    last = aims[-1]
    texts = [f"{aim.letter}. {aim.text}{'.' if aim == last else ';'}" for aim in aims]
    for aim in aims:
        texts.append(f"{aim.letter}. {aim.text}")
        for block in aim.blocks.all():
            texts.append(block.heading)
            for words in block.wordings.all():
                mark = f"{words.letter}. " if words.objective.parent_id else f"{words.letter}) "
                texts.append(f"{mark if words.letter else ''}{words.text}")
    return texts


def test_every_paragraph_item_objective_and_footnote_is_that_of_the_document():
    load()
    ours, theirs = stored(), published()
    body = theirs[theirs.index("I. INTRODUCTION") :]
    assert sorted(ours) == sorted(body)
    notes = {f"{note.mark} {note.text}" for note in Footnote.objects.all()}
    in_order = [line for line in body if line not in notes]  # a footnote stands where its page ended
    assert [line for line in ours if line not in notes] == in_order


def test_the_head_of_the_document_is_kept():
    load()
    head = "\n".join(published()[: published().index("I. INTRODUCTION")])
    strategy = Strategy.objects.get()
    for text in (
        *strategy.previous_documents, *strategy.subject_codes, strategy.reference, strategy.kind, strategy.requested,
        f"From: {strategy.sender}", f"To: {strategy.addressee}", f"Subject: {strategy.title}",
    ):  # fmt: skip
        assert text in head
    version = strategy.versions.get()
    assert (f"{strategy.dated_on}", f"{version.agreed_on}") == ("2009-11-04", "2009-10-21")
    assert (version.number, version.status) == (1, "in_force")


def test_there_are_3_aims_8_blocks_27_objectives_and_3_sub_points():
    load()
    below = Objective.objects.exclude(parent=None).count()
    assert (Aim.objects.count(), AddresseeBlock.objects.count()) == (3, 8)
    assert (Objective.objects.counted().count(), below) == (27, 3)
    assert Objective.objects.get(code="B.MS.a.ii").parent.code == "B.MS.a"
    assert Objective.objects.filter(code="C.CCWP+COM.0").count() == 1


def test_a_second_load_leaves_no_event():
    load()
    before = events()
    load()
    assert events() == before


def test_every_event_names_the_command():
    load()
    for model in TRACKED:
        contexts = model.pgh_event_model.objects.values_list("pgh_context", flat=True)
        assert {context["verb"] for context in contexts} == {"load strategy"}
        assert not any(context.get("user") for context in contexts)


def changed(tmp_path, old, new, count=1):
    """A copy of the file with one change, and the line on which it stands."""
    text = OWN_FILE.read_text(encoding="utf-8")
    assert old in text
    place = text.index(old)
    path = tmp_path / "changed.yaml"
    path.write_text(text.replace(old, new, count), encoding="utf-8")
    return path, text.count("\n", 0, place) + 1


WRONG = {
    "a code given twice": ("id: A.MS.b", "id: A.MS.a", "addressee_groups 1, objectives 2, id", "twice"),
    "an unknown kind": ("kind: item", "kind: heading", "sections 3, blocks 3, kind", "“heading” is not known"),
    "a missing text": (
        "text: To look for additional opportunities for effective cooperation;", "text:",
        "part_II_1_aims 1, addressee_groups 2, objectives 2, text", "The text is missing",
    ),
    "a wrong level": ("  sub_points: []\n", "  objectives: []\n", "objectives 1, objectives", "does not belong here"),
    "an unknown addressee": ("- MS_CUSTOMS", "- POLICE", "addressees 1", "“POLICE” is not known"),
    "a code in the wrong block": ("id: C.CCWP.e", "id: C.CCWP.x", "objectives 5, id", "should be “C.CCWP.e”"),
    "a sub-point of another objective": ("id: B.MS.a.ii\n", "id: B.MS.b.ii\n", "sub_points 2, id", "“B.MS.a.ii”"),
    "a wrong date": ("date: '2009-11-04'", "date: '2009-11-31'", "document, date", "There is no 31 November 2009"),
    "a wrong number": ("number: 15198/09", "number: fifteen", "document, number", ""),
    "a wrong count": ("  objectives: 27", "  objectives: 26", "counts, objectives", "says 26, but holds 27"),
    "a letter on a paragraph": ("kind: item", "kind: paragraph", "sections 3, blocks 3, letter", "has no letter"),
    "an aim without letter": ("- letter: A\n  text", "- text", "part_II_1_aims 1, letter", "This field is missing"),
    "an aim with an empty letter": (
        "- letter: A\n  text", "- letter:\n  text", "part_II_1_aims 1, letter", "text is missing",
    ),
    "two lines in an objective": (
        "text: To look for additional opportunities for effective cooperation;", 'text: "To look\\nfor more;"',
        "part_II_1_aims 1, addressee_groups 2, objectives 2, text", "This has 2 lines, and here stands one paragraph.",
    ),
    "only invisible characters": ("title: THE ROLE OF CUSTOMS", 'title: "\u200b\u2060"', "sections 2, title", ""),
    "a hidden character": ("title: THE ROLE OF CUSTOMS", "title: THE \u202eROLE", "sections 2, title", "U+202E"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "field", "why"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_by_line_and_field_and_nothing_is_stored(tmp_path, old, new, field, why):
    path, line = changed(tmp_path, old, new)
    with pytest.raises(CommandError) as refused:
        load(path)
    message = str(refused.value)
    assert field in message
    assert why in message
    assert re.search(f", line ({line}|{line + 1}), ", message)
    assert message.endswith("Nothing was changed.")
    assert Strategy.objects.count() == 0


NO_STRATEGY = {
    "no YAML": (b"a: [1, 2\nb: }", "is not YAML"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", "no text in UTF-8"),
    "a control character": (b"document: a\x00b", "cannot stand in a text"),
    "empty": (b"", "The file is empty"),
    "a list": (b"- 1\n- 2\n", "Expected are fields with names"),
    "another file": (b"name: x\n", "document: This field is missing"),
    "10 MB": (b"a: " + b"x" * 10_000_000, "is larger than 1000 kB"),
    "nested deeply": (b"[" * 50_000, "nested too deeply"),
    "itself": (b"&a [*a]", "Expected are fields with names"),
    "an unknown alias": (b"document: *a", "is not YAML"),
}


@pytest.mark.parametrize(("content", "why"), NO_STRATEGY.values(), ids=NO_STRATEGY)
def test_what_is_no_strategy_is_refused_plainly(tmp_path, content, why):
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=re.escape(why)):
        load(path)
    assert Strategy.objects.count() == 0


def test_a_file_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "none.yaml")


def test_aliases_mean_what_they_stand_for(tmp_path):
    assert "*id001" in OWN_FILE.read_text(encoding="utf-8")
    load()
    assert AddresseeBlock.objects.get(code="C.MS").addressees == ["MS_CUSTOMS"]


def test_the_copy_is_the_delivered_one():
    assert Path(OWN_FILE).read_bytes().startswith(b"document:\n  number: 15198/09\n")
