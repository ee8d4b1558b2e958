"""The secretariat records a strategy: its document, its standing, and what it repeals."""

from datetime import date

import pytest

from accounts.tests.factories import committee, delegate
from actionplans.models import Strategy
from actionplans.reference import load_strategies
from actionplans.tests.factories import StrategyFactory
from actionplans.tests.pages import errors_of, post_new, text_of
from editing.history import last_change
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db
URL = "/strategies/new/"


@pytest.fixture
def desk(desk, recorded):
    """The secretariat's browser, and the strategies as records."""
    return desk


def record(desk, **fields):
    """Post what somebody types for a new strategy."""
    typed = {
        "reference": "1234/26",
        "title": "A strategy of 2026",
        "dated_on": "2026-03-01",
        "standing": "in_force",
    }
    return post_new(desk, URL, **typed | fields)


def of(reference):
    return Strategy.objects.get(reference=reference)


def test_a_strategy_is_recorded_and_its_text_can_be_begun_on_its_page(desk):
    assert f'href="{URL}">Record a strategy</a>' in text_of(desk.get("/strategies/"))
    assert f'href="{URL}"' not in text_of(desk.get("/strategies/?on=2026-01-01"))
    response = record(desk, source="EUR-Lex", note="Two\nlines")
    assert response.url == "/strategies/strategy-2026/"
    strategy = of("1234/26")
    assert (strategy.title, strategy.dated_on, strategy.standing) == (
        "A strategy of 2026",
        date(2026, 3, 1),
        "in_force",
    )
    assert last_change(strategy).who == "Mia Desk"
    assert 'href="/strategies/strategy-2026/versions/new/">Begin its text</a>' in text_of(
        desk.get(response.url)
    )
    desk.force_login(committee())
    assert "1234/26" in text_of(desk.get("/strategies/"))


def test_what_it_repeals_is_repealed_by_it_from_its_date_or_the_day_that_is_given(desk):
    record(desk, repeals=[of("2023/C 217/02").pk])
    record(
        desk, reference="9/26", dated_on="2026-04-01", repeals=[of("2012/C 5/01").pk], repealed_from="2026-05-01"
    )  # fmt: skip
    ended = Strategy.objects.exclude(reference="15198/09").filter(standing="repealed")
    assert sorted(ended.values_list("reference", "repealed_by__reference", "ended_on")) == [
        ("2012/C 5/01", "9/26", date(2026, 5, 1)),
        ("2023/C 217/02", "1234/26", date(2026, 3, 1)),
    ]
    page = text_of(desk.get("/strategies/strategy-2023/")).replace("\xa0", " ")
    assert "1234/26" in page


def test_what_a_recorded_strategy_repeals_stays_repealed_when_the_records_are_loaded_again(desk):
    record(desk, repeals=[of("2023/C 217/02").pk])
    before = Strategy.pgh_event_model.objects.count()
    load_strategies()
    assert of("2023/C 217/02").repealed_by == of("1234/26")
    assert Strategy.pgh_event_model.objects.count() == before


def test_a_strategy_that_is_repealed_says_since_when_and_by_what(desk):
    record(
        desk, reference="8/95", dated_on="1995-05-05", standing="repealed", ended_on="2003-10-02",
        repealed_by=of("2003/C 247/01").pk,
    )  # fmt: skip
    strategy = of("8/95")
    assert (strategy.slug, strategy.ended_on, strategy.repealed_by.reference) == (
        "strategy-1995",
        date(2003, 10, 2),
        "2003/C 247/01",
    )


def test_the_short_name_is_made_of_what_tells_strategies_apart(desk):
    record(desk, reference="1/23", dated_on="2023-01-01")
    record(desk, reference="2/23", dated_on="2023-02-02", slug="customs")
    record(desk, reference="1/23 REV 1", dated_on="2023-03-03")
    assert dict(Strategy.objects.filter(dated_on__year=2023).values_list("reference", "slug")) == {
        "2023/C 217/02": "strategy-2023",
        "1/23": "strategy-2023-1",
        "2/23": "customs",
        "1/23 REV 1": "strategy-2023-123-rev-1",
    }


