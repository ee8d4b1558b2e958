"""Operations: the list, one operation, and who takes part in it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.generic import ListView

from actionplans.models import Action, Objective
from council.models import Decision
from council.record_card import record_of
from editing.lists import AnyPage
from editing.views import ActView, CreateOnceView, EditView, StepView
from jcos.filters import OperationFilter, ordered
from jcos.forms import InvitationForm, OperationForm
from jcos.leads import set_leads
from jcos.lifecycle import life_of
from jcos.lookups import find_operation
from jcos.models import Operation, Participation, ResultLine
from jcos.nextstep import next_act, other_acts
from jcos.reporting import overview
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed


class OperationListView(AnyPage, ListView):
    """Every operation that the reader sees."""

    template_name = "jcos/operation_list.html"
    paginate_by = 50

    def get_queryset(self):
        seen = Operation.objects.visible_to(self.request.user).with_year()
        self.filter = OperationFilter(self.request.GET, queryset=seen)
        found = self.filter.qs if self.filter.is_valid() else seen.none()
        return ordered(found.with_participants(), self.request.GET.get("sort", ""))

    def get_context_data(self, **kwargs):
        may_add = self.request.user.has_perm("jcos.add_operation")
        return super().get_context_data(filter=self.filter, may_add=may_add, **kwargs)


@require_safe
def operation_detail(request, slug):
    """One operation: how far it is, who takes part, who has reported, what was found, what to do next."""
    seen = Operation.objects.visible_to(request.user).select_related(
        "proposed_by", "agreement__meeting__body", "agreement__silence__body"
    )
    seen = seen.annotate(record_row=record_of(Operation, request.user))
    operation = get_object_or_404(seen.with_participants(), slug=slug)
    user = request.user
    reporting = overview(user, operation, operation.participations.all())
    first = next_act(user, operation, reporting)
    decisions = _decisions(user, operation)
    context = {
        "operation": operation,
        "life": None if operation.is_historical else life_of(operation),
        "reporting": reporting,
        "leads": operation.leading(),
        "first": first,
        "others": other_acts(user, operation, first),
        "answers": _answers(user, operation),
        "decisions": {decision.pk for decision in decisions if decision.is_seen},
        "notings": [(d, reporting.noted.get(d.pk, [])) for d in decisions if d.kind == Decision.Kind.NOTE],
        "may_edit": user.has_perm("jcos.change_operation", operation) and not operation.why_locked(),
        "may_invite": user.has_perm("jcos.invite", operation) and not operation.why_not_invite(),
        "figures": operation.published_figures.select_related("commodity", "unit", "delegation"),
        "actions": Action.objects.visible_to(user)
        .filter(operations=operation)
        .select_related("plan")
        .prefetch_related(Prefetch("objectives", Objective.objects.select_related("strategy"))),
        "totals": list(ResultLine.objects.counted_for(user).filter(submission__operation=operation).totals())
        if reporting.is_open
        else [],
        "reported": [row for row in reporting.rows if row.counted],
    }
    return render(request, "jcos/operation_detail.html", context)


def _decisions(user, operation):
    """The decisions on the operation, newest first, each with whether this reader may open it."""
    if not (operation.agreement_id or operation.noting_id):
        return []
    seen = Decision.objects.visible_to(user).filter(pk=OuterRef("pk"))
    return list(Decision.objects.about(operation).annotate(is_seen=Exists(seen)))


def _answers(user, operation, on_behalf=False):
    """What each participation offers this reader: the steps that can be taken now, by participation.

    On the operation's own page only the reader's own delegation; the secretariat acts on behalf of others from the
    page of participants.
    """
    found = {}
    if operation.why_not_invite():
        return found
    for part in operation.participations.all():
        if part.delegation_id in user.submitter_of or (on_behalf and user.is_secretariat):
            found[part.pk] = [
                {"label": step.label, "url": part.get_step_url(verb)}
                for verb, step in part.STEPS.items()
                if part.status in step.sources and part.status != part.Status.DECLINED
            ]
    return found


class OperationFormMixin:
    """What creating and editing an operation share."""

    form_class = OperationForm
    template_name = "jcos/operation_form.html"

    def succeed(self, url):
        """An edition may well bear the name of the one before it; a proposal made twice should be seen at once."""
        namesakes = Operation.objects.visible_to(self.request.user).filter(name__iexact=self.object.name)
        others = namesakes.exclude(pk=self.object.pk).with_year()
        if years := [str(other.in_year or _("without a date")) for other in others]:
            messages.warning(
                self.request,
                _("Another operation has the code name %(name)s: %(years)s.")
                % {"name": self.object.name, "years": ", ".join(years)},
            )
        return super().succeed(url)

    def get_breadcrumb(self):
        above = [(_("Operations"), reverse("jcos:operation_list"))]
        return above + ([(str(self.object), self.object.get_absolute_url())] if self.object else [])


class OperationCreateView(OperationFormMixin, CreateOnceView):
    """A new proposal."""

    title = gettext_lazy("Propose an operation")
    lead = gettext_lazy("Only the code name is needed to begin; everything else can follow.")
    submit_label = gettext_lazy("Save the proposal")

    def check_permission(self):
        if not self.request.user.has_perm("jcos.add_operation"):
            raise PermissionDenied(_("Editors of a delegation of the working party propose operations."))

    def get_cancel_url(self):
        return reverse("jcos:operation_list")

    def save(self, form):
        begins = form.cleaned_data["starts_on"]
        year = begins.year if begins else brussels_today().year
        form.instance.slug = Operation.free_slug(form.cleaned_data["name"], year)
        operation = form.save()
        set_leads(operation, form.cleaned_data["lead"], form.cleaned_data["co_leads"], by=self.request.user)
        return operation


class OperationEditView(OperationFormMixin, EditView):
    """An operation's own facts, until its results are noted."""

    submit_label = gettext_lazy("Save the operation")

    def get_title(self):
        return _("Edit %(operation)s") % {"operation": self.object}

    def get_queryset(self):
        return Operation.objects.visible_to(self.request.user)

    def begin(self):
        if self.object is None:
            super().begin()

    def get(self, request, **kwargs):
        self.begin()
        if why := self.object.why_locked():
            return self.page("jcos/locked.html", why=why)
        return super().get(request, **kwargs)

    def prepare(self, form):
        if why := self.object.why_locked():
            raise NotAllowed(why)

    def save(self, form):
        operation = form.save()
        set_leads(operation, form.cleaned_data["lead"], form.cleaned_data["co_leads"], by=self.request.user)
        return operation


