"""识读: bytes to text, pages and fields. No contract row is known here.

Web and worker import only ``paper``, ``pool`` and ``likeness`` of it.
"""

READER_VERSION = "1"
"""Grows whenever the same bytes would be read differently; derived text and fields are keyed by it."""
