"""合同文件: the papers of a contract; a new file makes a new version and never overwrites."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qidang.contracts.choices import DocumentKind
from qidang.contracts.models.contract import Contract
from qidang.contracts.models.sets import DocumentQuerySet, VersionQuerySet
from qidang.kit.ids import Identified


class Document(Identified):
    """合同文件: 正文, 附件, 扫描件 …; its bytes stand in its versions."""

    ledger_kind = "document"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="documents")
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


class Version(Identified):
    """版本: one file as it was received; ``blob.sha256`` is its digest."""

    ledger_kind = "version"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    no = models.PositiveSmallIntegerField(_("序号"))
    filename = models.CharField(_("文件名"), max_length=300)
    media_type = models.CharField(max_length=128, blank=True)
    is_scan = models.BooleanField(default=False)
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    chars = models.PositiveIntegerField(_("字数"), null=True, blank=True)
    why = models.TextField(_("原因"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "no"]
        constraints = [
            models.UniqueConstraint(fields=["document", "no"], name="version_number_once_per_document"),
            models.CheckConstraint(condition=Q(no__gte=1), name="version_numbers_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.filename} v{self.no}"