class OperationStepView(StepView):
    """One step of an operation's life."""

    consequences = {
        "table": gettext_lazy(
            "All delegations see the proposal. It cannot be edited until it is returned or agreed."
        ),
        "return_to_proposer": gettext_lazy("The proposal can be edited again; delegations no longer see it."),
        "plan": gettext_lazy("Planning begins. Dates and participants can still be changed."),
        "start": gettext_lazy("The operational phase begins. From now on participants can enter results."),
        "end_operational": gettext_lazy("The operational phase has ended. Results can still be entered."),
        "debrief": gettext_lazy("The debriefing has taken place. Late results can still be entered."),
        "postpone": gettext_lazy("The operation rests until planning is resumed. Say why."),
        "cancel": gettext_lazy("The operation does not take place. This cannot be undone."),
        "report": gettext_lazy("The results have been reported to the Committee."),
        "close": gettext_lazy(
            "The operation is closed. No more results can be entered. This cannot be undone."
        ),
    }

    def get_queryset(self):
        return Operation.objects.visible_to(self.request.user)

    def get_success_url(self):
        seen = self.get_queryset().filter(pk=self.object.pk).exists()
        return self.object.get_absolute_url() if seen else reverse("jcos:operation_list")

    def get_breadcrumb(self):
        return [
            (_("Operations"), reverse("jcos:operation_list")),
            (str(self.object), self.object.get_absolute_url()),
        ]


class OperationInviteView(ActView):
    """Invite several delegations at once."""

    form_class = InvitationForm
    verb = "invite"
    template_name = "jcos/operation_invite.html"
    submit_label = gettext_lazy("Invite")

    def get_queryset(self):
        return Operation.objects.visible_to(self.request.user)

    def permission(self):
        return "jcos.invite"

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "operation": self.object}

    def get_title(self):
        return _("Invite participants to %(operation)s") % {"operation": self.object}

    def get_breadcrumb(self):
        return [
            (_("Operations"), reverse("jcos:operation_list")),
            (str(self.object), self.object.get_absolute_url()),
        ]

    def get_context_data(self, **context):
        operation = self.get_queryset().with_participants().get(pk=self.object.pk)
        return super().get_context_data(
            participations=operation.participations.all(),
            answers=_answers(self.request.user, operation, on_behalf=True),
            why_not=operation.why_not_invite(),
            **context,
        )

    def act(self, form):
        invited = self.object.invite(
            form.cleaned_data["delegations"], form.cleaned_data["role"], by=self.request.user
        )
        names = ", ".join(str(participation.delegation) for participation in invited)
        self.success_message = _("Invited: %(names)s.") % {"names": names}


class ParticipationStepView(StepView):
    """A delegation answers an invitation, or leaves."""

    template_name = "jcos/participation_step.html"
    consequences = {
        "confirm": gettext_lazy(
            "Your delegation takes part and owes a result, or a nil return, by the day on which results are due."
        ),
        "decline": gettext_lazy("Your delegation does not take part and owes no result."),
        "withdraw": gettext_lazy("Your delegation no longer takes part and owes no result. Say why."),
    }

    def get_object(self):
        self.operation = find_operation(self.request, self.kwargs["slug"])
        parts = Participation.objects.visible_to(self.request.user).select_related("operation", "delegation")
        return get_object_or_404(parts, operation=self.operation, delegation__code=self.kwargs["code"])

    def get_title(self):
        return _("%(delegation)s in %(operation)s") % {
            "delegation": self.object.delegation,
            "operation": self.operation,
        }

    def get_breadcrumb(self):
        return [
            (_("Operations"), reverse("jcos:operation_list")),
            (str(self.operation), self.operation.get_absolute_url()),
        ]

    def get_context_data(self, **context):
        instead = "decline" if self.verb == "confirm" and self.object.status == "invited" else ""
        return super().get_context_data(
            instead_url=self.object.get_step_url(instead) if instead else "",
            operation=self.operation,
            **context,
        )

    def get_success_url(self):
        """A third party that has declined no longer sees the operation."""
        seen = Operation.objects.visible_to(self.request.user).filter(pk=self.operation.pk).exists()
        return self.operation.get_absolute_url() if seen else reverse("jcos:operation_list")
