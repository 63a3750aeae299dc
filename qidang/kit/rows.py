"""Rows written fast: one INSERT whose SQL is worked out once per table.

``row.save(force_insert=True)`` works the statement out anew each time, which costs ten times what the database takes
for it; taking a contract in writes some twenty rows. Only for new rows of plain tables: no parents, no defaults made by
the database.
"""

import functools
from collections.abc import Sequence
from typing import Any

from django.db import connection, models


def insert(row: models.Model) -> None:
    """Write ``row``, which is new, and give it its key; the constraints of its table hold as ever."""
    statement, fields, key = _statement(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement + (f" RETURNING {key.column}" if key else ""), _values(row, fields))
        if key is not None:
            setattr(row, key.attname, cursor.fetchone()[0])
    row._state.adding, row._state.db = False, connection.alias


def insert_all(new: Sequence[models.Model]) -> None:
    """Write ``new``, rows of one table, with one statement; they get no keys."""
    if new:
        statement, fields, _ = _statement(type(new[0]), connection.vendor)
        with connection.cursor() as cursor:
            cursor.executemany(statement, [_values(row, fields) for row in new])


def insert_once(row: models.Model) -> None:
    """Write ``row`` where no constraint says that it is there already; it gets no key."""
    statement, fields, _ = _statement(type(row), connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ON CONFLICT DO NOTHING", _values(row, fields))


def _values(row: models.Model, fields: list[Any]) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]


@functools.cache
def _statement(model: type[models.Model], vendor: str) -> tuple[str, list[Any], Any]:
    """Return the INSERT of a table, its fields in order, and the field of a key that the database gives (or None)."""
    options, quoted = model._meta, connection.ops.quote_name
    key = options.pk if isinstance(options.pk, models.AutoField) else None
    fields = [field for field in options.concrete_fields if field is not key]
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quoted(options.db_table)} ({columns}) VALUES ({places})", fields, key
