from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("progress/", views.progress, name="progress"),
    path("progress/<slug:figure>/", views.figure, name="figure"),
    path("progress/<slug:figure>/rows/", views.figure_rows, name="figure_rows"),
    path("progress/<slug:figure>.csv", views.figure_csv, name="figure_csv"),
]
