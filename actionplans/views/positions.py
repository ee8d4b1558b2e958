"""What a delegation holds of tabled terms of reference, given by its submitter."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Delegation
from actionplans.models import TermsOfReference
from actionplans.views.terms import find_action, parents_of
from council.forms_silence import PositionForm
from council.models import Position
from editing.views import ActView
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed


class TermsPositionView(ActView):
    """The position of one delegation on tabled terms of reference, changed until they are agreed or returned."""

    verb = "answer"
    form_class = PositionForm
    submit_label = gettext_lazy("Save the position")

    def get_object(self):
        action = find_action(self.request, self.kwargs["number"], self.kwargs["action"])
        seen = TermsOfReference.objects.visible_to(self.request.user).select_related("action__plan")
        terms = get_object_or_404(seen, action=action, version=self.kwargs["version"])
        asked = Delegation.objects.sitting(brussels_today())
        self.delegation = asked.filter(code=self.kwargs["code"]).first()
        if self.delegation is None or not (self.request.user.is_secretariat or self.request.user.is_delegate):
            raise Http404("no such delegation is asked")
        return terms

    def check_permission(self):
        super().check_permission()
        if self.delegation.pk not in self.request.user.submitter_of:
            raise PermissionDenied

    def get_title(self):
        return _("Position of %(delegation)s") % {"delegation": self.delegation}

    def get_lead(self):
        return _("%(terms)s. You can change the position until they are agreed or returned to draft.") % {
            "terms": self.object
        }

    def get_breadcrumb(self):
        terms_url = reverse(
            "actionplans:terms_detail", args=[self.object.action.plan.number, self.object.action.number]
        )
        return [*parents_of(self.object.action), (_("Terms of reference"), terms_url)]

    def get_initial(self):
        given = Position.objects.on(self.object).filter(delegation=self.delegation, ended_at=None).first()
        return {"stance": given.stance, "text": given.text} if given else {}

    def get(self, request, **kwargs):
        self.begin()
        form, formsets = self.opened()
        form.carry_key()
        why = self.object.why_no_position()
        return self.form_page(form, formsets, reasons=NotAllowed(why).reasons if why else [])

    def act(self, form):
        data = form.cleaned_data
        position = Position.objects.state(
            self.object, self.delegation, data["stance"], data["text"], by=self.request.user
        )
        self.success_message = _("Recorded: %(position)s.") % {"position": position}

    def get_success_url(self):
        number, action, version, _code = self.kwargs.values()
        return reverse("actionplans:terms_version", args=[number, action, version]) + "#positions"
