"""What a person finds, in which order, and with which words marked; and that nobody finds what they may not see."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts.tests.factories import DelegationFactory, committee, delegate, secretariat
from actionplans.models import Strategy, StrategyVersion, Wording
from actionplans.tests.factories import (
    ActionFactory,
    PlanFactory,
    StrategyFactory,
    TermsFactory,
    VersionFactory,
    texts_open,
    write_text,
)
from council.models import Document
from council.tests.factories import DecisionFactory, DocumentFactory, MeetingFactory
from jcos.tests.factories import OperationFactory
from search.question import read
from search.results import FIRST, PAGE, RANKED, Results
from search.tests.asking import found, page, plain, words

pytestmark = pytest.mark.django_db


# -- references ------------------------------------------------------------------------------------------------------


@pytest.fixture
def referenced(reader):
    """A record of everything that has a reference."""
    plan = PlanFactory(number=7, title="Third cycle")
    action = ActionFactory(plan=plan, number=3, title="Share scanners")
    terms = TermsFactory(action=action)
    meeting = MeetingFactory(held_on=date(2026, 11, 27))
    document = DocumentFactory(number=14743, year=2011, revision=1, title="Draft plan")
    DocumentFactory(number=14743, year=2011, title="First draft")
    DecisionFactory(subject=terms, meeting=meeting)
    OperationFactory(name="Île-de-Ré", slug="ile-de-re-2026")
    # Texts that only mention the same references stand behind.
    ActionFactory(plan=plan, number=4, title="After 7.3 and C.CCWP.e, as 14743/1/11 says", objectives=[])
    return SimpleNamespace(document=document)


@pytest.mark.parametrize(
    ("typed", "kind", "first"),
    [
        ("7.3", "action", "7.3 Share scanners"),
        ("action 7.3", "action", "7.3 Share scanners"),
        (" 7.3 ", "terms", "7.3 Share scanners"),
        ("plan 7", "plan", "Plan 7 Third cycle"),
        ("PLAN  7", "plan", "Plan 7 Third cycle"),
        ("7", "plan", "Plan 7 Third cycle"),
        ("C.CCWP.e", "objective", "C.CCWP.e To do C.CCWP.e"),
        ("c.ccwp.E", "objective", "C.CCWP.e To do C.CCWP.e"),
        ("objective C.CCWP.e", "objective", "C.CCWP.e To do C.CCWP.e"),
        ("14743/1/11", "document", "14743/1/11 REV 1 Draft plan"),
        ("14743/1/11 REV 1", "document", "14743/1/11 REV 1 Draft plan"),
        ("14743/11 rev 1", "document", "14743/1/11 REV 1 Draft plan"),
        ("ST 14743/2011 REV 1", "document", "14743/1/11 REV 1 Draft plan"),
        ("14743/11", "document", "14743/11 First draft"),
        ("14743", "document", "14743/11 First draft"),
        ("15198/09", "strategy", "15198/09 Draft revised strategy"),
        ("II.1", "strategy", "II.1 AIMS"),
        ("aim c", "strategy", "Aim C"),
        ("île-de-ré", "operation", "Île-de-Ré"),
        ("ILE-DE-RE", "operation", "Île-de-Ré"),
        ("ile-de-re-2026", "operation", "Île-de-Ré"),
        ("operation Ile-de-Re", "operation", "Île-de-Ré"),
        ("27/11/2026", "meeting", "27 November 2026 CCWP Plenary"),
        ("2026-11-27", "meeting", "27 November 2026 CCWP Plenary"),
        ("27 November 2026", "meeting", "27 November 2026 CCWP Plenary"),
        ("27/11/2026", "decision", "Terms of reference of 7.3, version 1"),
    ],
)
def test_a_reference_is_found_first(typed, kind, first, reader, referenced):
    assert found(reader, typed)[kind][0] == first


def test_a_document_is_found_with_its_other_revisions_behind(reader, referenced):
    assert found(reader, "14743/11")["document"] == ["14743/11 First draft", "14743/1/11 REV 1 Draft plan"]


# -- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("seizure", ["Seizures of tobacco in Liège"]),
        ("SEIZURES", ["Seizures of tobacco in Liège"]),
        ("liege", ["Seizures of tobacco in Liège"]),
        ("LIÈGE", ["Seizures of tobacco in Liège"]),
        ("tobac", ["Seizures of tobacco in Liège", "Tobacco and alcohol"]),
        ("alcohol tob", ["Tobacco and alcohol"]),
        ("tob alcohol", []),
        ("tobacco -alcohol", ["Seizures of tobacco in Liège"]),
        ("tobacco -seizures", ["Tobacco and alcohol"]),
        ("seizures or alcohol", ["Seizures of tobacco in Liège", "Tobacco and alcohol"]),
        ("seizures OR alcohol", ["Seizures of tobacco in Liège", "Tobacco and alcohol"]),
        ('"tobacco and alcohol"', ["Tobacco and alcohol"]),
        ("“tobacco and alcohol”", ["Tobacco and alcohol"]),
        ('"alcohol and tobacco"', []),
        ("the tobacco of the", ["Seizures of tobacco in Liège", "Tobacco and alcohol"]),
        ('"tobacco', ["Seizures of tobacco in Liège", "Tobacco and alcohol"]),
        ("recommendat", ["Recommended practice: recommendations"]),
        ("Ιωάννινα", ["Έλεγχοι στα Ιωάννινα"]),
        ("ιωαννινα", ["Έλεγχοι στα Ιωάννινα"]),
        ("alcohol/tob", []),
        ("script", ["<script>alert(1)</script> & more"]),
    ],
)
def test_words_are_found_by_stem_beginning_and_without_accents(typed, titles, reader):
    for title in (
        "Seizures of tobacco in Liège", "Tobacco and alcohol", "Recommended practice: recommendations",
        "Έλεγχοι στα Ιωάννινα", "<script>alert(1)</script> & more",
    ):  # fmt: skip
        DocumentFactory(title=title)
    hits = found(reader, typed).get("document", [])
    assert sorted(title.partition(" ")[2] for title in hits) == sorted(titles)


def test_words_of_every_kind_of_thing_are_found(reader):
    write_text(VersionFactory(strategy=StrategyFactory(), number=2, status="draft"))
    plan = PlanFactory(title="Harbour cycle")
    action = ActionFactory(plan=plan, title="Harbour action", summary="x")
    terms = TermsFactory(action=action, tasks="Visit each harbour")
    DocumentFactory(title="Harbour note")
    OperationFactory(name="GOLDEN HARBOUR")
    MeetingFactory(place="Harbour House")
    DecisionFactory(subject=terms, text="The harbour text is agreed.")
    with texts_open(), connection.cursor() as cursor:
        Wording.objects.filter(objective__code="A.MS.a").update(text="To watch every harbour")
        for table in ("sectionblock", "aim"):
            cursor.execute(f"update actionplans_{table} set text = 'About harbours'")
    StrategyFactory().versions.update(note="")
    assert {kind: len(hits) for kind, hits in found(reader, "harbours").items()} == {
        "objective": 1, "strategy": FIRST, "plan": 1, "action": 1, "terms": 1, "operation": 1, "meeting": 1,
        "decision": 2, "document": 1,
    }  # fmt: skip


def test_titles_stand_before_texts(reader):
    OperationFactory(name="FIRST", purpose="Against yachts, yachts and yachts")
    OperationFactory(name="YACHT", purpose="Against boats")
    assert found(reader, "yacht")["operation"] == ["YACHT", "FIRST"]


def documents(number, **values):
    """So many documents, made at once."""
    Document.objects.bulk_create(DocumentFactory.build_batch(number, **values))


def test_old_titles_stand_before_hundreds_of_newer_texts(reader):
    documents(1, title="Harbours of the year")
    documents(RANKED + 1, title="Note", subject_codes=["HARBOUR"])
    documents(1, title="All harbours")
    titles = [title.partition(" ")[2] for title in found(reader, "harbour")["document"]]
    assert (sorted(titles[:2]), titles[2:]) == (["All harbours", "Harbours of the year"], ["Note"])


def test_an_old_reference_stands_before_hundreds_of_newer_titles(reader):
    DocumentFactory(number=14743, year=2011, title="Old")
    documents(RANKED + 1, title="Mentions 14743/11")
    assert found(reader, "14743/11")["document"][0] == "14743/11 Old"


def test_every_text_stands_on_one_page_however_many_there_are(reader):
    documents(RANKED + 2 * PAGE + 1, title="Harbour note")
    pages = [found(reader, "harbour", kind="document", page=n).get("document", []) for n in range(1, 14)]
    assert [len(hits) for hits in pages] == [PAGE] * 12 + [1]
    assert len({hit for hits in pages for hit in hits}) == RANKED + 2 * PAGE + 1
    newest = [f"{document} Harbour note" for document in Document.objects.order_by("-pk")]
    assert [hit for hits in pages for hit in hits] == newest


def test_the_page_with_the_best_of_each_kind_and_the_page_of_the_kind_begin_alike(reader):
    documents(RANKED, title="Harbour", subject_codes=["ENFOCUSTOM"])
    documents(RANKED, title="Harbour", subject_codes=["HARBOUR", "HARBOUR"])
    documents(RANKED, title="Harbour", subject_codes=["UD"])
    documents(1, title="Harbour", subject_codes=["HARBOUR"])
    best, whole = found(reader, "harbour"), found(reader, "harbour", kind="document")
    assert best["document"] == whole["document"][:FIRST]
    assert (Results(reader, read("harbour")).total, len(whole["document"])) == (3 * RANKED + 1, PAGE)


def test_a_strategy_without_a_text_is_found_and_leads_to_its_record(reader, client):
    Strategy.objects.create(
        slug="strategy-2003", title="First strategy", reference="13090/03", dated_on=date(2003, 10, 2)
    )
    (hit,) = Results(reader, read("13090/03")).groups[0].hits
    assert (hit.name, hit.title, hit.url) == ("13090/03", "First strategy", "/strategies/strategy-2003/")
    client.force_login(reader)
    assert client.get(hit.url).status_code == 200


def test_finds_are_marked_in_the_text_as_it_is_written(reader):
    OperationFactory(name="LIÈGE <b>", purpose="Contrôles à Liège & <i>Anvers</i>: cigarettes saisies")
    (hit,) = Results(reader, read("liege anvers cig")).groups[0].hits
    assert (hit.title, hit.passage) == (
        "<mark>LIÈGE</mark> &lt;b&gt;",
        "Contrôles à <mark>Liège</mark> &amp; &lt;i&gt;<mark>Anvers</mark>&lt;/i&gt;: <mark>cigarettes</mark> saisies"
        " · <mark>cigarettes</mark>",
    )


def test_what_marks_a_find_can_stand_in_a_text_without_harm(reader):
    OperationFactory(name="ODD", purpose="\ue000Private\ue001 use of tobacco")
    (hit,) = Results(reader, read("tobacco")).groups[0].hits
    assert hit.passage == "\ue000Private\ue001 use of <mark>tobacco</mark> · cigarettes"


def test_the_passage_of_a_long_text_is_where_the_words_stand(reader):
    OperationFactory(
        name="LONG", purpose="Nothing here. " * 500 + "Then the ferries of Patras. " + "And so on. " * 500
    )
    (hit,) = Results(reader, read("ferries patras")).groups[0].hits
    assert "Then the <mark>ferries</mark> of <mark>Patras</mark>." in hit.passage
    assert (hit.passage[:2], hit.passage[-2:], len(plain(hit.passage)) < 300) == ("… ", " …", True)


def test_an_objective_is_called_by_its_code_and_the_beginning_of_its_text(reader):
    StrategyFactory()
    long = (
        "To share what is known of new routes, "
        + "and again of what is known, " * 6
        + "with every ferry port"
    )
    with texts_open():
        Wording.objects.filter(objective__code="A.MS.a").update(text=long)
    by_end, by_heading, by_begin = (
        Results(reader, read(typed)).groups[0].hits[0] for typed in ("ferry", "A.MS.a", "routes share")
    )
    assert plain(by_end.title) == f"{long[: long.rfind(' ', 0, 140)]} …"
    assert plain(by_end.passage).endswith("with every ferry port · For MS")
    assert "every <mark>ferry</mark> port" in by_end.passage
    assert (by_heading.name, by_heading.passage) == ("A.MS.a", "For MS")
    assert (by_begin.title[:24], by_begin.passage) == ("To <mark>share</mark> wh", "For MS")


def test_passages_are_without_the_marks_of_markdown_and_the_finds_at_their_words(reader):
    OperationFactory(
        name="MARKED",
        purpose="# Aims\n\n- watch **ferry** ports\n- see [the *list*](https://port.example/ferry)\n\n"
        "| port | ships |\n|---|--:|\n| Piraeus ferry | 3 |",
    )
    (hit,) = Results(reader, read("ferry")).groups[0].hits
    assert hit.passage == (
        "Aims · watch <mark>ferry</mark> ports · see the list · port · ships · "
        "Piraeus <mark>ferry</mark> · 3 · cigarettes"
    )
    assert found(reader, '"watch ferry ports"') == {"operation": ["MARKED"]}


# -- versions --------------------------------------------------------------------------------------------------------


def test_replaced_texts_are_found_only_when_asked_for(reader, client):
    old = StrategyFactory().versions.get()
    with texts_open():
        Wording.objects.filter(version=old, objective__code="A.MS.a").update(text="To do it by telegraph")
    StrategyVersion.objects.update(status="superseded")
    write_text(VersionFactory(strategy=old.strategy, number=2))
    assert found(reader, "telegraph") == {}
    assert found(reader, "telegraph", earlier=True) == {"objective": ["A.MS.a To do it by telegraph"]}
    answer = page(client, reader, "?q=telegraph")
    assert "It stands in 1 text that is no longer in force. Search these, too" in words(answer)
    assert 'href="?q=telegraph&amp;earlier=on"' in answer.content.decode()
    assert found(reader, "A.MS.a") == {"objective": ["A.MS.a To do A.MS.a"]}


@pytest.fixture
def drafted():
    """A strategy in force, and a draft of it in which one objective reads otherwise; the objective's name there."""
    old = StrategyFactory().versions.get()
    write_text(VersionFactory(strategy=old.strategy, number=2, status="draft"))
    with texts_open():
        Wording.objects.filter(objective__code="A.MS.a", version=old).update(text="Watch the harbour")
        Wording.objects.filter(objective__code="A.MS.a", version__number=2).update(
            text="Watch harbour and airport"
        )
    return old.strategy


