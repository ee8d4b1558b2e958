"""Strategies that followed one another, and objectives that go on from those of an earlier strategy."""

import io
import re
import subprocess
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError

from accounts.tests.factories import committee, delegate, secretariat
from actionplans.models import Objective, ObjectivePredecessor, Strategy, StrategyVersion
from actionplans.reference import load_strategies
from actionplans.standing import standing_of, texts_by
from actionplans.tests.factories import (
    ActionFactory,
    PlanFactory,
    StrategyFactory,
    VersionFactory,
    write_text,
)
from actionplans.tests.pages import errors_of, post_edit, queries, text_of
from strategy_portal.dates import brussels_today

pytestmark = pytest.mark.django_db
URL = "/strategies/strategy-2009/objectives/A.MS.a/predecessors/"


@pytest.fixture
def reader(client):
    client.force_login(delegate())
    return client


@pytest.fixture
def two():
    """The strategy of tests, and an earlier one with objectives A.MS.a and A.MS.z."""
    StrategyFactory()
    earlier = Strategy.objects.create(
        slug="strategy-2003", reference="2003/C 247/01", title="The strategy of 2003", dated_on="2003-10-02"
    )
    write_text(
        VersionFactory(strategy=earlier, status="superseded", agreed_on=None, in_force_from="2003-10-02"),
        {"A.MS.a": "", "A.MS.z": ""},
    )
    return earlier


def objective(code, slug="strategy-2009"):
    return Objective.objects.get(code=code, strategy__slug=slug)


# -- strategies as records ---------------------------------------------------------------------------------------------


def test_the_strategies_stand_in_order_with_what_repealed_them(reader):
    load_strategies()
    page = reader.get("/strategies/")
    told = [
        (
            s.reference,
            str(s.dated_on),
            s.standing,
            s.repealed_by.reference if s.repealed_by else "",
            s.has_text,
        )
        for s in page.context["strategies"]
    ]
    assert told == [
        ("2003/C 247/01", "2003-10-02", "in_force", "", False),
        ("15198/09", "2009-11-04", "repealed", "2012/C 5/01", False),
        ("2012/C 5/01", "2011-12-13", "in_force", "", False),
        ("2023/C 217/02", "2023-06-08", "in_force", "", False),
    ]
    assert text_of(page).count("The text is not in the portal") == 4
    assert "no longer in force from 12 December 2011" in text_of(page)


def test_the_records_are_loaded_with_the_other_reference_data_and_once():
    call_command("load_reference_data", stdout=io.StringIO())
    before = Strategy.pgh_event_model.objects.count()
    call_command("load_reference_data", stdout=io.StringIO())
    assert (Strategy.objects.count(), Strategy.pgh_event_model.objects.count()) == (4, before)


@pytest.mark.parametrize("records_first", [True, False])
def test_the_text_of_2009_joins_its_record_in_any_order(reader, records_first):
    steps = [load_strategies, lambda: call_command("load_strategy", stdout=io.StringIO())]
    for step in steps if records_first else reversed(steps):
        step()
    strategy = Strategy.objects.get(reference="15198/09")
    assert (strategy.slug, strategy.standing, strategy.sender) == (
        "strategy-2009", "repealed", "Customs Cooperation Working Party",
    )  # fmt: skip
    assert [version.number for version in strategy.versions.all()] == [1]
    page = text_of(reader.get("/strategy/"))
    assert (
        'Repealed by</dt><dd><a href="/strategies/strategy-2011/">2012/C 5/01</a>, 12 December 2011' in page
    )
    assert "In the portal" in text_of(reader.get("/strategies/"))


def test_on_a_day_nothing_is_said_of_a_repeal_that_was_still_to_come(reader):
    load_strategies()
    call_command("load_strategy", stdout=io.StringIO())
    told = [
        "Repealed by" in text_of(reader.get("/strategy/", {"on": on})) for on in ("2011-12-11", "2011-12-12")
    ]
    assert told == [False, True]


def standings(response):
    return {
        s.reference: (str(s.shown.state), s.shown.repealed_by is not None)
        for s in response.context["strategies"]
    }


