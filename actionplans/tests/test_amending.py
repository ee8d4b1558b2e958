"""A draft of the strategy is amended part by part, each change with its reason; whatever is wrong changes nothing."""

from html import unescape

import pytest

from accounts.tests.factories import committee, delegate
from actionplans.loading import stored_text
from actionplans.models import Objective, SectionBlock, StrategyVersion, VersionChange, Wording
from actionplans.tests.drafts import EDIT, WHY, changes, codes, stored_codes, words_of
from actionplans.tests.pages import errors_of, post_edit, post_new, queries, text_of

pytestmark = pytest.mark.django_db


# -- rewording -------------------------------------------------------------------------------------------------------


def test_an_objective_is_reworded_with_a_reason_that_stands_in_page_and_history(desk, draft):
    response = post_edit(desk, f"{EDIT}objectives/B.MS.b/", text="Use new means.", **WHY)
    assert response.url == f"{EDIT}#B.MS.b"
    assert words_of(draft, "B.MS.b").text == "Use new means."
    assert changes(draft) == [("objective", "B.MS.b", "reworded", "external", "New routes are used.")]
    page = text_of(desk.get("/strategies/strategy-2009/versions/2/"))
    assert "New routes are used." in page
    assert "Mia Desk" in page
    event = Wording.pgh_event_models["update"].objects.filter(text="Use new means.").get()
    assert (event.pgh_context["verb"], event.pgh_context["note"]) == ("amend", "New routes are used.")


def test_the_text_in_force_stays_as_it_is(desk, draft):
    first = draft.strategy.versions.get(number=1)
    before = stored_text(first)
    post_edit(desk, f"{EDIT}objectives/B.MS.b/", text="Use new means.", **WHY)
    post_new(desk, f"{EDIT}withdraw/objective/C.MS.a/", **WHY)
    assert stored_text(first) == before
    assert "Use new means." not in text_of(desk.get("/strategy/"))


