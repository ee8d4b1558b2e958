"""Actions of a plan: one page with everything about an action, and its forms and steps."""

from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, F, Max, OuterRef, Prefetch, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.amended import amended
from actionplans.consulted import why_the_action_stays
from actionplans.due_lines import milestones_shown, still_owed
from actionplans.filters import NewActionParameters
from actionplans.forms import ActionForm, DeletionForm
from actionplans.last_words import named_withdrawn, words_served
from actionplans.models import (
    Action,
    ActionObjective,
    ActionParticipant,
    ActionPlan,
    TermsOfReference,
)
from actionplans.progress import no_note_words, notes_of, progress_of
from actionplans.querysets import UNFINISHED
from actionplans.querysets_amendments import changes_shown
from actionplans.terms_text import milestones_of
from actionplans.views.days import action_on
from actionplans.views.locked import LockableCreateView
from actionplans.views.missing import action_of_the_address, plan_of_the_address
from actionplans.views.on_a_day import or_on_a_day
from council.record_card import procedure_on, record_of
from editing import once
from editing.drafting import SAFE
from editing.pages import CONFLICT
from editing.views import ActView, EditView, StepView
from publishing.page import prose
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed, Reason, within_sentence


class LastUpdate(NamedTuple):
    """When an action last changed, by the portal's clock, and who changed it ("" when unknown)."""

    at: datetime
    who: str


def last_update(action) -> LastUpdate | None:
    """The last change of an action's own fields, the objectives it serves or who takes part (from its history)."""
    events = [
        Action.pgh_event_models["insert"].objects.filter(pgh_obj=action.pk),
        ActionObjective.pgh_event_models["insert"].objects.filter(action=action.pk),
        ActionParticipant.pgh_event_models["insert"].objects.filter(action=action.pk),
    ]
    order = (F("pgh_created_at").desc(), F("portal_at").desc(nulls_last=True))
    names = get_user_model().objects.filter(pk=Cast(OuterRef("by"), BigIntegerField())).values("name")
    newest = [
        rows.annotate(portal_at=KT("pgh_context__at"), by=KT("pgh_context__user"), who=Subquery(names[:1]))
        .order_by(*order)
        .values("pgh_created_at", "portal_at", "who")[:1]
        for rows in events
    ]
    event = newest[0].union(*newest[1:], all=True).order_by(*order).first()
    if event is None:
        return None
    at = datetime.fromisoformat(event["portal_at"]) if event["portal_at"] else event["pgh_created_at"]
    return LastUpdate(at, event["who"] or "")


@require_safe
@or_on_a_day(action_on)
def action_detail(request, number, action):
    """Objectives, lead, participants, terms, period, state, last update and by whom, on one page."""
    parts = ActionParticipant.objects.select_related("delegation").order_by(
        "role", "delegation__protocol_order"
    )
    actions = (
        actions_of(request.user, number)
        .select_related("plan", "lead", "ending__meeting__body", "ending__silence__body", "continues__plan")
        .with_readiness()
        .annotate(record_row=record_of(Action, request.user), changes_row=changes_shown(request.user))
        .with_notes(request.user)
        .prefetch_related(Prefetch("parts", queryset=parts))
    )
    row = action_of_the_address(request.user, actions, number, action)
    seen = TermsOfReference.objects.visible_to(request.user).filter(action=row).by_what_counts()
    terms = list(seen.annotate(record_row=record_of(TermsOfReference, request.user)))
    for version in terms:
        version.action = row
    asked = filter(None, map(procedure_on, terms))
    row.asked_about = next(map(why_the_action_stays, asked), "")
    why_locked = row.why_locked()
    may_delete = request.user.has_perm("actionplans.delete_action", row)
    continued_by = row.continued_by.going_on().visible_to(request.user).select_related("plan")
    return render(
        request,
        "actionplans/action_detail.html",
        {
            "action": row,
            "plan": row.plan,
            "wordings": [(words, named_withdrawn(words)) for words in words_served(row)],
            "co_leads": [part.delegation for part in row.parts.all() if part.role == "co_lead"],
            "participants": [part.delegation for part in row.parts.all() if part.role == "participant"],
            "terms": terms[0] if terms else None,
            "newer": next((one for one in terms[1:] if one.version > terms[0].version), None),
            **milestones_of_page(row, terms[0] if terms else None),
            "lead_warning": row.lead_warning(),
            "progress": progress_shown(request.user, row),
            "terms_url": reverse("actionplans:terms_detail", args=[number, action]),
            "last_update": last_update(row),
            "continued_by": continued_by,
            "may_edit": request.user.has_perm("actionplans.change_action", row),
            "may_delete": may_delete,
            "may_write_terms": request.user.has_perm("actionplans.add_terms", row)
            and row.status == "proposed",
            "why_locked": why_locked,
            "amended": amended(row.plan, row.changes_row),
            "may_amend": row.status in UNFINISHED
            and row.plan.status == ActionPlan.Status.ADOPTED
            and request.user.has_perm("actionplans.amend_action", row),
            "why_kept": (why_locked or why_kept(row, {version.status for version in terms}))
            if may_delete and row.status == "proposed"
            else "",
        },
    )


