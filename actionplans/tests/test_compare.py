"""Two versions side by side: what changed is named and marked, and nothing else is."""

import time

import pytest

from accounts.tests.factories import secretariat
from actionplans.comparison import compare
from actionplans.models import (
    AddresseeBlock,
    Aim,
    Footnote,
    Section,
    SectionBlock,
    StrategyVersion,
    Wording,
)
from actionplans.pieces import What
from actionplans.tests.amended import copy_of, paragraph, withdraw
from actionplans.tests.pages import text_of
from publishing.documents import Change, words

pytestmark = pytest.mark.django_db


def codes(comparison, what):
    return [piece.name for piece in comparison.changed(what)]


def piece(comparison, name):
    (found,) = [
        one
        for stretch in comparison.stretches
        for one in (stretch.head, *stretch.pieces)
        if one.name == name and not one.moved_to
    ]
    return found


def words_of(runs, change):
    return [run.text for run in runs if run.change == change]


def test_a_copy_reads_the_same(first):
    comparison = compare(first, copy_of(first))
    assert comparison.is_same
    assert [codes(comparison, what) for what in What] == [[], [], [], [], []]


def test_every_word_of_both_versions_stands_in_the_comparison(first, second):
    comparison = compare(first, second)
    for version, left_out in ((first, Change.ADDED), (second, Change.REMOVED)):
        said = [
            "".join(run.text for run in one.runs if run.change != left_out)
            for stretch in comparison.stretches
            for one in (stretch.head, *stretch.pieces)
        ]
        texts = [*SectionBlock.objects.filter(section__version=version).values_list("text", flat=True)]
        texts += Wording.objects.filter(version=version).values_list("text", flat=True)
        texts += Footnote.objects.filter(version=version).values_list("text", flat=True)
        assert [text for text in texts if text not in said] == []


def test_what_changed_is_named_and_nothing_else(first, second):
    comparison = compare(first, second)
    assert codes(comparison, What.REWORDED) == ["A.CCWP.f", "II.2 § 1"]
    assert codes(comparison, What.ADDED) == ["A.MS.z"]
    assert codes(comparison, What.WITHDRAWN) == ["C.CCWP.e"]
    assert codes(comparison, What.MOVED) == ["B.MS.b"]


def test_only_the_words_that_differ_are_marked(first, second):
    runs = piece(compare(first, second), "A.CCWP.f").runs
    assert words_of(runs, Change.REMOVED) == ["communication"]
    assert words_of(runs, Change.ADDED) == ["detection"]
    runs = piece(compare(first, second), "II.2 § 1").runs
    assert (words_of(runs, Change.REMOVED), words_of(runs, Change.ADDED)) == (["18"], ["24"])


def test_what_moved_is_named_with_its_old_and_new_place(first, second):
    moved = piece(compare(first, second), "B.MS.b")
    assert (moved.old_place, moved.new_place) == ("B.MS, after B.MS.a", "C.CCWP, after C.CCWP.f")
    left = [
        (stretch.head.name, one.moved_to)
        for stretch in compare(first, second).stretches
        for one in stretch.pieces
        if one.moved_to
    ]
    assert left == [("B.MS", "C.CCWP, after C.CCWP.f")]


def test_an_objective_moved_within_its_addressees_is_the_only_one_that_moved(first):
    draft = copy_of(first)
    rows = list(Wording.objects.filter(version=draft, block__code="C.CCWP").order_by("order"))
    orders = [row.order for row in rows]
    for row, order in zip([rows[-1], *rows[:-1]], orders, strict=True):
        Wording.objects.filter(pk=row.pk).update(order=order)
    comparison = compare(first, draft)
    last = rows[-1].objective.code
    assert codes(comparison, What.MOVED) == [last]
    assert piece(comparison, last).new_place == "C.CCWP, first"


def test_sub_points_move_with_their_objective_and_are_not_named(first):
    draft = copy_of(first)
    for code in ("B.MS.a", "B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii"):
        Wording.objects.filter(version=draft, objective__code=code).update(
            block=Wording.objects.filter(version=draft, block__code="A.MS").first().block
        )
    assert codes(compare(first, draft), What.MOVED) == ["B.MS.a"]


def test_a_sub_point_whose_objective_was_withdrawn_stands_under_the_addressees(first):
    draft = copy_of(first)
    withdraw(draft, "B.MS.a")
    comparison = compare(first, draft)
    assert codes(comparison, What.WITHDRAWN) == ["B.MS.a"]
    assert codes(comparison, What.MOVED) == ["B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii"]
    assert piece(comparison, "B.MS.a.i").old_place == "B.MS.a, first"