def test_the_list_of_a_day_holds_the_strategies_of_then_as_they_then_stood(reader):
    load_strategies()
    in_force, repealed = ("in_force", False), ("repealed", True)
    for on, expected in (
        ("2003-10-01", {}),
        ("2009-11-04", {"2003/C 247/01": in_force, "15198/09": in_force}),
        ("2011-12-12", {"2003/C 247/01": in_force, "15198/09": repealed}),
        ("2012-01-01", {"2003/C 247/01": in_force, "15198/09": repealed, "2012/C 5/01": in_force}),
    ):
        assert standings(reader.get("/strategies/", {"on": on})) == expected
    assert standings(reader.get("/strategies/"))["15198/09"] == repealed
    assert "is so old" in text_of(reader.get("/strategies/", {"on": "2003-10-01"}))


def test_the_record_of_a_day_says_what_had_happened_by_then(reader):
    load_strategies()
    told = [
        "Repealed by" in text_of(reader.get("/strategies/strategy-2009/", {"on": on}))
        for on in ("2011-12-11", "2011-12-12")
    ]
    assert told == [False, True]
    before = reader.get("/strategies/strategy-2011/", {"on": "2011-12-12"})
    assert before.status_code == 404
    assert "There was no 2012/C 5/01 on 12 December 2011: it is dated 13 December 2011." in text_of(before)
    page = text_of(reader.get("/strategies/strategy-2011/", {"on": "2011-12-13"}))
    assert '<a href="/strategies/strategy-2009/?on=2011-12-13">15198/09</a>' in page
    assert reader.get("/strategies/nothing/", {"on": "2011-12-13"}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"ended_on": "2011-12-12"}, ["in_force", "repealed", "repealed"]),
        ({}, ["in_force", "in_force", "repealed"]),  # from the day of what repealed it
        ({"repealed_by": None}, ["not_known", "not_known", "not_known"]),
    ],
)
def test_a_repeal_without_its_day_is_told_from_the_day_of_the_strategy_that_repealed(fields, told):
    load_strategies()
    Strategy.objects.filter(slug="strategy-2009").update(**{"ended_on": None, **fields})
    strategy = Strategy.objects.get(slug="strategy-2009")
    days = [date(2011, 12, 11), date(2011, 12, 12), date(2011, 12, 13)]
    assert [standing_of(strategy, texts_by(on), on).state for on in days] == told
    assert standing_of(strategy, texts_by()).state == "repealed"


def test_a_text_in_force_of_a_repealed_document_is_explained_alike_wherever_it_shows(reader):
    load_strategies()
    sentence = "The published document is repealed; version 1 of its text stays in force in the portal"
    pages = ("/strategy/", "/strategies/strategy-2009/", "/strategies/")
    assert [sentence in text_of(reader.get(url)) for url in pages] == [False] * 2 + [False]
    call_command("load_strategy", stdout=io.StringIO())
    assert [sentence in text_of(reader.get(url)) for url in pages] == [True] * 3
    for on, told in (("2011-12-11", False), ("2011-12-12", True)):
        assert [sentence in text_of(reader.get(url, {"on": on})) for url in pages] == [told] * 3


def test_a_strategy_without_text_says_so_with_its_source(reader):
    load_strategies()
    page = text_of(reader.get("/strategies/strategy-2011/"))
    assert "The text is not in the portal." in page
    assert "32012G0107(01)" in page
    assert '<a href="/strategies/strategy-2009/">15198/09</a>' in page
    assert "The text is not in the portal." in text_of(reader.get("/strategies/strategy-2011/?on=2012-01-01"))
    assert reader.get("/strategies/strategy-2011/objectives/A.MS.a/").status_code == 404


def test_a_draft_text_of_a_strategy_is_none_for_others(reader):
    load_strategies()
    write_text(
        VersionFactory(
            strategy=Strategy.objects.get(slug="strategy-2023"), status="draft", in_force_from=None
        ),
        {"D.MS.a": ""},
    )
    assert "The text is not in the portal." in text_of(reader.get("/strategies/strategy-2023/"))
    assert [s.has_text for s in reader.get("/strategies/").context["strategies"]] == [False] * 4