def progress_shown(user, action):
    """What is stated and confirmed of an adopted action, the period without a note, and what the reader may write."""
    today = brussels_today()
    notes = notes_of(action, today)
    if not notes:
        return None
    progress, address = progress_of(action, today), [action.plan.number, action.number]
    open_note = next((note for note in notes if not note.is_handed_in), None)
    write_url = ""
    if open_note and user.has_perm("actionplans.add_progressnote", action):
        name = "edit" if open_note.status else "create"
        write_url = reverse(f"actionplans:progressnote_{name}", args=[*address, open_note.period.ends_on])
    missing = progress.missing
    return {
        **progress._asdict(),
        "none": no_note_words(missing.period, action.reads_every_note) if missing else "",
        "list_url": reverse("actionplans:progressnote_list", args=address),
        "open": open_note,
        "write_url": write_url,
    }


def milestones_of_page(action, terms):
    """The milestones of a version: their days once they count, before as a part of its text. One query."""
    if terms is None:
        return {}
    if terms.status == "agreed" and action.status != "proposed":
        return {"milestones": milestones_shown(action, brussels_today())}
    return {"lines": [(part.name, part.title, prose(part.blocks)) for part in milestones_of(terms)]}


def actions_of(user, number):
    """The actions of a plan that a person sees."""
    return Action.objects.visible_to(user).filter(plan__number=number)


class ActionOfTheAddress:
    """Finds the action that the address names."""

    def get_object(self):
        user, number = self.request.user, self.kwargs["number"]
        actions = actions_of(user, number).select_related("plan")
        return action_of_the_address(user, actions, number, self.kwargs["action"])

    def get_breadcrumb(self):
        plan = self.object.plan
        return [
            (_("Plans"), reverse("actionplans:actionplan_list")),
            (str(plan), plan.get_absolute_url()),
            (str(self.object), self.object.get_absolute_url()),
        ]

    def lock_plan(self):
        """Hold the plan, always before the action, so that it is neither tabled nor adopted while this is saved."""
        return ActionPlan.objects.select_for_update().get(pk=self.object.plan_id)


class WarnedMixin:
    """After saving, says what is odd about the lead."""

    def succeed(self, url):
        answer = super().succeed(url)
        if warning := self.object.lead_warning():
            messages.warning(self.request, warning)
        return answer


class ActionCreateView(WarnedMixin, LockableCreateView):
    """A new action of a draft plan; it takes the next running number."""

    form_class = ActionForm
    template_name = "actionplans/action_form.html"
    title = gettext_lazy("New action")
    submit_label = gettext_lazy("Add the action")

    def check_permission(self):
        self.plan = self.locked_thing = plan_of_the_address(self.request.user, self.kwargs["number"])
        if not self.request.user.has_perm("actionplans.add_action", self.plan):
            raise PermissionDenied

    def why_locked(self):
        return self.plan.why_locked()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "plan": self.plan}

    def get_initial(self):
        return {"objectives": [self.asked_for.pk]} if self.asked_for else {}

    @cached_property
    def asked_for(self):
        """The objective that the address names, which is then ticked; None without one that is in force."""
        asked = NewActionParameters(self.request.GET, user=self.request.user, plan=self.plan)
        if asked.is_valid():
            return asked.cleaned_data["objective"]
        if self.request.method in SAFE:
            for error in asked.errors["objective"]:
                messages.warning(self.request, error)
        return None

    def prepare(self, form):
        form.instance.plan = self.plan

    def save(self, form):
        plan = ActionPlan.objects.select_for_update().get(pk=self.plan.pk)
        if why := plan.why_locked():
            raise NotAllowed(why)
        form.instance.number = (plan.actions.aggregate(last=Max("number"))["last"] or 0) + 1
        return form.save()

    def get_breadcrumb(self):
        return [
            (_("Plans"), reverse("actionplans:actionplan_list")),
            (str(self.plan), self.plan.get_absolute_url()),
        ]

    def get_cancel_url(self):
        return self.plan.get_absolute_url()


