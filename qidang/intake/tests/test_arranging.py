"""页面整理: what came stays, what is made can be made again, and all of it can be undone."""

import hashlib
import io
from collections.abc import Callable

import pytest
from PIL import Image

from qidang import vault
from qidang.cast import Cast
from qidang.contracts.values import ContractValues
from qidang.intake.arranging import arrange, made_again, page_counts, undo
from qidang.intake.layout import MOST_PAGES, Layout
from qidang.intake.loose import beside, loose_pages
from qidang.intake.models import Arranging, Arrival, Batch, Rendition, State
from qidang.intake.receiving import keep, receive
from qidang.intake.review import confirm, put_back
from qidang.intake.tests.conftest import Taker
from qidang.intake.texts import paper_of
from qidang.kit.refusal import Refused
from qidang.ledger import Entry
from qidang.reading.warming import pdf

pytestmark = pytest.mark.django_db
Read = Callable[[Batch], None]


def paper(*words: str) -> bytes:
    return pdf(*[[(72.0, 700.0, 20.0, word)] for word in words])


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (40, 60), shade).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def scan(batch: Batch, take_in: Taker, read: Read) -> Arrival:
    """A PDF of three pages that has been read."""
    (one,) = take_in(("合订.pdf", paper("买卖合同甲", "签署", "租赁合同乙")))
    read(batch)
    one.refresh_from_db()
    assert one.pages == 3
    return one


def words_of(arrival: Arrival) -> list[str]:
    read_paper = paper_of(arrival.sha256)
    assert read_paper is not None
    return [page.text for page in read_paper.pages]


def test_a_file_is_parted_and_each_part_is_read_anew(cast: Cast, batch: Batch, scan: Arrival, read: Read) -> None:
    first, second = arrange([scan], Layout.of(page_counts([scan])).parted({2}), by=cast.salesperson)
    assert [first.filename, second.filename] == ["合订-1.pdf", "合订-2.pdf"]
    read(batch)
    assert (words_of(first), words_of(second)) == (["买卖合同甲", "签署"], ["租赁合同乙"])
    scan.refresh_from_db()
    assert scan.state == State.ARRANGED
    assert hashlib.sha256(vault.read(scan.blob)).hexdigest() == scan.sha256
    entry = Entry.objects.get(act="arrival.arranged")
    assert {one.uid for one in entry.subjects.all()} == {scan.uid, first.uid, second.uid}


def test_the_recipe_makes_the_same_bytes_again(cast: Cast, scan: Arrival) -> None:
    layout = Layout.of(page_counts([scan])).turned({0}, 90).without({1})
    (made,) = arrange([scan], layout, by=cast.salesperson)
    rendition = Rendition.objects.get(arrival=made)
    assert rendition.recipe == [[scan.sha256, 1, 90], [scan.sha256, 3, 0]]
    assert hashlib.sha256(made_again(rendition)).hexdigest() == made.sha256


def test_several_files_are_put_together(cast: Cast, batch: Batch, scan: Arrival, take_in: Taker, read: Read) -> None:
    (photo,) = take_in(("签字页.png", picture(90)))
    read(batch)
    photo.refresh_from_db()
    layout = Layout.of(page_counts([scan, photo])).moved({3}, 2)
    (made,) = arrange([scan, photo], layout, by=cast.salesperson)
    assert [row[0] == photo.sha256 for row in made.rendition.recipe] == [False, False, True, False]
    read(batch)
    made.refresh_from_db()
    assert made.pages == 4


def test_undoing_puts_everything_back(cast: Cast, scan: Arrival) -> None:
    made = arrange([scan], Layout.of(page_counts([scan])).parted({1}), by=cast.salesperson)
    undo(Arranging.objects.get(), by=cast.salesperson)
    scan.refresh_from_db()
    assert scan.state == State.TO_REVIEW
    assert {one.state for one in Arrival.objects.filter(pk__in=[one.pk for one in made])} == {State.WITHDRAWN}
    with pytest.raises(Refused, match=r"intake\.arranging_undone"):
        undo(Arranging.objects.get(), by=cast.salesperson)
    with pytest.raises(Refused, match=r"intake\.arranging_undone"):
        put_back(made[0], by=cast.salesperson)


def test_what_was_undone_is_arranged_anew(cast: Cast, scan: Arrival, batch: Batch, read: Read) -> None:
    layout = Layout.of(page_counts([scan])).without({1})
    arrange([scan], layout, by=cast.salesperson)
    undo(Arranging.objects.get(), by=cast.salesperson)
    scan.refresh_from_db()
    (made,) = arrange([scan], layout, by=cast.salesperson)
    assert made.state == State.WAITING


