"""A new version begins as a complete copy of an earlier one."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.tests.factories import secretariat
from actionplans.copying import begin_version, version_to_copy
from actionplans.loading import stored_text
from actionplans.models import Footnote, SectionBlock, Strategy, StrategyVersion
from actionplans.tests.factories import StrategyFactory, VersionFactory
from actionplans.tests.pages import the_strategy_of_2009
from strategy_portal.workflow import NotAllowed

pytestmark = pytest.mark.django_db
COPIED = ["sections", "footnotes", "aims", "wordings"]


@pytest.fixture
def strategy():
    return the_strategy_of_2009()


def counted(version):
    """How many parts a version has."""
    return [getattr(version, name).count() for name in COPIED] + [
        SectionBlock.objects.filter(section__version=version).count()
    ]


def test_the_copy_of_the_strategy_of_2009_is_complete(strategy):
    first = strategy.versions.get()
    second = begin_version(strategy, by=secretariat(), note="New facts.")
    assert stored_text(second)._replace(agreed_on=None) == stored_text(first)._replace(agreed_on=None)
    assert counted(second) == counted(first) == [10, 1, 3, 30, 50]
    assert (second.number, second.status, second.note) == (2, "draft", "New facts.")
    assert (second.agreed_on, second.in_force_from, second.agreement, second.approval) == (None,) * 4


def test_the_copy_shares_the_lasting_objectives_and_no_row_of_text(strategy):
    first, second = strategy.versions.get(), begin_version(strategy, by=secretariat(), note="x")
    objectives = [list(v.wordings.values_list("objective", flat=True)) for v in (first, second)]
    assert objectives[0] == objectives[1]
    assert {w.block.aim.version_id for w in second.wordings.select_related("block__aim")} == {second.pk}
    second.wordings.update(text="Other words")
    assert first.wordings.filter(text="Other words").count() == 0


def test_a_copy_costs_the_same_queries_whatever_its_length(strategy, django_assert_num_queries):
    by, source = secretariat(), strategy.versions.get()
    for digit in "+*":
        with django_assert_num_queries(19):
            version = begin_version(strategy, by=by, note="x", source=source)
        StrategyVersion.objects.filter(pk=version.pk).update(status="withdrawn")
        Footnote.objects.bulk_create(
            Footnote(version=source, mark=f"{n}{digit}", text="t") for n in range(30)
        )


def test_the_version_in_force_is_copied_rather_than_a_newer_one_that_is_agreed(strategy):
    VersionFactory(strategy=strategy, number=2, status="agreed", in_force_from=None)
    assert version_to_copy(strategy).number == 1


def test_where_none_is_in_force_the_newest_is_copied():
    strategy = StrategyFactory()
    strategy.versions.update(status="superseded")
    VersionFactory(strategy=strategy, number=2, status="agreed", in_force_from=None)
    VersionFactory(strategy=strategy, number=3, status="withdrawn", in_force_from=None)
    assert version_to_copy(strategy).number == 2
    assert begin_version(strategy, by=secretariat(), note="x").number == 4


def test_a_bare_record_begins_with_an_empty_text():
    strategy = Strategy.objects.create(slug="later", title="Later", reference="1/23", dated_on="2023-06-20")
    version = begin_version(strategy, by=secretariat(), note="x")
    assert (version.number, counted(version)) == (1, [0] * 5)


@pytest.mark.parametrize("status", ["draft", "tabled"])
def test_while_one_version_is_in_preparation_no_other_begins(strategy, status):
    VersionFactory(strategy=strategy, number=2, status=status, in_force_from=None)
    with pytest.raises(NotAllowed, match="Version 2 is in preparation already"):
        begin_version(strategy, by=secretariat(), note="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        VersionFactory(strategy=strategy, number=3, status="draft", in_force_from=None)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_begin_a_version_at_once_one_does():
    strategy, by, answers = StrategyFactory(), secretariat(), []
    barrier = threading.Barrier(2)

    def begin():
        try:
            barrier.wait()
            answers.append(begin_version(strategy, by=by, note="x").number)
        except NotAllowed as refused:
            answers.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [2, "Version 2 is in preparation already (a draft)."]
    assert strategy.versions.count() == 2
