"""走查: a small archive of three departments, every address of the product, and what each person may open."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from qidang.accounts.models import Deputy
from qidang.accounts.roster import Line
from qidang.approvals.models import Route
from qidang.approvals.plan import Step, Target, Who
from qidang.cast import Cast
from qidang.contracts import approving, customer_sheets, joining, merging, numbering
from qidang.contracts.defining import define
from qidang.contracts.models import (
    Company,
    CompanyCode,
    Contact,
    Contract,
    CustomerSheet,
    CustomField,
    Document,
    IssuedNumber,
    Merge,
    Note,
    Twins,
)
from qidang.contracts.originals import PNG, Handing, hand_over
from qidang.contracts.registering import register
from qidang.contracts.values import ContractValues, PaperIn, PartyValues
from qidang.holdings import filing
from qidang.holdings.models import RetentionRule
from qidang.intake import clearing, folders, pairing, projects, sampling, uploads
from qidang.intake.isolating import isolate
from qidang.intake.models import (
    Arrival,
    Clearing,
    Difference,
    Isolation,
    LedgerRow,
    RowState,
    SheetImport,
    Source,
    State,
)
from qidang.intake.receiving import keep, open_batch, receive
from qidang.kit import clock
from qidang.search import following
from qidang.search.tests.conftest import keep_text
from qidang.vault import put
from qidang.vault.models import Blob
from qidang.web.models import SavedView

SELLERS = ("salesperson", "rival", "suzhou")
EVERYBODY_S = frozenset(SELLERS)
SEES = {  # whose contracts and waiting papers a person sees; whoever is not named sees none
    "salesperson": frozenset({"salesperson"}),
    "rival": frozenset({"rival"}),
    "suzhou": frozenset({"suzhou"}),
    "manager": frozenset({"salesperson", "rival"}),
    "lawyer": EVERYBODY_S,
    "archivist": EVERYBODY_S,
    "second_archivist": EVERYBODY_S,
    "auditor": EVERYBODY_S,
    "administrator": EVERYBODY_S,
}
RAW = "<x>"  # stands in every name and text: a page that holds it as it is lets scripts in
BESIDE_WORDS = ("联系人", "备注", "别名", "代码", "并客户", "似客户", "表客户")
SEES_APPROVALS = {  # one's own, and those in one's reach; the second archivist is asked in all
    "salesperson": frozenset({"salesperson"}),
    "rival": frozenset({"rival"}),
    "suzhou": frozenset({"suzhou"}),
    "manager": frozenset({"salesperson", "rival"}),
    "lawyer": EVERYBODY_S,
    "auditor": EVERYBODY_S,
    "administrator": EVERYBODY_S,
}
READS_NO_ARRIVALS = {"lawyer", "auditor"}


@dataclasses.dataclass
class Estate:
    """What one seller has in the archive: the keys by which addresses name it, and the words that give it away."""

    uids: dict[str, Any]
    contract_words: list[str]
    arrival_words: list[str]
    isolated_words: list[str]


def build(cast: Cast) -> dict[str, Estate]:
    """Fill the archive: for each seller a filed contract with a late paper, a voided number, and waiting papers."""
    estates = {who: _estate(cast, who, serial) for serial, who in enumerate(SELLERS, start=1)}
    for who in SELLERS:
        _doubles(cast, who, estates)
    assert any(following.catch_up() for _ in range(50))
    return estates


def _estate(cast: Cast, who: str, serial: int) -> Estate:
    contract = _contract(cast, who, serial)
    filed = filing.file(contract, year=2026, retention="D30", org="", by=cast.archivist)
    late = contract.add_document(PaperIn(blob=_blob(f"密补充{who}"), filename=f"密补充{who}.txt"), by=cast.people[who])
    issued = IssuedNumber.objects.get(contract=_contract(cast, who, serial + 10))
    numbering.void_number(issued, by=cast.archivist, why="走查")
    version = Document.objects.filter(contract=contract).earliest("id").versions.select_related("blob").get()
    arrival = _arrival(cast, who)
    unit = cast.people[who].department
    assert unit is not None
    assert contract.counterparty is not None
    beside = _beside(cast, who, contract) | _twice(cast, who, serial, contract)
    return Estate(
        uids=beside
        | {
            "contract": contract.uid,
            "version": version.uid,
            "sha256": version.blob.sha256,
            "document": late.uid,
            "company": contract.counterparty.uid,
            "arrival": arrival.uid,
            "batch": arrival.batch.uid,
            "isolation": _isolation(cast, who).uid,
            "clearing": _clearing(cast, who, arrival).uid,
            "upload": uploads.begin(arrival.batch, by=cast.people[who], filename=f"密续传{who}.pdf", size=9).uid,
            "sheet": _sheet(cast, who, contract).uid,
            **_project(cast, who, contract),
            **_approval(cast, who),
            "person": cast.people[who].uid,
            "department": unit.uid,
            "unit": unit.unit.uid,
            "rule": numbering.default_rule(unit.unit, by=cast.archivist).pk,
            "custom_field": _field(cast).uid,
            "view": SavedView.objects.create(user=cast.people[who], page="contracts", name="我的").pk,
        },
        contract_words=[
            f"密合同{who}",
            f"密客户{who}",
            contract.number,
            filed.reference,
            f"{serial * 1111}.11",
            *(f"密{word}{who}" for word in BESIDE_WORDS),
            f"密原文{who}",
            f"密台账{who}",
            f"密值{who}",
            f"密接收人{who}",
        ],
        isolated_words=[f"密隔离{who}"],
        arrival_words=[f"密误传{who}", f"密来件{who}", f"密标题{who}", arrival.number_read, f"密续传{who}"],
    )


def _handing(who: str) -> Handing:
    """A hand-over of one original, signed on the page."""
    return Handing(
        count=1,
        giver=f"密移交人{who}{RAW}",
        receiver=f"密接收人{who}{RAW}",
        on=dt.date(2026, 3, 9),
        why=f"密事由{who}{RAW}",
        signature=PNG + who.encode(),
    )


def _beside(cast: Cast, who: str, contract: Contract) -> dict[str, Any]:
    """Write beside the seller's customer, and beside our own company, which everybody sees; return the keys."""
    customer, unit, by = contract.counterparty, contract.unit, cast.people[who]
    assert customer is not None
    ours = Company.objects.ours().filter(unit=unit).first()
    ours = ours or Company.add(name=f"{unit.name}本部", is_ours=True, unit=unit, by=cast.administrator)
    for company in (ours, customer):
        contact = Contact.add(company, name=f"密联系人{who}{RAW}", phone="13900000001", by=by)
        Contact.add(company, name=f"密联系人{who}甲", by=by).remove(by=by, why="走查")
        Note.add(company, f"密备注{who}甲", by=by).remove(by=by, why="走查")
        note = Note.add(company, f"密备注{who}{RAW}", by=by)
    merge, twins = _merged(cast, who, customer)
    return {
        "handover": hand_over(contract, _handing(who), by=by).uid,
        "merge": merge.uid,
        "customer_sheet": _customers(cast, who).uid,
        "gone": merge.gone.uid,
        "twins": twins.pk,
        "our_company": ours.uid,
        "alias": customer.add_alias(f"密别名{who}{RAW}", by=cast.archivist).pk,
        "code": CompanyCode.add(customer, "ERP", f"密代码{who}{RAW}", by=cast.archivist).pk,
        "contact": contact.uid,
        "note": note.uid,
    }


