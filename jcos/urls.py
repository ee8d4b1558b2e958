from django.urls import path

from jcos import views

app_name = "jcos"
RESULTS = "jcos/<slug:slug>/results/"
OWN = f"{RESULTS}<str:code>/"
urlpatterns = [
    path("jcos/", views.OperationListView.as_view(), name="operation_list"),
    path("jcos/new/", views.OperationCreateView.as_view(), name="operation_create"),
    path("jcos/<slug:slug>/", views.operation_detail, name="operation_detail"),
    path("jcos/<slug:slug>/edit/", views.OperationEditView.as_view(), name="operation_edit"),
    path("jcos/<slug:slug>/steps/<slug:verb>/", views.OperationStepView.as_view(), name="operation_step"),
    path("jcos/<slug:slug>/participants/", views.OperationInviteView.as_view(), name="operation_invite"),
    path(
        "jcos/<slug:slug>/participants/<str:code>/steps/<slug:verb>/",
        views.ParticipationStepView.as_view(),
        name="participation_step",
    ),
    path(RESULTS, views.submission_list, name="submission_list"),
    path(OWN, views.submission_detail, name="submission_detail"),
    path(f"{OWN}start/", views.submission_start, name="submission_start"),
    path(f"{OWN}controls/", views.ControlsView.as_view(), name="submission_controls"),
    path(f"{OWN}findings/", views.FindingsView.as_view(), name="submission_findings"),
    path(f"{OWN}findings/new/", views.LineCreateView.as_view(), name="line_create"),
    path(f"{OWN}findings/<int:pk>/", views.LineEditView.as_view(), name="line_edit"),
    path(f"{OWN}findings/<int:pk>/remove/", views.LineDeleteView.as_view(), name="line_delete"),
    path(f"{OWN}details/", views.DetailsView.as_view(), name="submission_details"),
    path(f"{OWN}check/", views.submission_check, name="submission_check"),
    path(f"{OWN}receipt/", views.submission_receipt, name="submission_receipt"),
    path(f"{OWN}review/", views.submission_review, name="submission_review"),
    path(f"{OWN}correct/", views.submission_correct, name="submission_correct"),
    path(f"{OWN}versions/<int:version>/", views.submission_version, name="submission_version"),
    path(
        f"{OWN}versions/<int:version>/steps/<slug:verb>/",
        views.SubmissionStepView.as_view(),
        name="submission_step",
    ),
]
