"""Moving, withdrawing and taking back the parts of a draft; each asks why."""

from collections import defaultdict

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.amend_forms import AmendForm, MoveForm
from actionplans.amending import (
    Change,
    Part,
    amending,
    code_of,
    find,
    find_objective,
    find_withdrawn,
    move_objective,
    name_of,
    named,
    not_in_the_draft,
    record,
    restore,
    rows_of,
    shift,
    siblings_of,
    why_kept,
    with_sub_points,
    withdraw,
)
from actionplans.models import ActionObjective, Wording
from actionplans.querysets import IN_PREPARATION, UNFINISHED
from actionplans.reading import serving
from actionplans.views.amending import DraftPage, anchor, version_to_amend
from editing import once
from editing.conflicts import typed
from editing.pages import CONFLICT
from editing.views import ActView
from strategy_portal.workflow import NotAllowed


class PartActView(DraftPage, ActView):
    """Does something to a part of a draft, once, with a reason."""

    form_class = AmendForm
    template_name = "actionplans/part_act.html"

    version = None

    def begin(self):
        if self.version is not None:
            return
        self.version = version_to_amend(self.request.user, self.kwargs["slug"], self.kwargs["number"])
        try:
            self.object = self.get_object()
        except Http404:
            if self.request.method != "POST" or once.earlier(self.request) is None:
                raise
            self.object = None

    def get_part(self):
        """The kind of part that the address names; a 404 that says which there are for another word."""
        try:
            return Part(self.kwargs["part"])
        except ValueError:
            why = _("“%(word)s” is no part of a text. The parts are %(kinds)s.")
            words = {"word": self.kwargs["part"], "kinds": ", ".join(Part.values)}
            raise not_in_the_draft(self.version, why % words) from None

    def get_object(self):
        return find(self.version, self.get_part(), self.kwargs["code"])

    def get(self, request, **kwargs):
        self.begin()
        if why := self.why_not():
            return self.locked(why)
        return super().get(request, **kwargs)

    def why_not(self):
        """Why this cannot be done now, or ""."""
        return self.version.why_locked()

    def act(self, form):
        with amending(self.version) as version:
            self.object = self.do(version, form)
        return self.get_success_url()

    def row(self, version):
        """The part as it is now that the version is held. Raises NotAllowed when it is gone."""
        part, code = self.get_part(), self.kwargs["code"]
        row = next((row for row in rows_of(version, part) if code_of(row) == code), None)
        if row is None:
            raise NotAllowed(_("This part has been withdrawn meanwhile."))
        return row

    def do(self, version, form):
        """Do it, and give back the part that the page then shows, or None."""
        raise NotImplementedError

    def refused(self, error):
        if isinstance(error, NotAllowed):
            return self.locked(str(error), typed(self.posted_forms()[0]))
        return super().refused(error)

    def locked(self, why, entries=()):
        """409 with the reason; nothing typed is lost."""
        return self.page("editing/too_late.html", CONFLICT, why=why, typed=list(entries))

    def get_success_url(self):
        place = f"#{anchor(self.object)}" if self.object is not None else ""
        return f"{self.version.address('strategyversion_edit')}{place}"

    def name(self):
        """The part in words; "" when a repeated post finds it gone."""
        return name_of(self.object) if self.object is not None else ""


class PartShiftView(PartActView):
    """One place up or down."""

    verb = "move"

    submit_label = gettext_lazy("Move it")

    def get_object(self):
        if self.kwargs["direction"] not in ("up", "down"):
            raise not_in_the_draft(self.version, _("A part moves up or down."))
        return super().get_object()

    def step(self):
        """One place up (-1) or down (1)."""
        return -1 if self.kwargs["direction"] == "up" else 1

    def get_title(self):
        words = _("Move %(part)s up") if self.step() < 0 else _("Move %(part)s down")
        return words % {"part": self.name()}

    def neighbour(self):
        """The part with which this one changes places, or None at the end of the row."""
        siblings = siblings_of(self.object)
        place = siblings.index(self.object) + self.step()
        return siblings[place] if 0 <= place < len(siblings) else None

    def why_not(self):
        if why := super().why_not():
            return why
        if self.neighbour() is not None:
            return ""
        return _("It is the first already.") if self.step() < 0 else _("It is the last already.")

    def get_context_data(self, **context):
        neighbour = self.neighbour() if self.object is not None else None
        consequence = ""
        if neighbour is not None:
            words = (
                _("It will stand before %(other)s.")
                if self.step() < 0
                else _("It will stand after %(other)s.")
            )
            consequence = words % {"other": name_of(neighbour)}
        return super().get_context_data(consequence=consequence, **context)

    def do(self, version, form):
        row = self.row(version)
        shift(version, row, self.step())
        record(version, row, Change.MOVED, **form.why)
        return row