def test_a_new_letter_is_told_apart_from_new_words(first):
    draft = copy_of(first)
    Wording.objects.filter(version=draft, objective__code="A.MS.b").update(letter="c")
    comparison = compare(first, draft)
    assert codes(comparison, What.RELETTERED) == ["A.MS.b"]
    label = piece(comparison, "A.MS.b").label
    assert (words_of(label, Change.REMOVED), words_of(label, Change.ADDED)) == (["b)"], ["c)"])
    assert codes(comparison, What.REWORDED) == []


def test_a_paragraph_that_went_to_another_section_has_moved(client, first):
    draft = copy_of(first)
    block = SectionBlock.objects.get(section__version=draft, section__number="I.6", order=2)
    text = block.text
    block.delete()
    paragraph(draft, "II.2", 90, text)
    comparison = compare(first, draft)
    assert codes(comparison, What.MOVED) == ["II.2 § 5"]
    assert piece(comparison, "II.2 § 5").old_place == "I.6 § 2"
    assert codes(comparison, What.ADDED) == codes(comparison, What.WITHDRAWN) == []
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert '<em>I.6 § 2 stood here; now: </em><a href="#p-II.2-5"><em>II.2 § 5</em></a>' in page


def test_a_section_put_between_moves_no_other(first):
    draft = copy_of(first)
    Section.objects.filter(version=draft, number="I.6").update(number="I.7")
    Section.objects.create(version=draft, order=7, number="I.6", title="A NEW SECTION")
    Section.objects.filter(version=draft, number="I.7").update(order=8)
    Section.objects.filter(version=draft, number__startswith="II").update(order=9)
    paragraph(draft, "I.6", 1, "New words in a new section.")
    comparison = compare(first, draft)
    assert codes(comparison, What.ADDED) == ["I.6"]
    assert codes(comparison, What.RELETTERED) == ["I.7"]
    assert codes(comparison, What.MOVED) == codes(comparison, What.REWORDED) == []


def test_a_section_that_was_withdrawn_is_named_once_with_its_words_struck(client, first):
    draft = copy_of(first)
    Section.objects.get(version=draft, number="I.3").delete()
    comparison = compare(first, draft)
    assert codes(comparison, What.WITHDRAWN) == ["I.3"]
    assert piece(comparison, "I.3 § 1 (b)").label == words("b)")
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert page.count(": withdrawn.") == 1
    assert "1 withdrawn" in page
    assert "collaboration;<span" in page


def test_a_section_that_changed_places_is_named_with_both(client, first):
    draft = copy_of(first)
    Section.objects.filter(version=draft, number="I.2").update(order=90)
    comparison = compare(first, draft)
    assert codes(comparison, What.MOVED) == ["I.2"]
    assert (piece(comparison, "I.2").old_place, piece(comparison, "I.2").new_place) == (
        "after I.1",
        "after II.2",
    )
    client.force_login(secretariat())
    page = text_of(client.get("/strategy/compare/1/2/"))
    assert '<em>I.2 stood here; now: </em><a href="#section-I.2"><em>after II.2</em></a>' in page


def test_an_aim_that_was_withdrawn_takes_its_addressees_and_objectives_along(first):
    draft = copy_of(first)
    Aim.objects.get(version=draft, letter="A").delete()
    gone = codes(compare(first, draft), What.WITHDRAWN)
    assert gone[:2] == ["Aim A", "A.MS"]
    assert {"A.MS.a", "A.MS.b"} <= set(gone)
    assert codes(compare(draft, first), What.ADDED) == gone


def test_addressees_of_two_aims_with_one_code_are_told_apart(first):
    draft = copy_of(first)
    AddresseeBlock.objects.filter(aim__version=draft, code="C.MS").update(code="A.MS")
    comparison = compare(draft, copy_of(draft, 3, status="withdrawn"))
    assert comparison.is_same
    names = [one.name for stretch in comparison.stretches for one in (stretch.head, *stretch.pieces)]
    assert [name for name in names if name.endswith("A.MS")] == ["A: A.MS", "C: A.MS"]
    assert [name for name in names if names.count(name) > 1] == []


def test_a_footnote_is_compared_by_its_mark(first):
    draft = copy_of(first)
    Footnote.objects.filter(version=draft).update(text="OJ C 300.")
    assert codes(compare(first, draft), What.REWORDED) == ["Footnote ¹"]


def test_two_wholly_different_texts_are_compared(first):
    draft = StrategyVersion.objects.create(strategy=first.strategy, number=2)
    comparison = compare(first, draft)
    assert len(codes(comparison, What.WITHDRAWN)) >= 30
    assert compare(draft, first).changed(What.WITHDRAWN) == []
    assert compare(draft, draft).is_same


def test_two_full_versions_are_compared_in_less_than_300_ms(first, second):
    compare(first, second)
    times = []
    for _n in range(5):
        start = time.perf_counter()
        compare(first, second)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3
