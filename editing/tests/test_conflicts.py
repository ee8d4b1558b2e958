"""From the choices of a conflict page back to the data of a form."""

from django.http import QueryDict

from editing.conflicts import resolved, shown
from editing.forms import PortalForm
from strategy_portal.fields import DayField, TextLine


def chosen(text):
    data, undecided = resolved(QueryDict(text))
    return {name: values for name, values in data.lists() if name in ("a", "b")}, undecided


def test_data_of_an_ordinary_form_is_left_alone():
    data = QueryDict("a=1&take-a=saved&saved-a=2")
    assert resolved(data) == (data, set())


def test_each_choice_gives_its_text():
    sent = "conflict=a&mine-a=1&saved-a=2&a=3&take-a="
    assert chosen(sent + "mine") == ({"a": ["1"]}, set())
    assert chosen(sent + "saved") == ({"a": ["2"]}, set())
    assert chosen(sent + "merged") == ({"a": ["3"]}, set())


def test_several_values_and_none_are_choices_too():
    assert chosen("conflict=a&mine-a=1&mine-a=2&take-a=mine") == ({"a": ["1", "2"]}, set())
    assert chosen("conflict=a&mine-a=1&a=7&take-a=saved") == ({}, set())


def test_without_a_choice_the_text_at_hand_stays_and_the_field_is_named():
    assert chosen("conflict=a&conflict=b&mine-a=1&saved-a=2&a=3&mine-b=4") == (
        {"a": ["3"], "b": ["4"]},
        {"a", "b"},
    )
    assert chosen("conflict=a&mine-a=1&take-a=forged") == ({"a": ["1"]}, {"a"})


class NoteForm(PortalForm):
    title = TextLine()
    on = DayField(required=False)


def test_values_are_shown_in_words_and_wrong_ones_as_typed():
    def words(**data):
        form = NoteForm(data)
        return shown(form["title"]), shown(form["on"])

    assert words(title="A", on="2026-11-27") == ("A", "27 November 2026")
    assert words(title="", on="31/04/2026") == ("", "31/04/2026")
