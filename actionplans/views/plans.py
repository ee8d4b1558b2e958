"""Action plans: the list with the next adoption deadline, one plan with its actions, and its forms and steps."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.amended import amended
from actionplans.filters import ActionFilter
from actionplans.forms import PlanForm, next_plan
from actionplans.grouping import by_aim, by_lead, by_status
from actionplans.held_objectives import EARLIER, lack_of
from actionplans.models import Action, ActionObjective, ActionPlan, TermsOfReference, Wording
from actionplans.preparation import checklist, document_task, next_adoption, standing
from actionplans.progress import no_note_words, progress_of
from actionplans.querysets import ADOPTED, IN_PREPARATION, UNFINISHED
from actionplans.querysets_amendments import amendments_shown
from actionplans.timeline import milestone_days, timeline_of
from actionplans.views.days import actionplan_list_on, actionplan_on
from actionplans.views.missing import plan_of_the_address
from actionplans.views.on_a_day import or_on_a_day
from actionplans.views.phases import with_phase
from council.models import SilenceProcedure
from council.record_card import record_of
from editing.pages import CONFLICT
from editing.views import CreateOnceView, EditView, StepView
from publishing.spreadsheets import CSV, XLSX
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import within_sentence

TASKS_SHOWN = 7  # on the card beside the actions; the checklist has them all


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
        .with_successor()
        .with_overlapped()
        .annotate(
            amendments_row=amendments_shown(request.user), record_row=record_of(ActionPlan, request.user)
        )
        .select_related(
            "strategy", "adoption__meeting__body", "adoption__silence__body", "adoption__document"
        )
        .first()
    )
    if plan is None:
        plan = plan_of_the_address(request.user, number)
        actions = list(_actions_seen(plan, request.user))
        tells_progress = add_progress(actions)
        context = {"plan": plan, "actions": actions, "tells_progress": tells_progress}
        return render(request, "actionplans/actionplan_part.html", context)
    today = brussels_today()
    found = narrowed(request, plan)
    context = {
        "plan": with_phase(plan, today),
        "filter": found.filter,
        "groups": _grouped(found),
        "earlier": [action for action in found.everything if lack_of(action) == EARLIER],
        "count": len(found.shown),
        "timeline": timeline_of(plan, found.shown, today, **_timeline_files(request, plan))
        if found.shown
        else None,
        "may_roll_over": request.user.has_perm("actionplans.roll_over_actionplan", plan),
        "has_unfinished": any(action.status in UNFINISHED for action in found.everything),
        "may_reorder": request.user.has_perm("actionplans.reorder_actionplan", plan),
        "tells_progress": add_progress(found.shown),
        "may_add": request.user.has_perm("actionplans.add_action", plan),
        "may_edit": request.user.has_perm("actionplans.change_actionplan", plan),
        "may_import": request.user.has_perm("actionplans.import_actionplan", plan),
        "why_locked": plan.why_locked(),
        "amended": amended(plan, plan.amendments_row),
        "is_adopted": plan.status in ADOPTED,
    }
    if plan.status in IN_PREPARATION:
        mends = request.user.has_perm("actionplans.adopt_actionplan", plan)
        tasks = checklist(plan, found.everything, today).open_for(mends)
        context |= {
            "standing": standing(plan, found.everything, today),
            "tasks": tasks[:TASKS_SHOWN],
            "more_tasks": len(tasks[TASKS_SHOWN:]),
            "may_adopt": mends,
        }
    return render(request, "actionplans/actionplan_detail.html", context)


def _timeline_files(request, plan):
    """The addresses of the timeline's table as a file, narrowed as the page is."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return {
        f"{suffix}_url": reverse("actionplans:actionplan_timeline", args=[plan.number, suffix]) + query
        for suffix in (CSV, XLSX)
    }


