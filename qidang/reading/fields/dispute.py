"""争议解决: arbitration or litigation, before which body or court."""

import re
from dataclasses import dataclass

from qidang.reading.fields.sheet import Sheet
from qidang.reading.fields.witness import Clue

TOPIC = re.compile(
    r"谈不拢|商量不成|不能协商|协商未成|向[^。;\n]{2,26}法院(?:起诉|提起诉讼|诉讼)|提交[^。;\n]{2,20}仲裁|仲裁委员会(?:申请)?仲裁|争议|纠纷|争执|争端|分歧|协商不成|协商不能|协商无效|协商解决不成|调解不成|不能解决|未能解决|协商未果|不能达成协议|达不成协议|诉讼解决|仲裁解决"
)
ARBITRATION = re.compile(r"仲裁")
COURT = re.compile(r"法院|起诉|诉讼|提起诉|司法")
FALLBACK = re.compile(
    r"[(（][^()（）]{0,60}(?:未|没有|不)[^()（）]{0,30}(?:约定|达成)[^()（）]{0,40}(?:仲裁|协议)[^()（）]{0,60}[)）]"
)
DENIED = re.compile(
    r"(?:不向|不得向|均不得|不得)[^。;,]{0,14}(?:法院|诉讼|起诉|申诉)[^。;,]{0,10}|仲裁期间|仲裁费用?[^。;,]{0,20}|诉讼费用?[^。;,]{0,20}|在仲裁过程中|诉讼期间|进行仲裁时|诉讼保全|仲裁裁决[^。;,]{0,20}"
)
BODY = re.compile(
    r"(?P<body>(?:[\u4e00-\u9fff]{2,30}?(?:\([\u4e00-\u9fff]{2,8}\))?(?:仲裁委员会|仲裁院|国际仲裁中心|仲裁中心|仲裁庭|仲裁处|仲裁协会|商会仲裁院)(?:[\u4e00-\u9fff]{2,8}分会|\([\u4e00-\u9fff]{2,8}\))?)|CIETAC|BIAC|SHIAC|HKIAC|SIAC|ICC|LCIA)"
)
LEAD_VERB = re.compile(
    r"^.*?(?:提交给?|提请|提起|申请|交由|交|报请|应向|可向|向|同意由|选择由|选定|应由|均由|由|或者|或|(?<![所存])在|选择|约定|送|递交|通过|请|有权向)(?!业|通)"
)
CITY_FIRST = re.compile(r"^(?:中国)?(?:北京|上海|深圳|天津)(?=中国(?:国际|海事))")
VAGUE = re.compile(
    r"^(?:各自|双方|当地|有关|所在地|合同签订地|合同履行地|本市|甲方|乙方|供方|需方|工程所在地|项目所在地|法定|国家|上级|主管|相关|约定|共同|任何|该|本|其|一方|被告|原告|对方|某|同级|工商|合同管理|经济合同|经济|劳动|劳动争议)[\u4e00-\u9fff]{0,14}仲裁|"
    r"^(?:仲裁|工商行政管理局经济合同仲裁|市?场)"
)
JUDGES = re.compile(
    r"(?P<court>[\u4e00-\u9fff()]{0,26}?(?:高级|中级|基层|海事|铁路运输|知识产权|互联网|第[一二三]中级)?人民法院|"
    r"[\u4e00-\u9fff]{2,10}(?:海事|铁路运输|知识产权|互联网)法院)"
)
COURT_VERB = re.compile(
    r"^.*?(?:提交给?|应向|可以?向|均可向|有权向|依法向|直接向|诉至|诉诸|交由|应由|均由|由|向|或者|或|到|请求|(?<![所存])在|亦可向)(?!有权|业)"
)
OPTION = re.compile(r"第 ?[(\[]?(?P<sign>[ _]*|[一二三四1-4①②③④])[)\]]? ?(?:种|项)(?:方式|办法|方法)?")
OPTION_SIGNS = ("一1①", "二2②", "三3③", "四4④")


@dataclass
class Dispute:
    """The mode with its institution and court as written."""

    mode: str | None
    institution: str | None
    court: str | None
    clue: Clue

    def to_dict(self) -> dict[str, str | None]:
        """Return the normal form."""
        return {"mode": self.mode, "institution": self.institution, "court": self.court}


