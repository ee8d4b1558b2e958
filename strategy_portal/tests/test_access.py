"""Every address × method × identity, as one table: a foreign thing is 404, a seen one that may not be changed 403."""

from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import URLPattern, get_resolver, reverse

from strategy_portal.tests.scene import IDENTITIES, clients, demonstration_scene

# Columns: anonymous, viewer, editor, submitter of Belgium · other (Romania) · lead (France) · third country (Norway) ·
#          Presidency · secretariat · committee · administrator · disabled
IN = "302 200 200 200 200 200 200 200 200 200 200 302"  # everyone signed in
# fmt: off
TABLE = [
    # -- everyone's pages
    ("get", "deadlines:home", lambda s: [], IN),
    ("get", "deadlines:deadline_list", lambda s: [], IN),
    ("get", "deadlines:reminder_list", lambda s: [], IN),
    ("get", "notifications:notification_list", lambda s: [], IN),
    ("get", "reports:progress", lambda s: [], IN),
    ("get", "reports:figure", lambda s: ["results"], IN),
    ("get", "reports:figure_rows", lambda s: ["status"], IN),
    ("get", "reports:figure_csv", lambda s: ["timeline"], IN),
    ("get", "reports:figure_xlsx", lambda s: ["timeline"], IN),
    ("get", "reports:chain", lambda s: [], IN),
    ("get", "reports:chain_file", lambda s: ["xlsx"], IN),
    ("get", "reports:gaps", lambda s: [],                                      "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("get", "reports:gaps_file", lambda s: ["csv"],                            "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("get", "accounts:profile", lambda s: [], IN),
    ("get", "actionplans:strategy_current", lambda s: [], IN),
    ("get", "actionplans:strategy_detail", lambda s: [s.plan.strategy.slug], IN),
    ("get", "actionplans:strategyversion_detail", lambda s: [1], IN),
    ("get", "actionplans:objective_detail", lambda s: [s.objective], IN),
    ("get", "actionplans:objective_detail", lambda s: [s.plan.strategy.slug, s.objective], IN),
    ("get", "actionplans:strategyversion_detail", lambda s: [s.plan.strategy.slug, 1], IN),
    ("get", "actionplans:strategy_list", lambda s: [], IN),
    ("get", "actionplans:strategy_create", lambda s: [],                         "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("post", "actionplans:strategy_create", lambda s: [],                        "302 403 403 403 403 403 403 403 422 403 403 302"),
    ("get", "actionplans:strategy_edit", lambda s: ["strategy-2003"],            "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("post", "actionplans:strategy_edit", lambda s: ["strategy-2003"],           "302 403 403 403 403 403 403 403 409 403 403 302"),
    ("get", "actionplans:strategy_edit", lambda s: [s.strategy_draft],         "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:strategy_detail", lambda s: ["strategy-2003"], IN),
    ("get", "actionplans:strategy_detail", lambda s: [s.strategy_draft],       "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:strategyversion_list", lambda s: [s.strategy_draft],  "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:strategyreview_list", lambda s: [s.strategy_draft],   "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:objective_predecessors", lambda s: [s.plan.strategy.slug, s.objective], "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("post", "actionplans:objective_predecessors", lambda s: [s.plan.strategy.slug, s.objective], "302 403 403 403 403 403 403 403 302 403 403 302"),
    ("get", "actionplans:strategyreview_list", lambda s: [s.review.strategy.slug], IN),
    ("get", "actionplans:strategyreview_create", lambda s: [s.review.strategy.slug], "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("post", "actionplans:strategyreview_create", lambda s: [s.review.strategy.slug], "302 403 403 403 403 403 403 403 422 403 403 302"),
    ("get", "actionplans:strategyreview_detail", lambda s: [s.review.strategy.slug, s.review.pk], "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "actionplans:strategyreview_edit", lambda s: [s.review.strategy.slug, s.review.pk], "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "actionplans:strategyreview_edit", lambda s: [s.review.strategy.slug, s.review.pk], "302 403 403 403 403 403 404 403 409 404 404 302"),
    ("get", "actionplans:strategyreview_step", lambda s: [s.review.strategy.slug, s.review.pk, "conclude"], "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "actionplans:strategyreview_step", lambda s: [s.review.strategy.slug, s.review.pk, "conclude"], "302 403 403 403 403 403 404 403 302 404 404 302"),
    ("get", "actionplans:actionplan_list", lambda s: [], IN),
    ("get", "jcos:operation_list", lambda s: [], IN),
    ("get", "council:meeting_list", lambda s: [], IN),
    ("get", "council:document_list", lambda s: [], IN),
    ("get", "council:decision_list", lambda s: [], IN),
    # -- versions of the strategy
    ("get", "actionplans:strategyversion_list", lambda s: [], IN),
    ("get", "actionplans:strategyversion_list", lambda s: [s.plan.strategy.slug], IN),
    ("get", "actionplans:strategyversion_create", lambda s: [s.plan.strategy.slug], "302 403 403 403 403 403 403 403 409 403 403 302"),
    ("get", "actionplans:strategyversion_detail", lambda s: [s.version_draft],   "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:strategyversion_edit", lambda s: [s.plan.strategy.slug, s.version_draft], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:strategyversion_edit", lambda s: [s.plan.strategy.slug, 1], "302 403 403 403 403 403 403 403 409 403 403 302"),
    ("get", "actionplans:strategyversion_step", lambda s: [s.plan.strategy.slug, s.version_draft, "withdraw"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("post", "actionplans:strategyversion_step", lambda s: [s.plan.strategy.slug, s.version_draft, "table"], "302 404 404 404 404 404 404 404 302 404 404 302"),
    ("post", "actionplans:strategyversion_step", lambda s: [s.plan.strategy.slug, 1, "table"], "302 403 403 403 403 403 403 403 409 403 403 302"),
    ("get", "actionplans:draft_missing", lambda s: [s.plan.strategy.slug, s.version_draft, "withdraw/x"], "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "actionplans:draft_missing", lambda s: [s.plan.strategy.slug, 1, "withdraw/x"], "302 403 403 403 403 403 403 403 404 403 403 302"),
    ("get", "actionplans:version_missing", lambda s: [s.plan.strategy.slug, "abc/edit"], "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "actionplans:version_missing", lambda s: [s.strategy_draft, "1/pages"], "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "actionplans:section_create", lambda s: [s.plan.strategy.slug, s.version_draft], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:section_edit", lambda s: [s.plan.strategy.slug, s.version_draft, "I.1"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:aim_create", lambda s: [s.plan.strategy.slug, s.version_draft], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:aim_edit", lambda s: [s.plan.strategy.slug, s.version_draft, "A"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:addresseeblock_create", lambda s: [s.plan.strategy.slug, s.version_draft, "A"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:addresseeblock_edit", lambda s: [s.plan.strategy.slug, s.version_draft, "B.MS"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:objective_create", lambda s: [s.plan.strategy.slug, s.version_draft, "B.MS"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:wording_edit", lambda s: [s.plan.strategy.slug, s.version_draft, "B.MS.a"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:subpoint_create", lambda s: [s.plan.strategy.slug, s.version_draft, "B.MS.a"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:objective_move", lambda s: [s.plan.strategy.slug, s.version_draft, "B.MS.a"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:part_shift", lambda s: [s.plan.strategy.slug, s.version_draft, "objective", "B.MS.b", "up"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:part_withdraw", lambda s: [s.plan.strategy.slug, s.version_draft, "objective", "B.MS.a"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:part_restore", lambda s: [s.plan.strategy.slug, s.version_draft, "objective", "B.MS.a.iii"], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("post", "actionplans:wording_edit", lambda s: [s.plan.strategy.slug, s.version_draft, "B.MS.a"], "302 404 404 404 404 404 404 404 409 404 404 302"),
    ("post", "actionplans:wording_edit", lambda s: [s.plan.strategy.slug, 1, "B.MS.a"], "302 403 403 403 403 403 403 403 409 403 403 302"),
    ("get", "search:search", lambda s: [], IN),
    # -- plans
    ("get", "actionplans:actionplan_detail", lambda s: [s.plan.number],        "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:actionplan_detail", lambda s: [s.plan_tabled.number], "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "actionplans:actionplan_detail", lambda s: [s.plan_draft.number],  "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "actionplans:actionplan_create", lambda s: [],                     "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("post", "actionplans:actionplan_create", lambda s: [],                    "302 403 403 403 403 403 403 403 422 403 403 302"),
    ("get", "actionplans:actionplan_edit", lambda s: [s.plan_draft.number],    "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "actionplans:actionplan_edit", lambda s: [s.plan_draft.number],   "302 403 403 403 403 403 404 403 409 404 404 302"),
    ("post", "actionplans:actionplan_step", lambda s: [s.plan_draft.number, "table"], "302 403 403 403 403 403 404 403 302 404 404 302"),
    ("get", "council:decision_record", lambda s: ["actionplans.actionplan", s.plan_tabled.pk, "adopt"], "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:decision_record", lambda s: ["actionplans.actionplan", s.plan_tabled.pk, "adopt"], "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "actionplans:actionplan_file", lambda s: [s.plan.number, "xlsx"],  "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:actionplan_file", lambda s: [s.plan_draft.number, "csv"], "302 403 403 403 403 403 404 200 200 404 404 302"),
    ("get", "actionplans:actionplan_adopt", lambda s: [s.plan_draft.number],   "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("get", "actionplans:actionplan_adopt", lambda s: [s.plan.number],         "302 403 403 403 403 403 404 403 409 403 404 302"),
    ("get", "actionplans:actionplan_order", lambda s: [s.plan_draft.number],   "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("get", "actionplans:actionplan_order", lambda s: [s.plan.number],         "302 403 403 403 403 403 404 403 409 403 404 302"),
    ("post", "actionplans:actionplan_order", lambda s: [s.plan_draft.number],  "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "actionplans:actionplan_roll_over", lambda s: [s.plan.number],     "302 403 403 403 403 403 404 403 200 403 404 302"),
    ("get", "actionplans:actionplan_roll_over", lambda s: [s.plan_draft.number], "302 403 403 403 403 403 404 403 409 404 404 302"),
    ("post", "actionplans:actionplan_roll_over", lambda s: [s.plan.number],    "302 403 403 403 403 403 404 403 422 403 404 302"),
    ("get", "actionplans:actionplan_carry_over", lambda s: [s.plan.number],    "302 403 403 403 403 403 404 403 409 403 404 302"),
    ("post", "actionplans:actionplan_carry_over", lambda s: [s.plan.number],   "302 403 403 403 403 403 404 403 422 403 404 302"),
    ("get", "actionplans:actionplan_timeline", lambda s: [s.plan.number, "csv"], "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:actionplan_timeline", lambda s: [s.plan_draft.number, "xlsx"], "302 403 403 403 403 403 404 200 200 404 404 302"),
    ("get", "actionplans:planimport_create", lambda s: [s.plan_draft.number],  "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "actionplans:planimport_create", lambda s: [s.plan_draft.number], "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "actionplans:planimport_create", lambda s: [s.plan.number],        "302 403 403 403 403 403 404 403 409 403 404 302"),
    ("get", "actionplans:planimport_detail", lambda s: [s.plan_draft.number, s.plan_import.pk], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("post", "actionplans:planimport_detail", lambda s: [s.plan_draft.number, s.plan_import.pk], "302 404 404 404 404 404 404 404 422 404 404 302"),
    # -- amendments: one that is applied, and one that Finland drafts
    ("get", "actionplans:amendment_list", lambda s: [s.plan.number],           "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:amendment_create", lambda s: [s.plan.number],         "302 403 200 200 403 200 404 200 200 403 404 302"),
    ("post", "actionplans:amendment_create", lambda s: [s.plan.number],        "302 403 422 422 403 422 404 422 422 403 404 302"),
    ("get", "actionplans:amendment_create", lambda s: [s.plan_draft.number],   "302 403 403 403 403 403 404 403 409 404 404 302"),
    ("get", "actionplans:amendment_detail", lambda s: [s.plan.number, 1],      "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:amendment_detail", lambda s: [s.plan.number, 2],      "302 404 404 404 404 404 404 200 200 404 404 302"),
    ("get", "actionplans:amendment_edit", lambda s: [s.plan.number, 1],        "302 403 403 403 403 403 404 403 409 403 404 302"),
    ("get", "actionplans:amendment_edit", lambda s: [s.plan.number, 2],        "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("get", "actionplans:amendment_step", lambda s: [s.plan.number, 2, "withdraw"], "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("post", "actionplans:amendment_step", lambda s: [s.plan.number, 2, "table"], "302 404 404 404 404 404 404 403 302 404 404 302"),
    ("get", "actionplans:amendmentchange_add", lambda s: [s.plan.number, 2],   "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("get", "actionplans:amendmentchange_change", lambda s: [s.plan.number, 2, 2], "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("get", "actionplans:amendmentchange_change", lambda s: [s.plan.number, 1, 4], "302 403 403 403 403 403 404 403 409 403 404 302"),
    ("get", "actionplans:amendmentchange_edit", lambda s: [s.plan.number, 2, 5], "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("get", "actionplans:amendmentchange_discontinue", lambda s: [s.plan.number, 2, 2], "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("post", "actionplans:amendmentchange_discontinue", lambda s: [s.plan.number, 2, 2], "302 404 404 404 404 404 404 403 422 404 404 302"),
    ("get", "actionplans:amendmentchange_remove", lambda s: [s.plan.number, 2, 5], "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("get", "actionplans:plan_changes", lambda s: [s.plan.number],             "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:plan_changes_file", lambda s: [s.plan.number, "docx"], "302 200 200 200 200 200 404 200 200 200 404 302"),
    # -- versions side by side
    ("get", "actionplans:strategy_compare_choose", lambda s: [],               IN),
    ("get", "actionplans:strategy_compare", lambda s: [1, 1],                  IN),
    ("get", "actionplans:strategy_compare_choose", lambda s: [s.plan.strategy.slug], IN),
    ("get", "actionplans:strategy_compare", lambda s: [s.plan.strategy.slug, 1, 1], IN),
    ("get", "actionplans:strategy_compare", lambda s: [1, s.version_draft], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:strategy_compare_pdf", lambda s: [1, 1],              IN),
    ("get", "actionplans:strategy_compare_pdf", lambda s: [1, s.version_draft], "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:strategy_compare_word", lambda s: [1, 1],             IN),
    ("get", "actionplans:strategy_compare_word", lambda s: [1, s.version_draft], "302 404 404 404 404 404 404 404 200 404 404 302"),
    # -- actions
    ("get", "actionplans:action_create", lambda s: [s.plan_draft.number],      "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "actionplans:action_create", lambda s: [s.plan_draft.number],     "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "actionplans:action_detail", lambda s: [s.plan.number, 2],         "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:action_detail", lambda s: [s.plan_draft.number, 1],   "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "actionplans:action_detail", lambda s: [s.plan_draft.number, 3],   "302 404 404 404 404 404 404 200 200 404 404 302"),
    ("get", "actionplans:action_edit", lambda s: [s.plan_draft.number, 1],     "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "actionplans:action_edit", lambda s: [s.plan_draft.number, 1],    "302 403 403 403 403 403 404 403 409 404 404 302"),
    ("get", "actionplans:action_delete", lambda s: [s.plan_draft.number, 4],   "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("post", "actionplans:action_delete", lambda s: [s.plan_draft.number, 4],  "302 404 404 404 404 404 404 403 422 404 404 302"),
    ("get", "actionplans:action_step", lambda s: [s.plan.number, 2, "complete_partly"], "302 403 403 200 403 403 404 403 200 403 404 302"),
    ("post", "actionplans:action_step", lambda s: [s.plan.number, 2, "complete"], "302 403 403 302 403 403 404 403 302 403 404 302"),
    # -- terms of reference
    ("get", "actionplans:terms_detail", lambda s: [s.plan.number, 2],          "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:terms_detail", lambda s: [s.plan_draft.number, 2],    "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "actionplans:terms_detail", lambda s: [s.plan_draft.number, 3],    "302 404 404 404 404 404 404 200 200 404 404 302"),
    ("get", "actionplans:terms_version", lambda s: [s.plan.number, 2, 1],      "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:terms_version", lambda s: [s.plan_draft.number, 3, 1], "302 404 404 404 404 404 404 200 200 404 404 302"),
    ("get", "actionplans:terms_file", lambda s: [s.plan.number, 2, 1, "pdf"],  "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:terms_file", lambda s: [s.plan_draft.number, 3, 1, "docx"], "302 404 404 404 404 404 404 200 200 404 404 302"),
    ("get", "actionplans:terms_compare_choose", lambda s: [s.plan.number, 2],  "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:terms_compare", lambda s: [s.plan.number, 2, 1, 1],   "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:terms_compare", lambda s: [s.plan_draft.number, 3, 1, 1], "302 404 404 404 404 404 404 200 200 404 404 302"),
    ("get", "actionplans:terms_compare_file", lambda s: [s.plan.number, 2, 1, 1, "pdf"], "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:terms_create", lambda s: [s.plan.number, 2],          "302 403 409 409 403 403 404 403 409 403 404 302"),
    ("get", "actionplans:terms_create", lambda s: [s.plan_draft.number, 1],    "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "actionplans:terms_create", lambda s: [s.plan.number, 2],         "302 403 409 409 403 403 404 403 409 403 404 302"),
    ("get", "actionplans:terms_edit", lambda s: [s.plan_draft.number, 3],      "302 404 404 404 404 404 404 403 200 404 404 302"),
    ("post", "actionplans:terms_edit", lambda s: [s.plan_draft.number, 3],     "302 404 404 404 404 404 404 403 409 404 404 302"),
    ("post", "actionplans:terms_step", lambda s: [s.plan_draft.number, 2, 1, "return_to_draft"], "302 403 403 403 403 403 404 403 409 404 404 302"),  # a silence procedure is open
    ("get", "actionplans:terms_position", lambda s: [s.plan_draft.number, 2, 1, "BE"], "302 403 403 200 403 403 404 403 403 404 404 302"),
    ("post", "actionplans:terms_position", lambda s: [s.plan_draft.number, 2, 1, "BE"], "302 403 403 422 403 403 404 403 403 404 404 302"),
    # -- progress notes
    ("get", "actionplans:progressnote_list", lambda s: [s.plan.number, 2],     "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:progressnote_detail", lambda s: [s.plan.number, 2, s.note_submitted.period_ends_on], "302 200 200 200 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:progressnote_detail", lambda s: [s.plan.number, 2, s.note_confirmed.period_ends_on], "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:progressnote_create", lambda s: [s.plan.number, 2, s.plan.ends_on], "302 403 409 409 403 403 404 403 403 403 404 302"),
    ("post", "actionplans:progressnote_create", lambda s: [s.plan.number, 2, s.plan.ends_on], "302 403 409 409 403 403 404 403 403 403 404 302"),
    ("get", "actionplans:progressnote_edit", lambda s: [s.plan.number, 2, s.note_submitted.period_ends_on], "302 403 409 409 404 404 404 404 403 404 404 302"),
    ("post", "actionplans:progressnote_edit", lambda s: [s.plan.number, 2, s.note_submitted.period_ends_on], "302 403 409 409 404 404 404 404 403 404 404 302"),
    ("get", "actionplans:progressnote_step", lambda s: [s.plan.number, 2, s.note_submitted.period_ends_on, "confirm"], "302 403 403 403 404 404 404 404 200 404 404 302"),
    ("post", "actionplans:progressnote_step", lambda s: [s.plan.number, 2, s.note_submitted.period_ends_on, "return_to_lead"], "302 403 403 403 404 404 404 404 422 404 404 302"),
    ("post", "actionplans:progressnote_step", lambda s: [s.plan.number, 2, s.note_submitted.period_ends_on, "confirm"], "302 403 403 403 404 404 404 404 302 404 404 302"),
    ("get", "actionplans:progressnote_edit", lambda s: [s.plan.number, 2, s.plan.ends_on], "302 403 200 200 404 404 404 404 404 404 404 302"),
    # -- days of what is due
    ("get", "actionplans:action_dates", lambda s: [s.plan.number, 1],          "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:action_dates", lambda s: [s.plan_draft.number, 3],    "302 404 404 404 404 404 404 200 200 404 404 302"),
    ("get", "actionplans:milestone_reach", lambda s: [s.plan.number, 1, s.milestone.pk], "302 403 403 403 403 403 404 403 200 403 404 302"),
    ("post", "actionplans:milestone_reach", lambda s: [s.plan.number, 1, s.milestone.pk], "302 403 403 403 403 403 404 403 422 403 404 302"),
    ("get", "actionplans:extension_create", lambda s: ["actionplans.progressnote", s.extension.object_id], "302 403 409 409 404 404 404 404 404 404 404 302"),
    ("get", "actionplans:extension_create", lambda s: ["jcos.participation", s.participation.pk], "302 403 409 409 403 403 404 403 403 404 404 302"),
    ("get", "actionplans:extension_detail", lambda s: [s.extension.pk],        "302 200 200 200 404 404 404 404 200 404 404 302"),
    ("get", "actionplans:extension_detail", lambda s: [s.extension_agreed.pk], "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "actionplans:extension_edit", lambda s: [s.extension.pk],          "302 403 200 200 404 404 404 404 403 404 404 302"),
    ("post", "actionplans:extension_edit", lambda s: [s.extension.pk],         "302 403 409 409 404 404 404 404 403 404 404 302"),
    ("get", "actionplans:extension_step", lambda s: [s.extension.pk, "agree"], "302 403 403 403 404 404 404 404 200 404 404 302"),
    ("post", "actionplans:extension_step", lambda s: [s.extension.pk, "refuse"], "302 403 403 403 404 404 404 404 422 404 404 302"),
    ("post", "actionplans:extension_step", lambda s: [s.extension.pk, "withdraw"], "302 403 302 302 404 404 404 404 403 404 404 302"),
    # -- operations
    ("get", "jcos:operation_detail", lambda s: [s.operation_proposed.slug],    "302 200 200 200 404 404 404 200 200 404 404 302"),
    ("get", "jcos:operation_detail", lambda s: [s.operation_tabled.slug],      "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "jcos:operation_detail", lambda s: [s.operation.slug],             "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "jcos:operation_detail", lambda s: [s.operation_noted.slug],       "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "jcos:operation_detail", lambda s: [s.operation_historical.slug],  "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "jcos:operation_create", lambda s: [],                             "302 403 200 200 200 200 403 200 200 403 403 302"),
    ("post", "jcos:operation_create", lambda s: [],                            "302 403 422 422 422 422 403 422 422 403 403 302"),
    ("get", "jcos:operation_edit", lambda s: [s.operation.slug],               "302 403 403 403 403 200 404 403 200 404 404 302"),
    ("post", "jcos:operation_edit", lambda s: [s.operation.slug],              "302 403 403 403 403 409 404 403 409 404 404 302"),
    ("get", "jcos:operation_edit", lambda s: [s.operation_proposed.slug],      "302 403 200 200 404 404 404 403 200 404 404 302"),
    ("post", "jcos:operation_step", lambda s: [s.operation.slug, "debrief"],   "302 403 403 403 403 302 404 403 302 404 404 302"),
    ("get", "jcos:operation_invite", lambda s: [s.operation.slug],             "302 403 403 403 403 200 404 403 200 404 404 302"),
    ("post", "jcos:operation_invite", lambda s: [s.operation.slug],            "302 403 403 403 403 422 404 403 422 404 404 302"),
    ("get", "jcos:participation_step", lambda s: [s.operation.slug, "BE", "withdraw"], "302 403 403 200 403 403 404 403 200 404 404 302"),
    ("post", "jcos:participation_step", lambda s: [s.operation.slug, "BE", "withdraw"], "302 403 403 422 403 403 404 403 422 404 404 302"),
    # -- results
    ("get", "jcos:submission_list", lambda s: [s.operation.slug],              "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "jcos:submission_detail", lambda s: [s.operation.slug, "BE"],      "302 200 200 200 404 200 404 404 200 404 404 302"),
    ("get", "jcos:submission_detail", lambda s: [s.operation.slug, "EL"],      "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("get", "jcos:submission_detail", lambda s: [s.operation_noted.slug, "BE"], "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "jcos:submission_version", lambda s: [s.operation.slug, "BE", 1],  "302 200 200 200 404 200 404 404 200 404 404 302"),
    ("get", "jcos:submission_version", lambda s: [s.operation.slug, "EL", 1],  "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "jcos:submission_version", lambda s: [s.operation_noted.slug, "BE", 1], "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "jcos:submission_receipt", lambda s: [s.operation.slug, "BE"],     "302 200 200 200 404 403 404 404 200 404 404 302"),
    ("get", "jcos:submission_review", lambda s: [s.operation.slug, "ES"],      "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("post", "jcos:submission_step", lambda s: [s.operation.slug, "ES", 1, "validate"], "302 404 404 404 404 404 404 404 302 404 404 302"),
    ("post", "jcos:submission_start", lambda s: [s.operation.slug, "MT"],      "302 404 404 404 404 404 404 404 403 404 404 302"),
    ("get", "jcos:submission_controls", lambda s: [s.operation.slug, "EL"],    "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "jcos:submission_findings", lambda s: [s.operation.slug, "EL"],    "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "jcos:line_create", lambda s: [s.operation.slug, "EL"],            "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "jcos:line_edit", lambda s: [s.operation.slug, "EL", s.draft.lines.first().pk], "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("post", "jcos:line_delete", lambda s: [s.operation.slug, "EL", s.draft.lines.first().pk], "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "jcos:submission_details", lambda s: [s.operation.slug, "EL"],     "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "jcos:submission_check", lambda s: [s.operation.slug, "EL"],       "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("post", "jcos:submission_correct", lambda s: [s.operation.slug, "BE"],    "302 403 302 302 404 403 404 404 403 404 404 302"),
    # -- the institutional record
    ("get", "council:meeting_detail", lambda s: [s.meeting.pk],                "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "council:meeting_create", lambda s: [],                            "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("get", "council:meeting_edit", lambda s: [s.meeting.pk],                  "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("get", "council:meeting_detail", lambda s: [s.meeting_today.pk],          "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "council:meeting_delete", lambda s: [s.meeting_empty.pk],          "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:meeting_delete", lambda s: [s.meeting.pk],               "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "council:meeting_delete", lambda s: [s.meeting.pk],                "302 403 403 403 403 403 404 403 409 404 404 302"),
    ("get", "council:agendapoint_create", lambda s: [s.meeting_today.pk],      "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:agendapoint_create", lambda s: [s.meeting_today.pk],     "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "council:agendapoint_edit", lambda s: [s.meeting_today.pk, s.point.pk], "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:agendapoint_edit", lambda s: [s.meeting_today.pk, s.point.pk], "302 403 403 403 403 403 404 403 409 404 404 302"),
    ("get", "council:agendapoint_edit", lambda s: [s.meeting_empty.pk, s.point.pk], "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "council:agendapoint_delete", lambda s: [s.meeting_today.pk, s.point.pk], "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:agendapoint_move", lambda s: [s.meeting_today.pk, s.point.pk, "up"], "302 403 403 403 403 403 404 403 302 404 404 302"),
    ("get", "council:agendapoint_close", lambda s: [s.meeting_today.pk, s.point_of_information.pk], "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:agendapoint_close", lambda s: [s.meeting_today.pk, s.point_of_information.pk], "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "council:agendapoint_decide", lambda s: [s.meeting_today.pk, s.point.pk], "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:agendapoint_decide", lambda s: [s.meeting_today.pk, s.point.pk], "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "council:presidency_handover", lambda s: [],                       "302 403 403 403 403 403 403 200 200 403 403 302"),
    ("get", "council:decision_detail", lambda s: [s.decision.pk],              "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "council:document_detail", lambda s: [s.document.pk],              "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "council:document_create", lambda s: [],                           "302 403 403 403 403 403 403 403 200 403 403 302"),
    ("get", "council:document_edit", lambda s: [s.document.pk],                "302 403 403 403 403 403 404 403 200 403 404 302"),
    # -- silence procedures and positions
    ("get", "council:silenceprocedure_list", lambda s: [], IN),
    ("get", "council:silenceprocedure_detail", lambda s: [s.silence.pk],       "302 200 200 200 200 200 404 200 200 404 404 302"),
    ("get", "council:silenceprocedure_create", lambda s: ["actionplans.actionplan", s.plan_tabled.pk, "adopt"], "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:silenceprocedure_create", lambda s: ["actionplans.actionplan", s.plan_tabled.pk, "adopt"], "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "council:silenceprocedure_extend", lambda s: [s.silence.pk],       "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:silenceprocedure_extend", lambda s: [s.silence.pk],      "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "council:silenceprocedure_withdraw", lambda s: [s.silence.pk],     "302 403 403 403 403 403 404 403 200 404 404 302"),
    ("post", "council:silenceprocedure_withdraw", lambda s: [s.silence.pk],    "302 403 403 403 403 403 404 403 422 404 404 302"),
    ("get", "council:position_answer", lambda s: [s.silence.pk, "BE"],         "302 403 403 200 403 403 404 403 403 404 404 302"),
    ("post", "council:position_answer", lambda s: [s.silence.pk, "BE"],        "302 403 403 422 403 403 404 403 403 404 404 302"),
    # -- history
    ("get", "audit:history", lambda s: ["actionplan", s.plan.pk],              "302 200 200 200 200 200 404 200 200 200 404 302"),
    ("get", "audit:history", lambda s: ["termsofreference", s.terms_draft.pk], "302 404 404 404 404 404 404 200 200 404 404 302"),
    ("get", "audit:history", lambda s: ["submission", s.draft.pk],             "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("get", "audit:history", lambda s: ["submission", s.validated.pk],         "302 200 200 200 404 200 404 404 200 404 404 302"),
    ("get", "audit:history", lambda s: ["user", s.person.pk],                  "302 404 404 404 404 404 404 404 200 404 200 302"),
    # -- notices, people, lists
    ("get", "notifications:notification_detail", lambda s: [s.notification.pk], "302 404 404 200 404 404 404 404 200 404 404 302"),
    ("post", "notifications:notification_resend", lambda s: [s.notification.pk], "302 404 404 403 404 404 404 404 422 404 404 302"),
    ("get", "deadlines:leadtimes_list", lambda s: [],                          IN),
    ("get", "deadlines:leadtimes_edit", lambda s: ["result-due"],              "302 403 403 403 403 403 403 403 200 403 200 302"),
    ("get", "accounts:user_list", lambda s: [],                                "302 403 403 403 403 403 403 403 200 403 200 302"),
    ("get", "accounts:post_list", lambda s: [],                                "302 403 403 403 403 403 403 403 200 403 200 302"),
    ("get", "accounts:post_edit", lambda s: ["BE"],                            "302 403 403 403 403 403 403 403 200 403 200 302"),
    ("post", "accounts:post_edit", lambda s: ["BE"],                           "302 403 403 403 403 403 403 403 409 403 409 302"),
    ("get", "accounts:user_invite", lambda s: [],                              "302 403 403 403 403 403 403 403 200 403 200 302"),
    ("post", "accounts:user_invite", lambda s: [],                             "302 403 403 403 403 403 403 403 422 403 422 302"),
    ("get", "accounts:user_detail", lambda s: [s.person.pk],                   "302 404 404 404 404 404 404 404 200 404 200 302"),
    ("get", "accounts:user_edit", lambda s: [s.person.pk],                     "302 404 404 404 404 404 404 404 200 404 200 302"),
    ("get", "accounts:user_reinvite", lambda s: [s.person.pk],                 "302 404 404 404 404 404 404 404 200 404 200 302"),
    ("get", "accounts:user_deactivate", lambda s: [s.person.pk],               "302 404 404 404 404 404 404 404 200 404 200 302"),
    ("get", "accounts:user_reactivate", lambda s: [s.people.disabled.pk],      "302 404 404 404 404 404 404 404 200 404 200 302"),
    ("get", "accounts:membership_create", lambda s: [s.person.pk],             "302 404 404 404 404 404 404 404 200 404 200 302"),
    ("get", "accounts:membership_edit", lambda s: [s.membership.pk],           "302 404 404 404 404 404 404 404 200 404 200 302"),
    ("get", "accounts:membership_end", lambda s: [s.membership.pk],            "302 404 404 404 404 404 404 404 200 404 200 302"),
    ("get", "accounts:delegation_list", lambda s: [],                          IN),
    ("get", "accounts:delegation_edit", lambda s: ["BE"],                      "302 403 403 403 403 403 403 403 200 403 200 302"),
    ("get", "accounts:body_edit", lambda s: ["ccwp-plenary"],                  "302 403 403 403 403 403 403 403 200 403 200 302"),
    # -- drafts: one's own, whoever one is
    ("get", "editing:draft_list", lambda s: [],                                IN),
    ("get", "editing:draft_detail", lambda s: [s.kept_draft.pk],               "302 404 404 404 404 404 404 404 200 404 404 302"),
    ("post", "editing:draft_discard", lambda s: [s.kept_draft.pk],             "302 404 404 404 404 404 404 404 302 404 404 302"),
    ("post", "editing:draft_save", lambda s: [],                               "302 404 404 404 404 404 404 404 404 404 404 302"),
    ("post", "editing:preview", lambda s: [],                                  IN),
    # -- open to everybody
    ("get", "healthz", lambda s: [], " ".join(["200"] * 12)),
    ("get", "accessibility", lambda s: [], " ".join(["200"] * 12)),
]
# fmt: on
OPEN = {"readyz"}  # asked by machines; its own tests walk its answers
NAMES_OF_LIBRARIES = ("account_", "mfa_", "usersessions_")
pytestmark = pytest.mark.django_db  # each test undoes what its requests did; the scene stays for the module


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """The demonstration, completed, with a signed-in client for each identity; shared by this module's tests."""
    with django_db_blocker.unblock(), demonstration_scene() as found:
        people = SimpleNamespace(**found.pop("people"))
        yield SimpleNamespace(people=people, clients=clients(vars(people)), **found)


def names(patterns, prefix=""):
    """The names of all addresses below, with their namespace."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield prefix + pattern.name
        else:
            yield from names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else prefix)


def test_every_address_is_listed():
    own = {name for name in names(get_resolver().url_patterns) if not name.startswith(NAMES_OF_LIBRARIES)}
    assert own == {name for _method, name, _arguments, _statuses in TABLE} | OPEN


@pytest.mark.parametrize(
    ("method", "name", "arguments", "statuses"),
    [pytest.param(*row, id=f"{number}-{row[0]} {row[1]}") for number, row in enumerate(TABLE)],
)
def test_each_identity_gets_what_the_table_says(scene, method, name, arguments, statuses):
    address = reverse(name, args=arguments(scene))
    got = {}
    with override_settings(DEMONSTRATION=True):
        for identity in IDENTITIES:
            with transaction.atomic():
                response = getattr(scene.clients[identity], method)(address)
                transaction.set_rollback(True)
            got[identity] = response.status_code
            if identity in {"anonymous", "disabled"} and response.status_code == 302:
                assert response["Location"].startswith(reverse("account_login"))
    assert got == dict(zip(IDENTITIES, map(int, statuses.split()), strict=True))


@pytest.mark.parametrize(
    ("name", "arguments", "statuses"),
    [pytest.param(*row[1:], id=f"{number}-{row[1]}") for number, row in enumerate(TABLE) if row[0] == "get"],
)
def test_who_may_not_open_a_page_may_not_post_to_it_either(scene, name, arguments, statuses):
    address = reverse(name, args=arguments(scene))
    refused = {
        identity: int(status)
        for identity, status in zip(IDENTITIES, statuses.split(), strict=True)
        if status in {"302", "403", "404"}
    }
    with override_settings(DEMONSTRATION=True):
        got = {identity: scene.clients[identity].post(address).status_code for identity in refused}
    assert got in (refused, {who: status if status == 302 else 405 for who, status in refused.items()})
