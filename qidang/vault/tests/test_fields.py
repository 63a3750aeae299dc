"""密文字段: sealed columns and their blind index."""

import pathlib
from collections.abc import Iterator
from typing import ClassVar

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models

from qidang.kit.refusal import Refused
from qidang.vault import fields, keys


class Account(models.Model):
    """A bank account, as a party to a contract has one."""

    number = fields.SealedField(blank=True)
    number_index = fields.BlindIndexField(of="number")
    phone = fields.SealedField(blank=True)

    objects: ClassVar[models.Manager["Account"]] = models.Manager()

    class Meta:
        app_label = "vault_tests"
        managed = False

    def __str__(self) -> str:
        return str(self.pk)


@pytest.fixture
def table(db: None, home: pathlib.Path) -> Iterator[None]:
    """A table for the model above."""
    names = "number text NOT NULL, number_index varchar(32) NOT NULL, phone text NOT NULL"
    key = "id bigserial PRIMARY KEY" if connection.vendor == "postgresql" else "id integer PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE vault_tests_account ({key}, {names})")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE vault_tests_account")


def raw(column: str) -> list[str]:
    """Return what the database keeps."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM vault_tests_account ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_sealed_value_is_read_back_and_lies_sealed(table: None) -> None:
    Account.objects.create(number="6222 0000 1234 5678", phone="0512-6666 1234")
    assert Account.objects.get().number == "6222 0000 1234 5678"
    assert "6222" not in raw("number")[0] and raw("number")[0].startswith("qs1.")
    assert list(Account.objects.values_list("phone", flat=True)) == ["0512-6666 1234"]


def test_equal_values_are_sealed_differently_and_indexed_alike(table: None) -> None:
    Account.objects.create(number="6222 0000 1234 5678")
    Account.objects.bulk_create([Account(number="６２２２-0000-1234-5678")])
    assert len(set(raw("number"))) == 2
    assert len(set(raw("number_index"))) == 1
    assert Account.objects.filter(number_index=fields.blind("6222000012345678")).count() == 2


def test_empty_stays_empty(table: None) -> None:
    account = Account.objects.create(number="")
    account.refresh_from_db()
    assert (account.number, account.phone, account.number_index) == ("", "", "")
    assert raw("number") == [""]
    assert not Account.objects.filter(phone__isnull=True).exists()


def test_sealed_values_cannot_be_compared(table: None) -> None:
    for lookup in ({"number": "1"}, {"number__contains": "1"}, {"number__in": ["1"]}):
        with pytest.raises(FieldError):
            Account.objects.filter(**lookup).exists()


def test_update_and_bulk_update_seal_too(table: None) -> None:
    account = Account.objects.create(number="1")
    Account.objects.update(number="2")
    assert Account.objects.get().number == "2" and raw("number")[0].startswith("qs1.")
    account.number = "3"
    Account.objects.bulk_update([account], ["number"])
    assert Account.objects.get().number == "3" and raw("number")[0].startswith("qs1.")


@pytest.mark.parametrize("kept", ["plain", "qs1.!!!", "qs1.", "qs1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_an_altered_value_is_refused(home: pathlib.Path, kept: str) -> None:
    with pytest.raises(Refused, match=r"vault\.field_corrupt"):
        fields.unseal(kept)


def test_the_index_cannot_be_made_without_the_key(home: pathlib.Path) -> None:
    before = fields.blind("6222000012345678")
    keys.forget()
    assert fields.blind("6222 0000-1234 5678") == before
    assert len(before) == 32 and "6222" not in before
    assert fields.blind("abc") == fields.blind("ＡＢＣ") != fields.blind("abd")


def test_a_field_says_how_a_migration_makes_it_without_a_key() -> None:
    _, path, _, kwargs = fields.BlindIndexField(of="number").deconstruct()
    assert path == "qidang.vault.fields.BlindIndexField"
    assert kwargs == {"of": "number"}
    assert fields.SealedField(blank=True).deconstruct()[1:] == ("qidang.vault.fields.SealedField", [], {"blank": True})