class ObjectiveMoveView(PartActView):
    """An objective goes under other addressees or to another place; it keeps its code."""

    verb = "move"
    form_class = MoveForm
    template_name = "actionplans/part_form.html"
    submit_label = gettext_lazy("Move the objective")

    def get_part(self):
        return Part.OBJECTIVE

    def get_object(self):
        return find_objective(self.version, self.kwargs["code"])

    def get_title(self):
        return _("Move %(part)s") % {"part": self.name()}

    def get_lead(self):
        return _("Its sub-points go with it. Its code stays, and so does everything that serves it.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "words": self.object or Wording(), "version": self.version}

    def do(self, version, form):
        words = self.row(version)
        move_objective(version, words, form.block, form.after, form.cleaned_data["letter"])
        record(version, words, Change.MOVED, **form.why)
        return words


class PartWithdrawView(PartActView):
    """A part leaves the draft; an objective keeps its identity, its history and what serves it."""

    verb = "withdraw"
    submit_label = gettext_lazy("Withdraw it")
    is_danger = True

    def get_title(self):
        return _("Withdraw %(part)s") % {"part": self.name()}

    def why_not(self):
        return super().why_not() or why_kept(self.object)

    def get_context_data(self, **context):
        row = self.object
        if isinstance(row, Wording):
            group = with_sub_points(row)
            context["goes_too"] = [words.objective.code for words in group[1:]]
            served = serving([words.objective_id for words in group], self.request.user)
            actions = {action.pk: action for found in served.values() for action in found}
            context |= told_apart(list(actions.values()), self.version, group)
            context["shown_text"] = row.text
        elif row is not None:
            context["shown_text"] = str(row)
        context["consequence"] = _(
            "It then stands no longer in this version. It can be taken back while the version is a draft."
        )
        return super().get_context_data(**context)

    def do(self, version, form):
        withdraw(version, self.row(version), **form.why)
        self.success_message = _("%(part)s is withdrawn from this version.") % {
            "part": self.name()[:1].upper() + self.name()[1:]
        }


def told_apart(actions, version, gone):
    """The actions that serve wordings that go: what runs, and what is proposed and would then serve nothing."""
    running = [action for action in actions if action.status in UNFINISHED]
    proposed = [
        action for action in actions if action.status == "proposed" and action.plan.status in IN_PREPARATION
    ]
    staying = objectives_left([*running, *proposed], version, gone)
    bare = [action for action in proposed if action.pk not in staying]
    return {
        "running": running,
        "left_without": [action for action in running if action.pk not in staying],
        "serves_more": [(action, staying[action.pk]) for action in running if action.pk in staying],
        "proposed_bare": bare,
        "other_actions": [action for action in actions if action not in running and action not in bare],
    }


def objectives_left(actions, version, gone):
    """The codes of what actions serve beside the wordings that go, by action: only what the version still has."""
    links = (
        ActionObjective.objects.filter(action__in=actions, objective__wordings__version=version)
        .exclude(objective__in=[words.objective_id for words in gone])
        .order_by("objective__order")
        .values_list("action", "objective__code")
    )
    found = defaultdict(list)
    for action, code in links if actions else ():
        found[action].append(code)
    return dict(found)


class PartRestoreView(PartActView):
    """A part that was withdrawn from the draft is taken back as it was."""

    verb = "take_back"
    submit_label = gettext_lazy("Take it back")

    def get_object(self):
        part, code = self.get_part(), self.kwargs["code"]
        change = find_withdrawn(self.version, part, code)
        if change is None:
            why = _("Nothing was withdrawn that version %(number)d could take back as %(part)s.")
            words = {"number": self.version.number, "part": named(part, code)}
            raise not_in_the_draft(self.version, why % words)
        return change

    def get_title(self):
        if self.object is None:
            return ""
        return _("Take back: %(part)s %(code)s") % {
            "part": self.object.get_part_display(), "code": self.object.code,
        }  # fmt: skip

    def get_context_data(self, **context):
        was = getattr(self.object, "was", None) or {}
        context["shown_text"] = was.get("text") or was.get("title") or was.get("heading")
        context["consequence"] = _("It stands in this version again as it was when it was withdrawn.")
        return super().get_context_data(**context)

    def do(self, version, form):
        change = find_withdrawn(version, self.get_part(), self.kwargs["code"])
        if change is None:
            raise NotAllowed(_("It has been taken back meanwhile."))
        return restore(version, change, **form.why)
