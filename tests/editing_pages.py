"""Pages made of editing's views over real records, for its tests: `ROOT_URLCONF` of tests/test_editing_*.py."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import include, path

from actionplans.models import Action, ActionParticipant, ActionPlan
from council.models import Meeting
from editing.forms import PortalForm, PortalModelForm, portal_inline_formset
from editing.views import ActView, CreateOnceView, EditView, StepView
from strategy_portal import urls
from strategy_portal.fields import TextBlock
from strategy_portal.workflow import NotAllowed, Reason


class MeetingForm(PortalModelForm):
    class Meta:
        model = Meeting
        fields = ["body", "held_on", "place"]


class MeetingCreateView(CreateOnceView):
    form_class = MeetingForm
    title = "New meeting"

    def get_success_url(self):
        return f"/editing/meetings/{self.object.pk}/"


class MeetingEditView(EditView):
    form_class = MeetingForm
    title = "Meeting"

    def get_queryset(self):
        return Meeting.objects.visible_to(self.request.user)

    def get_success_url(self):
        return f"/editing/meetings/{self.object.pk}/"

    get_cancel_url = get_success_url


class ActionForm(PortalModelForm):
    class Meta:
        model = Action
        fields = ["title", "summary", "lead", "starts_on", "ends_on", "objectives"]


class ParticipantForm(PortalModelForm):
    class Meta:
        model = ActionParticipant
        fields = ["delegation", "role"]


ParticipantFormSet = portal_inline_formset(Action, ActionParticipant, form=ParticipantForm, max_num=5)


class ActionEditView(EditView):
    form_class = ActionForm
    title = "Action"

    def get_queryset(self):
        return Action.objects.visible_to(self.request.user)

    def get_formsets(self, **bound):
        kwargs = {"user": self.request.user}
        lines = ParticipantFormSet(prefix="parts", instance=self.object, form_kwargs=kwargs, **bound)
        lines.title = "Participants"
        return {"parts": lines}

    def get_success_url(self):
        return f"/editing/actions/{self.object.pk}/"

    get_cancel_url = get_success_url


class ActionCreateView(CreateOnceView):
    form_class = ActionForm
    title = "New action"

    def prepare(self, form):
        form.instance.plan = ActionPlan.objects.get(pk=self.kwargs["plan"])
        form.instance.number = 1

    def get_success_url(self):
        return f"/editing/actions/{self.object.pk}/"


class PlanStepView(StepView):
    def get_queryset(self):
        return ActionPlan.objects.visible_to(self.request.user)

    def get_success_url(self):
        return f"/editing/plans/{self.object.pk}/"

    get_cancel_url = get_success_url


class RenameForm(PortalForm):
    title = forms.CharField()
    reason = TextBlock(required=False)


class PlanRenameView(ActView):
    form_class = RenameForm
    title = "Rename"
    verb = "change"

    def get_cancel_url(self):
        return f"/editing/plans/{self.object.pk}/"

    def get_queryset(self):
        return ActionPlan.objects.visible_to(self.request.user)

    def act(self, form):
        if form.cleaned_data["title"] == "refused":
            raise NotAllowed(Reason("The plan has a name already.", "/plans/"), Reason("And a number."))
        if form.cleaned_data["title"] == "forbidden":
            raise PermissionDenied
        self.object.title = form.cleaned_data["title"]
        self.object.save(update_fields=["title"])
        return f"/editing/plans/{self.object.pk}/"


def decision(request, type, pk, verb):
    return HttpResponse(f"{type} {pk} {verb}")


PlanStepView.decision_url_name = "editing_decision"

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
urlpatterns = [
    path("editing/meetings/new/", MeetingCreateView.as_view()),
    path("editing/meetings/<int:pk>/", MeetingEditView.as_view()),
    path("editing/plans/<int:plan>/actions/new/", ActionCreateView.as_view()),
    path("editing/actions/<int:pk>/", ActionEditView.as_view()),
    path("editing/plans/<int:pk>/rename/", PlanRenameView.as_view()),
    path("editing/plans/<int:pk>/<str:verb>/", PlanStepView.as_view()),
    path("editing/decisions/<str:type>/<int:pk>/<str:verb>/", decision, name="editing_decision"),
    path("", include(urls)),
]
