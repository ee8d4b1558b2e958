"""The views of every form: create once, edit safely, act, take a step.

Each finds its object through the subclass's `get_queryset()` (`visible_to`: unseen is 404), asks for the permission
`<app>.<verb>_<model>` (403), and writes inside `acting(user, verb, reason)`. What is wrong comes back as 422 with the
typed values, what has become impossible as 409; nothing typed is lost.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms.formsets import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View

from editing import once
from editing.conflicts import Conflict, conflict_of, resolved, typed
from editing.forms import PREVIEW, VERSION, PortalForm
from editing.history import begun_by_others, has_written, last_change, text_of_digest
from editing.pages import CONFLICT, REFUSED, UNPROCESSABLE, FormMixin, refusals
from editing.versions import parts_of, read, written
from strategy_portal.fields import TextBlock
from strategy_portal.workflow import NotAllowed, Reason, Step, acting, within_sentence

TAKE_OVER = "take_over"


class OnceMixin(FormMixin):
    """A form that is saved once, however often it is posted: the idempotency key decides."""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.begin()
        if PREVIEW in request.POST:
            return self.previewed(*self.posted_forms())
        if not once.key_in(request):
            form, formsets = self.posted_forms()
            form.add_error(
                None, _("This page has expired before it was saved. Look through it and save again.")
            )
            return self.again(form, formsets)
        return self.repeat() or self.first(request)

    def begin(self) -> None:
        """Find the object, if there is one, and ask for the permission."""
        raise NotImplementedError

    def perform(self, form: Any, formsets: Mapping[str, BaseFormSet]) -> str:
        """Save, in the transaction; the address to go on to."""
        raise NotImplementedError

    def posted_forms(self) -> tuple[Any, Mapping[str, BaseFormSet]]:
        """The form and the formsets with what was posted."""
        bound = {"data": self.request.POST, "files": self.request.FILES}
        form = self.get_form(*bound.values())
        form.carry_key()
        self.prepare(form)
        return form, self.get_formsets(**bound)

    def again(
        self, form: Any, formsets: Mapping[str, BaseFormSet], status: int = UNPROCESSABLE, **context: Any
    ) -> HttpResponse:
        """The form again, with what was typed, what is wrong and a fresh key."""
        return self.form_page(form, formsets, status=status, **context)

    def repeat(self) -> HttpResponse | None:
        """The answer to a post whose key has been saved before; None for a new one."""
        earlier = once.earlier(self.request)
        if earlier is None:
            return None
        if earlier.body_digest == once.body_digest(self.request):
            return HttpResponseRedirect(earlier.result_url)
        form, formsets = self.posted_forms()
        entries = typed(form) + [
            pair for fs in formsets.values() for line in fs.forms for pair in typed(line)
        ]
        return self.page(
            "editing/already_saved.html",
            CONFLICT,
            earlier=earlier,
            typed=entries,
            unchecked=Unchecked(form, formsets),
        )

    def first(self, request: HttpRequest) -> HttpResponse:
        """Save under a new key. Of racers with one key the first saves, the others get its answer."""
        form, formsets = self.posted_forms()
        if not all([form.is_valid(), *(fs.is_valid() for fs in formsets.values())]):
            return self.repeat() or self.again(form, formsets)
        try:
            with transaction.atomic(), acting(request.user, self.verb, form.cleaned_data.get("reason") or ""):
                submitted = once.claim(request)
                url = self.perform(form, formsets)
                once.settle(submitted, url, self.object)
        except REFUSED as error:
            return self.repeat() or self.refused(error)
        return self.succeed(url)

    def refused(self, error: Exception) -> HttpResponse:
        """The form again with why it could not be saved."""
        form, formsets = self.posted_forms()
        if form.is_valid():
            for sentence in refusals(error):
                form.add_error(None, sentence)
        return self.again(form, formsets)


class Unchecked:
    """A form and its formsets, kept from the search for errors: a page that only shows them has none."""

    def __init__(self, form: Any, formsets: Mapping[str, BaseFormSet]):
        self.form, self.formsets = form, formsets


class CreateOnceView(OnceMixin, View):
    """A new row. Override `check_permission()`, and `save(form)` where the instance needs more than the form gives."""

    verb = "create"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.begin()
        form, formsets = self.opened()
        form.carry_key()
        return self.form_page(form, formsets)

    def begin(self) -> None:
        self.check_permission()

    def permission(self) -> str:
        meta = self.form_class._meta.model._meta
        return f"{meta.app_label}.add_{meta.model_name}"

    def save(self, form: Any) -> Any:
        """Save the row and give it back; runs in the transaction, inside `acting(user, "create")`."""
        return form.save()

    def save_formsets(self, formsets: Mapping[str, BaseFormSet]) -> None:
        """Save the lines of the new row."""
        for formset in formsets.values():
            formset.instance = self.object
            formset.save()

    def perform(self, form: Any, formsets: Mapping[str, BaseFormSet]) -> str:
        self.object = self.save(form)
        self.save_formsets(formsets)
        return self.get_success_url()

    def refused(self, error: Exception) -> HttpResponse:
        self.object = None
        return super().refused(error)


class ActView(OnceMixin, View):
    """A verb with a form of its own. Override `act(form)`; `self.object` is the row."""

    def begin(self) -> None:
        self.object = self.get_object()
        self.check_permission()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.begin()
        form, formsets = self.opened()
        form.carry_key()
        return self.form_page(form, formsets)

    def act(self, form: Any) -> str | None:
        """Do it, in the transaction; may give the address to go on to. Raises NotAllowed."""
        raise NotImplementedError

    def perform(self, form: Any, formsets: Mapping[str, BaseFormSet]) -> str:
        return self.act(form) or self.get_success_url()

    def refused(self, error: Exception) -> HttpResponse:
        if not isinstance(error, NotAllowed):
            return super().refused(error)
        self.object = self.get_object()
        form, formsets = self.posted_forms()
        return self.again(form, formsets, CONFLICT, reasons=error.reasons)


class EditView(FormMixin, View):
    """A row that two people may have open: the row is locked, then compared with what the form showed, then saved."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.begin()
        if why := self.why_locked():
            return self.page("editing/too_late.html", CONFLICT, why=why)
        form, formsets = self.opened()
        if self.draft is not None:
            form.carry(VERSION, self.draft.row_version)
        else:
            form.carry(VERSION, written(parts_of(form, formsets)))
        return self.form_page(form, formsets)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.begin()
        if PREVIEW in request.POST:
            form, formsets = self.bound(request.POST)[1:]
            form.carry(VERSION, request.POST.get(VERSION, ""))
            return self.previewed(form, formsets)
        try:
            with transaction.atomic(), acting(request.user, self.recorded_verb()):
                return self.answer()
        except REFUSED as error:
            self.object = self.get_object()
            now_parts, form, formsets = self.bound(resolved(request.POST)[0])
            form.carry(VERSION, written(now_parts))
            if form.is_valid():
                for sentence in refusals(error):
                    form.add_error(None, sentence)
            return self.form_page(
                form, formsets, CONFLICT if isinstance(error, NotAllowed) else UNPROCESSABLE
            )

    def begin(self) -> None:
        """Find the object and ask for the permission."""
        self.object = self.get_object()
        self.check_permission()

    def is_draft(self) -> bool:
        """Whether the row is a draft, at which several people of a post write one after another."""
        return getattr(self.object, "status", "") == "draft"

    def recorded_verb(self) -> str:
        """The verb in the history: whoever first saves a draft that others have begun takes it over."""
        is_taken_over = (
            self.verb == "change" and self.is_draft() and not has_written(self.object, self.request.user)
        )
        return TAKE_OVER if is_taken_over else self.verb

    def form_page(
        self, form: Any, formsets: Mapping[str, BaseFormSet] | None = None, status: int = 200, **context: Any
    ) -> HttpResponse:
        """The page with its form; of a draft that others have begun it says so."""
        begun = begun_by_others(self.object, self.request.user) if self.is_draft() else None
        return super().form_page(form, formsets, status, begun=begun, **context)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.object}

    def save(self, form: Any) -> Any:
        """Save the row and give it back; runs in the transaction, inside `acting(user, verb)`."""
        return form.save()

    def save_formsets(self, formsets: Mapping[str, BaseFormSet]) -> None:
        """Save the lines of the row."""
        for formset in formsets.values():
            formset.save()

    def bound(self, data: Any) -> tuple[dict[str, str], Any, Mapping[str, BaseFormSet]]:
        """The version parts of the row as it is, and the form and formsets with what was posted."""
        now_parts = parts_of(self.get_form(), self.get_formsets())
        files = self.request.FILES
        return now_parts, self.get_form(data, files), self.get_formsets(data=data, files=files)

    def answer(self) -> HttpResponse:
        """Lock, look, save; in the transaction."""
        data, undecided = resolved(self.request.POST)
        manager = type(self.object)._base_manager
        locked = manager.select_for_update(of=("self",)).filter(pk=self.object.pk).first()
        if locked is None:
            return self.too_late(data, _("It has been removed meanwhile."))
        self.object = locked
        if why := self.why_locked():
            return self.too_late(data, why)
        self.check_permission()
        now_parts, form, formsets = self.bound(data)
        form.carry(VERSION, written(now_parts))
        if undecided or written(now_parts) != data.get(VERSION):
            conflict = self.conflict(form, formsets, read(data.get(VERSION, "")), undecided)
            if not conflict.is_empty:
                return self.conflict_page(form, formsets, conflict)
        self.prepare(form)
        if not all([form.is_valid(), *(fs.is_valid() for fs in formsets.values())]):
            form.carry(VERSION, data.get(VERSION, ""))
            return self.form_page(form, formsets, UNPROCESSABLE)
        if form.has_changed() or any(fs.has_changed() for fs in formsets.values()):
            self.object = self.save(form)
            self.save_formsets(formsets)
        return self.succeed(self.get_success_url())

    def conflict(
        self, form: Any, formsets: Mapping[str, BaseFormSet], opened: Mapping[str, str], undecided: set[str]
    ) -> Conflict:
        """What was typed against what is saved now."""
        stored = self.get_formsets()
        pairs = {name: (formset, stored[name]) for name, formset in formsets.items()}
        before = partial(text_of_digest, self.object)
        return conflict_of(form, self.get_form(), opened, undecided, pairs, before)

    def conflict_page(
        self, form: Any, formsets: Mapping[str, BaseFormSet], conflict: Conflict
    ) -> HttpResponse:
        """Both texts side by side, a choice for each field, and the fresh version."""
        self.keep_posted_draft()
        return self.page(
            "editing/conflict.html",
            CONFLICT,
            conflict=conflict,
            row_version=form.row_version,
            changed=last_change(self.object),
            form_page=self.drafting(form, formsets).get("form_page", ""),
        )

    def why_locked(self) -> str:
        """Why the row cannot be changed in its present state, or ""; asks the model's own `why_locked()`."""
        own = getattr(self.object, "why_locked", None)
        return own() if own is not None else ""

    def too_late(self, data: Any, why: str) -> HttpResponse:
        """What was typed, when it can no longer be saved; it stays as a draft, too."""
        self.keep_posted_draft()
        form, formsets = (
            self.get_form(data, self.request.FILES),
            self.get_formsets(data=data, files=self.request.FILES),
        )
        entries = typed(form) + [
            pair for fs in formsets.values() for line in fs.forms for pair in typed(line)
        ]
        return self.page("editing/too_late.html", CONFLICT, why=why, typed=entries)


