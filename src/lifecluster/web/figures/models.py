"""Two tables: the records of claims, which are only ever added to, and what pages show of them for a package."""

from __future__ import annotations

from typing import Any

from django.db import models

from lifecluster.web.directory.models.only_added import OnlyAdded, OnlyAddedQuerySet

COMPUTED, PUBLISHED = "computed", "published"
SHORT = 12
"""Characters of a record's id that stand in the address of its publication."""


class RecordQuerySet(OnlyAddedQuerySet["ClaimRecord"]):
    """Records."""

    def latest_of(self, claim: str, region: str) -> ClaimRecord | None:
        """The newest computation of a claim about a region."""
        return self.filter(kind=COMPUTED, claim=claim, region=region).order_by("-number").first()


class ClaimRecord(OnlyAdded):
    """One entry of the history of claims, as `lifecluster.figures.history` writes it (`body` is its JSON).

    `entry` is its id, the hash of the rest; `kind` computed or published; `record` of a publication: the id of the
    computation it freezes. Computations hold rows that are not for everybody: pages read `ClaimResult`.
    """

    WHAT = "records of claims are"
    number = models.BigAutoField(primary_key=True)
    entry = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=10)
    claim = models.CharField(max_length=100)
    region = models.CharField(max_length=100)
    record = models.CharField(max_length=64, default="", db_index=True)
    at = models.DateField()
    body = models.TextField()
    objects = RecordQuerySet.as_manager()

    class Meta:
        """A computation is published once."""

        indexes = (models.Index(fields=["claim", "region", "kind"], name="figures_record_claim"),)
        constraints = (
            models.UniqueConstraint(
                fields=["record"], condition=models.Q(kind=PUBLISHED), name="figures_record_published_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.claim} {self.entry[:SHORT]}"


class ClaimResult(models.Model):
    """What pages and API show of a claim under a package (by name): `body` holds what is public and nothing else.

    Made anew at will from the package's files; see `computing`.
    """

    package = models.CharField(max_length=200)
    claim = models.CharField(max_length=100)
    record = models.ForeignKey(ClaimRecord, models.PROTECT, related_name="+")
    body: models.JSONField[Any, Any] = models.JSONField()

    class Meta:
        """One for each claim and package."""

        constraints = (models.UniqueConstraint(fields=["package", "claim"], name="figures_result_once"),)

    def __str__(self) -> str:
        return f"{self.claim} of {self.package}"