def test_of_an_objective_the_text_in_force_is_the_hit_and_it_counts_once(reader, drafted):
    results = Results(reader, read("harbour"))
    (hit,) = results.groups[0].hits
    assert (plain(hit.title), hit.state, hit.url) == (
        "Watch the harbour", "in_force", "/strategies/strategy-2009/objectives/A.MS.a/",
    )  # fmt: skip
    assert (results.counts, Results(reader, read("harbour"), kind="objective").shown) == ({"objective": 1}, 1)
    assert Results(reader, read("A.MS.a")).counts == {"objective": 1}


def test_a_text_that_only_a_draft_has_is_found_there_by_those_who_see_it(reader, drafted):
    (hit,) = Results(reader, read("airport")).groups[0].hits
    assert (plain(hit.title), hit.where, hit.state) == (
        "Watch harbour and airport", "15198/09, version 2", "draft",
    )  # fmt: skip
    assert hit.url.endswith("/versions/2/#A.MS.a")
    assert found(delegate("BE"), "airport") == {}
    assert found(delegate("BE"), "harbour") == {"objective": ["A.MS.a Watch the harbour"]}


def test_sections_and_aims_of_a_draft_stand_behind_those_in_force(reader, drafted):
    assert found(reader, "II.1") == {"strategy": ["II.1 AIMS"]}
    assert found(reader, "aim c") == {"strategy": ["Aim C"]}
    assert Results(reader, read("overall aims")).counts == {"strategy": 1}


