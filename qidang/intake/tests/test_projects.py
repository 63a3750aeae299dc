"""导入项目: ledgers and files of old, matched, compared and undone."""

import datetime as dt
import pathlib
from decimal import Decimal

import pytest
from django.utils import timezone

from qidang.cast import Cast
from qidang.contracts.choices import DocumentKind, Source
from qidang.contracts.models import Company, Contract
from qidang.intake import pairing, projects, sampling, sheets
from qidang.intake.comparing import compare_read, settle
from qidang.intake.models import (
    Arrival,
    Difference,
    DifferenceState,
    Match,
    MatchState,
    MatchSure,
    MatchWay,
    Project,
    State,
    Verdict,
    Winner,
)
from qidang.intake.models import (
    Source as Way,
)
from qidang.intake.progress import figures_of, queue_of
from qidang.intake.receiving import hasten, keep, receive
from qidang.intake.review import withdraw
from qidang.intake.tests.conftest import contract_text
from qidang.intake.work import read_slice
from qidang.kit.refusal import Refused
from qidang.ledger.models import Entry

pytestmark = pytest.mark.django_db
CUSTOMER = "苏州澄湖机电有限公司"
LEDGER = f"""合同编号,合同名称,客户名称,合同金额,签订日期,文件路径
QMJ-XS-2026-0001,数控车床,{CUSTOMER},128000.00,2026-03-05,
QMJ-XS-2026-0002,数控车床二期,{CUSTOMER},99999.00,2026-03-06,
QMJ-XS-2026-0003,立式铣床,江川自动化有限公司,5000,2026-04-01,旧盘/铣床.txt
,无编号的买卖,{CUSTOMER},777000.00,2026-03-05,
"""


@pytest.fixture
def project(cast: Cast, our_company: Company) -> Project:
    """A project of the archivist's whose ledger of four rows is imported."""
    begun = projects.begin("历史合同", by=cast.archivist, unit=cast.department("qmj"))
    sheet = projects.add_ledger(begun, LEDGER.encode(), "台账.csv", by=cast.archivist)
    sheets.bring_in(sheet, by=cast.archivist)
    return begun


def bring(project: Project, *files: tuple[str, str]) -> list[Arrival]:
    """Take files in, given as (path, text) pairs."""
    batch = projects.open_project_batch(project, Way.UPLOAD, by=project.by)
    kept = [keep(text.encode(), path.rsplit("/", 1)[-1], path) for path, text in files]
    return receive(batch, kept, by=project.by)


def read_all(project: Project) -> None:
    """Have everything read that may be read now."""
    for batch in project.batches.all():
        while read_slice(batch.pk):
            pass


def contract_of(number: str) -> Contract:
    """Return the contract of that number."""
    return Contract.objects.get(number_on_paper=number)


def test_a_file_with_the_number_in_its_name_is_a_paper_before_anybody_has_read_it(project: Project) -> None:
    [arrival] = bring(project, ("2026/QMJ-XS-2026-0001 数控车床.pdf", "正文"))
    outcome = pairing.match_project(project)
    assert outcome.paired == 1
    arrival.refresh_from_db()
    contract = contract_of("QMJ-XS-2026-0001")
    assert (arrival.state, arrival.contract) == (State.WAITING, contract)
    assert contract.documents.get().kind == DocumentKind.BODY
    assert contract.has_scan
    match = Match.objects.get()
    assert (match.way, match.sure, match.state) == (MatchWay.FILENAME, MatchSure.CERTAIN, MatchState.STANDING)
    entry = Entry.objects.filter(act="project.paired").get()
    assert {one.kind for one in entry.subjects.all()} == {"project", "contract", "arrival"}


def test_what_is_read_later_keeps_its_contract_and_fills_what_the_ledger_left_empty(project: Project) -> None:
    [arrival] = bring(project, ("QMJ-XS-2026-0001.txt", contract_text()))
    pairing.match_changed()
    read_all(project)
    pairing.match_changed()
    arrival.refresh_from_db()
    contract = contract_of("QMJ-XS-2026-0001")
    assert (arrival.state, arrival.contract, arrival.code) == (State.REGISTERED, contract, "")
    assert contract.parties.count() == 2
    assert contract.revisions.get(field="parties").source == Source.READ
    assert not Difference.objects.exists()


