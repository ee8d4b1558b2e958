"""A draft that one person has begun and another of the same delegation goes on with."""

import re

import pytest
from django.urls import reverse

from accounts.tests.factories import delegate
from actionplans.models import TermsOfReference
from actionplans.tests.factories import ActionFactory, PlanFactory
from actionplans.tests.pages import lines, post_edit, post_new
from deadlines.tests import builders
from editing.history import begun_by_others
from jcos.models import Submission
from strategy_portal.workflow import acting

pytestmark = pytest.mark.django_db
URL = "/plans/8/actions/1/terms/"
NO_LINES = lines("indicators") | lines("milestones")


def words(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def begun(client):
    """Ann has begun the terms of reference of an action that Belgium leads; Bob is an editor of Belgium, too."""
    ActionFactory(plan=PlanFactory(number=8))
    ann, bob = delegate("BE", "editor", name="Ann"), delegate("BE", "editor", name="Bob")
    client.force_login(ann)
    post_new(client, f"{URL}new/", background="By Ann", **NO_LINES)
    return ann, bob


def test_the_form_says_who_has_begun_it_only_to_others(client, begun):
    _ann, bob = begun
    assert "Begun by" not in words(client.get(f"{URL}edit/"))
    client.force_login(bob)
    page = words(client.get(f"{URL}edit/"))
    assert "Begun by Ann on" in page
    assert "Last changed by" not in page
    assert "You go on with it; the history names who wrote what." in page


def test_the_first_save_of_another_is_a_taking_over_in_the_history(client, begun):
    ann, bob = begun
    client.force_login(bob)
    assert post_edit(client, f"{URL}edit/", background="By Bob").status_code == 302
    assert post_edit(client, f"{URL}edit/", background="By Bob again").status_code == 302
    client.force_login(ann)
    page = words(client.get(f"{URL}edit/"))
    assert "Begun by Ann on" in page
    assert "Last changed by Bob on" in page
    post_edit(client, f"{URL}edit/", background="By Ann again")
    terms = TermsOfReference.objects.get()
    events = type(terms).pgh_event_models["insert"].objects.order_by("pgh_id")
    assert [(e.pgh_context["user"], e.pgh_context["verb"], e.background) for e in events] == [
        (ann.pk, "create", "By Ann"), (bob.pk, "take_over", "By Bob"), (bob.pk, "change", "By Bob again"),
        (ann.pk, "change", "By Ann again"),
    ]  # fmt: skip
    history = words(client.get(reverse("audit:history", args=["termsofreference", terms.pk])))
    assert "Taken over and changed" in history
    assert "Bob" in history


def test_a_save_that_changes_nothing_takes_nothing_over(client, begun):
    client.force_login(begun[1])
    post_edit(client, f"{URL}edit/")
    assert begun_by_others(TermsOfReference.objects.get(), begun[1]).last.who == "Ann"


def test_results_that_another_has_begun_say_so_too(client):
    amber = builders.operation(participants=["BE"])
    ann, bob = delegate("BE", "editor", name="Ann"), delegate("BE", "editor", name="Bob")
    with acting(ann, "create"):
        Submission.objects.create(operation=amber, delegation=amber.participations.get().delegation)
    client.force_login(bob)
    assert "Begun by Ann on" in words(client.get("/jcos/amber-road/results/BE/controls/"))