WRONG = {
    "nothing": (
        {"reference": "", "title": "", "dated_on": "", "standing": ""},
        ["dated_on", "reference", "standing", "title"],
    ),
    "recorded already": ({"reference": "2012/c 5/01"}, "This strategy is recorded already"),
    "a name that is taken": ({"slug": "Strategy-2003"}, "The short name “Strategy-2003” is taken."),
    "the name of a page": ({"slug": "new"}, "The short name “new” is taken."),
    "no name": ({"slug": "a b"}, "A short name has only letters, digits and hyphens."),
    "a hidden character": ({"title": "a\u202eb"}, ["title"]),
    "only invisible characters": ({"title": "\u200b"}, ["title"]),
    "a day that is none": ({"dated_on": "2026-02-30"}, ["dated_on"]),
    "ended though in force": ({"ended_on": "2026-05-01"}, "Only a repealed strategy has ended"),
    "ended before it began": (
        {"standing": "repealed", "ended_on": "2026-02-01"},
        "It is dated 1 March 2026.",
    ),
    "a day without what ends": ({"repealed_from": "2026-03-01"}, "Tick what it repeals."),
    "an unknown standing": ({"standing": "lost"}, ["standing"]),
    "an unknown strategy": ({"repeals": ["999999"]}, ["repeals"]),
}


@pytest.mark.parametrize(("fields", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_record_is_asked_back_and_nothing_is_stored(desk, fields, told):
    errors = errors_of(record(desk, **fields))
    if isinstance(told, list):
        assert sorted(errors) == told
    else:
        (said,) = errors.values()
        assert told in said[0].replace("\xa0", " ")
    assert Strategy.objects.count() == 4


def test_a_strategy_repeals_only_what_is_older_and_not_repealed_yet(desk):
    younger = errors_of(record(desk, dated_on="2023-06-08", repeals=[of("2023/C 217/02").pk]))
    assert [text.replace("\xa0", " ") for text in younger["repeals"]] == [
        "2023/C 217/02 is not older: it is dated 8 June 2023."
    ]
    assert list(errors_of(record(desk, repeals=[of("15198/09").pk]))) == ["repeals"]
    early = errors_of(record(desk, repeals=[of("2023/C 217/02").pk], repealed_from="2023-01-01"))
    assert list(early) == ["repealed_from"]
    by_an_older = errors_of(record(desk, standing="repealed", repealed_by=of("2012/C 5/01").pk))
    assert list(by_an_older) == ["repealed_by"]
    assert Strategy.objects.count() == 4


def test_what_was_repealed_meanwhile_is_refused(desk):
    other = of("2023/C 217/02")
    with pytest.raises(NotAllowed, match=r"2023/C 217/02 is repealed already\."):
        Strategy.objects.filter(pk=other.pk).update(standing="repealed")
        of("15198/09").repeal([other], date(2026, 1, 1))


def test_only_the_secretariat_records_strategies(client):
    StrategyFactory()
    for person in (delegate, committee):
        client.force_login(person())
        assert "Record a strategy" not in text_of(client.get("/strategies/"))
        assert client.get(URL).status_code == 403
        assert record(client).status_code == 403
    assert Strategy.objects.count() == 1


def test_the_same_form_posted_twice_records_one_strategy(desk):
    for _n in range(2):
        assert record(desk, idempotency_key="0123456789abcdef0123").url == "/strategies/strategy-2026/"
    assert Strategy.objects.count() == 5


@pytest.mark.parametrize(
    ("taken", "reference", "slug"),
    [
        (["Strategy-2026"], "123/26", "strategy-2026-123"),
        (["strategy-2026", "strategy-2026-123"], "123/26", "strategy-2026-12326"),
        (["strategy-2026"], "A" * 60, "strategy-2026-" + "a" * 36),
        (["strategy-2026", "strategy-2026-" + "a" * 36], "A" * 60, "strategy-2026-2"),
    ],
)
def test_a_short_name_is_found_that_fits_and_no_other_strategy_has_in_other_letters(taken, reference, slug):
    for number, name in enumerate(taken):
        Strategy.objects.create(
            slug=name, title="A strategy", reference=f"N {number}", dated_on=date(2026, 1, 1)
        )
    assert Strategy.objects.free_slug(date(2026, 3, 1), reference) == slug
