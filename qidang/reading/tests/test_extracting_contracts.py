"""Whole contracts of our own, of every type: every field that they state is read, no other."""

from typing import Any

import pytest

from qidang.reading.tests.extracting import SAMPLES, extraction_of, sample

KEYS = {"signatories": "name", "bank_accounts": "account", "line_items": "total"}


def _comparable(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in KEYS:
        return sorted(row[KEYS[name]] for row in value)
    if name == "payment_plan":
        shares = (row["pct"] if row.get("pct") is not None else row.get("amount") for row in value)
        return sorted(str(share) for share in shares if share is not None)
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if part is not None and key != "pct"}
    return value


@pytest.mark.parametrize("name", SAMPLES)
def test_a_contract_of_ours_is_read_whole(name: str) -> None:
    text, expected = sample(name)
    extraction = extraction_of(text)
    assert extraction.is_contract
    for field, want in expected.items():
        found = extraction.fields[field]
        got = found.value if found else None
        assert _comparable(field, got) == _comparable(field, want), field


@pytest.mark.parametrize("name", SAMPLES)
def test_every_evidence_stands_where_it_says(name: str) -> None:
    text, _ = sample(name)
    original = "\n".join(text.splitlines())
    for field, found in extraction_of(text).fields.items():
        if found:
            assert original[found.start : found.end] == found.raw, field
            assert found.raw, field


@pytest.mark.parametrize("name", ["sale", "transport", "made_to_order"])
def test_a_field_that_is_taken_out_is_missing_and_touches_no_other(name: str) -> None:
    text, expected = sample(name)
    without = "\n".join(
        line for line in text.splitlines() if "开户" not in line and "账号" not in line and "帐" not in line
    )
    fields = extraction_of(without).fields
    assert fields["bank_accounts"] is None
    assert fields["amount_incl_tax"] and fields["amount_incl_tax"].value == expected["amount_incl_tax"]
    assert fields["sign_date"] and fields["sign_date"].value == expected["sign_date"]
