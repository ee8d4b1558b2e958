from django.urls import path

from council import views, views_silence

app_name = "council"
urlpatterns = [
    path("meetings/", views.MeetingListView.as_view(), name="meeting_list"),
    path("meetings/new/", views.MeetingCreateView.as_view(), name="meeting_create"),
    path("meetings/<int:pk>/", views.MeetingDetailView.as_view(), name="meeting_detail"),
    path("meetings/<int:pk>/edit/", views.MeetingEditView.as_view(), name="meeting_edit"),
    path("documents/", views.DocumentListView.as_view(), name="document_list"),
    path("documents/new/", views.DocumentCreateView.as_view(), name="document_create"),
    path("documents/<int:pk>/", views.DocumentDetailView.as_view(), name="document_detail"),
    path("documents/<int:pk>/edit/", views.DocumentEditView.as_view(), name="document_edit"),
    path("decisions/", views.DecisionListView.as_view(), name="decision_list"),
    path("decisions/<int:pk>/", views.DecisionDetailView.as_view(), name="decision_detail"),
    path(
        "decisions/record/<str:type>/<int:pk>/<slug:verb>/",
        views.DecisionRecordView.as_view(),
        name="decision_record",
    ),
    path("silence/", views_silence.SilenceProcedureListView.as_view(), name="silenceprocedure_list"),
    path(
        "silence/new/<str:type>/<int:pk>/<slug:verb>/",
        views_silence.SilenceProcedureCreateView.as_view(),
        name="silenceprocedure_create",
    ),
    path("silence/<int:pk>/", views_silence.silenceprocedure_detail, name="silenceprocedure_detail"),
    path(
        "silence/<int:pk>/extend/",
        views_silence.SilenceProcedureExtendView.as_view(),
        name="silenceprocedure_extend",
    ),
    path(
        "silence/<int:pk>/withdraw/",
        views_silence.SilenceProcedureWithdrawView.as_view(),
        {"verb": "withdraw"},
        name="silenceprocedure_withdraw",
    ),
    path(
        "silence/<int:pk>/positions/<str:code>/",
        views_silence.PositionAnswerView.as_view(),
        name="position_answer",
    ),
]
