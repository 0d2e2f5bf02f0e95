"""What was done to people's accounts and rights: who, what, before, after, why. The database itself refuses changes."""

from __future__ import annotations

from typing import Any

from django.db import models

from lifecluster.web.directory.models.only_added import OnlyAdded, OnlyAddedQuerySet


class AuditQuerySet(OnlyAddedQuerySet["AuditRow"]):
    """Rows of the audit."""


class AuditRow(OnlyAdded):
    """One act. `actor` and `subject` are opaque names, so that a person can go and the audit can stay.

    `body`: JSON with `before`, `after`, `why` and, where the act came by one, the public prefix of the `token`; of what
    is about a person it says that it changed, not what it is.
    Triggers of the database refuse to change or remove a row (migrations 0002 and 0003); a migration that rebuilds this
    table on SQLite must lay them again.
    """

    WHAT = "the audit is"
    at = models.DateTimeField()
    actor = models.CharField(max_length=64, db_index=True)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, db_index=True)
    body = models.TextField()
    objects: Any = AuditQuerySet.as_manager()
