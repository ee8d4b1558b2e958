"""Progress notes of an action: all periods with and without a note, one note, and its forms and steps."""

from datetime import date
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from actionplans.forms_notes import ProgressNoteForm
from actionplans.models import Action, Indicator, ProgressNote
from actionplans.periods import HANDED_IN, Period, periods_for
from actionplans.progress import PeriodNote, no_note_words, notes_of
from actionplans.views.actions import actions_of
from actionplans.views.locked import LockableCreateView
from actionplans.views.missing import action_of_the_address, no_period
from actionplans.views.terms import parents_of
from editing.views import EditView, StepView
from publishing.markdown import blocks_of
from publishing.page import prose
from publishing.words import day_words
from strategy_portal.dates import brussels_today
from strategy_portal.workflow import NotAllowed, Reason


def find_action(user, number, action):
    """The action of the address with its notes; says what is missing when the reader does not see it."""
    rows = actions_of(user, number).select_related("plan", "lead").with_notes(user)
    return action_of_the_address(user, rows, number, action)


def find_note(user, action, ends_on):
    """The note on a period; says what is missing when the reader sees none."""
    note = ProgressNote.objects.visible_to(user).filter(action=action, period_ends_on=ends_on).first()
    if note is None:
        raise no_period(action, ends_on)
    note.action = action
    return note


class NoteLine(NamedTuple):
    """One period in the list: its note and how late it came, what is said where there is none, where it leads."""

    note: PeriodNote
    delay: int | None
    none: str
    url: str
    write_url: str


@require_safe
def progressnote_list(request, number, action):
    """Every period of the action that has begun, the newest first: its note, or that there is none."""
    row = find_action(request.user, number, action)
    today, reads_every = brussels_today(), row.reads_every_note
    may_write = request.user.has_perm("actionplans.add_progressnote", row)
    lines = []
    for note in reversed(notes_of(row, today)):
        address = [number, action, note.period.ends_on]
        lines.append(
            NoteLine(
                note,
                note.delay(today),
                "" if note.status else no_note_words(note.period, reads_every),
                reverse("actionplans:progressnote_detail", args=address) if note.status else "",
                reverse("actionplans:progressnote_create", args=address)
                if may_write and not note.status
                else "",
            )
        )
    context = {"action": row, "plan": row.plan, "lines": lines, "reads_every": reads_every}
    return render(request, "actionplans/progressnote_list.html", context)


@require_safe
def progressnote_detail(request, number, action, ends_on):
    """One note: what the lead states, and whether the working party has confirmed it."""
    row = find_action(request.user, number, action)
    note = find_note(request.user, row, ends_on)
    context = {
        "action": row,
        "plan": row.plan,
        "note": note,
        "delay": note.delay(brussels_today()),
        "is_handed_in": note.status in HANDED_IN,
        "texts": texts_of(note),
        "values": note.values.select_related("indicator"),
        "may_edit": request.user.has_perm("actionplans.change_progressnote", note),
        "why_locked": note.why_locked(),
    }
    return render(request, "actionplans/progressnote_detail.html", context)


def texts_of(note):
    """The texts of a note with their headings; "" for what is not written."""
    fields = [note._meta.get_field(name) for name in note.TEXTS]
    return [
        (field.name, field.verbose_name, prose(blocks_of(getattr(note, field.name)), level=4))
        for field in fields
    ]


def indicators_for(action, note=None):
    """What a note is asked: the indicators of the agreed terms, and those that it has answered under earlier ones."""
    asked = Q(terms__action=action, terms__status="agreed")
    if note is not None:
        asked |= Q(values__note=note)
    return Indicator.objects.filter(asked).order_by("terms", "order").distinct()


def why_no_note(action, period: Period, today: date) -> str:
    """Why no note on a period can be begun now, or ""."""
    if period.begins_on > today:
        return _("%(period)s has not begun yet.") % {"period": period}
    if action.notes.filter(period_ends_on=period.ends_on).exists():
        return _("The note on %(period)s is begun already.") % {"period": period}
    return ""


