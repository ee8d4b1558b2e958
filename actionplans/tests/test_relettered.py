"""An aim that is given another letter stays the same aim, and its objectives stay what they are."""

import io
import re

import docx
import pypdf
import pytest
from django.core.management import CommandError

from accounts.tests.factories import secretariat
from actionplans import amending
from actionplans.comparison import compare
from actionplans.copying import begin_version
from actionplans.loading import stored_text
from actionplans.models import Objective, StrategyVersion
from actionplans.pieces import What
from actionplans.tests.drafts import EDIT, WHY, words_of
from actionplans.tests.files import empty_the_portal, export, run
from actionplans.tests.pages import post_edit, post_new, text_of
from actionplans.text_changes import text_changes

pytestmark = pytest.mark.django_db
NEXT = EDIT.replace("/2/", "/3/")
LEFT = "Reasons given for parts that read the same here, or that neither version has"


@pytest.fixture
def second(desk, draft):
    """Version 2 in force, with an aim D that version 1 has not."""
    place = {"after": draft.aims.get(letter="C").pk}
    post_new(desk, f"{EDIT}aims/new/", letter="D", text="To look ahead", **place, **because("Aim D is new."))
    who = {"heading": "For the CCWP:", "addressees": ["CCWP"]}
    post_new(desk, f"{EDIT}aims/D/addressees/new/", **who, **because("The CCWP looks ahead."))
    url = f"{EDIT}addressees/D.CCWP/objectives/new/"
    post_new(desk, url, letter="a", text="To study new routes", **because("Routes change."))
    post_new(desk, url, letter="b", text="To study new goods", after=words_of(draft, "D.CCWP.a").pk, **WHY)
    post_new(desk, f"{EDIT}objectives/D.CCWP.a/sub-points/new/", letter="i", text="by sea", **WHY)
    StrategyVersion.objects.filter(number=1).update(status="superseded")
    StrategyVersion.objects.filter(number=2).update(
        status="in_force", agreed_on="2026-03-01", in_force_from="2026-04-01"
    )
    return StrategyVersion.objects.get(number=2)


@pytest.fixture
def third(desk, second):
    """Version 3, a draft in which aim D has become K."""
    version = begin_version(second.strategy, by=secretariat(), note="Letters.")
    post_edit(desk, f"{NEXT}aims/D/", letter="K", **because("K as in “know”."))
    assert version.aims.get(letter="K").blocks.get().code == "K.CCWP"
    return version


def because(reason):
    return {"cause": "external", "reason": reason}


def amend_more(desk, version):
    """Beside the letter: an objective is added to the aim, one moved there, one of it reworded, another withdrawn."""
    after = words_of(version, "D.CCWP.b").pk
    url = f"{NEXT}addressees/K.CCWP/objectives/new/"
    post_new(desk, url, letter="c", text="To study new means", after=after, **because("Means change."))
    block = version.aims.get(letter="K").blocks.get()
    place = {"place": f"{block.pk}-0", "letter": "d"}
    post_new(desk, f"{NEXT}objectives/B.MS.b/move/", **place, **because("The CCWP does it."))
    post_edit(desk, f"{NEXT}objectives/D.CCWP.b/", text="To study all goods", **because("Not only new ones."))
    post_new(desk, f"{NEXT}withdraw/objective/C.CCWP.e/", **because("It is done."))


def named(comparison):
    """What changed, by what became of it; what there is none of is left out."""
    found = {what.value: [piece.name for piece in comparison.changed(what)] for what in What}
    return {what: names for what, names in found.items() if names}


# -- the comparison ----------------------------------------------------------------------------------------------------


def test_an_aim_with_a_new_letter_is_named_so_and_nothing_else_is(second, third):
    assert named(compare(second, third)) == {"relettered": ["Aim K"]}
    assert named(compare(third, second)) == {"relettered": ["Aim D"]}


def test_what_changed_beside_the_letter_is_named_for_what_it_is(desk, second, third):
    amend_more(desk, third)
    assert named(compare(second, third)) == {
        "reworded": ["D.CCWP.b"],
        "added": ["K.CCWP.c"],
        "withdrawn": ["C.CCWP.e"],
        "moved": ["B.MS.b"],
        "relettered": ["Aim K"],
    }


