"""操作日志: chains, entries, their subjects and details, and the cursors of those who follow."""

from typing import Any

from django.db import models

GENESIS = "0" * 64
CHAINS = {"acts": "操作", "reads": "查阅"}


class Chain(models.Model):
    """哈希链: its head; the row stays locked until the act that writes the next entry commits."""

    name = models.CharField(max_length=16, primary_key=True)
    seq = models.BigIntegerField(default=0)
    leaf = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"{self.name}:{self.seq}"


class EntryQuerySet(models.QuerySet["Entry"]):
    """Sets of entries."""

    def after(self, seq: int, chain: str = "acts") -> "EntryQuerySet":
        """Entries of ``chain`` behind ``seq``, oldest first."""
        return self.filter(chain=chain, seq__gt=seq).order_by("seq")

    def about(self, *uids: Any) -> "EntryQuerySet":
        """Entries that name any of these things, newest first."""
        return self.filter(pk__in=EntrySubject.objects.filter(uid__in=uids).values("entry_id")).order_by("-at", "-pk")


class Entry(models.Model):
    """条目: one act. ``canonical`` holds the bytes that were hashed; the other columns repeat them for queries."""

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=16)
    seq = models.BigIntegerField()
    act = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor_uid = models.UUIDField()
    actor_name = models.CharField(max_length=300)
    address = models.CharField(max_length=64, blank=True)
    canonical = models.BinaryField()
    leaf = models.CharField(max_length=64)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="one_entry_per_place_in_a_chain")]
        indexes = [
            models.Index(fields=["chain", "at"], name="entry_by_time"),
            models.Index(fields=["actor_uid", "at"], name="entry_by_actor"),
            models.Index(fields=["act", "at"], name="entry_by_act"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq} {self.act}"


class EntrySubject(models.Model):
    """对象 of an entry."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="subjects", db_index=False)
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=32)
    uid = models.UUIDField()
    name = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "position"], name="one_subject_per_position")]
        indexes = [models.Index(fields=["uid", "entry"], name="subject_by_uid")]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class EntryDetails(models.Model):
    """详情 of an entry, apart so that a disposal may erase them; the entry keeps only their salted digest."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="details", primary_key=True)
    salt = models.BinaryField()
    body = models.TextField()

    def __str__(self) -> str:
        return self.body


class Cursor(models.Model):
    """How far a follower (search, notices) has come in a chain."""

    name = models.CharField(max_length=32, primary_key=True)
    chain = models.CharField(max_length=16, default="acts")
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}@{self.chain}:{self.seq}"

    @classmethod
    def position(cls, name: str) -> int:
        """Return the last seq that ``name`` has dealt with; 0 at the beginning."""
        return cls.objects.filter(name=name).values_list("seq", flat=True).first() or 0

    @classmethod
    def advance(cls, name: str, seq: int, chain: str = "acts") -> None:
        """Remember that ``name`` has dealt with everything up to ``seq``; setting it back (to 0) replays."""
        cls.objects.update_or_create(name=name, defaults={"seq": seq, "chain": chain})
