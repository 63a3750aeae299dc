"""命名规则: 档号_合同名称_客户_签订日期_版本, the name of every file that leaves the archive."""

import pathlib
import re
import unicodedata

from qidang.contracts.models import Contract, Version
from qidang.holdings.models import Record

LONGEST = 200  # bytes in UTF-8; file systems allow 255, mail and browsers put marks of their own behind
TITLE_BYTES = 75
CUSTOMER_BYTES = 60
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
FORBIDDEN = re.compile(r"[\\/:*?\"<>|_\s]+")
UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")


def download_name(contract: Contract, version: Version) -> str:
    """Return the file name of ``version``: 档号 (else 合同编号, else 未归档), title, customer, YYYYMMDD, V and number.

    At most 200 bytes in UTF-8; without separators, control or direction marks, and safe on Windows too.
    """
    filed = Record.objects.holding(version.document).values_list("reference", flat=True).first()
    day = f"{contract.signed_on:%Y%m%d}" if contract.signed_on else "未签订"
    parts = [
        filed or contract.reference or safe(contract.number, TITLE_BYTES) or "未归档",
        safe(contract.title, TITLE_BYTES) or "未命名",
        safe(contract.counterparty_name, CUSTOMER_BYTES) or "无客户",
        day,
        f"V{version.no}{suffix(version.filename)}",
    ]
    surplus = len("_".join(parts).encode()) - LONGEST
    if surplus > 0:
        parts[1] = safe(parts[1], max(len(parts[1].encode()) - surplus, 3)) or "-"
    return "_".join(parts)


def safe(text: str, limit: int) -> str:
    """Return ``text`` as part of a file name, at most ``limit`` bytes long, cut between characters."""
    shown = "".join(char for char in unicodedata.normalize("NFC", text) if _is_seen(char))
    joined = FORBIDDEN.sub("-", shown).strip("-. ")
    return joined.encode()[:limit].decode(errors="ignore").rstrip("-. ")


def suffix(filename: str) -> str:
    """Return the suffix of a file name in lower case, nothing where it has no usual one."""
    found = pathlib.PurePosixPath(filename).suffix
    return found.lower() if SUFFIX.fullmatch(found) else ""


def _is_seen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in UNSEEN
