"""签约方: who the parties are, in which role, and which of them sells."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from qidang.reading.fields.kinds import SALE
from qidang.reading.fields.labels import AXES, ROLE, Mark
from qidang.reading.fields.names import LATIN_FORM, is_household, is_latin_name, is_organisation, is_person, is_place
from qidang.reading.fields.normal import Spot
from qidang.reading.fields.sheet import Party, Sheet
from qidang.reading.fields.witness import Clue, choose

ALIAS = re.compile(
    rf"(?:以下|之下|下)?(?:简称|称)(?:为|作|之为)?[\"“”'‘《 ]*(?P<role>{ROLE})|[(\[][ \"“]*(?P<short>{ROLE})[ \"”]*"
    rf"[)\]]"
)
AFTER_NAME = re.compile(rf"[ \t,(\[]{{0,3}}(?:以下|下)?(?:简称|称)(?:为)?[\"“” ]*(?P<role>{ROLE})")
CUT_NAME = re.compile(
    r"[(\[](?:以下|下称|简称|盖章|公章|签章|章\)|签字|签名|甲方|乙方|或|全称|印章|合同专用章|单位|盖公章|公司章|原|"
    r"卖方|买方|供方|需方)|[,;。、:]|(?:以下|下)(?:简)?称|(?<=[\u4e00-\u9fff]) ?(?:盖章|公章|签章|签字)"
)
RUN_ON = re.compile(
    r"(?:有限公司|有限责任公司|总公司|集团公司|合作社)(?=[\u4e00-\u9fff]{2,}(?:有限公司|责任公司|总公司|合作社)|"
    r"(?:根据|依据|依照|为了?|双方|经|就|于|按|兹|以下|是|应|在|向|与|和|同|及))(?!为?[\u4e00-\u9fff]{2,8}(?:分公司|"
    r"支行))"
)
LEADS = re.compile(
    rf"^(?:(?:{ROLE})(?:[:为是])?|由|和|与|及|同|经|聘请|特聘请|特聘|委托|兹有|兹由|现有|今有|关于|向|将|本合同由|"
    rf"本协议由|致|鉴于|一方[:为]?|另一方[:为]?|双方[:为]?|订立合同双方:?|以|因|为)+"
)
TRAILS = re.compile(r"(?:为一方|为另一方|作为一方|作为另一方|一方|另一方|为甲方|为乙方|双方|\(?公章\)?|\(?盖章\)?)$")
TO_BUYER = re.compile(r"(?:(?<=\n)|^)致 ?:?[ \t]*(?P<name>[^\n\t:]{4,50}?)(?=[\t\n]| {1,2}[\u4e00-\u9fff]{2,6}:)")
LOOKBACK = 90
CUT_OFF = re.compile(r"有限(?:公|责|责任|责任公)?$")
VILLAGE = re.compile(r"[\u4e00-\u9fff]{2,}(?:省|市|县|区|乡|镇|村|组)[\u4e00-\u9fff\d]{2,}(?:组|户|号|楼|村民)$")
PURCHASE = (
    (
        re.compile(
            r"(?P<p>[甲乙])方 ?(?:决定|同意|愿意|拟)?(?:从|向) ?(?P<q>[甲乙])方 ?(?:采购|订购|购买|定购|收购|购进|"
            r"购入|购)"
        ),
        "p",
    ),
    (
        re.compile(
            r"(?P<q>[甲乙])方 ?(?:同意|愿意|应|须|必须)?(?:按[^。,\n]{0,12})?(?:向|售予|卖给|销售给|供应给|出售给) ?"
            r"(?P<p>[甲乙])方 ?(?:交售|供货|供应|提供[^。,\n]{0,8}(?:货物|产品|设备|材料)|销售|出售|交货|交付)"
        ),
        "p",
    ),
    (re.compile(r"(?P<q>[甲乙])方[^。;,\n]{0,12}?(?:交货|供货|发货|交售|送货|供应|出售|销售)"), "q"),
    (re.compile(r"(?P<p>[甲乙])方[^。;,\n]{0,12}?(?:收货|收购|付款|拒收|支付货款|提货|验收|采购|购买|支付)"), "p"),
)


@dataclass
class Mention:
    """A name with the axes its label and aliases give it."""

    name: str
    start: int
    end: int
    confidence: float
    axes: set[str] = field(default_factory=set)
    roles: list[str] = field(default_factory=list)
    rule: str = ""


def find_parties(sheet: Sheet) -> list[Party]:
    """Return the parties of the contract, merged by name, sellers and buyers decided."""
    mentions = [*_labelled(sheet), *_aliased(sheet), *_named_units(sheet), *_addressee(sheet)]
    mentions = [m for m in mentions if "outside" not in m.axes]
    parties = _merged(mentions)
    _link_by_alias(sheet, parties)
    if sheet.contract_type == SALE:
        _sides_by_verbs(sheet, parties)
    return parties


def party_clue(parties: list[Party], axis: str) -> Clue | None:
    """Return the name of the party on ``axis``: the surest mention."""
    clues = [party.clue for party in parties if axis in party.axes and party.clue]
    return choose(clues, lambda name: re.sub(r"\s", "", str(name)))


def _labelled(sheet: Sheet) -> Iterator[Mention]:
    """供方：…, 甲方（采购方）：…, label cell | value cell."""
    for mark in sheet.marks:
        if mark.kind != "party":
            continue
        mention = _mention_of(sheet, mark)
        if mention:
            yield mention


def _mention_of(sheet: Sheet, mark: Mark) -> Mention | None:
    start, end = mark.value
    text = sheet.text
    axes, roles = {AXES[mark.label]}, [mark.label]
    _add_roles(mark.brackets, axes, roles)
    lead = re.match(rf"[(\[](?P<role>{ROLE})[)\]] ?:?", text[start:end])
    if lead:
        _add_roles(lead["role"], axes, roles)
        start += lead.end()
    span = name_span(text, start, end, loose=mark.has_colon and sheet.share(mark.start) < 0.4)
    if span is None:
        return None
    after = AFTER_NAME.match(text, span[1]) or AFTER_NAME.match(text, min(end, span[1] + 1))
    if after:
        _add_roles(after["role"], axes, roles)
    share = sheet.share(mark.start)
    base = 0.95 if share < 0.3 else 0.88 if share > 0.7 else 0.8
    name = sheet.text[slice(*span)]
    written = sheet.written(*span)
    if not (is_organisation(name) or is_person(name)) or (name.isascii() and not LATIN_FORM.search(name)):
        base -= 0.2
        if sheet.copy.is_recognised(span[0]) and not name.isascii():
            if not CUT_OFF.search(name):
                return None
            written = CUT_OFF.sub("有限公司", written)  # the end of the name lies under a seal
    if not mark.has_colon:
        base -= 0.1
    elif sheet.copy.spot_of(mark.start).table >= 0:
        base -= 0.02
    return Mention(written, span[0], span[1], base, axes, roles, "label")


def _add_roles(text: str, axes: set[str], roles: list[str]) -> None:
    for role in re.findall(ROLE, text):
        axes.add(AXES[role])
        roles.append(role)


def name_span(text: str, start: int, end: int, *, loose: bool = False) -> tuple[int, int] | None:
    """Return where in ``text[start:end]`` a party's name stands, or None when no name stands there.

    ``loose`` accepts, after a label with colon, names whose ending is not known.
    """
    part = text[start:end]
    cut = CUT_NAME.search(part)
    while cut and cut.start() == 0 and cut[0] in ",;。、:":
        start, part = start + 1, part[1:]
        cut = CUT_NAME.search(part)
    if cut:
        part = part[: cut.start()]
    run_on = RUN_ON.search(part)
    if run_on:
        part = part[: run_on.end()]
    lead = len(part) - len(part.lstrip(' _-"“'))
    part = part.strip(' _-"“”.')
    start += lead
    if not part:
        return None
    trail = TRAILS.search(part)
    if trail and len(part) - len(trail[0]) >= 4:
        part = part[: trail.start()].rstrip()
    if is_organisation(part) or is_person(part) or is_latin_name(part) or is_household(part):
        end = start + len(part)
        return start, end + (
            text[end : end + 1] == "." and bool(re.search(r"(?:Inc|Ltd|Co|Corp|S\.A|B\.V|S\.L|N\.V|L\.P)$", part))
        )
    for first in (part.split(" ")[0], part.split("(")[0]):
        if first != part and (is_organisation(first) or is_person(first)):
            return start, start + len(first)
    if (
        loose
        and re.fullmatch(r"[\u4e00-\u9fffA-Za-z0-9()·]{5,40}", part)
        and is_place(part[:3]) | bool(VILLAGE.search(part))
        and is_organisation(part + "公司")
    ):
        return start, start + len(part)
    return None


def _aliased(sheet: Sheet) -> Iterator[Mention]:
    """…公司为一方（以下简称卖方）: find the alias, then look back for the name."""
    text = sheet.text
    for match in ALIAS.finditer(text):
        role = match["role"] or match["short"]
        stop = match.start()
        floor = max(0, stop - LOOKBACK)
        part = text[floor:stop]
        breaks = max(part.rfind(char) for char in "\n\t。;:!?")
        other = max((m.end() for m in ALIAS.finditer(part)), default=0)
        begin = max(breaks + 1, other)
        part = part[begin:].rstrip(' ([,“"')
        comma = max(part.rfind(","), part.rfind("、"))
        mention = _looked_back(sheet, floor + begin, part, comma, role)
        if mention:
            yield mention


def _looked_back(sheet: Sheet, place: int, part: str, comma: int, role: str) -> Mention | None:
    """Return the name at the end of ``part``, the words before an alias."""
    axes, roles = {AXES[role]}, [role]
    for cut in [0, comma + 1] if comma >= 0 else [0]:
        piece = part[cut:]
        lead = re.match(r"[)\]\"”,、 ]+", piece)
        skip = lead.end() if lead else 0
        leads = LEADS.match(piece[skip:])
        if leads:
            _add_roles(leads[0], axes, roles)
            skip += leads.end()
        given = re.match(
            r"[^。;]{0,60}(?:租给|卖给|售给|售予|转让给|让给|委托|聘请)(?=[\u4e00-\u9fffA-Z]{4})", piece[skip:]
        )
        skip += given.end() if given else 0
        founded = re.match(
            r"[^。;:]{0,40}?(?:注册成立|注册登记|依法成立|合法成立|成立并存续|注册|设立)的", piece[skip:]
        )
        skip += founded.end() if founded else 0
        piece = piece[skip:]
        blanks = len(piece) - len(piece.lstrip(" "))
        piece = piece.strip()
        trail = TRAILS.search(piece)
        if trail:
            piece = piece[: trail.start()]
        if (
            is_organisation(piece)
            or is_latin_name(piece)
            or is_household(piece)
            or (is_person(piece) and len(part) < 12)
        ):
            start = place + cut + skip + blanks
            written = sheet.written(start, start + len(piece))
            return Mention(written, start, start + len(piece), 0.88, axes, roles, "alias")
    return None


def _named_units(sheet: Sheet) -> Iterator[Mention]:
    """单位名称（章）：… under 供方 or beside 供 written down the side."""
    for n, mark in enumerate(sheet.marks):
        if mark.kind != "name" or (mark.label == "名称" and not mark.side):
            continue
        span = name_span(sheet.text, *mark.value)
        if span is None:
            continue
        role, base = _role_of_unit(sheet, n)
        if role:
            yield Mention(sheet.written(*span), span[0], span[1], base, {AXES[role]}, [role], "unit")


def _role_of_unit(sheet: Sheet, n: int) -> tuple[str, float]:
    mark = sheet.marks[n]
    if mark.side in AXES:
        return mark.side, 0.9
    spot = sheet.copy.spot_of(mark.start)
    before = sheet.marks[n - 1] if n else None
    if before and before.kind == "party" and mark.start - before.end < 20 and before.value[0] >= before.value[1]:
        return before.label, 0.88
    if spot.table >= 0:
        down = _written_down(sheet, spot, _column_before(sheet, spot))
        for role in AXES:
            if down.startswith(role) or (down and role == down + "方"):
                return role, 0.88
    line = sheet.copy.line_of(mark.start)
    start, _ = sheet.copy.line(line)
    head = re.match(ROLE, sheet.text[start : mark.start])
    if head:
        return head[0], 0.85
    return "", 0.0


def _column_before(sheet: Sheet, spot: Spot) -> int:
    """Return the nearest column to the left that the table has near this cell."""
    near = (
        s.col
        for s in sheet.copy.spots
        if s.table == spot.table and s.col < spot.col and abs(s.start - spot.start) < 400
    )
    return max(near, default=-1)


def _written_down(sheet: Sheet, near: Spot, col: int) -> str:
    """Return the text of a table's column of single letters near a cell, top to bottom: 供 · 方."""
    spots = sheet.copy.spots
    letters = ""
    for n, spot in enumerate(spots):
        if spot.table == near.table and spot.col == col and abs(spot.start - near.start) < 800:
            stop = spots[n + 1].start if n + 1 < len(spots) else len(sheet.text)
            text = re.sub(r"\s", "", sheet.text[spot.start : stop])
            if len(text) <= 3 and not text.isascii():
                letters += text
    return letters


