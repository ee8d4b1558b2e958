"""Forms of plans and actions. They save their instance and what belongs to it, nothing else."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Delegation
from actionplans.allowed import outside_the_plan, twice_in_an_action
from actionplans.last_words import last_words, named_withdrawn
from actionplans.models import (
    Action,
    ActionParticipant,
    ActionPlan,
    Milestone,
    Objective,
    Strategy,
    Wording,
)
from editing.forms import PortalForm, PortalModelForm
from strategy_portal.dates import brussels_today, end_of_plan
from strategy_portal.workflow import within_sentence

WORDS_OF_AN_OBJECTIVE = 240  # characters of its text beside its box
MEANT = "overlap_is_meant"  # the box that a plan's form shows when its period is another draft's, too
REPORTING = ("note_months", "note_days")  # of a plan: empty is what the portal is delivered with
PARTS = {"co_leads": ActionParticipant.Role.CO_LEAD, "participants": ActionParticipant.Role.PARTICIPANT}


def next_plan() -> dict:
    """What is proposed for the next plan: its number, and a period that begins where the latest plan ends."""
    number = (ActionPlan.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    latest = ActionPlan.objects.exclude(status="withdrawn").aggregate(last=Max("ends_on"))["last"]
    if latest is None:
        return {"number": number}
    starts_on = latest + timedelta(days=1)
    return {"number": number, "starts_on": starts_on, "ends_on": end_of_plan(starts_on)}


class PlanForm(PortalModelForm):
    """Number, title and period of a plan. An empty end is 18 months after the begin, less a day (15198/09, II.2)."""

    class Meta:
        model = ActionPlan
        fields = ["number", "title", "strategy", "starts_on", "ends_on", "note_months", "note_days"]
        labels = {
            "number": gettext_lazy("Number"),
            "title": gettext_lazy("Title"),
            "strategy": gettext_lazy("Strategy"),
            "starts_on": gettext_lazy("First day"),
            "ends_on": gettext_lazy("Last day"),
            "note_months": gettext_lazy("Months of a progress note"),
            "note_days": gettext_lazy("Days in which it is due"),
        }
        help_texts = {
            "note_months": gettext_lazy(
                "How long the period is on which a lead reports. Left empty: 6 months."
            ),
            "note_days": gettext_lazy("How many days after its period a note is due. Left empty: 30 days."),
            "starts_on": gettext_lazy(
                "A new plan begins the day after the latest one ends, unless you say otherwise."
            ),
            "ends_on": gettext_lazy(
                "The strategy plans by 18 months. Left empty, the plan ends 18 months after its first day, less a day; "
                "another length is possible and is warned about."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("ends_on", *REPORTING):
            self.fields[name].required = False
        self.fields["number"].min_value = 1
        strategies = Strategy.objects.visible_to(self.user).filter(versions__status="in_force")
        self.only_strategy = strategies.first() if strategies.count() == 1 else None
        if self.only_strategy:
            del self.fields["strategy"]
        else:
            self.fields["strategy"].queryset = strategies

    def clean(self):
        cleaned = super().clean()
        if self.only_strategy and not self.instance.strategy_id:
            self.instance.strategy = self.only_strategy
        for name in REPORTING:
            if cleaned.get(name) is None and name not in self.errors:
                cleaned[name] = ActionPlan._meta.get_field(name).default
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if not starts_on or "ends_on" in self.errors:
            return cleaned
        if ends_on is None:
            ends_on = self._proposed_end(starts_on)
        cleaned["ends_on"] = ends_on
        if ends_on is None:
            return cleaned
        if ends_on < starts_on:
            self.add_error("ends_on", _("A plan ends on or after the day it begins."))
            return cleaned
        others = ActionPlan.objects.overlapping(starts_on, ends_on).exclude(pk=self.instance.pk)
        for other in others.adopted():
            field = "starts_on" if other.starts_on <= starts_on <= other.ends_on else "ends_on"
            self.add_error(field, _overlaps(other))
        if (starts_on, ends_on) != (self.instance.starts_on, self.instance.ends_on):
            self._ask_about(others.in_preparation().order_by("starts_on"), starts_on)
        self._keep_actions_inside(starts_on, ends_on)
        self._keep_milestones_inside(starts_on, ends_on)
        return cleaned

    def _ask_about(self, rivals, starts_on):
        """Plans in preparation may share days, one of them to be given up: asked back once, with a box to tick.

        With it comes what follows from one of them lying before this plan: the day of its adoption would be past its
        own first day.
        """
        said = [
            _overlaps(other) + " " + _("It is being prepared, too: only one of them can be adopted.")
            for other in rivals
        ]
        if not said:
            return
        self.fields[MEANT] = forms.BooleanField(label=_("Save it all the same"), required=False)
        if self.data.get(self.add_prefix(MEANT)):
            return
        before = ActionPlan.objects.alive().before(starts_on).exclude(pk=self.instance.pk).first()
        if before is not None and before.successor_adopt_by > starts_on:
            late = _("After %(plan)s this plan would be to be adopted by %(day)s, past its own first day.")
            words = {"plan": within_sentence(before), "day": date_format(before.successor_adopt_by)}
            said.append(late % words)
        self.add_error(MEANT, said)

    def _proposed_end(self, starts_on):
        try:
            return self.fields["ends_on"].clean(end_of_plan(starts_on).isoformat())
        except ValidationError as error:
            self.add_error("ends_on", error)
            return None

    def _keep_actions_inside(self, starts_on, ends_on):
        if not self.instance.pk:
            return
        outside = self.instance.actions.filter(Q(starts_on__lt=starts_on) | Q(ends_on__gt=ends_on))
        numbers = [f"{self.instance.number}.{action.number}" for action in outside]
        if numbers:
            self.add_error(
                "starts_on",
                _("These actions would lie outside the plan: %(numbers)s.") % {"numbers": ", ".join(numbers)},
            )

    def _keep_milestones_inside(self, starts_on, ends_on):
        """No milestone of a version that is written, tabled or agreed is left outside the plan's period."""
        if not self.instance.pk:
            return
        rows = Milestone.objects.filter(terms__action__plan=self.instance).exclude(terms__status="superseded")
        outside = rows.filter(Q(due_on__lt=starts_on) | Q(due_on__gt=ends_on)).select_related("terms__action")
        named = [
            f"{self.instance.number}.{row.terms.action.number} {row.described}"
            for row in outside.order_by("terms__action__number", "due_on")
        ]
        if named:
            self.add_error(
                "starts_on",
                _("These milestones would lie outside the plan: %(named)s.") % {"named": "; ".join(named)},
            )