def test_ledger_and_paper_are_compared_value_by_value_and_the_ledger_wins(project: Project, cast: Cast) -> None:
    bring(project, ("QMJ-XS-2026-0002.txt", contract_text(number="QMJ-XS-2026-0002")))
    pairing.match_changed()
    read_all(project)
    compare_read(project)
    contract = contract_of("QMJ-XS-2026-0002")
    assert contract.amount == Decimal("99999.00")
    found = {one.field: (one.in_sheet, one.in_paper, one.state) for one in Difference.objects.all()}
    assert found == {
        "amount": ("99999", "128000", DifferenceState.OPEN),
        "signed_on": ("2026-03-06", "2026-03-05", DifferenceState.OPEN),
    }
    amount, day = Difference.objects.order_by("field")
    assert settle(project, [amount.pk], take=Winner.PAPER, by=cast.archivist) == (1, [])
    assert settle(project, [day.pk], take=Winner.SHEET, by=cast.archivist) == (1, [])
    contract.refresh_from_db()
    assert (contract.amount, contract.signed_on) == (Decimal("128000.00"), dt.date(2026, 3, 6))
    settle(project, [amount.pk], take=Winner.SHEET, by=cast.archivist)
    contract.refresh_from_db()
    assert contract.amount == Decimal("99999.00")


def test_a_column_for_which_the_paper_wins_is_taken_from_it(project: Project, cast: Cast) -> None:
    projects.arrange(project, by=cast.archivist, wins={"amount": "paper"}, reads_from=None, reads_until=None)
    project.refresh_from_db()
    bring(project, ("QMJ-XS-2026-0002.txt", contract_text(number="QMJ-XS-2026-0002")))
    pairing.match_changed()
    read_all(project)
    compare_read(project)
    contract = contract_of("QMJ-XS-2026-0002")
    assert (contract.amount, contract.signed_on) == (Decimal("128000.00"), dt.date(2026, 3, 6))
    assert Difference.objects.get(field="amount").state == DifferenceState.TAKEN


def test_the_text_tells_where_no_name_does_and_gaps_are_told_both_ways(project: Project) -> None:
    [scan, stranger, _] = bring(
        project,
        ("扫描/0001.txt", contract_text()),
        ("扫描/0002.txt", contract_text(number="QMJ-XS-2019-0400", amount="1.00", words="壹元整")),
        ("旧盘/铣床.txt", "立式铣床买卖合同"),
    )
    read_all(project)
    pairing.match_changed()
    scan.refresh_from_db()
    assert scan.contract == contract_of("QMJ-XS-2026-0001")
    assert scan.state == State.REGISTERED
    stranger.refresh_from_db()
    assert stranger.state == State.TO_REVIEW
    assert list(pairing.open_files(project)) == [stranger]
    figures = figures_of(project)
    assert (figures.rows, figures.registered, figures.files, figures.paired) == (4, 4, 3, 2)
    assert (figures.rows_left, figures.files_left) == (2, 1)
    assert Match.objects.get(arrival__filename="铣床.txt").way == MatchWay.PATH


def test_party_amount_and_day_are_only_proposed(project: Project, cast: Cast) -> None:
    text = contract_text(number="客户-77", amount="777000.00", words="柒拾柒万柒仟元整")
    bring(project, ("扫描/0003.txt", text))
    read_all(project)
    pairing.match_changed()
    match = Match.objects.get()
    assert (match.way, match.state, match.sure) == (MatchWay.TEXT, MatchState.PROPOSED, MatchSure.LIKELY)
    assert pairing.adopt(project, [match.pk], by=cast.archivist) == (1, [])
    assert Contract.objects.get(title="无编号的买卖").documents.count() == 1


def test_a_match_is_declined_and_not_proposed_again(project: Project, cast: Cast) -> None:
    bring(project, ("XS-QMJ-XS-2026-0001.pdf", "不知何物"))
    pairing.match_project(project)
    match = Match.objects.get()
    assert (match.state, match.clash_labels) == (MatchState.PROPOSED, ["可能只是更长编号的一部分"])
    assert pairing.decline(project, [match.pk], by=cast.archivist) == 1
    pairing.match_project(project)
    assert Match.objects.get().state == MatchState.DECLINED


