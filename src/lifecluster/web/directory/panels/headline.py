"""The numbers of the first sentence, all under one definition: its organisations, their sites, the jobs there."""

from __future__ import annotations

from dataclasses import dataclass

from lifecluster.web.directory import memo
from lifecluster.web.directory.models import Package, Site
from lifecluster.web.directory.search.index import index_of
from lifecluster.web.directory.viewer import ANYBODY

COUNTED = ("yes", "likely")


@dataclass(frozen=True, slots=True)
class Headline:
    """Of the organisations that `definition` (called `title`) counts: `sites` within the region that have not closed;
    `jobs` there, at least and at most (`jobs_high`); `silent` sites of which nobody has stated any."""

    definition: str
    title: str
    sites: int
    jobs: int
    jobs_high: int
    silent: int


def headline(package: Package, definition: str, codes: frozenset[str]) -> Headline:
    """The numbers, worked out once for each state of a package; `codes` are the authorities of the region."""
    return memo.kept("home-headline", package, lambda: _made(package, definition, codes), key=definition)


def _made(package: Package, definition: str, codes: frozenset[str]) -> Headline:
    index = index_of(package, ANYBODY)
    inside = 0
    for value in COUNTED:
        inside |= index.members(f"counted:{definition}", value)
    inside &= index.live
    counted = {uid for number, uid in enumerate(index.uids) if inside >> number & 1}
    rows = Site.objects.visible_to(ANYBODY, package).filter(live=True, lad__in=codes)
    sites = [row for row in rows.values_list("organisation", "jobs", "jobs_low", "jobs_high") if row[0] in counted]
    low = [jobs if least is None else least for _, jobs, least, _ in sites if jobs is not None]
    high = [jobs if most is None else most for _, jobs, _, most in sites if jobs is not None]
    title = str(memo.definitions(package)[definition]["title"])
    return Headline(definition, title, len(sites), round(sum(low)), round(sum(high)), len(sites) - len(low))
