"""合同文件: adding a file, a new version, and giving one out under its archive name."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from qidang import vault
from qidang.accounts.capabilities import require
from qidang.contracts.clearing import refuse_cleared
from qidang.contracts.models import Document, Version
from qidang.contracts.values import PaperIn
from qidang.holdings.naming import download_name
from qidang.kit.ids import parse_uid
from qidang.kit.refusal import Refused
from qidang.ledger import record_read
from qidang.vault.models import Blob
from qidang.web.answers import Asked, original
from qidang.web.contracts.forms import PaperForm, VersionForm
from qidang.web.contracts.views import found


def paper_of(form: Any, kind_name: str = "kind") -> PaperIn | None:
    """Keep the uploaded bytes and return the paper they are; None where no file was given."""
    file: Any = form.cleaned_data.get("file")
    if file is None:
        return None
    blob = Blob.objects.keep(vault.put(file))
    given = form.cleaned_data
    return PaperIn(
        blob=blob,
        filename=file.name or "",
        kind=given.get(kind_name) or "OTHER",
        title=given.get("title") or "",
        media_type=file.content_type or "",
    )


def add(request: Asked, uid: UUID) -> HttpResponse:
    """加文件, or with ``?document=`` a new version of one; earlier versions stay."""
    contract = found(request, uid)
    require(request.user, "contract.edit", contract)
    wanted = request.GET.get("document")
    document = get_object_or_404(Document, contract=contract, uid=parse_uid(wanted)) if wanted else None
    form = (VersionForm if document else PaperForm)(request.POST or None, request.FILES or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, contract, document, form)
        except Refused as error:
            refusal = error
        else:
            messages.success(request, _("文件已收存"))
            return redirect(f"/contracts/{uid}/?tab=papers")
    shown = {"contract": contract, "document": document, "form": form, "refusal": refusal}
    return render(request, "contracts/paper.html", shown, status=409 if refusal else 200)


def _keep(request: Asked, contract: Any, document: Document | None, form: Any) -> None:
    paper = paper_of(form)
    assert paper is not None
    if document is None:
        contract.add_document(paper, by=request.user, why=form.cleaned_data["why"])
    else:
        document.add_version(paper, by=request.user, why=form.cleaned_data["why"])


def download(request: Asked, uid: UUID) -> HttpResponseBase:
    """下载 one version under its archive name; recorded."""
    wanted = Version.objects.visible_to(request.user).select_related("document__contract__department", "blob")
    version: Version = get_object_or_404(wanted, uid=uid)
    contract = version.document.contract
    require(request.user, "document.download", contract)
    refuse_cleared(version)
    answer = original(version.blob, download_name(contract, version))
    record_read("document.downloaded", contract, version.document, version, by=request.user)
    return answer