def test_a_match_is_undone_and_leaves_the_contract_as_it_was(project: Project, cast: Cast) -> None:
    bring(project, ("QMJ-XS-2026-0001.txt", contract_text()))
    pairing.match_changed()
    read_all(project)
    pairing.match_changed()
    match = Match.objects.get()
    with pytest.raises(Refused) as refused:
        pairing.undo(match, by=cast.archivist, why=" ")
    assert refused.value.code == "intake.undo_reason_needed"
    pairing.undo(match, by=cast.archivist, why="扫描件放错了")
    contract = contract_of("QMJ-XS-2026-0001")
    assert not contract.documents.exists()
    assert not contract.has_scan
    assert contract.sign_place == ""
    arrival = Arrival.objects.get(filename="QMJ-XS-2026-0001.txt")
    assert (arrival.state, arrival.contract) == (State.TO_REVIEW, None)
    pairing.match_project(project)
    assert Match.objects.get().state == MatchState.DECLINED
    with pytest.raises(Refused):
        pairing.undo(match, by=cast.archivist, why="再撤一次")


def test_a_person_pairs_by_hand_across_what_the_machine_says(project: Project, cast: Cast) -> None:
    [arrival] = bring(project, ("看不出是什么.txt", "正文"))
    pairing.match_project(project)
    row = project.rows.get(values__title="无编号的买卖")
    match = pairing.pair_by_hand(project, arrival, row, by=cast.archivist)
    assert (match.state, match.way, match.by) == (MatchState.STANDING, MatchWay.PERSON, cast.archivist)
    other = projects.begin("别的", by=cast.archivist)
    with pytest.raises(Refused) as refused:
        pairing.pair_by_hand(other, arrival, row, by=cast.archivist)
    assert refused.value.code == "intake.not_of_project"


def test_several_files_of_one_row_are_its_body_and_its_annexes(project: Project) -> None:
    bring(project, ("QMJ-XS-2026-0001/正文.pdf", "一"), ("QMJ-XS-2026-0001/附件一 清单.pdf", "二"))
    pairing.match_project(project)
    kinds = contract_of("QMJ-XS-2026-0001").documents.values_list("kind", flat=True)
    assert sorted(kinds) == [DocumentKind.ANNEX, DocumentKind.BODY]


def test_a_paper_that_waits_cannot_be_withdrawn_from_its_contract(project: Project, cast: Cast) -> None:
    [arrival] = bring(project, ("QMJ-XS-2026-0001.pdf", "正文"))
    pairing.match_project(project)
    with pytest.raises(Refused) as refused:
        withdraw(arrival, by=cast.archivist, why="多余")
    assert refused.value.code == "intake.paired_already"


def test_the_newest_is_read_first_and_what_was_opened_before_that(project: Project) -> None:
    arrivals = bring(project, *((f"{n}.txt", f"{n}") for n in range(4)))
    hasten(arrivals[1])
    batch = Arrival.objects.filter(batch=arrivals[0].batch_id)
    order = [one.filename for one in batch.claim(4, newest_first=True)]
    assert order == ["1.txt", "3.txt", "2.txt", "0.txt"]


def test_a_paused_project_reads_nothing_but_what_is_opened(project: Project, cast: Cast) -> None:
    first, second = bring(project, ("1.txt", "甲"), ("2.txt", "乙"))
    projects.pause(project, by=cast.archivist)
    read_all(project)
    assert queue_of(Project.objects.get()).rests
    hasten(second)
    read_all(project)
    assert Arrival.objects.get(pk=second.pk).state != State.WAITING
    assert Arrival.objects.get(pk=first.pk).state == State.WAITING
    projects.resume(project, by=cast.archivist)
    read_all(project)
    assert Arrival.objects.get(pk=first.pk).state != State.WAITING
    assert queue_of(Project.objects.get()).left == 0


def test_hours_of_reading_may_go_over_midnight(project: Project, cast: Cast) -> None:
    night = {"reads_from": dt.time(20), "reads_until": dt.time(7)}
    projects.arrange(project, by=cast.archivist, wins={}, **night)
    project.refresh_from_db()
    here = timezone.get_current_timezone()
    hours = {hour: project.is_hour(dt.datetime(2026, 3, 5, hour, 30, tzinfo=here)) for hour in (6, 7, 12, 19, 20, 23)}
    assert hours == {6: True, 7: False, 12: False, 19: False, 20: True, 23: True}
    with pytest.raises(Refused) as refused:
        projects.arrange(project, by=cast.archivist, wins={}, reads_from=dt.time(20), reads_until=None)
    assert refused.value.code == "intake.hours_unclear"