class ReasonForm(PortalForm):
    """The reason that is kept in history with a step; and where there is a doubt whether it is meant, a box to tick."""

    reason = TextBlock(label=gettext_lazy("Reason"), max_length=4000, rows=4, required=False)

    def __init__(self, *args: Any, is_required: bool = False, doubt: Any = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_required
        self.fields["reason"].help_text = _("Everybody who sees the record can read it in its history.")
        if doubt:
            self.fields["is_meant"] = forms.BooleanField(
                label=_("Yes, do it now all the same"),
                help_text=doubt,
                error_messages={"required": _("Is this meant? Then tick the box. Otherwise cancel.")},
            )


class StepView(FormMixin, View):
    """One step of a `Workflow`, named in the URL as `verb`: asked on GET, taken on POST."""

    template_name = "editing/step_confirm.html"
    form_class = ReasonForm
    decision_url_name = "council:decision_record"
    consequences: dict[str, Any] = {}
    step: Step

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        self.verb = self.kwargs["verb"]
        self.step = get_step_or_404(self.object, self.verb)
        self.check_permission()
        if self.step.by_decision and request.method in ("GET", "HEAD", "POST"):
            return HttpResponseRedirect(self.decision_url())
        return super().dispatch(request, *args, **kwargs)

    def decision_url(self) -> str:
        """The form that records the decision on this step."""
        target = {"type": self.object._meta.label_lower, "pk": self.object.pk, "verb": self.verb}
        return reverse(self.decision_url_name, kwargs=target)

    def get_title(self) -> Any:
        return _("%(step)s: %(thing)s") % {"step": self.step.label or self.verb, "thing": self.object}

    def get_consequence(self) -> Any:
        """What the step does, in a sentence; `consequences` may say it in better words."""
        if self.verb in self.consequences:
            return self.consequences[self.verb]
        states = dict(self.object._meta.get_field("status").flatchoices)
        return ngettext(
            "%(thing)s goes from %(now)s to %(then)s.",
            "%(thing)s go from %(now)s to %(then)s.",
            self.object.VERB_NUMBER,
        ) % {
            "thing": self.object,
            "now": within_sentence(states.get(self.object.status, self.object.status)),
            "then": within_sentence(states.get(self.step.target, self.step.target)),
        }

    def get_doubt(self) -> Any:
        """Why the step may not be meant, ending in a question, or "": it is taken once that is answered with yes."""
        return ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"is_required": self.step.reason_required, "doubt": self.get_doubt()}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.ask(self.opened()[0], self.object.reasons_against(self.verb, request.user))

    def ask(self, form: Any, reasons: list[Reason], status: int = 200) -> HttpResponse:
        """The page that asks, or that says why not."""
        return self.page(
            status=status,
            form=form,
            reasons=reasons,
            consequence=self.get_consequence(),
            submit_label=self.step.label or self.verb,
            **self.drafting(form, {}),
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.ask(form, [], UNPROCESSABLE)
        try:
            self.object.take(self.verb, by=request.user, note=form.cleaned_data["reason"])
        except REFUSED as error:
            return self.refused(form, error)
        return self.succeed(self.get_success_url())

    def refused(self, form: Any, error: Exception) -> HttpResponse:
        """Already taken is told in passing; anything else with its reasons."""
        self.object.refresh_from_db()
        if self.object.status == self.step.target and self.step.target not in self.step.sources:
            words = {"thing": self.object, "state": self.object.state_words}
            said = ngettext(
                "%(thing)s is already %(state)s.", "%(thing)s are already %(state)s.", self.object.VERB_NUMBER
            )
            messages.info(self.request, said % words)
            return HttpResponseRedirect(self.get_success_url())
        reasons = (
            error.reasons if isinstance(error, NotAllowed) else [Reason(text) for text in refusals(error)]
        )
        return self.ask(form, reasons, CONFLICT)

    def succeed(self, url: str) -> HttpResponse:
        words = {"thing": self.object, "state": self.object.state_words}
        said = ngettext(
            "%(thing)s is now %(state)s.", "%(thing)s are now %(state)s.", self.object.VERB_NUMBER
        )
        self.success_message = self.success_message or said % words
        return super().succeed(url)


def get_step_or_404(thing: Any, verb: str) -> Step:
    """A row of the object's table of steps."""
    if verb not in thing.STEPS:
        raise Http404(f"no step {verb}")
    return thing.STEPS[verb]
