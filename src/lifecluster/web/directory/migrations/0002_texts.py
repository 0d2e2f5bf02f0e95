"""An index of the texts by trigrams: FTS5 on SQLite, pg_trgm on PostgreSQL."""

from typing import ClassVar

from django.db import DatabaseError, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_ADD = "INSERT INTO directory_text(rowid, text) VALUES (new.id, new.text)"
_TAKE = "INSERT INTO directory_text(directory_text, rowid, text) VALUES ('delete', old.id, old.text)"
_TRIGRAMS = "text, content='directory_document', content_rowid='id', tokenize='trigram case_sensitive 1'"
SQLITE = (
    f"CREATE VIRTUAL TABLE directory_text USING fts5({_TRIGRAMS})",
    f"CREATE TRIGGER directory_text_in AFTER INSERT ON directory_document BEGIN {_ADD}; END",
    f"CREATE TRIGGER directory_text_out AFTER DELETE ON directory_document BEGIN {_TAKE}; END",
    f"CREATE TRIGGER directory_text_anew AFTER UPDATE ON directory_document BEGIN {_TAKE}; {_ADD}; END",
)
SQLITE_BACK = (
    "DROP TRIGGER directory_text_in", "DROP TRIGGER directory_text_out", "DROP TRIGGER directory_text_anew",
    "DROP TABLE directory_text",
)  # fmt: skip
POSTGRESQL = "CREATE INDEX directory_text ON directory_document USING gin (text gin_trgm_ops)"


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index. Where pg_trgm cannot be had, texts are read through: slower, with the same answers."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
    elif schema_editor.connection.vendor == "postgresql":
        try:
            with transaction.atomic(using=schema_editor.connection.alias):
                schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                schema_editor.execute(POSTGRESQL)
        except DatabaseError:
            return


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE_BACK:
            schema_editor.execute(statement)
    else:
        schema_editor.execute("DROP INDEX IF EXISTS directory_text")


class Migration(migrations.Migration):
    """Texts."""

    dependencies: ClassVar = [("directory", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(forwards, backwards)]
