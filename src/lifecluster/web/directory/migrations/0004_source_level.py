"""Who may know that there is a source."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.models import Min


def of_statements(apps: Any, schema_editor: Any) -> None:
    """A source that was loaded before is as closed as the most public of what it states. One that states nothing is
    left as it is: tables to look things up in are such, and they are for everybody. The footer names what the others
    ask to be said."""
    source, statement, package = (apps.get_model("directory", n) for n in ("SourceFile", "Statement", "Package"))
    for key, level in statement.objects.values_list("file").annotate(Min("level")).order_by():
        if level:
            source.objects.filter(pk=key).update(level=level)
    for key in package.objects.values_list("pk", flat=True):
        asked = source.objects.filter(package=key, level=0).exclude(attribution="")
        credits_ = sorted(set(asked.values_list("attribution", flat=True)))
        package.objects.filter(pk=key).update(credits=credits_)


class Migration(migrations.Migration):
    """One column."""

    dependencies: ClassVar = [("directory", "0003_presence")]

    operations: ClassVar = [
        migrations.AddField("sourcefile", "level", models.SmallIntegerField(default=0)),
        migrations.RunPython(of_statements, migrations.RunPython.noop),
    ]
