"""散页: numbered pictures that lie in one folder and nothing beside them are probably the pages of one paper."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
import uuid
from collections import defaultdict

from .models import Arrival, Batch
from .models.arrival import WORKABLE

MOST = 2000
NUMBER = re.compile(r"(\d+)")


@dataclasses.dataclass(frozen=True, slots=True)
class LoosePages:
    """散页: ``count`` pictures in ``folder`` ("" for the batch itself); ``first`` is the arrival that comes first."""

    folder: str
    count: int
    first: uuid.UUID

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.folder.rsplit("/", 1)[-1]


def natural(name: str) -> list[tuple[int, str]]:
    """Return the key that sorts 第2页 before 第10页."""
    plain = unicodedata.normalize("NFKC", name).lower()
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in NUMBER.split(plain) if part]


def folder_of(path: str) -> str:
    """Return the folder in which the file of this path lies, "" for none."""
    return path.replace("\\", "/").rpartition("/")[0]


def loose_pages(batch: Batch) -> list[LoosePages]:
    """Return the folders of ``batch`` that hold two numbered pictures or more and nothing else."""
    pictures = batch.arrivals.filter(state__in=WORKABLE, media_type__startswith="image/")
    folders: dict[str, list[tuple[str, uuid.UUID]]] = defaultdict(list)
    for path, name, uid in pictures.values_list("path", "filename", "uid")[:MOST]:
        folders[folder_of(path)].append((name, uid))
    likely = {
        folder: files
        for folder, files in folders.items()
        if len(files) > 1 and all(NUMBER.search(name.rpartition(".")[0]) for name, _ in files)
    }
    if not likely:
        return []
    others = batch.arrivals.exclude(media_type__startswith="image/").exclude(members__isnull=False)
    mixed = {folder_of(path) for path in others.values_list("path", flat=True)[:MOST]}
    return [
        LoosePages(folder, len(files), min(files, key=lambda one: natural(one[0]))[1])
        for folder, files in sorted(likely.items())
        if folder not in mixed
    ]


def beside(arrival: Arrival) -> list[Arrival]:
    """Return the pictures that lie in the folder of ``arrival``, itself included, in the order of their numbers."""
    folder = folder_of(arrival.path)
    rows = arrival.batch.arrivals.filter(state__in=WORKABLE, media_type__startswith="image/")
    rows = rows.filter(path__startswith=f"{folder}/") if folder else rows
    found = [one for one in rows.select_related("batch", "blob")[:MOST] if folder_of(one.path) == folder]
    return sorted(found, key=lambda one: natural(one.filename))
