"""The agenda of a meeting, kept by the secretariat: points, their order, and what came of them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from council.forms import DeletionForm
from council.forms_agenda import AgendaPointForm, OutcomeForm, as_typed
from council.models import AgendaPoint, Meeting
from council.views import MEETINGS, DecisionRecordView
from editing import once
from editing.pages import CONFLICT
from editing.views import ActView, CreateOnceView, EditView
from strategy_portal.workflow import NotAllowed, Reason, acting

STEPS = {"up": -1, "down": 1}


def meeting_of_the_address(user, pk):
    """The meeting that an address names; 404 where the reader sees none."""
    return get_object_or_404(Meeting.objects.visible_to(user).select_related("body"), pk=pk)


class OnAnAgenda:
    """What the forms of an agenda share: the meeting of the address, and the way back to it."""

    def get_breadcrumb(self):
        return [MEETINGS, (str(self.meeting), self.meeting.get_absolute_url())]

    def get_cancel_url(self):
        return self.meeting.get_absolute_url() + "#agenda"

    def get_success_url(self):
        return self.get_cancel_url()


class PointOfTheAddress(OnAnAgenda):
    """Finds the point that the address names, on the agenda of the meeting that it names."""

    def get_object(self):
        points = AgendaPoint.objects.visible_to(self.request.user).select_related("meeting__body", "document")
        point = get_object_or_404(points, meeting=self.kwargs["meeting"], pk=self.kwargs["pk"])
        self.meeting = point.meeting
        return point


class AgendaPointCreateView(OnAnAgenda, CreateOnceView):
    """A new point, after the last."""

    form_class = AgendaPointForm
    template_name = "council/document_form.html"
    title = gettext_lazy("New point")
    submit_label = gettext_lazy("Save the point")

    def check_permission(self):
        self.meeting = meeting_of_the_address(self.request.user, self.kwargs["meeting"])
        if not self.request.user.has_perm(self.permission()):
            raise PermissionDenied

    def get_initial(self):
        """What a postponed point said that is taken up again (`?again=`); nothing where there is none."""
        wanted = self.request.GET.get("again", "")
        if not wanted.isdecimal() or len(wanted) > 18:
            return {}
        points = AgendaPoint.objects.visible_to(self.request.user).postponed_before(self.meeting)
        point = points.filter(pk=int(wanted)).select_related("document").first()
        return as_typed(point) if point else {}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "meeting": self.meeting}

    def prepare(self, form):
        form.instance.meeting = self.meeting

    def save(self, form):
        form.instance.order = self.meeting.lock().points.next_place()
        return form.save()


class AgendaPointEditView(PointOfTheAddress, EditView):
    """The words of a point, what is to be decided and the document, while it has no outcome."""

    form_class = AgendaPointForm
    template_name = "council/document_form.html"
    title = gettext_lazy("Change the point")
    submit_label = gettext_lazy("Save the point")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "meeting": self.meeting}


class AgendaPointDeleteView(PointOfTheAddress, ActView):
    """Takes a point without outcome off the agenda; its history stays."""

    form_class = DeletionForm
    template_name = "council/delete.html"
    verb = "delete"
    submit_label = gettext_lazy("Remove the point")

    def begin(self):
        try:
            super().begin()
        except Http404:
            if self.request.method != "POST" or once.earlier(self.request) is None:
                raise

    def get(self, request, **kwargs):
        self.begin()
        if why := self.object.why_locked():
            return self.page("editing/too_late.html", CONFLICT, why=why)
        return super().get(request, **kwargs)

    def get_title(self):
        return _("Remove point %(point)s") % {"point": self.object or ""}

    def get_context_data(self, **context):
        consequence = _("The point is taken off the agenda. Its history stays.")
        return super().get_context_data(consequence=consequence, **context)

    def act(self, form):
        meeting = self.meeting.lock()
        point = get_object_or_404(meeting.points.all(), pk=self.object.pk)
        if why := point.why_locked():
            raise NotAllowed(Reason(why))
        self.success_message = _("The point is removed: %(point)s") % {"point": point.title}
        point.delete()
        for place, left in enumerate(meeting.points.order_by("order"), start=1):
            if left.order != place:
                left.order = place
                left.save(update_fields=["order"])
        self.object = meeting


@require_POST
def agendapoint_move(request, meeting, pk, direction):
    """Change places with the point above or below."""
    found = meeting_of_the_address(request.user, meeting)
    point = get_object_or_404(AgendaPoint.objects.visible_to(request.user), meeting=found, pk=pk)
    if direction not in STEPS:
        raise Http404("no such direction")
    if not request.user.has_perm("council.change_agendapoint", point):
        raise PermissionDenied
    with acting(request.user, "move"):
        point.shift(STEPS[direction])
    return redirect(found.get_absolute_url() + "#agenda")


class AgendaPointCloseView(PointOfTheAddress, ActView):
    """Record that nothing was decided or that the point was postponed; correct that until a decision is recorded."""

    form_class = OutcomeForm
    verb = "close"
    submit_label = gettext_lazy("Save the outcome")

    def get_title(self):
        return _("Outcome of point %(point)s") % {"point": self.object}

    def get_initial(self):
        return {"outcome": self.object.outcome, "text": self.object.outcome_text}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "point": self.object}

    def get(self, request, **kwargs):
        self.begin()
        if why := self.object.why_no_outcome():
            return self.page("editing/too_late.html", CONFLICT, why=why)
        return super().get(request, **kwargs)

    def act(self, form):
        self.object.close(*form.answer)


class AgendaPointDecideView(PointOfTheAddress, DecisionRecordView):
    """The form of a decision, for a point: the meeting is the point's, and the decision closes the point."""

    def get_object(self):
        self.point = super().get_object()
        model = self.point.subject_model
        if model is None or self.point.step is None:
            raise Http404("nothing is to be decided on this point")
        self.verb, self.step = self.point.verb, self.point.step
        return get_object_or_404(
            model._default_manager.visible_to(self.request.user), pk=self.point.object_id
        )

    def get_lead(self):
        return _("Point %(point)s of the meeting %(meeting)s.") % {
            "point": self.point,
            "meeting": self.meeting,
        }

    def get_initial(self):
        document = self.point.document
        return {"document_number": document.reference.with_codes} if document else {}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "at": self.meeting}

    def reasons_against(self):
        why = self.point.why_no_outcome()
        return [Reason(why)] if why else super().reasons_against()

    def back_to(self):
        return self.meeting

    def silence_address(self):
        """None: the point is for the meeting."""
        return ""

    def act(self, form):
        if self.point.decision_id:
            raise NotAllowed(self.point.why_no_outcome())
        super().act(form)
