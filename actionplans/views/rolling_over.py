"""From a plan to the next: unfinished actions are chosen, looked at as they would be, copied, and carried over."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from actionplans.forms_rolling_over import LEAVE, CarryOverForm, ChosenForm, RollOverForm
from actionplans.models import Action
from actionplans.querysets import UNFINISHED
from actionplans.rolling_over import (
    plans_to_fill,
    previewed,
    roll_over,
    unfinished,
    why_not_into,
    why_nothing_goes_on,
)
from actionplans.views.plans import PlanOfTheAddress
from council.models import Decision
from editing.pages import CONFLICT
from editing.views import ActView
from strategy_portal.workflow import NotAllowed, Reason, within_sentence


class RollOverView(PlanOfTheAddress, ActView):
    """Unfinished actions of a plan; those that are ticked are shown as copies, and copied when that is confirmed."""

    form_class = RollOverForm
    template_name = "actionplans/actionplan_roll_over.html"
    verb = "roll_over"

    def get_title(self):
        return _("Roll over unfinished actions of %(plan)s") % {"plan": within_sentence(self.object)}

    def get_lead(self):
        if self.object is None or why_nothing_goes_on(self.object):
            return ""
        if self.why_not_there:
            return ""
        if self.target is None:
            return _("There is no later plan in draft that could take them up.")
        return _(
            "What you choose is copied into %(target)s, with lead, participants, objectives and terms of reference."
            " %(plan)s stays as it is."
        ) % {"target": within_sentence(self.target), "plan": self.object}

    def get(self, request, **kwargs):
        self.begin()
        if why := why_nothing_goes_on(self.object):
            return self.page("editing/too_late.html", CONFLICT, why=why)
        return super().get(request, **kwargs)

    @cached_property
    def targets(self):
        return list(plans_to_fill(self.object))

    @property
    def asked_for(self):
        """The number of the plan that the form or the address names, as it was typed."""
        return (self.request.POST if self.request.method == "POST" else self.request.GET).get("to", "")

    @cached_property
    def target(self):
        """The plan that is asked for, or the nearest where none is; None where there is none that can take them up."""
        if not self.asked_for:
            return next(iter(self.targets), None)
        return next((plan for plan in self.targets if str(plan.number) == self.asked_for), None)

    @property
    def why_not_there(self):
        """Why the plan that is asked for cannot take them up, or ""."""
        return why_not_into(self.object, self.asked_for) if self.asked_for and self.target is None else ""

    @property
    def target_number(self):
        return self.target.number if self.target else None

    @cached_property
    def rows(self):
        return unfinished(self.object, self.target)

    @property
    def offered(self):
        """The actions that can be copied into the plan: those that go on nowhere yet."""
        return [one.action for one in self.rows if not one.goes_on]

    @cached_property
    def chosen_form(self):
        """The choice that the address makes; unbound where it makes none."""
        asked = self.request.GET if {"show", "action"} & self.request.GET.keys() else None
        return ChosenForm(
            asked, user=self.request.user, targets=self.targets, actions=self.offered,
            initial={"to": self.target_number},
            auto_id="chosen_%s",  # the form below has the same fields
        )  # fmt: skip

    @cached_property
    def previews(self):
        """What would become of the actions that the form or the address names."""
        if self.request.method == "POST":
            names = set(self.request.POST.getlist("action"))
            wanted = {action.pk for action in self.offered if str(action.pk) in names}
        elif self.chosen_form.is_bound and self.chosen_form.is_valid():
            wanted = set(self.chosen_form.cleaned_data["action"])
        else:
            wanted = set()
        chosen = [one for one in self.rows if one.action.pk in wanted]
        return previewed(chosen, self.target) if chosen and self.target else []

    def get_form_kwargs(self):
        return {
            "targets": self.targets,
            "actions": [one.action for one in self.rows],
            "has_withdrawn": any(preview.withdrawn for preview in self.previews),
            "initial": {
                "to": self.target_number,
                "action": [preview.one.action.pk for preview in self.previews],
                "withdrawn": LEAVE,
                "reason": _("Unfinished in %(plan)s.") % {"plan": within_sentence(self.object)},
            },
        }

    def get_context_data(self, **context):
        boxes = (
            {action.pk: f"chosen_action_{at}" for at, action in enumerate(self.offered)}
            if self.target
            else {}
        )
        return super().get_context_data(
            plan=self.object, target=self.target, targets=self.targets, offered=self.offered, chosen=self.chosen_form,
            why_not_there=self.why_not_there,
            rows=[(one, boxes.get(one.action.pk, "")) for one in self.rows],
            chosen_now={preview.one.action.pk for preview in self.previews}, previews=self.previews,
            to_record=[one for one in self.rows if one.goes_on and one.action.status in UNFINISHED], **context,
        )  # fmt: skip

    def form_page(self, form, formsets=None, status=200, **context):
        self.submit_label = ngettext(
            "Copy %(count)d action", "Copy %(count)d actions", len(self.previews)
        ) % {"count": len(self.previews)}
        return super().form_page(form, formsets, status, **context)

    def drafting(self, form, formsets):
        """No drafts: what is chosen stands in the address."""
        return {}

    def refused(self, error):
        """What was looked at before the refusal is looked at anew."""
        for name in ("targets", "target", "rows", "chosen_form", "previews"):
            self.__dict__.pop(name, None)
        return super().refused(error)

    def act(self, form):
        target = next(plan for plan in self.targets if plan.number == form.cleaned_data["to"])
        chosen = set(form.cleaned_data["action"])
        copies = roll_over(self.object, target, chosen, keeps_withdrawn=form.keeps_withdrawn)
        self.success_message = ngettext(
            "%(count)d action is copied into %(plan)s, its terms of reference as a draft.",
            "%(count)d actions are copied into %(plan)s, their terms of reference as drafts.",
            len(copies),
        ) % {"count": len(copies), "plan": within_sentence(target)}
        return f"{self.request.path}?to={target.number}"


class CarryOverView(PlanOfTheAddress, ActView):
    """The decision that actions are carried over, recorded for several at once."""

    form_class = CarryOverForm
    verb = "carry_over"
    submit_label = gettext_lazy("Record the decision")
    lead = gettext_lazy("Each of the actions gets the decision of its own that it is carried over.")

    def permission(self):
        return "actionplans.carry_over_action"

    def get_title(self):
        return _("Carry over actions of %(plan)s") % {"plan": within_sentence(self.object)}

    def get_breadcrumb(self):
        return [*super().get_breadcrumb(), (_("Roll over unfinished actions"), self.get_cancel_url())]

    def get_cancel_url(self):
        return reverse("actionplans:actionplan_roll_over", args=[self.object.number])

    @cached_property
    def actions(self):
        """The unfinished actions that go on in a later plan."""
        living = Action.objects.going_on().filter(continues__plan=self.object).values("continues")
        rows = Action.objects.unfinished().filter(plan=self.object, pk__in=living).select_related("plan")
        return self.object.arranged(rows)

    def get(self, request, **kwargs):
        self.begin()
        if not self.actions:
            why = _("No unfinished action of %(plan)s goes on in a later plan.")
            return self.page(
                "editing/too_late.html", CONFLICT, why=why % {"plan": within_sentence(self.object)}
            )
        return super().get(request, **kwargs)

    def get_form_kwargs(self):
        return {
            "actions": self.actions,
            "step": Action.STEPS["carry_over"],
            "here_since": self.object.adopted_on,
            "initial": {"actions": [action.pk for action in self.actions]},
        }

    def act(self, form):
        meeting, document = form.meeting_row(), form.document_row()
        chosen = [action for action in self.actions if action.pk in form.cleaned_data["actions"]]
        for action in chosen:
            try:
                Decision.objects.record(
                    action, "carry_over", meeting=meeting, document=document, text=form.cleaned_data["text"],
                    by=self.request.user,
                )  # fmt: skip
            except NotAllowed as error:
                raise NotAllowed(
                    *(Reason(f"{action}: {reason.text}", reason.url) for reason in error.reasons)
                ) from error
        self.success_message = ngettext(
            "The decision is recorded: %(count)d action is carried over.",
            "The decisions are recorded: %(count)d actions are carried over.",
            len(chosen),
        ) % {"count": len(chosen)}
        return self.get_cancel_url()
