"""适用法律与优先语种: which law governs, and which language prevails; a rule for each language."""

import re
from collections.abc import Iterator

from qidang.reading.fields.witness import Clue

STATES = """
    Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|
    Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|
    Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|
    Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|
    Wyoming|District of Columbia|Puerto Rico
"""
COUNTRIES = """
    People's Republic of China|P\\.R\\. ?China|PRC|P\\.R\\.C\\.|Mainland China|China|Hong Kong(?: SAR)?|Macau|Macao|
    Taiwan|Republic of China|England(?: and Wales)?|Scotland|Northern Ireland|United Kingdom|Ireland|Ontario|
    British Columbia|Alberta|Quebec|Manitoba|Saskatchewan|Nova Scotia|Canada|Germany|Federal Republic of Germany|
    France|Italy|Spain|Portugal|Switzerland|Swiss|Austria|Netherlands|Belgium|Luxembourg|Sweden|Norway|Denmark|Finland|Poland|Hungary|
    Czech Republic|Greece|Turkey|Russia|Russian Federation|Ukraine|Israel|India|Pakistan|Bangladesh|Japan|
    Republic of Korea|South Korea|Korea|Singapore|Malaysia|Thailand|Vietnam|Indonesia|Philippines|Australia|
    New South Wales|Victoria|Queensland|Western Australia|South Australia|New Zealand|South Africa|Nigeria|Kenya|Egypt|
    United Arab Emirates|Dubai|Saudi Arabia|Brazil|Argentina|Chile|Colombia|Mexico|Peru|Bermuda|Cayman Islands|
    British Virgin Islands|Jersey|Guernsey|Cyprus|Malta|Romania|Bulgaria|United States(?: of America)?
"""
ADJECTIVES = {
    "English": "England",
    "German": "Germany",
    "French": "France",
    "Chinese": "China",
    "Swiss": "Switzerland",
    "Japanese": "Japan",
    "Canadian": "Canada",
    "Israeli": "Israel",
    "Dutch": "Netherlands",
}


def _either(table: str) -> str:
    return "|".join(part.strip() for part in " ".join(table.split()).split("|"))


PLACE = re.compile(rf"\b(?P<place>{_either(STATES)}|{_either(COUNTRIES)})(?![\w-])", re.I)
LAW = re.compile(r"\blaws?\b|\bLAWS?\b")
RULED = re.compile(r"govern|constru|interpret", re.I)
RULES = re.compile(r"^[^.;]{0,120}?\b(?:shall|will|to|do) (?:exclusively )?(?:govern|apply|control)", re.I)
OF_PLACE = re.compile(r"(?:of|in)\b[^.;:]{0,90}", re.I)
BEFORE_LAW = re.compile(
    rf"\b(?:(?P<place>{_either(STATES)}|{_either(COUNTRIES)})(?:'s)?|(?P<adjective>{'|'.join(ADJECTIVES)})) $"
)
OTHER_LAW = re.compile(r"conflicts? of|choice of|tax|securities|labor|employment|privacy|export|antitrust", re.I)
HAN_PLACE = (
    "中华人民共和国|中国(?:内地|大陆)?|香港(?:特别行政区)?|澳门(?:特别行政区)?|台湾(?:地区)?|英国|美国|德国|日本|"
    "新加坡|瑞士|法国"
)
HAN_WORD = re.compile("法(?:律|规)")
HAN_LAW = re.compile(
    rf"(?:适用|受|依照|依据|遵循|按照)[^，,。；;\n]{{0,14}}?(?P<place>{HAN_PLACE})(?:现行|有效|的|之|有关|相关){{0,4}}$"
)
HAN_BEFORE, HAN_AROUND = 48, 60  # characters in front of 法律 in which its country stands, and its subject
HAN_ABOUT = re.compile(r"适用法律|法律适用|管辖|解释|争议|订立|效力|签订|履行")
TONGUE = "Chinese|English|German|French|Japanese|Spanish|Russian|Korean|Italian|Portuguese"
PREVAILS = re.compile(
    rf"\b(?P<language>{TONGUE})\b"
    r"(?:(?:[ -](?:language|text|version|original|copy)){1,3}[^.;\n]{0,60}?|[ ](?=\S+ prevail))"
    r"\b(?:shall|will|does|to)?[ ]?(?:prevail|govern|control|be (?:controlling|binding|authoritative)|take precedence)",
    re.I,
)
HAN_PREVAILS = re.compile(
    r"以(?P<language>中|英|德|法|日|俄|韩|西班牙|葡萄牙)(?:文|语)(?:文本|版本|本|合同文本|合同)?为准"
)
SUBJECT_TO = re.compile(
    r"(?:conflict|discrepanc|inconsisten|differen|diverg)[^.;\n]{0,120}?"
    rf"\b(?:subject to|based on|in favou?r of|according to) (?:the )?(?P<language>{TONGUE})\b",
    re.I,
)
ONLY_LANGUAGE = re.compile(
    r"(?:written|executed|drawn up|made)[^.;\n]{0,40}\bin (?P<language>English|Chinese)(?: language)?"
    r"(?: only|,? which)",
    re.I,
)
LANGUAGES = {
    "chinese": "中文",
    "english": "英文",
    "german": "德文",
    "french": "法文",
    "japanese": "日文",
    "spanish": "西班牙文",
    "russian": "俄文",
    "korean": "韩文",
    "italian": "意大利文",
    "portuguese": "葡萄牙文",
}


