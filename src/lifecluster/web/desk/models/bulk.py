"""One property changed of many organisations at once."""

from __future__ import annotations

from typing import Any

from django.db import models

from lifecluster.web.desk.models.base import Versioned


class BulkEdit(Versioned):
    """A batch: `rows` are [id, value before, value after, id of the proposal's entry]; what was done is in the log."""

    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    query = models.TextField()
    property = models.CharField(max_length=40)
    how = models.CharField(max_length=10)
    value: models.JSONField[Any, Any] = models.JSONField()
    why = models.TextField()
    rows: models.JSONField[Any, Any] = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True, default="")
