"""Silence procedures: asked by the secretariat, answered by delegations, shown as they stand at this moment."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Delegation
from council.filters import SilenceFilter
from council.forms_silence import ExtendForm, PositionForm, SilenceForm
from council.models import Position, SilenceProcedure
from council.querysets import holds_presidency
from council.views import FilteredListView, thing_to_decide
from editing.views import ActView, StepView
from publishing.words import moment_words
from strategy_portal.workflow import Reason

PROCEDURES = (gettext_lazy("Silence procedures"), reverse_lazy("council:silenceprocedure_list"))


class SilenceProcedureListView(FilteredListView):
    model = SilenceProcedure
    filter_class = SilenceFilter
    noun = "silence procedures"
    paginate_by = 20

    def get_queryset(self):
        """Those that run stand before those that have ended, of which there are more and more."""
        runs = Exists(SilenceProcedure.objects.running().filter(pk=OuterRef("pk")))
        rows = super().get_queryset().select_related("body").annotate(runs=runs)
        return rows.order_by("-runs", "-closes_at", "-pk")


class Answer(NamedTuple):
    """One line of the table of answers: a delegation and its position, or None."""

    delegation: Delegation
    position: Position | None


def answers_for(user, procedure):
    """What a person sees of the answers: all who are asked with their positions, or only their own delegations'."""
    positions = procedure.positions.visible_to(user).select_related("delegation", "stated_by")
    given = {position.delegation_id: position for position in positions}
    asked = procedure.asked()
    if not sees_all(user, procedure):
        asked = asked.filter(pk__in=user.delegation_ids)
    return [Answer(delegation, given.get(delegation.pk)) for delegation in asked]


def sees_all(user, procedure):
    """Whether a person sees every position now: secretariat and Presidency always, delegations after the end."""
    return user.is_secretariat or not procedure.is_running or holds_presidency(user)


@require_safe
def silenceprocedure_detail(request, pk):
    """One procedure: what is asked, until when, who has answered as far as the reader sees it, and the outcome."""
    seen = SilenceProcedure.objects.visible_to(request.user).select_related(
        "body", "document", "opened_by", "decision__meeting"
    )
    procedure = get_object_or_404(seen, pk=pk)
    answers = answers_for(request.user, procedure)
    thing = (
        procedure.subject_model._default_manager.visible_to(request.user)
        .filter(pk=procedure.object_id)
        .first()
    )
    user = request.user
    return render(
        request,
        "council/silenceprocedure_detail.html",
        {
            "procedure": procedure,
            "answers": answers,
            "sees_all": sees_all(user, procedure),
            "mine": [answer for answer in answers if answer.delegation.pk in user.submitter_of],
            "given": {
                stance: sum(a.position is not None and a.position.stance == stance for a in answers)
                for stance in Position.Stance.values
            },
            "unanswered": sum(a.position is None for a in answers),
            "extensions": procedure.extensions.select_related("extended_by"),
            "thing_url": thing.get_absolute_url() if thing else "",
            "decision": getattr(procedure, "decision", None),
            "may_manage": procedure.is_running
            and user.has_perm("council.extend_silenceprocedure", procedure),
        },
    )


