"""The gate for text that is none."""

import pathlib

import pytest

from qidang.reading.quality import is_garbage
from qidang.reading.warming import WORDS

TEXT = "\n".join(WORDS)


@pytest.mark.parametrize(
    "garbage",
    [
        TEXT.encode("gb18030").decode("latin-1"),
        TEXT.encode("gb18030").decode("cp1252", "replace"),
        TEXT.encode().decode("latin-1"),
        TEXT.encode().decode("gb18030", "replace"),
        TEXT.encode("gb18030").decode("utf-8", "replace"),
        TEXT.encode("gb18030").decode("big5", "replace"),
        "".join(chr(0xE000 + ord(char) % 4000) for char in TEXT),
        "\ufffd" * 8,
    ],
)
def test_text_in_the_wrong_encoding_is_garbage(garbage: str) -> None:
    assert is_garbage(garbage)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "X",
        TEXT,
        "Sales Contract No. 2026/17. The Seller shall deliver the goods — “as is” — within 30 days; price: €1,200.50.",
        "Le vendeur s'engage à livrer les matériels désignés ci-après à l'acheteur, conformément aux délais prévus.",
        "Käufer: Müller & Söhne GmbH, Größe 10 × 20 m², Übergabe gemäß § 446 BGB, Gewährleistung 2 Jahre.",
        "買賣合約書　甲方：江南機械有限公司（以下簡稱買方）　雙方同意訂立本合約，並遵守下列條款。" * 3,
        "売買契約書　株式会社さくら（以下「甲」という。）は、次のとおり契約を締結する。" * 3,
        "매매계약서 매도인과 매수인은 다음과 같이 계약을 체결한다. 제1조 목적물" * 3,
        "1,234.56\t7,890.12\t□ ☑ ① ② ③ ￥ ％ ＋",
    ],
)
def test_text_in_any_language_is_not(text: str) -> None:
    assert not is_garbage(text)


def test_no_real_contract_is_taken_for_garbage(shared: pathlib.Path) -> None:
    paths = sorted((shared / "data/contracts_zh/templates_txt").rglob("*.txt"))[:60]
    paths += sorted((shared / "data/contracts_en").rglob("*.txt"))[:60]
    assert not [path.name for path in paths if is_garbage(path.read_text(encoding="utf-8", errors="replace"))]