def _merged(cast: Cast, who: str, customer: Company) -> tuple[Merge, Twins]:
    """Merge a company into the seller's customer, and let another one look like it."""
    gone = Company.add(name=f"密并客户{who}{RAW}", by=cast.archivist)
    merge = merging.merge(customer, gone, by=cast.archivist)
    merging.carry_on(merge, by=cast.archivist)
    alike = Company.add(name=f"密似客户{who}{RAW}", by=cast.archivist)
    Company.objects.filter(pk=alike.pk).update(added_by=cast.people[who])
    first, second = sorted((customer.pk, alike.pk))
    twins = Twins.objects.create(one_id=first, other_id=second, reasons=["name"], score=90, found_at=customer.added_at)
    return merge, twins


def _customers(cast: Cast, who: str) -> CustomerSheet:
    """Import a sheet with a customer that becomes the seller's, and one that is refused."""
    rows = [Line(2, {"name": f"密表客户{who}{RAW}"}), Line(3, {"name": f"密表客户{who}{RAW}"})]
    sheet = customer_sheets.bring(rows, f"密表客户{who}{RAW}.xlsx", by=cast.archivist, left_out=[RAW])
    customer_sheets.carry_on(customer_sheets.take(sheet, by=cast.archivist))
    Company.objects.filter(name=f"密表客户{who}{RAW}").update(added_by=cast.people[who])
    return sheet