def test_an_aim_with_a_new_letter_and_new_words_is_known_by_its_objectives(desk, second, third):
    post_edit(desk, f"{NEXT}aims/K/", text="Knowledge of what comes", **WHY)
    assert named(compare(second, third)) == {"reworded": ["Aim K"], "relettered": ["Aim K"]}


def test_two_aims_that_change_letters_are_both_named(desk, second, third):
    for old, new in (("A", "X"), ("K", "A"), ("X", "D")):
        post_edit(desk, f"{NEXT}aims/{old}/", letter=new, **WHY)
    assert named(compare(second, third)) == {"relettered": ["Aim D", "Aim A"]}


def test_a_new_aim_with_the_old_letter_is_another_one(desk, second, third):
    place = {"after": third.aims.get(letter="K").pk}
    post_new(desk, f"{NEXT}aims/new/", letter="D", text="To look back", **place, **because("D is free."))
    who = {"heading": "For the CCWP:", "addressees": ["CCWP"]}
    post_new(desk, f"{NEXT}aims/D/addressees/new/", **who, **because("The CCWP looks back."))
    comparison = compare(second, third, third.changes.select_related("version"))
    assert named(comparison) == {"added": ["Aim D", "D.CCWP"], "relettered": ["Aim K"]}
    heads = {stretch.head.name: stretch.head for stretch in comparison.stretches}
    assert [change.text for change in heads["Aim D"].reasons] == ["D is free."]
    assert [change.text for change in heads["Aim K"].reasons] == ["K as in “know”."]
    assert comparison.other_reasons == []


def test_addressees_that_are_joined_by_others_keep_their_objectives(desk, second, third):
    post_edit(desk, f"{NEXT}addressees/K.CCWP/", addressees=["CCWP", "MS_CUSTOMS"], **because("All do."))
    comparison = compare(second, third, third.changes.select_related("version"))
    assert named(comparison) == {"relettered": ["Aim K", "K.MS+CCWP"]}
    assert comparison.other_reasons == []


def test_reasons_follow_an_aim_to_the_letter_that_it_was_given_later(desk, second, third):
    amend_more(desk, third)
    page = text_of(desk.get("/strategy/compare/1/3/"))
    assert LEFT not in page
    for reason in ("Aim D is new.", "K as in “know”.", "The CCWP looks ahead.", "Routes change."):
        assert page.count(reason) == 1, reason
    backwards = text_of(desk.get("/strategy/compare/3/1/"))
    assert LEFT not in backwards
    assert backwards.count("Aim D is new.") == 1


def test_only_reasons_of_what_reads_the_same_or_is_nowhere_are_left(desk, second, third):
    post_edit(desk, f"{NEXT}objectives/D.CCWP.b/", text="Other words", **because("Tried."))
    post_edit(desk, f"{NEXT}objectives/D.CCWP.b/", text="To study new goods", **because("Put back."))
    url = f"{NEXT}addressees/K.CCWP/objectives/new/"
    post_new(desk, url, letter="c", text="To study means", after="first", **because("Come."))
    post_new(desk, f"{NEXT}withdraw/objective/K.CCWP.c/", **because("Gone."))
    comparison = compare(second, third, third.changes.select_related("version"))
    assert [change.text for change in comparison.other_reasons] == ["Tried.", "Put back.", "Come.", "Gone."]
    assert LEFT in text_of(desk.get("/strategy/compare/2/3/"))


def test_page_pdf_and_word_say_the_same_of_a_new_letter(desk, second, third):
    amend_more(desk, third)
    page = text_of(desk.get("/strategy/compare/2/3/"))
    counted = "1 reworded, 1 added, 1 withdrawn, 1 moved, 1 with a new letter."
    assert f'<p class="lead">{counted}</p>' in page
    word = docx.Document(io.BytesIO(desk.get("/strategy/compare/2/3.docx").content))
    pdf = pypdf.PdfReader(io.BytesIO(desk.get("/strategy/compare/2/3.pdf").content))
    files = "\n".join(p.text for p in word.paragraphs), "\n".join(p.extract_text() for p in pdf.pages)
    for text in (re.sub("<[^>]*>", "", page), *files):
        text = " ".join(text.split())
        assert "Aim K: new letter or number: D before, K now." in text
        assert "moved; before: B.MS, after B.MS.a; now: K.CCWP, first" in text
        assert "K as in “know”." in text
        assert "To study new routes" not in text  # unchanged


