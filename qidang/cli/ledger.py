"""操作日志: hash every stored entry again and compare."""

from argparse import Namespace

from qidang.cli.frame import REFUSED, put, put_json, say
from qidang.ledger import Verdict, verify_all


def run(arguments: Namespace) -> int:
    """Verify both chains; return 1 where an entry does not hold."""
    verdict = verify_all()
    put_json(verdict.as_json()) if arguments.json else put(sentence(verdict))
    return 0 if verdict.ok else REFUSED


def sentence(verdict: Verdict) -> str:
    """Return the verdict in words."""
    if verdict.ok:
        return say(f"防篡改校验：正常，共 {verdict.entries} 条", f"the ledger holds: {verdict.entries} entries")
    where = f"{verdict.chain} {verdict.first_bad}"
    return (
        say(f"防篡改校验：异常，第一处在 {where}", f"the ledger does not hold, first at {where}") + f" ({verdict.why})"
    )
