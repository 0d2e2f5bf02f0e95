"""Reading the atlas: pages, downloads and API call these and nothing else. Nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from lifecluster.errors import LifeclusterError
from lifecluster.web.atlas.models import OVERVIEW, SHORT, AtlasPublication, AtlasResult
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.reads import current
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import ANYBODY


class NoSuchPartError(LifeclusterError, Http404):
    """The atlas that is shown has no such part."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the atlas with the package it was computed from, which is the one that is shown."""

    package: Package
    kind: str
    key: str
    body: dict[str, Any]


def overview() -> Part | None:
    """The overview of the package that is shown; None where its atlas is not computed yet. Raises NoPackageError."""
    package = current()
    found = AtlasResult.objects.filter(package=package.name, kind=OVERVIEW).first()
    return None if found is None else Part(package, OVERVIEW, "", found.body)


def part(kind: str, key: str = "") -> Part:
    """A part of the package that is shown. Raises NoSuchPartError, NoPackageError."""
    package = current()
    found = AtlasResult.objects.filter(package=package.name, kind=kind, key=key).first()
    if found is None:
        why = "" if key else missing(kind)
        raise NoSuchPartError(
            f"the atlas that is shown here has no {kind} {key[:60]}".rstrip() + f": {why}" * bool(why)
        )
    return Part(package, kind, key, found.body)


def missing(kind: str) -> str:
    """Why the atlas that is shown has no part of a kind of which there is one; empty where it has. Raises
    NoPackageError."""
    whole = overview()
    if whole is None or kind == OVERVIEW or kind in whole.body["parts"]:
        return ""
    why: str = whole.body.get("why", {}).get(kind, "")
    return why or "what it is computed from is not in the register that is shown"


def publication(short: str) -> AtlasPublication:
    """What was published under the first 12 characters of its id, or all. Raises NoSuchPartError."""
    found = AtlasPublication.objects.filter(entry__startswith=short).first() if len(short) >= SHORT else None
    if found is None:
        raise NoSuchPartError("nothing of the atlas was published under this address")
    return found


def publications(kind: str, key: str) -> list[AtlasPublication]:
    """What was published of a part, newest first."""
    return list(AtlasPublication.objects.filter(kind=kind, key=key).order_by("-number"))


def names(package: Package, uids: list[str]) -> dict[str, str]:
    """Names of organisations that everybody may see, as pages write them."""
    rows = Organisation.objects.visible_to(ANYBODY, package).filter(uid__in=uids).values_list("uid", "name")
    return {uid: proper(name) for uid, name in rows}
