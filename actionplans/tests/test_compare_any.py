"""Whatever two texts are: each word of both stands in their comparison once, and every place has its own name."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from actionplans.comparison import compare_texts
from actionplans.pieces import What
from actionplans.versiontexts import Addressees, AimWords, Block, Objective, Section, VersionText
from publishing.documents import Change

WORDS = [
    "Customs controls goods at the border",
    "Cash is declared by those who enter",
    "The CCWP reports",
    "ѝ",
    "",
]
TEXTS = st.lists(st.sampled_from([word for text in WORDS for word in text.split()]), max_size=9).map(" ".join)
NUMBERS = ["I", "I.1", "I.2", "II", "II.1"]
CODES = ["a", "b", "c", "d", "e", "f"]


@st.composite
def versions(draw):
    """A version's text: some sections in some order, aims, addressees, objectives and sub-points."""
    text = VersionText()
    numbers = draw(st.lists(st.sampled_from(NUMBERS), unique=True, max_size=5))
    for place, number in enumerate(numbers):
        rows = draw(st.lists(st.one_of(TEXTS, st.sampled_from(WORDS)), max_size=4))
        blocks = [
            Block(f"{number} § {n}", f"§ {n}", "", row, n % 2 == 0, f"p-{number}-{n}")
            for n, row in enumerate(rows)
        ]
        title = draw(st.sampled_from(["AIMS", "ROLE", "PLAN"]))
        text.sections.append(Section(number, title, place == 0 and draw(st.booleans()), blocks))
    for letter in draw(st.lists(st.sampled_from("AB"), unique=True)):
        text.aims.append(AimWords(letter, draw(TEXTS)))
        for group in draw(st.lists(st.sampled_from(["MS", "COM"]), unique=True)):
            text.addressees.append(Addressees(letter, f"{letter}.{group}", draw(TEXTS)))
    containers = [block.code for block in text.addressees]
    for code in draw(st.lists(st.sampled_from(CODES), unique=True)) if containers else []:
        container = draw(st.sampled_from(containers))
        text.objectives[code] = Objective(code, draw(st.sampled_from("xyz")), draw(TEXTS), container)
        text.below[container].append(code)
        if code in "ad":  # a sub-point keeps its objective
            text.objectives[f"{code}.i"] = Objective(f"{code}.i", "i", draw(TEXTS), code)
            text.below[code].append(f"{code}.i")
    return text


def pieces_of(stretches):
    return [one for stretch in stretches for one in (stretch.head, *stretch.pieces)]


@settings(max_examples=150)
@given(versions(), versions())
def test_every_word_of_both_texts_stands_once(old, new):
    pieces = pieces_of(compare_texts(old, new)[0])
    for text, left_out in ((old, Change.ADDED), (new, Change.REMOVED)):
        said = Counter("".join(run.text for run in one.runs if run.change != left_out) for one in pieces)
        stored = Counter(block.text for section in text.sections for block in section.blocks)
        stored += Counter(section.heading for section in text.sections)
        stored += Counter(f"{aim.letter}. {aim.text}" for aim in text.aims)
        stored += Counter(group.heading for group in text.addressees)
        stored += Counter(objective.text for objective in text.objectives.values())
        for nothing in ("", *(f"{aim.letter}. " for aim in (*old.aims, *new.aims))):
            said.pop(nothing, None)
            stored.pop(nothing, None)
        assert said == stored


@settings(max_examples=100)
@given(versions(), versions())
def test_every_place_has_its_own_name_and_every_move_both_its_places(old, new):
    pieces = pieces_of(compare_texts(old, new)[0])
    anchors = [one.anchor for one in pieces if one.anchor]
    assert len(anchors) == len(set(anchors))
    moved = Counter(one.key for one in pieces if What.MOVED in one.what)
    assert moved == Counter(one.key for one in pieces if one.moved_to)
    assert all(one.old_place and one.new_place for one in pieces if What.MOVED in one.what)


@settings(max_examples=60)
@given(versions())
def test_a_text_reads_the_same_as_itself(text):
    assert [one.name for one in pieces_of(compare_texts(text, text)[0]) if one.what or one.moved_to] == []


@settings(max_examples=60)
@given(versions(), versions())
def test_what_is_added_one_way_is_withdrawn_the_other(old, new):
    there, back = (pieces_of(compare_texts(*pair)[0]) for pair in ((old, new), (new, old)))
    added = Counter(one.name for one in there if What.ADDED in one.what and "§" not in one.name)
    assert added == Counter(one.name for one in back if What.WITHDRAWN in one.what and "§" not in one.name)
