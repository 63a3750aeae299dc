"""The same bytes from several sides at once, with real transactions."""

import os
import pathlib
import threading
import uuid
from dataclasses import dataclass, field

from django.db import connection, transaction

from qidang import vault
from qidang.vault.models import Blob, Holder


@dataclass
class Paper:
    """Something that holds bytes."""

    ledger_kind: str = "version"
    uid: uuid.UUID = field(default_factory=uuid.uuid4)


def test_the_same_bytes_from_eight_sides_are_one_row_with_eight_holders(
    fresh_database: str, home: pathlib.Path
) -> None:
    data = os.urandom(200_000)
    start = threading.Barrier(8)
    troubles = []

    def keep() -> None:
        start.wait()
        try:
            stored = vault.put(data)
            with transaction.atomic():
                Blob.objects.keep(stored, holder=Paper())
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=keep) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    blob = Blob.objects.get()
    assert Holder.objects.filter(blob=blob).count() == 8
    assert vault.read(blob) == data