# -- the file ----------------------------------------------------------------------------------------------------------


def test_a_file_names_a_new_letter_as_the_page_does(desk, second, third):
    amend_more(desk, third)
    changes = text_changes(stored_text(second), stored_text(third))
    assert [(change.part, change.code, change.change) for change in changes] == [
        ("aim", "K", "reworded"),
        ("objective", "B.MS.b", "moved"),
        ("objective", "D.CCWP.b", "reworded"),
        ("objective", "K.CCWP.c", "added"),
        ("objective", "C.CCWP.e", "withdrawn"),
    ]
    assert changes[0].sentence == "Aim K reworded: “D. To look ahead” → “K. To look ahead”."


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_an_export_loads_into_a_portal_that_never_gave_its_codes_and_goes_round(desk, third, tmp_path):
    amend_more(desk, third)
    file = export(version=3)
    assert "id: D.CCWP.a\n      keeps_code: 'yes'\n      letter: a" in file
    path = write(tmp_path / "third.yaml", file)
    empty_the_portal()
    run("load_strategy")  # as every portal begins
    said = run("load_strategy", path, "--preview")
    for code in ("D.CCWP.a", "D.CCWP.a.i", "D.CCWP.b"):
        told = f"Note: objective {code} keeps a code that no version in this portal has given."
        assert (told in said) == (code != "D.CCWP.a.i"), code
    assert "B.MS.b keeps" not in said
    assert not Objective.objects.filter(code="D.CCWP.a").exists()
    run("load_strategy", path)
    assert export(version=2) == file
    assert Objective.objects.get(code="D.CCWP.a.i").parent.code == "D.CCWP.a"
    assert "is loaded already (version 2, a draft)" in run("load_strategy", path)


def test_an_export_loads_into_a_portal_without_any_strategy_and_goes_round(desk, third, tmp_path):
    amend_more(desk, third)
    StrategyVersion.objects.filter(number=2).update(status="superseded")
    StrategyVersion.objects.filter(number=3).update(
        status="in_force", agreed_on="2026-05-01", in_force_from="2026-05-01"
    )
    file = export()
    path = write(tmp_path / "third.yaml", file)
    empty_the_portal()
    run("load_strategy", path)
    assert export() == file
    assert StrategyVersion.objects.get().status == "in_force"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("id: D.CCWP.b\n", "id: D.CCWP.a\n", "The code “D.CCWP.a” is given twice."),
        ("id: D.CCWP.b\n", "id: D.b\n", "“D.b” is no code of an objective: C.CCWP.e, B.MS+COM.a."),
        ("id: D.CCWP.b\n", "id: D.CCWP.b.i\n", "“D.CCWP.b.i” is no code of an objective"),
        (
            "id: D.CCWP.a.i\n",
            "id: D.CCWP.b.i\n        keeps_code: 'yes'\n",
            "“D.CCWP.b.i” is no code of a sub-point of D.CCWP.a: D.CCWP.a.ii.",
        ),
        ("keeps_code: 'yes'\n      letter: b", "letter: b", "“D.CCWP.b” should be “K.CCWP.b”"),
    ],
)
def test_a_code_from_elsewhere_that_contradicts_is_refused(third, tmp_path, old, new, why):
    file = export(version=3)
    assert file.count(old) == 1
    path = write(tmp_path / "third.yaml", file.replace(old, new))
    empty_the_portal()
    run("load_strategy")
    with pytest.raises(CommandError) as refused:
        run("load_strategy", path)
    assert why in str(refused.value)
    assert not Objective.objects.filter(code__startswith="D.").exists()


# -- what was withdrawn before ----------------------------------------------------------------------------------------


