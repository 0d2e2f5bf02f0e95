"""Which record is of what, where ids come from, and what merges and splits changed."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """See the module."""

    dependencies: ClassVar = [
        ("directory", "0006_package_told"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Regrouped",
            fields=[
                (
                    "package",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="directory.package",
                    ),
                ),
                ("entries", models.JSONField(default=list)),
                ("written", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Kept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=15)),
                ("uid", models.CharField(max_length=20)),
                ("body", models.JSONField(default=dict)),
                (
                    "package",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.package",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("package", "kind", "uid"), name="directory_kept_uid")],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.CharField(max_length=20)),
                ("events", models.JSONField(default=list)),
                ("shapes", models.JSONField(default=list)),
                (
                    "package",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.package",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("package", "uid"), name="directory_lineage_uid")],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.TextField()),
                ("kind", models.CharField(max_length=15)),
                ("uid", models.CharField(max_length=20)),
                ("live", models.BooleanField(default=True)),
                ("number", models.TextField(default="")),
                (
                    "package",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="directory.package",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["package", "uid"], name="directory_member_uid")],
                "constraints": [models.UniqueConstraint(fields=("package", "record"), name="directory_member_record")],
            },
        ),
    ]
