"""States and the one way to change them, and the context in which every change is recorded.

A model lists its steps in `STEPS`; `move()` is lock, look, move: of two people who press a button at
once, one wins and the other reads why not.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pghistory
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from strategy_portal.dates import now


def within_sentence(label: Any) -> str:
    """A label as it stands within a sentence: "results noted by the CCWP", but "CCWP Plenary" as it is."""
    text = str(label)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


class Reason(NamedTuple):
    """Why a step cannot be taken, with the address of the page that mends it (or "")."""

    text: str
    url: str = ""

    def __str__(self) -> str:
        return str(self.text)


class NotAllowed(Exception):
    """A step that cannot be taken now; `reasons` are sentences for the user."""

    def __init__(self, *reasons: Reason | str):
        self.reasons = [r if isinstance(r, Reason) else Reason(r) for r in reasons]
        super().__init__(" ".join(str(r.text) for r in self.reasons))


Need = Callable[[Any], "str | list[Reason]"]

# What higher apps know that stands against every step of a thing, whatever the step's own needs say.
_against_every_step: list[Callable[[Any], list[Reason]]] = []


def stands_against_every_step(function: Callable[[Any], list[Reason]]) -> None:
    """Register who is asked, before each step of any thing, what stands against it. Called from `AppConfig.ready`."""
    if function not in _against_every_step:
        _against_every_step.append(function)


class Step(NamedTuple):
    """One row of a model's table of steps.

    A need answers why the step cannot be taken, or "" (or an empty list). A step with `by_decision` is taken only by
    a decision of that kind, which the row keeps in `decision_field`; where not every body that takes such decisions may
    take this one, `power` names what a body needs for it.
    """

    sources: frozenset[str]
    target: str
    label: Any = ""
    needs: tuple[Need, ...] = ()
    reason_required: bool = False
    by_decision: str = ""
    decision_field: str = ""
    power: str = ""

    @property
    def power_needed(self) -> str:
        """What a body must be able to do to decide this step."""
        return self.power or self.by_decision


@contextmanager
def acting(user: Any = None, verb: str = "", note: str = "") -> Iterator[None]:
    """Record every change made inside with its actor, verb, reason and the portal's moment.

    Nested calls add to the outer one and give it back unchanged: two steps in one request keep their
    own verbs. Without a user the outer actor stays.
    """
    with pghistory.context() as tracked:
        before = dict(tracked.metadata)
        tracked.metadata["at"] = now().isoformat()
        if user is not None and user.pk:
            tracked.metadata["user"] = user.pk
        if verb:
            tracked.metadata.update(verb=verb, note=note)
        try:
            yield
        finally:
            tracked.metadata.clear()
            tracked.metadata.update(before)


def keeps_history(**options: Any) -> Callable[[type[models.Model]], type[models.Model]]:
    """Decorator: every insert, update and delete of the model leaves an event that nobody can change."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        append_only=True,
        **options,
    )


