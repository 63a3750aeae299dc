"""What the tests of intake share: a contract as text, and a batch that has been read."""

from collections.abc import Callable

import pytest

from qidang.cast import Cast
from qidang.contracts.models import Company
from qidang.intake.models import Arrival, Batch, Source
from qidang.intake.receiving import keep, open_batch, receive
from qidang.intake.work import read_slice

TEXT = """产品销售合同

合同编号：{number}

卖方：启明精密机械有限公司
买方：苏州澄湖机电有限公司

根据《中华人民共和国民法典》，买卖双方经协商一致，订立本合同，共同遵守。

第一条 标的、数量、价款
产品名称：数控车床；规格型号：CK6150；数量：2台；单价：64000.00元。
合同总价（含税）：人民币{amount}元（大写：{words}）。

第二条 质量标准
卖方所供产品应当符合国家标准及双方确认的技术要求，质量保证期为十二个月。

第三条 交货
卖方应于合同签订后三十日内将货物运至买方指定地点，运费由卖方承担。

第四条 付款
合同签订后七日内买方支付合同总价的30%，货到验收合格后三十日内付清余款。

第五条 争议解决
因本合同发生的争议，双方协商解决；协商不成的，向卖方所在地人民法院起诉。

卖方（盖章）：启明精密机械有限公司          买方（盖章）：苏州澄湖机电有限公司
签订日期：2026年3月5日
"""
Taker = Callable[..., list[Arrival]]


def contract_text(number: str = "QMJ-XS-2026-0001", amount: str = "128000.00", words: str = "壹拾贰万捌仟元整") -> str:
    """Return the text of an everyday contract."""
    return TEXT.format(number=number, amount=amount, words=words)


@pytest.fixture(autouse=True)
def _no_work_in_the_background(settings: object) -> None:
    """Tasks are only noted; a test that wants them done calls them."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": []}}  # type: ignore[attr-defined]


@pytest.fixture
def our_company(cast: Cast) -> Company:
    """Our own signing entity."""
    return Company.add(name=cast.department("qmj").name, is_ours=True, unit=cast.department("qmj"), by=cast.archivist)


@pytest.fixture
def batch(cast: Cast) -> Batch:
    """An empty batch of the salesperson's."""
    return open_batch(Source.UPLOAD, by=cast.salesperson)


@pytest.fixture
def take_in(batch: Batch) -> Taker:
    """Take files in, given as (name, bytes) pairs."""

    def take(*files: tuple[str, bytes], into: Batch = batch) -> list[Arrival]:
        return receive(into, [keep(data, name) for name, data in files], by=into.by)

    return take


@pytest.fixture
def read() -> Callable[[Batch], None]:
    """Have everything in a batch read, in real children."""

    def work(batch: Batch) -> None:
        while read_slice(batch.pk):
            pass

    return work
