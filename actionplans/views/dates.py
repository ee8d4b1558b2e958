"""Days of what is due: original and agreed beside each other, when it was done, and later days asked and answered."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans import extending
from actionplans.due_lines import milestone_lines, note_lines
from actionplans.due_things import milestones_seen
from actionplans.forms_dates import ExtensionForm, ReachedForm
from actionplans.models import Extension, Milestone, MilestoneReached
from actionplans.views.locked import LockableCreateView
from actionplans.views.notes import find_action
from actionplans.views.terms import parents_of
from editing.views import ActView, EditView, StepView
from publishing.words import day_words
from strategy_portal.dates import brussels_today


@require_safe
def action_dates(request, number, action):
    """Everything of an action that is due on a day: milestones and progress notes, with every later day."""
    row, today = find_action(request.user, number, action), brussels_today()
    notes = note_lines(request.user, row, today)
    return render(
        request,
        "actionplans/action_dates.html",
        {
            "action": row,
            "plan": row.plan,
            "milestones": milestone_lines(request.user, row, today),
            "notes": notes,
            "begins_a_note": row.lead_id in request.user.editor_of and not all(line.url for line in notes),
            "later": _("Later days asked") if reads_requests(request.user, row) else _("Later days agreed"),
        },
    )


def reads_requests(user, action) -> bool:
    """Whether a person sees every request for a later day of an action; others see those that were agreed."""
    return user.is_secretariat or action.lead_id in user.delegation_ids


class MilestoneReachView(ActView):
    """The lead says on which day a milestone was reached."""

    form_class = ReachedForm
    verb = "reach"
    submit_label = gettext_lazy("Save the day")

    def get_object(self):
        action = {"number": self.kwargs["action"], "plan__number": self.kwargs["number"]}
        rows = milestones_seen(self.request.user).in_force().with_days()
        return get_object_or_404(
            rows, pk=self.kwargs["pk"], **{f"terms__action__{name}": value for name, value in action.items()}
        )

    def get_title(self):
        return _("When was it reached? %(title)s") % {"title": self.object.title}

    def get_lead(self):
        return _("Due on %(day)s.") % {"day": day_words(self.object.due_in_force)}

    def get_initial(self):
        return {"reached_on": self.object.reached_on}

    def get_success_url(self):
        return self.object.get_dates_url()

    get_cancel_url = get_success_url

    def get_breadcrumb(self):
        return [*parents_of(self.object.terms.action), (_("Due dates"), self.object.get_dates_url())]

    def act(self, form):
        row = Milestone.objects.select_for_update(of=("self",)).get(pk=self.object.pk)
        day = form.cleaned_data["reached_on"]
        said = MilestoneReached.objects.filter(
            milestone__terms__action=row.terms.action_id, milestone__title=row.title
        )
        if day is None:
            for earlier in said:
                earlier.delete()
        elif own := said.filter(milestone=row).first():
            own.reached_on = day
            own.save()
        else:
            MilestoneReached.objects.create(milestone=row, reached_on=day)


def is_seen(user, subject) -> bool:
    """Whether a person sees the thing itself: of a note that is being written others know the day alone."""
    visible_to = getattr(type(subject)._default_manager, "visible_to", None)
    return visible_to is None or visible_to(user).filter(pk=subject.pk).exists()


# -- later days --------------------------------------------------------------------------------------------------------


def days_in_words(subject) -> str:
    """The day in force of a thing, and the original one where it is another."""
    words = {"day": day_words(subject.due_in_force), "original": day_words(subject.original_due_on)}
    if subject.due_in_force == subject.original_due_on:
        return _("Due on %(day)s.") % words
    return _("Due on %(day)s; originally on %(original)s.") % words


@require_safe
def extension_detail(request, pk):
    """One request for a later day and its answer."""
    rows = Extension.objects.visible_to(request.user).select_related("delegation", "asked_by", "answered_by")
    extension = get_object_or_404(rows, pk=pk)
    context = {
        "extension": extension,
        "subject": extension.subject,
        "may_edit": request.user.has_perm("actionplans.change_extension", extension),
        "why_locked": extension.why_locked(),
    }
    return render(request, "actionplans/extension_detail.html", context)


class ExtensionCreateView(LockableCreateView):
    """Whoever owes a thing asks for a later day."""

    form_class = ExtensionForm
    submit_label = gettext_lazy("Ask for this day")

    def check_permission(self):
        try:
            rows = extending.seen(self.kwargs["type"], self.request.user)
        except KeyError as error:
            raise Http404("nothing of this kind is due") from error
        self.subject = self.locked_thing = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not self.request.user.has_perm("actionplans.add_extension", self.subject):
            if not is_seen(self.request.user, self.subject):
                raise Http404("the day is shown to this reader, the thing is not")
            raise PermissionDenied

    def why_locked(self):
        return self.subject.why_no_later_day()

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "subject": self.subject}

    def get_title(self):
        return _("Ask for a later day: %(thing)s") % {"thing": self.subject.due_name}

    def get_lead(self):
        return days_in_words(self.subject) if self.subject.original_due_on else ""

    def save(self, form):
        asked = form.cleaned_data
        by = self.request.user
        return Extension.objects.ask(self.subject, asked["new_day"], asked["reason"], by=by)

    def get_breadcrumb(self):
        return [(_("Due dates"), self.subject.get_dates_url())]

    def get_cancel_url(self):
        return self.subject.get_dates_url()


class ExtensionOfTheAddress:
    """Finds the request that the address names."""

    def get_object(self):
        return get_object_or_404(Extension.objects.visible_to(self.request.user), pk=self.kwargs["pk"])


class ExtensionEditView(ExtensionOfTheAddress, EditView):
    """A request that is not answered yet."""

    form_class = ExtensionForm
    submit_label = gettext_lazy("Save the request")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "subject": self.object.subject}

    def get_title(self):
        return str(self.object)

    def get_lead(self):
        return days_in_words(self.object.subject)


class ExtensionStepView(ExtensionOfTheAddress, StepView):
    """The secretariat agrees or refuses; whoever asked withdraws."""

    @property
    def consequences(self):
        words = {"day": day_words(self.object.new_day), "before": day_words(self.object.due_on)}
        return {
            "agree": _("It is due on %(day)s from now on; the original day stays beside it.") % words,
            "refuse": _("It remains due on %(before)s.") % words,
            "withdraw": _("Nothing is asked any more; it remains due on %(before)s.") % words,
        }
