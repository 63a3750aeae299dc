"""The other formats, each by a real file where there is one, and by small made ones."""

import io
import pathlib
import zipfile

import pytest

from qidang.reading.paper import Paper
from qidang.reading.pool import Pool
from qidang.reading.tests.making import archive, docx, p, pdf

CHINESE = "买卖合同\n甲方：江南机械有限公司\n签订日期：二〇二六年三月五日\n"
TRADITIONAL = "買賣合約書\n甲方：江南機械有限公司（以下簡稱買方）\n雙方同意訂立本合約\n"


def read(pool: Pool, content: bytes | pathlib.Path, name: str) -> Paper:
    """Read a file that is no refusal."""
    reading = pool.read(content, name)
    assert reading.paper is not None, (reading.refused, reading.message)
    return reading.paper


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("utf-8", CHINESE), ("utf-8-sig", CHINESE), ("gb18030", CHINESE), ("big5", TRADITIONAL), ("utf-16", CHINESE)],
)
def test_text_in_every_usual_encoding(pool: Pool, encoding: str, text: str) -> None:
    assert read(pool, text.encode(encoding), "合同.txt").text == text.rstrip()


@pytest.mark.parametrize("declared", ['<meta charset="gb2312">', ""])
def test_html_in_gbk_with_and_without_its_declaration(pool: Pool, declared: str) -> None:
    page = (
        f"<html><head>{declared}<title>无</title><style>p {{}}</style></head><body><p>买卖合同，双方约定如下</p>"
        "<table><tr><td>名称</td><td>数量</td></tr><tr><td>水泵</td><td>三台</td></tr></table></body></html>"
    )
    paper = read(pool, page.encode("gb18030"), "合同.html")
    assert paper.text == "买卖合同，双方约定如下\n名称\t数量\n水泵\t三台"
    assert len(paper.pages[0].tables) == 1


def test_csv_is_a_table(pool: Pool) -> None:
    paper = read(pool, "编号,客户\nA-1,江南公司\n".encode("gb18030"), "台账.csv")
    assert paper.text == "编号\t客户\nA-1\t江南公司"


def test_a_mail_brings_its_text_and_its_attachments(pool: Pool) -> None:
    mail = (
        "From: a@example.com\r\nTo: b@example.com\r\nSubject: =?utf-8?b?5ZCI5ZCM?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=gb2312\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nvPu4vbz+\r\n--x\r\nContent-Type: application/pdf\r\n"
        'Content-Disposition: attachment; filename="=?utf-8?b?5ZCI5ZCMLnBkZg==?="\r\n\r\n%PDF-1.4 etc\r\n--x--\r\n'
    )
    paper = read(pool, mail.encode(), "来信.eml")
    assert paper.text.splitlines()[0] == "Subject: 合同"
    assert "见附件" in paper.text
    assert [(part.name, part.media_type) for part in paper.parts] == [("合同.pdf", "application/pdf")]
    assert paper.parts[0].data.startswith(b"%PDF-1.4")


def test_the_files_of_a_zip_become_parts_with_safe_names(pool: Pool) -> None:
    inner = archive(内__docx=docx(p("内")))
    paper = read(pool, archive(**{"../外__pdf": pdf([(9, 9, 9, "外")]), "包__zip": inner}), "一批.zip")
    assert [(part.name, part.media_type.rpartition(".")[2]) for part in paper.parts] == [
        ("外.pdf", "application/pdf"),
        ("包.zip/内.docx", "document"),
    ]


def test_names_in_gbk_are_read(pool: Pool) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        container.writestr("XXXXXXXX.txt", "文")
    raw = out.getvalue().replace(b"XXXXXXXX", "采购合同".encode("gbk"))
    assert read(pool, raw, "旧.zip").parts[0].name == "采购合同.txt"


def test_a_bomb_is_refused_and_the_rest_is_kept(pool: Pool) -> None:
    paper = read(pool, archive(bomb__txt=bytes(200 << 20), good__txt=b"good"), "炸.zip")
    assert [part.name for part in paper.parts] == ["good.txt"]
    assert [problem.code for problem in paper.problems] == ["reading.too_large"]


def test_archives_are_opened_only_so_deep(pool: Pool) -> None:
    content = b"text"
    for depth in range(6):
        content = archive(**{f"{depth}__zip" if depth else "a__txt": content})
    paper = read(pool, content, "套.zip")
    assert paper.parts == []
    assert [problem.code for problem in paper.problems] == ["reading.too_deep"]


def test_a_workbook_is_tables(pool: Pool, shared: pathlib.Path) -> None:
    folder = shared / "data/robustness/office/poi_spreadsheet"
    for suffix in ("xls", "xlsx"):
        path = min(
            path for path in folder.glob(f"*.{suffix}") if "fuzz" not in path.name and path.stat().st_size > 8000
        )
        assert read(pool, path, path.name).chars > 10


