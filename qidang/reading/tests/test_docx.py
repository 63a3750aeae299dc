"""DOCX: what Word shows is what is read."""

import pathlib

from qidang.reading.paper import Paper
from qidang.reading.pool import Pool
from qidang.reading.tests.making import docx, p

NUMBERING = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1条"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>
"""
FIRST = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'
SECOND = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr>'


def read(pool: Pool, content: bytes) -> Paper:
    """Read a DOCX that is no refusal."""
    reading = pool.read(content, "合同.docx")
    assert reading.paper is not None, reading.refused
    return reading.paper


def test_clause_numbers_that_word_makes_are_read(pool: Pool) -> None:
    body = p("标的", FIRST) + p("名称", SECOND) + p("数量", SECOND) + p("价款", FIRST) + p("含税", SECOND)
    lines = read(pool, docx(body, numbering=NUMBERING)).text.splitlines()
    assert lines == ["第一条 标的", "1.1 名称", "1.2 数量", "第二条 价款", "2.1 含税"]


def test_a_style_brings_its_number(pool: Pool) -> None:
    styles = f'<w:style w:styleId="Clause"><w:pPr>{FIRST}</w:pPr></w:style>'
    body = p("标的", '<w:pStyle w:val="Clause"/>')
    assert read(pool, docx(body, numbering=NUMBERING, styles=styles)).text == "第一条 标的"


def test_inserted_text_is_kept_and_deleted_text_dropped(pool: Pool) -> None:
    body = (
        '<w:p><w:r><w:t>总价</w:t></w:r><w:ins w:author="甲"><w:r><w:t>壹万元</w:t></w:r></w:ins>'
        '<w:del w:author="甲"><w:r><w:delText>贰万元</w:delText></w:r></w:del></w:p>'
    )
    paper = read(pool, docx(body))
    assert paper.text == "总价壹万元"
    assert [problem.code for problem in paper.problems] == ["reading.tracked_changes"]
    assert [revision["kind"] for revision in paper.meta["revisions"]] == ["ins", "del"]


def test_headers_footers_and_notes_are_read(pool: Pool) -> None:
    note = f'<w:footnote w:id="1">{p("见附件二")}</w:footnote>'
    paper = read(pool, docx(p("正文"), header1=p("合同编号：甲-1"), footer1=p("第1页"), footnotes=note))
    assert paper.text.splitlines() == ["合同编号：甲-1", "正文", "见附件二", "第1页"]


def test_a_table_is_a_table(pool: Pool) -> None:
    cells = [("名称", "数量"), ("水泵", "3台")]
    rows = "".join("<w:tr>" + "".join(f"<w:tc>{p(text)}</w:tc>" for text in row) + "</w:tr>" for row in cells)
    page = read(pool, docx(p("清单") + f"<w:tbl>{rows}</w:tbl>" + p("以上"))).pages[0]
    assert page.text == "清单\n名称\t数量\n水泵\t3台\n以上"
    assert (page.tables[0].first_line, page.tables[0].last_line) == (1, 2)
    assert [[cell.text for cell in row] for row in page.tables[0].rows] == [list(row) for row in cells]


def test_merged_cells_say_how_far_they_reach(pool: Pool) -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("合计")}</w:tc><w:tc>{p("9元")}</w:tc>'
    tall = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{p("设备")}</w:tc>'
    tall += f"<w:tc>{p('泵')}</w:tc><w:tc>{p('1')}</w:tc>"
    below = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{p('')}</w:tc><w:tc>{p('阀')}</w:tc><w:tc>{p('2')}</w:tc>"
    table = f"<w:tbl><w:tr>{tall}</w:tr><w:tr>{below}</w:tr><w:tr>{wide}</w:tr></w:tbl>"
    rows = read(pool, docx(table)).pages[0].tables[0].rows
    assert rows[0][0].rowspan == 2
    assert rows[1][0].text == "阀"
    assert rows[1][0].col == 1
    assert rows[2][0].colspan == 2


def test_a_table_that_only_lays_out_is_read_as_text(pool: Pool) -> None:
    left = "".join(p(text) for text in ("甲方：一公司", "地址：一路", "电话：1", "开户行：一行", "账号：11"))
    right = "".join(p(text) for text in ("乙方：二公司", "地址：二路", "电话：2", "开户行：二行", "账号：22"))
    paper = read(pool, docx(f"<w:tbl><w:tr><w:tc>{left}</w:tc><w:tc>{right}</w:tc></w:tr></w:tbl>"))
    assert paper.pages[0].tables == []
    assert paper.text.splitlines()[:2] == ["甲方：一公司", "地址：一路"]


def test_text_boxes_content_controls_and_hidden_text(pool: Pool) -> None:
    body = (
        f"<w:sdt><w:sdtContent>{p('控件')}</w:sdtContent></w:sdt>"
        f"<w:p><w:r><w:pict><w:txbxContent>{p('文本框')}</w:txbxContent></w:pict><w:t>段落</w:t></w:r></w:p>"
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:t>显示</w:t></w:r></w:p>"
    )
    assert read(pool, docx(body)).text.splitlines() == ["控件", "段落", "文本框", "显示"]


def test_page_breaks_part_the_pages(pool: Pool) -> None:
    body = p("一") + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + p("二")
    paper = read(pool, docx(body))
    assert [page.text.strip() for page in paper.pages] == ["一", "二"]


def test_real_contracts_are_read(pool: Pool, shared: pathlib.Path) -> None:
    for path in sorted((shared / "data/contracts_zh/docx").glob("*.docx"))[:4]:
        assert read(pool, path.read_bytes()).chars > 100