def _addressee(sheet: Sheet) -> Iterator[Mention]:
    """致…公司 in a sales confirmation: the buyer."""
    match = TO_BUYER.search(sheet.text, 0, 600)
    if match and sheet.contract_type == SALE:
        span = name_span(sheet.text, match.start("name"), match.end("name"))
        if span:
            yield Mention(sheet.written(*span), span[0], span[1], 0.75, {"buyer"}, ["买方"], "addressee")


def _merged(mentions: list[Mention]) -> list[Party]:
    """Return one party a name, with all its axes; the first and surest mention is its evidence."""
    parties: dict[str, Party] = {}
    seen: dict[str, list[Mention]] = {}
    names = [re.sub(r"[\s.]", "", mention.name) for mention in mentions]
    for mention in mentions:
        key = re.sub(r"[\s.]", "", mention.name)
        if len(key) <= 3:  # 朱金龙 signs for 朱家兜村村民朱金龙
            key = next((name for name in names if len(name) > 5 and name.endswith(key)), key)
        seen.setdefault(key, []).append(mention)
    for key, same in seen.items():
        best = max(same, key=lambda m: (len(m.name) > 5, m.confidence, -m.start))
        confidence = min(0.99, best.confidence + 0.03 * (len({m.start for m in same}) > 1))
        party = Party(best.name, set(), [], Clue(best.name, best.start, best.end, confidence, best.rule))
        for mention in sorted(same, key=lambda m: -m.confidence):
            party.axes |= mention.axes
            party.roles += [role for role in mention.roles if role not in party.roles]
        parties[key] = party
    return _one_axis_each(list(parties.values()))


