"""A strategy goes out as the file that comes in, byte for byte; a changed file is a draft, told before it is stored."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from hypothesis import given
from hypothesis import strategies as st

from actionplans.loading import stored_text
from actionplans.management.commands.load_strategy import OWN_FILE
from actionplans.models import Objective, Strategy, StrategyVersion, VersionChange, Wording
from actionplans.strategy_export import write_strategy
from actionplans.strategy_file import AimText, BlockText, SectionText, StrategyText, read_strategy
from actionplans.tests.factories import ActionFactory, PlanFactory
from actionplans.tests.files import NAMED, REWORDED, empty_the_portal, export, run
from actionplans.text_changes import differing, text_changes
from strategy_portal.fields import clean_line, clean_paragraph

pytestmark = pytest.mark.django_db
TRACKED = (Strategy, StrategyVersion, Objective, Wording, VersionChange)


def events():
    return {model.__name__: model.pgh_event_model.objects.count() for model in TRACKED}


# -- export → load → export --------------------------------------------------------------------------------------------


def test_what_is_exported_loads_and_exports_again_byte_for_byte(loaded, tmp_path):
    first = export()
    path = tmp_path / "strategy.yaml"
    path.write_text(first, encoding="utf-8")
    assert "is loaded already (version 1, in force)" in run("load_strategy", path)
    empty_the_portal()
    assert "15198/09 loaded: 3 aims, 8 blocks of addressees, 27 objectives, 3 sub-points." in run(
        "load_strategy", path
    )
    assert export() == first
    assert read_strategy(first.encode()) == read_strategy(OWN_FILE.read_bytes())


def amend(strategy):
    """The file of an amended text: an objective moved with its code kept, one withdrawn, one reworded."""
    text = stored_text(strategy.versions.get(number=1))
    objectives = {words.code: words for words in text.objectives}
    moved = objectives.pop("C.CCWP.b")._replace(addressees="C.MS", letter="z")
    objectives.pop("A.CCWP.e")
    objectives["A.MS.a"] = objectives["A.MS.a"]._replace(
        text="To do it: “better” - first - 'second' # *no* <comment>"
    )
    rows = list(objectives.values())
    rows.insert(next(n for n, words in enumerate(rows) if words.addressees == "C.CCWP"), moved)
    return write_strategy(text._replace(objectives=rows, agreed_on=date(2026, 3, 1)))


def test_an_amended_version_goes_round_too(loaded, tmp_path):
    path = tmp_path / "amended.yaml"
    path.write_text(amend(loaded), encoding="utf-8")
    run("load_strategy", path)
    StrategyVersion.objects.filter(number=1).update(status="superseded")
    StrategyVersion.objects.filter(number=2).update(
        status="in_force", agreed_on=date(2026, 3, 1), in_force_from=date(2026, 4, 1)
    )
    amended = export()
    assert amended == path.read_text(encoding="utf-8")
    assert "id: C.CCWP.b\n      keeps_code: 'yes'\n      letter: z" in amended
    assert export(version=1) == export(strategy="strategy-2009", version=1) != amended
    empty_the_portal()
    run("load_strategy", path)
    assert export() == amended
    assert StrategyVersion.objects.get().in_force_from == date(2026, 3, 1)  # no day before its agreement


def test_a_draft_is_exported_as_one_that_nobody_has_agreed(edited, tmp_path):
    run("load_strategy", edited(REWORDED, (NAMED, "")))
    draft = export(version=2)
    assert "agreed_by_ccwp_on" not in draft
    path = tmp_path / "draft.yaml"
    path.write_text(draft, encoding="utf-8")
    assert "is loaded already (version 2, a draft)" in run("load_strategy", path)
    empty_the_portal()
    run("load_strategy", path)
    assert StrategyVersion.objects.get().status == "draft"
    assert export() == draft


def test_a_changed_file_is_not_loaded_without_a_reason(edited):
    path, before = edited(REWORDED), events()
    with pytest.raises(CommandError) as refused:
        run("load_strategy", path, reason=None)
    assert str(refused.value) == (
        "edited.yaml changes the text: say why with --reason outcome (outcome achieved), --reason external (external "
        "factor) or --reason correction (correction), and in words with --why. Nothing was changed."
    )
    assert "Objective A.CCWP.e reworded" in run("load_strategy", path, "--preview", reason=None)
    assert events() == before


def test_a_file_that_changes_nothing_needs_no_reason(loaded):
    assert "is loaded already" in run("load_strategy", reason=None)


def test_the_file_can_be_written_by_name(loaded, tmp_path):
    path = tmp_path / "out.yaml"
    assert run("export_strategy", path) == ""
    assert path.read_text(encoding="utf-8") == export()
    with pytest.raises(CommandError, match="cannot be written"):
        run("export_strategy", tmp_path / "none" / "out.yaml")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"strategy": "none"}, "There is no strategy “none”. There are: strategy-2009."),
        ({"version": 9}, "There is no version 9 of this strategy in the portal. Versions: 1."),
    ],
)
def test_what_is_not_there_is_said_with_what_there_is(loaded, asked, why):
    with pytest.raises(CommandError, match=why.replace("?", r"\?")):
        export(**asked)


def test_an_empty_portal_has_nothing_to_export():
    with pytest.raises(CommandError, match="There is no text of this strategy in the portal"):
        export()


def storable(clean):
    """Whether the portal stores a text as it stands."""

    def stays(text):
        try:
            return clean(text) == text != ""
        except ValidationError:
            return False

    return st.text(st.characters(codec="utf-8"), max_size=60).map(lambda text: f"w{text}w").filter(stays)


@given(storable(clean_line), storable(clean_paragraph))
def test_any_text_that_can_be_stored_goes_round(title, block):
    head = {
        "reference": "15198/09", "title": title, "dated_on": date(2009, 11, 4), "place": "", "kind": "NOTE",
        "sender": "no", "addressee": "2009-11-04", "subject_codes": [], "previous_documents": [], "requested": "",
        "resolution": "", "legal_basis": "",
    }  # fmt: skip
    blocks = [BlockText("paragraph", "", block), BlockText("item", "a", block)]
    sections = [SectionText("I", "~ null", True, blocks)]
    text = StrategyText(head, None, sections, [("¹", block)], [AimText("A", block, [])], [])
    assert read_strategy(write_strategy(text).encode()) == text


# -- a changed file ----------------------------------------------------------------------------------------------------


def test_a_changed_file_is_a_new_draft_and_the_version_in_force_stays(edited):
    before = export()
    said = run("load_strategy", edited(REWORDED), reason="external", why="New routes")
    assert "15198/09: 1 change against version 1:" in said
    assert (
        "Objective A.CCWP.e reworded: “To look for additional opportunities for effective cooperation;” → "
        "“To seek additional opportunities for effective cooperation;”."
    ) in said
    draft = StrategyVersion.objects.get(number=2)
    assert (draft.status, draft.agreed_on, draft.note) == ("draft", None, "New routes")
    kept = draft.changes.values_list("part", "code", "change", "reason", "text")
    assert list(kept) == [("objective", "A.CCWP.e", "reworded", "external", "New routes")]
    assert Objective.objects.count() == 30
    assert export() == before
    assert "1 change " not in run("load_strategy", edited(REWORDED))
    assert StrategyVersion.objects.count() == 2


def test_a_preview_tells_the_same_and_changes_nothing(edited):
    before = events()
    said = run("load_strategy", edited(REWORDED), "--preview")
    assert "Objective A.CCWP.e reworded" in said
    assert said.endswith("This is a preview: nothing was changed.\n")
    assert events() == before


def test_a_file_that_withdraws_what_running_actions_serve_warns_and_keeps_their_links(loaded, tmp_path):
    objective = Objective.objects.get(code="A.CCWP.e")
    action = ActionFactory(
        plan=PlanFactory(number=7, status="adopted", strategy=loaded), objectives=[objective]
    )
    path = tmp_path / "amended.yaml"
    path.write_text(amend(loaded), encoding="utf-8")
    said = run("load_strategy", path)
    assert "Warning: objective A.CCWP.e is withdrawn, yet served by Action 7.1. The links stay." in said
    assert list(action.objectives.all()) == [objective]


def test_a_preview_of_a_new_strategy_changes_nothing():
    assert "would be loaded as a new strategy: 3 aims" in run("load_strategy", OWN_FILE, "--preview")
    assert not Strategy.objects.exists()


def test_the_same_changed_file_twice_changes_nothing(edited):
    path = edited(REWORDED)
    run("load_strategy", path)
    before = events()
    assert "is loaded already (version 2, a draft)" in run("load_strategy", path)
    assert events() == before


def test_the_published_text_changes_nothing_once_it_is_amended(edited):
    run("load_strategy", edited(REWORDED))
    StrategyVersion.objects.filter(number=1).update(status="superseded")
    StrategyVersion.objects.filter(number=2).update(status="in_force", in_force_from=date(2026, 4, 1))
    before = events()
    assert "is loaded already (version 1, superseded)" in run("load_strategy")
    assert events() == before


def test_a_file_is_not_loaded_over_an_open_draft(edited):
    run("load_strategy", edited(REWORDED))
    before = events()
    path = edited((REWORDED[0], "text: To find additional opportunities"))
    for options in ({}, {"preview": True}):
        with pytest.raises(CommandError) as refused:
            run("load_strategy", path, **options)
        assert str(refused.value) == (
            "edited.yaml, Version 2 is a draft with another text. Put it in force or withdraw it before another text "
            "is loaded. Nothing was changed."
        )
    assert events() == before
    StrategyVersion.objects.filter(number=2).update(status="withdrawn")
    run("load_strategy", path)
    assert list(StrategyVersion.objects.values_list("number", "status")) == [
        (1, "in_force"), (2, "withdrawn"), (3, "draft"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("  subject: Draft revised", "  subject: Revised", "document, title: “Revised strategy for customs"),
        ("    - id: C.CCWP.e\n", "    - id: C.CCWP.x\n      keeps_code: 'yes'\n", ""),
        ("    - id: C.CCWP.e\n", "    - id: B.MS.b\n      keeps_code: 'yes'\n", "is given twice"),
        ("    - id: C.CCWP.e\n", "    - id: c e\n      keeps_code: 'yes'\n", "is no code of an objective"),
        ("    - id: C.CCWP.e\n", "    - id: C.CCWP.e\n      keeps_code: maybe\n", "“maybe” should be “yes”"),
    ],
)
def test_a_file_that_contradicts_what_is_lasting_is_refused(edited, old, new, why):
    path, before = edited((old, new)), events()
    if (
        not why
    ):  # a code of this place, though not that of the letter: a new objective with the code it states
        assert "Objective C.CCWP.x added" in run("load_strategy", path, "--preview")
        return
    with pytest.raises(CommandError) as refused:
        run("load_strategy", path)
    assert why in str(refused.value)
    assert str(refused.value).endswith("Nothing was changed.")
    assert events() == before


def test_a_reason_with_a_hidden_character_is_refused(edited):
    with pytest.raises(CommandError, match=r"--why: .*Nothing was changed\."):
        run("load_strategy", edited(REWORDED), why="\u202e")


# -- what would change -------------------------------------------------------------------------------------------------


def told(strategy, **changes):
    before = stored_text(strategy.versions.get(number=1))
    after = before._replace(**{name: change(getattr(before, name)) for name, change in changes.items()})
    return [(change.part, change.code, change.change) for change in text_changes(before, after)]


def test_every_kind_of_change_is_told_once(loaded):
    def objectives(rows):
        kept = [words for words in rows if words.code != "C.MS.h"]
        kept[0], kept[1] = kept[1], kept[0]
        return [words._replace(text="To do it") if words.code == "B.MS.a" else words for words in kept] + [
            kept[-1]._replace(code="C.CCWP+COM.b", letter="b", text="To do more")
        ]

    assert told(loaded) == []
    assert told(loaded, objectives=objectives) == [
        ("objective", "B.MS.a", "reworded"),
        ("objective", "C.CCWP+COM.b", "added"),
        ("objective", loaded.objectives.order_by("order")[0].code, "moved"),
        ("objective", "C.MS.h", "withdrawn"),
    ]
    assert told(loaded, footnotes=lambda rows: []) == [("section", "¹", "withdrawn")]
    assert told(loaded, sections=lambda rows: [rows[0]._replace(title="A"), *rows[1:]]) == [
        ("section", "I", "reworded")
    ]
    assert told(loaded, aims=lambda rows: [rows[0]._replace(text="To"), *rows[1:]]) == [
        ("aim", "A", "reworded")
    ]

    def headed(rows):
        return [
            rows[0]._replace(blocks=[rows[0].blocks[0]._replace(heading="All:"), *rows[0].blocks[1:]]),
            *rows[1:],
        ]

    assert told(loaded, aims=headed) == [("addressees", "A.MS", "reworded")]


def test_a_long_text_is_shown_from_shortly_before_what_differs():
    long = " ".join(f"word{number}" for number in range(60))
    old, new = differing(long, long.replace("word40", "another"))
    assert old.startswith("… word36 word37 word38 word39 word40 ") and old.endswith("…")
    assert new.startswith("… word36 word37 word38 word39 another ") and len(new) <= 82
    assert differing(long, f"{long} more") == (
        "… word56 word57 word58 word59",
        "… word56 word57 word58 word59 more",
    )
    assert differing("Short", "Shorter") == ("Short", "Shorter")
    assert differing("", long)[0] == ""
