"""Amendments of a plan: the list, one amendment with its changes, its forms and steps."""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.amendment_needs import at_work_too, faults_of, oddities
from actionplans.amendment_text import compared_versions, names_in, table_of
from actionplans.forms_amendments import AmendmentForm
from actionplans.models import Action, ActionPlan, Amendment, AmendmentChange, TermsOfReference
from actionplans.views.locked import LockableCreateView
from actionplans.views.missing import plan_of_the_address
from actionplans.views.terms_papers import terms_comparison_url
from council.record_card import record_of
from editing.views import EditView, StepView
from publishing.page import prose
from strategy_portal.missing import Missing
from strategy_portal.workflow import NotAllowed, Reason, within_sentence

DECISION = ("decision__meeting__body", "decision__silence__body")


def amendments_seen(user, number):
    """The amendments of a plan that a person sees."""
    return Amendment.objects.visible_to(user).filter(plan__number=number).select_related("plan", "delegation")


def amendment_of_the_address(user, number, amendment):
    """The amendment of the address; raises what says that there is none for this reader."""
    found = (
        amendments_seen(user, number)
        .select_related("plan__strategy", *DECISION)
        .annotate(record_row=record_of(Amendment, user))
        .filter(number=amendment)
        .first()
    )
    if found is None:
        plan = plan_of_the_address(user, number)
        why = _("%(plan)s has no amendment %(number)d that is shown to you.")
        raise Missing(
            why % {"plan": plan, "number": amendment}, (_("Its amendments"), list_url(number)),
            (str(plan), plan.get_absolute_url()),
        )  # fmt: skip
    return found


def list_url(number):
    """The address of the amendments of a plan."""
    return reverse("actionplans:amendment_list", args=[number])


@require_safe
def amendment_list(request, number):
    """The amendments of a plan, the newest first."""
    user, plan = request.user, plan_of_the_address(request.user, number)
    rows = amendments_seen(user, number).select_related(*DECISION).with_change_count(user).order_by("-number")
    return render(
        request,
        "actionplans/amendment_list.html",
        {
            "plan": plan,
            "amendments": rows,
            "may_add": user.has_perm("actionplans.add_amendment", plan),
            "why_locked": why_not_amended(plan),
        },
    )


def why_not_amended(plan):
    """Why no amendment of a plan can be begun now, or ""."""
    if plan.status == plan.Status.ADOPTED:
        return ""
    if plan.status in (plan.Status.DRAFT, plan.Status.TABLED):
        return _("The plan is not adopted yet: it is changed as a draft.")
    return _("%(plan)s is %(state)s; it is not amended.") % {"plan": plan, "state": plan.state_words}


@require_safe
def amendment_detail(request, number, amendment):
    """One amendment: why, what becomes of each action, before and after, and what stands against it."""
    user = request.user
    row = amendment_of_the_address(user, number, amendment)
    changes = list(AmendmentChange.objects.visible_to(user).filter(amendment=row).with_actions())
    for change in changes:
        change.amendment, change.action.plan = row, row.plan
    names, seen = names_in(changes), terms_seen(user, changes)
    row.lines = changes
    under_way = row.status in ("draft", "tabled", "decided")
    is_draft = row.status == Amendment.Status.DRAFT
    may_change = user.has_perm("actionplans.change_amendment", row)
    return render(
        request,
        "actionplans/amendment_detail.html",
        {
            "amendment": row,
            "plan": row.plan,
            "changes": [
                {
                    "change": change,
                    "table": prose([table_of(change, names)]),
                    "compared": comparison_url(change, seen),
                    "faults": faults_of(change, names) if under_way else [],
                    "may_change": is_draft and may_draft(user, change.action, row),
                }
                for change in changes
            ],
            "notes": oddities(row) if under_way and user.is_secretariat else [],
            "others": at_work_too(row, user) if under_way and not user.is_secretariat else [],
            "may_change": may_change,
            "choices": actions_to_change(user, row, changes) if is_draft else [],
            "why_locked": row.why_locked(),
        },
    )


def terms_seen(user, changes):
    """Action and version of the terms of reference that a person sees of what is written anew (one query, or none)."""
    actions = [change.action_id for change in changes if change.new_terms]
    rows = TermsOfReference.objects.visible_to(user).filter(action__in=actions) if actions else []
    return {(terms.action_id, terms.version) for terms in rows}


