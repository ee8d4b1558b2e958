from django.urls import path

from publishing.spreadsheets import CSV, XLSX
from reports.views import chain, figures, gaps

app_name = "reports"
urlpatterns = [
    path("progress/", figures.progress, name="progress"),
    path("progress/chain/", chain.chain, name="chain"),
    path("progress/chain.<slug:suffix>", chain.chain_file, name="chain_file"),
    path("progress/gaps/", gaps.gaps, name="gaps"),
    path("progress/gaps.<slug:suffix>", gaps.gaps_file, name="gaps_file"),
    path("progress/<slug:figure>/", figures.figure, name="figure"),
    path("progress/<slug:figure>/rows/", figures.figure_rows, name="figure_rows"),
    path("progress/<slug:figure>.csv", figures.figure_file, {"suffix": CSV}, name="figure_csv"),
    path("progress/<slug:figure>.xlsx", figures.figure_file, {"suffix": XLSX}, name="figure_xlsx"),
]
