"""Forms of amendments: the reason, and what an action of an adopted plan is to be."""

from copy import copy

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Delegation
from actionplans.amendable import DAYS, ROLES, TEXTS, day_of, differing, values_of
from actionplans.forms import ActionForm
from actionplans.models import Amendment, AmendmentChange
from editing.forms import PortalForm, PortalModelForm
from strategy_portal.workflow import within_sentence


class AmendmentForm(PortalModelForm):
    """Why the plan is to be changed."""

    class Meta:
        model = Amendment
        fields = ["reason"]
        labels = {"reason": gettext_lazy("Reason")}
        help_texts = {
            "reason": gettext_lazy(
                "Why the plan is to be changed. It stays with every change, for everybody to read."
            )
        }


class PressForm(PortalForm):
    """Asks nothing: the press of the button is all."""


class ChangeForm(ActionForm):
    """What an action is to be: opened with what it is, or with what the amendment proposes already.

    Saving writes the change, never the action.
    """

    new_terms = forms.BooleanField(
        required=False,
        label=gettext_lazy("Its terms of reference are written anew"),
        help_text=gettext_lazy(
            "A new version can then be begun and tabled. It is agreed by the decision on the amendment."
        ),
    )

    field_order = [*ActionForm.field_order, "new_terms"]

    def __init__(self, *args, change, initial=None, **kwargs):
        self.change = change
        self.now = values_of(change.action)
        proposed = self.now | change.proposed
        action = copy(change.action)
        if proposed["lead"] != self.now["lead"]:
            action.lead = Delegation.objects.filter(code=proposed["lead"]).first()
        shown = _initial(action, proposed) | {"new_terms": change.new_terms}
        super().__init__(
            *args, plan=change.amendment.plan, instance=action, initial=shown | (initial or {}), **kwargs
        )
        del self.fields["continues"]

    def has_changed(self):
        """Also where the action has changed since: saved again, the change is drafted on what the action is now."""
        return super().has_changed() or self._drafted() != self.change.drafted

    def _drafted(self):
        return {name: self.now[name] for name in self.change.proposed}

    def clean_new_terms(self):
        wanted = self.cleaned_data["new_terms"]
        others = self.change.action.changes.filter(new_terms=True, after__isnull=True).exclude(
            pk=self.change.pk
        )
        under_way = others.filter(amendment__status__in=["draft", "tabled", "decided"])
        if wanted and (other := under_way.select_related("amendment__plan").first()):
            raise ValidationError(
                _("They are written anew with %(amendment)s.")
                % {"amendment": within_sentence(other.amendment)}
            )
        return wanted

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            self.proposed = differing(self._wanted(cleaned), self.now)
            if not self.proposed and not cleaned["new_terms"]:
                self.add_error(None, _("This changes nothing of the action."))
        return cleaned

    def _wanted(self, cleaned):
        lead = cleaned["lead"] if "lead" in self.fields else self.instance.lead
        return {
            **{name: cleaned[name] for name in TEXTS},
            "objectives": sorted(objective.code for objective in cleaned["objectives"]),
            "lead": lead.code if lead else "",
            **{name: sorted(delegation.code for delegation in cleaned[name]) for name in ROLES},
            **{name: cleaned[name].isoformat() if cleaned[name] else "" for name in DAYS},
        }

    def save(self, commit=True):
        change = self.change
        change.kind = AmendmentChange.Kind.CHANGE
        change.proposed, change.new_terms = self.proposed, self.cleaned_data["new_terms"]
        change.drafted = self._drafted()
        change.save()
        return change


def _initial(action, values):
    """Values as a form of an action shows them; what the action has already is not asked for again."""
    delegations = {part.delegation.code: part.delegation_id for part in action.parts.all()}
    objectives = {link.objective.code: link.objective_id for link in action.served.all()}
    if new := {code for name in ROLES for code in values[name]} - delegations.keys():
        delegations |= Delegation.objects.filter(code__in=new).values_list("code", "pk")
    if new := set(values["objectives"]) - objectives.keys():
        objectives |= action.plan.strategy.objectives.filter(code__in=new).values_list("code", "pk")
    return {
        **{name: values[name] for name in TEXTS},
        "objectives": sorted(objectives[code] for code in values["objectives"]),
        "lead": action.lead_id,
        **{name: sorted(delegations[code] for code in values[name]) for name in ROLES},
        **{name: day_of(values[name]) for name in DAYS},
    }
