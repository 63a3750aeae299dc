"""A paper travels between processes without loss."""

from qidang.reading.paper import Cell, Extraction, Found, Line, Page, Paper, Part, Problem, Table


def sample() -> Paper:
    """Return a paper with everything a paper can have."""
    table = Table([[Cell("名称", (0.1, 0.2, 0.3, 0.25), 0, 0), Cell("数量", None, 0, 1, colspan=2)]], 1, 1)
    page = Page(
        1, 595.3, 841.9, [Line("买卖合同", (0.25, 0.1, 0.75, 0.125)), Line("名称\t数量")], [table], "ocr", 0.98, 180
    )
    return Paper(
        "application/pdf", [page, Page(2, source="flow")], [Problem("reading.garbage", "第2页")], meta={"程序": "甲"}
    )


def test_a_paper_comes_back_from_json_as_it_went() -> None:
    assert Paper.from_json(sample().to_json()) == sample()


def test_the_bytes_of_parts_do_not_travel_in_json() -> None:
    paper = Paper("message/rfc822", parts=[Part("附件.pdf", "application/pdf", b"%PDF")])
    assert Paper.from_json(paper.to_json()).parts == [Part("附件.pdf", "application/pdf", b"")]


def test_spans_point_into_the_lines_of_a_page() -> None:
    page = sample().pages[0]
    assert page.text == "买卖合同\n名称\t数量"
    assert page.line_at(page.text.index("数量")) is page.lines[1]
    assert page.line_at(99) is None


def test_an_extraction_comes_back_from_json_as_it_went() -> None:
    found = Found({"mode": "litigation"}, "向人民法院起诉", 2, 10, 17, (0.1, 0.2, 0.3, 0.4), 0.9)
    extraction = Extraction(True, "买卖合同", {"dispute": found, "contract_no": None})
    assert Extraction.from_json(extraction.to_json()) == extraction


def test_half_a_surrogate_does_not_stop_a_paper() -> None:
    assert b"?" in Paper("text/plain", [Page(1, lines=[Line("坏\ud800字")])]).to_json()


def test_a_problem_is_noted_once() -> None:
    paper = Paper("text/plain")
    paper.note("reading.garbage")
    paper.note("reading.garbage")
    assert len(paper.problems) == 1