def find_dispute(sheet: Sheet) -> Dispute | None:
    """Return how disputes are settled: from the sentences about disputes that name a forum; none where none does."""
    best: Dispute | None = None
    for start, end in _passages(sheet.text):
        dispute = _read(sheet, start, end)
        if dispute and (best is None or _rank(dispute) > _rank(best)):
            best = dispute
    return best


def _rank(dispute: Dispute) -> int:
    return bool(dispute.institution) * 2 + bool(dispute.court) + (dispute.mode is not None)


def _passages(text: str) -> list[tuple[int, int]]:
    """The sentence with a topic word, and the one after it while it still speaks of the forum."""
    passages: list[tuple[int, int]] = []
    for match in TOPIC.finditer(text):
        if passages and match.start() < passages[-1][1]:
            continue
        start = max(text.rfind(char, max(0, match.start() - 160), match.start()) for char in "。;") + 1
        start = max(start, match.start() - 160)
        end = match.end()
        for _ in range(3):
            stop = re.compile(r"[。;]|\n(?=第|[一二三四五六七八九十]{1,3}、)").search(
                text, end, min(len(text), end + 200)
            )
            end = stop.end() if stop else min(len(text), end + 200)
            after = re.sub(r"\s", "", text[end : end + 70]).split("。")[0]
            if not re.match(
                r"[^。]{0,24}(?:协商不成|不成|调解|仲裁|起诉|法院|诉讼|解决不了|不能|如果?|若|提交|任何一方|应)", after
            ) or not re.search(r"仲裁|法院|诉讼|起诉", after):
                break
        passages.append((start, end))
    return passages


def _chosen(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the option stands that 按下列第（一）种方式 chooses; an empty choice is an empty stretch."""
    match = OPTION.search(text, start, end)
    if not match:
        return None
    sign = match["sign"].strip()
    if not sign:
        return start, start
    signs = next((row for row in OPTION_SIGNS if sign in row), sign)
    begin = re.compile(rf"(?<![\u4e00-\u9fff\d])[(]?(?:{'|'.join(signs)})[)]?[.、,)  \t]").search(
        text, match.end(), match.end() + 200
    )
    if not begin:
        return None
    stop = re.compile(r"[;。\n]").search(text, begin.end(), begin.end() + 160)
    return begin.end(), stop.start() if stop else min(len(text), begin.end() + 160)


def _read(sheet: Sheet, start: int, end: int) -> Dispute | None:
    chosen = _chosen(sheet.text, start, end)
    if chosen:
        start, end = chosen
    raw = re.sub(r"[\n\t ]", "", sheet.text[start:end])
    raw = re.sub(r"(?<=[,。])\d{1,2}[.、]", "", raw)
    text = DENIED.sub("", FALLBACK.sub("", raw))
    if not re.search(r"提交|提请|申请|向|由|仲裁|起诉|诉讼", text):
        return None
    arbitrated = bool(ARBITRATION.search(text)) and not re.search(r"劳动(?:争议)?仲裁", text)
    litigated = bool(COURT.search(text))
    if not (arbitrated or litigated) or re.search(r"_{2,}[^。]{0,6}仲裁|×+仲裁", text):
        return None
    mode = "both" if arbitrated and litigated else "arbitration" if arbitrated else "litigation"
    institution = _institution(text) if arbitrated else None
    court = _court(text) if litigated else None
    return Dispute(mode, institution, court, Clue(mode, start, end, 0.9 if institution or court else 0.8, "dispute"))


def _institution(text: str) -> str | None:
    for match in BODY.finditer(text):
        name = match["body"]
        cut = name
        while (lead := LEAD_VERB.match(cut)) and len(cut) - lead.end() >= 4:
            cut = cut[lead.end() :]
        cut = re.sub(r"^(?:甲乙双方|双方|当事人|任何一方|一方|合同|签订地|所在地|双方同意|同意|的)+", "", cut)
        cut = CITY_FIRST.sub("", cut)
        if (
            re.match(r"(?:仲裁|工商)", cut)
            or VAGUE.match(cut)
            or len(cut) < 5
            or re.search(r"所在地|当地|签订地|履行地|管理局|机关", cut)
        ):
            continue
        return cut
    return None


def _court(text: str) -> str | None:
    for match in JUDGES.finditer(text):
        name = match["court"]
        while (lead := COURT_VERB.match(name)) and len(name) - lead.end() >= 4:
            name = name[lead.end() :]
        return re.sub(r"^(?:任何一方|双方|当事人|均可|可以|依法|直接|起诉|可|应|有权|约定|一方|同意)+(?!所)", "", name)
    return None
