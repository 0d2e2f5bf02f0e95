"""Organisations, sites, groups, what they hold, segments, statements."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lifecluster.web.directory.models.visible import Visible, VisibleQuerySet


class Organisation(Visible):
    """An organisation as it is shown at its own level (nearly always public).

    `data` is the whole row: shown values of the vocabulary and computed columns; what is unknown is left out.
    `number` is its place among the names of its package, and its bit in the search index. `revision` is the revision
    of the package at which the row last changed.
    """

    OWNED_BY: ClassVar[str] = "uid"
    uid = models.CharField(max_length=20)
    number = models.IntegerField()
    name = models.TextField()
    slug = models.CharField(max_length=80)
    town = models.TextField(default="")
    postcode = models.CharField(max_length=12, default="")
    lad = models.TextField(default="")
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    place_quality = models.CharField(max_length=12, default="")
    employees = models.BigIntegerField(null=True)
    size = models.CharField(max_length=10)
    live = models.BooleanField()
    ended_on = models.DateField(null=True)
    company_number = models.TextField(default="")
    observed_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    records = models.IntegerField(default=0)
    sites_count = models.IntegerField(default=0)
    sample = models.BooleanField(default=False)
    revision = models.IntegerField(default=0)
    summary = models.JSONField(default=dict)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        """By uid, and by number within a package."""

        constraints = (
            models.UniqueConstraint(fields=["package", "uid"], name="directory_organisation_uid"),
            models.UniqueConstraint(fields=["package", "number"], name="directory_organisation_number"),
        )

    def __str__(self) -> str:
        return self.name


class Site(Visible):
    """A place where an organisation works."""

    OWNED_BY: ClassVar[str] = "organisation"
    uid = models.CharField(max_length=20)
    organisation = models.TextField()
    name = models.TextField(default="")
    town = models.TextField(default="")
    postcode = models.CharField(max_length=12, default="")
    lad = models.TextField(default="")
    easting = models.IntegerField(null=True)
    northing = models.IntegerField(null=True)
    place_quality = models.CharField(max_length=12, default="")
    jobs = models.FloatField(null=True)
    jobs_low = models.FloatField(null=True)
    jobs_high = models.FloatField(null=True)
    jobs_method = models.CharField(max_length=30, default="")
    live = models.BooleanField(default=True)
    ended_on = models.DateField(null=True)
    sample = models.BooleanField(default=False)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        """By uid, by organisation, by postcode."""

        constraints = (models.UniqueConstraint(fields=["package", "uid"], name="directory_site_uid"),)
        indexes = (
            models.Index(fields=["package", "organisation"], name="directory_site_holder"),
            models.Index(fields=["package", "postcode"], name="directory_site_postcode"),
        )

    def __str__(self) -> str:
        return self.name or self.town or self.uid


class Group(Visible):
    """An owner of several organisations."""

    uid = models.CharField(max_length=20)
    name = models.TextField(default="")
    sample = models.BooleanField(default=False)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        """By uid."""

        constraints = (models.UniqueConstraint(fields=["package", "uid"], name="directory_group_uid"),)

    def __str__(self) -> str:
        return self.name


class Thing(Visible):
    """What an organisation holds, wins or runs: licence, award, contract, trial, collaboration, product, vacancy, need,
    offer. One table: what differs between the kinds is in `data`, under the names of the vocabulary.
    """

    uid = models.CharField(max_length=20)
    kind = models.CharField(max_length=15)
    title = models.TextField(default="")
    state = models.TextField(default="")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    live = models.BooleanField(default=True)
    sample = models.BooleanField(default=False)
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        """By uid and by kind."""

        constraints = (models.UniqueConstraint(fields=["package", "uid"], name="directory_thing_uid"),)
        indexes = (models.Index(fields=["package", "kind"], name="directory_thing_kind"),)

    def __str__(self) -> str:
        return self.title or self.uid


class Tie(Visible):
    """Which organisation (or site) has which part in a thing: `role` is holder, partner, buyer, held_at.

    `upto`: the last level at which it reads so; above it another row names what the register has for the party.
    """

    UPTO: ClassVar[bool] = True
    upto = models.SmallIntegerField(default=3)
    party = models.TextField()
    thing = models.CharField(max_length=20)
    kind = models.CharField(max_length=15)
    role = models.CharField(max_length=10)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        """From either end."""

        indexes = (
            models.Index(fields=["package", "party"], name="directory_tie_party"),
            models.Index(fields=["package", "thing"], name="directory_tie_thing"),
        )


class Segment(Visible):
    """An organisation under a definition: `segment` empty is the definition as a whole; `state` yes, no, unknown."""

    OWNED_BY: ClassVar[str] = "organisation"
    organisation = models.TextField()
    definition = models.CharField(max_length=50)
    segment = models.CharField(max_length=60, default="")
    role = models.CharField(max_length=20, default="")
    probability = models.FloatField(null=True)
    state = models.CharField(max_length=10)
    vintage = models.CharField(max_length=20, default="")
    evidence: models.JSONField[Any, Any] = models.JSONField(default=list)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        """By organisation, most probable first."""

        indexes = (models.Index(fields=["package", "organisation"], name="directory_segment_of"),)


class Statement(Visible):
    """One value with its evidence. `sid` is its content hash; `place` its rank among the values of the same property.
    A value that leads to what is less public than itself stands twice: up to the level `upto` as the source has it,
    above it as what it leads to.

    `file` names the SourceFile (source, licence, snapshot); `edit` marks those that come from the log of this web app.
    """

    OWNED_BY: ClassVar[str] = "owner"
    AGGREGATES: ClassVar[bool] = True
    UPTO: ClassVar[bool] = True
    upto = models.SmallIntegerField(default=3)
    sid = models.CharField(max_length=32)
    subject = models.CharField(max_length=20)
    kind = models.CharField(max_length=15)
    property = models.CharField(max_length=30)
    value = models.TextField()
    original = models.TextField(null=True)  # null: as read; an empty text is a value
    file = models.ForeignKey("directory.SourceFile", models.DO_NOTHING, db_index=False,
                             db_constraint=False, related_name="+")  # fmt: skip
    record = models.TextField()
    locator = models.TextField(default="")
    observed_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    aggregate_only = models.BooleanField(default=False)
    owner = models.TextField(default="")
    consent = models.TextField(default="")
    sample = models.BooleanField(default=False)
    place = models.IntegerField(default=0)
    edit = models.BooleanField(default=False)
    objects = VisibleQuerySet.as_manager()

    class Meta:
        """By subject, and by content hash."""

        indexes = (
            models.Index(fields=["package", "subject"], name="directory_statement_subject"),
            models.Index(fields=["sid"], name="directory_statement_sid"),
        )
