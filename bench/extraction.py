"""要素提取的准确度: the labelled contracts of ../shared in four forms, scored by ../shared/tools/score.py.

``python -m bench.extraction [--shared ../shared] [--write]``: reads every file by the pool as the product does, prints
the scores and the milliseconds of processor that the fields alone take, and tells contracts from other papers. With
``--write`` it puts the section between the markers of bench/RESULTS.md. The 15 contracts were looked at while the rules
were written; ``bench/filled.py`` makes others.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

from qidang.reading.fields import extract
from qidang.reading.paper import Line, Page, Paper
from qidang.reading.pool import Job, Pool

ROOT = pathlib.Path(__file__).resolve().parent.parent
FORMS = ("txt", "docx", "pdf", "scan")
BEGIN, END = "<!-- extraction -->", "<!-- /extraction -->"


def read_form(pool: Pool, gold: pathlib.Path, form: str, out: pathlib.Path) -> dict[str, float]:
    """Read all files of a form, write a line of JSON each, and return how long it took."""
    spent, fields_ms, lines = 0.0, [], []
    for _, reading in pool.read_many(Job(path, path.name) for path in sorted((gold / form).iterdir())):
        found = reading.extraction.to_dict() if reading.extraction else {"fields": {}}
        values = {
            name: None if one is None else {"value": one.value}
            for name, one in (reading.extraction.fields if reading.extraction else {}).items()
        }
        lines.append({"file": reading.name, "refused": reading.refused, **found, "fields": values})
        spent += reading.seconds
        if reading.paper:
            started = time.process_time()
            extract(reading.paper)
            fields_ms.append(1000 * (time.process_time() - started))
    out.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    return {"seconds": spent, "median_ms": statistics.median(fields_ms), "slowest_ms": max(fields_ms)}


def score(shared: pathlib.Path, form: str, results: pathlib.Path) -> str:
    """Return what score.py says, its last line the summary."""
    command = [sys.executable, str(shared / "tools/score.py"), "fields", str(shared / "data/gold"), str(results)]
    return subprocess.run([*command, "--format", form], capture_output=True, text=True, check=True).stdout


def flow_paper(path: pathlib.Path) -> Paper:
    """Return a text file as a paper of one page."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    return Paper("text/plain", [Page(1, lines=[Line(line) for line in text.splitlines()], source="flow")])


def contracts_told(shared: pathlib.Path) -> str:
    """Return precision and recall of "is a contract" by folder: templates against letters and court papers."""
    chinese = shared / "data/contracts_zh"
    yes = [extract(flow_paper(p)).is_contract for p in sorted(chinese.glob("templates_txt/*/*.txt"))]
    no = [extract(flow_paper(p)).is_contract for p in sorted(chinese.glob("negatives_noncontract_txt/*.txt"))]
    right, wrong = sum(yes), sum(no)
    precision, recall = right / (right + wrong), right / len(yes)
    counts = f"{len(yes)} templates, {len(no)} others"
    return f"is_contract by folder: precision {precision:.3f}, recall {recall:.3f} ({counts})"


def section(rows: list[tuple[str, str, dict[str, float]]], told: str) -> str:
    """Return the section for RESULTS.md."""
    lines = [
        BEGIN,
        "## Extraction",
        "",
        "15 labelled contracts (in-sample: their texts were looked at), read by the pool as the product reads them.",
        "",
        "| form | head F1 (number, parties, amount, sign date) | mean F1, all fields | CPU ms a paper (median; most) |",
        "|---|---|---|---|",
    ]
    for form, summary, took in rows:
        head, mean = re.search(r"head F1 ([\d.]+)", summary), re.search(r"mean F1 ([\d.]+)", summary)
        figures = f"{took['median_ms']:.0f}; {took['slowest_ms']:.0f}"
        lines.append(f"| {form} | {head[1] if head else '-'} | {mean[1] if mean else '-'} | {figures} |")
    return "\n".join([*lines, "", told, END])


def write(text: str) -> None:
    """Put the section between its markers in RESULTS.md, or at its end."""
    results = ROOT / "bench/RESULTS.md"
    old = results.read_text("utf-8") if results.exists() else "# Results\n"
    pattern = re.compile(re.escape(BEGIN) + r".*?" + re.escape(END), re.DOTALL)
    new = pattern.sub(lambda _: text, old) if pattern.search(old) else old.rstrip() + "\n\n" + text + "\n"
    results.write_text(new, "utf-8")


def main() -> None:
    """Read, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--forms", nargs="*", default=FORMS)
    parser.add_argument("--details", action="store_true", help="print the score of every field")
    parser.add_argument("--write", action="store_true", help="put the section into bench/RESULTS.md")
    args = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder, Pool() as pool:
        for form in args.forms:
            results = pathlib.Path(folder) / f"{form}.jsonl"
            took = read_form(pool, args.shared / "data/gold", form, results)
            scored = score(args.shared, form, results).strip()
            print(scored if args.details else scored.splitlines()[-1])
            print(f"  fields: median {took['median_ms']:.1f} ms a paper, slowest {took['slowest_ms']:.1f} ms")
            rows.append((form, scored.splitlines()[-1], took))
    told = contracts_told(args.shared)
    print(told)
    if args.write:
        write(section(rows, told))


if __name__ == "__main__":
    main()
