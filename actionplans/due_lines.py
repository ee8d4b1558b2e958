"""What of an action is due, line by line: original and agreed day, when it was done, how late, later days asked."""

from datetime import date
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from actionplans.extending import lost_between
from actionplans.models import Extension, Milestone, ProgressNote, TermsOfReference
from actionplans.progress import notes_of
from actionplans.querysets import UNFINISHED
from strategy_portal.dates import delay_days


class DueLine(NamedTuple):
    """One thing with its days; `delay` is None where no day is set. `extensions` are those that the reader sees.

    `is_known`: whether the reader knows that it is not done where no day is told. `is_returned`: it was done once and
    is owed again. `is_over`: it was never done, and with the end of the action is owed no longer.
    """

    name: str
    original: date
    agreed: date | None
    done_on: date | None
    delay: int | None
    extensions: list[Extension]
    url: str = ""
    ask_url: str = ""
    reach_url: str = ""
    is_known: bool = True
    is_returned: bool = False
    is_over: bool = False

    @property
    def due_on(self) -> date:
        """The day that counts."""
        return self.agreed or self.original


def ask_url(kind: Any, pk: int) -> str:
    """The form that asks a later day for a thing."""
    return reverse("actionplans:extension_create", args=[kind._meta.label_lower, pk])


def milestones_shown(action, today: date) -> list[Milestone]:
    """The milestones of the agreed terms with their days; each knows its delay, and whether it is owed no longer.

    What has ended is not late any more: nothing of it is owed. One query.
    """
    terms = TermsOfReference(action=action, status="agreed")
    rows = list(Milestone.objects.in_force().filter(terms__action=action).with_days().order_by("order"))
    for row in rows:
        terms.pk, row.terms = row.terms_id, terms
        row.is_over = row.reached_on is None and action.status not in UNFINISHED
        row.delay = None if row.is_over else delay_days(row.due_in_force, row.reached_on, today)
    return rows


def _by_thing(user, kind, pks) -> dict[int, list[Extension]]:
    found: dict[int, list[Extension]] = {pk: [] for pk in pks}
    for extension in Extension.objects.visible_to(user).about(kind, pks) if pks else ():
        found[extension.object_id].append(extension)
    return found


def _may_ask(user, action, extensions: list[Extension]) -> bool:
    return action.lead_id in user.editor_of and all(one.status != "asked" for one in extensions)


def milestone_lines(user, action, today: date) -> list[DueLine]:
    """The milestones in force, in their order."""
    rows, lines = milestones_shown(action, today), []
    every = Milestone.objects.filter(terms__action=action).values_list("pk", "title", "due_on")
    same = {pk: (title, day) for pk, title, day in every}  # in every version of the terms
    by_pk = _by_thing(user, Milestone, list(same))
    extensions = {
        row.pk: [one for pk in sorted(same) if same[pk] == same[row.pk] for one in by_pk[pk]] for row in rows
    }
    for row in rows:
        is_open = row.reached_on is None and action.status in UNFINISHED
        may_ask = is_open and _may_ask(user, action, extensions[row.pk]) and row.due_in_force < row.limit[0]
        reach_url = ""
        if action.status in UNFINISHED and user.has_perm("actionplans.reach_milestone", row):
            reach_url = reverse(
                "actionplans:milestone_reach", args=[action.plan.number, action.number, row.pk]
            )
        lines.append(
            DueLine(
                row.title, row.due_on, row.agreed_until, row.reached_on, row.delay, extensions[row.pk],
                ask_url=ask_url(Milestone, row.pk) if may_ask else "", reach_url=reach_url, is_over=row.is_over,
            )
        )  # fmt: skip
    return lines


def note_lines(user, action, today: date) -> list[DueLine]:
    """The progress notes that are due by now, and the next one."""
    notes, lines = notes_of(action, today), []
    extensions = _by_thing(user, ProgressNote, [note.days_pk for note in notes if note.days_pk])
    for note in notes:
        asked = extensions.get(note.days_pk, [])
        may_ask = note.pk and not note.is_handed_in and _may_ask(user, action, asked)
        address = [action.plan.number, action.number, note.period.ends_on]
        lines.append(
            DueLine(
                str(note.period), note.original_due_on, note.agreed_until, note.first_submitted_on, note.delay(today),
                asked, url=reverse("actionplans:progressnote_detail", args=address) if note.pk else "",
                ask_url=ask_url(ProgressNote, note.pk) if may_ask else "", is_known=note.is_known,
                is_returned=note.status == "returned", is_over=not note.is_owed,
            )
        )  # fmt: skip
    return lines


def still_owed(action, today: date) -> list[str]:
    """What of an action is not reached or not handed in by now, in sentences, whoever looks. Three queries."""
    milestones = [row.title for row in milestones_shown(action, today) if row.reached_on is None]
    (noted,) = type(action).objects.filter(pk=action.pk).with_notes().select_related("plan")
    notes = [note for note in notes_of(noted, today) if not note.is_handed_in and note.period.ends_on < today]
    said = []
    if milestones:
        said.append(_("Milestones not reached: %(names)s.") % {"names": "; ".join(milestones)})
    if notes:
        periods = "; ".join(str(note.period) for note in notes)
        said.append(_("Progress notes not handed in: %(periods)s.") % {"periods": periods})
    return said


def lost_with(terms) -> list[str]:
    """What is known of the milestones of the agreed terms and would be lost with a new version (two queries)."""
    agreed = Milestone.objects.in_force().filter(terms__action=terms.action_id).with_days().order_by("order")
    return lost_between(agreed, terms.milestones.all())
