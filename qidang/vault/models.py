"""Blobs (the bytes the vault keeps) and their holders."""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, Self

from django.db import models

from qidang.kit import rows
from qidang.kit.ids import Identified
from qidang.kit.refusal import Refused
from qidang.vault.disk import storage


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
        """Return the rows for bytes that lie in the vault by their SHA-256, made where they are not there yet.

        Raise Refused ``vault.shredded`` for bytes that were to be gone for good; they are removed again.
        """
        sizes = {one.sha256: one.size for one in stored}
        refuse_shredded(sizes)
        known = {blob.sha256: blob for blob in self.filter(sha256__in=sizes)}
        lacking = [Blob(sha256=sha256, size=size) for sha256, size in sizes.items() if sha256 not in known]
        if lacking:
            self.bulk_create(lacking, ignore_conflicts=True)  # somebody else may keep the same bytes at this moment
            known |= {blob.sha256: blob for blob in self.filter(sha256__in=[blob.sha256 for blob in lacking])}
        return known

    def stubs(self, stored: Iterable[Kept]) -> "dict[str, Blob]":
        """Return the rows for bytes that are gone for good, made where a restored database does not know them."""
        sizes = {one.sha256: one.size for one in stored}
        return {sha256: self.get_or_create(sha256=sha256, defaults={"size": size})[0] for sha256, size in sizes.items()}

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
        """Write down that ``thing`` holds these bytes; once is enough.

        Whoever shreds locks the blob, and whoever holds it asks afterwards: one of the two sees the other.
        """
        rows.insert_once(Holder(blob=self, kind=thing.ledger_kind, uid=thing.uid))
        refuse_shredded([self.sha256])

    def let_go(self, thing: Holding) -> None:
        """Write down that ``thing`` holds these bytes no more."""
        self.holders.filter(kind=thing.ledger_kind, uid=thing.uid).delete()


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


class ShreddingQuerySet(models.QuerySet["Shredding"]):
    """Orders to shred."""

    def standing(self) -> Self:
        """Return those by which bytes may not come back."""
        return self.filter(lifted_at=None)

    def due(self) -> Self:
        """Return those whose bytes may still be there."""
        return self.standing().filter(done_at=None)

    def among(self, sha256s: Iterable[str]) -> set[str]:
        """Return which of these bytes may not come back."""
        return set(self.standing().filter(sha256__in=sha256s).values_list("sha256", flat=True))


class Shredding(models.Model):
    """碎钥: the order that bytes be gone for good, since when they are, and since when they may come back."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    cause = models.UUIDField()
    ordered_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)

    objects = ShreddingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["ordered_at"],
                condition=models.Q(done_at__isnull=True, lifted_at__isnull=True),
                name="shredding_due",
            )
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


def refuse_shredded(sha256s: Iterable[str]) -> None:
    """Refuse bytes that were to be gone for good, and remove them where they were laid down again."""
    for sha256 in Shredding.objects.among(sha256s):
        storage().shred(sha256)
        raise Refused("vault.shredded", sha256=sha256[:12])


class KeyCheck(models.Model):
    """The fingerprint of the master key that this database was written with; one row."""

    fingerprint = models.CharField(max_length=16, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.fingerprint
