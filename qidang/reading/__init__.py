"""识读: bytes to text, pages and fields. No contract row is known here.

Web and worker import only ``paper``, ``pool`` and ``likeness`` of it.
"""

READER_VERSION = "2"
"""Grows whenever the same bytes would be read differently; derived text and fields are keyed by it."""

STILL_TRUE = ("1",)
"""Earlier versions whose texts and fields serve until somebody has the paper read again, so that no archive of scans is
recognised anew after an upgrade. A version whose readings were wrong does not stand here: its papers are read again
when they are opened or indexed. Version 2 reads more fields of papers in English and in two languages, nothing else."""
