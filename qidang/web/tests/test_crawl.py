"""走查: every address by everybody: who may not is refused, and no answer gives away what he may not see."""

from __future__ import annotations

import dataclasses
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from qidang.accounts.capabilities import may
from qidang.accounts.signing_in import BACKEND
from qidang.cast import PEOPLE, Cast
from qidang.search import index
from qidang.web.tests.conftest import Visit
from qidang.web.tests.crawling import (
    RAW,
    READS_NO_ARRIVALS,
    SEES,
    SEES_APPROVALS,
    SELLERS,
    Estate,
    addresses,
    build,
    common,
    words_of,
)

pytestmark = pytest.mark.django_db
EVERYBODY = [key for key, *_rest in PEOPLE]


@dataclasses.dataclass(frozen=True)
class Page:
    """What a person needs for a page: one of ``needs``, and to see the thing it is about (``of``)."""

    needs: tuple[str, ...] = ()
    of: str = ""
    ok: int = 200
    only_post: bool = False


def _page(*needs: str, of: str = "", ok: int = 200) -> Page:
    return Page(needs, of, ok)


def _post(*needs: str, of: str = "") -> Page:
    return Page(needs, of, only_post=True)


POLICY = {
    "approvals:todo": _page(),
    "approvals:mine": _page(),
    "approvals:copies": _page(),
    "approvals:done": _page(),
    "approvals:deputies": _page(),
    "approvals:deputy_end": _post(of="deputy"),
    "approvals:routes": _page("approval.design"),
    "approvals:route_new": _page("approval.design"),
    "approvals:route": _page("approval.design", of="route"),
    "approvals:route_turn": _post("approval.design", of="route"),
    "approvals:submission": _page("contract.edit", of="contract"),
    "approvals:show": _page(of="approval"),
    "approvals:decide": _post(of="approval"),
    "approvals:withdraw": _post(of="approval"),
    "approvals:urge": _post(of="approval"),
    "approvals:copy": _post(of="approval"),
    "home:page": _page(),
    "home:counts": _page(),
    "home:words": _page(),
    "find": _page(ok=302),
    "scanned": _page(of="contract", ok=302),
    "session:sign_in": _page(ok=302),
    "session:sign_out": _post(),
    "session:me": _page(),
    "session:language": _post(),
    "people:list": _page("people.manage"),
    "people:new": _page("people.manage"),
    "people:roster": _page("people.manage"),
    "people:roster_template": _page("people.manage"),
    "people:person": _page("people.manage", of="person"),
    "people:give_roles": _post("roles.manage", of="person"),
    "people:disable": _post("people.manage", of="person"),
    "people:enable": _post("people.manage", of="person"),
    "people:password": _page("people.manage", of="person"),
    "people:departments": _page("people.manage"),
    "people:department": _page("people.manage", of="department"),
    "people:disable_department": _post("people.manage", of="department"),
    "people:enable_department": _post("people.manage", of="department"),
    "people:roles": _page("people.manage", "roles.manage"),
    "people:new_role": _page("roles.manage"),
    "people:role": _page("roles.manage", of="role"),
    "companies:list": _page("contract.read"),
    "companies:export": _page("contract.export"),
    "companies:import": _page("company.edit"),
    "companies:template": _page("company.edit"),
    "companies:sheet": _page("company.edit", of="customer_sheet"),
    "companies:sheet_undoing": _post("company.edit", of="customer_sheet"),
    "companies:new": _page("company.edit"),
    "companies:show": _page(of="company"),
    "companies:edit": _page("company.edit", of="company"),
    "companies:alias": _page("company.edit", of="company"),
    "companies:alias_days": _page("company.edit", of="alias"),
    "companies:alias_removal": _page("company.edit", of="alias"),
    "companies:merging": _page("company.edit", of="company"),
    "companies:merge": _page(of="merge"),
    "companies:undoing": _page("company.edit", of="merge"),
    "companies:duplicates": _page("company.edit"),
    "companies:find_duplicates": _post("company.edit"),
    "companies:apart": _post("company.edit", of="twins"),
    "companies:code": _page("company.edit", of="company"),
    "companies:code_removal": _page("company.edit", of="code"),
    "companies:contact_new": _page("company.edit", "contract.edit", of="company"),
    "companies:contact": _page("company.edit", "contract.edit", of="contact"),
    "companies:contact_removal": _page("company.edit", "contract.edit", of="contact"),
    "companies:note_new": _page("company.edit", "contract.edit", of="company"),
    "companies:note": _page("company.edit", "contract.edit", of="note"),
    "companies:note_removal": _page("company.edit", "contract.edit", of="note"),
    "contracts:register": _page("contract.read"),
    "contracts:export": _page("contract.export"),
    "contracts:new": _page("contract.create"),
    "contracts:check_many": _post("contract.edit"),
    "contracts:check": _post("contract.edit", of="contract"),
    "contracts:companies": _page(),
    "contracts:download": _page("document.download", of="version"),
    "contracts:labels": _page("contract.print", ok=302),
    "contracts:card": _page("contract.print", of="contract"),
    "contracts:handing_over": _page("contract.edit", of="contract"),
    "contracts:signature": _page(of="handover"),
    "contracts:slip": _page("contract.edit", of="handover"),
    "contracts:show": _page(of="contract"),
    "contracts:glance": _page(of="contract"),
    "contracts:print": _page("contract.print", of="contract"),
    "contracts:edit": _page("contract.edit", of="contract"),
    "contracts:papers": _page("contract.edit", of="contract"),
    "contracts:number": _post("contract.edit", of="contract"),
    "contracts:voiding": _page("contract.edit", of="contract"),
    "contracts:moving": _page("contract.edit", of="document"),
    "contracts:relation": _page("contract.edit", of="contract"),
    "contracts:parties": _page("contract.edit", of="contract"),
    "contracts:merging": _page("contract.withdraw", of="contract"),
    "contracts:parting": _post("contract.withdraw", of="contract"),
    "contracts:withdrawal": _page("contract.withdraw", of="contract"),
    "contracts:restoring": _post("contract.withdraw", of="contract"),
    "contracts:numbers": _page("contract.edit", ok=302),
    "contracts:clashes": _page(of="contract"),
    "contracts:history": _page("contract.enter_history", of="contract"),
    "contracts:history_many": _page("contract.enter_history", ok=302),
    "contracts:holds": _page("contract.hold", of="contract"),
    "contracts:filing": _page("record.file", of="contract"),
    "contracts:filing_preview": _page("record.file", of="contract"),
    "contracts:unfiling": _page("record.unfile", of="contract"),
    "holdings:records": _page("contract.read"),
    "holdings:export": _page("contract.export"),
    "holdings:to_file": _page("record.file"),
    "holdings:file_many": _page("record.file", ok=302),
    "holdings:file_paper": _page("record.file", of="document", ok=302),
    "holdings:retention": _page("record.file"),
    "holdings:retention_rule": _page("record.file", of="retention"),
    "intake:start": _page(ok=302),
    "intake:upload": _page("intake.upload"),
    "intake:upload_creation": _page("intake.upload", ok=405),
    "intake:upload_piece": _page("intake.upload", of="upload", ok=405),
    "intake:batches": _page("intake.upload", "intake.review"),
    "intake:batch": _page(of="batch"),
    "intake:to_review": _page("intake.review"),
    "intake:review": _page(of="arrival"),
    "intake:page_image": _page(of="arrival"),
    "intake:download": _page("document.download", of="arrival"),
    "intake:attachment": _post("intake.review", of="arrival"),
    "intake:withdrawal": _post("intake.review", of="arrival"),
    "intake:put_back": _post("intake.review", of="arrival"),
    "intake:retry": _post("intake.review", of="arrival"),
    "intake:arranging": _page("intake.review", of="arrival", ok=409),
    "intake:undo_arranging": _post("intake.review", of="arrival"),
    "intake:sheets": _page("contract.create"),
    "intake:sheet": _page("contract.create", of="sheet"),
    "intake:isolated": _page("secrets.handle"),
    "intake:isolated_proposal": _post("secrets.handle", of="isolation"),
    "intake:isolated_decision": _post("secrets.handle", of="isolation"),
    "intake:isolated_clearing": _post("secrets.handle", of="isolation"),
    "intake:ask_clearing": _page("intake.upload", "intake.review", of="arrival"),
    "intake:ask_clearing_paper": _page("contract.edit", of="version"),
    "intake:clearings": _page("intake.clear", "secrets.handle", "intake.upload", "intake.review"),
    "intake:clearing": _page(of="clearing"),
    "intake:clearing_decision": _post(of="clearing"),
    "intake:clearing_return": _post("intake.clear", of="clearing"),
    "intake:duplicates": _page("intake.review"),
    "intake:comparison": _page("intake.review", of="arrival", ok=302),
    "intake:comparison_decision": _post("intake.review", of="arrival"),
    "intake:sheet_heading": _post("contract.create", of="sheet"),
    "intake:sheet_undoing": _post("contract.create", of="sheet"),
    "intake:names": _page("contract.create", of="sheet"),
    "intake:folders": _page("system.manage"),
    "intake:unwatch": _post("system.manage", of="folder"),
    "onboarding:projects": _page("contract.create"),
    "onboarding:project": _page(of="project"),
    "onboarding:settings": _page("intake.review", of="project"),
    "onboarding:pause": _post("contract.create", of="project"),
    "onboarding:matching": _post("intake.review", of="project"),
    "onboarding:ledger": _post("contract.create", of="project"),
    "onboarding:upload": _page("intake.upload", of="project"),
    "onboarding:folder": _post("system.manage", of="project"),
    "onboarding:matches": _page(of="project"),
    "onboarding:export_matches": _page("contract.export", of="project"),
    "onboarding:without_scan": _page(of="project"),
    "onboarding:export_without_scan": _page("contract.export", of="project"),
    "onboarding:without_row": _page(of="project"),
    "onboarding:export_without_row": _page("contract.export", of="project"),
    "onboarding:differences": _page(of="project"),
    "onboarding:export_differences": _page("contract.export", of="project"),
    "onboarding:samples": _page(of="project"),
    "onboarding:sample": _page(of="sampling"),
    "onboarding:export_sample": _page("contract.export", of="sampling"),
    "onboarding:sample_item": _page(of="sampling"),
    "lists:columns": _post(of="view"),
    "lists:keep": _post(of="view"),
    "lists:drop": _post(of="view"),
    "log:entries": _page(),
    "log:export": _page(),
    "custom_fields:list": _page("numbering.edit"),
    "custom_fields:edit": _page("numbering.edit", of="custom_field"),
    "custom_fields:closing": _post("numbering.edit", of="custom_field"),
    "custom_fields:reopening": _post("numbering.edit", of="custom_field"),
    "numbering:rules": _page("numbering.edit"),
    "numbering:preview": _page("numbering.edit"),
    "numbering:gaps": _page("numbering.edit"),
    "numbering:end": _page("numbering.edit", of="rule"),
    "numbering:void": _post("numbering.edit", of="unit"),
    "search:page": _page("search.use"),
    "search:suggestions": _page(),
    "search:forget": _post(),
    "viewer:show": _page(of="version"),
    "viewer:image": _page(of="version"),
    "viewer:found": _page(of="contract", ok=302),
}
OF_CONTRACTS = {
    "handover",
    "contract",
    "version",
    "document",
    "company",
    "alias",
    "code",
    "contact",
    "note",
    "merge",
    "twins",
}
OF_ARRIVALS = {"arrival", "batch", "sheet", "project", "sampling"}
MORE = (
    "/contracts/?text=密&more=1",
    "/contracts/?sort=-amount&owner={owner}",
    "/contracts/?more=1&custom-{custom_field}=密值&sort=-custom-{custom_field}",
    "/contracts/?company={company}",
    "/contracts/labels/?pick={contract}",
    "/contracts/{contract}/?tab=papers",
    "/contracts/{contract}/?tab=versions",
    "/contracts/{contract}/?tab=ledger",
    "/contracts/{contract}/?tab=log",
    "/contracts/{contract}/?tab=related",
    "/contracts/{contract}/merging/?with={again}",
    "/contracts/{contract}/merging/?q=密",
    "/contracts/{joined}/",
    "/contracts/{joined}/?tab=log",
    "/contracts/?status=MERGED",
    "/intake/sheets/{sheet}/?state=registered",
    "/contracts/companies/?counterparty_name=密客户",
    "/companies/?q=密",
    "/companies/?uscc=missing&open=1&sort=-added",
    "/companies/export/?q=密",
    "/companies/?q=13900000001",
    "/companies/{company}/?tab=sums",
    "/companies/{company}/?tab=papers",
    "/companies/{company}/?tab=people",
    "/companies/{company}/?tab=notes",
    "/companies/{company}/?tab=log",
    "/companies/{company}/merging/?with={our_company}",
    "/companies/{company}/merging/?q=密",
    "/companies/{gone}/",
    "/companies/{our_company}/",
    "/companies/{our_company}/?tab=people",
    "/companies/{our_company}/?tab=papers",
    "/companies/{our_company}/?tab=log",
    "/holdings/?q=密&state=all",
    "/intake/batches/{batch}/?state=to_review",
    "/intake/clearings/?state=waiting",
    "/intake/projects/{project}/matches/?q=密&state=standing",
    "/intake/projects/{project}/differences/?q=密&state=open",
    "/intake/projects/{project}/without-row/?q=密",
    "/log/?q=密",
    "/numbering/gaps/?unit={unit}&year=2026",
    "/search/?q=密",
    "/search/?q=密&customer=1&customer=2&customer=3&sort=amount",
    "/search/suggestions/?q=密合同",
)


