"""What could not be taken in, until somebody has dealt with it."""

from __future__ import annotations

from django.db import models

from lifecluster.web.desk.models.base import Versioned


class FailedImport(Versioned):
    """`what` failed (package, upload, bulk), in which `file`, `row` (as its writer counts; "" for the whole file) and
    `field`, in `words`. The same problem that comes again is counted in `times`."""

    at = models.DateTimeField()
    what = models.CharField(max_length=10)
    file = models.CharField(max_length=200)
    row = models.CharField(max_length=40, blank=True, default="")
    field = models.CharField(max_length=60, blank=True, default="")
    words = models.TextField()
    times = models.IntegerField(default=1)
    dealt_at = models.DateTimeField(null=True, db_index=True)
    dealt_by = models.CharField(max_length=64, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")
