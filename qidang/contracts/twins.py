"""疑似重复: companies that may be one, found by name, 统一社会信用代码 and phone; a person decides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from rapidfuzz import fuzz

from qidang.accounts.capabilities import require
from qidang.contracts.models import Company, Contact, Distinction, Party, Twins
from qidang.kit import clock
from qidang.kit.refusal import Refused
from qidang.kit.text import fold
from qidang.ledger import record

if TYPE_CHECKING:
    from qidang.accounts.models import User

ALIKE = 85.0  # of 100: one character of seven may differ
SHORTEST = 4  # characters of a core; below, likeness says nothing
COMMON = 60  # cores that share a pair of characters; a pair that more share tells nothing
CROWD = 8  # companies of one phone; more of them share a switchboard or an agent
LEGAL = re.compile(
    r"(?:股份有限|有限责任|集团有限|有限|集团|股份)公司|公司$|(?:co\.?,?)?(?:ltd|limited|inc|llc|corp(?:oration)?)\.?$|(?:company|co)\.?,?$"
)
BRACKETED = re.compile(r"[(\[【]([^)\]】]*)[)\]】]")
DIGITS = re.compile(r"[0-9一二三四五六七八九十]+(?=分|厂|部|店|局|公司|建|冶|航|院|$)|[0-9]+")
NAME, USCC, PHONE = "name", "uscc", "phone"
Pair = tuple[int, int]


def core(name: str) -> str:
    """Return what of ``name`` tells a company apart: folded, places in brackets in front, without legal forms."""
    folded = fold(name)
    places = "".join(BRACKETED.findall(folded))
    return places + LEGAL.sub("", BRACKETED.sub("", folded))


def find() -> int:
    """Find them anew; return how many. Worked out before anything is written; what people decided stays decided."""
    names = dict(Company.objects.standing().values_list("pk", "name"))
    ours = set(Company.objects.standing().ours().values_list("pk", flat=True))
    found: dict[Pair, dict[str, int]] = defaultdict(dict)
    for reason, pairs in ((NAME, _by_name(names)), (USCC, _by_uscc()), (PHONE, _by_phone())):
        for (one, other), score in pairs:
            if one in names and other in names and (one in ours) == (other in ours):
                found[min(one, other), max(one, other)][reason] = score
    rows = [
        Twins(one_id=one, other_id=other, reasons=sorted(reasons), score=max(reasons.values()), found_at=clock.now())
        for (one, other), reasons in sorted(found.items())
    ]
    with transaction.atomic():
        Twins.objects.all().delete()
        Twins.objects.bulk_create(rows, batch_size=500)
    return len(rows)


@transaction.atomic
def tell_apart(twins: Twins, *, by: User, why: str = "") -> Distinction:
    """不是同一家: they are two, and are not proposed again."""
    require(by, "company.edit")
    if Distinction.objects.filter(one=twins.one_id, other=twins.other_id).exists():
        raise Refused("company.told_apart", one=twins.one.name, other=twins.other.name)
    told = Distinction.objects.create(one=twins.one, other=twins.other, why=why.strip()[:300], by=by, at=clock.now())
    record("company.told_apart", twins.one, twins.other, by=by, details={"why": told.why})
    return told


def _by_name(names: dict[int, str]) -> Iterator[tuple[Pair, int]]:
    """Pair companies whose cores are the same or much alike, and whose numbers (一厂, 二厂) are the same."""
    cores = {pk: core(name) for pk, name in names.items()}
    same = defaultdict(list)
    for pk, words in cores.items():
        same[words].append(pk)
    for words, keys in same.items():
        if words:
            yield from ((pair, 100) for pair in combinations(sorted(keys), 2))
    for one, other in _candidates(words for words in same if len(words) >= SHORTEST):
        score = fuzz.ratio(one, other, score_cutoff=ALIKE)
        if score and DIGITS.findall(one) == DIGITS.findall(other):
            yield from (((a, b), int(score)) for a in same[one] for b in same[other])


def _candidates(cores: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pair the cores that share two neighbouring characters which few others have."""
    sharing = defaultdict(list)
    for words in cores:
        for pair in {words[at : at + 2] for at in range(len(words) - 1)}:
            sharing[pair].append(words)
    seen: set[tuple[str, str]] = set()
    for group in sharing.values():
        if 1 < len(group) <= COMMON:
            for one, other in combinations(sorted(group), 2):
                if (one, other) not in seen:
                    seen.add((one, other))
                    yield one, other


def _by_uscc() -> Iterator[tuple[Pair, int]]:
    """Pair a company with the one whose code its contracts bear, and companies with the same code that fails."""
    known = dict(Company.objects.standing().exclude(uscc="").values_list("uscc", "pk"))
    borne = Party.objects.exclude(uscc="").exclude(company=None).values_list("uscc", "company").distinct()
    for code, company in borne:
        holder = known.get(fold(code).upper())
        if holder is not None and holder != company:
            yield (holder, company), 100
    yield from _pairs(Company.objects.standing().exclude(uscc_failed="").values_list("uscc_failed", "pk"), 90)


def _by_phone() -> Iterator[tuple[Pair, int]]:
    """Pair companies that are reached by the same number."""
    own = Company.objects.standing().exclude(phone_index="").values_list("phone_index", "pk")
    contacts = Contact.objects.exclude(Q(phone_index="")).values_list("phone_index", "company_id")
    yield from _pairs([*own, *contacts], 90)


def _pairs(rows: Iterable[tuple[str, int]], score: int) -> Iterator[tuple[Pair, int]]:
    groups: dict[str, set[int]] = defaultdict(set)
    for value, company in rows:
        groups[value].add(company)
    for group in groups.values():
        if len(group) <= CROWD:
            yield from ((pair, score) for pair in combinations(sorted(group), 2))