def find_governing_law(text: str) -> Clue | None:
    """Return the state or country whose law governs by an English text; the surest of all sentences that say so."""
    return max(_english(text), key=lambda clue: clue.confidence, default=None)


def find_chinese_law(text: str) -> Clue | None:
    """Return the country whose law governs by a Chinese text: 本合同的解释与履行适用中华人民共和国法律."""
    for match in HAN_WORD.finditer(text):
        place = HAN_LAW.search(text[max(0, match.start() - HAN_BEFORE) : match.start()])
        if place is None or not HAN_ABOUT.search(text[max(0, match.start() - HAN_AROUND) : match.end() + 10]):
            continue
        start = max(0, match.start() - HAN_BEFORE) + place.start("place")
        return Clue(place["place"], start, start + len(place["place"]), 0.85, "law")
    return None


def _english(text: str) -> Iterator[Clue]:
    for match in LAW.finditer(text):
        before = text[max(0, match.start() - 260) : match.start()]
        sentence = re.split(r"[.;](?=\s+[A-Z])|\n\n", before)[-1]
        after = text[match.end() : match.end() + 130]
        ruled = RULED.search(sentence) or RULES.match(after)
        if not ruled or OTHER_LAW.search(before[-25:]):
            continue
        sure = 0.9 if re.search(r"govern", sentence + after[:60], re.I) else 0.75
        place = OF_PLACE.search(after, 0, 100)
        named = PLACE.search(after, place.start(), place.end()) if place else None
        if named:
            start = match.end() + named.start("place")
            yield Clue(_known(named["place"]), start, start + len(named["place"]), sure, "law of")
        elif in_front := BEFORE_LAW.search(before):
            start = match.start() - len(before) + in_front.start()
            name = in_front["place"] or ADJECTIVES[in_front["adjective"]]
            yield Clue(_known(name), start, match.start(), sure - 0.05, "law in front")


def _known(name: str) -> str:
    name = " ".join(name.split())
    key = name.lower().replace("p.r. china", "china").replace("p.r.china", "china")
    if key in ("prc", "p.r.c.", "p.r.c", "china", "mainland china", "people's republic of china"):
        return "People's Republic of China"
    return name.title().replace(" Of ", " of ").replace(" And ", " and ") if name.isupper() or name.islower() else name


def find_language(text: str) -> Clue | None:
    """Return the language whose text prevails by an English text: 中文, 英文…"""
    match = PREVAILS.search(text) or SUBJECT_TO.search(text) or ONLY_LANGUAGE.search(text)
    if match is None:
        return None
    return Clue(LANGUAGES[match["language"].lower()], match.start("language"), match.end("language"), 0.85, "prevails")


def find_chinese_language(text: str) -> Clue | None:
    """Return the language whose text prevails by a Chinese text: 以中文文本为准."""
    match = HAN_PREVAILS.search(text)
    if match is None:
        return None
    return Clue(f"{match['language']}文", match.start("language"), match.end("language"), 0.9, "prevails")
