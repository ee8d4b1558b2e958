"""A section of the draft: its number and title, its paragraphs and items, and where a new one stands."""

import pytest

from actionplans.models import SectionBlock
from actionplans.tests.drafts import EDIT, WHY, changes
from actionplans.tests.pages import errors_of, text_of

pytestmark = pytest.mark.django_db


def section_form(client, url, lines, **fields):
    """A section's form as the page has it, with its lines: (place, kind, letter, text), stored ones first."""
    form, formset = (page := client.get(url).context)["form"], page["formsets"]["blocks"]
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    stored = [line.instance.pk for line in formset.initial_forms]
    data |= {"blocks-TOTAL_FORMS": len(lines), "blocks-INITIAL_FORMS": len(stored)}
    for number, (place, kind, letter, text) in enumerate(lines):
        data |= {f"blocks-{number}-id": stored[number] if number < len(stored) else ""}
        data |= {f"blocks-{number}-place": place, f"blocks-{number}-kind": kind}
        data |= {f"blocks-{number}-letter": letter, f"blocks-{number}-text": text}
    return {**data, **fields}


def lines_of(draft, number):
    blocks = SectionBlock.objects.filter(section__version=draft, section__number=number)
    return list(blocks.order_by("order").values_list("order", "kind", "letter", "text"))


def test_a_section_is_reworded_and_its_paragraphs_change_places(desk, draft):
    url = f"{EDIT}sections/I.4/"
    before = lines_of(draft, "I.4")
    first, second = before[0], before[1]
    lines = [(2, *first[1:]), (1, *second[1:]), *before[2:], ("", "paragraph", "", "A last word.")]
    response = desk.post(url, section_form(desk, url, lines, title="OTHER TITLE", **WHY))
    assert response.status_code == 302
    after = [line[1:] for line in lines_of(draft, "I.4")]
    assert after == [
        second[1:],
        first[1:],
        *(line[1:] for line in before[2:]),
        ("paragraph", "", "A last word."),
    ]
    assert draft.sections.get(number="I.4").title == "OTHER TITLE"
    assert changes(draft) == [("section", "I.4", "reworded", "external", "New routes are used.")]


def test_a_paragraph_is_taken_out_of_a_section(desk, draft):
    url = f"{EDIT}sections/I.4/"
    before = lines_of(draft, "I.4")
    desk.post(url, section_form(desk, url, before, **{"blocks-0-DELETE": "on"}, **WHY))
    assert [line[1:] for line in lines_of(draft, "I.4")] == [line[1:] for line in before[1:]]


def test_a_section_saved_as_it_was_is_asked_back(desk, draft):
    url = f"{EDIT}sections/I.4/"
    response = desk.post(url, section_form(desk, url, lines_of(draft, "I.4"), **WHY))
    assert errors_of(response) == {"__all__": ["Nothing of the text has been changed."]}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (("", "item", "", "Text"), {"letter": ["Give the item a letter, or make it a paragraph."]}),
        (("", "paragraph", "a", "Text"), {"letter": ["A paragraph has no letter: should it be an item?"]}),
        (("", "paragraph", "", "\u200b\u2060"), {"text": [
            "This holds only characters that cannot be seen. Write something, or leave it empty."
        ]}),
        (("0", "paragraph", "", "Text"), {"place": ["This must be at least 1."]}),
        (("", "heading", "", "Text"), {"kind": [
            "“heading” is not in the list. Choose one of the list."
        ]}),
    ],
)  # fmt: skip
def test_a_wrong_paragraph_is_asked_back_at_its_line(desk, draft, line, expected):
    url = f"{EDIT}sections/I.4/"
    before = lines_of(draft, "I.4")
    response = desk.post(url, section_form(desk, url, [*before, line], **WHY))
    assert response.status_code == 422
    assert dict(response.context["formsets"]["blocks"].errors[-1]) == expected
    assert f"Paragraphs and items, line {len(before) + 1}, " in text_of(response)
    assert lines_of(draft, "I.4") == before


def test_two_items_of_one_list_have_not_the_same_letter(desk, draft):
    url = f"{EDIT}sections/I.4/"
    twice = [("", "item", "zz", "One"), ("", "item", "zz", "Two")]
    response = desk.post(url, section_form(desk, url, [*lines_of(draft, "I.4"), *twice], **WHY))
    assert response.context["formsets"]["blocks"].errors[-1]["letter"] == [
        "Another item of this list has the letter zz."
    ]


def test_a_section_is_added_where_it_is_wanted(desk, draft):
    url = f"{EDIT}sections/new/"
    after = draft.sections.get(number="I.1").pk
    lines = [("", "paragraph", "", "In these years customs work together.")]
    data = section_form(desk, url, lines, number="I.9", title="OUTLOOK", after=after, **WHY)
    assert desk.post(url, data).url == f"{EDIT}#section-I.9"
    numbers = list(draft.sections.order_by("order").values_list("number", flat=True))
    assert numbers[numbers.index("I.1") + 1] == "I.9"
    assert lines_of(draft, "I.9") == [(1, *lines[0][1:])]
    assert changes(draft) == [("section", "I.9", "added", "external", "New routes are used.")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"number": "I.1"}, {"number": ["This version has a section I.1 already."]}),
        ({"number": "4"}, {"number": ["This is no number of a section: write I, I.1 or II.2."]}),
        ({"title": ""}, {"title": ["This field is required."]}),
    ],
)
def test_a_wrong_section_is_asked_back(desk, draft, fields, expected):
    url = f"{EDIT}sections/new/"
    data = section_form(desk, url, [], **{"number": "I.9", "title": "OUTLOOK", **WHY, **fields})
    assert errors_of(desk.post(url, data)) == expected
    assert draft.sections.count() == 10
