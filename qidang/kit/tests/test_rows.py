"""Rows written the short way are those that Django would have written."""

import datetime as dt

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from qidang.kit import rows

pytestmark = pytest.mark.django_db


def test_a_new_row_gets_its_key_from_the_database_and_reads_back_as_it_was() -> None:
    kind = ContentType(app_label="qidang", model="中文")
    rows.insert(kind)
    assert kind.pk and not kind._state.adding
    assert ContentType.objects.get(pk=kind.pk) == kind
    kind.model = "其他"
    kind.save()
    assert ContentType.objects.get(app_label="qidang").model == "其他"


def test_a_row_that_brings_its_own_key_keeps_it() -> None:
    ends = dt.datetime(2026, 3, 5, 2, 0, 0, 123456, tzinfo=dt.UTC)
    rows.insert(Session(session_key="k" * 32, session_data="x", expire_date=ends))
    assert Session.objects.get(pk="k" * 32).expire_date == ends


def test_the_constraints_of_the_table_hold() -> None:
    rows.insert(ContentType(app_label="qidang", model="a"))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(ContentType(app_label="qidang", model="a"))


def test_a_row_that_is_there_already_is_left_alone_where_once_is_enough() -> None:
    for _ in range(2):
        rows.insert_once(ContentType(app_label="qidang", model="a"))
    assert ContentType.objects.filter(app_label="qidang").count() == 1
