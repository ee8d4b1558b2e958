"""Action plans: the list with the next adoption deadline, one plan with its actions, and its forms and steps."""

from collections import defaultdict
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.filters import ActionFilter
from actionplans.forms import PlanForm, next_plan
from actionplans.models import Action, ActionObjective, ActionPlan, TermsOfReference, Wording
from actionplans.preparation import IN_PREPARATION, checklist, next_adoption
from actionplans.progress import no_note_words, progress_of, reads_every_note
from actionplans.views.days import actionplan_list_on, actionplan_on
from actionplans.views.missing import plan_of_the_address
from actionplans.views.on_a_day import or_on_a_day
from actionplans.views.phases import with_phase
from editing.views import CreateOnceView, EditView, StepView
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import within_sentence


@require_safe
@or_on_a_day(actionplan_list_on)
def actionplan_list(request):
    """The plans that one sees, newest first, under the sentence on the next adoption."""
    today = brussels_today()
    plans = ActionPlan.objects.visible_to(request.user).with_predecessor().with_action_count(request.user)
    whole = set(ActionPlan.objects.seen_whole(request.user).values_list("pk", flat=True))
    rows = [(with_phase(plan, today), plan.pk in whole) for plan in plans]
    adoption = next_adoption(request.user)
    return render(
        request,
        "actionplans/actionplan_list.html",
        {
            "rows": rows,
            "headline": adoption.sentence(today) if adoption else "",
            "may_add": request.user.has_perm("actionplans.add_actionplan"),
        },
    )


@require_safe
@or_on_a_day(actionplan_on)
def actionplan_detail(request, number):
    """One plan. Who sees only some of its actions reads number, period and these."""
    whole = ActionPlan.objects.seen_whole(request.user).filter(number=number)
    plan = (
        whole.with_predecessor()
        .select_related(
            "strategy", "adoption__meeting__body", "adoption__silence__body", "adoption__document"
        )
        .first()
    )
    if plan is None:
        plan = plan_of_the_address(request.user, number)
        actions = list(_actions_seen(plan, request.user))
        tells_progress = add_progress(actions, request.user)
        context = {"plan": plan, "actions": actions, "tells_progress": tells_progress}
        return render(request, "actionplans/actionplan_part.html", context)
    filtered, everything, shown, aims, aim_of = narrowed(request, plan)
    context = {
        "plan": with_phase(plan, brussels_today()),
        "filter": filtered,
        "groups": _by_aim(shown, aims, aim_of, filtered.form),
        "count": len(shown),
        "tells_progress": add_progress(shown, request.user),
        "may_add": request.user.has_perm("actionplans.add_action", plan),
        "may_edit": request.user.has_perm("actionplans.change_actionplan", plan),
        "may_import": request.user.has_perm("actionplans.import_actionplan", plan),
        "why_locked": plan.why_locked(),
    }
    if plan.status in IN_PREPARATION:
        newest = {action.pk: action.seen_terms[0] for action in everything if action.seen_terms}
        context["tasks"] = checklist(plan, everything, newest)
    return render(request, "actionplans/actionplan_detail.html", context)


def add_progress(actions, user):
    """Give each action its `progress` and the words for what is missing; whether there is any to tell in the plan."""
    today, tells = brussels_today(), False
    for action in actions:
        action.progress = progress_of(action, today)
        if missing := action.progress.missing:
            action.no_note = no_note_words(missing.period, reads_every_note(user, action))
        tells = tells or any(action.progress)
    return tells


class Narrowed(NamedTuple):
    """The actions of a plan that a person sees, and those of them that the address asks for."""

    filter: ActionFilter
    everything: list[Action]
    shown: list[Action]
    aims: dict[str, tuple[str, list[int]]]
    aim_of: dict[int, str]


def narrowed(request, plan, *prefetched):
    """What the page of a plan shows, and a file of it; `prefetched` is what a reader of the rows needs besides."""
    actions = _actions_seen(plan, request.user).prefetch_related(*prefetched)
    aims, aim_of = _aims_of(plan)
    shown = everything = list(actions)
    leads = {action.lead.code: str(action.lead) for action in everything if action.lead}
    filtered = ActionFilter(
        request.GET,
        queryset=actions,
        aims={letter: ids for letter, (_text, ids) in aims.items()},
        leads=dict(sorted(leads.items(), key=lambda pair: pair[1])),
    )
    if filtered.form.changed_data:
        chosen = set(filtered.qs.values_list("pk", flat=True))
        shown = [action for action in everything if action.pk in chosen]
    return Narrowed(filtered, everything, shown, aims, aim_of)


