"""国家秘密标志: the mark is known in all its forms, and words about secrets are no mark."""

import io
import pathlib

import pytest
from PIL import Image, ImageDraw, ImageFont

from qidang.reading.paper import Paper
from qidang.reading.pool import Job, Pool
from qidang.reading.secrecy import state_secret_mark
from qidang.reading.server import FONT
from qidang.reading.tests.extracting import paper_of

BODY = "\n买卖合同\n甲方：江南机械有限公司\n乙方：澄湖机电有限公司\n第一条 标的\n"
MARKS = [
    "秘密★10年",
    "机密★",
    "绝密★启用前",
    "机　密 ★ 长 期",
    "机密★启封日期2030年5月1日",
    "秘密★2031年12月31日",
    "绝密★三十年",
    "秘密☆五年",
    "密级：机密★5年",
    "000012    机密★1年    特急",
    "000012 机密★1年",
    "机密★10年　　　　　　合同编号：SJ-2026-001",
    "秘密★1年 合同编号：SJ-2026-001",
    "【秘密★六个月】",
    "秘密 10年",
    "绝　密",
    "机密",
    "密级：秘密",
    "机密★解密条件：项目公开后",
]
WORDS = [
    "商业秘密★10年",
    "核心商密★长期",
    "企业秘密",
    "商业机密",
    "密级：商密",
    "密级：内部",
    "密级：□绝密 □机密 □秘密",
    "第八条 保密：双方应保守秘密，对标注“机密★10年”的资料承担保密义务。",
    "乙方不得泄露甲方的商业秘密、技术秘密10年。",
    "保密期限：10年",
    "（三）秘密资料的保管",
    "本协议所称秘密信息，指标注绝密、机密、秘密字样的资料",
    "机密性",
    "Confidential 商业秘密",
]


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_on_the_head_is_known(mark: str) -> None:
    assert state_secret_mark(paper_of(mark + BODY))


@pytest.mark.parametrize("words", WORDS)
def test_words_about_secrets_are_no_mark(words: str) -> None:
    assert not state_secret_mark(paper_of(words + BODY))
    assert not state_secret_mark(paper_of(BODY + words + BODY))


def test_a_starred_mark_counts_on_every_page_and_a_bare_word_only_on_the_head() -> None:
    assert state_secret_mark(paper_of(BODY * 5 + "附件一\n秘密★5年\n"))
    assert not state_secret_mark(paper_of(BODY * 5 + "机密\n"))
    assert not state_secret_mark(paper_of(BODY * 5 + "绝密 10年\n"))


def test_a_file_named_with_the_mark_counts() -> None:
    assert state_secret_mark(paper_of(BODY), "机密★采购合同.docx")
    assert not state_secret_mark(paper_of(BODY), "商业秘密保护协议.docx")


def test_nothing_is_kept_of_a_paper_that_bears_the_mark(pool: Pool) -> None:
    content = ("机密★10年" + BODY * 20).encode()
    reading = pool.read(content, "合同.txt")
    assert reading.refused == "reading.state_secret"
    assert (reading.packed, reading.fields, reading.message, reading.likeness) == (b"", b"", "", None)
    (_, released) = next(pool.read_many([Job(content, "合同.txt", is_released=True)]))
    assert released.refused is None
    assert released.fields


@pytest.mark.parametrize("mark", ["机密★10年", "秘密★"])
def test_a_mark_stamped_in_red_on_a_scan_is_known(pool: Pool, mark: str) -> None:
    page = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(page)
    for row, line in enumerate(
        ("采购合同", "甲方：江南机械有限公司", "乙方：澄湖机电有限公司", "第一条 标的：水泵三台")
    ):
        pen.text((180, 380 + 90 * row), line, font=ImageFont.truetype(FONT, 40), fill="black")
    pen.rectangle((130, 110, 480, 210), outline=(210, 30, 30), width=5)
    pen.text((160, 125), mark, font=ImageFont.truetype(FONT, 52), fill=(210, 30, 30))
    out = io.BytesIO()
    page.save(out, "PNG")
    assert pool.read(out.getvalue(), "扫描.png").refused == "reading.state_secret"


def test_no_contract_of_the_collection_bears_a_mark(pool: Pool, shared: pathlib.Path) -> None:
    places = (shared / "data/contracts_zh/templates_txt", shared / "data/gold")
    files = [path for place in places for path in place.rglob("*.txt")]
    assert len(files) > 170
    for job, reading in pool.read_many(Job(path, path.name) for path in files):
        assert reading.refused is None, job.name
        assert not state_secret_mark(reading.paper or Paper("text/plain"), job.name), job.name
