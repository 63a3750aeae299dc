"""校验: the ledger, and every kept byte."""

from argparse import Namespace

from qidang import vault
from qidang.cli.frame import REFUSED, put, put_json, say
from qidang.cli.ledger import sentence
from qidang.kit.refusal import Refused
from qidang.ledger import verify_all
from qidang.vault.models import Blob


def run(arguments: Namespace) -> int:
    """Verify the ledger, then open and hash every blob; return 1 where anything does not hold."""
    verdict = verify_all()
    broken: list[Refused] = []
    count = 0
    for blob in Blob.objects.iterator(chunk_size=500):
        count += 1
        try:
            vault.check(blob)
        except Refused as refusal:
            broken.append(refusal)
    if arguments.json:
        rows = [{"code": refusal.code, **refusal.values} for refusal in broken]
        put_json({"ledger": verdict.as_json(), "blobs": count, "broken": rows, "ok": verdict.ok and not broken})
    else:
        put(sentence(verdict))
        put(say(f"原文 {count} 份，{len(broken)} 份有问题", f"{count} originals, {len(broken)} do not hold"))
        for line in map(str, broken):
            put(f"  {line}")
    return 0 if verdict.ok and not broken else REFUSED
