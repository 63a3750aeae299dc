"""校验: the ledger, and every kept byte."""

from argparse import Namespace

from qidang import vault
from qidang.cli.frame import REFUSED, put, put_json, say
from qidang.cli.ledger import sentence
from qidang.kit.refusal import Refused
from qidang.ledger import verify_all
from qidang.vault.models import Blob, Shredding
from qidang.vault.shredding import check_gone


def run(arguments: Namespace) -> int:
    """Verify the ledger, then open and hash every blob; return 1 where anything does not hold."""
    verdict = verify_all()
    broken: list[Refused] = []
    count = 0
    shredded = set(Shredding.objects.standing().values_list("sha256", flat=True))
    for blob in Blob.objects.iterator(chunk_size=500):
        count += 1
        try:
            check_gone(blob) if blob.sha256 in shredded else vault.check(blob)
        except Refused as refusal:
            broken.append(refusal)
    if arguments.json:
        rows = [{"code": refusal.code, **refusal.values} for refusal in broken]
        put_json(
            {
                "ledger": verdict.as_json(),
                "blobs": count,
                "cleared": len(shredded),
                "broken": rows,
                "ok": verdict.ok and not broken,
            }
        )
    else:
        put(sentence(verdict))
        put(say(f"原文 {count} 份，{len(broken)} 份有问题", f"{count} originals, {len(broken)} do not hold"))
        if shredded:
            put(
                say(
                    f"其中 {len(shredded)} 份已按误传清除",
                    f"{len(shredded)} of them were removed as brought by mistake",
                )
            )
        for line in map(str, broken):
            put(f"  {line}")
    return 0 if verdict.ok and not broken else REFUSED
