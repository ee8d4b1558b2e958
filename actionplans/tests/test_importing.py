"""A file that is sent for a plan: looked through by the rules of the forms, brought in whole or not at all."""

import os
import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from accounts.tests.factories import DelegationFactory, secretariat
from actionplans.models import Action, PlanImport
from actionplans.tasks import sweep_imports
from actionplans.tests.factories import ActionFactory, PlanFactory, TermsFactory, part
from actionplans.tests.pages import post_new, queries, text_of
from actionplans.tests.tables import bring_in, commit, csv_file, line, send
from strategy_portal.dates import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return secretariat(name="Anna Secretary")


@pytest.fixture
def desk(client, user):
    """The secretariat's browser."""
    client.force_login(user)
    return client


@pytest.fixture
def plan():
    """Plan 8, with action 8.1 and the draft of its terms."""
    plan = PlanFactory(number=8, starts_on=date(2027, 1, 1), ends_on=date(2028, 6, 30))
    TermsFactory(action=ActionFactory(plan=plan, title="First"), expected_outcome="A guide")
    return plan


# -- the preview -------------------------------------------------------------------------------------------------------


def test_nothing_is_written_before_the_commit(desk, plan):
    url = send(desk, csv_file(line(number="1", title="Renamed", objectives="A.MS.a", lead="BE"))).url
    page = text_of(desk.get(url))
    assert "1 changed" in page and "First" in page and "Renamed" in page
    url = send(
        desk, csv_file(line(number="1", title="First", objectives="A.MS.a", starts_on="2027-02-01"))
    ).url
    assert "1 February 2027" in text_of(desk.get(url)).replace("\xa0", " ")
    assert list(Action.objects.values_list("title", flat=True)) == ["First"]


def test_rows_with_errors_are_shown_alone_and_hinder_the_commit(desk, plan):
    url = send(desk, csv_file(line(number="2", title="Good", objectives="A.MS.a"),
                              line(number="3", title="Bad", objectives="a.ms.a"))).url  # fmt: skip
    assert [line.row for line in desk.get(url).context["page"]] == [2, 3]
    page = desk.get(f"{url}?show=errors")
    assert [line.row for line in page.context["page"]] == [3]
    assert "Did you mean A.MS.a?" in text_of(page)
    response = commit(desk, url)
    assert response.status_code == 409
    assert "Rows of the file have errors." in text_of(response)
    assert Action.objects.count() == 1


def test_a_lead_that_is_no_member_is_told_before_it_is_brought_in_and_allowed(desk, plan):
    DelegationFactory(
        code="UK", name="United Kingdom", member_from=date(1973, 1, 1), member_until=date(2020, 1, 31)
    )
    rows = [
        line(number=number, title="New", objectives="A.MS.a", lead=lead)
        for number, lead in (("2", "UK"), ("3", "BE"))
    ]
    url = send(desk, csv_file(*rows)).url
    said = "The lead, United Kingdom, is not a member of the working party on 1 January 2027."
    assert [row.warning for row in desk.get(url).context["page"]] == [said, ""]
    assert said in text_of(desk.get(url))
    assert commit(desk, url).status_code == 302
    assert Action.objects.get(number=2).lead.code == "UK"


def test_a_plan_that_changed_since_the_preview_is_looked_at_once_more(desk, plan):
    url = send(desk, csv_file(line(number="2", title="New", objectives="A.MS.a"))).url
    version = desk.get(url).context["form"].fields["row_version"].initial
    Action.objects.update(title="Renamed meanwhile")
    response = post_new(desk, url, row_version=version)
    assert response.status_code == 409
    assert "The plan has changed since this preview." in text_of(response)
    assert Action.objects.count() == 1
    assert commit(desk, url).status_code == 302


def test_a_plan_that_was_tabled_meanwhile_takes_nothing_in(desk, plan):
    url = send(desk, csv_file(line(number="2", title="New", objectives="A.MS.a"))).url
    version = desk.get(url).context["form"].fields["row_version"].initial
    type(plan).objects.update(status="tabled")
    response = post_new(desk, url, row_version=version)
    assert response.status_code == 409
    assert "Return it to draft to change it." in text_of(response)
    assert desk.get(url).status_code == desk.get("/plans/8/import/").status_code == 409
    assert "/plans/8/import/" not in desk.get("/plans/8/").content.decode()
    assert Action.objects.count() == 1