@pytest.mark.parametrize(
    ("status", "readers"),
    [
        ("draft", [True, False, False]),
        ("withdrawn", [True, False, False]),
        ("tabled", [True, True, False]),
        ("agreed", [True, True, True]),
        ("in_force", [True, True, True]),
    ],
)
def test_a_new_strategy_is_seen_by_those_who_see_a_text_of_it(client, status, readers):
    StrategyFactory()
    new = Strategy.objects.create(
        slug="harbours", title="Harbours of tomorrow", reference="20077/26", dated_on="2026-03-01"
    )
    begins = "2026-03-01" if status == "in_force" else None
    version = VersionFactory(strategy=new, status="draft", in_force_from=begins)
    write_text(version, {"A.MS.b": ""})
    new.versions.update(status=status)
    ObjectivePredecessor.objects.create(
        objective=objective("A.MS.b", "harbours"), predecessor=objective("A.MS.b")
    )
    told = []
    for person in (secretariat(), delegate(), committee()):
        client.force_login(person)
        told.append(
            {
                "20077/26" in text_of(client.get("/strategies/")),
                "20077/26" in text_of(client.get("/strategies/", {"on": brussels_today().isoformat()})),
                client.get("/strategies/harbours/").status_code == 200,
                "tomorrow" in text_of(client.get("/search/", {"q": "harbours"})),
                "Continued by" in text_of(client.get("/strategies/strategy-2009/objectives/A.MS.b/")),
                client.get(f"/history/strategy/{new.pk}/").status_code == 200,
            }
        )
    assert told == [{sees} for sees in readers]


@pytest.mark.parametrize("on", [{}, {"on": "2026-05-01"}])
def test_a_strategy_that_is_published_nowhere_is_in_force_with_its_text(reader, on):
    assert StrategyFactory().standing == "not_known"
    sentence = "Version 1 of its text is in force in the portal from 4 November 2009."
    assert standings(reader.get("/strategies/", on)) == {"15198/09": ("in_force", False)}
    assert sentence in text_of(reader.get("/strategies/", on))
    before = {"on": "2009-11-03"}
    Strategy.objects.update(dated_on="2009-10-01")
    assert standings(reader.get("/strategies/", before)) == {"15198/09": ("not_known", False)}
    Strategy.objects.get().versions.update(status="draft")
    assert standing_of(Strategy.objects.get(), texts_by()).state == "not_known"


@pytest.mark.parametrize("later_first", [True, False])
def test_of_two_strategies_in_force_from_one_day_everybody_reads_the_later(later_first):
    years = [2023, 2012] if later_first else [2012, 2023]
    for year in years:
        strategy = Strategy.objects.create(
            slug=f"strategy-{year}", title="A strategy", reference=f"{year}", dated_on=date(year, 1, 1)
        )
        VersionFactory(strategy=strategy, number=2030 - year)
    day = StrategyVersion.objects.in_force().first().in_force_from
    for texts in (StrategyVersion.objects.in_force(), StrategyVersion.objects.in_force_on(day)):
        assert [text.strategy.dated_on.year for text in texts] == [2023, 2012]


def test_only_a_repealed_strategy_has_ended():
    load_strategies()
    with pytest.raises(IntegrityError, match="only_a_repealed_strategy_has_ended"):
        Strategy.objects.filter(slug="strategy-2003").update(ended_on="2009-10-23")


def test_the_queries_of_the_list_do_not_grow(reader):
    load_strategies()
    queries(reader, "/strategies/")
    first = queries(reader, "/strategies/")
    by = Strategy.objects.get(slug="strategy-2023")
    for number in range(30):
        Strategy.objects.create(
            slug=f"strategy-{number}", reference=f"{number}/30", title="One more", dated_on="2024-01-01",
            standing="repealed", repealed_by=by,
        )  # fmt: skip
    assert queries(reader, "/strategies/") == first


def test_no_code_says_what_history_has_renamed():
    names = re.compile(r"third pillar|\bOCTA\b|Article 36 Committee", re.IGNORECASE)
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py", "*.html", "*.js", "*.txt"],
        cwd=settings.BASE_DIR, capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    files = [name for name in listed if not re.search(r"(^|/)(tests|data|docs)/", name)]
    assert len(files) > 300
    assert [
        name for name in files if names.search((settings.BASE_DIR / name).read_text(encoding="utf-8"))
    ] == []


