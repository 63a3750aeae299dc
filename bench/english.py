"""英文合同的要素准确度: the labelled English contracts of ../shared (CUAD, CC BY 4.0), field by field.

``python -m bench.english [--shared ../shared] [--details] [--write]``. Of every label the contracts that have it are
counted: right, wrong, missed, and what was found where nothing is labelled. Parties are compared by name without signs,
a label that holds the name (or lies in it) counts; titles likewise; dates by the day; the governing law by the state or
country that is named first. These are the files with which the rules were written: what they miss was looked at.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import pathlib
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench.extraction import flow_paper
from bench.results import put
from qidang.reading.fields import extract

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIELDS = ("parties", "agreement date", "effective date", "governing law", "expiration date", "title")
ENTITY = re.compile(r"\b(?:inc|corp|corporation|ltd|limited|llc|lp|company|co|gmbh|ag|sa|bv|nv|plc|pty|bank|trust)\b")


def labels(shared: pathlib.Path) -> Iterator[tuple[pathlib.Path, dict[str, str]]]:
    """Yield each text with its row of labels."""
    folder = shared / "data/contracts_en/cuad"
    by_stem = {_key(path.stem): path for path in folder.glob("txt/*.txt")}
    with (folder / "master_clauses.shareable.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            path = by_stem.get(_key(row["Filename"].rpartition(".")[0]))
            if path is not None:
                yield path, row


def _key(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text.lower()) if char.isalnum())


def day(text: str) -> str | None:
    """Return a label's day as ISO; None for an empty one, for a blank and for an event."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{2,4})", text.strip())
    if not match:
        return None
    month, number, year = map(int, match.groups())
    year += (2000 if year < 50 else 1900) if year < 100 else 0
    try:
        return datetime.date(year, month, number).isoformat()
    except ValueError:
        return None


def names(text: str) -> list[str]:
    """Return the corporate names of a label of parties, without their aliases."""
    bare = re.sub(r"\([^()]*[\"“”'][^()]*\)", "", text)
    found = (" ".join(part.split()).strip(" .,;") for part in re.split(r";|\band\b(?= [A-Z][^;]*$)", bare))
    return [name for name in found if ENTITY.search(name.lower().replace(".", ""))]


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are one, by letters and digits alone."""
    a, b = _key(one), _key(other)
    return bool(a and b) and (a in b or b in a)


def judge(row: dict[str, str], fields: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield (field, outcome, what was said and read) for one contract."""
    value = {name: found.value for name, found in fields.items() if found is not None}
    read = [value[key] for key in ("party_a", "party_b") if key in value] + list(value.get("other_parties", []))
    wanted, told = names(row["Parties-Answer"]), row["Parties-Answer"] + row["Parties"]
    for name in wanted:
        hit = any(same_name(name, one) for one in read)
        yield "parties", "right" if hit else "missed", f"{name} | {read}"
    for one in read:
        if _key(one) not in _key(told) and not any(same_name(one, name) for name in wanted):
            yield "parties", "extra", f"{one} | {row['Parties-Answer']}"
    for name, column, key in (
        ("agreement date", "Agreement Date-Answer", "sign_date"),
        ("effective date", "Effective Date-Answer", "effective_date"),
        ("expiration date", "Expiration Date-Answer", "end_date"),
    ):
        yield name, _outcome(day(row[column]), value.get(key), lambda a, b: a == b), f"{row[column]} | {value.get(key)}"
    law = row["Governing Law-Answer"].strip()
    yield "governing law", _outcome(law, value.get("governing_law"), same_law), f"{law} | {value.get('governing_law')}"
    title = row["Document Name-Answer"].strip()
    yield "title", _outcome(title, value.get("title"), same_name), f"{title} | {value.get('title')}"


def same_law(label: str, read: str) -> bool:
    """Tell whether both name the same state or country first."""
    return same_name(re.split(r"[;,/]| and ", label)[0], read)


def _outcome(label: str | None, read: str | None, alike: Any) -> str:
    if not label:
        return "extra" if read else "nothing"
    return "missed" if not read else "right" if alike(label, read) else "wrong"


def score(counts: Counter[str]) -> str:
    """Return labelled, precision, recall and F1 of one field as cells of a table."""
    right, said = counts["right"], counts["right"] + counts["wrong"] + counts["extra"]
    there = counts["right"] + counts["wrong"] + counts["missed"]
    precision, recall = right / said if said else 0.0, right / there if there else 0.0
    both = 2 * precision * recall / (precision + recall) if right else 0.0
    return f"{there} | {precision:.3f} | {recall:.3f} | {both:.3f}"


def main() -> None:
    """Read, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--details", default="", help="print what went wrong with this field")
    parser.add_argument("--write", action="store_true", help="put the table into bench/RESULTS.md")
    args = parser.parse_args()
    counts = {name: Counter[str]() for name in FIELDS}
    spent, contracts = [], 0
    rows = sorted(labels(args.shared), key=lambda one: one[0].name)
    for path, row in rows:
        paper = flow_paper(path)
        started = time.process_time()
        extraction = extract(paper)
        spent.append(1000 * (time.process_time() - started))
        contracts += extraction.is_contract
        for name, outcome, what in judge(row, extraction.fields):
            counts[name][outcome] += 1
            if args.details == name and outcome not in ("right", "nothing"):
                print(f"{outcome:7} {path.name[:50]:50} {what}")
    lines = ["| field | labelled | precision | recall | F1 |", "|---|---|---|---|---|"]
    lines += [f"| {name} | {score(counts[name])} |" for name in FIELDS]
    lines += [
        "",
        f"{contracts} of {len(rows)} told as contracts; fields take {statistics.median(spent):.0f} ms of processor",
    ]
    lines[-1] += f" a paper (median; most {max(spent):.0f})."
    print("\n".join(lines))
    if args.write:
        put("english", "\n".join(lines))


if __name__ == "__main__":
    main()
