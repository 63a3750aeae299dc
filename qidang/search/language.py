"""检索语言: what people type, read into a tree.

Several words mean all of them; ``"…"`` is a phrase; ``AND OR NOT``, ``与 或 非``, parentheses and ``-word`` combine;
``客户:宏远`` or ``customer:宏远`` asks one field. Mistakes are refused with the place (counted from 1), never guessed.
"""

import re
from dataclasses import dataclass

from qidang.kit.refusal import Refused

LONGEST = 1000  # characters of a query
MOST_TERMS = 60
DEEPEST = 12

FIELDS = {
    "number": ("编号", "合同编号", "number", "no"),
    "customer": ("客户", "相对方", "customer", "company"),
    "title": ("名称", "标题", "title"),
    "reference": ("档号", "reference", "ref"),
    "amount": ("金额", "amount"),
    "signed": ("签订", "签订日期", "signed"),
    "expires": ("到期", "到期日", "expires"),
    "type": ("类型", "type"),
    "status": ("状态", "status"),
    "department": ("部门", "department", "dept"),
    "owner": ("负责人", "owner"),
}
NAMES = {name: field for field, names in FIELDS.items() for name in names}
_OPERATORS = {"AND": "AND", "&&": "AND", "与": "AND", "OR": "OR", "||": "OR", "或": "OR", "NOT": "NOT", "非": "NOT"}
_QUOTES = {'"': '"', "“": "”", "”": "”", "＂": "＂", "「": "」", "『": "』"}
_OPEN, _CLOSE = "(（", ")）"
_MINUS = "-－!！"
_FIELD = re.compile(r"([A-Za-z\u4e00-\u9fff]{1,10})[:：]")


@dataclass(frozen=True)
class Word:
    """词: text to be found anywhere in the paper or its fields; ``place`` counts from 1."""

    text: str
    place: int


@dataclass(frozen=True)
class Field:
    """字段: what one field must be."""

    name: str
    value: str
    place: int


@dataclass(frozen=True)
class All:
    """与: every part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    """或: any part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Without:
    """非: not this."""

    part: "Node"


Node = Word | Field | All | Either | Without


@dataclass(frozen=True)
class Token:
    """A piece of the query: kind is WORD, FIELD, AND, OR, NOT, OPEN, CLOSE or END."""

    kind: str
    text: str
    place: int
    field: str = ""


def parse(query: str) -> Node:
    """Read ``query``; an empty one is ``All(())``. Raises Refused ``search.too_long`` or ``search.syntax``."""
    if len(query) > LONGEST:
        raise Refused("search.too_long", length=len(query), most=LONGEST)
    tokens = _tokens(query)
    if sum(token.kind in ("WORD", "FIELD") for token in tokens) > MOST_TERMS:
        raise Refused("search.too_many", most=MOST_TERMS)
    if len(tokens) == 1:
        return All(())
    return _Reader(tokens).everything()


def wrong(place: int, near: str) -> Refused:
    """A refusal naming the place of a mistake."""
    return Refused("search.syntax", position=place, near=near[:20])


def _tokens(query: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        token, at = _token(query, at)
        tokens.append(token)
    return [*tokens, Token("END", "", len(query) + 1)]


def _token(query: str, at: int) -> tuple[Token, int]:
    """Return the token that begins at ``at`` and where it ends."""
    character = query[at]
    if character in _OPEN or character in _CLOSE:
        return Token("OPEN" if character in _OPEN else "CLOSE", character, at + 1), at + 1
    if character in _MINUS and at + 1 < len(query) and not query[at + 1].isspace():
        return Token("NOT", character, at + 1), at + 1
    named = _FIELD.match(query, at)
    if named and named[1].lower() in NAMES:
        text, end = _value(query, named.end())
        if not text.strip():
            raise wrong(at + 1, named[0])
        return Token("FIELD", text, at + 1, NAMES[named[1].lower()]), end
    quoted = character in _QUOTES
    text, end = _value(query, at)
    kind = "WORD" if quoted else _OPERATORS.get(text, "WORD")
    return Token(kind, text, at + 1), end


def _value(query: str, at: int) -> tuple[str, int]:
    """Return the quoted or bare text at ``at`` and where it ends; brackets opened inside a word belong to it."""
    if at < len(query) and query[at] in _QUOTES:
        end = query.find(_QUOTES[query[at]], at + 1)
        if end < 0:
            raise wrong(at + 1, query[at:])
        return query[at + 1 : end], end + 1
    depth, end = 0, at
    while end < len(query) and not query[end].isspace():
        depth += (query[end] in _OPEN) - (query[end] in _CLOSE)
        if depth < 0:
            break
        end += 1
    return query[at:end], end


class _Reader:
    """Reads tokens by descent: either ← all (OR all)*, all ← one (AND? one)*, one ← NOT one | ( either ) | term."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def everything(self) -> Node:
        tree = self.either()
        if self.next.kind != "END":
            raise wrong(self.next.place, self.next.text)
        return tree

    def either(self) -> Node:
        parts = [self.all()]
        while self.next.kind == "OR":
            self.take()
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def all(self) -> Node:
        parts = [self.one()]
        while self.next.kind not in ("OR", "CLOSE", "END"):
            if self.next.kind == "AND":
                self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def one(self) -> Node:
        token = self.take()
        if token.kind == "WORD":
            return Word(token.text, token.place)
        if token.kind == "FIELD":
            return Field(token.field, token.text.strip(), token.place)
        if token.kind not in ("NOT", "OPEN"):
            raise wrong(token.place, token.text)
        self.depth += 1
        if self.depth > DEEPEST:
            raise wrong(token.place, token.text)
        part: Node = Without(self.one()) if token.kind == "NOT" else self._bracket(token)
        self.depth -= 1
        return part

    def _bracket(self, opening: Token) -> Node:
        part = self.either()
        if self.take().kind != "CLOSE":
            raise wrong(opening.place, opening.text)
        return part


def wanted(tree: Node) -> list[str]:
    """Return the words that hits are to show marked: those asked for, not those excluded."""
    if isinstance(tree, Word):
        return [tree.text]
    if isinstance(tree, (All, Either)):
        return [word for part in tree.parts for word in wanted(part)]
    return []