def _actions_seen(plan, user):
    """The actions of a plan that a person sees, each with objectives, lead and the terms that they see."""
    terms = TermsOfReference.objects.visible_to(user).order_by("-version")
    served = ActionObjective.objects.select_related("objective").order_by("objective__order")
    return (
        Action.objects.visible_to(user)
        .filter(plan=plan)
        .select_related("lead", "plan")
        .with_readiness()
        .with_notes(user)
        .prefetch_related(
            Prefetch("served", queryset=served),
            Prefetch("terms", queryset=terms, to_attr="seen_terms"),
        )
        .order_by("number")
    )


def _aims_of(plan):
    """The aims of the plan's strategy in force: letter → (text, identities of its objectives), and the way back."""
    aims: dict[str, tuple[str, list[int]]] = {}
    aim_of: dict[int, str] = {}
    wordings = Wording.objects.filter(version__strategy=plan.strategy_id, version__status="in_force")
    for words in wordings.select_related("block__aim").order_by("order"):
        aim = words.block.aim
        aims.setdefault(aim.letter, (aim.text, []))[1].append(words.objective_id)
        aim_of[words.objective_id] = aim.letter
    return aims, aim_of


def _by_aim(actions, aims, aim_of, form):
    """Actions under the aim of the first objective that they serve, or under the aim that is filtered."""
    chosen = getattr(form, "cleaned_data", {}).get("aim")
    groups = defaultdict(list)
    for action in actions:
        letters = [aim_of[link.objective_id] for link in action.served.all() if link.objective_id in aim_of]
        groups[chosen or (letters[0] if letters else "")].append(action)
    ordered = [(letter, text, groups[letter]) for letter, (text, _ids) in aims.items() if groups[letter]]
    if groups[""]:
        ordered.append(("", _("Without an objective of the strategy in force"), groups[""]))
    return ordered


class ActionPlanCreateView(CreateOnceView):
    """A new plan: the next number and the 18 months after the latest plan are proposed."""

    form_class = PlanForm
    title = gettext_lazy("New plan")
    submit_label = gettext_lazy("Create the plan")

    def check_permission(self):
        if not self.request.user.has_perm("actionplans.add_actionplan"):
            raise PermissionDenied

    def get_initial(self):
        return next_plan()

    def get_lead(self):
        adoption = next_adoption(self.request.user)
        return adoption.sentence(brussels_today()) if adoption and adoption.successor is None else ""

    def get_breadcrumb(self):
        return [(_("Plans"), reverse("actionplans:actionplan_list"))]

    def get_cancel_url(self):
        return reverse("actionplans:actionplan_list")

    def succeed(self, url):
        tell_length(self.request, self.object)
        return super().succeed(url)


def tell_length(request, plan):
    """Say when a plan has another length than the strategy asks for."""
    if plan.length_warning:
        messages.warning(request, plan.length_warning)


class PlanOfTheAddress:
    """Finds the plan that the address names."""

    def get_object(self):
        return plan_of_the_address(self.request.user, self.kwargs["number"])

    def get_breadcrumb(self):
        return [
            (_("Plans"), reverse("actionplans:actionplan_list")),
            (str(self.object), self.object.get_absolute_url()),
        ]


class ActionPlanEditView(PlanOfTheAddress, EditView):
    """Number, title and period of a draft."""

    form_class = PlanForm
    submit_label = gettext_lazy("Save the plan")

    def get_title(self):
        return _("Edit %(plan)s") % {"plan": within_sentence(self.object)}

    def succeed(self, url):
        tell_length(self.request, self.object)
        return super().succeed(url)


class ActionPlanStepView(PlanOfTheAddress, StepView):
    """The steps of a plan."""

    consequences = {
        "table": gettext_lazy(
            "All delegations then see the plan and its actions. It can be returned to draft until it is adopted."
        ),
        "return_to_draft": gettext_lazy("Only the secretariat and the Presidency then see the plan."),
        "withdraw": gettext_lazy("The plan is given up. This cannot be undone; its text and history stay."),
    }
