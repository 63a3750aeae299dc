"""Addresses of contracts."""

from django.urls import path

from qidang.web.contracts import (
    checking,
    filing,
    handing_over,
    history,
    holds,
    labels,
    moving,
    papers,
    register,
    relating,
    views,
    withdrawing,
    writing,
)

app_name = "contracts"
urlpatterns = [
    path("", register.register, name="register"),
    path("export/", register.export, name="export"),
    path("labels/", labels.labels, name="labels"),
    path("new/", writing.new, name="new"),
    path("checks/", checking.check_many, name="check_many"),
    path("companies/", writing.companies, name="companies"),
    path("versions/<uuid:uid>/download/", papers.download, name="download"),
    path("<uuid:uid>/", views.show, name="show"),
    path("<uuid:uid>/glance/", views.glance, name="glance"),
    path("<uuid:uid>/print/", views.printed, name="print"),
    path("<uuid:uid>/card/", labels.card, name="card"),
    path("<uuid:uid>/originals/", handing_over.handing_over, name="handing_over"),
    path("originals/<uuid:uid>/signature/", handing_over.signature, name="signature"),
    path("originals/<uuid:uid>/slip/", handing_over.slip, name="slip"),
    path("<uuid:uid>/edit/", writing.edit, name="edit"),
    path("<uuid:uid>/papers/", papers.add, name="papers"),
    path("<uuid:uid>/checks/", checking.check, name="check"),
    path("<uuid:uid>/number/", writing.number, name="number"),
    path("<uuid:uid>/voiding/", writing.void, name="voiding"),
    path("papers/<uuid:uid>/moving/", moving.moving, name="moving"),
    path("<uuid:uid>/relation/", relating.relation, name="relation"),
    path("<uuid:uid>/companies/", moving.companies, name="parties"),
    path("<uuid:uid>/withdrawal/", withdrawing.withdrawal, name="withdrawal"),
    path("<uuid:uid>/restoring/", withdrawing.restoring, name="restoring"),
    path("<uuid:uid>/holds/", holds.holds, name="holds"),
    path("history/", history.many, name="history_many"),
    path("<uuid:uid>/history/", history.history, name="history"),
    path("<uuid:uid>/filing/", filing.file, name="filing"),
    path("<uuid:uid>/filing/preview/", filing.preview, name="filing_preview"),
    path("<uuid:uid>/unfiling/", filing.unfile, name="unfiling"),
]
