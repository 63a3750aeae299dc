"""What a child may use while it reads one file, and how it says that it cannot read it."""

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one file: bytes of memory, input and output; seconds of CPU and wall clock; pages.

    Every page that is recognised adds ``ocr_seconds`` to the wall clock, because waiting for it is no hang.
    """

    memory: int = 1536 * MIB
    input: int = 512 * MIB
    output: int = 512 * MIB
    cpu: int = 45
    wall: float = 58.0
    pages: int = 2000
    ocr_pages: int = 500
    ocr_seconds: float = 120.0


class Unreadable(Exception):
    """The file cannot be read; ``code`` has its words in ``refusals.toml``."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
