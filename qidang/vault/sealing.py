"""封存: the form of a sealed object.

``QDV1`` · fingerprint of the master key (8) · wrapped data key (40, RFC 5649) · Tink stream
(AES256-GCM-HKDF, segments of 1 MB), whose associated data is all that stands before it. The data key is made for
this one object; the header travels with the bytes, so that each object can be read by itself.
"""

import io
import os
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

import tink
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding, aes_key_wrap_with_padding
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from qidang.vault import keys

MAGIC = b"QDV1"
HEADER = len(MAGIC) + 8 + 40
SEGMENT = 1024 * 1024
TYPE_URL = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"

streaming_aead.register()


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that lie in the vault: their SHA-256 (64 hex digits) and size, both of the plain bytes."""

    sha256: str
    size: int


class Unreadable(Exception):
    """The sealed bytes are not what was written, or another key sealed them."""


class Door(io.RawIOBase):
    """A destination that stays open when Tink closes it, remembers why a write failed, and then takes no more."""

    def __init__(self, destination: BinaryIO) -> None:
        self.destination = destination
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)
        written = len(view) if self.failure else 0
        try:
            while written < len(view):
                written += self.destination.write(view[written:])
        except OSError as error:
            self.failure = error
            raise
        return written


def seal(write: BinaryIO) -> tuple[BinaryIO, Door]:
    """Begin a sealed object on ``write``; return the stream for the plain bytes (close it to finish) and its door."""
    key = os.urandom(32)
    header = MAGIC + bytes.fromhex(keys.fingerprint()) + aes_key_wrap_with_padding(keys.subkey("blobs"), key)
    door = Door(write)
    door.write(header)
    return _primitive(key).new_encrypting_stream(cast(BinaryIO, door), header), door


def unseal(sealed: BinaryIO) -> BinaryIO:
    """Return the plain bytes of a sealed stream. Raise Unreadable at once for a header that is damaged or not ours."""
    header = sealed.read(HEADER)
    if len(header) != HEADER or not header.startswith(MAGIC):
        raise Unreadable("no header")
    try:
        key = aes_key_unwrap_with_padding(keys.subkey("blobs"), header[len(MAGIC) + 8 :])
    except (InvalidUnwrap, ValueError) as error:
        raise Unreadable("the data key does not unwrap") from error
    return cast(BinaryIO, _primitive(key).new_decrypting_stream(sealed, header))


def _primitive(key: bytes) -> streaming_aead.StreamingAead:
    """Return Tink's AES256-GCM-HKDF with 1 MB segments for ``key``."""
    proto = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(version=0, key_value=key)
    proto.params.ciphertext_segment_size = SEGMENT
    proto.params.derived_key_size = 32
    proto.params.hkdf_hash_type = common_pb2.SHA256
    material = tink_pb2.KeyData(
        type_url=TYPE_URL, value=proto.SerializeToString(), key_material_type=tink_pb2.KeyData.SYMMETRIC
    )
    keyset = tink_pb2.Keyset(primary_key_id=1)
    keyset.key.add(key_data=material, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)
    handle = tink.proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)
