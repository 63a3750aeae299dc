"""合同名称: the title line, and whether the paper is a contract at all."""

import re

from qidang.reading.fields.normal import Copy
from qidang.reading.fields.witness import Clue

ENDS = r"(?:合同书?|协议书?|契约|确认书|订货单|订单|合约|备忘录)"
TITLE = re.compile(rf"^[\u4e00-\u9fffA-Za-z0-9、,·/\-()《》“”\" ]{{0,40}}{ENDS}$")
SUFFIX = re.compile(r"(?: ?\([^()]{1,20}\))+$")
PREFIX = re.compile(
    r"^(?:[A-Z][A-Za-z .&'/\-]{3,60} (?=[\u4e00-\u9fff])|\d{1,2}[.、]\s*格式\s*|附件?\s*[一二三四五六\d]*\s*"
    r"[:：]?\s*|\(?GF-[\d\-]+\)?\s*|[*#=\-_]+\s*)"
)
BESIDE = re.compile(r"[\t /]+(?=[A-Z]{3,})|\t")
FORM_WORD = re.compile(r"(?:样本|文本格式|参考格式|格式|范本|式样)$")
NOT_TITLE = re.compile(
    r"^(?:本|根据|按照|依照|甲方|乙方|双方|签订|订立|主合同|原合同|以下|编号|本合同)|双方签订|签订的|如下|解除合同|"
    r"合同及|》"
)
AWAY = re.compile(
    r"(?:判决书|裁定书|决定书|通知书|申请书|起诉书|起诉状|答辩状|答辩书|公证书|委托书|意见书|担保书|登记书|请求书|"
    r"催告函|函|章程|准则|报告|货票|通知|批复|请示|上诉状|反诉书|抗诉书|催促书|保函|"
    r"证明|声明|公告|说明|指南|手册|表|笔录|规则|条款|办法|制度|规格|保险单|异议书|诉讼文书|出售单|申诉书)"
    r"(?:\([^)]*\))?$"
)
COURT = re.compile(
    r"此致|审判长|书记员|(?<=\n)(?:原告|被告|申请人|被申请人|上诉人|被告人|自诉人|申诉人|公诉机关)\S{0,6} ?:|"
    r"特此通知|请求事项|诉讼请求|特此公告|此 致"
)
FORM_PAPER = re.compile(r"填表注意事项|会员注册|印发|投标者须知|投标者|招标人")
PAIRS = re.compile(
    r"(?:供方|卖方|买方|需方|出租[方人]|承租[方人]|发包[方人]|承包[方人]|委托[方人]|受托[方人]|承揽[方人]|定作[方人]|"
    r"托运[方人]|承运[方人]|出卖人|买受人|转让方|受让方|许可方|贷款[方人]|借款[方人]|采购方|供应方|顾问方|居间方|"
    r"建设单位|勘察单位)"
    r"[^\n:]{0,14}[:\t]"
)
ALIAS = re.compile(r"以下(?:简称|称|统称)|(?:下称|简称)[“\"]?[甲乙买卖供需]")
FORMULA = re.compile(
    r"(?:签订|订立|签定|达成|缔结|订)(?:了)?(?:本|如下|此|以下)?[^\n。,]{0,12}(?:合同|协议|条款|确认书|契约)|"
    r"协商一致|同意按(?:照)?(?:下列|以下)|共同(?:遵守|信守|遵照)|根据下列条款成交|成交条款如下|"
    r"协议如下|达成(?:一致|如下)|兹经[^\n]{0,12}同意|特(?:订|签|立)[^\n]{0,10}合同|双方同意"
)
SIGNS = (
    re.compile(r"一式[^\n]{0,4}[份两]|各执[^\n]{0,3}份|各持|各执"),
    re.compile(r"违约责任|违约金|罚款|违约方|赔偿"),
    re.compile(r"(?:本)?(?:合同|协议|确认书)[^\n。]{0,40}(?:生效|有效期)|有效期"),
)
SELF = re.compile(r"本(?:合同|协议|确认书|契约|合约|约)")
SEALS = re.compile(r"盖章|签字|公章|签章|签名|\(章\)")


def find_title(copy: Copy, *, beside: bool = False) -> Clue | None:
    """Return the contract's title: the first of the first lines that ends in 合同, 协议 and the like.

    ``beside`` takes what stands in front of a title in capitals too: 采购合同 PURCHASE CONTRACT.
    """
    seen = 0
    for number in range(len(copy.line_starts)):
        start, end = copy.line(number)
        line = copy.text[start:end]
        if not line.strip():
            continue
        seen += 1
        if seen > 14:
            break
        clue = _title_in(BESIDE.split(line)[0] if beside else line, start)
        if clue:
            return clue
    return None


def _title_in(line: str, start: int) -> Clue | None:
    """Return the title if this line, or a cell of it, is one."""
    first = re.split(r"(?<=[\u4e00-\u9fff])[\t ]+(?=[^\t :]{2,12}:)", line)[0] if ":" in line else line
    prefix = PREFIX.match(first)
    begin = prefix.end() if prefix else 0
    suffix = SUFFIX.search(first)
    stop = suffix.start() if suffix else len(first)
    words = first[begin:stop].strip(" \t*#《》")
    bare = re.sub(r"[\s]", "", words)
    form = FORM_WORD.search(bare)
    if form and re.search(ENDS + r"$", bare[: form.start()]):
        bare = bare[: form.start()]
        words = words[: words.rindex(form[0])].strip() if form[0] in words else words
    if not 3 <= len(bare) <= 34 or NOT_TITLE.search(bare) or re.search(r"[:。;]", bare) or not TITLE.match(bare):
        return None
    if "," in bare and len(bare) > 20:
        return None
    at = start + first.index(words, begin) if words in first else start
    return Clue(words, at, at + len(words), 0.95, "title")


def contract_score(copy: Copy, title: Clue | None) -> int:
    """Return the points of the test 是不是合同 (field_expressions §3.1): 5 and more is a contract."""
    text = copy.text
    score = 3 if title and copy.line_of(title.start) < 12 else 0
    head = text[: max(600, len(text) // 4)]
    if ("甲方" in text and "乙方" in text) or len(set(PAIRS.findall(text))) >= 2 or ALIAS.search(text):
        score += 2
    score += 2 * bool(FORMULA.search(text))
    score += sum(bool(sign.search(text)) for sign in SIGNS)
    score += len(SEALS.findall(text, len(text) * 4 // 5)) >= 2
    score += len(SELF.findall(text)) >= 3
    score += any(len(grid) > 1 and len(grid[0]) >= 4 for grid in copy.grids)
    return score + _against(copy, head, title)


def _against(copy: Copy, head: str, title: Clue | None) -> int:
    points = 0
    lines = [copy.text[slice(*copy.line(n))] for n in range(min(6, len(copy.line_starts)))]
    for line in lines:
        bare = re.sub(r"\s", "", line)
        if title and line.find(str(title.value)) >= 0:
            break
        if len(bare) <= 40 and AWAY.search(bare):
            points -= 4
            break
    points -= 3 * bool(COURT.search(copy.text))
    return points - 2 * bool(FORM_PAPER.search(head[:1500]))
