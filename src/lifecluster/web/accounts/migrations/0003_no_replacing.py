"""SQLite's INSERT OR REPLACE removes a row without asking the trigger against removal: it is refused as well."""

from typing import Any

from django.db import migrations

LAY = (
    "CREATE TRIGGER accounts_auditrow_no_replace BEFORE INSERT ON accounts_auditrow "
    "WHEN EXISTS (SELECT 1 FROM accounts_auditrow WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
)


def lay(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute(LAY)


def lift(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TRIGGER accounts_auditrow_no_replace")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_only_added")]
    operations = [migrations.RunPython(lay, lift)]