def test_the_button_pressed_twice_brings_in_once(desk, plan):
    url = send(desk, csv_file(line(number="2", title="New", objectives="A.MS.a"))).url
    data = {
        "row_version": desk.get(url).context["form"].fields["row_version"].initial,
        "idempotency_key": "0123456789abcdef0123",
    }
    assert [desk.post(url, data).status_code for _n in range(2)] == [302, 302]
    assert Action.objects.count() == 2
    assert desk.get(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_bring_in_at_once_one_does_and_the_other_looks_again():
    PlanFactory(number=8)
    content, answers = csv_file(line(number="1", title="New", objectives="A.MS.a")), []
    people = [secretariat(), secretariat()]
    presses = []
    for person in people:
        browser = Client()
        browser.force_login(person)
        url = send(browser, content).url
        version = browser.get(url).context["form"].fields["row_version"].initial
        presses.append((browser, url, version))

    def press(browser, url, version):
        try:
            answers.append(post_new(browser, url, row_version=version).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=one) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 409]
    assert Action.objects.count() == 1


def test_a_file_is_its_sender_s_alone_and_a_later_one_takes_its_place(client, desk, plan):
    first = send(desk, csv_file(line(number="2", title="New", objectives="A.MS.a"))).url
    second = send(desk, csv_file(line(number="2", title="Newer", objectives="A.MS.a"))).url
    assert (desk.get(first).status_code, desk.get(second).status_code) == (404, 200)
    assert second in desk.get("/plans/8/import/").content.decode()
    client.force_login(secretariat())
    assert client.get(second).status_code == client.post(second).status_code == 404
    assert second not in client.get("/plans/8/import/").content.decode()


def test_a_file_waits_for_a_day(desk, plan):
    url = send(desk, csv_file(line(number="2", title="New", objectives="A.MS.a"))).url
    sweep_imports()
    assert desk.get(url).status_code == 200
    PlanImport.objects.update(staged_at=now() - timedelta(days=1))
    assert desk.get(url).status_code == 404
    sweep_imports()
    assert PlanImport.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3, 30])
def test_preview_and_file_ask_the_same_however_many_actions_there_are(desk, plan, count):
    for _n in range(count - 1):
        part(ActionFactory(plan=plan), "FR")
    DelegationFactory(code="FR")
    url = send(desk, desk.get("/plans/8/plan.csv").content).url
    assert desk.get(url).context["counts"]["unchanged"] == count
    assert (queries(desk, url), queries(desk, "/plans/8/plan.csv")) == (12, 11)
    cells = {"title": "New", "objectives": "A.MS.a", "lead": "BE", "participants": "FR"}
    url = send(desk, csv_file(*[line(number=str(100 + n), **cells) for n in range(count)])).url
    assert desk.get(url).context["counts"]["new"] == count
    assert queries(desk, url) == 15


# -- figures -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_file_of_five_hundred_actions_is_looked_through_within_two_seconds(desk, plan, suffix):
    for code in ("FR", "EL"):
        DelegationFactory(code=code)
    rows = [
        line(number=str(n), title=f"Action {n}", objectives="A.MS.a", lead="BE", co_leads="FR", participants="EL",
             expected_outcome="What there will be. " * 20, starts_on="2027-02-01", ends_on="2027-09-30")
        for n in range(2, 502)
    ]  # fmt: skip
    assert bring_in(desk, csv_file(*rows)).status_code == 302
    content = desk.get(f"/plans/8/plan.{suffix}").content
    began = os.times()
    url = send(desk, content, f"plan.{suffix}").url
    found = desk.get(url).context["counts"]
    took = sum(os.times()[:4]) - sum(began[:4])  # of the processor, that of the reading process included
    assert found == {"new": 0, "changed": 0, "unchanged": 501, "error": 0}
    assert took < 2, f"{took:.2f} s"
