"""Packages that were loaded, the files they were made from, and every id they know."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lifecluster.web.directory.models.visible import VisibleQuerySet
from lifecluster.web.directory.viewer import viewer_of


class State(models.TextChoices):
    """What a package in the database is: being written, shown, or kept to go back to."""

    LOADING = "loading", "being loaded"
    CURRENT = "current", "shown"
    SUPERSEDED = "superseded", "kept to go back to"


class Package(models.Model):
    """A package. `revision` grows with every change of its rows; `log_seq` is the last entry of the log shown in them;
    `told` grows with every change of what rooms show beside them on pages for everybody (`packages.changed`).

    `before` is the package that was shown when this one was accepted: where a roll-back leads.
    """

    name = models.CharField(max_length=200, unique=True)
    title = models.TextField()
    region = models.JSONField(default=dict)
    at = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices)
    before = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    loaded_at = models.DateTimeField(null=True)
    revision = models.IntegerField(default=0)
    told = models.IntegerField(default=0)
    log_head = models.CharField(max_length=64, default="")
    log_seq = models.IntegerField(default=0)
    sample = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)
    credits = models.JSONField(default=list)

    class Meta:
        """At most one package is shown, and the database itself sees to it."""

        constraints = (
            models.UniqueConstraint(fields=["state"], condition=Q(state="current"), name="directory_one_current"),
        )

    def __str__(self) -> str:
        return self.name


class Manifest(models.Model):
    """The whole manifest of a package, apart because it is large and seldom read."""

    package = models.OneToOneField(Package, models.CASCADE, related_name="manifest", primary_key=True)
    data = models.JSONField()


class SourceFileQuerySet(VisibleQuerySet["SourceFile"]):
    """Files that statements come from."""


class SourceFile(models.Model):
    """A file that statements come from, with the publisher's words on it.

    An edit made in the web app comes from a source of rank `member` without a file. `level`: who may know that there is
    such a source; to all others it is not there.
    """

    package = models.ForeignKey(Package, models.CASCADE, related_name="sources")
    source = models.TextField()
    title = models.TextField()
    publisher = models.TextField(default="")
    rank = models.TextField()
    licence = models.TextField()
    licence_title = models.TextField(default="")
    licence_url = models.TextField(default="")
    attribution = models.TextField(default="")
    url = models.TextField(default="")
    refresh = models.TextField(default="")
    file = models.TextField(default="")
    sha256 = models.TextField(default="")
    observed_on = models.DateField(null=True)
    sample = models.BooleanField(default=False)
    read = models.IntegerField(null=True)
    accepted = models.IntegerField(null=True)
    rejected = models.IntegerField(null=True)
    problems = models.IntegerField(null=True)
    level = models.SmallIntegerField(default=0)
    objects = SourceFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class IdentityQuerySet(models.QuerySet["Identity"]):
    """Ids."""

    def issued_to(self, user: object) -> IdentityQuerySet:
        """Ids of which `user` may know that they were issued."""
        viewer = viewer_of(user)
        return self.filter(Q(known__lte=viewer.clearance) | Q(target__in=sorted(viewer.owned)))

    def leading(self, user: object, package: Package) -> IdentityQuerySet:
        """Ids of a package of which `user` may know where they lead."""
        viewer = viewer_of(user)
        leads = Q(level__lte=viewer.clearance) | Q(target__in=sorted(viewer.owned))
        return self.issued_to(viewer).filter(leads, package=package)


class Identity(models.Model):
    """Every id ever issued: where it leads today, and the name of what it is.

    `status` is live, redirected (to `target`) or absent; `others` are ids split off. `level` is that of what it leads
    to: who may know where it leads and what that is called. `known` is the most public level at which it ever stood
    for something: to all others it was never issued (docs/decisions/0013).
    """

    package = models.ForeignKey(Package, models.CASCADE, db_index=False, related_name="+")
    uid = models.CharField(max_length=20)
    kind = models.CharField(max_length=15)
    status = models.CharField(max_length=10)
    target = models.CharField(max_length=20)
    others = models.JSONField(default=list)
    name = models.TextField(default="")
    sample = models.BooleanField(default=False)
    level = models.SmallIntegerField(default=0)
    known = models.SmallIntegerField(default=0)
    objects = IdentityQuerySet.as_manager()

    class Meta:
        """Looked up by id."""

        constraints = (models.UniqueConstraint(fields=["uid", "package"], name="directory_identity_uid"),)


class Background(models.Model):
    """All companies of the region, counted in squares of one kilometre: the ground of the map.

    `cells`: list of [easting of the lower left corner, northing, companies], in metres.
    """

    package = models.OneToOneField(Package, models.CASCADE, related_name="background", primary_key=True)
    cells = models.JSONField(default=list)