def test_a_folder_of_the_server_is_taken_in_and_left_as_it_is(
    project: Project, cast: Cast, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "扫描" / "2026").mkdir(parents=True)
    (tmp_path / "扫描" / "2026" / "QMJ-XS-2026-0001.pdf").write_text("正文")
    (tmp_path / "扫描" / "空.pdf").write_bytes(b"")
    folder = projects.add_folder(project, str(tmp_path / "扫描"), by=cast.administrator)
    assert projects.take_folder(folder) is False
    assert projects.take_folder(folder) is False
    assert [one.path for one in folder.batch.arrivals.all()] == ["扫描/2026/QMJ-XS-2026-0001.pdf"]
    folder.refresh_from_db()
    assert [one["code"] for one in folder.skipped] == ["intake.empty_file"]
    assert (tmp_path / "扫描" / "2026" / "QMJ-XS-2026-0001.pdf").exists()
    with pytest.raises(Refused) as refused:
        projects.add_folder(project, str(tmp_path / "扫描"), by=cast.administrator)
    assert refused.value.code == "intake.folder_added"
    with pytest.raises(Refused):
        projects.add_folder(project, str(tmp_path), by=cast.archivist)


def test_a_project_is_seen_by_who_began_it_and_by_who_reviews_its_department(project: Project, cast: Cast) -> None:
    seeing = {who for who in cast.people if Project.objects.visible_to(cast.people[who]).exists()}
    assert seeing == {"archivist", "second_archivist", "administrator"}
    with pytest.raises(Refused):
        projects.begin("历史合同", by=cast.auditor)
    with pytest.raises(Refused):
        projects.begin(" ", by=cast.archivist)


def test_a_lot_is_accepted_by_a_sample_that_anybody_can_draw_again(project: Project, cast: Cast) -> None:
    bring(project, *((f"QMJ-XS-2026-000{n}.pdf", f"{n}") for n in (1, 2, 3)))
    pairing.match_project(project)
    made = sampling.draw(project, by=cast.archivist, size=2, seed=7, limit=0.5)
    assert (made.population, made.size, made.is_given) == (3, 2, True)
    with pytest.raises(Refused) as refused:
        sampling.draw(project, by=cast.archivist)
    assert refused.value.code == "intake.sampling_open"
    with pytest.raises(Refused) as refused:
        sampling.accept(made, by=cast.archivist)
    assert refused.value.code == "intake.sample_unfinished"
    first, second = made.items.all()
    assert first.arrival is not None
    sampling.look_at(first, ["amount", "nonsense"], by=cast.archivist)
    sampling.look_at(second, [], by=cast.archivist)
    assert sampling.outcome_of(made).rate == 0.5
    assert set(first.contract.field_sources.unchecked().values_list("field", flat=True)) == {"amount"}
    assert not second.contract.field_sources.unchecked().exists()
    sampling.accept(made, by=cast.archivist)
    assert made.verdict == Verdict.ACCEPTED
    again = sampling.draw(project, by=cast.archivist, size=2, seed=7)
    assert again.digest == made.digest
    assert [one.contract_id for one in again.items.all()] == [first.contract_id, second.contract_id]


def test_a_lot_with_too_many_errors_is_not_accepted_but_rejected(project: Project, cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        sampling.draw(project, by=cast.archivist)
    assert refused.value.code == "intake.nothing_to_sample"
    bring(project, ("QMJ-XS-2026-0001.pdf", "1"))
    pairing.match_project(project)
    made = sampling.draw(project, by=cast.archivist)
    sampling.look_at(made.items.get(), ["amount"], by=cast.archivist)
    with pytest.raises(Refused) as refused:
        sampling.accept(made, by=cast.archivist)
    assert refused.value.code == "intake.too_many_wrong"
    with pytest.raises(Refused):
        sampling.reject(made, by=cast.archivist, why="")
    sampling.reject(made, by=cast.archivist, why="金额录错")
    with pytest.raises(Refused) as refused:
        sampling.look_at(made.items.get(), [], by=cast.archivist)
    assert refused.value.code == "intake.sampling_judged"


def test_what_a_person_declined_stays_declined_when_the_ledger_comes_again(project: Project, cast: Cast) -> None:
    bring(project, ("QMJ-XS-2026-0001.pdf", "不是这一份"))
    pairing.match_project(project)
    pairing.undo(Match.objects.get(), by=cast.archivist, why="放错了")
    sheet = projects.add_ledger(project, LEDGER.encode(), "台账.csv", by=cast.archivist)
    sheets.bring_in(sheet, by=cast.archivist)
    assert figures_of(project).rows == 4
    pairing.match_project(project)
    assert Match.objects.get().state == MatchState.DECLINED