def comparison_url(change, seen):
    """Where the terms of reference after a change are compared with those before, or "" where that is not open."""
    both = compared_versions(change)
    if both is None or not {(change.action_id, version) for version in both} <= seen:
        return ""
    return terms_comparison_url(change.action, *both)


def may_draft(user, action, amendment):
    """Whether a person drafts what becomes of an action: the secretariat, editors of its lead or of who drafts it."""
    return user.has_perm("actionplans.amend_action", action) or (
        action.status == Action.Status.PROPOSED and user.has_perm("actionplans.change_amendment", amendment)
    )


def actions_to_change(user, amendment, changes):
    """The actions of the plan that a person may change in a draft and that it does not change yet."""
    actions = Action.objects.visible_to(user).unfinished().filter(plan=amendment.plan)
    actions = actions.exclude(changes__amendment=amendment).select_related("plan").order_by("number")
    return [action for action in actions if user.has_perm("actionplans.amend_action", action)]


class AmendmentOfTheAddress:
    """Finds the amendment that the address names."""

    def get_object(self):
        return amendment_of_the_address(self.request.user, self.kwargs["number"], self.kwargs["amendment"])

    def get_breadcrumb(self):
        return parents_of(self.object.plan, self.object)


def parents_of(plan, *amendments):
    """The pages above an amendment, and above what belongs to one."""
    return [
        (_("Plans"), reverse("actionplans:actionplan_list")),
        (str(plan), plan.get_absolute_url()),
        (_("Amendments"), list_url(plan.number)),
        *((str(one), one.get_absolute_url()) for one in amendments),
    ]


class AmendmentCreateView(LockableCreateView):
    """A new amendment; it takes the next number of the plan, and its changes are drafted on its page."""

    form_class = AmendmentForm
    submit_label = gettext_lazy("Begin the amendment")
    lead = gettext_lazy("Say why first. What is to be changed comes next, action by action.")

    def check_permission(self):
        self.plan = self.locked_thing = plan_of_the_address(self.request.user, self.kwargs["number"])
        if not self.request.user.has_perm("actionplans.add_amendment", self.plan):
            raise PermissionDenied

    def why_locked(self):
        return why_not_amended(self.plan)

    def get_title(self):
        return _("New amendment of %(plan)s") % {"plan": within_sentence(self.plan)}

    def prepare(self, form):
        form.instance.plan = self.plan
        if not self.request.user.is_secretariat:
            led = self.plan.actions.filter(lead__in=self.request.user.editor_of).order_by("number").first()
            form.instance.delegation_id = led.lead_id

    def save(self, form):
        plan = ActionPlan.objects.select_for_update().get(pk=self.plan.pk)
        if why := why_not_amended(plan):
            raise NotAllowed(Reason(why))
        form.instance.number = (plan.amendments.aggregate(last=Max("number"))["last"] or 0) + 1
        return form.save()

    def get_breadcrumb(self):
        return parents_of(self.plan)

    def get_cancel_url(self):
        return list_url(self.plan.number)


class AmendmentEditView(AmendmentOfTheAddress, EditView):
    """The reason, while it is a draft."""

    form_class = AmendmentForm
    submit_label = gettext_lazy("Save the reason")

    def get_title(self):
        return _("Edit %(amendment)s") % {"amendment": within_sentence(self.object)}

    def answer(self):
        hold(self.object.plan)
        return super().answer()


def hold(plan):
    """Hold the plan, as every step of its amendments does: what is drafted is not tabled meanwhile."""
    return ActionPlan.objects.select_for_update().get(pk=plan.pk)


class AmendmentStepView(AmendmentOfTheAddress, StepView):
    """The steps of an amendment."""

    consequences = {
        "table": gettext_lazy(
            "All delegations then see the amendment. It can be returned to draft until it is decided."
        ),
        "return_to_draft": gettext_lazy(
            "Only the secretariat, the Presidency and the leads of its actions then see the amendment."
        ),
        "apply": gettext_lazy(
            "The plan is changed as it was decided: all of it, or nothing. This cannot be undone."
        ),
        "withdraw": gettext_lazy(
            "The amendment is given up. This cannot be undone; its text and history stay."
        ),
    }
