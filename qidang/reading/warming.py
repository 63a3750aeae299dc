"""Warming up: the fork server reads a page of our own once, so that its children start with everything at hand.

Without it each child pays again for what happens only the first time: 19 ms instead of 5 for the fields of a contract.
"""

import importlib
from typing import Any

from qidang.reading.asking import Recogniser
from qidang.reading.limits import Unreadable
from qidang.reading.sniffing import PDF
from qidang.reading.source import Source

WORDS = (
    "产品购销合同",
    "合同编号：SJ-2026-0001　　签订地点：江州市　　签订日期：二〇二六年三月五日",
    "甲方（买方）：江州样本机械有限公司　统一社会信用代码：91320100MA00000000",
    "乙方（卖方）：样本泵业（江州）有限公司　地址：江州市样本路1号　电话：025-00000000",
    "根据《中华人民共和国民法典》及有关规定，甲乙双方经协商一致，订立本合同，共同遵守。",
    "第一条　标的：离心泵，型号XYZ-100，数量3台，单价12,000.00元，总价36,000.00元。",
    "第二条　合同总价：人民币叁万陆仟元整（¥36,000.00），含13%增值税，不含税金额31,858.41元，税额4,141.59元。",
    "第三条　付款方式：合同签订后5日内支付30%定金10,800.00元，货到验收合格后30日内支付65%，质保金5%一年后付清。",
    "第四条　交货时间：2026年4月30日前。交货地点：买方仓库。运输方式：汽车运输，费用由卖方负担。",
    "第五条　违约责任：逾期交货的，每逾期一日按合同总价的千分之一支付违约金。",
    "第六条　争议解决：双方协商不成的，向买方所在地人民法院起诉；或提交江州仲裁委员会仲裁。",
    "第七条　本合同自双方签字盖章之日起生效，有效期至2027年3月4日止，一式两份，双方各执一份。",
    "甲方（盖章）：江州样本机械有限公司　　　乙方（盖章）：样本泵业（江州）有限公司",
    "法定代表人：赵一　　委托代理人：钱二　　　法定代表人：孙三　　委托代理人：李四",
    "开户银行：中国样本银行江州支行　账号：0000 0000 0000 0000　　2026年3月5日",
)


def warm() -> None:
    """Read the sample as a PDF and extract its fields; called in the fork server, on nobody's file."""
    opening: Any = importlib.import_module("qidang.reading.opening")  # it imports the reader of PDF only when asked
    rows = [(60.0, 780.0 - 40 * number, 10.5, text) for number, text in enumerate(WORDS)]
    source = Source(pdf(rows), "sample.pdf", PDF, Recogniser(None))
    try:
        for _ in range(3):
            opening.extract(opening.read(source))
    except Unreadable:
        return


Text = tuple[float, float, float, str]
"""x and y from the bottom left in points, letter size, text."""


def pdf(*pages: list[Text], rotate: int = 0, graphics: str = "") -> bytes:
    """Return a PDF whose Chinese font is not embedded, a page per list of texts, turned by ``rotate`` degrees."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 5 0 R"
            " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
        ),
        (
            "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
            " /Ascent 850 /Descent -150 /CapHeight 700 /StemV 80 >>"
        ),
    ]
    numbers = []
    for texts in pages:
        shown = "".join(
            f"BT /F1 {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n" for x, y, size, text in texts
        )
        content = graphics + "\n" + shown
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            f" /Contents {len(objects) + 2} 0 R /Rotate {rotate} >>"
        )
        numbers.append(len(objects))
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects[1] = f"<< /Type /Pages /Count {len(numbers)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>"
    return _assemble(objects)


def _assemble(objects: list[str]) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