class SilenceProcedureCreateView(ActView):
    """Ask all delegations by silence procedure instead of deciding at a meeting."""

    form_class = SilenceForm
    template_name = "council/document_form.html"
    submit_label = gettext_lazy("Open the procedure")

    def get_lead(self):
        said = [
            _(
                "Every delegation is told at once. Who does not object by the end agrees; an objection stops the "
                "procedure."
            )
        ]
        if given := list(Position.objects.open_on(self.object).select_related("delegation")):
            words = {"positions": "; ".join(str(position) for position in given)}
            said.append(
                _("Positions given so far count as answers until they are changed: %(positions)s.") % words
            )
        return " ".join(said)

    def get_object(self):
        self.step_verb = self.kwargs["verb"]
        thing, self.step = thing_to_decide(self.request.user, **self.kwargs)
        return thing

    def check_permission(self):
        if not self.request.user.has_perm("council.add_silenceprocedure"):
            raise PermissionDenied

    def get_title(self):
        words = {"step": self.step.label or self.step_verb, "thing": self.object}
        return _("Ask by silence procedure: %(step)s, %(thing)s") % words

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "step": self.step, "about": self.object}

    def get(self, request, **kwargs):
        self.begin()
        form, formsets = self.opened()
        form.carry_key()
        reasons = self.object.reasons_against(self.step_verb, request.user)
        return self.form_page(
            form, formsets, reasons=reasons or SilenceProcedure.objects.objections_to(self.object)
        )

    def act(self, form):
        data = form.cleaned_data
        procedure = SilenceProcedure.objects.ask(
            self.object,
            self.step_verb,
            body=data["body"],
            closes_at=data["closes_at"],
            text=data["text"],
            document=form.document_row(),
            by=self.request.user,
        )
        self.success_message = _("The procedure is open until %(end)s. Every delegation is told.") % {
            "end": moment_words(procedure.closes_at)
        }
        return procedure.get_absolute_url()


class OneProcedure:
    """What the forms of one procedure share."""

    def get_queryset(self):
        return SilenceProcedure.objects.visible_to(self.request.user).select_related("body")

    def get_breadcrumb(self):
        return [PROCEDURES, (self.object, self.object.get_absolute_url())]


class SilenceProcedureExtendView(OneProcedure, ActView):
    """Set a later end, with the reason."""

    verb = "extend"
    form_class = ExtendForm
    title = gettext_lazy("Extend the procedure")
    submit_label = gettext_lazy("Extend the procedure")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "closes_at": self.object.closes_at}

    def get_initial(self):
        return ExtendForm.shown(self.object.closes_at)

    def get(self, request, **kwargs):
        self.begin()
        form, formsets = self.opened()
        form.carry_key()
        return self.form_page(form, formsets, reasons=self.object.reasons_against(self.verb))

    def act(self, form):
        data = form.cleaned_data
        self.object.extend(by=self.request.user, closes_at=data["closes_at"], note=data["reason"])
        self.success_message = _("The procedure is open until %(end)s. Every delegation is told.") % {
            "end": moment_words(self.object.closes_at)
        }


class SilenceProcedureWithdrawView(OneProcedure, StepView):
    """Take the question back, with the reason."""

    consequences = {"withdraw": gettext_lazy("Nothing is decided. Every delegation is told the reason.")}


class PositionAnswerView(OneProcedure, ActView):
    """The position of one delegation: given, and changed until the end."""

    verb = "answer"
    form_class = PositionForm
    submit_label = gettext_lazy("Save the position")

    def get_object(self):
        procedure = super().get_object()
        self.delegation = procedure.asked().filter(code=self.kwargs["code"]).first()
        if self.delegation is None:
            raise Http404("no such delegation is asked")
        return procedure

    def check_permission(self):
        super().check_permission()
        if self.delegation.pk not in self.request.user.submitter_of:
            raise PermissionDenied

    def get_title(self):
        return _("Position of %(delegation)s") % {"delegation": self.delegation}

    def get_lead(self):
        if not self.object.is_running:
            return str(self.object)  # why no position counts any more stands below
        return _("%(procedure)s, open until %(end)s. You can change the position until then.") % {
            "procedure": self.object, "end": moment_words(self.object.closes_at),
        }  # fmt: skip

    def get_initial(self):
        given = self.object.positions.filter(delegation=self.delegation).first()
        return {"stance": given.stance, "text": given.text} if given else {}

    def get(self, request, **kwargs):
        self.begin()
        form, formsets = self.opened()
        form.carry_key()
        why = self.object.why_closed()
        return self.form_page(form, formsets, reasons=[Reason(why)] if why else [])

    def act(self, form):
        data = form.cleaned_data
        position = self.object.answer(self.delegation, data["stance"], data["text"], by=self.request.user)
        if position.stance == Position.Stance.OBJECTS:
            self.success_message = _("The objection is recorded. It has stopped the procedure.")
        else:
            self.success_message = _("Recorded: %(position)s.") % {"position": position}
