"""What delegations are being asked about: silence procedures on terms of reference, and on the adoption of plans.

What is asked names the action: its title, lead, participants and objectives. Until the outcome these stay as they are,
and a plan is not adopted over a question on its terms that is open.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from council.models import SilenceProcedure
from council.querysets_silence import RUNNING
from publishing.words import moment_words
from strategy_portal.workflow import Reason


def asked_about(actions: Iterable[Any]) -> dict[int, Reason]:
    """Why each of these actions is not changed now, by its identity; those that can be are left out (one query)."""
    terms = apps.get_model("actionplans.TermsOfReference")
    action = terms.objects.filter(pk=OuterRef("object_id")).values("action")
    procedures = _procedures(terms.objects.filter(action__in=actions, status="tabled"))
    return {row.action: why_the_action_stays(row) for row in procedures.annotate(action=Subquery(action))}


def why_the_action_stays(procedure: SilenceProcedure) -> Reason:
    """Why an action is not changed while this procedure on its terms runs, with the way to the procedure."""
    if procedure.has_run_out:
        return procedure.why_held()
    said = _(
        "Delegations are asked about its terms of reference until %(end)s: the action stays as it is until then, "
        "unless the procedure is withdrawn."
    )
    return Reason(said % {"end": moment_words(procedure.closes_at)}, procedure.get_absolute_url())


def rival_adoptions(plan: Any) -> list[str]:
    """Of each other plan that shares a day, where delegations are asked to adopt it: that only one can be adopted."""
    rivals = type(plan).objects.in_preparation().overlapping(plan.starts_on, plan.ends_on).exclude(pk=plan.pk)
    said = _(
        "Delegations are asked until %(end)s about the adoption of %(plan)s, whose period overlaps: only one of the "
        "two can be adopted."
    )
    return [
        said % {"end": moment_words(row.closes_at), "plan": row.about}
        for row in _procedures(rivals).filter(verb="adopt")
    ]


def _procedures(rows: QuerySet) -> QuerySet:
    """The procedures on any of these things that have no outcome yet."""
    content_type = ContentType.objects.get_for_model(rows.model)
    return SilenceProcedure.objects.filter(
        content_type=content_type, object_id__in=rows.values("pk"), status__in=RUNNING
    )
