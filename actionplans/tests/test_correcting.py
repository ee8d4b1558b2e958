"""The secretariat corrects the record of a strategy, with a reason; what makes no sense changes nothing."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.tests.factories import committee, delegate
from actionplans.models import Objective, ObjectivePredecessor, Strategy
from actionplans.reference import load_strategies
from actionplans.tests.factories import VersionFactory, write_text
from actionplans.tests.pages import errors_of, post_edit, shown, text_of
from editing.history import last_change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorded")]
URL = "/strategies/strategy-2011/edit/"
WHY = "The Official Journal says otherwise."


def of(slug):
    return Strategy.objects.select_related("repealed_by").get(slug=slug)


def correct(desk, url=URL, reason=WHY, **changes):
    return post_edit(desk, url, reason=reason, **changes)


def rows():
    return list(Strategy.objects.order_by("pk").values())


def test_a_record_is_corrected_with_a_reason_that_its_history_tells(desk):
    assert f'href="{URL}">Correct the record</a>' in text_of(desk.get("/strategies/strategy-2011/"))
    assert f'href="{URL}"' not in text_of(desk.get("/strategies/strategy-2011/?on=2026-01-01"))
    response = correct(
        desk, reference="2012/C 5/1", title="A resolution", dated_on="2011-12-14", standing="repealed",
        ended_on="2023-06-08", repealed_by=of("strategy-2023").pk, note="Two\nlines",
    )  # fmt: skip
    assert response.url == "/strategies/strategy-2011/"
    strategy = of("strategy-2011")
    assert (
        strategy.reference, strategy.title, strategy.dated_on, strategy.standing, strategy.ended_on,
        strategy.repealed_by.slug,
    ) == ("2012/C 5/1", "A resolution", date(2011, 12, 14), "repealed", date(2023, 6, 8), "strategy-2023")  # fmt: skip
    assert last_change(strategy).who == "Mia Desk"
    history = text_of(desk.get(f"/history/strategy/{strategy.pk}/"))
    assert WHY in history
    desk.force_login(committee())
    assert "2012/C 5/1" in text_of(desk.get("/strategies/"))


def test_a_repeal_that_was_none_is_taken_back(desk):
    url = "/strategies/strategy-2009/edit/"
    errors = errors_of(correct(desk, url, standing="in_force"))
    assert sorted(errors) == ["ended_on", "repealed_by"]
    assert correct(desk, url, standing="in_force", ended_on="", repealed_by="").status_code == 302
    strategy = of("strategy-2009")
    assert (strategy.standing, strategy.ended_on, strategy.repealed_by) == ("in_force", None, None)


WRONG = {
    "no reason": ({"reason": " "}, ["Give the reason for this correction."]),
    "nothing changed": ({}, ["Nothing of the record has been changed."]),
    "no reference": ({"reference": ""}, "reference"),
    "recorded already": (
        {"reference": "2003/c 247/01"},
        [
            "This strategy is recorded already: Council Resolution 2003/C 247/01 on a strategy for customs cooperation."
        ],
    ),
    "only invisible characters": ({"title": "\u200b"}, "title"),
    "a day that is none": ({"dated_on": "2011-02-30"}, "dated_on"),
    "a day to come for what is in force": (
        {"dated_on": "2031-01-01"},
        ["This day is yet to come: choose the standing “Not known” until then."],
    ),
    "an end before the begin": (
        {"standing": "repealed", "ended_on": "2011-12-12"},
        ["It is dated 13 December 2011."],
    ),
    "an end of what is in force": (
        {"ended_on": "2012-12-12"},
        ["Only a repealed strategy has ended: choose that standing."],
    ),
    "repealed by an older one": (
        {"standing": "repealed", "repealed_by": "strategy-2003"},
        ["2003/C 247/01 is dated 2 October 2003."],
    ),
    "repealed by itself": ({"standing": "repealed", "repealed_by": "strategy-2011"}, "repealed_by"),
    "older than what it repealed": (
        {"dated_on": "2009-11-03"},
        ["It repealed 15198/09, which is dated 4 November 2009."],
    ),
}


@pytest.mark.parametrize(("changes", "told"), WRONG.values(), ids=WRONG)
def test_a_wrong_correction_is_asked_back_and_nothing_is_stored(desk, changes, told):
    if "repealed_by" in changes:
        changes = changes | {"repealed_by": of(changes["repealed_by"]).pk}
    before = rows()
    errors = errors_of(correct(desk, **changes))
    if isinstance(told, str):
        assert list(errors) == [told]
    else:
        assert [[text.replace("\xa0", " ") for text in texts] for texts in errors.values()] == [told]
    assert rows() == before


@pytest.mark.parametrize("between", [False, True])
def test_no_circle_of_repeals_is_made(desk, between):
    day = "2011-12-13"
    Strategy.objects.filter(slug__in=["strategy-2009", "strategy-2023"]).update(dated_on=day, ended_on=None)
    own, last = of("strategy-2011"), of("strategy-2009")
    if between:
        Strategy.objects.filter(slug="strategy-2023").update(standing="repealed", repealed_by=own)
        Strategy.objects.filter(pk=last.pk).update(repealed_by=of("strategy-2023"))
    before = rows()
    errors = errors_of(correct(desk, standing="repealed", repealed_by=last.pk))
    assert errors == {
        "repealed_by": [
            "15198/09 was itself repealed by this strategy, or by one that this strategy repealed."
        ]
    }
    assert rows() == before


def test_the_database_refuses_an_end_before_the_begin_and_a_repeal_by_itself(desk):
    own = of("strategy-2009")
    for fields, name in (
        ({"ended_on": "2009-11-03"}, "strategy_ends_on_its_date_or_later"),
        ({"repealed_by": own}, "no_strategy_repeals_itself"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Strategy.objects.filter(pk=own.pk).update(**fields)


def test_a_date_keeps_the_order_of_objectives_that_go_on_from_one_another(desk):
    for slug, code in (("strategy-2003", "A.MS.z"), ("strategy-2011", "A.MS.a"), ("strategy-2023", "A.MS.b")):
        draft = VersionFactory(strategy=of(slug), status="draft", agreed_on=None, in_force_from=None)
        write_text(draft, {code: ""})
    z, a, b = (Objective.objects.get(code=code) for code in ("A.MS.z", "A.MS.a", "A.MS.b"))
    ObjectivePredecessor.objects.create(objective=a, predecessor=z)
    ObjectivePredecessor.objects.create(objective=b, predecessor=a)
    Strategy.objects.filter(slug="strategy-2009").update(repealed_by=None)
    for day, told in (
        ("2003-10-02", "Its objectives go on from those of 2003/C 247/01, which is dated 2 October 2003."),
        ("2023-06-08", "Objectives of 2023/C 217/02, which is dated 8 June 2023, go on from its own."),
    ):
        errors = errors_of(correct(desk, dated_on=day))
        assert [text.replace("\xa0", " ") for text in errors["dated_on"]] == [told]
    assert correct(desk, dated_on="2012-01-07").status_code == 302


def test_of_a_strategy_with_an_agreed_text_only_what_became_of_it_is_corrected(desk):
    url = "/strategies/strategy-2009/edit/"
    VersionFactory(strategy=of("strategy-2009"))
    page = desk.get(url)
    assert list(page.context["form"].fields)[:6] == [
        "standing", "ended_on", "repealed_by", "source", "note", "reason"
    ]  # fmt: skip
    assert "stand in a text that was agreed" in text_of(page)
    assert f'href="{url}">Correct the record</a>' in text_of(desk.get("/strategies/strategy-2009/"))
    assert list(errors_of(correct(desk, url, ended_on="2009-11-03"))) == ["ended_on"]
    assert correct(desk, url, ended_on="2011-12-13", reference="1/09").status_code == 302
    strategy = of("strategy-2009")
    assert (strategy.reference, strategy.ended_on) == ("15198/09", date(2011, 12, 13))


def test_two_corrections_of_one_field_stand_beside_each_other(desk):
    opened = shown(desk.get(URL))
    assert correct(desk, title="The first").status_code == 302
    late = desk.post(URL, opened | {"title": "The second", "reason": WHY})
    assert late.status_code == 409
    assert ["The first" in text_of(late), "The second" in text_of(late)] == [True, True]
    assert of("strategy-2011").title == "The first"


def test_what_was_corrected_stays_when_the_records_are_loaded_again(desk):
    correct(desk, standing="not_known", note="Nobody knows.", reference="2012/C 5/1")
    correct(desk, "/strategies/strategy-2003/edit/", source="A library")
    before, events = rows(), Strategy.pgh_event_model.objects.count()
    load_strategies()
    assert (rows(), Strategy.pgh_event_model.objects.count()) == (before, events)
    assert of("strategy-2009").repealed_by == of("strategy-2011")
    Strategy.objects.filter(slug="strategy-2023").update(note="Of an older file")
    load_strategies()
    assert of("strategy-2023").note.startswith("Current when last seen")


def test_only_the_secretariat_corrects_records(client):
    load_strategies()
    for person in (delegate, committee):
        client.force_login(person())
        assert "Correct the record" not in text_of(client.get("/strategies/strategy-2011/"))
        assert client.get(URL).status_code == 403
        assert client.post(URL, {"title": "X", "reason": WHY}).status_code == 403
    assert of("strategy-2011").title.startswith("Council Resolution")
