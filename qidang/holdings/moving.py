"""移动文件 and 撤销合并 as the archive sees them: what stands in a filed record stays there."""

from django.db import transaction

from qidang.accounts.models import User
from qidang.contracts import joining, moving
from qidang.contracts.models import Contract, Document, Joining
from qidang.holdings.models import Record
from qidang.kit.refusal import Refused


@transaction.atomic
def move(document: Document, to: Contract, *, why: str, by: User) -> Document:
    """移动文件; one that is part of a filed 件 is refused, one that comes to a filed contract is to be filed there."""
    if document.contract_id != to.pk:
        moving.lock_both(document.contract, to, by=by)
    if holding := Record.objects.holding(document).first():
        raise Refused("filing.paper_in_record", title=document.title, reference=holding.reference)
    return moving.move(document, to, why=why, by=by)


@transaction.atomic
def part(gone: Contract, *, by: User) -> Joining:
    """撤销合并; refused once a paper that came over is part of a filed 件."""
    joined = joining.part(gone, by=by)
    for document in Document.objects.filter(pk__in=joined.documents):
        if holding := Record.objects.holding(document).first():
            raise Refused("filing.paper_in_record", title=document.title, reference=holding.reference)
    return joined