@pytest.mark.parametrize("many", [0, 5000])
def test_who_sees_what_is_the_same_of_many_texts_as_of_few(many, reader, monkeypatch):
    monkeypatch.setattr("search.querysets.MANY", many)
    plan, france = PlanFactory(number=30), DelegationFactory(code="FR")
    for number, lead in enumerate([france, DelegationFactory(code="IT")], start=1):
        TermsFactory(action=ActionFactory(plan=plan, number=number, title="Zanzibar", lead=lead))
    documents(3, title="Zanzibar")
    assert Results(reader, read("zanzibar")).counts == {"action": 2, "terms": 2, "document": 3}
    assert Results(delegate("FR"), read("zanzibar")).counts == {"action": 1, "terms": 1, "document": 3}
    assert Results(committee(), read("zanzibar")).counts == {"document": 3}


# -- who finds what --------------------------------------------------------------------------------------------------


def test_the_draft_of_another_delegation_is_never_found_nor_counted(client):
    plan = PlanFactory(number=30)
    france = DelegationFactory(code="FR")
    action = ActionFactory(plan=plan, number=1, title="Zanzibar project", lead=france)
    terms = TermsFactory(action=action, tasks="Zanzibar first")
    OperationFactory(name="ZANZIBAR", status="proposed", proposed_by=action.lead)
    own = delegate("FR")
    assert set(found(own, "zanzibar")) == {"action", "terms", "operation"}
    for other in (delegate("BE"), committee()):
        for typed in ("zanzibar", "30.1", "zanz", "-x zanzibar", "ZANZIBAR", "zanzibar or 30.1"):
            answer = page(client, other, f"?q={typed}")
            assert "Nothing was found" in words(answer), typed
            assert "project" not in words(answer)
    assert terms.status == "draft"


def test_of_a_draft_plan_its_lead_finds_the_number_but_not_the_title():
    own = delegate("FR")
    plan = PlanFactory(number=31, title="Zanzibar cycle")
    ActionFactory(plan=plan, title="Ours", lead=DelegationFactory(code="FR"))
    assert found(own, "zanzibar") == {}
    assert found(own, "plan 31")["plan"] == ["Plan 31"]
    assert found(secretariat(), "plan 31")["plan"] == ["Plan 31 Zanzibar cycle"]
