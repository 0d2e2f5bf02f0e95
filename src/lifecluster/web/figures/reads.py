"""Reading claims: pages and API call these and nothing else. Plain values; nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from lifecluster.errors import LifeclusterError
from lifecluster.places.spoken import spoken
from lifecluster.web.directory.computed import touched
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.reads import current
from lifecluster.web.figures.models import PUBLISHED, SHORT, ClaimRecord, ClaimResult

__all__ = [
    "Claims",
    "NoSuchClaimError",
    "claims",
    "current",
    "current_result",
    "publication",
    "publications",
    "touched",
]
WORDS = ("true", "true only for", "false", "cannot tell", "no verdict")


class NoSuchClaimError(LifeclusterError, Http404):
    """No claim of this name, or no publication of this address."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of the package that is shown, by name; empty where they were not computed yet."""

    package: Package
    results: tuple[ClaimResult, ...]

    @property
    def region(self) -> str:
        """What the region is called in a sentence."""
        said = self.results[0].body["result"]["region_title"] if self.results else self.package.region.get("title")
        return spoken(str(said or "the region"))

    @property
    def counts(self) -> dict[str, int]:
        """How many claims have each verdict, in the order of WORDS."""
        words = [one.body["result"]["word"] for one in self.results]
        return {word: words.count(word) for word in WORDS}


def claims() -> Claims:
    """All claims, two queries. Raises NoPackageError."""
    package = current()
    found = ClaimResult.objects.filter(package=package.name)
    return Claims(package, tuple(sorted(found, key=lambda one: one.claim)))  # databases order text each in their way


def current_result(name: str) -> ClaimResult:
    """A claim of the package that is shown, with its record. Raises NoSuchClaimError, NoPackageError."""
    found = ClaimResult.objects.select_related("record").filter(package=current().name, claim=name).first()
    if found is None:
        raise NoSuchClaimError(f"there is no claim {name[:60]!r} among those computed here")
    return found


def publications(name: str) -> list[ClaimRecord]:
    """What was published of a claim, newest first."""
    return list(ClaimRecord.objects.filter(kind=PUBLISHED, claim=name).order_by("-number"))


def publication(name: str, short: str) -> dict[str, Any]:
    """A publication by the claim's name and the hash in its address, whole or its first 12 characters.

    It is as it was published, whatever package is shown. Raises NoSuchClaimError.
    """
    found = None
    if len(short) >= SHORT:
        found = ClaimRecord.objects.filter(kind=PUBLISHED, claim=name, record__startswith=short).first()
    if found is None:
        raise NoSuchClaimError("nothing was published under this address")
    return found.content