def _contract(cast: Cast, who: str, serial: int) -> Contract:
    unit = cast.people[who].department
    assert unit is not None
    name = f"密客户{who}{serial}有限公司{RAW}"
    field = _field(cast)
    values = ContractValues(
        title=f"密合同{who}{serial}{RAW}",
        unit=unit.unit,
        counterparty_name=name,
        amount=Decimal(f"{serial * 1111}.11"),
        signed_on=dt.date(2026, 3, serial),
        parties=(PartyValues(name=name, role="BUYER", side="甲方"),),
        custom={field.name: f"密值{who}{RAW}"},
    )
    paper = PaperIn(blob=_blob(f"密正文{who}{serial}{RAW}"), filename=f"密文件{who}{serial}{RAW}.txt")
    return register(values, by=cast.people[who], paper=paper)


def _field(cast: Cast) -> CustomField:
    """The custom field that every contract has."""
    found = CustomField.objects.first()
    return found or define(by=cast.archivist, label=f"字段{RAW}"[:40], kind="CUSTOMER", help_text=RAW)


def _twice(cast: Cast, who: str, serial: int, contract: Contract) -> dict[str, Any]:
    """Register the contract twice more, and merge one of these into it."""
    again, joined = _contract(cast, who, serial + 20), _contract(cast, who, serial + 24)
    joining.join(contract, joined, take=(), why="走查", by=cast.archivist)
    return {"again": again.uid, "joined": joined.uid}


def _blob(text: str) -> Blob:
    stored = put(text.encode())
    keep_text(stored.sha256, [text])
    return Blob.objects.keep(stored)


def _arrival(cast: Cast, who: str) -> Arrival:
    batch = open_batch(Source.UPLOAD, by=cast.people[who], note=f"密批次{who}")
    [arrival] = receive(batch, [keep(f"密来件{who}".encode(), f"密来件{who}{RAW}.txt")], by=batch.by)
    keep_text(arrival.sha256, [f"密来件{who}{RAW}"])
    arrival.state, arrival.title, arrival.number_read = State.TO_REVIEW, f"密标题{who}{RAW}", f"MN-{who}"
    arrival.save()
    return arrival


def _isolation(cast: Cast, who: str) -> Isolation:
    batch = open_batch(Source.UPLOAD, by=cast.people[who], note="隔离的")
    [arrival] = receive(batch, [keep(f"涉密{who}".encode(), f"密隔离{who}{RAW}.txt")], by=batch.by)
    return isolate(arrival.sha256, by=batch.by)


def _clearing(cast: Cast, who: str, arrival: Arrival) -> Clearing:
    return clearing.ask(arrival, why=f"密误传{who}{RAW}", by=cast.people[who])


def _doubles(cast: Cast, who: str, estates: dict[str, Estate]) -> None:
    """Let each seller bring what the others have already: the same bytes, and a paper with their number."""
    batch = open_batch(Source.UPLOAD, by=cast.people[who], note="重复的")
    for other in SELLERS:
        theirs = Contract.objects.get(uid=estates[other].uids["contract"])
        same = keep(f"密来件{other}".encode(), f"我也有{who}.txt")
        numbered = keep(f"同号{who}{other}".encode(), f"同号{who}.txt")
        first, second = receive(batch, [same, numbered], by=batch.by)
        assert first.duplicate_of is not None
        first.contract = second.contract = theirs
        first.save()
        keep_text(second.sha256, [f"同号{who}"])
        second.state, second.code = State.DUPLICATE, "intake.same_number"
        second.save()
        estates[who].uids.setdefault("doubles", []).extend([first.uid, second.uid])


