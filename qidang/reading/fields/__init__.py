"""要素: what a contract says, read by rules from its text; see field_expressions for the language it is written in."""

from qidang.reading.fields.extracting import NAMES, extract
from qidang.reading.paper import Line, Page, Paper

__all__ = ["NAMES", "extract", "warm"]

SAMPLE = """买卖合同
合同编号：A-1
甲方（买方）：某某有限公司
乙方（卖方）：某某有限公司
合同总价（大写）：壹万元整（小写）：10000元，税率13%，2024年3月5日签订，定金10%。
"""


def warm() -> None:
    """Extract once from a made-up text, so that children start with every pattern compiled."""
    extract(Paper("text/plain", [Page(1, source="flow", lines=[Line(text) for text in SAMPLE.splitlines()])]))
