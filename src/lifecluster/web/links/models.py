"""The pairs of a package that wait for a person, as they were when it was loaded; what was judged since is in the log.

Made anew from the package's files whenever a package is shown that was not shown before. Nothing that a person did is
in these tables: a queue is these pairs without those that the log has a judgement on (`queue`).
"""

from __future__ import annotations

from typing import Any

from django.db import models

from lifecluster.policy.visibility import Visibility
from lifecluster.web.directory.viewer import viewer_of

KEY = 16
"""Characters of the key of a pair, which stands in its address."""


class Filled(models.Model):
    """What was filled in for a package (by name): `kept` pairs, and `left_out` that were too many.

    `body`: `limits` of the bands, `moved` and `lost` judgements (see `filling.bound`), numbers
    of live companies by record (`numbers`).
    """

    package = models.CharField(max_length=200, unique=True)
    kept = models.IntegerField()
    left_out = models.IntegerField(default=0)
    body: models.JSONField[Any, Any] = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kept} pairs of {self.package}"


class PairQuerySet(models.QuerySet["Pair"]):
    """Pairs."""

    def visible_to(self, user: object) -> PairQuerySet:
        """Pairs both rows of which `user` may know of."""
        return self.filter(level__lte=int(viewer_of(user).clearance))


class Pair(models.Model):
    """A record and the record that it may be the same as.

    `number` the order of importance, similar pairs together; `bunch` what those have in common, in words ("" where
    there are none); `level` of the less public of the two; `label` what the record is called; `source` where it is
    from, in words; `body` what both say of themselves, the reasons, and how the scorer came to `probability`.
    """

    package = models.CharField(max_length=200)
    number = models.IntegerField()
    key = models.CharField(max_length=KEY)
    record = models.CharField(max_length=250)
    target = models.CharField(max_length=250)
    probability = models.FloatField(null=True)
    level = models.SmallIntegerField(default=int(Visibility.DESK))
    bunch = models.CharField(max_length=200, default="", blank=True)
    label = models.TextField(default="", blank=True)
    source = models.TextField(default="", blank=True)
    body: models.JSONField[Any, Any] = models.JSONField(default=dict)
    objects = PairQuerySet.as_manager()

    class Meta:
        """One of each, and one order."""

        constraints = (
            models.UniqueConstraint(fields=["package", "key"], name="links_pair_once"),
            models.UniqueConstraint(fields=["package", "number"], name="links_pair_order"),
        )

    def __str__(self) -> str:
        return f"{self.record} and {self.target}"
