"""语种: in which languages a paper is written, and the English side of one written in two."""

import re

CHINESE, ENGLISH, BOTH = "zh", "en", "zh/en"
HEAD, TAIL = 12_000, 8_000  # characters looked at: a second language may come behind the whole of the first
LEAST_LETTERS = 200
NOT_LETTERS = bytes(n for n in range(256) if not chr(n).isascii() or not chr(n).isalpha())
HAN = re.compile("[\u4e00-\u9fff]+")
SMALL_WORDS = re.compile(r"\b(?:the|of|and|shall|by|this|to|Party|Seller|Buyer|Contract|Agreement|Total)\b")
LEAST_SMALL_WORDS = 10  # names and models of goods have letters enough, but none of these
HAN_SIDE = re.compile("[\u2e80-\u9fff](?:[^A-Za-z\n\t]*[\u2e80-\u9fff])?[,;:。]?")


def language_of(text: str) -> str:
    """Return zh, en, or zh/en where a folded text has sentences in both."""
    sample = text if len(text) <= HEAD + TAIL else text[:HEAD] + text[-TAIL:]
    plain = sample.encode("ascii", "ignore")
    letters, others = len(plain.translate(None, NOT_LETTERS)), len(sample) - len(plain)
    if letters <= LEAST_LETTERS or 2 * letters < others:
        return CHINESE
    han = sum(map(len, HAN.findall(sample)))
    if letters > 20 * han:
        return ENGLISH
    return BOTH if len(SMALL_WORDS.findall(sample)) >= LEAST_SMALL_WORDS else CHINESE


def english_side(text: str) -> str:
    """Return the text with its Chinese blanked out, of the same length, so that places stay true."""
    return HAN_SIDE.sub(lambda run: " " * len(run[0]) if len(run[0]) > 1 else "\n", text)
