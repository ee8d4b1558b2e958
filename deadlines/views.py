"""My work, the deadlines before me, the ledger of reminders, and the days on which reminders are due."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_filters.views import FilterView

from accounts.querysets import keeps_people
from deadlines import agenda, overview
from deadlines.filters import AgendaForm, ReminderFilter
from deadlines.forms import LeadTimesForm
from deadlines.models import LeadTimes, Reminder
from deadlines.schedule import BY_CODE
from deadlines.work import lead_of, work_of
from editing.lists import AnyPage
from editing.views import EditView
from strategy_portal.dates import brussels_today

SHOWN = 7  # duties on the first page; the rest stands behind "See all"


@require_safe
def home(request):
    """What this person must do next, by when, with a link straight to it."""
    today = brussels_today()
    work = work_of(request.user, today)
    context = {
        "duties": work.duties[:SHOWN],
        "count": len(work.duties),
        "failed": work.failed,
        "work_lead": lead_of(work, today),
        "others": work.others[:SHOWN],
        "others_count": len(work.others),
        "holders": overview.holders(request.user, today) if work.others else [],
        "next": None if work.duties else agenda.next_date(request.user, today),
        "sent": overview.sent_by(request.user),
        "position": overview.position(request.user, today),
    }
    return render(request, "deadlines/home.html", context)


@require_safe
def deadline_list(request):
    """The agenda by month: all that the person may see, or what they have to do."""
    today = brussels_today()
    form = AgendaForm(request.GET)
    entries, failed = [], []
    if form.is_valid():
        if whose := form.cleaned_data["whose"]:
            work = work_of(request.user, today)
            entries, failed = work.others if whose == "delegation" else work.duties, work.failed
        else:
            entries = agenda.agenda(request.user, today)
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "months": agenda.by_month(page.object_list, today),
        "failed": failed,
    }
    return render(request, "deadlines/deadline_list.html", context)


class ReminderListView(AnyPage, FilterView):
    """The ledger: every lead time that was reached, told or skipped, newest first."""

    filterset_class = ReminderFilter
    template_name = "deadlines/reminder_list.html"
    paginate_by = 50

    def get_queryset(self):
        rows = Reminder.objects.visible_to(self.request.user)
        return rows.select_related("post__delegation", "post__body", "notification")

    def get_filterset_kwargs(self, filterset_class):
        return {**super().get_filterset_kwargs(filterset_class), "user": self.request.user}


@require_safe
def leadtimes_list(request):
    """When reminders are due, for every kind of deadline."""
    rows = {row.rule: row for row in LeadTimes.objects.visible_to(request.user)}
    kept = [(rule.label, rows[code]) for code, rule in BY_CODE.items() if code in rows]
    return render(
        request, "deadlines/leadtimes_list.html", {"kept": kept, "may_change": keeps_people(request.user)}
    )


class LeadTimesEditView(EditView):
    """Other days of reminders for one kind of deadline; what was told already is not told again."""

    form_class = LeadTimesForm

    def get_object(self):
        return get_object_or_404(LeadTimes.objects.visible_to(self.request.user), rule=self.kwargs["rule"])

    def get_title(self):
        return _("Days of reminders: %(rule)s") % {"rule": BY_CODE[self.object.rule].label}

    def get_breadcrumb(self):
        return [(_("Days of reminders"), self.get_cancel_url())]
