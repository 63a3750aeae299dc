"""索引的样子: the fields of the index, and how a paper becomes an entry of it.

``text`` holds the bigrams of everything with their positions and the single characters, ``words`` whole Latin words
(for ranking); ``number title customer reference`` the same as ``text`` of one field each; the rest is for rights,
filters, facets and order. Nothing is stored but the uid: text and fields come from the vault and the database.
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal

import tantivy

from qidang.search.analysis import SEPARATOR, bigrams, fold, words
from qidang.search.joining import stream
from qidang.search.papers import HISTORICAL, IndexedPaper

VERSION = 1  # another number means: rebuild
LONGEST = 5_000_000  # folded characters of one entry
ABSENT = -(2**62)  # stands for "no amount" and "no date", below every real one
CURSOR = "cursor"  # the kind of the one entry that says how far the index has come
GRAMS = ("text", "number", "title", "customer", "reference")


def build() -> tantivy.Schema:
    """Return the schema."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("uid", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("seq", "day"):
        builder.add_unsigned_field(name, stored=True)
    for name in GRAMS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    for name in ("rights", "exact", "filing"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("kind", "type", "status"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("year", "department", "owner", "customer_key"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("amount", "signed", "expires"):
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def document(paper: IndexedPaper) -> tantivy.Document:
    """Return the entry of ``paper``."""
    entry = tantivy.Document()
    entry.add_text("uid", paper.uid)
    entry.add_text("kind", paper.kind)
    _add_text(entry, paper)
    for right in paper.rights:
        entry.add_text("rights", right)
    for name, value in {"type": paper.contract_type, "status": paper.status, "filing": paper.filing}.items():
        if value:
            entry.add_text(name, value)
    if paper.is_historical:
        entry.add_text("filing", HISTORICAL)
    keys = {"year": paper.year, "department": paper.department, "owner": paper.owner}
    for name, key in (keys | {"customer_key": paper.customer_key}).items():
        if key is not None:
            entry.add_unsigned(name, key)
    entry.add_integer("amount", cents(paper.amount))
    entry.add_integer("signed", ordinal(paper.signed_on))
    entry.add_integer("expires", ordinal(paper.expires_on))
    return entry


def cursor_document(seq: int, day: datetime.date) -> tantivy.Document:
    """Return the entry that says: acts up to ``seq`` are in the index, with statuses as of ``day``."""
    entry = tantivy.Document()
    entry.add_text("uid", CURSOR)
    entry.add_text("kind", CURSOR)
    entry.add_unsigned("seq", seq)
    entry.add_unsigned("day", day.toordinal())
    return entry


def cents(amount: Decimal | None) -> int:
    """Return an amount in 分 as the index orders it."""
    return ABSENT if amount is None else int(amount * 100)


def ordinal(date: datetime.date | None) -> int:
    """Return a date as the index orders it."""
    return ABSENT if date is None else date.toordinal()


def _add_text(entry: tantivy.Document, paper: IndexedPaper) -> None:
    head = [fold(part) for part in paper.head]
    whole = SEPARATOR.join([*head, *(stream(pages) for pages in paper.papers)])[:LONGEST]
    entry.add_text("text", _tokens(whole))
    plain = " ".join([*paper.head, *(page for pages in paper.papers for page in pages)])[:LONGEST]
    entry.add_text("words", " ".join(words(plain)))
    _add_field(entry, "number", paper.numbers)
    _add_field(entry, "title", [paper.title])
    _add_field(entry, "customer", [paper.customer, *paper.companies])
    _add_field(entry, "reference", [paper.reference, paper.old_reference])
    for part in {*map(fold, (*paper.numbers, paper.reference, paper.old_reference, paper.title, paper.customer))} - {
        ""
    }:
        entry.add_text("exact", part)


def _add_field(entry: tantivy.Document, name: str, values: Iterable[str]) -> None:
    folded = dict.fromkeys(fold(value) for value in values if value)
    if folded:
        entry.add_text(name, _tokens(SEPARATOR.join(folded)))


def _tokens(stream: str) -> str:
    """Return the bigrams in order, so that their positions are right, and behind them each character once."""
    return " ".join([*bigrams(stream), *sorted(set(stream))])
