"""Who has reported: results, a nil return, nothing yet, missing, or not taking part. Five different things.

That a participant has answered is seen by whoever sees the operation. What it has answered (nil is content)
is shown only to those who see the submission.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jcos.models import Submission
from publishing.words import day_words
from strategy_portal.dates import brussels_day, brussels_today, days_left, delay_days, in_words

STANDING = {"submitted", "validated"}  # versions that answer; a returned or recalled one does not


@dataclass
class Row:
    """One delegation of an operation, as one reader sees it."""

    participation: Any
    state: str = ""
    word: str = ""
    note: str = ""
    newest: Any = (
        None  # the newest version at all: its state is the delegation's and the secretariat's to know
    )
    shown: Any = None  # the newest version that stands and that this reader sees
    counted: Any = None  # the newest validated version that this reader sees: the totals are made of these
    lines: int | None = None
    url: str = ""

    @property
    def delegation(self):
        return self.participation.delegation

    @property
    def mark(self):
        """The state whose mark it wears: having answered looks the same, whatever the answer."""
        return "reported_results" if self.state == "answered" else self.state


@dataclass
class Overview:
    """All delegations of an operation and the response rate."""

    rows: list[Row] = field(default_factory=list)
    taking_part: int = 0
    answered: int = 0
    is_open: bool = False  # results can be entered or have been entered
    noted: dict[int, list[Any]] = field(
        default_factory=dict
    )  # by decision: versions that it noted and the reader sees

    @property
    def response(self):
        """The response rate in words, of those who take part."""
        if self.taking_part == 1:
            return _("The only participant has answered.") if self.answered else _(
                "The only participant has not answered yet.")  # fmt: skip
        return ngettext(
            "%(answered)d of %(count)d participants has answered.",
            "%(answered)d of %(count)d participants have answered.",
            self.answered,
        ) % {"answered": self.answered, "count": self.taking_part}

    @property
    def missing(self):
        """Delegations that take part and have not answered."""
        return [row.delegation for row in self.rows if row.state in ("missing", "awaited")]


def overview(user, operation, participations=None):
    """The overview of one operation for one reader: one query for participants, one for versions."""
    if participations is None:
        participations = operation.participations.with_days().select_related("delegation")
    versions = {}
    findings = Count("lines", filter=Q(lines__measure__group="findings"))
    visible = Exists(Submission.objects.visible_to(user).filter(pk=OuterRef("pk")))
    for submission in operation.submissions.annotate(findings=findings, is_seen=visible).order_by("version"):
        submission.operation = operation
        submission.versions = versions.setdefault(submission.delegation_id, [])
        submission.versions.append(submission)
    found = Overview(is_open=operation.takes_results or bool(versions))
    for participation in participations:
        participation.operation = operation
        for version in versions.get(participation.delegation_id, []):
            version.participation = participation
            if version.noting_id and version.is_seen:
                version.delegation = participation.delegation
                found.noted.setdefault(version.noting_id, []).append(version)
        row = _row(user, participation, versions.get(participation.delegation_id, []), found.is_open)
        found.rows.append(row)
        if participation.takes_part:
            found.taking_part += 1
            found.answered += row.state in {"reported_results", "nil", "answered"}
    return found


def _row(user, participation, versions, is_open):
    operation = participation.operation
    row = Row(participation, newest=versions[-1] if versions else None)
    standing = [v for v in versions if v.status in STANDING]
    row.shown = next((v for v in reversed(standing) if v.is_seen), None)
    row.counted = next((v for v in reversed(standing) if v.is_seen and v.status == "validated"), None)
    knows_states = user.is_secretariat or participation.delegation_id in user.delegation_ids
    if row.shown or (knows_states and (row.newest or (participation.takes_part and operation.takes_results))):
        row.url = reverse("jcos:submission_detail", args=[operation.slug, participation.delegation.code])
    if row.shown:
        row.lines = row.shown.findings
    if participation.does_not_take_part and not standing:
        row.state, row.word, row.note = (
            "not_taking_part",
            _("Not taking part"),
            participation.get_status_display(),
        )
    elif participation.status == "invited":
        row.state, row.word = "invited", _("Invited, no answer yet")
    elif not is_open:
        row.state, row.word = "confirmed", _("Takes part")
    elif row.shown:
        row.state, row.word = _what_it_says(row.shown)
    elif standing:
        row.state, row.word = "answered", _("Answered")
    else:
        row.state, row.word, row.note = _silent(participation)
    if knows_states and row.newest and row.newest is not row.shown:
        row.note = _state_of_newest(row.newest, bool(standing))
    elif knows_states and row.shown:
        row.note = _when(row.shown) or row.shown.get_status_display()
    return row


def _what_it_says(submission):
    return ("nil", _("Nil return")) if submission.is_nil else ("reported_results", _("Results reported"))


def _silent(participation):
    """Missing once the day that counts for the delegation has passed; before it, not yet."""
    due, today = participation.due_in_force, brussels_today()
    if due is None:
        return "awaited", _("Not answered yet"), ""
    when = in_words(days_left(due, today))
    said = ""
    if participation.agreed_until:
        days = {"day": day_words(due), "original": day_words(participation.original_due_on)}
        said = "; " + _("agreed until %(day)s, originally %(original)s") % days
    if delay_days(due, None, today):
        return "missing", _("Missing"), f"{when}{said}"
    return "awaited", _("Not answered yet"), _("due %(when)s") % {"when": when} + said


def _state_of_newest(newest, is_correction):
    if newest.status == Submission.Status.DRAFT:
        return _("A correction is being drafted") if is_correction else _("A draft has been begun")
    if newest.status == Submission.Status.SUBMITTED:
        return _when(newest) or _("Waiting to be checked")
    return newest.get_status_display()


def _when(submission):
    """Late, or a correction with its day; "" for what came in time."""
    words = {"state": submission.get_status_display()}
    if submission.is_late:
        return _("%(state)s, late") % words
    if submission.is_correction:
        words["day"] = day_words(brussels_day(submission.submitted_at))
        return _("%(state)s, corrected on %(day)s") % words
    return ""
