"""What people may do: roles given to a person, and organisations a person belongs to. Both begin and end."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)


class SpanQuerySet(models.QuerySet[M]):
    """Rows that hold from a moment on, and perhaps until another."""

    def at(self, moment: datetime) -> SpanQuerySet[M]:
        """Those that hold at a moment: begun, and not ended."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment), begins_at__lte=moment)


class Span(models.Model):
    """From `begins_at` until `ends_at` (None: until further notice); `given_by` the opaque name of who gave it, `why`
    in words that name no person."""

    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.CharField(max_length=64)
    why = models.TextField()

    class Meta:
        """Only the base of others."""

        abstract = True


class GrantQuerySet(SpanQuerySet["Grant"]):
    """Roles given."""


class Grant(Span):
    """A role of `lifecluster.policy.roles`, by its name, given to a person."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="grants")
    role = models.CharField(max_length=30)
    objects: Any = GrantQuerySet.as_manager()


class MembershipQuerySet(SpanQuerySet["Membership"]):
    """Who belongs where."""


class Membership(Span):
    """A person works for an organisation of the register (by its id); an administrator also speaks for it."""

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="memberships")
    organisation = models.CharField(max_length=20, db_index=True)
    administrator = models.BooleanField(default=False)
    objects: Any = MembershipQuerySet.as_manager()
