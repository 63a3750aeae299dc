"""Addresses of companies."""

from django.urls import path

from qidang.web.companies import merging, sheets, views, writing

app_name = "companies"
urlpatterns = [
    path("", views.companies, name="list"),
    path("export/", sheets.export, name="export"),
    path("import/", sheets.bring, name="import"),
    path("import/template/", sheets.template, name="template"),
    path("imports/<uuid:uid>/", sheets.sheet, name="sheet"),
    path("imports/<uuid:uid>/undoing/", sheets.undoing, name="sheet_undoing"),
    path("new/", writing.new, name="new"),
    path("duplicates/", merging.duplicates, name="duplicates"),
    path("duplicates/finding/", merging.find, name="find_duplicates"),
    path("duplicates/<int:pk>/apart/", merging.apart, name="apart"),
    path("merges/<uuid:uid>/", merging.merge, name="merge"),
    path("merges/<uuid:uid>/undoing/", merging.undoing, name="undoing"),
    path("aliases/<int:pk>/", writing.alias_days, name="alias_days"),
    path("aliases/<int:pk>/removal/", writing.alias_removal, name="alias_removal"),
    path("codes/<int:pk>/removal/", writing.code_removal, name="code_removal"),
    path("contacts/<uuid:uid>/", writing.contact, name="contact"),
    path("contacts/<uuid:uid>/removal/", writing.contact_removal, name="contact_removal"),
    path("notes/<uuid:uid>/", writing.note, name="note"),
    path("notes/<uuid:uid>/removal/", writing.note_removal, name="note_removal"),
    path("<uuid:uid>/", views.show, name="show"),
    path("<uuid:uid>/edit/", writing.edit, name="edit"),
    path("<uuid:uid>/merging/", merging.merging, name="merging"),
    path("<uuid:uid>/aliases/", writing.alias, name="alias"),
    path("<uuid:uid>/codes/", writing.code, name="code"),
    path("<uuid:uid>/contacts/", writing.contact_new, name="contact_new"),
    path("<uuid:uid>/notes/", writing.note_new, name="note_new"),
]
