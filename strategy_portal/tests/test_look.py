import pytest
from django import forms
from django.apps import apps
from django.forms import formset_factory
from django.template import Context, Template
from django.test import RequestFactory

from publishing import marks
from strategy_portal.templatetags import form_errors
from strategy_portal.workflow import Workflow

STATES = [
    (model._meta.model_name, value)
    for model in apps.get_models()
    if issubclass(model, Workflow) and hasattr(model, "Status")
    for value in model.Status.values
]


@pytest.mark.parametrize(("model", "state"), STATES)
def test_every_state_of_every_model_has_a_mark(model, state):
    mark = marks.mark_for(state, model)
    assert mark.tone in marks.TONES
    assert mark.shape in marks.SHAPES


def test_a_state_nobody_gave_a_mark_is_an_error():
    with pytest.raises(KeyError):
        marks.mark_for("invented")


class Line(forms.Form):
    quantity = forms.DecimalField()
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(required=False)

    def clean(self):
        raise forms.ValidationError("The two do not go together.")


def rendered(text, **context):
    return Template("{% load portal %}" + text).render(Context(context))


def test_errors_link_to_the_control_that_takes_the_focus():
    assert form_errors.lines([Line({"quantity": "x"})]) == [
        ("", "", "The two do not go together."),
        ("id_quantity", "Quantity", "Enter a number."),
        ("id_kind_0", "Kind", "This field is required."),
    ]


def test_errors_of_lines_say_the_line():
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-quantity": "1", "form-0-kind": "a"}
    found = form_errors.lines([formset_factory(Line)(data | {"form-1-quantity": "x", "form-1-kind": "a"})])
    assert found == [
        ("", "Line 1", "The two do not go together."),
        ("", "Line 2", "The two do not go together."),
        ("id_form-1-quantity", "Line 2, Quantity", "Enter a number."),
    ]


def test_page_finds_its_forms_wherever_the_view_put_them():
    one, other = Line({}), Line({}, prefix="other")
    assert form_errors.forms_in(Context({"form": one, "lines": [one, other], "word": "x"})) == [one, other]


def test_title_says_error_only_when_there_is_one():
    assert rendered("{% error_prefix %}", form=Line({})) == "Error: "
    assert rendered("{% error_prefix %}", form=Line()) == ""


def test_what_was_typed_is_shown_as_it_is_in_a_filter_chip():
    class Search(forms.Form):
        q = forms.CharField(label="Name contains")

    request = RequestFactory().get("/jcos/", {"q": "<b>", "page": "3"})
    html = rendered(
        '{% filter_form form count=0 noun="operations" %}', form=Search(request.GET), request=request
    )
    assert "<b>" not in html
    assert 'href="?"' in html
    assert "0 operations" in html


@pytest.mark.parametrize(("count", "words"), [(0, "0 people"), (1, "1 person"), (2, "2 people")])
def test_noun_of_a_filter_follows_the_number(count, words):
    request = RequestFactory().get("/manage/people/")
    html = rendered(
        '{% filter_form form count=count noun="people" %}', form=forms.Form(), request=request, count=count
    )
    assert f'role="status">{words}</p>' in html
    assert 'aria-label="Filter people"' in html


def test_sort_link_turns_the_order_round_and_begins_at_the_first_page():
    request = RequestFactory().get("/jcos/", {"sort": "name", "page": "3", "q": "x"})
    html = rendered('{% sort_header "name" "Name" %}', request=request)
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name&amp;q=x"' in html


def test_button_that_would_be_refused_says_why():
    html = rendered('{% action_button "Adopt" url="/x" why_not="Two texts are not agreed." %}')
    assert 'href="/x"' not in html
    assert 'aria-disabled="true" aria-describedby="why-adopt"' in html
    assert '<span class="cannot-why" id="why-adopt">Two texts are not agreed.</span>' in html


def test_zero_is_an_answer():
    html = rendered(
        "{% check_answers rows %}", rows=[{"label": "Vessels", "value": 0}, {"label": "Lorries", "value": ""}]
    )
    assert html.count("Not answered") == 1


def test_names_that_look_like_markup_are_shown_as_they_are():
    html = rendered(
        '{% sheet title %}{{ title }}{% endsheet %}{% breadcrumb title "/" title %}', title="<i>x</i>"
    )
    assert "<i>" not in html
