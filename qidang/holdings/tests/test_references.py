"""档号: its form, and what is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qidang.holdings.references import Reference

references = st.builds(
    Reference,
    fonds=st.from_regex(r"[A-Z0-9]{4,8}", fullmatch=True),
    category=st.sampled_from(["HT", "WS", "JY", "KU·01"]),
    year=st.integers(1949, 2099),
    retention=st.sampled_from(["Y", "D30", "D10"]),
    org=st.sampled_from(["", "XSB", "B01"]),
    item=st.integers(1, 99_999),
)


def test_the_example_of_the_standard_is_written_so() -> None:
    assert str(Reference("Q001", "HT", 2026, "D30", "XSB", 12)) == "Q001-HT·2026-D30-XSB-0012"
    assert str(Reference("0194", "WS", 2016, "Y", "", 1)) == "0194-WS·2016-Y-0001"


@given(references)
def test_every_code_reads_back(reference: Reference) -> None:
    assert Reference.parse(str(reference)) == reference


@pytest.mark.parametrize(
    "text",
    ["Ｑ００１－ＨＴ・２０２６－Ｄ３０－ＸＳＢ－００１２", "q001-ht•2026-d30-xsb-0012", " Q001-HT‧2026-D30-XSB-0012 "],
)
def test_a_code_typed_otherwise_is_the_same_code(text: str) -> None:
    assert str(Reference.parse(text)) == "Q001-HT·2026-D30-XSB-0012"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Q001",
        "Q001-HT.2026-D30-XSB-0012",
        "Q001_HT·2026_D30_XSB_0012",
        "Q001-HT·1826-D30-XSB-0012",
        "Q001-HT·2026-D30-XSB-12",
    ],
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert Reference.parse(text) is None
