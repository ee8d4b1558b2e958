"""The text of a strategy that is only a record is entered in the portal, part by part, from an empty first version."""

from datetime import date

import pytest
from django.db import transaction

from accounts.tests.factories import delegate, secretariat
from actionplans.models import Objective, Strategy, StrategyVersion
from actionplans.reference import load_strategies
from actionplans.tests.drafts import changes, put_in_force
from actionplans.tests.factories import VersionFactory
from actionplans.tests.files import run
from actionplans.tests.pages import errors_of, post_new, shown, text_of
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db
PAGE = "/strategies/strategy-2011/"
NEW, EDIT = f"{PAGE}versions/new/", f"{PAGE}versions/1/edit/"
SOURCE = "As published in OJ C 5, 7 January 2012."


@pytest.fixture
def desk(client):
    """The secretariat's browser, and the strategies as records."""
    load_strategies()
    client.force_login(secretariat())
    return client


def begin(desk):
    """Begin the text of 2012/C 5/01."""
    assert post_new(desk, NEW, note=SOURCE).url == EDIT
    return StrategyVersion.objects.get()


def add_section(desk, **fields):
    url = f"{EDIT}sections/new/"
    data = shown(desk.get(url)) | {"number": "II", "title": "AIMS", "holds_aims": "on", **fields}
    assert desk.post(url, data).status_code == 302


def write(desk):
    """A section, an aim, addressees, an objective and a sub-point, by the forms as they are proposed."""
    add_section(desk)
    for address, fields in (
        ("aims/new/", {"letter": "A", "text": "To cooperate"}),
        ("aims/A/addressees/new/", {"heading": "For the CCWP:", "addressees": ["CCWP"]}),
        ("addressees/A.CCWP/objectives/new/", {"letter": "a", "text": "Meet more often."}),
        ("objectives/A.CCWP.a/sub-points/new/", {"letter": "i", "text": "By video."}),
    ):
        proposed = shown(desk.get(EDIT + address))
        assert desk.post(EDIT + address, {**proposed, **fields}).status_code == 302


def test_the_page_of_a_record_offers_the_secretariat_to_begin_its_text(desk):
    link = f'href="{NEW}">Begin its text</a>'
    assert link in text_of(desk.get(PAGE))
    assert link in text_of(desk.get(f"{PAGE}versions/"))
    assert link not in text_of(desk.get(PAGE, {"on": "2012-01-01"}))
    Strategy.objects.create(slug="later", reference="1/26", title="A new one", dated_on="2026-01-01")
    assert 'href="/strategies/later/versions/new/">Begin its text</a>' in text_of(
        desk.get("/strategies/later/")
    )


def test_others_read_that_there_is_no_text(desk):
    desk.force_login(delegate())
    page = text_of(desk.get(PAGE))
    assert "Begin its text" not in page
    assert "The text is not in the portal." in page
    assert "none of its sections, aims and objectives can be read here" in page
    assert desk.get(NEW).status_code == 403


def test_a_first_text_is_asked_where_it_comes_from_and_begins_empty(desk):
    page = text_of(desk.get(NEW))
    assert "Begin the text of 2012/C 5/01" in page
    assert "begins empty" in page and "as a copy" not in page
    assert errors_of(post_new(desk, NEW, note="")) == {"note": ["Say where the text comes from."]}
    version = begin(desk)
    assert (version.number, version.status, version.note) == (1, "draft", SOURCE)
    assert "This version has no text yet." in text_of(desk.get(EDIT))
    assert "This version has no text yet" in text_of(desk.get(PAGE))


def test_it_is_written_by_the_forms_that_amend_and_read_once_it_is_agreed(desk):
    version = begin(desk)
    write(desk)
    codes = ["A.CCWP.a", "A.CCWP.a.i"]
    assert list(version.wordings.order_by("order").values_list("objective__code", flat=True)) == codes
    assert {change[2:] for change in changes(version)} == {("added", "correction", SOURCE)}
    reader = delegate()
    desk.force_login(reader)
    assert "The text is not in the portal." in text_of(desk.get(PAGE))
    put_in_force(version, date(2026, 3, 1))
    assert "Meet more often." in text_of(desk.get(PAGE))
    assert "Meet more often." in text_of(desk.get("/strategy/"))
    assert "Begin its text" not in text_of(desk.get(PAGE))
    assert Objective.objects.get(code="A.CCWP.a").strategy.slug == "strategy-2011"


def test_aims_are_read_where_no_section_is_said_to_hold_them(desk):
    begin(desk)
    write(desk)
    version = StrategyVersion.objects.get()
    version.sections.update(holds_aims=False)
    page = text_of(desk.get(PAGE))
    assert page.count("Meet more often.") == 1
    assert '<a href="#aim-A">A. To cooperate</a>' in page


def test_an_empty_version_is_not_tabled(desk):
    version = begin(desk)
    with pytest.raises(NotAllowed, match="This version has no text yet"):
        version.take("table", by=secretariat())
    add_section(desk)
    version.take("table", by=secretariat())
    assert version.status == "tabled"


def test_before_a_decision_a_first_text_is_not_said_to_be_a_copy(desk):
    version = begin(desk)
    first = "Version 1 is the first text of 2012/C 5/01 in the portal."
    assert version.before_deciding("agree") == [first]
    StrategyVersion.objects.update(status="withdrawn")
    again = VersionFactory(strategy=version.strategy, number=2, status="draft", in_force_from=None)
    assert again.before_deciding("agree") == [first.replace("1", "2", 1)]
    StrategyVersion.objects.filter(pk=again.pk).update(status="superseded", in_force_from=date(2026, 1, 1))
    third = VersionFactory(strategy=version.strategy, number=3, status="draft", in_force_from=None)
    assert third.before_deciding("agree") == [
        "This version changes nothing of the text that it was copied from."
    ]


def test_where_a_text_is_amended_no_reason_is_proposed(desk):
    version = begin(desk)
    write(desk)
    put_in_force(version)
    assert post_new(desk, NEW, note="New routes.", source=version.pk).status_code == 302
    form = desk.get(f"{PAGE}versions/2/edit/aims/new/").context["form"]
    assert [form[name].value() for name in ("cause", "reason")] == [None, None]


def test_a_text_that_was_begun_here_goes_into_another_portal_and_comes_back_in_the_same_bytes(desk, tmp_path):
    path = tmp_path / "strategy.yaml"
    with transaction.atomic():
        begin(desk)
        write(desk)
        path.write_text(run("export_strategy", "--strategy", "strategy-2011", "--version", "1"))
        transaction.set_rollback(True)
    assert not StrategyVersion.objects.exists()  # as in a portal that has the record alone
    run("load_strategy", path)
    assert StrategyVersion.objects.get().strategy.slug == "strategy-2011"
    assert run("export_strategy", "--strategy", "strategy-2011", "--version", "1") == path.read_text()
