"""检索: find contracts and waiting papers by words and fields, with the rights of the caller or of a person."""

from argparse import Namespace

from qidang.accounts.models import User
from qidang.cli.frame import put, put_json, say
from qidang.cli.home import worker_lock
from qidang.kit.single import is_held
from qidang.ledger import record_read
from qidang.search.following import catch_up
from qidang.search.names import person
from qidang.search.query import Hit, Results, find

PATIENCE = 10.0  # seconds for what is not indexed yet, where no worker does it


def run(arguments: Namespace) -> int:
    """Search and print: how many first, then a line a hit. The act is recorded without the words."""
    caller = User.objects.cli()
    if not is_held(worker_lock()):
        catch_up(PATIENCE)
    eyes = person(arguments.username) if arguments.username else None
    results = find(
        eyes or caller,
        arguments.query,
        sort=arguments.sort,
        offset=arguments.offset,
        limit=arguments.limit,
    )
    if eyes is None:
        record_read("search.run", by=caller, details={"hits": results.total})
    else:
        record_read("search.run_as", eyes, by=caller, details={"hits": results.total})
    if arguments.json:
        put_json({"total": results.total, "took_ms": round(results.took_ms, 1)})
        for hit in results.hits:
            put_json(_row(hit))
    else:
        _tell(results)
    return 0


def _row(hit: Hit) -> dict[str, object]:
    return {
        "contract": hit.number or None if hit.contract else None,
        "uid": hit.uid,
        "file": hit.excerpt.file,
        "sha256": hit.excerpt.sha256,
        "title": hit.title,
        "score": round(hit.score, 3),
        "page": hit.excerpt.page,
        "snippet": "".join(text for text, _ in hit.excerpt.snippet),
    }


def _tell(results: Results) -> None:
    put(say(f"找到 {results.total} 份，{results.took_ms:.0f} 毫秒", f"{results.total} found, {results.took_ms:.0f} ms"))
    for problem in results.problems:
        put(f"{problem.message} {problem.next_step}")
    for hit in results.hits:
        name = hit.number or (say("待登记", "to review") if hit.is_waiting else "-")
        where = f"{hit.excerpt.file} {hit.excerpt.page or ''}".strip()
        put(f"{name}  {hit.title}  {where}")
        put("    " + "".join(f"【{text}】" if is_hit else text for text, is_hit in hit.excerpt.snippet))
