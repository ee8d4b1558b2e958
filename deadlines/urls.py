from django.urls import path

from deadlines import views

app_name = "deadlines"

urlpatterns = [
    path("", views.home, name="home"),
    path("deadlines/", views.deadline_list, name="deadline_list"),
    path("deadlines/reminders/", views.ReminderListView.as_view(), name="reminder_list"),
    path("manage/lists/reminders/", views.leadtimes_list, name="leadtimes_list"),
    path("manage/lists/reminders/<slug:rule>/", views.LeadTimesEditView.as_view(), name="leadtimes_edit"),
]
