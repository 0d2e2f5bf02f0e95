"""Titles of packages may be of any length: a profile may name a region in many words."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies: ClassVar = [("directory", "0004_source_level")]
    operations: ClassVar = [
        migrations.AlterField(model_name="package", name="title", field=models.TextField()),
    ]
