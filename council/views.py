"""The institutional record, kept by the secretariat: meetings, documents, decisions."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, ProtectedError, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import DetailView, ListView

from council.agenda import agenda_of
from council.filters import DecisionFilter, DocumentFilter, MeetingFilter
from council.forms import DecisionForm, DeletionForm, DocumentForm, MeetingForm
from council.models import AgendaPoint, Decision, Document, Meeting, SilenceProcedure
from council.querysets import OCCASION, decided_models
from editing import once
from editing.history import first_change, last_taken
from editing.lists import AnyPage
from editing.pages import CONFLICT
from editing.views import ActView, CreateOnceView, EditView
from strategy_portal.dates import BRUSSELS, brussels_today
from strategy_portal.workflow import NotAllowed, Reason, within_sentence

MEETINGS = (gettext_lazy("Meetings"), reverse_lazy("council:meeting_list"))
DOCUMENTS = (gettext_lazy("Documents"), reverse_lazy("council:document_list"))
DECISIONS = (gettext_lazy("Decisions"), reverse_lazy("council:decision_list"))


class FilteredListView(AnyPage, ListView):
    """The rows that the reader sees, narrowed by a GET form."""

    paginate_by = 50
    filter_class = None
    noun = ""
    add_permission = ""

    def get_queryset(self):
        self.filter = self.filter_class(self.request.GET)
        return self.filter.narrow(self.model.objects.visible_to(self.request.user))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            filter_form=self.filter,
            noun=self.noun,
            is_filtered=any(self.request.GET.values()),
            may_add=bool(self.add_permission) and self.request.user.has_perm(self.add_permission),
            **kwargs,
        )


class MeetingListView(FilteredListView):
    model = Meeting
    filter_class = MeetingFilter
    noun = "meetings"
    add_permission = "council.add_meeting"

    def get_queryset(self):
        seen = Decision.objects.visible_to(self.request.user)
        points = AgendaPoint.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting")
        rows = super().get_queryset().select_related("body").with_presidency()
        rows = rows.annotate(
            decided=Count("decisions", filter=Q(decisions__in=seen), distinct=True),
            on_agenda=Coalesce(Subquery(points.annotate(number=Count("pk")).values("number")), 0),
        )
        return rows.order_by("-held_on", "body__order", "pk")

    def get_context_data(self, **kwargs):
        may_see = self.request.user.has_perm("council.view_handover")
        return super().get_context_data(may_see_handover=may_see, **kwargs)


class MeetingDetailView(DetailView):
    """A meeting with its agenda and what was decided there, as far as the reader sees it."""

    def get_queryset(self):
        return Meeting.objects.visible_to(self.request.user).select_related("body").with_presidency()

    def get_context_data(self, **kwargs):
        user, meeting = self.request.user, self.object
        decisions = list(
            Decision.objects.visible_to(user).filter(meeting=meeting).select_related(*OCCASION, "document")
        )
        lines = agenda_of(meeting, user, decisions)
        may_change = user.has_perm("council.change_meeting", meeting)
        earlier = AgendaPoint.objects.visible_to(user).postponed_before(meeting)
        at_points = {line.point.decision_id for line in lines}
        return super().get_context_data(
            lines=lines,
            decisions=[decision for decision in decisions if decision.pk not in at_points],
            is_to_come=meeting.held_on > brussels_today(),
            may_change=may_change,
            postponed=earlier.select_related("meeting__body") if may_change else [],
            **kwargs,
        )


class RecordCreateView(CreateOnceView):
    """A new row of the institutional record."""

    parent = ()

    def check_permission(self):
        if not self.request.user.has_perm(self.permission()):
            raise PermissionDenied

    def get_breadcrumb(self):
        return [self.parent]

    def get_cancel_url(self):
        return self.parent[1]


class MeetingCreateView(RecordCreateView):
    form_class = MeetingForm
    title = gettext_lazy("New meeting")
    submit_label = gettext_lazy("Save the meeting")
    parent = MEETINGS


class MeetingEditView(EditView):
    form_class = MeetingForm
    title = gettext_lazy("Change the meeting")
    submit_label = gettext_lazy("Save the meeting")

    def get_queryset(self):
        return Meeting.objects.visible_to(self.request.user)

    def get_breadcrumb(self):
        return [MEETINGS, (self.object, self.object.get_absolute_url())]


class MeetingDeleteView(ActView):
    """Takes back a meeting at which nothing is on the agenda and nothing was decided; its history stays."""

    form_class = DeletionForm
    template_name = "council/delete.html"
    verb = "delete"
    submit_label = gettext_lazy("Delete the meeting")

    def get_queryset(self):
        return Meeting.objects.visible_to(self.request.user).select_related("body")

    def begin(self):
        try:
            super().begin()
        except Http404:
            if self.request.method != "POST" or once.earlier(self.request) is None:
                raise

    def get(self, request, **kwargs):
        self.begin()
        if why := self.object.why_kept():
            return self.page("editing/too_late.html", CONFLICT, why=why)
        return super().get(request, **kwargs)

    def get_title(self):
        return _("Delete the meeting %(meeting)s") % {"meeting": self.object or ""}

    def get_breadcrumb(self):
        return [MEETINGS, (self.object, self.object.get_absolute_url())] if self.object else [MEETINGS]

    def get_context_data(self, **context):
        return super().get_context_data(
            consequence=_("The meeting is taken off the record. Its history stays."), **context
        )

    def act(self, form):
        meeting = self.object.lock()
        if why := meeting.why_kept():
            raise NotAllowed(Reason(why))
        self.success_message = _("The meeting is deleted: %(meeting)s.") % {"meeting": self.object}
        try:
            meeting.delete()
        except ProtectedError as error:
            raise NotAllowed(_("Other records name this meeting; it stays.")) from error
        self.object = None
        return reverse("council:meeting_list")


class DocumentListView(FilteredListView):
    model = Document
    filter_class = DocumentFilter
    noun = "documents"
    add_permission = "council.add_document"


class DocumentDetailView(DetailView):
    """A document, those before, after and beside it, and what was decided with it, as far as the reader sees them."""

    def get_queryset(self):
        return Document.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        seen = Document.objects.visible_to(self.request.user)
        decisions = Decision.objects.visible_to(self.request.user).filter(document=self.object)
        return super().get_context_data(
            decisions=decisions.select_related(*OCCASION, "document"),
            previous=seen.filter(followed_by=self.object).distinct(),
            followed_by=seen.filter(previous=self.object).distinct(),
            same_number=seen.with_same_number(self.object),
            marking=Document.Marking.LIMITE if self.object.is_reference_only else self.object.marking,
            may_change=self.request.user.has_perm("council.change_document", self.object),
            **kwargs,
        )


class DocumentCreateView(RecordCreateView):
    form_class = DocumentForm
    template_name = "council/document_form.html"
    title = gettext_lazy("New document")
    submit_label = gettext_lazy("Save the document")
    parent = DOCUMENTS


class DocumentEditView(EditView):
    form_class = DocumentForm
    template_name = "council/document_form.html"
    title = gettext_lazy("Change the document")
    submit_label = gettext_lazy("Save the document")

    def get_queryset(self):
        return Document.objects.visible_to(self.request.user)

    def get_breadcrumb(self):
        return [DOCUMENTS, (self.object, self.object.get_absolute_url())]


class DecisionListView(FilteredListView):
    model = Decision
    filter_class = DecisionFilter
    noun = "decisions"

    def get_queryset(self):
        return super().get_queryset().select_related(*OCCASION, "document")


class DecisionDetailView(DetailView):
    """A decision; meeting, document and subject are linked where the reader sees them."""

    def get_queryset(self):
        return Decision.objects.visible_to(self.request.user).select_related(
            *OCCASION, "document", "recorded_by"
        )

    def get_context_data(self, **kwargs):
        decision, reader = self.object, self.request.user
        return super().get_context_data(
            meeting_url=self._url_if_seen(Meeting, decision.meeting_id),
            silence_url=self._url_if_seen(SilenceProcedure, decision.silence_id),
            document_url=self._url_if_seen(Document, decision.document_id),
            subject_url=self._url_if_seen(decision.content_type.model_class(), decision.object_id),
            may_see_who=reader.is_secretariat or reader.is_delegate,
            **kwargs,
        )

    def _url_if_seen(self, model, pk):
        thing = model._default_manager.visible_to(self.request.user).filter(pk=pk).first() if pk else None
        return thing.get_absolute_url() if thing else ""


def thing_to_decide(user, *, type, pk, verb):
    """The thing of an address and its step that a decision takes; 404 where there is none that the reader sees.

    A model may name in `NAMED_WITH` what its name and its needs are read from, to be fetched with it.
    """
    model = {model._meta.label_lower: model for model in decided_models()}.get(type)
    step = model.STEPS.get(verb) if model else None
    if step is None or not step.by_decision:
        raise Http404("no such decision")
    rows = model._default_manager.visible_to(user)
    if with_it := getattr(model, "NAMED_WITH", ()):
        rows = rows.select_related(*with_it)
    return get_object_or_404(rows, pk=pk), step


class DecisionRecordView(ActView):
    """The one form by which a decision is recorded: it takes the step that the decision decides, or leaves nothing.

    The subject is any thing with a step that is taken by a decision. It may define `before_deciding(verb)`: sentences
    that whoever records the decision should read first, `decidable_since(verb)`: the day before which what is decided
    on was not there, and `told_of(verb)`: what becomes of it, where its new state alone would say too much.
    """

    form_class = DecisionForm
    template_name = "council/decision_record.html"
    submit_label = gettext_lazy("Record the decision")

    def get_object(self):
        self.verb = self.kwargs["verb"]
        thing, self.step = thing_to_decide(self.request.user, **self.kwargs)
        return thing

    def get_title(self):
        return _("%(step)s: %(thing)s") % {"step": self.step.label or self.verb, "thing": self.object}

    def get_consequence(self):
        """What recording the decision does, in a sentence; `told_of(verb)` of the thing says it where it is more."""
        if said := self.told_of():
            return said
        states = dict(self.object._meta.get_field("status").flatchoices)
        before, after = self.object.status, self.step.target
        if before == after:
            return _("%(thing)s stays as it is (%(now)s); the decision is added.") % {
                "thing": self.object, "now": within_sentence(states[before]),
            }  # fmt: skip
        return ngettext(
            "%(thing)s goes from %(now)s to %(then)s.",
            "%(thing)s go from %(now)s to %(then)s.",
            self.object.VERB_NUMBER,
        ) % {
            "thing": self.object, "now": within_sentence(states[before]), "then": within_sentence(states[after]),
        }  # fmt: skip

    def told_of(self):
        """What the thing itself says of the step, or ""."""
        own = getattr(self.object, "told_of", None)
        return own(self.verb) if own else ""

    def get_form_kwargs(self):
        tabled = last_taken(self.object, "table")
        first = None if tabled else first_change(self.object)
        days = [
            first.at.astimezone(BRUSSELS).date() if first else None,
            self.object.decidable_since(self.verb) if hasattr(self.object, "decidable_since") else None,
        ]
        here_since = max(filter(None, days), default=None)
        kwargs = {
            "step": self.step,
            "here_since": here_since,
            "tabled_on": tabled.at.astimezone(BRUSSELS).date() if tabled else None,
            "about": self.object,
        }
        return {**super().get_form_kwargs(), **kwargs}

    def get(self, request, **kwargs):
        self.begin()
        form, formsets = self.opened()
        form.carry_key()
        return self.form_page(form, formsets, reasons=self.reasons_against())

    def reasons_against(self):
        """Why the decision cannot be recorded now."""
        return self.object.reasons_against(self.verb, self.request.user)

    def back_to(self):
        """What the way back leads to."""
        return self.object

    def silence_address(self):
        """Where the same is asked by silence procedure."""
        asked = {"type": self.object._meta.label_lower, "pk": self.object.pk, "verb": self.verb}
        return reverse("council:silenceprocedure_create", kwargs=asked)

    def get_context_data(self, **context):
        before_deciding = getattr(self.object, "before_deciding", lambda verb: [])
        return super().get_context_data(
            consequence=self.get_consequence(),
            warnings=before_deciding(self.verb),
            silence_url=self.silence_address(),
            back_to=self.back_to(),
            panel_page=f"decision:{self.object._meta.label_lower}:{self.verb}",
            **context,
        )

    def act(self, form):
        told = self.told_of()
        Decision.objects.record(
            self.object,
            self.verb,
            meeting=form.meeting_row(),
            document=form.document_row(),
            text=form.cleaned_data["text"],
            by=self.request.user,
        )
        if told:
            self.success_message = _("The decision is recorded. %(told)s") % {"told": told}
            return
        self.success_message = ngettext(
            "The decision is recorded: %(thing)s is now %(state)s.",
            "The decision is recorded: %(thing)s are now %(state)s.",
            self.object.VERB_NUMBER,
        ) % {
            "thing": self.object, "state": self.object.state_words,
        }  # fmt: skip
