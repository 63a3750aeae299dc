"""Half a name is no name."""

from qidang.reading.lost import LOST, without_torn_words
from qidang.reading.paper import Line, Page, Paper


def test_a_word_that_lost_a_letter_is_blotted_out_whole() -> None:
    paper = Paper("application/pdf", [Page(1, lines=[Line("甲方：江南机〓有限公司（章）"), Line("账号：1234")])])
    blotted = without_torn_words(paper)
    assert blotted.pages[0].text == "甲方：" + LOST * 11 + "\n账号：1234"
    assert paper.pages[0].lines[0].text == "甲方：江南机〓有限公司（章）"


def test_a_paper_that_lost_nothing_stays_itself() -> None:
    paper = Paper("text/plain", [Page(1, lines=[Line("甲方：江南公司")])])
    assert without_torn_words(paper) is paper
