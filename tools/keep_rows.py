"""Keep the rows of a SQLite home for the upgrade test: keep_rows.py HOME KEY_FILE TARGET.json.gz.

Run it on a home that a release made (``qidang demo``), before the next one changes its tables. Passwords, sessions and
tasks stay out; the key goes in, so that sealed values can be opened: never give it a home that anybody uses.
"""

import base64
import gzip
import json
import pathlib
import sqlite3
import sys
from typing import Any

LEFT_OUT = ("sqlite_", "django_", "auth_")


def kept(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def tables(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return every table of ours by name: its columns and rows."""
    names = [
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ]
    found = {}
    for name in names:
        if name.startswith(LEFT_OUT):
            continue
        cursor = connection.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in cursor.description]
        rows = [[kept(value) for value in row] for row in cursor]
        if "password" in columns and "username" in columns:
            for row in rows:
                row[columns.index("password")] = "!"
        if rows:
            found[name] = {"columns": columns, "rows": rows}
    return found


def leaves(connection: sqlite3.Connection) -> list[list[str]]:
    """Return the newest migration of each app."""
    query = "SELECT app, MAX(name) FROM django_migrations GROUP BY app ORDER BY app"
    return [list(row) for row in connection.execute(query)]


def main() -> int:
    """Write the target."""
    home, key, target = map(pathlib.Path, sys.argv[1:4])
    with sqlite3.connect(home / "qidang.sqlite3") as connection:
        told = {
            "key": base64.b64encode(key.read_bytes()).decode(),
            "leaves": leaves(connection),
            "tables": tables(connection),
        }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    target.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    sys.stdout.write(f"{target}: {target.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
