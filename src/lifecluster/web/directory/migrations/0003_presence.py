"""Who may know that an id was issued; values and parts that read otherwise above a level."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Three columns."""

    dependencies: ClassVar = [("directory", "0002_texts")]

    operations: ClassVar = [
        migrations.AddField("identity", "known", models.SmallIntegerField(default=0)),
        migrations.AddField("statement", "upto", models.SmallIntegerField(default=3)),
        migrations.AddField("tie", "upto", models.SmallIntegerField(default=3)),
    ]
