"""What has changed in a plan since its adoption, on the page and as files."""

import logging

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from actionplans.models import ActionPlan
from actionplans.querysets import ADOPTED
from actionplans.since_adoption import changes_since_adoption, document_of
from actionplans.views.missing import plan_of_the_address
from actionplans.views.terms_papers import terms_comparison_url
from publishing.downloads import PDF, WORD, download
from publishing.page import prose
from publishing.pdf import pdf
from publishing.word import word
from strategy_portal.dates import now
from strategy_portal.missing import Missing

log = logging.getLogger("portal.exports")
FORMATS = {"pdf": (pdf, PDF), "docx": (word, WORD)}


def _changes(request, number):
    """What the reader sees of it; a plan that is not adopted has none."""
    plan = (
        ActionPlan.objects.visible_to(request.user).filter(number=number).select_related("strategy").first()
    )
    if plan is None:
        plan = plan_of_the_address(request.user, number)
    if plan.status not in ADOPTED:
        raise Missing(
            _("%(plan)s is not adopted: nothing can have changed since.") % {"plan": plan},
            (str(plan), plan.get_absolute_url()),
        )
    return changes_since_adoption(plan, request.user)


@require_safe
def plan_changes(request, number):
    """Each changed action as adopted and now, with reasons, amendments and decisions."""
    changes = _changes(request, number)
    plan = changes.plan
    context = {
        "plan": plan,
        "changes": changes,
        "actions": [(one, prose([changes.table_of(one)]), comparison_url(one)) for one in changes.actions],
        "as_adopted": f"{plan.get_absolute_url()}?on={plan.adopted_on.isoformat()}",
        "files": {
            name: reverse("actionplans:plan_changes_file", args=[plan.number, ending])
            for name, ending in (("pdf", "pdf"), ("word", "docx"))
        },
    }
    return render(request, "actionplans/plan_changes.html", context)


def comparison_url(changed):
    """Where the terms of reference as adopted are compared with those of now, or ""."""
    versions = changed.terms_versions
    return terms_comparison_url(changed.action, *versions) if versions else ""


@require_safe
def plan_changes_file(request, number, ending):
    """The same as Word or PDF/UA."""
    changes = _changes(request, number)
    if ending not in FORMATS:
        raise Http404("no such kind of file")
    write, content_type = FORMATS[ending]
    name = f"plan-{number}-changes.{ending}"
    log.info("export", extra={"figure": name})
    return download(write(document_of(changes, now())), name, content_type)
