"""Reading what a reader may see: one method for all tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q

from lifecluster.web.directory.viewer import viewer_of

if TYPE_CHECKING:
    from lifecluster.web.directory.models.package import Package

M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M]):
    """Rows of the register."""

    def visible_to(self, user: object, package: Package | None = None) -> Self:
        """Rows of the current package (or of `package`) that `user` may see.

        The rule is `lifecluster.policy.visibility.may_see`: the level of a row is at most the reader's clearance, or
        the row is the reader's own organisation's. What is only to be counted is never here: it is in no row but its
        statement, and that is left out unless it is the reader's own.
        """
        viewer = viewer_of(user)
        # A clearance is never that of an owner, so this leaves out what is the owner's alone.
        seen: dict[str, Any] = {"level__lte": int(viewer.clearance)}
        if getattr(self.model, "AGGREGATES", False):
            seen["aggregate_only"] = False
        within: dict[str, Any] = {"package": package} if package else {"package__state": "current"}
        if getattr(self.model, "UPTO", False):
            within["upto__gte"] = int(viewer.clearance)
        own = getattr(self.model, "OWNED_BY", "")
        if own and viewer.owned:
            theirs = Q(**{f"{own}__in": sorted(viewer.owned)})
            return self.filter(Q(**seen) | theirs, **within)
        return self.filter(**seen, **within)


class Visible(models.Model):
    """A row of a package with a level of visibility.

    `OWNED_BY`: the column with the organisation whose own it is; `AGGREGATES`: whether rows may be only to be counted;
    `UPTO`: whether a row gives way, above a level, to one that tells more.
    """

    OWNED_BY: ClassVar[str] = ""
    AGGREGATES: ClassVar[bool] = False
    UPTO: ClassVar[bool] = False
    package = models.ForeignKey("directory.Package", models.CASCADE, db_index=False, related_name="+")
    level = models.SmallIntegerField(default=0)

    class Meta:
        """Only the base of others."""

        abstract = True
