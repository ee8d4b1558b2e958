from django.urls import path

from audit import views

app_name = "audit"
urlpatterns = [path("history/<slug:type>/<int:pk>/", views.history, name="history")]
