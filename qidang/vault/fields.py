"""Sealed columns (账号、证件号、电话): AES-256-GCM with a random nonce, and a blind index to find equal values by."""

import base64
import hashlib
import hmac
import os
import unicodedata
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models

from qidang.kit.refusal import Refused
from qidang.vault import keys

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
    CharField = models.CharField[str, str]
else:  # the stubs know type parameters, Django itself does not
    TextField, CharField = models.TextField, models.CharField

MARK = "qs1."  # the first form of a sealed value


def seal(value: str) -> str:
    """Return ``value`` sealed; an empty value stays empty."""
    if not value:
        return value
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(keys.subkey("fields")).encrypt(nonce, value.encode(), MARK.encode())
    return MARK + base64.b64encode(sealed).decode()


def unseal(kept: str) -> str:
    """Return the value that was sealed. Raise Refused ``vault.field_corrupt``."""
    if not kept:
        return kept
    try:
        if not kept.startswith(MARK):
            raise ValueError("not a sealed value")
        sealed = base64.b64decode(kept[len(MARK) :], validate=True)
        return AESGCM(keys.subkey("fields")).decrypt(sealed[:12], sealed[12:], MARK.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Refused("vault.field_corrupt") from error


def blind(value: str) -> str:
    """Return the blind index of ``value``: 32 hex digits of HMAC-SHA-256 over it folded (NFKC, upper case, no spaces
    or punctuation); empty for an empty value. Equal indexes mean equal values; nobody without the key can make one."""
    folded = "".join(letter for letter in unicodedata.normalize("NFKC", value or "").upper() if letter.isalnum())
    if not folded:
        return ""
    return hmac.new(keys.subkey("blind index"), folded.encode(), hashlib.sha256).hexdigest()[:32]


class SealedField(TextField):
    """A text that lies sealed in the database. It can be asked for emptiness only; look values up by a blind index."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        """Return the plain text of what the database kept."""
        return None if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        """Return the sealed text that the database keeps."""
        value = super().get_prep_value(value)
        return value if value is None else seal(str(value))

    def get_lookup(self, lookup_name: str) -> Any:
        """Offer ``isnull`` alone: sealed values are never equal to one another."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class BlindIndexField(CharField):
    """The blind index of the field named ``of``, written whenever the row is saved (``update()`` does not write it).

    Look up by ``Party.objects.filter(account_index=blind(typed))``.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"max_length": 32, "db_index": True, "editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Say how a migration makes this field."""
        name, path, args, kwargs = super().deconstruct()
        for known in ("max_length", "db_index", "editable", "blank", "default"):
            kwargs.pop(known, None)
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Work the index out from the value as it stands."""
        index = blind(getattr(model_instance, self.of) or "")
        setattr(model_instance, self.attname, index)
        return index