def test_a_locked_workbook_says_so(pool: Pool, shared: pathlib.Path) -> None:
    path = shared / "data/robustness/office/tika_excel/testEXCEL_protected_passtika.xlsx"
    assert pool.read(path, path.name).refused == "reading.encrypted"


@pytest.mark.parametrize("form", ["doc", "rtf"])
def test_old_word_files_have_the_text_that_was_typeset(pool: Pool, shared: pathlib.Path, form: str) -> None:
    path = min((shared / f"data/contracts_zh/derived_typeset/{form}").glob(f"*.{form}"))
    text = read(pool, path, path.name).text
    assert "合同" in text
    assert not set("锟斤拷�") & set(text)


def test_an_outlook_mail_brings_its_attachments(pool: Pool, shared: pathlib.Path) -> None:
    path = shared / "data/robustness/email/tika/testMSG_chinese.msg"
    assert "中文測試" in read(pool, path, path.name).text
    with_files = shared / "data/robustness/email/tika/test-outlook.msg"
    assert read(pool, with_files, with_files.name).chars > 50


def test_an_ofd_is_read_with_the_place_of_its_lines(pool: Pool, shared: pathlib.Path) -> None:
    read_any = False
    for path in sorted((shared / "data/robustness/ofd").rglob("*.ofd"))[:6]:
        paper = read(pool, path, path.name)
        assert paper.media_type == "application/ofd"
        for line in (line for page in paper.pages if page.source == "text" for line in page.lines):
            assert line.box is not None
            assert all(0 <= edge <= 1 for edge in line.box)
            read_any = True
        assert pool.page_image(path, 1, name=path.name)
    assert read_any


def test_what_cannot_be_read_is_refused_with_a_code(pool: Pool) -> None:
    assert pool.read(b"\x7fELF" + bytes(100), "程序").refused == "reading.unsupported"
    assert pool.read(bytes(range(256)) * 20, "数据.bin").refused == "reading.unsupported"
    assert pool.read(b"PK\x03\x04" + bytes(60), "坏.docx").refused == "reading.malformed"


def test_the_tables_of_a_rich_text_are_tables(pool: Pool) -> None:
    rows = [("名称", "数量"), ("水泵 A", "3")]
    cells = [[("".join(f"\\u{ord(char)}?" for char in text)) for text in row] for row in rows]
    body = "".join(rf"\trowd\cellx2000\cellx4000\intbl {a}\cell {b}\cell\row" + "\n" for a, b in cells)
    paper = read(pool, (r"{\rtf1\ansi\uc1 " + body + r"\pard end\par}").encode(), "清单.rtf")
    assert paper.text.splitlines()[:2] == ["名称\t数量", "水泵 A\t3"]
    assert len(paper.pages[0].tables) == 1


@pytest.mark.parametrize(("form", "wps"), [("doc", "wps"), ("docx", "wps")])
def test_what_wps_saves_is_read_as_its_container_says(pool: Pool, shared: pathlib.Path, form: str, wps: str) -> None:
    path = min((shared / f"data/contracts_zh/derived_typeset/{form}").glob(f"*.{form}"))
    assert read(pool, path, f"合同.{wps}").text == read(pool, path, path.name).text


def test_sheets_and_slides_of_wps_are_read(pool: Pool, shared: pathlib.Path) -> None:
    parts = read(pool, shared / "data/robustness/containers/tika/test-documents.7z", "样.7z").parts
    by_ending = {part.name.rpartition(".")[2]: part.data for part in parts}
    assert read(pool, by_ending["xls"], "台账.et").media_type == "application/vnd.ms-excel"
    slides = read(pool, by_ending["ppt"], "介绍.dps")
    assert slides.media_type == "application/vnd.ms-powerpoint"
    assert slides.chars > 20


def test_slides_in_the_open_format_are_read(pool: Pool, shared: pathlib.Path) -> None:
    path = shared / "data/robustness/signed/poi_xmldsign/hello-world-signed.pptx"
    assert "Hello" in read(pool, path, "介绍.dps").text


def test_a_photo_of_a_telephone_is_recognised_and_shown(pool: Pool) -> None:
    path = pathlib.Path(__file__).parent / "papers/photo.heic"
    paper = read(pool, path, path.name)
    assert paper.media_type == "image/heic"
    assert "HT-2026-0007" in paper.text.replace(" ", "")
    assert pool.page_image(path, 1, name=path.name)


@pytest.mark.parametrize(
    "head", [b"AC1032" + bytes(90), b"\x00\x00\x00 ftypisom" + bytes(90), b"RIFF\x10\x00\x00\x00AVI " + bytes(90)]
)
def test_drawings_and_films_are_not_read(pool: Pool, head: bytes) -> None:
    assert pool.read(head, "附件").refused == "reading.unsupported"