@pytest.mark.parametrize(
    ("address", "changes_of_form", "expected"),
    [
        ("objectives/B.MS.b/", {"cause": ""}, {"cause": ["Choose why the text is changed."]}),
        ("objectives/B.MS.b/", {"cause": "whim"}, "cause"),
        ("objectives/B.MS.b/", {"reason": " \n"}, {"reason": ["Give the reason for this change."]}),
        ("objectives/B.MS.b/", {"reason": "\u200b\u2060"}, "reason"),
        ("objectives/B.MS.b/", {"text": ""}, {"text": ["Write the text of the objective."]}),
        ("objectives/B.MS.b/", {"text": "\u200b \u2060\u00ad"}, {"text": [
            "This holds only characters that cannot be seen. Write something, or leave it empty."
        ]}),
        ("objectives/B.MS.b/", {"text": "a\u202eb"}, "text"),
        ("objectives/B.MS.b/", {"text": "a\0b"}, "text"),
        ("objectives/B.MS.b/", {"text": "a" * 20_001}, "text"),
        ("objectives/B.MS.b/", {"text": "One paragraph.\r\n\r\nAnd another."}, "text"),
        ("aims/A/", {"text": "- one\n- two"}, "text"),
        ("objectives/B.MS.b/", {"letter": "a"}, {"letter": ["B.MS.a stands here under this letter already."]}),
        ("objectives/B.MS.b/", {"letter": "b)"}, "letter"),
        ("objectives/B.MS.a.ii/", {"letter": ""}, {"letter": ["Give the sub-point its numeral, such as iv."]}),
        ("objectives/B.MS.a.ii/", {"letter": "i"}, "letter"),
        ("aims/A/", {"letter": ""}, {"letter": ["Give the aim a letter, such as D."]}),
        ("aims/A/", {"letter": "\u200b"}, "letter"),
        ("aims/A/", {"letter": "B"}, {"letter": ["This version has an aim B already."]}),
        ("aims/A/", {"letter": "b"}, {"letter": ["The letter of an aim is a capital: A, B, C."]}),
        ("aims/A/", {"text": "\u200b"}, "text"),
        ("addressees/B.MS/", {"heading": ""}, {"heading": ["Write the heading."]}),
        ("addressees/B.MS/", {"addressees": ["EUROPOL"]}, "addressees"),
        ("addressees/B.MS/", {"addressees": ["COMMISSION", "MS_CUSTOMS"]}, {"addressees": [
            "Aim B has objectives for these addressees already: B.MS+COM."
        ]}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_asked_back_and_nothing_is_changed(desk, draft, address, changes_of_form, expected):
    before = stored_text(draft)
    typed = {"text": "Other words.", "heading": "Others:"} if "text" not in changes_of_form else {}
    errors = errors_of(post_edit(desk, EDIT + address, **{**typed, **WHY, **changes_of_form}))
    assert errors == expected if isinstance(expected, dict) else list(errors) == [expected]
    assert stored_text(draft) == before
    assert changes(draft) == []


def test_a_line_break_in_a_paragraph_of_a_section_is_an_error_of_its_field(desk, draft):
    url = f"{EDIT}sections/I.1/"
    formset = desk.get(url).context["formsets"]["blocks"]
    data = {
        field.html_name: field.value()
        for form in (formset.management_form, *formset.forms)
        for field in form
        if field.value() is not None
    }
    response = post_edit(desk, url, **{**data, **WHY, "blocks-0-text": "One.\n\nTwo.\n- three"})
    assert response.status_code == 422
    said = response.context["formsets"]["blocks"].forms[0].errors["text"]
    assert said[0].startswith("This has 3 lines, and here stands one paragraph.")
    page = text_of(response)
    assert "One. Two. - three</textarea>" in page
    assert page.count("Plain text, one paragraph") == 1  # said once, above the lines


def test_of_a_section_only_the_lines_that_somebody_has_touched_stand_open(desk, draft):
    url = f"{EDIT}sections/I.4/"
    response = desk.get(url)
    stored = SectionBlock.objects.filter(section__version=draft, section__number="I.4").count()
    assert response.content.decode().count('<details class="fold fold-line">') == stored
    formset = response.context["formsets"]["blocks"]
    data = {
        field.html_name: field.value()
        for form in (formset.management_form, *formset.forms)
        for field in form
        if field.value() is not None
    }
    page = post_edit(
        desk, url, **{**data, "blocks-1-text": "Other words.", "reason": "", "cause": "external"}
    )
    assert page.status_code == 422
    assert page.content.decode().count('<details class="fold fold-line">') == stored - 1


def test_a_reason_without_a_change_of_the_text_is_asked_back(desk, draft):
    response = post_edit(desk, f"{EDIT}objectives/B.MS.b/", **WHY)
    assert errors_of(response) == {"__all__": ["Nothing of the text has been changed."]}
    assert changes(draft) == []


def test_an_aim_with_a_new_letter_takes_its_addressees_along_and_no_code_of_an_objective(desk, draft):
    post_edit(desk, f"{EDIT}aims/B/", text="To do more", **WHY)
    post_edit(desk, f"{EDIT}aims/B/", letter="D", **WHY)
    blocks = list(draft.aims.get(letter="D").blocks.values_list("code", flat=True))
    assert blocks == ["D.MS", "D.MS+COM", "D.CCWP+COM"]
    assert words_of(draft, "B.MS.a").block.code == "D.MS"
    assert [change[:3] for change in changes(draft)] == [("aim", "D", "reworded")] * 2


def test_addressees_with_another_heading_keep_their_code(desk, draft):
    post_edit(desk, f"{EDIT}addressees/B.MS/", heading="For all Member States:", **WHY)
    assert draft.aims.get(letter="B").blocks.get(code="B.MS").heading == "For all Member States:"
    post_edit(desk, f"{EDIT}addressees/B.MS/", addressees=["CCWP", "MS_CUSTOMS"], **WHY)
    block = draft.aims.get(letter="B").blocks.get(code="B.MS+CCWP")
    assert (block.addressees, block.wordings.first().objective.code) == (["MS_CUSTOMS", "CCWP"], "B.MS.a")


def test_of_two_who_reword_one_objective_the_second_sees_both_texts(desk, draft):
    form = desk.get(f"{EDIT}objectives/B.MS.b/").context["form"]
    mine = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    post_edit(desk, f"{EDIT}objectives/B.MS.b/", text="Theirs", **WHY)
    response = desk.post(f"{EDIT}objectives/B.MS.b/", {**mine, "text": "Mine", **WHY})
    assert response.status_code == 409
    assert all(text in text_of(response) for text in ("Mine", "Theirs"))
    assert words_of(draft, "B.MS.b").text == "Theirs"


# -- adding ----------------------------------------------------------------------------------------------------------


def test_an_objective_is_added_after_another_under_a_code_of_its_own(desk, draft):
    after = words_of(draft, "B.MS.a").pk
    url = f"{EDIT}addressees/B.MS/objectives/new/"
    response = post_new(desk, url, letter="d", text="Use drones.", after=after, **WHY)
    assert response.url == f"{EDIT}#B.MS.d"
    expected = ["B.MS.a", "B.MS.a.i", "B.MS.a.ii", "B.MS.a.iii", "B.MS.d", "B.MS.b", "B.MS.c"]
    assert [code for code in codes(draft) if code.startswith("B.MS.")] == expected
    assert stored_codes(draft) == codes(draft)
    assert changes(draft) == [("objective", "B.MS.d", "added", "external", "New routes are used.")]


def test_a_sub_point_is_added_below_its_objective(desk, draft):
    post_new(desk, f"{EDIT}objectives/B.MS.b/sub-points/new/", letter="i", text="First.", **WHY)
    assert Objective.objects.get(code="B.MS.b.i").parent.code == "B.MS.b"
    order = stored_codes(draft)
    assert order[order.index("B.MS.b") + 1] == "B.MS.b.i"


@pytest.mark.parametrize(
    ("address", "letter", "expected"),
    [
        ("addressees/B.MS/objectives/new/", "a", "B.MS.a stands here under this letter already."),
        ("addressees/B.CCWP+COM/objectives/new/", "", "B.CCWP+COM.0 stands here without a letter already."),
        ("objectives/B.MS.a/sub-points/new/", "ii", "B.MS.a.ii stands here under this letter already."),
        ("objectives/B.MS.a/sub-points/new/", "", "Give the sub-point its numeral, such as iv."),
    ],
)
def test_a_code_that_stands_in_the_text_is_not_given_twice(desk, draft, address, letter, expected):
    response = post_new(desk, EDIT + address, letter=letter, text="Again", after="first", **WHY)
    assert errors_of(response) == {"letter": [expected]}
    assert Objective.objects.count() == 30


def test_the_code_of_a_withdrawn_objective_is_never_given_again(desk, draft):
    post_new(desk, f"{EDIT}withdraw/objective/B.MS.b/", **WHY)
    response = post_new(
        desk, f"{EDIT}addressees/B.MS/objectives/new/", letter="b", text="Other", after="first", **WHY
    )
    assert errors_of(response) == {
        "letter": [
            "The code B.MS.b was given to another objective of this strategy and is never given again. "
            "Choose another letter."
        ]
    }


def test_an_aim_and_its_addressees_are_added_and_the_version_is_tabled_only_with_objectives(desk, draft):
    post_new(desk, f"{EDIT}aims/new/", letter="D", text="To look ahead", after="first", **WHY)
    assert list(draft.aims.order_by("order").values_list("letter", flat=True)) == ["D", "A", "B", "C"]
    assert draft.why_not("table") == "Aim D has no addressees yet."
    url = f"{EDIT}aims/D/addressees/new/"
    post_new(desk, url, heading="For the CCWP:", addressees=["CCWP"], **WHY)
    assert draft.why_not("table") == "D.CCWP has no objective yet."
    assert draft.reasons_against("table")[0].url == f"{EDIT}addressees/D.CCWP/objectives/new/"
    post_new(desk, f"{EDIT}addressees/D.CCWP/objectives/new/", letter="", text="Foresight", **WHY)
    assert codes(draft)[0] == stored_codes(draft)[0] == "D.CCWP.0"
    assert draft.why_not("table") == ""


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"letter": ""}, {"letter": ["Give the aim a letter, such as D."]}),
        ({"letter": "A"}, {"letter": ["This version has an aim A already."]}),
        ({"text": "\u2060"}, "text"),
        ({"after": "99"}, "after"),
    ],
)
def test_a_wrong_aim_is_asked_back(desk, draft, fields, expected):
    data = {"letter": "D", "text": "To look ahead", "after": "first", **WHY, **fields}
    errors = errors_of(post_new(desk, f"{EDIT}aims/new/", **data))
    assert errors == expected if isinstance(expected, dict) else list(errors) == [expected]
    assert draft.aims.count() == 3


