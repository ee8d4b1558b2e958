"""Forms of operations and of who takes part in them."""

from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Delegation
from actionplans.models import Action
from editing.forms import PortalForm, PortalModelForm
from jcos.models import Operation, Participation
from strategy_portal.dates import brussels_today
from strategy_portal.fields import DayField

ENDED = ["discontinued", "carried_over"]


def by_kind(delegations):
    """Delegations as choices in the groups of the protocol. A former Member State stands among the third countries."""
    today = brussels_today()
    groups = {
        "MS": _("Member States"),
        "COM": _("Commission services"),
        "AGENCY": _("Agencies"),
        "INT": _("International organisations"),
        "THIRD": _("Third countries"),
    }
    found = {kind: [] for kind in groups}
    for delegation in delegations:
        is_former = delegation.kind == "MS" and not delegation.sits_on(today)
        label = f"{delegation.name} ({delegation.code})"
        found["THIRD" if is_former else delegation.kind].append((delegation.pk, label))
    return [(groups[kind], choices) for kind, choices in found.items() if choices]


def selectable_delegations():
    """Whoever can take part, in protocol order: taking part does not depend on being a member."""
    return Delegation.objects.order_by("protocol_order", "code")


class OperationForm(PortalModelForm):
    """An operation's own facts, the actions it serves and who leads it."""

    lead = forms.ModelChoiceField(
        Delegation.objects.none(),
        label=_("Lead"),
        required=False,
        help_text=_("Invited like every participant; confirms on the operation's page."),
    )
    co_leads = forms.ModelMultipleChoiceField(
        Delegation.objects.none(), label=_("Co-leads"), required=False, widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label=_("Operational phase begins on"), required=False)
    ends_on = DayField(label=_("Operational phase ends on"), required=False)

    class Meta:
        model = Operation
        fields = [
            "name", "proposed_by", "purpose", "goods", "modes", "actions", "starts_on", "ends_on", "results_due_on",
            "embargo_until",
        ]  # fmt: skip
        widgets = {"actions": forms.CheckboxSelectMultiple}
        help_texts = {
            "name": _("For example BALTIC SHIELD. The address of the page is made of it and stays."),
            "purpose": _("What threat it answers, and what shall be reached."),
            "goods": _("For example: cigarettes and hand-rolling tobacco."),
            "modes": _("For example: sea, road."),
            "actions": _("An operation is agreed only when it serves at least one action of a plan."),
            "results_due_on": _(
                "Participants are reminded of this day. Later results are taken, and marked late."
            ),
            "embargo_until": _(
                "Until the end of this day only the leads and the secretariat see the validated results of others."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._choose_proposer()
        self._choose_actions()
        delegations = list(selectable_delegations())
        for name in ("lead", "co_leads"):
            self.fields[name].queryset = selectable_delegations()
            self.fields[name].choices = by_kind(delegations)
        self.fields["co_leads"].folds_groups = True
        self.fields["lead"].choices = [("", _("No lead yet")), *by_kind(delegations)]
        if self.instance.pk:
            leading = self.instance.leading()
            self.initial["lead"] = next((p.delegation_id for p in leading if p.role == "lead"), None)
            self.initial["co_leads"] = [p.delegation_id for p in leading if p.role == "co_lead"]

    def _choose_proposer(self):
        """A delegate proposes for a delegation of their own; the secretariat for any, or on its own behalf."""
        sitting = Delegation.objects.sitting(brussels_today())
        field = self.fields["proposed_by"]
        if self.instance.pk:
            del self.fields["proposed_by"]
        elif self.user.is_secretariat:
            field.queryset, field.empty_label = sitting, _("the secretariat or the Presidency")
        else:
            field.queryset, field.empty_label = sitting.filter(pk__in=self.user.editor_of), None
            field.required = True
            first = field.queryset.first()
            field.initial = first and first.pk

    def _choose_actions(self):
        """Actions the user sees, by plan, newest first; those already served stay even where they are unseen."""
        seen = (
            Action.objects.visible_to(self.user).in_their_plans().exclude(status__in=ENDED, operations=None)
        )
        linked = self.instance.actions.all() if self.instance.pk else Action.objects.none()
        seen = seen.exclude(plan__status__in=["closed", "withdrawn"]) | seen.filter(
            pk__in=linked.values("pk")
        )
        seen = seen.select_related("plan").order_by("-plan__number", "number").distinct()
        self.fields["actions"].queryset = seen
        self.fields["actions"].choices = [
            (str(plan), [(action.pk, f"{action.reference} {action.title}") for action in group])
            for plan, group in groupby(seen, key=lambda action: action.plan)
        ]
        self._unseen = list(linked.exclude(pk__in=seen.values("pk"))) if self.instance.pk else []

    def clean(self):
        data = super().clean()
        begins, ends, due = (data.get(name) for name in ("starts_on", "ends_on", "results_due_on"))
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("The operational phase ends on or after the day it begins."))
        elif ends and due and due < ends:
            self.add_error(
                "results_due_on", _("Results are due on or after the day the operational phase ends.")
            )
        if data.get("lead") and data["lead"] in (data.get("co_leads") or []):
            self.add_error(
                "co_leads", _("%(name)s is the lead: it is not a co-lead, too.") % {"name": data["lead"]}
            )
        return data

    def clean_actions(self):
        return [*self.cleaned_data["actions"], *self._unseen]


class InvitationForm(PortalForm):
    """Several delegations invited at once, in one role."""

    delegations = forms.ModelMultipleChoiceField(
        Delegation.objects.none(), label=_("Delegations"), widget=forms.CheckboxSelectMultiple
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, role.label) for role in Participation.Role if role != Participation.Role.LEAD],
        initial=Participation.Role.PARTICIPANT,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, operation, **kwargs):
        super().__init__(*args, **kwargs)
        invited = operation.participations.values("delegation")
        free = selectable_delegations().exclude(pk__in=invited)
        self.fields["delegations"].queryset = free
        self.fields["delegations"].choices = by_kind(free)
        self.fields["delegations"].folds_groups = True