def _one_axis_each(parties: list[Party]) -> list[Party]:
    """Where two names claim one axis, the surer one keeps it."""
    for axis in ("seller", "buyer", "a", "b", "first", "second"):
        claimants = sorted((p for p in parties if axis in p.axes), key=lambda p: -(p.clue.confidence if p.clue else 0))
        for party in claimants[1:]:
            party.axes.discard(axis)
    return [party for party in parties if party.axes]


def _link_by_alias(sheet: Sheet, parties: list[Party]) -> None:
    """甲方（需方） anywhere in the text links the axes of two roles, and a party on one is on the other."""
    links = Counter[tuple[str, str]]()
    for match in re.finditer(rf"(?P<x>{ROLE}) ?(?:\(|\(?以下(?:简)?称)[\"“ ]?(?P<y>{ROLE})[\"” ]?\)", sheet.text):
        x, y = AXES[match["x"]], AXES[match["y"]]
        if x != y:
            links[x, y] += 1
            links[y, x] += 1
    for party in parties:
        for (x, y), _ in links.most_common():
            if x in party.axes and not any(y in other.axes for other in parties):
                party.axes.add(y)


def _sides_by_verbs(sheet: Sheet, parties: list[Party]) -> None:
    """In a sale between 甲方 and 乙方 without roles, who delivers sells and who takes and pays buys: by majority."""
    if any({"seller", "buyer"} & party.axes for party in parties):
        _complete_pair(parties)
        return
    sides = {axis: party for party in parties for axis in ("a", "b") if axis in party.axes}
    if len(sides) < 2:
        return
    votes: Counter[str] = Counter()
    for weight, (pattern, _) in zip((6, 6, 1, 1), PURCHASE, strict=True):
        for match in pattern.finditer(sheet.text):
            groups = match.groupdict()
            buyer = groups.get("p") or {"甲": "乙", "乙": "甲"}[groups["q"]]
            votes[buyer] += weight
    if votes["甲"] == votes["乙"]:
        return
    buyer = "a" if votes["甲"] > votes["乙"] else "b"
    for axis, party in sides.items():
        party.axes.add("buyer" if axis == buyer else "seller")
        if party.clue:
            party.clue.confidence = min(party.clue.confidence, 0.75 if abs(votes["甲"] - votes["乙"]) > 2 else 0.6)


def _complete_pair(parties: list[Party]) -> None:
    """When one of two parties sells, the other buys."""
    for axis, other in (("seller", "buyer"), ("buyer", "seller"), ("a", "b"), ("b", "a")):
        has = [p for p in parties if axis in p.axes]
        rest = [p for p in parties if axis not in p.axes]
        if len(has) == 1 and len(rest) == 1 and not any(other in p.axes for p in parties):
            rest[0].axes.add(other)
