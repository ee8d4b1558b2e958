"""Figures about plans: their actions by aim and state, and their cycles with the adoption deadline."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publishing.charts import Cycle, Series, StackedBar, stacked_bars
from publishing.figures import Cell, Column, Figure, timeline_figure
from publishing.words import percent_words
from reports import headlines
from reports.dashboards import NO_AIM, STATES
from reports.figures.base import Shown, count_cell
from reports.filters import one_of

STATE_LABELS = {
    "completed": gettext_lazy("Completed"), "partly_achieved": gettext_lazy("Partly achieved"),
    "in_progress": gettext_lazy("In progress"), "delayed": gettext_lazy("Delayed"),
    "planned": gettext_lazy("Not started"), "carried_over": gettext_lazy("Carried over"),
    "discontinued": gettext_lazy("Discontinued"),
}  # fmt: skip


class StatusFigure(Shown):
    slug, scope = "status", ("plan",)
    title, noun = gettext_lazy("Actions by aim and state"), "actions"

    def figure(self):
        status = self.board.status
        if status.plan is None:
            empty = _("No action plan is shown to you.")
            return Figure(self.slug, _("Actions by aim and state"), empty=empty)
        rows = status.by_aim()
        names = self._names()
        delayed = [
            (_("aim %(aim)s") % {"aim": key} if key != NO_AIM else _("no aim"), n["delayed"], sum(n.values()))
            for key, n in rows
        ]
        headline = headlines.status_headline(
            str(status.plan), status.count(), status.count(state="completed"), status.count(undated=True), delayed,
            status.count(state="delayed"),
        )  # fmt: skip
        present = [Series(s, str(STATE_LABELS[s])) for s in STATES if status.count(state=s)]
        drawn = [
            StackedBar(
                names[key], counts, self.rows_url(aim=key) if sum(counts.values()) else "",
                {state: self.rows_url(aim=key, state=state) for state in STATES},
            )
            for key, counts in rows
        ]  # fmt: skip
        said = "; ".join(f"{bar.label}: {bar.total}" for bar in drawn)
        return Figure(
            slug=self.slug,
            headline=headline,
            svg=stacked_bars(self.slug, headline, said, present, drawn) if status.count() else "",
            columns=[
                Column(_("Aim")), *(Column(str(STATE_LABELS[s]), True) for s in STATES), Column(_("All"), True),
                Column(_("Completed of all"), True),
            ],
            rows=self._table(rows, names) if status.count() else [],
            note=_("Actions of %(plan)s. An action that serves several aims stands under each of them.")
            % {"plan": status.plan},
            empty=_("The plan has no action yet."),
            **self.links,
        )  # fmt: skip

    def _names(self):
        names = {aim.letter: f"{aim.letter}. {aim.text}" for aim in self.board.status.aims}
        return {**names, NO_AIM: _("Serves no objective of the strategy in force")}

    def _table(self, rows, names):
        status = self.board.status
        every = {state: status.count(state=state) for state in STATES}
        found = [self._table_row(names[key], counts, {"aim": key}) for key, counts in rows]
        return [*found, self._table_row(_("All actions, each once"), every, {})]

    def _table_row(self, name, counts, which):
        total = sum(counts.values())
        cells = [
            count_cell(counts[s], self.rows_url(**which, state=s), f"{STATE_LABELS[s]}: {name}")
            for s in STATES
        ]
        share = (
            f"{percent_words(counts['completed'], total)} ({counts['completed']} ÷ {total})" if total else "–"
        )
        return [
            Cell(name),
            *cells,
            count_cell(total, self.rows_url(**which), name),
            Cell(share, is_number=True),
        ]

    def row_fields(self):
        aims = [(aim.letter, aim.letter) for aim in self.board.status.aims]
        return {
            "aim": one_of(_("Aim"), [*aims, (NO_AIM, _("Serves no objective"))]),
            "state": one_of(_("State"), STATE_LABELS.items()),
            "undated": one_of(_("End date"), [("1", _("Unfinished without one"))]),
        }

    def rows(self, wanted):
        return self.board.status.lines(
            aim=wanted.get("aim", ""), state=wanted.get("state", ""), undated=bool(wanted.get("undated"))
        )


class TimelineFigure(Shown):
    slug = "timeline"
    title, noun = gettext_lazy("Plan cycles and their adoption"), "plans"

    def figure(self):
        clock = self.board.clock
        sentence = headlines.clock_headline(
            clock.state, clock.number, clock.after, clock.adopt_by, clock.days
        )
        margins = [cycle.margin for cycle in self.board.cycles if cycle.margin is not None]
        drawn = [
            Cycle(
                label=str(c.plan), starts_on=c.plan.starts_on, ends_on=c.plan.ends_on, look=c.look,
                state=cycle_words(c), adopt_by=c.adopt_by, adopted_on=c.adopted_on, prepared_from=c.prepared_from,
                url=c.plan.get_absolute_url(),
            )
            for c in self.board.cycles
        ]  # fmt: skip
        return timeline_figure(
            self.slug, headlines.timeline_headline(sentence, margins), drawn, self.board.today,
            note=_("Diamond: two months before the end of the plan before it. Green dot: day of adoption."),
            empty=_("No action plan is shown to you."), **self.links,
        )  # fmt: skip

    def row_fields(self):
        return {"number": one_of(_("Plan"), [(str(p.number), str(p)) for p in self.board.choice.plans])}

    def rows(self, wanted):
        return [
            c for c in self.board.cycles if not wanted.get("number") or str(c.plan.number) == wanted["number"]
        ]


def cycle_words(cycle) -> str:
    """The state of a plan on the timeline: by its dates once adopted, by its own state before."""
    by_dates = {"upcoming": _("Adopted, upcoming"), "current": _("Current"), "ended": _("Ended")}
    return str(by_dates.get(cycle.look) or cycle.plan.get_status_display())
