"""合同文件: the papers of a contract; a new file makes a new version and never overwrites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import DocumentKind
from qidang.contracts.models.sets import DocumentQuerySet, VersionQuerySet
from qidang.kit import clock, rows
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User
    from qidang.contracts.values import PaperIn


class Document(Identified):
    """合同文件: 正文, 附件, 扫描件 …; its bytes stand in its versions."""

    ledger_kind = "document"

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("类别"), max_length=16, choices=DocumentKind, default=DocumentKind.BODY)
    title = models.CharField(_("标题"), max_length=300)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "id"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="document_has_a_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def latest(self) -> Version:
        """The newest version, of those not cleared where there are others."""
        newest: Version = self.versions.newest_first()[0]
        return newest

    @transaction.atomic
    def add_version(self, paper: PaperIn, *, by: User, why: str) -> Version:
        """新增版本: the earlier ones stay as they are; the same bytes twice in one contract are refused."""
        contract = self.contract.opened(by)
        version = self.keep(paper, by=by, why=why)
        contract.touch_for(paper)
        record("version.added", contract, self, version, by=by, details={"sha256": paper.blob.sha256, "why": why})
        return version

    def keep(self, paper: PaperIn, *, by: User, why: str) -> Version:
        """Write the next version of this document; the contract's row is locked, so numbers run without a gap."""
        kept = Version.objects.filter(cleared_at=None)
        same = kept.filter(document__contract_id=self.contract_id, blob=paper.blob).first()
        if same is not None:
            raise Refused("contract.same_bytes", filename=paper.filename, known=same.filename, no=same.no)
        last = self.versions.aggregate(last=models.Max("no"))["last"] or 0
        return self.begin(paper, by=by, why=why, no=last + 1)

    def begin(self, paper: PaperIn, *, by: User, why: str, no: int = 1) -> Version:
        """Write version ``no``; the first one of a document of a new contract needs no look at the others."""
        version = Version(
            document=self,
            no=no,
            blob=paper.blob,
            filename=paper.filename[:300],
            media_type=paper.media_type,
            is_scan=paper.is_scan or self.kind == DocumentKind.SCAN,
            pages=paper.pages,
            chars=paper.chars,
            why=why,
            by=by,
            at=clock.now(),
        )
        rows.insert(version)
        paper.blob.held_by(version)
        return version


class Version(Identified):
    """版本: one file as it was received; ``blob.sha256`` is its digest."""

    ledger_kind = "version"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    no = models.PositiveSmallIntegerField(_("序号"))
    blob = models.ForeignKey("vault.Blob", on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(_("文件名"), max_length=300)
    media_type = models.CharField(max_length=128, blank=True)
    is_scan = models.BooleanField(_("扫描件"), default=False)
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    chars = models.PositiveIntegerField(_("字数"), null=True, blank=True)
    why = models.TextField(_("原因"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    cleared_at = models.DateTimeField(_("误传清除时间"), null=True, blank=True, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "no"]
        constraints = [
            models.UniqueConstraint(fields=["document", "no"], name="version_number_once_per_document"),
            models.UniqueConstraint(
                fields=["document", "blob"],
                condition=Q(cleared_at__isnull=True),
                name="version_bytes_once_per_document",
            ),
            models.CheckConstraint(condition=Q(no__gte=1), name="version_numbers_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.filename} v{self.no}"
