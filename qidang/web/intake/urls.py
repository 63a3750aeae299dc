"""收集 addresses."""

from django.urls import path
from django.views.generic import RedirectView

from qidang.web.intake import (
    arranging,
    batches,
    clearing,
    deciding,
    duplicates,
    folders,
    isolated,
    names,
    reviewing,
    sheets,
    uploading,
    uploads,
)

app_name = "intake"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="intake:upload"), name="start"),
    path("upload/", uploading.upload, name="upload"),
    path("uploads/", uploads.creation, name="upload_creation"),
    path("uploads/<uuid:uid>/", uploads.piece, name="upload_piece"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<uuid:uid>/", batches.batch, name="batch"),
    path("to-review/", batches.to_review, name="to_review"),
    path("to-review/<uuid:uid>/", reviewing.review, name="review"),
    path("arrivals/<uuid:uid>/pages/<int:number>/", reviewing.page_image, name="page_image"),
    path("arrivals/<uuid:uid>/file/", reviewing.download, name="download"),
    path("arrivals/<uuid:uid>/attachment/", deciding.attachment, name="attachment"),
    path("arrivals/<uuid:uid>/withdrawal/", deciding.withdrawal, name="withdrawal"),
    path("arrivals/<uuid:uid>/return/", deciding.put_back, name="put_back"),
    path("arrivals/<uuid:uid>/retry/", deciding.retry, name="retry"),
    path("arrivals/<uuid:uid>/arranging/", arranging.arranging, name="arranging"),
    path("arrivals/<uuid:uid>/arranging/undoing/", arranging.undoing, name="undo_arranging"),
    path("sheets/", sheets.bring, name="sheets"),
    path("sheets/<uuid:uid>/", sheets.sheet, name="sheet"),
    path("isolated/", isolated.isolated, name="isolated"),
    path("isolated/<uuid:uid>/release/", isolated.proposal, name="isolated_proposal"),
    path("isolated/<uuid:uid>/decision/", isolated.decision, name="isolated_decision"),
    path("isolated/<uuid:uid>/clearing/", clearing.ask_isolated, name="isolated_clearing"),
    path("arrivals/<uuid:uid>/clearing/", clearing.ask, name="ask_clearing"),
    path("papers/<uuid:uid>/clearing/", clearing.ask_paper, name="ask_clearing_paper"),
    path("clearings/", clearing.clearings, name="clearings"),
    path("clearings/<uuid:uid>/", clearing.clearing, name="clearing"),
    path("clearings/<uuid:uid>/decision/", clearing.decision, name="clearing_decision"),
    path("clearings/<uuid:uid>/return/", clearing.coming_back, name="clearing_return"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<uuid:uid>/", duplicates.comparison, name="comparison"),
    path("duplicates/<uuid:uid>/decision/", duplicates.decision, name="comparison_decision"),
    path("sheets/<uuid:uid>/heading/", sheets.heading, name="sheet_heading"),
    path("sheets/<uuid:uid>/names/", names.names, name="names"),
    path("sheets/<uuid:uid>/undoing/", sheets.undoing, name="sheet_undoing"),
    path("folders/", folders.folders, name="folders"),
    path("folders/<uuid:uid>/end/", folders.unwatch, name="unwatch"),
]
