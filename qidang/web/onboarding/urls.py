"""导入项目 addresses."""

from django.urls import path

from qidang.web.onboarding import lists, projects, samples, sources

app_name = "onboarding"
urlpatterns = [
    path("", projects.projects, name="projects"),
    path("<uuid:uid>/", projects.project, name="project"),
    path("<uuid:uid>/settings/", projects.settings, name="settings"),
    path("<uuid:uid>/pause/", projects.pause, name="pause"),
    path("<uuid:uid>/matching/", projects.matching, name="matching"),
    path("<uuid:uid>/ledgers/", sources.ledger, name="ledger"),
    path("<uuid:uid>/upload/", sources.upload, name="upload"),
    path("<uuid:uid>/folders/", sources.folder, name="folder"),
    path("<uuid:uid>/matches/", lists.matches, name="matches"),
    path("<uuid:uid>/matches/export/", lists.export_matches, name="export_matches"),
    path("<uuid:uid>/without-scan/", lists.without_scan, name="without_scan"),
    path("<uuid:uid>/without-scan/export/", lists.export_without_scan, name="export_without_scan"),
    path("<uuid:uid>/without-row/", lists.without_row, name="without_row"),
    path("<uuid:uid>/without-row/export/", lists.export_without_row, name="export_without_row"),
    path("<uuid:uid>/differences/", lists.differences, name="differences"),
    path("<uuid:uid>/differences/export/", lists.export_differences, name="export_differences"),
    path("<uuid:uid>/samples/", samples.samples, name="samples"),
    path("samples/<uuid:uid>/", samples.sample, name="sample"),
    path("samples/<uuid:uid>/export/", samples.export, name="export_sample"),
    path("samples/<uuid:uid>/items/<int:number>/", samples.item, name="sample_item"),
]
