"""Arranging the actions of a draft plan: buttons put one action before another, and so does dragging it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.models import ActionPlan
from actionplans.views.plans import PlanOfTheAddress
from editing.forms import PortalForm
from editing.pages import CONFLICT
from editing.views import ActView
from strategy_portal.workflow import NotAllowed, within_sentence


class PutForm(PortalForm):
    """Which action is put before which: "3-1", or "3-" for the end; numbers are those within the plan."""

    put = forms.RegexField(
        r"^[1-9][0-9]{0,4}-(?:[1-9][0-9]{0,4})?\Z", required=False, widget=forms.HiddenInput
    )

    def clean(self):
        cleaned = super().clean()
        if put := cleaned.get("put"):
            action, before = put.split("-")
            cleaned["action"], cleaned["before"] = int(action), int(before) if before else None
        else:
            self.errors.pop("put", None)
            self.add_error(None, _("Press one of the buttons beside an action to move it."))
        return cleaned


class ActionPlanOrderView(PlanOfTheAddress, ActView):
    """The order of a draft plan's actions; their numbers stay what they are."""

    form_class = PutForm
    template_name = "actionplans/actionplan_order.html"
    verb = "reorder"
    lead = gettext_lazy("The numbers of the actions stay what they are.")

    def get_title(self):
        return _("Arrange the actions of %(plan)s") % {"plan": within_sentence(self.object)}

    def get(self, request, **kwargs):
        self.begin()
        if why := self.object.why_locked():
            return self.page("editing/too_late.html", CONFLICT, why=why)
        return super().get(request, **kwargs)

    def form_page(self, form, formsets=None, status=200, **context):
        actions = self.object.arranged(self.object.actions.select_related("lead", "plan"))
        return super().form_page(form, formsets, status, lines=lines_of(actions), **context)

    def act(self, form):
        plan = ActionPlan.objects.select_for_update().get(pk=self.object.pk)
        if why := plan.why_locked():
            raise NotAllowed(why)
        action, before = form.cleaned_data["action"], form.cleaned_data["before"]
        order = [one.number for one in plan.arranged(plan.actions.only("number"))]
        if not {action, before} - {None} <= set(order):
            raise NotAllowed(_("The plan has changed since you opened this page. Below is its order now."))
        moved = put_before(order, action, before)
        if moved != order:
            plan.action_order = moved
            plan.save(update_fields=["action_order"])
        self.success_message = _("Action %(number)s is now number %(place)d of %(count)d in the order.") % {
            "number": f"{plan.number}.{action}", "place": moved.index(action) + 1, "count": len(moved),
        }  # fmt: skip
        return f"{self.request.path}#{button_after(order.index(action), moved.index(action), len(moved))}-{action}"


def button_after(was, place, count):
    """Which button takes the focus after a move: the one that was pressed, unless it can no longer be."""
    if place == 0 or (place > was and place < count - 1):
        return "down"
    return "up"


def put_before(order, action, before):
    """The order with one action put before another, or at the end."""
    if action == before:
        return order
    others = [number for number in order if number != action]
    at = len(others) if before is None else others.index(before)
    return [*others[:at], action, *others[at:]]


def lines_of(actions):
    """Each action with what its buttons post: up puts it before the one above, down after the one below."""
    numbers = [action.number for action in actions]
    found = []
    for at, action in enumerate(actions):
        is_last = at + 1 == len(numbers)
        after_next = numbers[at + 2] if at + 2 < len(numbers) else ""
        buttons = [
            ("up", f"{action.number}-{numbers[at - 1]}" if at else "", _("Up")),
            ("down", "" if is_last else f"{action.number}-{after_next}", _("Down")),
        ]
        found.append({"action": action, "buttons": buttons})
    return found
