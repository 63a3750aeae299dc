"""启用: a start readies the key before anything is sealed or read with it."""

from django.conf import settings

from qidang.kit.refusal import Refused
from qidang.vault import keys
from qidang.vault.models import Blob, KeyCheck


def prepare() -> None:
    """启用: make the key where neither key nor data is there yet, else check that it fits home and database.

    Call it after the migrations. Raise Refused ``vault.key_missing`` for a home or database that has data and no key,
    ``vault.wrong_key`` for a key of another, and whatever ``keys.master`` refuses.
    """
    keys.forget()
    known = KeyCheck.objects.first()
    if not settings.KEY_FILE.exists():
        if known or keys.has_data(settings.HOME) or Blob.objects.exists():
            raise Refused("vault.key_missing", path=settings.KEY_FILE, home=settings.HOME)
        keys.create(settings.KEY_FILE)
    if known and known.fingerprint != keys.fingerprint():
        raise Refused("vault.wrong_key", path=settings.KEY_FILE, home=settings.HOME)
    if not known:
        KeyCheck.objects.get_or_create(fingerprint=keys.fingerprint())
    keys.remember(settings.HOME)
