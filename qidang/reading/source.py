"""What a format's reader gets: the bytes, the name, the password, the bounds, and the way to recognition."""

from dataclasses import dataclass, field

from qidang.reading.asking import Recogniser
from qidang.reading.limits import Limits


@dataclass
class Source:
    """A file to read, in the child that reads it."""

    content: bytes
    name: str
    media_type: str
    recogniser: Recogniser
    password: str | None = None
    limits: Limits = field(default_factory=Limits)
