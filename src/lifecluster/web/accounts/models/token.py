"""Tokens: keys that a person makes for programs of theirs. Only a hash is kept; the prefix tells one from another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q


class TokenQuerySet(models.QuerySet["Token"]):
    """Tokens."""

    def live(self, moment: datetime) -> TokenQuerySet:
        """Those that open something at a moment: neither revoked nor past their day."""
        return self.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment), expires_at__gt=moment)


class Token(models.Model):
    """A key for programs of `person`, called `name` by them.

    `prefix` is public and found by; `digest` the hash of the secret; `scopes` names of permissions, the most that it
    may; `second_step`: made in a session begun with one, so that roles which ask for it count. `last_used_on`: a day,
    no more is kept.
    """

    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    scopes: models.JSONField[Any, Any] = models.JSONField(default=list)
    second_step = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    objects: Any = TokenQuerySet.as_manager()
