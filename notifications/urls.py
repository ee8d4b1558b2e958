from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("notifications/", views.NotificationListView.as_view(), name="notification_list"),
    path("notifications/<int:pk>/", views.NotificationDetailView.as_view(), name="notification_detail"),
    path(
        "notifications/<int:pk>/resend/", views.NotificationResendView.as_view(), name="notification_resend"
    ),
]