def test_what_was_withdrawn_before_the_aim_got_another_letter_is_taken_back_under_it(desk, second):
    version = begin_version(second.strategy, by=secretariat(), note="Letters.")
    before = stored_text(version)
    for part, code in (("objective", "D.CCWP.a"), ("objective", "D.CCWP.b"), ("addressees", "D.CCWP")):
        post_new(desk, f"{NEXT}withdraw/{part}/{code}/", **WHY)
    post_edit(desk, f"{NEXT}aims/D/", letter="K", **WHY)
    assert "/take-back/addressees/K.CCWP/" in text_of(desk.get(NEXT))
    again = [("addressees", "K.CCWP"), *(("objective", f"D.CCWP.{end}") for end in ("b", "a", "a.i"))]
    for part, code in again:
        assert post_new(desk, f"{NEXT}take-back/{part}/{code}/", **WHY).status_code == 302
    post_edit(desk, f"{NEXT}aims/K/", letter="D", **WHY)
    assert stored_text(version) == before


def test_an_aim_comes_back_behind_the_one_that_stood_before_it_under_its_new_letter(desk, second):
    version = begin_version(second.strategy, by=secretariat(), note="Letters.")
    post_new(
        desk, f"{NEXT}aims/new/", letter="E", text="To end well", after=version.aims.get(letter="D").pk, **WHY
    )
    post_new(desk, f"{NEXT}withdraw/aim/E/", **WHY)
    post_edit(desk, f"{NEXT}aims/D/", letter="K", **WHY)
    post_new(desk, f"{NEXT}take-back/aim/E/", **WHY)
    assert list(version.aims.order_by("order").values_list("letter", flat=True))[-2:] == ["K", "E"]


def test_an_objective_comes_back_after_its_addressees_got_another_code(desk, second):
    version = begin_version(second.strategy, by=secretariat(), note="Addressees.")
    post_new(desk, f"{NEXT}withdraw/objective/D.CCWP.b/", **WHY)
    post_edit(desk, f"{NEXT}addressees/D.CCWP/", addressees=["CCWP", "COMMISSION"], **WHY)
    assert post_new(desk, f"{NEXT}take-back/objective/D.CCWP.b/", **WHY).status_code == 302
    assert words_of(version, "D.CCWP.b").block.code == "D.CCWP+COM"


def test_another_aim_that_had_the_letter_before_keeps_what_was_withdrawn_from_it(desk, second):
    version = begin_version(second.strategy, by=secretariat(), note="Letters.")
    for part, code in (
        ("objective", "D.CCWP.a"),
        ("objective", "D.CCWP.b"),
        ("addressees", "D.CCWP"),
        ("aim", "D"),
    ):
        post_new(desk, f"{NEXT}withdraw/{part}/{code}/", **WHY)
    place = {"after": version.aims.get(letter="C").pk}
    post_new(desk, f"{NEXT}aims/new/", letter="D", text="To look back", **place, **WHY)
    post_edit(desk, f"{NEXT}aims/D/", letter="K", **WHY)
    kept = version.changes.filter(change="withdrawn", part__in=["aim", "addressees"])
    assert sorted(kept.values_list("code", "was__aim")) == [("D", None), ("D.CCWP", "D")]
    assert post_new(desk, f"{NEXT}take-back/aim/D/", **WHY).status_code == 302
    assert post_new(desk, f"{NEXT}take-back/addressees/D.CCWP/", **WHY).status_code == 302


def test_an_objective_of_an_earlier_version_comes_back_under_the_new_letter(desk, second):
    with amending.amending(begin_version(second.strategy, by=secretariat(), note="One less.")) as held:
        amending.withdraw(held, amending.find(held, "objective", "D.CCWP.b"), **WHY)
    StrategyVersion.objects.filter(number=2).update(status="superseded")
    StrategyVersion.objects.filter(number=3).update(
        status="in_force", agreed_on="2026-05-01", in_force_from="2026-06-01"
    )
    fourth = begin_version(second.strategy, by=secretariat(), note="Letters.")
    last = NEXT.replace("/3/", "/4/")
    post_edit(desk, f"{last}aims/D/", letter="K", **WHY)
    assert post_new(desk, f"{last}take-back/objective/D.CCWP.b/", **WHY).status_code == 302
    assert words_of(fourth, "D.CCWP.b").block.code == "K.CCWP"
