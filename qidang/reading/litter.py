"""杂件: what office programs and desktops leave behind beside the papers; it is passed over, and said so."""

import pathlib

LITTER, EMPTY = "litter", "empty"
"""Why a file is passed over: it holds nothing of anybody's, or nothing at all."""
FOLDERS = {"__macosx", "$recycle.bin", "@eadir"}
FILES = {"thumbs.db", "ehthumbs.db", "desktop.ini"}


def is_litter(path: str) -> bool:
    """True for ``~$…``, ``.DS_Store`` and other hidden files, ``Thumbs.db``, ``desktop.ini``, ``__MACOSX/…``."""
    *folders, name = pathlib.PurePosixPath(path.replace("\\", "/")).parts or ("",)
    if any(folder.lower() in FOLDERS for folder in folders):
        return True
    return name.startswith((".", "~$", "~WRL")) or name.lower() in FILES


def why_passed_over(path: str, size: int) -> str:
    """Return why the file is passed over; empty for one that is to be taken in."""
    if is_litter(path):
        return LITTER
    return "" if size else EMPTY