@dataclasses.dataclass
class Archive:
    """The archive that is crawled."""

    cast: Cast
    estates: dict[str, Estate]
    keys: dict[str, Any]

    def sees(self, who: str, of: str, owner: str) -> bool:
        """Return whether ``who`` may see the things of that kind that are ``owner``'s."""
        if of in OF_CONTRACTS:
            return owner in SEES.get(who, ())
        if of in OF_ARRIVALS:
            return owner in SEES.get(who, ()) and who not in READS_NO_ARRIVALS
        if of == "clearing":  # who asked, and who may be the second person
            return who == owner or (owner in SEES.get(who, ()) and may(self.cast.people[who], "intake.clear"))
        if of == "approval":
            return who == "second_archivist" or owner in SEES_APPROVALS.get(who, ())
        return who == owner if of == "upload" else True

    def allows(self, who: str, page: Page) -> bool:
        """Return whether the roles of ``who`` open the page."""
        return not page.needs or any(may(self.cast.people[who], name) for name in page.needs)

    def address(self, path: str, page: Page, owner: str) -> str:
        """Return the path to the page about ``owner``'s thing."""
        keys = self.keys | self.estates[owner].uids
        if "<str:sha256>" in path:
            path = path.replace("<uuid:uid>", str(keys["contract"]))
        given = {"<uuid:uid>": keys.get(page.of), "<int:pk>": keys.get(page.of), "<str:sha256>": keys["sha256"]}
        for name, value in (given | {"<int:number>": 1, "<slug:page>": "contracts"}).items():
            path = path.replace(name, str(value))
        return f"/{path}"

    def expected(self, who: str, page: Page, owner: str) -> set[int]:
        """Return the statuses with which the page may answer."""
        if page.only_post:
            return {405}
        allows, sees = self.allows(who, page), self.sees(who, page.of, owner)
        if allows and sees:
            return {page.ok}
        if allows:
            return {404}
        return {403} if sees and page.of != "document" else {403, 404}

    def said(self, who: str, name: str, answer: Any) -> list[str]:
        """Return what the answer gives away, and what it lets in; who reads the log reads the names in it."""
        said = words_of(answer)
        raw = [RAW] if RAW in said and name not in ("contracts:download", "intake:download") else []
        if name.startswith("log:") and may(self.cast.people[who], "ledger.read"):
            return raw
        hidden = [self.estates[one].contract_words for one in SELLERS if not self.sees(who, "contract", one)]
        hidden += [self.estates[one].arrival_words for one in SELLERS if not self.sees(who, "arrival", one)]
        if not may(self.cast.people[who], "secrets.handle"):
            hidden += [self.estates[one].isolated_words for one in SELLERS if not self.sees(who, "arrival", one)]
        return raw + [word for words in hidden for word in words if word in said or word in said.replace(",", "")]


