"""Lines of a draft: add, change, remove."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editing import once
from editing.forms import PortalForm
from editing.views import ActView, CreateOnceView, EditView
from jcos.models import Measure, ResultLine
from jcos.result_forms import LineForm
from jcos.views.sections import DraftMixin
from strategy_portal.workflow import NotAllowed

REPEATED = ["found_on", "place", "mode", "departure", "transhipment", "destination", "phase"]


class LineMixin(DraftMixin):
    """What the pages of a line share: their draft, and the way back to its list of lines."""

    form_class = LineForm
    template_name = "jcos/line_form.html"

    def get_breadcrumb(self):
        return [*super().get_breadcrumb(), (_("Findings"), self.findings_url())]

    def findings_url(self):
        """The list of the draft's lines."""
        return reverse("jcos:submission_findings", args=self.submission.address)

    def get_cancel_url(self):
        return self.findings_url()

    def find_line(self):
        """The submission and its line of the address; a line of another draft is not there."""
        self.submission = self.get_submission()
        lines = self.submission.lines.select_related("measure", "commodity", "unit")
        return get_object_or_404(lines, pk=self.kwargs["pk"])

    def get_success_url(self):
        if self.request.POST.get("then") == "another":
            address = reverse("jcos:line_create", args=self.submission.address)
            return f"{address}?like={self.object.pk}"
        return self.findings_url()


class LineCreateView(LineMixin, CreateOnceView):
    """One more thing that was found."""

    title = gettext_lazy("Add a line")
    submit_label = gettext_lazy("Save the line")

    submission = None

    def begin(self):
        if self.submission is None:
            self.submission = self.get_submission()
            super().begin()

    def get(self, request, **kwargs):
        self.begin()
        if why := self.why_not():
            return self.page("jcos/locked.html", why=why)
        return super().get(request, **kwargs)

    def why_not(self):
        """Why no line can be added, or ""."""
        if self.submission.is_nil:
            return _("This is a nil return. Take it back on the page of findings before you add a line.")
        return self.submission.why_locked()

    def get_initial(self):
        """A first line begins with what is most often reported; a further one repeats day, place and route."""
        phase = "operational" if self.submission.operation.status == "operational" else "post_operational"
        found = {"measure": Measure.objects.filter(code="seized").first(), "phase": phase}
        like = self.request.GET.get("like", "")
        line = self.submission.lines.filter(pk=like).first() if like.isdecimal() and len(like) < 18 else None
        return found | ({name: getattr(line, name) for name in REPEATED} if line else {})

    def prepare(self, form):
        form.instance.submission = self.submission

    def save(self, form):
        row = self.lock()
        if row.is_nil:
            raise NotAllowed(
                _("This is a nil return. Take it back on the page of findings before you add a line.")
            )
        return form.save()


class LineEditView(LineMixin, EditView):
    """A line of the draft."""

    title = gettext_lazy("Change a line")
    submit_label = gettext_lazy("Save the line")

    def get_object(self):
        return self.find_line()

    def begin(self):
        if self.object is None:
            super().begin()

    def permission(self):
        return "jcos.change_resultline"

    def get(self, request, **kwargs):
        self.begin()
        if why := self.submission.why_locked():
            return self.page("jcos/locked.html", why=why)
        return super().get(request, **kwargs)

    def prepare(self, form):
        self.lock()


class LineDeleteView(LineMixin, ActView):
    """Take a line out of the draft."""

    form_class = PortalForm
    template_name = "jcos/line_delete.html"
    title = gettext_lazy("Remove a line")
    submit_label = gettext_lazy("Remove the line")
    verb = "remove"
    success_message = gettext_lazy("The line was removed.")

    def post(self, request, **kwargs):
        earlier = once.earlier(request)
        if earlier is not None and earlier.body_digest == once.body_digest(request):
            return HttpResponseRedirect(earlier.result_url)
        return super().post(request, **kwargs)

    def get_object(self):
        return self.find_line()

    def begin(self):
        if self.object is None:
            super().begin()

    def get(self, request, **kwargs):
        self.begin()
        if why := self.submission.why_locked():
            return self.page("jcos/locked.html", why=why)
        return super().get(request, **kwargs)

    def act(self, form):
        self.lock()
        if not ResultLine.objects.filter(pk=self.object.pk).delete()[0]:
            raise Http404("somebody else has removed it")
        return self.findings_url()