class BesideTheLast:
    """Shows the note on the period before beside the form."""

    template_name = "actionplans/progressnote_form.html"
    form_class = ProgressNoteForm
    submit_label = gettext_lazy("Save the draft")

    def get_context_data(self, **context):
        found = super().get_context_data(**context)
        action, ends_on = self.about()
        notes = ProgressNote.objects.visible_to(self.request.user).filter(action=action)
        before = notes.filter(period_ends_on__lt=ends_on).order_by("-period_ends_on").first()
        if before is not None:
            before.action = action
            found |= {
                "before": before,
                "before_texts": texts_of(before),
                "before_values": before.values.select_related("indicator"),
            }
        return found

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "indicators": self.indicators}

    @cached_property
    def indicators(self):
        """What the form asks; looked for once."""
        return list(indicators_for(self.about()[0], self.object))


class ProgressNoteCreateView(BesideTheLast, LockableCreateView):
    """The lead begins the note on a period."""

    def check_permission(self):
        self.action = self.locked_thing = find_action(
            self.request.user, self.kwargs["number"], self.kwargs["action"]
        )
        if not self.request.user.has_perm("actionplans.add_progressnote", self.action):
            raise PermissionDenied
        ends_on = self.kwargs["ends_on"]
        found = [period for period in periods_for(self.action) if period.ends_on == ends_on]
        if not found:
            raise no_period(self.action, ends_on)
        self.period = found[0]

    def about(self):
        return self.action, self.period.ends_on

    def why_locked(self):
        return why_no_note(self.action, self.period, brussels_today())

    def get_title(self):
        return _("Progress note on action %(number)s, %(period)s") % {
            "number": self.action.reference,
            "period": self.period,
        }

    def get_lead(self):
        return self.action.title

    def prepare(self, form):
        note = form.instance
        note.action, (note.period_begins_on, note.period_ends_on) = self.action, self.period

    def save(self, form):
        action = Action.objects.select_for_update().get(pk=self.action.pk)
        if why := why_no_note(action, self.period, brussels_today()):
            raise NotAllowed(Reason(why))
        return form.save()

    def get_breadcrumb(self):
        return parents_of_notes(self.action)

    def get_cancel_url(self):
        return reverse("actionplans:progressnote_list", args=[self.action.plan.number, self.action.number])


def parents_of_notes(action):
    """The pages above a note of an action."""
    url = reverse("actionplans:progressnote_list", args=[action.plan.number, action.number])
    return [*parents_of(action), (_("Progress notes"), url)]


class NoteOfTheAddress:
    """Finds the note that the address names."""

    def get_object(self):
        user = self.request.user
        action = find_action(user, self.kwargs["number"], self.kwargs["action"])
        return find_note(user, action, self.kwargs["ends_on"])

    def get_breadcrumb(self):
        return [
            *parents_of_notes(self.object.action),
            (str(self.object.period), self.object.get_absolute_url()),
        ]


class ProgressNoteEditView(BesideTheLast, NoteOfTheAddress, EditView):
    """A note, as long as it is a draft or has been returned."""

    def about(self):
        return self.object.action, self.object.period_ends_on

    def get_title(self):
        return str(self.object)

    def get_lead(self):
        return self.object.action.title


class ProgressNoteStepView(NoteOfTheAddress, StepView):
    """The steps of a note."""

    consequences = {
        "submit": gettext_lazy(
            "The secretariat then reads it and confirms or returns it. Others see it once it is confirmed."
        ),
        "confirm": gettext_lazy("Everybody who sees the action then reads the note. It no longer changes."),
        "return_to_lead": gettext_lazy("The lead reads your reason on top of the note and submits it again."),
    }

    def get_doubt(self):
        """A note that comes before its period is over is asked back once, and taken.

        It is not refused: what is completed has nothing more to report, and a lead that is away when the period ends
        had better be early than late. But what happens after it would stand in no note.
        """
        ends_on = self.object.period_ends_on
        if self.verb != "submit" or self.object.why_locked() or brussels_today() >= ends_on:
            return ""
        said = _(
            "The period ends on %(day)s. What happens until then would not be in the note. Submit it now all the same?"
        )
        return said % {"day": day_words(ends_on)}