def add_progress(actions):
    """Give each action its `progress` and the words for what is missing; whether there is any to tell in the plan."""
    today, tells = brussels_today(), False
    for action in actions:
        action.progress = progress_of(action, today)
        if missing := action.progress.missing:
            action.no_note = no_note_words(missing.period, action.reads_every_note)
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
    shown = everything = plan.arranged(actions)
    leads = {action.lead.code: str(action.lead) for action in everything if action.lead}
    filtered = ActionFilter(
        request.GET,
        queryset=actions,
        aims={letter: ids for letter, (_text, ids) in aims.items()},
        leads=dict(sorted(leads.items(), key=lambda pair: pair[1])),
    )
    if filtered.is_narrowing:
        chosen = set(filtered.qs.values_list("pk", flat=True))
        shown = [action for action in everything if action.pk in chosen]
    if filtered.chosen("order") == "number":
        shown = sorted(shown, key=lambda action: action.number)
    return Narrowed(filtered, everything, shown, aims, aim_of)


def _actions_seen(plan, user):
    """The actions of a plan that a person sees, each with objectives, lead and the terms that they see."""
    terms = (
        TermsOfReference.objects.visible_to(user).annotate(milestone_days=milestone_days()).by_what_counts()
    )
    served = ActionObjective.objects.select_related("objective__strategy").order_by("objective__order")
    return (
        Action.objects.visible_to(user)
        .in_their_plans()
        .filter(plan=plan)
        .select_related("lead", "plan")
        .with_readiness()
        .with_held_objectives()
        .with_notes(user)
        .prefetch_related(
            Prefetch("served", queryset=served),
            Prefetch("terms", queryset=terms, to_attr="seen_terms"),
        )
        .order_by("number")
    )


@require_safe
def actionplan_adopt(request, number):
    """The checklist before the adoption: each thing that is needed or to be looked at, with its state and a link."""
    if not request.user.has_perm("actionplans.adopt_actionplan", plan_of_the_address(request.user, number)):
        raise PermissionDenied
    plans = ActionPlan.objects.with_predecessor().with_overlapped()
    plan = plans.annotate(record_row=record_of(ActionPlan, request.user)).get(number=number)
    page = {"title": _("Before the adoption of %(plan)s") % {"plan": within_sentence(plan)}, "object": plan}
    page["breadcrumb_parents"] = parents_of(plan)
    if plan.status not in IN_PREPARATION:
        why = _("%(plan)s is %(state)s: nothing is left to be done for its adoption.")
        page |= {
            "why": why % {"plan": plan, "state": plan.state_words},
            "cancel_url": plan.get_absolute_url(),
        }
        return render(request, "editing/too_late.html", page, status=CONFLICT)
    today, actions = brussels_today(), plan.arranged(_actions_seen(plan, request.user))
    tasks = checklist(plan, actions, today)
    procedure = SilenceProcedure.objects.running().about(plan).select_related("document").first()
    page |= {
        "plan": plan,
        "page_lead": standing(plan, actions, today),
        "needed": [*tasks.needed, document_task(plan, procedure)],
        "pointed_out": tasks.pointed_out,
    }
    return render(request, "actionplans/actionplan_adopt.html", page)


def parents_of(plan):
    """The pages above those about a plan."""
    return [(_("Plans"), reverse("actionplans:actionplan_list")), (str(plan), plan.get_absolute_url())]


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


def _grouped(found):
    """The actions that are shown, under the headings that the address asks for."""
    by = found.filter.chosen("group")
    if by == "lead":
        return by_lead(found.shown)
    if by == "status":
        return by_status(found.shown)
    return by_aim(found.shown, found.aims, found.aim_of, found.filter.chosen("aim"))


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
        tell_period(self.request, self.object)
        return super().succeed(url)


def tell_period(request, plan):
    """Say what is odd about the period of a plan: its length, or days without a plan before it."""
    for warning in plan.period_warnings:
        messages.warning(request, warning)


class PlanOfTheAddress:
    """Finds the plan that the address names."""

    def get_object(self):
        return plan_of_the_address(self.request.user, self.kwargs["number"])

    def get_breadcrumb(self):
        return parents_of(self.object)


class ActionPlanEditView(PlanOfTheAddress, EditView):
    """Number, title and period of a draft."""

    form_class = PlanForm
    submit_label = gettext_lazy("Save the plan")

    def get_title(self):
        return _("Edit %(plan)s") % {"plan": within_sentence(self.object)}

    def succeed(self, url):
        tell_period(self.request, self.object)
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
