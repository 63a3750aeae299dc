"""匹配: the tree of a query turned into questions to the index: what must match, and what ranks it."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import tantivy

from qidang.kit.refusal import Refused
from qidang.search import language, schema, values
from qidang.search.analysis import fold, words
from qidang.search.language import All, Field, Node, Without, Word

MUST, SHOULD, NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
SCHEMA = schema.build()
BOOSTS = {"number": 4.0, "reference": 4.0, "title": 3.0, "customer": 3.0}
EXACT = 40.0
LONGEST_WORD = 200  # folded characters of one word
Query = tantivy.Query
Part = tuple[tantivy.Occur, tantivy.Query]


@dataclass(frozen=True)
class Names:
    """How a query's readable names are resolved: each returns the keys or codes that a text may mean."""

    types: Callable[[str], Sequence[str]]
    statuses: Callable[[str], Sequence[str]]
    departments: Callable[[str], Sequence[int]]
    owners: Callable[[str], Sequence[int]]
    today: datetime.date


def match(tree: Node, names: Names) -> tantivy.Query:
    """Return what must match; scores come from the words, never from filters."""
    if isinstance(tree, Word):
        return _anywhere(tree)
    if isinstance(tree, Field):
        return _field(tree, names)
    if isinstance(tree, Without):
        return every([(MUST, Query.all_query()), (NOT, match(tree.part, names))])
    parts = [(part, MUST if isinstance(tree, All) else SHOULD) for part in tree.parts]
    kept = [(occur, match(part, names)) for part, occur in parts if not _is_blank(part)]
    return every(kept) if kept else Query.all_query()


def ranked(found: tantivy.Query, wanted: Iterable[str]) -> tantivy.Query:
    """Return ``found`` ranked: words in number, 档号, title or customer count more, a whole field most."""
    shoulds: list[Part] = []
    for text in wanted:
        folded = fold(text)[:LONGEST_WORD]
        if len(folded) > 1:
            shoulds += [(SHOULD, Query.boost_query(grams(name, folded), boost)) for name, boost in BOOSTS.items()]
            shoulds.append((SHOULD, Query.boost_query(term("exact", folded), EXACT)))
        shoulds += [(SHOULD, term("words", word)) for word in words(text)[:4]]
    return every([(MUST, found), *shoulds]) if shoulds else found


def every(parts: Sequence[Part]) -> tantivy.Query:
    """Return one boolean question."""
    return parts[0][1] if len(parts) == 1 and parts[0][0] is not NOT else Query.boolean_query(parts)


def silent(query: tantivy.Query) -> tantivy.Query:
    """Return a filter that adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def term(field: str, value: str | int) -> tantivy.Query:
    """Return the question for one exact term."""
    return Query.term_query(SCHEMA, field, value, index_option="basic")


def any_of(field: str, keys: Sequence[str] | Sequence[int]) -> tantivy.Query:
    """Return a silent filter: ``field`` is one of ``keys``; nothing matches where there are none."""
    return silent(Query.term_set_query(SCHEMA, field, list(keys))) if keys else Query.empty_query()


def between(field: str, least: int | None, most: int | None) -> tantivy.Query:
    """Return a silent filter over amounts or days, both ends included; absent values never match."""
    low = schema.ABSENT + 1 if least is None else least
    return silent(Query.range_query(SCHEMA, field, tantivy.FieldType.Integer, low, most))


def grams(field: str, folded: str) -> tantivy.Query:
    """Return the question for ``folded`` (one character or more) as a substring of ``field``."""
    if len(folded) <= 2:
        return term(field, folded)
    starts = [*range(0, len(folded) - 2, 2), len(folded) - 2]
    return Query.phrase_query(SCHEMA, field, [(start, folded[start : start + 2]) for start in starts])


def _is_blank(node: Node) -> bool:
    """A word that says nothing: blanks, or the lone dash that people put between words."""
    return isinstance(node, Word) and fold(node.text) in ("", "-", "--")


def _anywhere(word: Word) -> tantivy.Query:
    folded = fold(word.text)
    if len(folded) > LONGEST_WORD:
        raise Refused("search.long_word", position=word.place, most=LONGEST_WORD)
    if _is_blank(word):
        return Query.all_query()
    return grams("text", folded)


def _field(field: Field, names: Names) -> tantivy.Query:
    if field.name in schema.GRAMS:
        return _short_text(field)
    if field.name == "amount":
        money = values.amounts(field.value, field.place)
        return between("amount", *(_cents(end) for end in (money.least, money.most)))
    if field.name in ("signed", "expires"):
        span = values.days(field.value, field.place, names.today)
        return between(field.name, *(None if end is None else end.toordinal() for end in (span.least, span.most)))
    if field.name == "type":
        return any_of("type", _codes(names.types, field))
    if field.name == "status":
        codes = _codes(names.statuses, field)
        return every([(SHOULD, any_of("status", codes)), (SHOULD, any_of("filing", codes))])
    keyed = {"department": names.departments, "owner": names.owners}[field.name]
    return any_of(field.name, [key for part in _parts(field) for key in keyed(part)])


def _parts(field: Field) -> list[str]:
    """Return the alternatives of ``类型:买卖,租赁``."""
    plain = field.value.replace("，", ",").replace("、", ",")
    return [part.strip() for part in plain.split(",") if part.strip()]


def _codes(resolve: Callable[[str], Sequence[str]], field: Field) -> list[str]:
    found = {part: resolve(part) for part in _parts(field)}
    for part, codes in found.items():
        if not codes:
            raise Refused("search.value", value=part, field=language.FIELDS[field.name][0], position=field.place)
    return [code for codes in found.values() for code in codes]


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else schema.cents(amount)


def _short_text(field: Field) -> tantivy.Query:
    folded = fold(field.value)[:LONGEST_WORD]
    if not folded:
        raise language.wrong(field.place, field.value)
    return grams(field.name, folded)