def test_a_part_posted_twice_is_added_once(desk, draft):
    data = {"idempotency_key": "k" * 20, "letter": "d", "text": "Use drones.", "after": "first", **WHY}
    url = f"{EDIT}addressees/B.MS/objectives/new/"
    assert [desk.post(url, data).status_code for _n in range(2)] == [302, 302]
    assert (Objective.objects.filter(code="B.MS.d").count(), draft.changes.count()) == (1, 1)


# -- who, and when no more -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["", "objectives/B.MS.b/", "withdraw/objective/B.MS.b/", "aims/new/"])
def test_only_the_secretariat_amends_and_others_see_no_draft(client, draft, address):
    for status, seen in (("draft", 404), ("tabled", 403)):
        StrategyVersion.objects.filter(pk=draft.pk).update(status=status)
        client.force_login(delegate())
        assert client.get(EDIT + address).status_code == seen
        assert client.post(EDIT + address, WHY).status_code in (seen, 405)
        client.force_login(committee())
        assert client.get(EDIT + address).status_code == 404


@pytest.mark.parametrize("status", ["tabled", "agreed", "in_force", "superseded", "withdrawn"])
@pytest.mark.parametrize(
    "address",
    ["objectives/B.MS.b/", "sections/I.1/", "aims/new/", "addressees/B.MS/objectives/new/",
     "up-or-down/objective/B.MS.b/up/", "objectives/B.MS.b/move/", "withdraw/objective/B.MS.b/"],
)  # fmt: skip
def test_a_version_that_is_no_draft_never_changes(desk, draft, status, address):
    if status == "in_force":
        draft.strategy.versions.filter(number=1).update(status="superseded")
    in_force = {"status": status, "in_force_from": "2026-01-01"}
    StrategyVersion.objects.filter(pk=draft.pk).update(**in_force)
    before = stored_text(StrategyVersion.objects.get(pk=draft.pk))
    assert desk.get(EDIT + address).status_code == 409
    block = draft.aims.get(letter="C").blocks.get(code="C.CCWP")
    fields = {"letter": "k", "text": "Typed text", "place": f"{block.pk}-0", "after": "first"}
    response = post_new(desk, EDIT + address, **fields, **WHY)
    assert response.status_code == 409
    assert "New routes are used." in text_of(response)
    assert stored_text(StrategyVersion.objects.get(pk=draft.pk)) == before
    assert changes(draft) == []


