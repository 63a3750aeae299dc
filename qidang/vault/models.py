"""Blobs (the bytes the vault keeps) and their holders."""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, Self

from django.db import models

from qidang.kit import rows
from qidang.kit.ids import Identified


class Holding(Protocol):
    """A thing that can hold bytes: a version, an arrival, an evidence bundle."""

    ledger_kind: str
    uid: Any


class Kept(Protocol):
    """What ``vault.put`` answers."""

    @property
    def sha256(self) -> str:
        """64 hex digits."""

    @property
    def size(self) -> int:
        """Plain bytes."""


class BlobQuerySet(models.QuerySet["Blob"]):
    """Sets of blobs."""

    def keep(self, stored: Kept, holder: Holding | None = None) -> "Blob":
        """Return the row for bytes that lie in the vault, made where it is not there yet; ``holder`` now holds it."""
        blob = self.keep_all([stored])[stored.sha256]
        if holder is not None:
            blob.held_by(holder)
        return blob

    def keep_all(self, stored: Iterable[Kept]) -> "dict[str, Blob]":
        """Return the rows for bytes that lie in the vault by their SHA-256, made where they are not there yet."""
        sizes = {one.sha256: one.size for one in stored}
        known = {blob.sha256: blob for blob in self.filter(sha256__in=sizes)}
        lacking = [Blob(sha256=sha256, size=size) for sha256, size in sizes.items() if sha256 not in known]
        if lacking:
            self.bulk_create(lacking, ignore_conflicts=True)  # somebody else may keep the same bytes at this moment
            known |= {blob.sha256: blob for blob in self.filter(sha256__in=[blob.sha256 for blob in lacking])}
        return known

    def unheld(self) -> Self:
        """Those that nothing holds."""
        return self.filter(holders=None)


class Blob(Identified):
    """电子文件实体: bytes stored once, known by their SHA-256."""

    ledger_kind: ClassVar[str] = "blob"

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    size = models.BigIntegerField(editable=False)
    stored_at = models.DateTimeField(auto_now_add=True)

    objects = BlobQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(size__gte=0), name="blob_size_is_not_negative"),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    def held_by(self, thing: Holding) -> None:
        """Write down that ``thing`` holds these bytes; once is enough."""
        rows.insert_once(Holder(blob=self, kind=thing.ledger_kind, uid=thing.uid))


class Holder(models.Model):
    """持有者: a thing (kind + uid) in which these bytes occur."""

    blob = models.ForeignKey(Blob, models.PROTECT, related_name="holders")
    kind = models.CharField(max_length=40)
    uid = models.UUIDField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["blob", "kind", "uid"], name="one_row_per_holder")]
        indexes = [models.Index(fields=["kind", "uid"], name="holder_of_a_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class KeyCheck(models.Model):
    """The fingerprint of the master key that this database was written with; one row."""

    fingerprint = models.CharField(max_length=16, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.fingerprint
