from django.urls import path

from editing import draft_views as views

app_name = "editing"
urlpatterns = [
    path("editing/drafts/", views.draft_list, name="draft_list"),
    path("editing/drafts/save/", views.draft_save, name="draft_save"),
    path("editing/drafts/<int:pk>/", views.draft_detail, name="draft_detail"),
    path("editing/drafts/<int:pk>/discard/", views.draft_discard, name="draft_discard"),
    path("editing/preview/", views.preview, name="preview"),
]