class ActionEditView(WarnedMixin, ActionOfTheAddress, EditView):
    """The fields of a proposed action."""

    form_class = ActionForm
    template_name = "actionplans/action_form.html"
    submit_label = gettext_lazy("Save the action")

    def get_title(self):
        return _("Edit %(action)s") % {"action": within_sentence(self.object)}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "plan": self.object.plan}

    def answer(self):
        """Save, with plan, action and terms held: no question about them is opened between the look and the save."""
        self.lock_plan()
        list(Action.objects.select_for_update(of=("self",)).filter(pk=self.object.pk))
        list(self.object.terms.select_for_update(of=("self",)).order_by("pk"))
        return super().answer()


def why_kept(action, states=None) -> str | Reason:
    """Why an action that is not locked cannot be deleted, or "": nothing adopted or agreed is deleted.

    `states` are those of all versions of its terms of reference, where they are known already.
    """
    states = set(action.terms.values_list("status", flat=True)) if states is None else states
    if "tabled" in states:
        return _("Its terms of reference are tabled. Return them to draft first.")
    if states - {"draft"}:
        return _("The working party has agreed its terms of reference; what is agreed is not deleted.")
    if action.continued_by.exists():
        return _("Another action continues it.")
    return ""


def cut_off_by(action) -> str:
    """That an earlier action was carried over to this one and would go on nowhere without it, or ""."""
    if not action.continues_id or not action.continues.goes_on_only_in(action):
        return ""
    said = _(
        "%(earlier)s was carried over to it by a decision. Without it nothing continues that action, until it is "
        "rolled over again."
    )
    return said % {"earlier": action.continues}


class ActionDeleteView(ActionOfTheAddress, ActView):
    """Takes a proposed action out of a draft plan, with the draft of its terms; its history stays."""

    form_class = DeletionForm
    template_name = "actionplans/action_delete.html"
    verb = "delete"
    submit_label = gettext_lazy("Delete the action")

    def begin(self):
        try:
            super().begin()
        except Http404:
            if self.request.method != "POST" or once.earlier(self.request) is None:
                raise

    def get(self, request, **kwargs):
        self.begin()
        if why := self.object.why_locked() or why_kept(self.object):
            return self.page("editing/too_late.html", CONFLICT, why=why)
        return super().get(request, **kwargs)

    def get_title(self):
        return _("Delete %(action)s") % {"action": within_sentence(self.object) if self.object else ""}

    def get_breadcrumb(self):
        return super().get_breadcrumb() if self.object else []

    def get_context_data(self, **context):
        return super().get_context_data(cut_off=cut_off_by(self.object) if self.object else "", **context)

    def act(self, form):
        plan = self.lock_plan()
        action = Action.objects.select_for_update(of=("self",)).select_related("plan").get(pk=self.object.pk)
        if why := action.why_locked() or why_kept(action):
            raise NotAllowed(why)
        self.success_message = _("%(action)s is deleted.") % {"action": action}
        action.take_out()
        self.object = plan
        return plan.get_absolute_url()


class ActionStepView(ActionOfTheAddress, StepView):
    """The steps of an action."""

    consequences = {
        "start": gettext_lazy("Work has begun."),
        "complete": gettext_lazy("The action has reached its goals. It can be reopened with a reason."),
        "complete_partly": gettext_lazy(
            "The action ends with a part of its goals reached. Say what was reached and what was not."
        ),
        "reopen": gettext_lazy("The action is in progress again."),
    }

    def get_doubt(self):
        """What the lead still owes is named before it ends its action: afterwards nobody is reminded of it."""
        if self.verb not in ("complete", "complete_partly") or self.object.why_not(self.verb):
            return ""
        said = still_owed(self.object, brussels_today())
        if said:
            said.append(
                _("Once the action has ended it is owed no longer. Is the action to end all the same?")
            )
        return " ".join(said)
