"""One table of what pages show of the atlas for a package, and one of what was published, which is only added to."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import models

from lifecluster.web.directory.models.only_added import OnlyAdded, OnlyAddedQuerySet

OVERVIEW, SEGMENT, CLUSTER, AREAS, BENCHMARK, NETWORK = (
    "overview", "segment", "cluster", "areas", "benchmark", "network",
)  # fmt: skip
SHORT = 12
"""Characters of a publication's id that stand in its address."""


def entry_of(body: Any) -> str:
    """Id of a result: the hash of all it says, its recipe included."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class AtlasResult(models.Model):
    """One part of the atlas of a package (by name): `kind` with its `key`, in the order of `number`.

    `body` holds public values only, organisations by id alone; made anew at will from the package's files.
    """

    package = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=100, default="", blank=True)
    number = models.IntegerField()
    body: models.JSONField[Any, Any] = models.JSONField()

    class Meta:
        """One for each part and package."""

        constraints = (models.UniqueConstraint(fields=["package", "kind", "key"], name="atlas_result_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key} of {self.package}".replace("  ", " ")


class AtlasPublication(OnlyAdded):
    """A part of the atlas as it was when somebody published it: `entry` the hash of `body`, in its address."""

    WHAT = "publications of the atlas are"
    number = models.BigAutoField(primary_key=True)
    entry = models.CharField(max_length=64, unique=True)
    package = models.CharField(max_length=200)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=100, default="", blank=True)
    at = models.DateField()
    note = models.TextField(default="", blank=True)
    body = models.TextField()
    objects = OnlyAddedQuerySet["AtlasPublication"].as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.entry[:SHORT]}"
