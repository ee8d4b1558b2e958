from django.urls import path

from council import views, views_agenda, views_presidency, views_silence

app_name = "council"
urlpatterns = [
    path("meetings/", views.MeetingListView.as_view(), name="meeting_list"),
    path("meetings/new/", views.MeetingCreateView.as_view(), name="meeting_create"),
    path("meetings/<int:pk>/", views.MeetingDetailView.as_view(), name="meeting_detail"),
    path("meetings/<int:pk>/edit/", views.MeetingEditView.as_view(), name="meeting_edit"),
    path("meetings/<int:pk>/delete/", views.MeetingDeleteView.as_view(), name="meeting_delete"),
    path(
        "meetings/<int:meeting>/agenda/new/",
        views_agenda.AgendaPointCreateView.as_view(),
        name="agendapoint_create",
    ),
    path(
        "meetings/<int:meeting>/agenda/<int:pk>/edit/",
        views_agenda.AgendaPointEditView.as_view(),
        name="agendapoint_edit",
    ),
    path(
        "meetings/<int:meeting>/agenda/<int:pk>/remove/",
        views_agenda.AgendaPointDeleteView.as_view(),
        name="agendapoint_delete",
    ),
    path(
        "meetings/<int:meeting>/agenda/<int:pk>/move/<slug:direction>/",
        views_agenda.agendapoint_move,
        name="agendapoint_move",
    ),
    path(
        "meetings/<int:meeting>/agenda/<int:pk>/outcome/",
        views_agenda.AgendaPointCloseView.as_view(),
        name="agendapoint_close",
    ),
    path(
        "meetings/<int:meeting>/agenda/<int:pk>/decision/",
        views_agenda.AgendaPointDecideView.as_view(),
        name="agendapoint_decide",
    ),
    path("presidency/", views_presidency.handover, name="presidency_handover"),
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