# -- predecessors ------------------------------------------------------------------------------------------------------


def test_the_secretariat_names_predecessors_and_both_pages_show_them(client, two):
    client.force_login(secretariat())
    before = objective("A.MS.z", "strategy-2003")
    assert post_edit(client, URL, predecessors=[before.pk]).status_code == 302
    assert list(objective("A.MS.a").predecessors.all()) == [before]
    assert (
        'Goes on from</h3> <ul class="versions"><li><a href="/strategies/strategy-2003/objectives/A.MS.z/">A.MS.z</a>'
        ' <span class="quiet">2003/C 247/01</span>'
    ) in text_of(client.get("/strategy/objectives/A.MS.a/"))
    assert (
        'Continued by</h3> <ul class="versions"><li><a href="/strategies/strategy-2009/objectives/A.MS.a/">A.MS.a</a>'
    ) in text_of(client.get("/strategies/strategy-2003/objectives/A.MS.z/"))
    event = ObjectivePredecessor.pgh_event_model.objects.get()
    assert event.pgh_context["verb"] == "change"
    assert post_edit(client, URL, predecessors=[]).status_code == 302
    assert not ObjectivePredecessor.objects.exists()


def test_an_objective_of_its_own_or_a_later_strategy_is_no_predecessor(client, two):
    client.force_login(secretariat())
    url = "/strategies/strategy-2003/objectives/A.MS.a/predecessors/"
    assert client.get(url).context["form"].has_choices is False
    page = text_of(client.get(url))
    assert "holds no objectives of an earlier strategy" in page
    assert "Save the predecessors" not in page
    assert 'href="/strategies/strategy-2003/objectives/A.MS.a/">Back to the objective' in page
    for wrong in (objective("A.MS.a"), objective("A.MS.z", "strategy-2003")):
        assert "predecessors" in errors_of(post_edit(client, url, predecessors=[wrong.pk]))
    assert "predecessors" in errors_of(post_edit(client, URL, predecessors=[objective("A.MS.b").pk]))
    assert not ObjectivePredecessor.objects.exists()


def test_no_objective_goes_on_from_itself(two):
    row = objective("A.MS.a")
    with pytest.raises(IntegrityError, match="no_objective_is_its_own_predecessor"):
        ObjectivePredecessor.objects.create(objective=row, predecessor=row)


@pytest.mark.parametrize("typed", ["x", "999999", "1" * 40])
def test_a_predecessor_that_is_none_is_refused(client, two, typed):
    client.force_login(secretariat())
    assert "predecessors" in errors_of(post_edit(client, URL, predecessors=[typed]))


def test_only_the_secretariat_names_predecessors(reader, two):
    assert reader.get(URL).status_code == 403
    assert "Name predecessors" not in text_of(reader.get("/strategy/objectives/A.MS.a/"))
    assert reader.get(URL.replace("A.MS.a", "X.MS.a")).status_code == 404


def test_predecessors_are_asked_for_only_where_an_earlier_strategy_has_objectives(client, two):
    client.force_login(secretariat())
    asked = "Name predecessors"
    assert asked in text_of(client.get("/strategy/objectives/A.MS.a/"))
    assert asked not in text_of(client.get("/strategies/strategy-2003/objectives/A.MS.a/"))


def test_the_queries_of_an_objective_do_not_grow_with_its_predecessors(client, two):
    client.force_login(secretariat())
    url, own = "/strategy/objectives/A.MS.a/", objective("A.MS.a")
    ActionFactory(plan=PlanFactory(status="adopted"), objectives=[own])
    ObjectivePredecessor.objects.create(objective=own, predecessor=objective("A.MS.z", "strategy-2003"))
    queries(client, url)
    first = queries(client, url)
    for number in range(30):
        row = Objective.objects.create(strategy=two, code=f"A.MS.{number}", order=number)
        ObjectivePredecessor.objects.create(objective=own, predecessor=row)
    assert queries(client, url) == first
    assert first <= 15
