"""The code lists and the operations of the past are loaded as they were published, once."""

import csv
from decimal import Decimal

import pytest
from django.apps import apps

from accounts.reference import load_delegations
from jcos.models import Commodity, Measure, Operation, PublishedFigure, TransportMode, Unit
from jcos.reference import DATA, load_code_lists, load_historical_operations

pytestmark = pytest.mark.django_db


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def loaded():
    load_delegations()
    load_code_lists()
    return load_historical_operations()


def events():
    models = [m for m in apps.get_models() if hasattr(m, "pgh_tracked_model")]
    return {model._meta.label: model.objects.count() for model in models}


def test_a_second_run_changes_nothing_and_leaves_no_event(loaded):
    before = events()
    assert load_code_lists() == (0, 0)
    assert load_historical_operations() == (0, 0)
    assert events() == before


def test_the_code_lists_are_whole(loaded):
    assert Commodity.objects.count() == len(rows("commodities.csv")) == 44
    assert list(TransportMode.objects.values_list("code", flat=True)) == list("0123456789")
    assert TransportMode.objects.get(code="0").name == "Transport mode not specified"
    assert (
        Measure.objects.filter(group="controls").exists()
        and Measure.objects.filter(group="findings").exists()
    )
    units = set(Unit.objects.values_list("code", flat=True))
    assert {row["unit"] for row in rows("jco_results_real.csv")} <= units
    for measure in Measure.objects.all():
        assert set(measure.units.split()) <= units
    for commodity in Commodity.objects.all():
        assert set(commodity.other_units.split()) <= units


def test_forty_operations_are_closed_history_with_addresses_of_their_own(loaded):
    history = Operation.objects.filter(kind="historical", status="closed")
    assert history.count() == len(rows("jcos_real.csv")) == 40
    assert history.values("slug").distinct().count() == 40
    for name, slug in [("SOL 2002", "sol-2002"), ("ATHENA", "athena-2008"), ("FIREBLADE", "fireblade")]:
        assert history.get(name=name).slug == slug


def test_dates_are_as_precise_as_they_were_published(loaded):
    diabolo, barrel, athena = (Operation.objects.get(name=name) for name in ("DIABOLO", "BARREL", "ATHENA"))
    assert (diabolo.published_from, diabolo.starts_on) == ("2007-02", None)
    assert (str(barrel.starts_on), str(barrel.ends_on)) == ("2011-10-18", "2011-10-27")
    assert (athena.published_from, athena.starts_on, athena.year) == ("", None, 2008)


def test_blanks_stay_blank_and_codes_are_those_of_the_institutions(loaded):
    fireblade = Operation.objects.get(name="FIREBLADE")
    assert (fireblade.year, fireblade.participants_count, fireblade.goods) == (None, None, "")
    assert Operation.objects.get(name="FELIX").published_lead == "UK"
    white_sea = Operation.objects.get(name="WHITE SEA III")
    assert "UK" in white_sea.published_participants and "GB" not in white_sea.published_participants
    assert Operation.objects.get(name="EARLY BIRD").participations.get().delegation.code == "DE"


def test_a_hundred_and_five_figures_stand_as_they_were_published(loaded):
    published = rows("jco_results_real.csv")
    assert PublishedFigure.objects.count() == len(published) == 105
    assert sorted(PublishedFigure.objects.values_list("quantity", flat=True)) == sorted(
        Decimal(r["quantity"]) for r in published
    )
    figure = PublishedFigure.objects.get(operation__name="BARREL", metric="loss_prevented")
    assert (figure.qualifier, figure.unit.code, figure.commodity, figure.delegation) == (
        "at least",
        "EUR",
        None,
        None,
    )
    assert figure.source == figure.operation.source != ""
    assert PublishedFigure.objects.get(delegation__code="UK").quantity == 9_000_000
