"""Starts the two chains and lets the database itself refuse to rewrite the ledger.

A later migration that rebuilds one of these tables (SQLite does, for most alterations) must lay the guards again.
"""

from django.db import migrations

MESSAGE = "the ledger is append-only"
KEYS = {
    "ledger_entry": "id = NEW.id OR (chain = NEW.chain AND seq = NEW.seq)",
    "ledger_entrysubject": "id = NEW.id OR (entry_id = NEW.entry_id AND position = NEW.position)",
    "ledger_entrydetails": "entry_id = NEW.entry_id",
    "ledger_chain": "name = NEW.name",
}
ADVANCES = "NEW.name = OLD.name AND NEW.seq = OLD.seq + 1"


def sqlite(execute):
    def guard(name, table, event, when):
        execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )

    for table, keys in KEYS.items():
        guard("keeps", table, "DELETE", "")
        guard("stands", table, "UPDATE", f"WHEN NOT ({ADVANCES})" if table == "ledger_chain" else "")
        # INSERT OR REPLACE would delete without asking the DELETE trigger.
        guard("once", table, "INSERT", f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {keys})")


def postgresql(execute):
    execute(
        "CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in KEYS:
        when = f"WHEN (NOT ({ADVANCES}))" if table == "ledger_chain" else ""
        refuse = "EXECUTE FUNCTION ledger_refuse()"
        execute(f"CREATE TRIGGER {table}_keeps BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
        execute(f"CREATE TRIGGER {table}_stands BEFORE UPDATE ON {table} FOR EACH ROW {when} {refuse}")
        execute(f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")


def begin(apps, schema_editor):
    chains = apps.get_model("ledger", "Chain")
    chains.objects.bulk_create([chains(name="acts"), chains(name="reads")])
    lay = {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]
    lay(schema_editor.execute)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
