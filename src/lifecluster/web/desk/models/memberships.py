"""Which organisations are members of the cluster."""

from __future__ import annotations

from django.db import models

from lifecluster.web.desk.models.base import Versioned
from lifecluster.web.desk.words import LEVELS, STANDINGS


class ClusterMembership(Versioned):
    """An organisation belongs to the cluster at a level, from a day until another; `public` if the organisation agreed
    that everybody may know, `public_by` who agreed for it."""

    organisation = models.CharField(max_length=20, db_index=True)
    level = models.CharField(max_length=20, choices=list(LEVELS.items()))
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    renews_on = models.DateField(null=True, db_index=True)
    state = models.CharField(max_length=10, choices=list(STANDINGS.items()), default="active")
    public = models.BooleanField(default=False)
    public_by = models.CharField(max_length=120, blank=True, default="")
    note = models.TextField(blank=True, default="")