def test_what_was_registered_meanwhile_is_not_undone(cast: Cast, batch: Batch, scan: Arrival, read: Read) -> None:
    first, _second = arrange([scan], Layout.of(page_counts([scan])).parted({2}), by=cast.salesperson)
    read(batch)
    values = ContractValues(title="买卖合同甲", unit=cast.department("qmj"), counterparty_name="澄湖机电有限公司")
    contract = confirm(first, values, by=cast.salesperson)
    assert contract.documents.get().versions.get().blob == first.blob
    with pytest.raises(Refused) as refusal:
        undo(Arranging.objects.get(), by=cast.salesperson)
    assert refusal.value.code == "intake.arranging_used"
    scan.refresh_from_db()
    assert scan.state == State.ARRANGED


def test_a_rendition_does_not_repeat_its_own_source(cast: Cast, batch: Batch, take_in: Taker, read: Read) -> None:
    lines = "数控车床买卖合同\n甲方（买方）：江州样本机械有限公司\n乙方：样本泵业（江州）有限公司\n双方协商一致"
    text = [(60.0, 780.0 - 22 * at, 11.0, line) for at, line in enumerate(lines.split("\n") * 8)]
    (one,) = take_in(("倒了.pdf", pdf(text, [])))
    read(batch)
    one.refresh_from_db()
    (made,) = arrange([one], Layout.of(page_counts([one])).without({1}), by=cast.salesperson)
    read(batch)
    made.refresh_from_db()
    assert made.state == State.TO_REVIEW


def test_who_may_not_review_is_refused(cast: Cast, scan: Arrival) -> None:
    for act in (
        lambda: arrange([scan], Layout.of(page_counts([scan])).parted({1}), by=cast.outsider),
        lambda: undo(Arranging(), by=cast.outsider),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "accounts.not_allowed"


def test_nothing_changed_is_nothing_to_save(cast: Cast, scan: Arrival) -> None:
    with pytest.raises(Refused) as refusal:
        arrange([scan], Layout.of(page_counts([scan])), by=cast.salesperson)
    assert refusal.value.code == "intake.nothing_arranged"


def test_of_two_who_arrange_one_wins(cast: Cast, scan: Arrival) -> None:
    stale = Arrival.objects.select_related("batch", "blob").get(pk=scan.pk)
    arrange([scan], Layout.of(page_counts([scan])).parted({1}), by=cast.salesperson)
    with pytest.raises(Refused) as refusal:
        arrange([stale], Layout.of(page_counts([stale])).parted({2}), by=cast.archivist)
    assert refusal.value.code == "intake.settled_meanwhile"
    assert Arranging.objects.count() == 1


def test_what_has_no_pages_or_too_many_is_refused(cast: Cast, batch: Batch, take_in: Taker, scan: Arrival) -> None:
    (text,) = take_in(("说明.txt", b"words"))
    Arrival.objects.filter(pk=text.pk).update(state=State.TO_REVIEW, media_type="text/plain", pages=1)
    text.refresh_from_db()
    for sources, code in (([scan, text], "intake.no_pages"), ([scan], "intake.too_many_pages")):
        with pytest.raises(Refused) as refusal:
            page_counts(sources)
        assert refusal.value.code == code
        scan.pages = MOST_PAGES + 1


def folder_of_pictures(batch: Batch, *paths: str) -> None:
    receive(batch, [keep(picture(at), path.rsplit("/", 1)[-1], path) for at, path in enumerate(paths, 1)], by=batch.by)
    for one in batch.arrivals.all():
        is_picture = one.filename.endswith("png")
        Arrival.objects.filter(pk=one.pk).update(
            state=State.TO_REVIEW, pages=1, media_type="image/png" if is_picture else "application/pdf"
        )


def test_a_folder_of_numbered_pictures_is_suggested_as_one_paper_in_their_order(batch: Batch, cast: Cast) -> None:
    folder_of_pictures(
        batch, "旧/合同甲/第10页.png", "旧/合同甲/第2页.png", "旧/合同甲/第1页.png", "旧/说明.pdf", "旧/图1.png"
    )
    (one,) = loose_pages(batch)
    assert (one.name, one.count) == ("合同甲", 3)
    first = Arrival.objects.select_related("batch").get(uid=one.first)
    sources = beside(first)
    assert [source.filename for source in sources] == ["第1页.png", "第2页.png", "第10页.png"]
    (made,) = arrange(sources, Layout.of(page_counts(sources)), by=cast.salesperson)
    assert (made.filename, made.path) == ("合同甲.pdf", "旧/合同甲.pdf")
    assert loose_pages(batch) == []


def test_pictures_without_numbers_or_with_other_files_beside_are_not_suggested(batch: Batch) -> None:
    folder_of_pictures(batch, "甲/现场.png", "甲/大门.png", "乙/1.png", "乙/2.png", "乙/合同.pdf")
    assert loose_pages(batch) == []
