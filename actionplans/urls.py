from django.urls import path

from actionplans.views import actions, plans, records, reviews, strategies, terms

app_name = "actionplans"

plan = "plans/<int:number>/"
action = f"{plan}actions/<int:action>/"

urlpatterns = [
    path("strategy/", strategies.strategy_current, name="strategy_current"),
    path("strategy/objectives/<str:code>/", strategies.objective_detail, name="objective_detail"),
    path("strategy/versions/<int:number>/", strategies.strategyversion_detail, name="strategyversion_detail"),
    path(
        "strategy/objectives/<str:code>/predecessors/",
        records.ObjectivePredecessorsView.as_view(),
        name="objective_predecessors",
    ),
    path("strategies/", records.strategy_list, name="strategy_list"),
    path(
        "strategies/<slug:slug>/objectives/<str:code>/predecessors/",
        records.ObjectivePredecessorsView.as_view(),
        name="objective_predecessors",
    ),
    path("strategies/<slug:slug>/reviews/", reviews.strategyreview_list, name="strategyreview_list"),
    path(
        "strategies/<slug:slug>/reviews/new/",
        reviews.StrategyReviewCreateView.as_view(),
        name="strategyreview_create",
    ),
    path(
        "strategies/<slug:slug>/reviews/<int:pk>/",
        reviews.strategyreview_detail,
        name="strategyreview_detail",
    ),
    path(
        "strategies/<slug:slug>/reviews/<int:pk>/edit/",
        reviews.StrategyReviewEditView.as_view(),
        name="strategyreview_edit",
    ),
    path(
        "strategies/<slug:slug>/reviews/<int:pk>/steps/<slug:verb>/",
        reviews.StrategyReviewStepView.as_view(),
        name="strategyreview_step",
    ),
    path("strategies/<slug:slug>/", strategies.strategy_detail, name="strategy_detail"),
    path(
        "strategies/<slug:slug>/objectives/<str:code>/", strategies.objective_detail, name="objective_detail"
    ),
    path(
        "strategies/<slug:slug>/versions/<int:number>/",
        strategies.strategyversion_detail,
        name="strategyversion_detail",
    ),
    path("plans/", plans.actionplan_list, name="actionplan_list"),
    path("plans/new/", plans.ActionPlanCreateView.as_view(), name="actionplan_create"),
    path(plan, plans.actionplan_detail, name="actionplan_detail"),
    path(f"{plan}edit/", plans.ActionPlanEditView.as_view(), name="actionplan_edit"),
    path(f"{plan}steps/<slug:verb>/", plans.ActionPlanStepView.as_view(), name="actionplan_step"),
    path(f"{plan}actions/new/", actions.ActionCreateView.as_view(), name="action_create"),
    path(action, actions.action_detail, name="action_detail"),
    path(f"{action}edit/", actions.ActionEditView.as_view(), name="action_edit"),
    path(f"{action}delete/", actions.ActionDeleteView.as_view(), name="action_delete"),
    path(f"{action}steps/<slug:verb>/", actions.ActionStepView.as_view(), name="action_step"),
    path(f"{action}terms/", terms.terms_detail, name="terms_detail"),
    path(f"{action}terms/new/", terms.TermsCreateView.as_view(), name="terms_create"),
    path(f"{action}terms/edit/", terms.TermsEditView.as_view(), name="terms_edit"),
    path(f"{action}terms/<int:version>/", terms.terms_version, name="terms_version"),
    path(f"{action}terms/<int:version>/steps/<slug:verb>/", terms.TermsStepView.as_view(), name="terms_step"),
]