def _sheet(cast: Cast, who: str, contract: Contract) -> SheetImport:
    """A ledger that was imported long ago, with a row about the seller's contract."""
    batch = open_batch(Source.SHEET, by=cast.people[who])
    blob = _blob(f"合同编号,合同名称\n1,密台账{who}\n")
    sheet = SheetImport(
        batch=batch, blob=blob, filename=f"密台账{who}.csv", unit=contract.unit, headings=["编号", "名称"]
    )
    sheet.started_at = sheet.imported_at = sheet.planned_at = batch.created_at
    sheet.save()
    row = LedgerRow(sheet=sheet, number=2, state=RowState.REGISTERED, contract=contract)
    row.texts = {0: "1", 1: f"密原文{who}{RAW}"}
    row.settle({"owner": f"密业务员{who}", "title": f"密合同{who}{RAW}"})
    row.save()
    return sheet


def _project(cast: Cast, who: str, contract: Contract) -> dict[str, Any]:
    """A project with one row, a file matched to it, a difference, a sample of it, and a file without a row."""
    by = cast.people[who]
    project = projects.begin(f"密项目{who}", by=by)
    sheet = projects.add_ledger(project, f"合同编号,合同名称\n,密台账{who}{RAW}\n".encode(), f"密台账{who}.csv", by=by)
    row = LedgerRow(sheet=sheet, number=2, state=RowState.REGISTERED, contract=contract)
    row.settle({"title": f"密台账{who}{RAW}", "counterparty": f"密客户{who}"})
    row.save()
    batch = projects.open_project_batch(project, Source.UPLOAD, by=by)
    names = (f"密配{who}{RAW}.txt", f"密来件{who}无行{RAW}.txt")  # a paper of the contract, and one that waits
    matched, _left = receive(batch, [keep(name.encode(), name) for name in names], by=by)
    match = pairing.pair_by_hand(project, matched, row, by=by)
    given = {"in_sheet": f"密台账{who}", "in_paper": f"密标题{who}{RAW}"}
    Difference.objects.create(project=project, match=match, field="title", **given)
    sample = sampling.draw(project, by=by, size=1, seed=1)
    return {"project": project.uid, "sampling": sample.uid}


def _approval(cast: Cast, who: str) -> dict[str, Any]:
    """Submit a draft of the seller's along a route that asks the second archivist, and let him have a deputy."""
    by = cast.people[who]
    step = Step("审批", (Target(Who.PERSON, str(cast.second_archivist.uid)),))
    given: dict[str, Any] = {"kind": approving.KIND, "owner": cast.administrator, "by": cast.administrator}
    route = Route.objects.filter(name="走查").first() or Route.draw(name="走查", steps=[step], **given)
    unit = by.department
    assert unit is not None
    name = f"密客户{who}草稿有限公司{RAW}"
    draft = register(ContractValues(title=f"密合同{who}草稿{RAW}", unit=unit.unit, counterparty_name=name), by=by)
    today = clock.today()
    deputy = Deputy.appoint(by, cast.lawyer, from_on=today, to_on=today, by=by)
    return {"route": route.uid, "approval": approving.submit(draft, by=by).uid, "deputy": deputy.uid}


def common(cast: Cast, tmp: Any) -> dict[str, Any]:
    """Return the keys of what belongs to nobody in particular."""
    folder = folders.watch(str(tmp), by=cast.administrator)
    role = cast.salesperson.roles.get()
    return {"role": role.uid, "retention": RetentionRule.objects.earliest("id").uid, "folder": folder.uid}


def addresses() -> Iterator[tuple[str, str, list[str]]]:
    """Yield (name, path with braces for what it takes, names of what it takes) of every page there is."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: Any, space: str, path: str) -> Iterator[tuple[str, str, list[str]]]:
    for one in patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, one.namespace or space, here)
        elif isinstance(one, URLPattern):
            yield f"{space}:{one.name}" if space else str(one.name), here, list(one.pattern.converters)


def words_of(answer: HttpResponseBase) -> str:
    """Return everything that an answer says: headers, page, the cells of a sheet."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as sheet:
            body = b"\n".join(sheet.read(name) for name in sheet.namelist())
    return f"{answer.headers}\n{body.decode('utf-8', 'replace')}"
