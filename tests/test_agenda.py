"""The agenda of a meeting: points put on it, moved, taken off; and what it shows to whom."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import committee, delegate, member, secretariat
from actionplans.tests.factories import PlanFactory
from council.models import AgendaPoint, Decision, Document, Meeting
from council.tests.factories import (
    AgendaPointFactory,
    DecisionFactory,
    DocumentFactory,
    PresidencyFactory,
)
from jcos.tests.factories import OperationFactory
from strategy_portal.workflow import acting
from tests.agenda import address, edit, key, meeting_of, post, reader, tabled_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    client = Client()
    client.force_login(secretariat())
    return client


# -- points -------------------------------------------------------------------------------------------------------


def new_point(desk, meeting, **changed):
    data = {
        "title": "Adoption of the plan",
        "subject": "",
        "document_number": "",
        "document_title": "",
        "note": "",
    }
    return post(desk, reverse("council:agendapoint_create", args=[meeting.pk]), **data | changed)


def test_a_point_is_put_on_the_agenda_after_the_last(desk):
    meeting, plan = meeting_of(), tabled_plan()
    AgendaPointFactory(meeting=meeting)
    answer = new_point(
        desk, meeting, subject=key(plan, "adopt"), document_number="9001/26", document_title="Plan"
    )
    point = AgendaPoint.objects.get(title="Adoption of the plan")
    assert (answer.status_code, point.order, point.subject, point.verb) == (302, 2, plan, "adopt")
    assert point.document == Document.objects.get(number=9001)


def test_what_can_be_decided_is_offered_by_kind(desk):
    meeting, plan = meeting_of(), tabled_plan()
    PlanFactory()  # a draft: nothing of it can be decided
    operation = OperationFactory(status="tabled")
    page = desk.get(reverse("council:agendapoint_create", args=[meeting.pk]))
    offered = {
        name: [key for key, _label in group]
        for name, group in page.context["form"].fields["subject"].choices
        if isinstance(group, list | tuple)
    }
    assert offered["Action plans"] == [key(plan, "adopt")]
    operations = next(keys for keys in offered.values() if any(k.startswith("jcos.") for k in keys))
    assert operations == [key(operation, "agree"), key(operation, "reject")]


@pytest.mark.parametrize(
    ("body", "sees"), [("ccwp-plenary", True), ("ccwp-experts", False), ("article-36", False)]
)
def test_a_body_is_offered_only_what_it_may_decide(desk, body, sees):
    plan = tabled_plan()
    page = desk.get(reverse("council:agendapoint_create", args=[meeting_of(body).pk]))
    assert (key(plan, "adopt") in page.context["form"].offered) is sees


def test_a_further_noting_is_offered_only_when_there_is_something_to_note(desk):
    OperationFactory(status="results_noted")
    page = desk.get(reverse("council:agendapoint_create", args=[meeting_of().pk]))
    assert page.context["form"].offered == {}


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("", ""),
        ("actionplans.actionplan:999999:adopt", "cannot decide this now"),
        ("accounts.user:1:delete", "cannot decide this now"),
        ("::", "cannot decide this now"),
        ("actionplans.actionplan:²:adopt", "cannot decide this now"),
    ],
)
def test_a_choice_that_is_none_is_refused(desk, subject, words):
    answer = new_point(desk, meeting_of(), subject=subject)
    if words:
        assert answer.status_code == 422
        assert words in answer.context["form"].errors["subject"][0]
    else:
        assert answer.status_code == 302


def test_a_thing_in_the_wrong_state_is_refused_with_its_state(desk):
    plan = PlanFactory()
    answer = new_point(desk, meeting_of(), subject=key(plan, "adopt"))
    assert answer.context["form"].errors["subject"] == [
        f"{plan} is a draft. “Record the adoption” is not possible now."
    ]
    assert AgendaPoint.objects.count() == 0


def test_a_step_stands_once_on_an_agenda(desk):
    meeting, plan = meeting_of(), tabled_plan()
    point = AgendaPointFactory(meeting=meeting, about=plan, verb="adopt")
    answer = new_point(desk, meeting, subject=key(plan, "adopt"))
    assert answer.status_code == 422
    assert str(point) in answer.context["form"].errors["subject"][0]
    with pytest.raises(IntegrityError, match="a_step_once_on_an_agenda"):
        AgendaPointFactory(meeting=meeting, about=plan, verb="adopt")


def test_a_number_of_another_text_is_told_with_a_link(desk):
    known = DocumentFactory()
    answer = new_point(desk, meeting_of(), document_number=str(known), document_title="Another text")
    assert answer.status_code == 422
    assert f'<a href="{known.get_absolute_url()}">Go to {known}</a>' in answer.content.decode()


def test_a_point_is_changed_and_keeps_what_it_is_about_in_any_state(desk):
    plan = tabled_plan()
    point = AgendaPointFactory(meeting=meeting_of(), about=plan, verb="adopt")
    plan.take("return_to_draft", by=secretariat())
    data = {
        "title": "Plan",
        "subject": key(plan, "adopt"),
        "document_number": "",
        "document_title": "",
        "note": "New",
    }
    assert edit(desk, address("edit", point), **data).status_code == 302
    point.refresh_from_db()
    assert (point.title, point.note, point.subject) == ("Plan", "New", plan)


def test_a_number_on_record_is_asked_back_for_a_new_point_and_not_for_that_of_the_point_itself(desk):
    known, meeting = DocumentFactory(), meeting_of()
    answer = new_point(desk, meeting, document_number=str(known))
    assert list(answer.context["form"].errors) == ["document_number"]
    assert new_point(desk, meeting, document_number=str(known), document_meant=str(known)).status_code == 302
    point = AgendaPoint.objects.get()
    data = {"title": "Other words", "subject": "", "document_number": str(known), "document_title": ""}
    assert edit(desk, address("edit", point), note="", **data).status_code == 302
    point.refresh_from_db()
    assert (point.title, point.document) == ("Other words", known)


def test_points_change_places_by_buttons(desk):
    meeting = meeting_of()
    one, two, three = (AgendaPointFactory(meeting=meeting) for _ in range(3))

    def move(point, direction):
        url = reverse("council:agendapoint_move", args=[meeting.pk, point.pk, direction])
        assert desk.post(url).status_code in (302, 404)
        return list(meeting.points.order_by("order").values_list("pk", flat=True))

    assert move(three, "up") == [one.pk, three.pk, two.pk]
    assert move(one, "up") == [one.pk, three.pk, two.pk]  # the first stays
    assert move(one, "down") == [three.pk, one.pk, two.pk]
    assert move(two, "down") == [three.pk, one.pk, two.pk]
    assert move(two, "sideways") == [three.pk, one.pk, two.pk]


def test_a_point_is_removed_and_the_others_close_up(desk):
    meeting = meeting_of()
    one, two, three = (AgendaPointFactory(meeting=meeting) for _ in range(3))
    assert desk.get(address("delete", one)).status_code == 200
    assert post(desk, address("delete", one)).status_code == 302
    assert list(meeting.points.order_by("order").values_list("pk", "order")) == [(two.pk, 1), (three.pk, 2)]


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_a_point_with_an_outcome_stands(desk, name):
    point = AgendaPointFactory(meeting=meeting_of(), outcome="postponed", outcome_text="Until spring")
    assert desk.get(address(name, point)).status_code == 409
    post(desk, address(name, point), title="Other")
    assert AgendaPoint.objects.get().title == point.title


@pytest.mark.parametrize(
    "fields",
    [
        {"verb": "adopt"},
        {"object_id": 1},
        {"outcome": "decided"},
        {"outcome": "postponed"},
    ],
)
def test_half_a_point_is_refused_by_the_database(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaPointFactory(**fields)


# -- who sees -----------------------------------------------------------------------------------------------------


def test_a_thing_that_the_reader_does_not_see_is_neither_named_nor_linked(desk):
    plan = PlanFactory(title="Secret preparations")  # a draft
    point = AgendaPointFactory(meeting=meeting_of(), about=plan, verb="adopt", title="The next plan")
    page = reader(delegate("FR")).get(point.meeting.get_absolute_url()).content.decode()
    assert "The next plan" in page
    assert plan.get_absolute_url() not in page
    assert str(plan) not in page
    history = (
        reader(delegate("FR"))
        .get(reverse("audit:history", args=["meeting", point.meeting_id]))
        .content.decode()
    )
    assert "not shown to you" in history
    assert str(plan) not in history
    assert plan.get_absolute_url() in desk.get(point.meeting.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (lambda: delegate("FR"), {"plenary", "committee"}),
        (committee, {"committee"}),
        (lambda: member(body="heads-of-customs"), set()),
        (lambda: member(delegation="NO"), set()),
    ],
)
def test_points_are_seen_by_those_who_see_the_meeting(who, sees):
    AgendaPointFactory(meeting=meeting_of(), title="plenary")
    AgendaPointFactory(meeting=meeting_of("article-36"), title="committee")
    assert set(AgendaPoint.objects.visible_to(who()).values_list("title", flat=True)) == sees


def test_the_things_page_names_the_agendas_on_which_it_stands_to_those_who_see_the_meeting(desk):
    plan = tabled_plan()
    point = AgendaPointFactory(meeting=meeting_of(days=9), about=plan, verb="adopt")
    for client, sees in ((desk, True), (reader(delegate("FR")), True)):
        assert (point.get_absolute_url() in client.get(plan.get_absolute_url()).content.decode()) is sees
    Decision.objects.record(plan, "adopt", by=secretariat(), meeting=meeting_of(), document=DocumentFactory())
    page = reader(committee()).get(plan.get_absolute_url())
    assert page.status_code == 200
    assert point.get_absolute_url() not in page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_a_meeting_takes_the_same_few_queries_whatever_stands_on_its_agenda(
    count, desk, django_assert_num_queries
):
    meeting = meeting_of()
    for _number in range(count):
        AgendaPointFactory(meeting=meeting, document=DocumentFactory())
        AgendaPointFactory(meeting=meeting, about=tabled_plan(), verb="adopt")
        decision = DecisionFactory(subject=PlanFactory(), meeting=meeting)
        AgendaPointFactory(
            meeting=meeting, about=decision.subject, verb="adopt", outcome="decided", decision=decision
        )
    desk.get(meeting.get_absolute_url())
    with django_assert_num_queries(13):  # the savepoint of the test client among them
        desk.get(meeting.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_of_a_point_takes_the_same_few_queries(count, desk, django_assert_max_num_queries):
    meeting = meeting_of()
    for _number in range(count):
        tabled_plan()
        OperationFactory(status="tabled")
    with django_assert_max_num_queries(20):
        desk.get(reverse("council:agendapoint_create", args=[meeting.pk]))


# -- postponed ----------------------------------------------------------------------------------------------------


def test_a_postponed_point_is_taken_up_again_at_a_later_meeting_as_it_was(desk):
    plan, before, meeting = tabled_plan(), meeting_of(days=-7), meeting_of()
    point = AgendaPointFactory(
        meeting=before, about=plan, verb="adopt", title="The plan", note="Ireland introduces it.",
        document=DocumentFactory(), outcome="postponed", outcome_text="Until the next meeting",
    )  # fmt: skip
    again = f"{reverse('council:agendapoint_create', args=[meeting.pk])}?again={point.pk}"
    assert again in desk.get(meeting.get_absolute_url()).text
    form = desk.get(again).context["form"]
    shown = {
        name: form[name].value() for name in ("title", "subject", "document_number", "document_title", "note")
    }
    assert new_point(desk, meeting, **shown).status_code == 302
    taken_up = meeting.points.get()
    for name in ("title", "note", "subject", "verb", "document"):
        assert getattr(taken_up, name) == getattr(point, name)
    assert again not in desk.get(meeting.get_absolute_url()).text


@pytest.mark.parametrize("is_about", [True, False])
def test_a_postponed_point_is_offered_until_the_same_body_takes_it_up(is_about):
    point = AgendaPointFactory(
        meeting=meeting_of(days=-7), outcome="postponed", outcome_text="Later", title="Parcels",
        **{"about": tabled_plan(), "verb": "adopt"} if is_about else {},
    )  # fmt: skip
    offered, today = AgendaPoint.objects.postponed_before, meeting_of()
    assert list(offered(today)) == [point]
    for other in (point.meeting, meeting_of(days=-8), meeting_of("article-36-committee")):
        assert not offered(other).exists()
    AgendaPointFactory(meeting=meeting_of(days=-3), title="Parcels" if not is_about else "Other words", **(
        {"about": point.subject, "verb": "adopt"} if is_about else {}
    ))  # fmt: skip
    assert not offered(today).exists()


@pytest.mark.parametrize("again", ["", "0", "abc", "9" * 30, "²"])
def test_a_point_that_is_none_to_take_up_leaves_the_form_empty(desk, again):
    url = reverse("council:agendapoint_create", args=[meeting_of().pk])
    assert desk.get(f"{url}?again={again}").context["form"].initial.get("title", "") == ""


def test_only_who_keeps_the_agenda_is_offered_what_was_postponed():
    AgendaPointFactory(
        meeting=meeting_of(days=-7), outcome="postponed", outcome_text="Later", title="Parcels"
    )
    assert "Parcels" not in reader(delegate("FR")).get(meeting_of().get_absolute_url()).text


# -- the meeting --------------------------------------------------------------------------------------------------


def test_a_meeting_says_who_presided_on_its_day_and_the_list_counts_its_points(desk):
    PresidencyFactory()
    point = AgendaPointFactory(meeting=meeting_of())
    assert desk.get(point.meeting.get_absolute_url()).context["meeting"].presidency == "Belgium"
    row = desk.get(reverse("council:meeting_list")).context["object_list"][0]
    assert (row.on_agenda, row.presidency) == (1, "Belgium")


def test_a_meeting_without_points_and_decisions_is_deleted_any_other_says_why_not(desk):
    meeting = meeting_of()
    point = AgendaPointFactory(meeting=meeting)
    url = reverse("council:meeting_delete", args=[meeting.pk])
    assert desk.get(url).status_code == 409
    assert post(desk, url).status_code == 409
    with acting(secretariat(), "delete"):
        point.delete()
    key = str(uuid4())
    answers = [desk.post(url, {"idempotency_key": key}).status_code for _time in range(2)]
    assert (answers, Meeting.objects.filter(pk=meeting.pk).exists()) == ([302, 302], False)


def test_a_meeting_that_decided_is_not_deleted(desk):
    meeting = DecisionFactory(subject=PlanFactory()).meeting
    answer = post(desk, reverse("council:meeting_delete", args=[meeting.pk]))
    assert answer.status_code == 409
    assert "Decisions were taken at this meeting" in answer.content.decode()


def test_the_body_of_a_meeting_stands_once_it_is_to_decide_and_the_day_once_something_came_of_a_point(desk):
    meeting = meeting_of(days=5)
    point = AgendaPointFactory(meeting=meeting, about=tabled_plan(), verb="adopt")
    url = reverse("council:meeting_edit", args=[meeting.pk])
    assert [name for name, field in desk.get(url).context["form"].fields.items() if field.disabled] == [
        "body"
    ]
    point.outcome = "no_decision"
    point.save()
    fields = desk.get(url).context["form"].fields
    assert [name for name, field in fields.items() if field.disabled] == ["body", "held_on"]
