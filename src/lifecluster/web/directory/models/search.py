"""What searching rests on: facets, texts, the words in them. Derived from the other tables, never edited by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from lifecluster.web.directory.loading.facets import COUNTED
from lifecluster.web.directory.models.visible import Visible
from lifecluster.web.directory.viewer import viewer_of

if TYPE_CHECKING:
    from lifecluster.web.directory.models.package import Package


class Facet(Visible):
    """`value` of `facet` for the organisation with `number`, for readers whose clearance is `level` to `upto`.

    `until`: the last day on which it holds (a licence that runs out), null where it does not end.
    """

    number = models.IntegerField()
    facet = models.CharField(max_length=70)
    value = models.CharField(max_length=200)
    upto = models.SmallIntegerField(default=3)
    until = models.DateField(null=True)

    class Meta:
        """By facet and value, and by organisation for a change of one."""

        indexes = (
            models.Index(fields=["package", "facet", "value"], name="directory_facet_value"),
            models.Index(fields=["package", "number"], name="directory_facet_number"),
        )


class FacetLabelQuerySet(models.QuerySet["FacetLabel"]):
    """Labels."""

    def visible_to(self, user: object, package: Package) -> FacetLabelQuerySet:
        """Labels of the values that a row which `user` may see has, as a label would tell that there is one; and of how
        certain an organisation is, as every definition has these.

        A row that gives way to another above its level, or whose day is past, still counts: such values stand in lines.
        """
        level = int(viewer_of(user).clearance)
        same = {"package": OuterRef("package"), "facet": OuterRef("facet"), "value": OuterRef("value")}
        there = Exists(Facet.objects.filter(**same, level__lte=level))
        return self.filter(Q(there) | Q(facet__startswith=f"{COUNTED}:"), package=package)


class FacetLabel(models.Model):
    """What a value of a facet is called, and where it stands among the others. Of the values of all levels: read it
    through `visible_to`."""

    package = models.ForeignKey("directory.Package", models.CASCADE, related_name="+")
    facet = models.CharField(max_length=70)
    value = models.CharField(max_length=200)
    label = models.CharField(max_length=300)
    parent = models.CharField(max_length=200, default="")
    position = models.IntegerField(default=0)
    objects = FacetLabelQuerySet.as_manager()


class Document(models.Model):
    """The words of an organisation that readers of `level` and above may find it by, folded.

    `id` is made of package, level and number (`document_id`), so that a range of ids is one level of one package.
    """

    id = models.BigIntegerField(primary_key=True)
    package = models.ForeignKey("directory.Package", models.CASCADE, related_name="+")
    text = models.TextField()


NUMBER_BITS, LEVEL_BITS = 24, 4


def document_id(package: int, level: int, number: int) -> int:
    """The id of the text of organisation `number` at `level`."""
    return (package << LEVEL_BITS | level) << NUMBER_BITS | number


class Lexicon(models.Model):
    """The words that readers of `level` may find, most frequent first: what a slip of the hand is compared with."""

    package = models.ForeignKey("directory.Package", models.CASCADE, related_name="+")
    level = models.SmallIntegerField(default=0)
    words = models.TextField()
