from datetime import date

from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from actionplans.views import (
    actions,
    amending,
    amendment_changes,
    amendments,
    compare,
    dates,
    moving,
    notes,
    ordering,
    plans,
    positions,
    records,
    reviews,
    rolling_over,
    since_adoption,
    spreadsheets,
    strategies,
    terms,
    terms_papers,
    versions,
)

app_name = "actionplans"


class DayConverter:
    """A day in an address, as 2027-06-30."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value):
        return date.fromisoformat(value)  # what is no day is no address

    def to_url(self, value):
        return value.isoformat()


class WholeNumberConverter(IntConverter):
    """A number in an address, also below zero: of what cannot have it the page says that there is none."""

    regex = "-?[0-9]+"


register_converter(DayConverter, "day")
register_converter(WholeNumberConverter, "whole")

plan = "plans/<int:number>/"
action = f"{plan}actions/<int:action>/"
amendment = f"{plan}amendments/<int:amendment>/"
amended = f"{amendment}actions/<int:action>/"
period = "<day:ends_on>/"
version = "<whole:number>/"
part = "<slug:part>/<str:code>/"

amend_a_version = [
    path("new/", versions.StrategyVersionCreateView.as_view(), name="strategyversion_create"),
    path(
        f"{version}steps/<slug:verb>/",
        versions.StrategyVersionStepView.as_view(),
        name="strategyversion_step",
    ),
    path(f"{version}edit/", amending.strategyversion_edit, name="strategyversion_edit"),
    path(f"{version}edit/sections/new/", amending.SectionCreateView.as_view(), name="section_create"),
    path(f"{version}edit/sections/<str:code>/", amending.SectionEditView.as_view(), name="section_edit"),
    path(f"{version}edit/aims/new/", amending.AimCreateView.as_view(), name="aim_create"),
    path(f"{version}edit/aims/<str:code>/", amending.AimEditView.as_view(), name="aim_edit"),
    path(
        f"{version}edit/aims/<str:code>/addressees/new/",
        amending.AddresseeBlockCreateView.as_view(),
        name="addresseeblock_create",
    ),
    path(
        f"{version}edit/addressees/<str:code>/",
        amending.AddresseeBlockEditView.as_view(),
        name="addresseeblock_edit",
    ),
    path(
        f"{version}edit/addressees/<str:code>/objectives/new/",
        amending.ObjectiveCreateView.as_view(),
        name="objective_create",
    ),
    path(f"{version}edit/objectives/<str:code>/", amending.WordingEditView.as_view(), name="wording_edit"),
    path(
        f"{version}edit/objectives/<str:code>/sub-points/new/",
        amending.SubpointCreateView.as_view(),
        name="subpoint_create",
    ),
    path(
        f"{version}edit/objectives/<str:code>/move/",
        moving.ObjectiveMoveView.as_view(),
        name="objective_move",
    ),
    path(
        f"{version}edit/up-or-down/{part}<slug:direction>/",
        moving.PartShiftView.as_view(),
        name="part_shift",
    ),
    path(f"{version}edit/withdraw/{part}", moving.PartWithdrawView.as_view(), name="part_withdraw"),
    path(f"{version}edit/take-back/{part}", moving.PartRestoreView.as_view(), name="part_restore"),
    path(
        f"{version}edit/<path:rest>/", amending.draft_missing, name="draft_missing"
    ),  # whatever is none of these
]
compared = "compare/<whole:a>/<whole:b>"
# The pages that read a strategy: of the one that is named, and below `strategy/` of the one in force on the day.
read_a_strategy = [
    path("objectives/<str:code>/", strategies.objective_detail, name="objective_detail"),
    path("versions/", versions.strategyversion_list, name="strategyversion_list"),
    path(f"versions/{version}", strategies.strategyversion_detail, name="strategyversion_detail"),
    path("compare/", compare.strategy_compare_choose, name="strategy_compare_choose"),
    path(f"{compared}/", compare.strategy_compare, name="strategy_compare"),
    path(f"{compared}.pdf", compare.strategy_compare_pdf, name="strategy_compare_pdf"),
    path(f"{compared}.docx", compare.strategy_compare_word, name="strategy_compare_word"),
]
review = "reviews/<int:pk>/"
# What changes a strategy is found under its short name alone: a form, and a draft of what was typed into it, means the
# same strategy whichever is in force.
change_a_strategy = [
    path("edit/", records.StrategyEditView.as_view(), name="strategy_edit"),
    path("versions/", include(amend_a_version)),
    path(
        "objectives/<str:code>/predecessors/",
        records.ObjectivePredecessorsView.as_view(),
        name="objective_predecessors",
    ),
    path("reviews/", reviews.strategyreview_list, name="strategyreview_list"),
    path("reviews/new/", reviews.StrategyReviewCreateView.as_view(), name="strategyreview_create"),
    path(review, reviews.strategyreview_detail, name="strategyreview_detail"),
    path(f"{review}edit/", reviews.StrategyReviewEditView.as_view(), name="strategyreview_edit"),
    path(
        f"{review}steps/<slug:verb>/",
        reviews.StrategyReviewStepView.as_view(),
        name="strategyreview_step",
    ),
]

urlpatterns = [
    path("strategy/", strategies.strategy_current, name="strategy_current"),
    path("strategy/", include(read_a_strategy)),
    path("strategies/", records.strategy_list, name="strategy_list"),
    path("strategies/new/", records.StrategyCreateView.as_view(), name="strategy_create"),
    path("strategies/<slug:slug>/", strategies.strategy_detail, name="strategy_detail"),
    path("strategies/<slug:slug>/", include([*read_a_strategy, *change_a_strategy])),
    path("strategies/<slug:slug>/versions/<path:rest>/", versions.version_missing, name="version_missing"),
    path("plans/", plans.actionplan_list, name="actionplan_list"),
    path("plans/new/", plans.ActionPlanCreateView.as_view(), name="actionplan_create"),
    path(plan, plans.actionplan_detail, name="actionplan_detail"),
    path(f"{plan}edit/", plans.ActionPlanEditView.as_view(), name="actionplan_edit"),
    path(f"{plan}steps/<slug:verb>/", plans.ActionPlanStepView.as_view(), name="actionplan_step"),
    path(f"{plan}adopt/", plans.actionplan_adopt, name="actionplan_adopt"),
    path(f"{plan}order/", ordering.ActionPlanOrderView.as_view(), name="actionplan_order"),
    path(f"{plan}roll-over/", rolling_over.RollOverView.as_view(), name="actionplan_roll_over"),
    path(f"{plan}carry-over/", rolling_over.CarryOverView.as_view(), name="actionplan_carry_over"),
    path(f"{plan}timeline.<slug:suffix>", spreadsheets.actionplan_timeline, name="actionplan_timeline"),
    path(f"{plan}plan.<slug:suffix>", spreadsheets.actionplan_file, name="actionplan_file"),
    path(f"{plan}import/", spreadsheets.PlanImportCreateView.as_view(), name="planimport_create"),
    path(f"{plan}import/<int:pk>/", spreadsheets.PlanImportDetailView.as_view(), name="planimport_detail"),
    path(f"{plan}amendments/", amendments.amendment_list, name="amendment_list"),
    path(f"{plan}amendments/new/", amendments.AmendmentCreateView.as_view(), name="amendment_create"),
    path(amendment, amendments.amendment_detail, name="amendment_detail"),
    path(f"{amendment}edit/", amendments.AmendmentEditView.as_view(), name="amendment_edit"),
    path(f"{amendment}steps/<slug:verb>/", amendments.AmendmentStepView.as_view(), name="amendment_step"),
    path(
        f"{amendment}actions/new/",
        amendment_changes.AddedActionCreateView.as_view(),
        name="amendmentchange_add",
    ),
    path(f"{amended}change/", amendment_changes.ChangeCreateView.as_view(), name="amendmentchange_change"),
    path(f"{amended}change/edit/", amendment_changes.ChangeEditView.as_view(), name="amendmentchange_edit"),
    path(
        f"{amended}discontinue/",
        amendment_changes.DiscontinueCreateView.as_view(),
        name="amendmentchange_discontinue",
    ),
    path(f"{amended}remove/", amendment_changes.ChangeRemoveView.as_view(), name="amendmentchange_remove"),
    path(f"{plan}changes/", since_adoption.plan_changes, name="plan_changes"),
    path(f"{plan}changes.<str:ending>", since_adoption.plan_changes_file, name="plan_changes_file"),
    path(f"{plan}actions/new/", actions.ActionCreateView.as_view(), name="action_create"),
    path(action, actions.action_detail, name="action_detail"),
    path(f"{action}edit/", actions.ActionEditView.as_view(), name="action_edit"),
    path(f"{action}delete/", actions.ActionDeleteView.as_view(), name="action_delete"),
    path(f"{action}steps/<slug:verb>/", actions.ActionStepView.as_view(), name="action_step"),
    path(f"{action}terms/", terms.terms_detail, name="terms_detail"),
    path(f"{action}terms/new/", terms.TermsCreateView.as_view(), name="terms_create"),
    path(f"{action}terms/edit/", terms.TermsEditView.as_view(), name="terms_edit"),
    path(f"{action}terms/<int:version>.<str:ending>", terms_papers.terms_file, name="terms_file"),
    path(f"{action}terms/compare/", terms_papers.terms_compare_choose, name="terms_compare_choose"),
    path(f"{action}terms/{compared}/", terms_papers.terms_compare, name="terms_compare"),
    path(
        f"{action}terms/{compared}.<str:ending>", terms_papers.terms_compare_file, name="terms_compare_file"
    ),
    path(f"{action}terms/<int:version>/", terms.terms_version, name="terms_version"),
    path(
        f"{action}terms/<int:version>/positions/<str:code>/",
        positions.TermsPositionView.as_view(),
        name="terms_position",
    ),
    path(f"{action}terms/<int:version>/steps/<slug:verb>/", terms.TermsStepView.as_view(), name="terms_step"),
    path(f"{action}dates/", dates.action_dates, name="action_dates"),
    path(f"{action}milestones/<int:pk>/reached/", dates.MilestoneReachView.as_view(), name="milestone_reach"),
    path("extensions/new/<str:type>/<int:pk>/", dates.ExtensionCreateView.as_view(), name="extension_create"),
    path("extensions/<int:pk>/", dates.extension_detail, name="extension_detail"),
    path("extensions/<int:pk>/edit/", dates.ExtensionEditView.as_view(), name="extension_edit"),
    path("extensions/<int:pk>/steps/<slug:verb>/", dates.ExtensionStepView.as_view(), name="extension_step"),
    path(f"{action}notes/", notes.progressnote_list, name="progressnote_list"),
    path(f"{action}notes/{period}", notes.progressnote_detail, name="progressnote_detail"),
    path(f"{action}notes/{period}new/", notes.ProgressNoteCreateView.as_view(), name="progressnote_create"),
    path(f"{action}notes/{period}edit/", notes.ProgressNoteEditView.as_view(), name="progressnote_edit"),
    path(
        f"{action}notes/{period}steps/<slug:verb>/",
        notes.ProgressNoteStepView.as_view(),
        name="progressnote_step",
    ),
]
