"""Bad input gets the form again, with what was typed and a sentence at the field; nothing is saved."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.tests.factories import DelegationFactory, delegate, secretariat
from actionplans.tests.factories import ActionFactory, PlanFactory
from jcos.completeness import line_problems
from jcos.models import Commodity, Measure, Operation, ResultLine, Unit
from jcos.tests.factories import OperationFactory, code_lists, line, submission, submitter
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    code_lists()
    return submission(OperationFactory(), "BE", "draft", is_nil=False)


@pytest.fixture
def client(client, draft):
    client.force_login(submitter())
    return client


def page(name, draft, *rest):
    return reverse(f"jcos:{name}", args=[*draft.address, *rest])


def codes(**fields):
    """Identities of code list rows by their codes."""
    models = {"measure": Measure, "commodity": Commodity, "unit": Unit}
    return {
        name: models[name].objects.get(code=code).pk if name in models else code
        for name, code in fields.items()
    }


def post_line(client, draft, **fields):
    data = codes(measure="seized", commodity="TOB-CIG", unit="piece") | {
        "quantity": "10", "qualifier": "exact", "phase": "operational", "idempotency_key": str(uuid.uuid4()),
    }  # fmt: skip
    return client.post(page("line_create", draft), data | fields)


def tomorrow():
    return (brussels_today() + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("quantity", "-1"), ("quantity", "NaN"), ("quantity", "Infinity"), ("quantity", "1e999"), ("quantity", "1_000"),
        ("quantity", "1.234"), ("quantity", "1,234"), ("quantity", "١٢"), ("quantity", "9" * 14),
        ("quantity", "0,0001"),
        ("quantity", "a dozen"), ("found_on", "1999-12-31"), ("found_on", "2101-01-01"), ("found_on", "01/02/26"),
        ("found_on", "31/04/2026"), ("found_on", "yesterday"), ("place", "Kuźnica\x00"), ("place", "a\nb"),
        ("place", "x" * 101), ("case_reference", "\u202eabc"), ("measure", "999999"), ("measure", "abc"),
        ("unit", "999999"), ("commodity", "-1"), ("mode", "99999999999999999999"), ("value_kind", "gold"),
        ("qualifier", "roughly"), ("phase", ""), ("legal_state", "lost"),
    ],
)  # fmt: skip
def test_a_line_with_bad_input_comes_back_with_what_was_typed(client, draft, field, typed):
    response = post_line(client, draft, **{field: typed})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"][field].value() == typed
    assert ResultLine.objects.count() == 0


def test_a_result_of_the_future_is_refused(client, draft):
    response = post_line(client, draft, found_on=tomorrow())
    assert response.context["form"].errors["found_on"] == [
        "This day is in the future: a result has happened."
    ]


@pytest.mark.parametrize(
    ("measure", "commodity", "unit", "fits"),
    [
        ("seized", "TOB-CIG", "piece", True),
        ("seized", "TOB-CIG", "litre", False),
        ("seized", "TOB-CIG", "kg", False),
        ("seized", "TOB-CIG", "EUR", True),
        ("seized", "DRG-COC", "tonne", True),
        ("seized", "DRG-COC", "gram", True),
        ("seized", "DRG-COC", "piece", False),
        ("seized", "WST", "piece", True),
        ("seized", "IPR-SHOE", "pair", True),
        ("seized", "OTH", "litre", True),
        ("cash_undeclared", "CSH-CUR", "piece", False),
        ("infringement", "TOB-CIG", "piece", False),
        ("infringement", "TOB-CIG", "case", True),
        ("arrest", "TOB-CIG", "person", True),
    ],
)
def test_a_unit_fits_the_measure_or_the_commodity(client, draft, measure, commodity, unit, fits):
    response = post_line(client, draft, **codes(measure=measure, commodity=commodity, unit=unit))
    assert response.status_code == (302 if fits else 422)
    if not fits:
        assert "Choose one of:" in response.context["form"].errors["unit"][0]


def test_a_kind_of_value_goes_with_euro_only(client, draft):
    assert post_line(client, draft, value_kind="market").status_code == 422
    made = line(draft, unit="EUR")
    assert line_problems(made) == ["say which kind of value it is."]
    made.value_kind = "market"
    assert line_problems(made) == []


def test_a_finding_names_its_commodity_where_the_measure_asks_for_one(draft):
    assert line_problems(line(draft, commodity=None)) == ["choose the commodity."]
    assert line_problems(line(draft, "arrest", None, "3", "person")) == []


def test_zero_is_a_quantity_and_empty_is_not_zero(client, draft):
    post_line(client, draft, quantity="0")
    post_line(client, draft, quantity="")
    assert list(ResultLine.objects.order_by("pk").values_list("quantity", flat=True)) == [0, None]


@pytest.mark.parametrize(
    ("quantity", "unit", "status"), [("12,5", "piece", 422), ("12,5", "EUR", 302), ("12", "piece", 302)]
)
def test_what_is_counted_in_pieces_has_no_fractions(client, draft, quantity, unit, status):
    response = post_line(client, draft, quantity=quantity, **codes(unit=unit))
    assert response.status_code == status
    if status == 422:
        assert response.context["form"].errors["quantity"] == ["Pieces are counted: enter a whole number."]


def test_a_line_of_another_draft_is_not_there(client, draft):
    other = line(submission(draft.operation, "FR", "draft"))
    for name in ("line_edit", "line_delete"):
        assert client.get(page(name, draft, other.pk)).status_code == 404
        assert (
            client.post(page(name, draft, other.pk), {"idempotency_key": str(uuid.uuid4())}).status_code
            == 404
        )
    assert client.get(page("line_create", draft) + f"?like={other.pk}").status_code == 200
    assert client.get(page("line_create", draft) + "?like=abc").status_code == 200
    assert client.get(page("line_create", draft) + "?like=" + "9" * 30).status_code == 200


def test_an_added_line_repeats_day_place_and_route_of_the_one_before(client, draft):
    made = line(draft, found_on=brussels_today(), place="Kuźnica", departure="Minsk")
    form = client.get(page("line_create", draft) + f"?like={made.pk}").context["form"]
    assert [form[name].value() for name in ("place", "departure", "quantity")] == ["Kuźnica", "Minsk", None]


def test_a_line_is_removed_once_and_pressing_twice_is_harmless(client, draft):
    made = line(draft)
    data = {"idempotency_key": str(uuid.uuid4())}
    first = client.post(page("line_delete", draft, made.pk), data)
    assert (first.status_code, first.url) == (302, page("submission_findings", draft))
    again = client.post(page("line_delete", draft, made.pk), data)
    assert (again.status_code, again.url) == (302, first.url)
    assert ResultLine.objects.count() == 0


def test_a_nil_return_and_lines_exclude_each_other(client, draft):
    made = line(draft)
    url = page("submission_findings", draft)
    version = client.get(url).context["form"].row_version
    assert client.post(url, {"is_nil": "on", "row_version": version}).status_code == 422
    made.delete()
    assert client.post(url, {"is_nil": "on", "row_version": version}).status_code == 302
    assert post_line(client, draft).status_code == 422
    assert "This is a nil return." in client.get(page("line_create", draft)).content.decode()


def controls(client, draft, **fields):
    url = page("submission_controls", draft)
    form = client.get(url).context["form"]
    shown = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return client.post(
        url, shown | {"row_version": form.row_version} | {k.replace("__", "-"): v for k, v in fields.items()}
    )


def test_controls_become_lines_by_measure_and_unit_and_leave_with_their_number(client, draft):
    ids = codes(measure="controlled_physically", unit="vessel")
    response = controls(
        client, draft, analysed__quantity="779", controlled_physically__quantity="79",
        more1__measure=ids["measure"], more1__unit=ids["unit"], more1__quantity="12",
    )  # fmt: skip
    assert response.status_code == 302

    def told():
        lines = draft.lines.order_by("measure__order", "pk")
        return [(one.measure.code, int(one.quantity), one.unit.code) for one in lines]

    assert told() == [
        ("analysed", 779, "consignment"),
        ("controlled_physically", 79, "control"),
        ("controlled_physically", 12, "vessel"),
    ]
    controls(client, draft, analysed__quantity="", controlled_physically__quantity="0")
    assert told() == [("controlled_physically", 0, "control"), ("controlled_physically", 12, "vessel")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"analysed__quantity": "-3"}, "analysed-quantity"),
        ({"analysed__quantity": "1.234"}, "analysed-quantity"),
        ({"analysed__quantity": "2,5"}, "analysed-quantity"),
        ({"analysed__quantity": "5", "analysed__unit": "999999999"}, "analysed-unit"),
        ({"more1__quantity": "5"}, "more1-measure"),
        ({"more1__measure": "abc", "more1__quantity": "5"}, "more1-measure"),
    ],
)
def test_bad_controls_come_back(client, draft, fields, wrong):
    response = controls(client, draft, **fields)
    assert response.status_code == 422
    assert wrong in response.context["form"].errors
    assert draft.lines.count() == 0


def test_the_same_controls_twice_in_one_unit_are_asked_back(client, draft):
    ids = codes(measure="officers", unit="person")
    response = controls(
        client,
        draft,
        officers__quantity="3",
        more1__measure=ids["measure"],
        more1__unit=ids["unit"],
        more1__quantity="4",
    )
    assert "add the numbers up" in response.context["form"].errors["more1-unit"][0]


def test_two_people_at_one_section_lose_nothing(client, draft):
    url = page("submission_details", draft)
    version = client.get(url).context["form"].row_version
    client.post(url, {"finality": "final", "contact": "Room 1", "remarks": "", "row_version": version})
    response = client.post(
        url, {"finality": "final", "contact": "Room 2", "remarks": "", "row_version": version}
    )
    assert response.status_code == 409
    assert b"Room 1" in response.content and b"Room 2" in response.content


def operation_data(**fields):
    return {"idempotency_key": str(uuid.uuid4()), "name": "AMBER ROAD"} | fields


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "ends_on"),
        ({"ends_on": "2026-05-02", "results_due_on": "2026-05-01"}, "results_due_on"),
        ({"starts_on": "31/02/2026"}, "starts_on"),
        ({"starts_on": "1999-12-31"}, "starts_on"),
        ({"embargo_until": "2101-01-01"}, "embargo_until"),
        ({"lead": "999999"}, "lead"),
        ({"co_leads": ["x"]}, "co_leads"),
        ({"actions": ["999999"]}, "actions"),
        ({"proposed_by": "999999"}, "proposed_by"),
    ],
)
def test_an_operation_with_bad_input_comes_back(client, fields, wrong):
    client.force_login(secretariat())
    response = client.post(reverse("jcos:operation_create"), operation_data(**fields))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [wrong]


def test_a_delegate_proposes_for_an_own_delegation_and_forged_fields_are_ignored(client):
    client.force_login(delegate("FR", "editor"))
    france, belgium = DelegationFactory(code="FR"), DelegationFactory(code="BE")
    url = reverse("jcos:operation_create")
    assert client.post(url, operation_data(proposed_by=belgium.pk)).status_code == 422
    assert (
        client.post(
            url, operation_data(proposed_by=france.pk, status="closed", is_fictitious="on")
        ).status_code
        == 302
    )
    made = Operation.objects.get(name="AMBER ROAD")
    assert (made.status, made.is_fictitious, made.proposed_by) == ("proposed", False, france)


def test_an_action_that_one_does_not_see_can_neither_be_chosen_nor_lost(client):
    hidden = ActionFactory(plan=PlanFactory(status="draft"), lead=DelegationFactory(code="IT"))
    operation = OperationFactory(status="agreed", actions=[hidden])
    client.force_login(submitter("BE"))
    url = reverse("jcos:operation_edit", args=[operation.slug])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    data["row_version"] = form.row_version
    assert client.post(url, data | {"actions": [hidden.pk]}).status_code == 422
    assert client.post(url, data | {"goods": "cigars", "actions": []}).status_code == 302
    assert list(operation.actions.all()) == [hidden]


def test_the_same_name_in_the_same_year_gets_a_number(client):
    client.force_login(secretariat())
    for _time in range(3):
        client.post(reverse("jcos:operation_create"), operation_data(starts_on="2026-05-01"))
    slugs = Operation.objects.filter(name="AMBER ROAD").order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["amber-road-2026", "amber-road-2026-2", "amber-road-2026-3"]


@pytest.mark.parametrize(
    "data", [{}, {"delegations": ["x"], "role": "participant"}, {"delegations": [], "role": "king"}]
)
def test_a_bad_invitation_comes_back(client, draft, data):
    client.force_login(secretariat())
    url = reverse("jcos:operation_invite", args=[draft.operation.slug])
    assert client.post(url, data | {"idempotency_key": str(uuid.uuid4())}).status_code == 422
    already = {
        "delegations": [draft.delegation_id],
        "role": "participant",
        "idempotency_key": str(uuid.uuid4()),
    }
    assert client.post(url, already).status_code == 422


@pytest.mark.parametrize(
    "query",
    ["year=0", "year=abc", "year=99999999999999999999", "stage=x", "kind=x", "lead=ZZ", "fictitious=perhaps",
     "q=" + "x" * 500, "sort=password", "stage=closed&stage=x"],
)  # fmt: skip
def test_no_filter_of_the_list_breaks_the_page(client, query):
    assert client.get(reverse("jcos:operation_list") + f"?{query}").status_code == 200


@pytest.mark.parametrize("query", ["page=0", "page=abc"])
def test_a_page_that_is_none_shows_one_that_is(client, query):
    assert client.get(reverse("jcos:operation_list") + f"?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["measure=x", "commodity=%27", "value_kind=x", "page=abc", "page=-1", "unit=1"]
)
def test_no_filter_of_the_lines_breaks_the_page(client, draft, query):
    url = reverse("jcos:submission_list", args=[draft.operation.slug])
    assert client.get(f"{url}?{query}").status_code == 200


def test_steps_that_are_none_are_not_there(client, draft):
    assert (
        client.get(reverse("jcos:operation_step", args=[draft.operation.slug, "explode"])).status_code == 404
    )
    assert (
        client.post(reverse("jcos:submission_step", args=[*draft.address, 1, "explode"])).status_code == 404
    )
    assert client.post(reverse("jcos:submission_step", args=[*draft.address, 9, "submit"])).status_code == 404
