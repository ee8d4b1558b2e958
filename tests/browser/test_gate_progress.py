"""The gate for the dashboard, its figures and rows, and the history of records."""

import pytest
from django.urls import reverse

from accounts.tests.factories import secretariat
from actionplans.models import ActionPlan, TermsOfReference
from reports.figures import FIGURES
from reports.tests.factories import a_world
from strategy_portal.tests.scene import readers
from strategy_portal.workflow import acting
from tests.browser.gate import gate

# Each state of a page: every run walks a page of every kind (`test_gate`), the long one walks these, too.
pytestmark = pytest.mark.long


@pytest.fixture
def world(people):
    return a_world()


@pytest.mark.parametrize(
    "role", readers("secretariat", "committee", "submitter", "third_party", "administrator")
)
def test_the_dashboard_passes(role, page_as, world, live_server):
    gate(page_as(role), live_server.url + reverse("reports:progress"))


def test_the_dashboard_passes_empty(page_as, people, live_server):
    gate(page_as("committee"), live_server.url + reverse("reports:progress"))


def test_the_dashboard_passes_filtered_and_with_a_bad_choice(page_as, world, live_server):
    page = page_as("secretariat")
    address = live_server.url + reverse("reports:progress")
    gate(page, f"{address}?operation={world.slug}&plan=6", f"{address}?plan=99")


def test_each_figure_and_its_rows_pass(page_as, world, live_server):
    names = ("reports:figure", "reports:figure_rows")
    gate(
        page_as("secretariat"),
        *[live_server.url + reverse(n, args=[slug]) for slug in FIGURES for n in names],
    )


def test_a_history_with_long_texts_and_parts_passes(page_as, world, live_server):
    clerk = secretariat(name="Anna Kowalska")
    action = ActionPlan.objects.get(number=7).actions.get(number=1)
    terms = TermsOfReference.objects.create(
        action=action, main_goals="To find " + "many " * 30 + "cigarettes"
    )
    with acting(clerk, "change", "As agreed at the meeting"):
        TermsOfReference.objects.filter(pk=terms.pk).update(main_goals="To find " + "many " * 30 + "drugs")
    page = page_as("secretariat")
    for row in (terms, action, world, world.submissions.get(delegation__code="BE")):
        gate(page, live_server.url + reverse("audit:history", args=[row._meta.model_name, row.pk]))
