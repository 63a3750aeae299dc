"""识读: read files without any database: text, pages and fields with their evidence."""

from argparse import Namespace
from typing import Any

from qidang.cli.frame import REFUSED, put, put_json, say
from qidang.reading.cli import read_files


def run(arguments: Namespace) -> int:
    """Read each file, print in the order given, and return 1 where one was refused."""
    code = 0
    for row in read_files(arguments.files, arguments.text, password=arguments.password):
        code = REFUSED if row["refused"] else code
        put_json(row) if arguments.json else _tell(row)
    return code


def _tell(row: dict[str, Any]) -> None:
    if row["refused"]:
        put(f"{row['file']}  {row['refused']['message']} [{row['refused']['code']}]")
        return
    kind = (row["contract_type"] or say("合同", "contract")) if row["is_contract"] else say("不是合同", "no contract")
    pages = say(
        f"{row['pages']} 页（文字识别 {row['ocr_pages']} 页），{row['chars']} 字",
        f"{row['pages']} pages ({row['ocr_pages']} by OCR), {row['chars']} characters",
    )
    put(f"{row['file']}  {kind}  {pages}")
    for name, found in row["fields"].items():
        if found:
            put(f"    {name:<24} {found['value']}  ({say('第', 'p.')}{found['page']}{say(' 页', '')})")
    for problem in row["problems"]:
        put(f"    ! {problem['message']} [{problem['code']}]")
    if "text" in row:
        put(row["text"])