def _overlaps(other):
    return _("The period overlaps plan %(number)d, %(begin)s to %(end)s.") % {
        "number": other.number,
        "begin": date_format(other.starts_on),
        "end": date_format(other.ends_on),
    }


class ObjectiveGroup(str):
    """The heading over some objectives: their aim, and for whom they are."""

    def __new__(cls, aim, heading):
        group = super().__new__(cls, f"{aim} – {heading}")
        group.aim, group.heading = aim, heading
        return group


class ObjectivesField(forms.ModelMultipleChoiceField):
    """Boxes for the objectives of a strategy, under their aims and addressees, each with its code and words."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, strategy, linked):
        """Offer the objectives of a strategy as worded in force, and those already linked that it has no longer."""
        worded = (
            Wording.objects.filter(objective__strategy=strategy, version__status="in_force")
            .select_related("objective", "block__aim")
            .order_by("order")
        )
        groups: dict[str, list] = {}
        for words in worded:
            aim = words.block.aim
            group = ObjectiveGroup(f"{aim.letter}. {aim.text}", words.block.heading)
            groups.setdefault(group, []).append(_box(words.objective, words))
        in_force = {pk for boxes in groups.values() for pk, _label in boxes}
        if gone := [objective for objective in linked if objective.pk not in in_force]:
            last = {words.objective_id: words for words in last_words([objective.pk for objective in gone])}
            group = ObjectiveGroup(
                _("Not in the strategy in force"), _("Served already. Only unticking takes them away.")
            )
            groups[group] = [_box(objective, last.get(objective.pk)) for objective in gone]
        self.queryset = Objective.objects.filter(
            Q(strategy=strategy) | Q(pk__in=[objective.pk for objective in linked])
        )
        self.choices = list(groups.items())


def _box(objective, words):
    """Identity and label of an objective; `words` is None where no text that was in force ever had it."""
    label = objective.code
    if words is not None:
        label += f" – {Truncator(words.text).chars(WORDS_OF_AN_OBJECTIVE)}"
        if said := named_withdrawn(words):
            label += f" ({said})"
    return objective.pk, label


class DelegationsField(forms.ModelMultipleChoiceField):
    """Boxes for delegations, in protocol order."""

    widget = forms.CheckboxSelectMultiple


def may_lead(on):
    """Who may lead an action: the delegations of the working party, and agencies."""
    sitting = Delegation.objects.sitting(on).values("pk")
    return Delegation.objects.filter(Q(pk__in=sitting) | Q(kind=Delegation.Kind.AGENCY))


def offered_as_lead(on):
    """Who can be entered as lead: whoever may lead on the day, and Member States of other days (warned about)."""
    return Delegation.objects.filter(
        Q(pk__in=may_lead(on).values("pk")) | Q(kind=Delegation.Kind.MEMBER_STATE)
    )


def may_take_part(on):
    """Who may take part: whoever may lead, organisations and third countries; not former Member States."""
    return Delegation.objects.filter(
        Q(pk__in=may_lead(on).values("pk"))
        | Q(kind__in=[Delegation.Kind.INTERNATIONAL, Delegation.Kind.THIRD])
    )


class ActionForm(PortalModelForm):
    """What an action is, whom it serves, who leads it and who takes part. Only the secretariat names the lead."""

    objectives = ObjectivesField(
        queryset=Objective.objects.none(),
        label=gettext_lazy("Objectives it serves"),
        help_text=gettext_lazy("Open an aim and tick what the action serves; at least one."),
        error_messages={"required": gettext_lazy("Choose at least one objective that the action serves.")},
    )
    co_leads = DelegationsField(
        queryset=Delegation.objects.none(), required=False, label=gettext_lazy("Co-leads")
    )
    participants = DelegationsField(
        queryset=Delegation.objects.none(), required=False, label=gettext_lazy("Participants")
    )

    class Meta:
        model = Action
        fields = ["title", "summary", "objectives", "lead", "starts_on", "ends_on", "continues"]
        labels = {
            "title": gettext_lazy("Title"),
            "summary": gettext_lazy("What is done"),
            "lead": gettext_lazy("Lead"),
            "starts_on": gettext_lazy("Begins on"),
            "ends_on": gettext_lazy("Ends on"),
            "continues": gettext_lazy("Continues the action"),
        }

    field_order = [
        "title", "summary", "objectives", "lead", "co_leads", "participants", "starts_on", "ends_on", "continues",
    ]  # fmt: skip

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.fields["objectives"].offer(
            plan.strategy_id, list(self.instance.objectives.all()) if self.instance.pk else []
        )
        self.fields["summary"].widget.attrs["rows"] = 4
        self._offer_delegations()
        self._offer_earlier_actions()
        period = {"begin": date_format(plan.starts_on), "end": date_format(plan.ends_on)}
        self.fields["starts_on"].help_text = (
            _("Within the plan, %(begin)s to %(end)s. Empty: with the plan.") % period
        )
        if not self.user.is_secretariat:
            del self.fields["lead"]

    def part_fields(self):
        """The boxes for those who take part beside the lead."""
        return [self[name] for name in PARTS]

    def _offer_delegations(self):
        today = brussels_today()
        parts = list(self.instance.parts.all()) if self.instance.pk else []
        part_now = Q(pk__in=[part.delegation_id for part in parts])
        lead = self.fields["lead"]
        lead.queryset = Delegation.objects.filter(
            Q(pk__in=offered_as_lead(today).values("pk")) | Q(pk=self.instance.lead_id)
        )
        everybody = Delegation.objects.filter(Q(pk__in=may_take_part(today).values("pk")) | part_now)
        boxes = [(delegation.pk, str(delegation)) for delegation in everybody]
        for name, role in PARTS.items():
            self.fields[name].queryset = everybody
            self.fields[name].choices = boxes
            self.initial.setdefault(name, sorted(part.delegation_id for part in parts if part.role == role))

    def _offer_earlier_actions(self):
        continued = Q(plan__starts_on__lt=self.plan.starts_on, status__in=["planned", "in_progress"])
        earlier = Action.objects.visible_to(self.user).filter(continued | Q(pk=self.instance.continues_id))
        field = self.fields["continues"]
        field.queryset = earlier.select_related("plan").order_by("-plan__number", "number")
        field.label_from_instance = lambda action: f"{action.reference} {action.title}"
        field.help_text = _("An action of an earlier plan that is carried over to this one.")

    def clean(self):
        cleaned = super().clean()
        lead = cleaned.get("lead") if "lead" in self.fields else self.instance.lead
        faults = twice_in_an_action(lead, cleaned.get("co_leads") or [], cleaned.get("participants") or [])
        faults += outside_the_plan(self.plan, cleaned.get("starts_on"), cleaned.get("ends_on"))
        for name, sentence in faults:
            self.add_error(name, sentence)
        return cleaned

    def save(self, commit=True):
        action = super().save(commit)
        if commit:
            self._save_parts(action)
        return action

    def _save_parts(self, action):
        wanted = {
            delegation.pk: role for name, role in PARTS.items() for delegation in self.cleaned_data[name]
        }
        for part in action.parts.all():
            role = wanted.pop(part.delegation_id, None)
            if role is None:
                part.delete()
            elif part.role != role:
                part.role = role
                part.save(update_fields=["role"])
        for delegation_id, role in wanted.items():
            ActionParticipant.objects.create(action=action, delegation_id=delegation_id, role=role)


class DeletionForm(PortalForm):
    """Asks nothing: the press of the button is all."""
