"""Organisations of the register that a name may mean already: the warning of forms, and where a merge begins."""

from __future__ import annotations

from dataclasses import dataclass

from lifecluster.web.directory import packages
from lifecluster.web.directory.models import Organisation
from lifecluster.web.directory.search import search
from lifecluster.web.directory.show import addresses
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer

LIKELY = 20.0
"""Score (0 to 100) of the linkage from which on two may be one."""
SURE_ENOUGH = 0.5
"""Score (0 to 1) of the search from which on an organisation that is not public is named."""
BY_NAME = "found by its name"
MOST = 8
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Alike:
    """An organisation that may be meant: `score` 0 to 100, `sure` if its rules need no person, `reasons` in words."""

    uid: str
    name: str
    place: str
    score: float
    sure: bool
    reasons: tuple[str, ...]
    url: str


def likely(name: str, postcode: str, viewer: Viewer) -> list[Alike]:
    """Organisations that one called `name` (at `postcode`, or "") may be, the likeliest first; at most MOST.

    Those that everybody may know are scored by the linkage of the reconciliation service; of others, which `viewer` may
    know, those that are found by the name. Raises NoPackageError.
    """
    name = " ".join(name.split())[:LONGEST]
    if len(name) < 2:
        return []
    scored = {found.uid: found for found in _scored(name, postcode.strip()[:12], viewer)}
    for hit in search(name, viewer, limit=MOST):
        if hit.uid not in scored and hit.score >= SURE_ENOUGH:
            scored[hit.uid] = Alike(hit.uid, proper(hit.name), hit.note, LIKELY, sure=False, reasons=(BY_NAME,),
                                    url=addresses.organisation(hit.uid))  # fmt: skip
    return sorted(scored.values(), key=lambda one: (-one.score, one.name, one.uid))[:MOST]


def _scored(name: str, postcode: str, viewer: Viewer) -> list[Alike]:
    from lifecluster.web.api.reconcile import index, matching

    [found] = matching.match([{"name": name, "postcode": postcode}], index.current(), top=MOST)
    rows = Organisation.objects.visible_to(viewer, packages.current()).filter(uid__in=[c.uid for c in found])
    there = {row.uid: row for row in rows.only("uid", "town", "postcode", "name")}
    alike = []
    for one in found:
        row = there.get(one.uid)
        if row is not None and one.score >= LIKELY:
            place = ", ".join(part for part in (row.town, row.postcode) if part)
            alike.append(Alike(one.uid, proper(row.name), place, one.score, one.match, one.reasons,
                               addresses.organisation(one.uid)))  # fmt: skip
    return alike