@pytest.mark.parametrize(
    "address",
    [*(f"/strategies/strategy-2009/versions/{n}/edit/" for n in ("9", "0", "1" * 40)),
     f"{EDIT}objectives/X.MS.a/", f"{EDIT}sections/IX/", f"{EDIT}aims/Z/", f"{EDIT}addressees/Z.MS/",
     f"{EDIT}aims/Z/addressees/new/", f"{EDIT}addressees/Z.MS/objectives/new/", f"{EDIT}objectives/B.MS.a.i/move/",
     f"{EDIT}objectives/B.MS.a.i/sub-points/new/", f"{EDIT}withdraw/footnote/1/", f"{EDIT}take-back/objective/B.MS.b/",
     f"{EDIT}up-or-down/objective/B.MS.b/left/", "/strategies/none/versions/2/edit/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(desk, draft, address):
    assert desk.get(address).status_code == 404
    assert desk.post(address, WHY).status_code in (404, 405)


def test_the_other_address_of_the_strategy_shows_the_same_draft(desk, draft):
    assert desk.get("/strategies/strategy-2009/versions/2/edit/objectives/B.MS.b/").status_code == 200


def test_the_queries_of_the_draft_do_not_grow_with_its_parts(desk, draft):
    queries(desk, EDIT)
    post_edit(desk, f"{EDIT}objectives/B.MS.b/", text="More", **WHY)
    post_new(desk, f"{EDIT}withdraw/objective/B.MS.a.i/", **WHY)
    queries(desk, EDIT)
    first = queries(desk, EDIT)
    for number in range(30):
        post_new(
            desk,
            f"{EDIT}addressees/B.MS/objectives/new/",
            letter=f"x{number}",
            text="x",
            after="first",
            **WHY,
        )
    assert VersionChange.objects.count() == 32
    queries(desk, EDIT)
    assert queries(desk, EDIT) == first == 15


# -- two at one part -------------------------------------------------------------------------------------------------


def test_who_rewords_a_part_that_another_has_reworded_sees_both_texts_and_keeps_the_reason(desk, draft):
    url = f"{EDIT}objectives/B.MS.b/"
    form = desk.get(url).context["form"]
    opened = {name: form[name].value() or "" for name in form.fields}
    post_edit(desk, url, text="Theirs.", cause="outcome", reason="Their reason.")
    response = desk.post(url, {**opened, "text": "Mine.", **WHY})
    assert response.status_code == 409
    conflict = response.context["conflict"]
    assert [(entry.name, entry.mine, entry.saved) for entry in conflict.entries] == [
        ("text", "Mine.", "Theirs.")
    ]
    assert conflict.kept == [
        ("Why is the text changed?", "External factor"),
        ("The reason in words", "New routes are used."),
    ]
    page = text_of(response)
    assert "New routes are used." in page
    assert ">Empty<" not in page
    again = {
        "row_version": response.context["row_version"], "conflict": "text", "take-text": "mine",
        "mine-text": "Mine.", "saved-text": "Theirs.", **dict(conflict.carried),
    }  # fmt: skip
    assert desk.post(url, again).status_code == 302
    assert words_of(draft, "B.MS.b").text == "Mine."
    assert changes(draft)[-1] == ("objective", "B.MS.b", "reworded", "external", "New routes are used.")


def test_two_who_reword_different_words_of_one_objective_are_offered_both_changes(desk, draft):
    url = f"{EDIT}objectives/B.MS.b/"
    form = desk.get(url).context["form"]
    opened = {name: form[name].value() or "" for name in form.fields}
    text = opened["text"]
    post_edit(desk, url, text=f"{text} Always.", **WHY)
    response = desk.post(url, {**opened, "text": f"Once more: {text}", **WHY})
    (entry,) = response.context["conflict"].entries
    assert (entry.preferred, f"Once more: {text} Always." in unescape(text_of(response))) == ("merged", True)