@pytest.fixture
def archive(cast: Cast, settings: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """A small archive of three departments with its index; page images are not drawn."""
    settings.HOME = tmp_path / "home"
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend", "QUEUES": []}}
    monkeypatch.setattr("qidang.web.viewer.images.pool", _Drawing)
    (tmp_path / "watched").mkdir()
    yield Archive(cast, build(cast), common(cast, tmp_path / "watched"))
    index.forget()


class _Drawing:
    def page_image(self, *args: Any, **kwargs: Any) -> bytes:
        return b"RIFF"


def test_every_address_has_a_policy() -> None:
    """A page of yours is lacking? Write in POLICY what a person needs for it."""
    assert {name for name, _path, _takes in addresses()} ^ set(POLICY) == set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_opens_what_he_may_learns_and_changes_nothing_else(archive: Archive, visit: Visit, who: str) -> None:
    client = visit(archive.cast.people[who])
    wrong = [*_looking(archive, client, who), *_digging(archive, client, who), *_meddling(archive, client, who)]
    assert not wrong


def _known() -> Iterator[tuple[str, str, list[str]]]:
    """Yield the addresses that have a policy; a new one fails one test, not all."""
    return (one for one in addresses() if one[0] in POLICY)


def _looking(archive: Archive, client: Client, who: str) -> Iterator[str]:
    """Open every address, each about every seller's things, and yield what is wrong."""
    for name, path, takes in _known():
        page = POLICY[name]
        for owner in SELLERS if takes else SELLERS[:1]:
            answer = client.get(archive.address(path, page, owner))
            if answer.status_code not in archive.expected(who, page, owner):
                yield f"{name} of {owner}: {answer.status_code}"
            yield from (f"{name} of {owner} says {word}" for word in archive.said(who, name, answer))


def _digging(archive: Archive, client: Client, who: str) -> Iterator[str]:
    """Filter, search, open tabs and papers that came twice, and yield what is given away."""
    for address in MORE:
        for owner in SELLERS:
            keys = archive.estates[owner].uids | {"owner": archive.cast.people[owner].pk}
            answer = client.get(address.format(**keys))
            name = "log:entries" if address.startswith("/log/") else address
            yield from (f"{address} of {owner} says {word}" for word in archive.said(who, name, answer))
    for double in [one for owner in SELLERS for one in archive.estates[owner].uids["doubles"]]:
        answer = client.get(f"/intake/to-review/{double}/")
        yield from (f"a double says {word}" for word in archive.said(who, "intake:review", answer))
        answer = client.get(f"/intake/duplicates/{double}/")
        yield from (f"a comparison says {word}" for word in archive.said(who, "intake:comparison", answer))


def _meddling(archive: Archive, client: Client, who: str) -> Iterator[str]:
    """Send a form to every address that the person may not use, and yield which one takes it."""
    for name, path, _takes in _known():
        page = POLICY[name]
        for owner in SELLERS:
            if not (archive.allows(who, page) and archive.sees(who, page.of, owner)):
                answer = client.post(archive.address(path, page, owner), {"why": "走查", "number": "1", "act": "retry"})
                if answer.status_code not in (403, 404):
                    yield f"{name} of {owner} takes a form: {answer.status_code}"


def test_no_address_takes_a_form_from_elsewhere(archive: Archive) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(archive.cast.administrator, backend=BACKEND)
    for name, path, _takes in _known():
        assert client.post(archive.address(path, POLICY[name], "rival")).status_code == 403, name


def test_nobody_in_particular_is_led_to_the_sign_in_page(archive: Archive, client: Client) -> None:
    for name, path, _takes in _known():
        answer = client.get(archive.address(path, POLICY[name], "rival"))
        if name in ("session:sign_in", "session:language"):
            continue
        if name.startswith("intake:upload_"):
            assert answer.status_code == 401, name
        else:
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/"), name
