"""The coverage of the objectives by the plans, as a heat map in which the gaps stand out."""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actionplans.held_objectives import EARLIER, NONE, WITHDRAWN, gone_of
from publishing.figures import Cell, Column, Figure
from publishing.heatmap import HeatCell, HeatRow, heat_map
from reports import headlines
from reports.dashboards import plan_shown
from reports.figures.base import Shown, count_cell
from reports.filters import one_of


class CoverageFigure(Shown):
    slug, scope = "coverage", ("aim", "addressees")
    title, noun = gettext_lazy("Objectives covered by the plans"), "actions"

    @cached_property
    def coverage(self):
        return self.board.coverage

    def figure(self):
        coverage = self.coverage
        plans, objectives = coverage.plans, coverage.objectives
        if not plans or not objectives:
            empty = (
                _("No objective fits this choice.") if plans else _("No action plan is shown to you whole.")
            )
            return Figure(self.slug, str(self.title), empty=empty)
        shown = plan_shown(self.board.choice.plans, self.board.today)
        headline = headlines.coverage_headline(
            len(objectives), str(shown), coverage.without(shown.number), coverage.without(), len(plans)
        )
        said = _("Rows: objectives. Columns: action plans. Each cell: how many actions serve the objective.")
        return Figure(
            slug=self.slug,
            headline=headline,
            svg=heat_map(self.slug, headline, said, [str(plan) for plan in plans], self._rows()),
            columns=[
                Column(_("Objective")), Column(_("In words")), *(Column(str(plan), True) for plan in plans),
                Column(_("All plans"), True),
            ],
            rows=self._table(),
            note=_(
                "How many actions serve each objective, its sub-points included. Dashed: none. An action that "
                "serves several objectives stands in each of their rows."
            ),
            **self.links,
        )  # fmt: skip

    def _rows(self):
        rows = [
            HeatRow(
                words.objective.code, words.text, self._cells(words.objective.code),
                words.objective.get_absolute_url(), f"{words.block.aim.letter}. {words.block.aim.text}",
            )
            for words in self.coverage.objectives
        ]  # fmt: skip
        return rows + [
            HeatRow(label, "", self._cells(key, name.lower()), group=group, none_is_gap=False)
            for key, label, name, group in self._others()
        ]

    def _others(self):
        """Of the actions that serve no objective in force: key, label in the map, name, heading in the map."""
        if not self.coverage.is_whole:
            return
        if codes := ", ".join(self.coverage.names_behind(EARLIER)):
            group = _("Actions that serve only objectives of an earlier strategy: %(codes)s") % {
                "codes": codes
            }
            yield EARLIER, _("earlier"), _("Only objectives of an earlier strategy"), group
        if codes := ", ".join(self.coverage.names_behind(WITHDRAWN)):
            group = _("Actions that serve only withdrawn objectives: %(codes)s") % {"codes": codes}
            yield WITHDRAWN, _("withdrawn"), _("Only withdrawn objectives"), group
        if self.coverage.count(objective=NONE):
            name = _("No objective in force")
            yield NONE, _("none"), name, _("Actions that serve no objective in force")

    def _cells(self, code, name=""):
        return [
            HeatCell(
                self.coverage.count(objective=code, plan=plan.number),
                f"{name or code}, {plan}",
                self.rows_url(objective=code, plan=plan.number),
            )
            for plan in self.coverage.plans
        ]

    def _table(self):
        rows = [
            [Cell(words.objective.code, words.objective.get_absolute_url()), Cell(words.text),
             *self._counts(words.objective.code, objective=words.objective.code)]
            for words in self.coverage.objectives
        ]  # fmt: skip
        for key, _label, name, _group in self._others():
            words = ", ".join(self.coverage.names_behind(key))
            rows.append([Cell(name), Cell(words), *self._counts(name, objective=key)])
        every = _("All actions, each once")
        return [*rows, [Cell(every), Cell(""), *self._counts(every)]]

    def _counts(self, name, **which):
        counts = [
            count_cell(
                self.coverage.count(plan=plan.number, **which),
                self.rows_url(plan=plan.number, **which),
                f"{name}, {plan}",
            )
            for plan in self.coverage.plans
        ]
        return [*counts, count_cell(self.coverage.count(**which), self.rows_url(**which), name)]

    def row_fields(self):
        codes = [(words.objective.code, words.objective.code) for words in self.coverage.objectives]
        return {
            "objective": one_of(
                _("Objective"),
                [
                    *codes,
                    (EARLIER, _("Serves only objectives of an earlier strategy")),
                    (WITHDRAWN, _("Serves only withdrawn objectives")),
                    (NONE, _("Serves no objective")),
                ],
            ),
            "plan": one_of(_("Plan"), [(str(plan.number), str(plan)) for plan in self.coverage.plans]),
        }

    def rows(self, wanted):
        plan = wanted.get("plan")
        found = self.coverage.actions(objective=wanted.get("objective", ""), plan=int(plan) if plan else None)
        served = {words.objective_id: words.objective for words in self.coverage.text.wordings}
        return [
            (action, [served[pk] for pk in action.objective_ids if pk in served], gone_of(action))
            for action in found
        ]