class Workflow(models.Model):
    """A model whose `status` changes only by the steps in `STEPS`."""

    STEPS: dict[str, Step] = {}
    # States whose name does not go after "is", and what does.
    AFTER_IS: dict[str, Any] = {"draft": gettext_lazy("a draft")}

    # Of steps by decision that a queryset's `to_decide(verb)` narrows: what their needs say where it leaves a row out.
    NOT_TO_DECIDE: dict[str, Any] = {}

    # The number of the verb after its name: 2 for "Results of Belgium are submitted".
    VERB_NUMBER = 1

    class Meta:
        abstract = True

    @property
    def state_words(self) -> str:
        """The state as it stands in a sentence after "is": "tabled", "in planning"."""
        words = self.AFTER_IS.get(self.status)  # type: ignore[attr-defined]
        return within_sentence(words or self.get_status_display())  # type: ignore[attr-defined]

    def get_step_url(self, verb: str) -> str:
        """The address at which a step is taken."""
        meta = self._meta
        return reverse(f"{meta.app_label}:{meta.model_name}_step", kwargs={"pk": self.pk, "verb": verb})

    def first_step_to(self, verb: str) -> str:
        """The step that comes first on the shortest way to where this verb can be taken, or "".

        What needs a reason (to postpone, to withdraw) is an exception: on nobody's way, and no end of one. Nor is there
        a way to a step whose end is reached already.
        """
        wanted = self.STEPS[verb]
        ways = {self.status: ""}  # type: ignore[attr-defined]
        if wanted.reason_required or ways.keys() & {wanted.target, *wanted.sources}:
            return ""
        for state in (reached := list(ways)):  # grows while it is walked: the nearest states come first
            for name, step in self.STEPS.items():
                if state not in step.sources or step.reason_required or step.target in ways:
                    continue
                ways[step.target] = ways[state] or name
                reached.append(step.target)
                if step.target in wanted.sources:
                    return ways[step.target]
        return ""

    def reasons_against(self, verb: str, reader: Any = None) -> list[Reason]:
        """Why this verb cannot be taken now, each with a link where one helps; empty when it can.

        What comes first is linked for a reader who may take it.
        """
        step = self.STEPS[verb]
        if self.status not in step.sources:  # type: ignore[attr-defined]
            return [self._wrong_state(verb, reader)]
        found = [reason for function in _against_every_step for reason in function(self)]
        for need in step.needs:
            answer = need(self)
            if isinstance(answer, list):
                found += answer
            elif answer:
                # a lazy translation is no str yet
                found.append(answer if isinstance(answer, Reason) else Reason(str(answer)))
        return found

    def _wrong_state(self, verb: str, reader: Any) -> Reason:
        words = {"thing": self, "state": self.state_words}
        first = self.first_step_to(verb)
        if not first:
            said = ngettext("%(thing)s is %(state)s.", "%(thing)s are %(state)s.", self.VERB_NUMBER)
            return Reason(said % words)
        words["step"] = str(self.STEPS[first].label)
        permission = f"{self._meta.app_label}.{first}_{self._meta.model_name}"
        may = reader is not None and reader.has_perm(permission, self)
        said = ngettext(
            "%(thing)s is %(state)s. %(step)s first.",
            "%(thing)s are %(state)s. %(step)s first.",
            self.VERB_NUMBER,
        )
        return Reason(said % words, self.get_step_url(first) if may else "")

    def why_not(self, verb: str) -> str:
        """Why this verb cannot be taken now, in one text, or "". Buttons and move() both ask here."""
        return " ".join(str(reason.text) for reason in self.reasons_against(verb))

    def move(self, verb: str, *, by: Any, note: str = "", **fields: Any) -> None:
        """Take a step: lock the row, look whether it may be taken, move. Raises NotAllowed."""
        with transaction.atomic(), acting(by, verb, note):
            row = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if reasons := row.reasons_against(verb, by):
                raise NotAllowed(*reasons)
            step = self.STEPS[verb]
            if step.reason_required and not note.strip():
                raise NotAllowed(_("Give a reason."))
            if step.by_decision and fields.get(step.decision_field) is None:
                raise NotAllowed(_("This step is taken by a decision."))
            row.status = step.target  # type: ignore[attr-defined]
            for name, value in fields.items():
                setattr(row, name, value)
            row.save(update_fields=["status", *fields])
        self.refresh_from_db()

    def take(self, verb: str, *, by: Any, note: str = "", **fields: Any) -> None:
        """Take a step by its name: through the model's own method of that name where it has one."""
        own = getattr(self, verb, None)
        if callable(own):  # a field may have a verb's name: an action's plan
            own(by=by, note=note, **fields)
        else:
            self.move(verb, by=by, note=note, **fields)

    def decide(self, decision: Any, *, by: Any) -> None:
        """Take the step that a decision has decided, and keep the link to it."""
        self.take(
            decision.verb,
            by=by,
            note=decision.text,
            **{self.STEPS[decision.verb].decision_field: decision},
        )
