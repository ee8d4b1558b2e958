"""The four key figures on top of the dashboard. Each number is a link to the rows that it counts."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.words import day_words, number_words, percent_words
from reports.board import Board
from reports.figures import DelegationsFigure, StatusFigure, TimelineFigure
from reports.figures.results import ANSWERED, OWING
from reports.headlines import left_words, margin_words, next_plan
from reports.results import HANDED_IN, OWED

MOST_NAMED = 6


@dataclass(frozen=True)
class KeyFigure:
    """A number, or two, with their label and what must be known with them. Tones: bad, gold, ok or none."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


def key_figures(board: Board) -> list[KeyFigure]:
    """The key figures that concern this reader; a figure without anything behind it is left out, not zero."""
    found = []
    if board.status.plan is not None:
        found += [_completed(board), _delayed(board)]
    if board.returns.all_lines:
        found.append(_reporting(board))
    if board.clock.state != "none":
        found.append(_clock(board))
    return found


def _link(number: int, url: str, what: str):
    """A number that leads to its rows; nothing leads nowhere."""
    if not number:
        return number_words(number)
    return format_html(
        '<a href="{}">{}<span class="visually-hidden"> {}</span></a>', url, number_words(number), what
    )


def _of(part, whole):
    return format_html(_("{part} of {whole}"), part=part, whole=whole)


def _completed(board):
    status, rows = board.status, StatusFigure(board).rows_url
    done, every = status.count(state="completed"), status.count()
    share = (
        _("%(share)s (%(done)d ÷ %(all)d), ")
        % {"share": percent_words(done, every), "done": done, "all": every}
        if every
        else ""
    )
    return KeyFigure(
        _("Actions completed"),
        _of(
            _link(done, rows(state="completed"), ngettext("action completed", "actions completed", done)),
            _link(every, rows(), ngettext("action", "actions", every)),
        ),
        f"{share}{status.plan}",
    )


def _delayed(board):
    status, rows = board.status, StatusFigure(board).rows_url
    delayed, undated = status.count(state="delayed"), status.count(undated=True)
    note = _("Unfinished past their end date, %(plan)s") % {"plan": status.plan}
    if undated:
        said = ngettext(
            "%(count)d unfinished action has no end date",
            "%(count)d unfinished actions have no end date",
            undated,
        )
        note = format_html('{}; <a href="{}">{}</a>', note, rows(undated="1"), said % {"count": undated})
    return KeyFigure(
        _("Actions delayed"),
        _link(delayed, rows(state="delayed"), ngettext("action delayed", "actions delayed", delayed)),
        note,
        "bad" if delayed else "ok",
    )


def _reporting(board):
    """Of one operation, the chosen or the newest one: a delegation then counts once."""
    operation = board.choice.operation or board.returns.newest()
    figure = DelegationsFigure(board)
    handed_in = board.returns.count(operation=operation, states=HANDED_IN)
    owed = board.returns.count(operation=operation, states=OWED)
    missing = [
        r.participation.delegation.name for r in board.returns.lines(operation=operation, states={"missing"})
    ]
    awaited = board.returns.count(operation=operation, states={"awaited"})
    notes = [operation.name]
    if missing:
        named = ", ".join(missing[:MOST_NAMED])
        more = len(missing) - MOST_NAMED
        notes.append(
            _("missing: %(names)s") % {"names": named}
            + (_(" and %(count)d more") % {"count": more} if more > 0 else "")
        )
    if awaited:
        lines = board.returns.lines(operation=operation, states={"awaited"})
        last = max((day for line in lines if (day := line.participation.due_in_force)), default=None)
        notes.append(_("%(count)d due by %(day)s") % {"count": awaited, "day": day_words(last)})

    def rows(state):
        return figure.rows_url(operation=operation.slug, state=state)

    return KeyFigure(
        _("Delegations reporting"),
        _of(
            _link(
                handed_in, rows(ANSWERED),
                ngettext("delegation that has handed in", "delegations that have handed in", handed_in),
            ),
            _link(owed, rows(OWING), ngettext("delegation that owes results", "delegations that owe results", owed)),
        ),
        "; ".join(notes),
        "bad" if missing else "ok" if handed_in == owed else "",
    )  # fmt: skip


def _clock(board):
    clock = board.clock
    number = clock.number if clock.number is not None else clock.after
    url = TimelineFigure(board).rows_url(number=number)
    plan = capfirst(next_plan(clock.number, clock.after))
    if clock.state == "adopted":
        label, said, tone = (
            _("%(plan)s adopted") % {"plan": plan},
            margin_words(clock.days),
            "bad" if clock.days < 0 else "ok",
        )
        note = _("%(day)s; deadline %(due)s") % {
            "day": day_words(clock.adopted_on),
            "due": day_words(clock.adopt_by),
        }
    else:
        label, said, tone = (
            _("Adopt %(plan)s") % {"plan": next_plan(clock.number, clock.after)},
            left_words(clock.days),
            "bad" if clock.days < 0 else "gold",
        )
        note = _("To be adopted by %(day)s") % {"day": day_words(clock.adopt_by)}
    return KeyFigure(label, format_html('<a href="{}">{}</a>', url, capfirst(said)), note, tone)
