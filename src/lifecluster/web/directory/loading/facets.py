"""The facets of an organisation: what a reader can narrow the directory down by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from lifecluster.register import answer

if TYPE_CHECKING:  # it brings Polars, which pages that read do without
    from lifecluster.web.directory.loading.register import Family, Row

SIZES = (("0-9", 0, 9), ("10-49", 10, 49), ("50-249", 50, 249), ("250+", 250, None))
"""Bands of employees: micro, small, medium, large (Companies Act 2006, sections 384A and 465, head count alone)."""
UNKNOWN = "unknown"
OVER = frozenset(
    {
        "expired",
        "surrendered",
        "suspended",
        "revoked",
        "withdrawn",
        "closed",
        "ended",
        "filled",
        "met",
        "terminated",
        "cancelled",
    }
)
"""States of a thing that is no longer so."""
EXCERPT = 400
"""Characters of a description in a line of a list."""
SEGMENT, COUNTED = "segment", "counted"
CERTAINTIES = ("yes", "likely", "unlikely", "unknown", "no")
"""What a definition says of an organisation: `yes` from 0.95, `likely` from 0.5, `unlikely` above 0.05, `no` else;
`unknown` where there is no probability. Packages, the command line and pages count `yes` and `likely`."""
FACETS = (
    COUNTED,
    SEGMENT,
    "place",
    "size",
    "capability",
    "licence",
    "ownership",
    "mission",
    "member",
    "activity",
    "type",
    "facility",
)


class Mark(NamedTuple):
    """One value of a facet; `until` the last day on which it holds (ISO), empty where it has no end."""

    facet: str
    value: str
    until: str = ""


def size_of(employees: float | None) -> str:
    """The band of a head count."""
    if employees is None:
        return UNKNOWN
    return next(name for name, low, high in SIZES if low <= employees and (high is None or employees <= high))


def is_live(kind: str, row: Row) -> bool:
    """Whether a thing is not over, by its state alone; its dates are compared with the day it is looked at."""
    return row.get("state") not in OVER and not (kind == "site" and row.get("closed_on"))


def facets(family: Family, regions: dict[str, str]) -> set[Mark]:
    """All values of all facets for one organisation; `regions` maps a district to its region."""
    row = family.organisation
    open_sites = [site for site in family.sites if is_live("site", site)]
    found = {Mark("size", size_of(row.get("employees")))}
    found |= {Mark("capability", v) for v in _all("capability", row, *open_sites)}
    found |= {Mark("activity", v) for v in _all("activity", row, *open_sites)}
    found |= {Mark("mission", v) for v in row.get("mission", ())}
    found |= {Mark("member", v) for v in row.get("member_of", ())}
    found |= {Mark("type", v) for v in row.get("organisation_type", ())}
    found |= {Mark("place", v) for v in _places(row, open_sites, regions)}
    if row.get("ownership"):
        found.add(Mark("ownership", row["ownership"]))
    found |= {Mark("facility", thing["facility_type"]) for kind, thing in family.things
              if kind == "facility" and "facility_type" in thing and is_live(kind, thing)}  # fmt: skip
    found |= set(_licences(family))
    found |= set(_classes(family))
    return found


def _all(prop: str, *rows: Row) -> Iterator[str]:
    for row in rows:
        yield from row.get(prop, ())


def _places(row: Row, sites: Iterable[Row], regions: dict[str, str]) -> set[str]:
    """Districts where it works, else the one it is placed in; and the regions of these."""
    lads = {site["lad"] for site in sites if "lad" in site} or ({row["lad"]} if "lad" in row else set())
    return lads | {regions[lad] for lad in lads if lad in regions}


def _licences(family: Family) -> Iterator[Mark]:
    """Types of licences held, each to the latest day on which one of that type runs out."""
    latest: dict[str, str] = {}
    for kind, thing in family.things:
        if kind == "licence" and "licence_type" in thing and is_live(kind, thing):
            name, end = thing["licence_type"], thing.get("ends_on", "")
            known = latest.get(name)
            latest[name] = end if known is None else "" if not (known and end) else max(known, end)
    yield from (Mark("licence", name, end) for name, end in latest.items())


def _classes(family: Family) -> Iterator[Mark]:
    """Under each definition: how certain it is as a whole, and the segments it is in. What is left is "no"."""
    for row in family.segments:
        said = certainty(row)
        if "segment" not in row:
            if said != "no":
                yield Mark(f"{COUNTED}:{row['definition']}", said)
        elif said in {"yes", "likely"}:
            yield Mark(f"{SEGMENT}:{row['definition']}", row["segment"])


def certainty(row: Row) -> str:
    """Which of CERTAINTIES a row of the segments is."""
    return answer.certainty(str(row["state"]), row.get("probability"))


def summary(family: Family) -> dict[str, object]:
    """What a line of a list says beside the name: description, current licences, segments, capabilities, activities."""
    segments: dict[str, list[str]] = {}
    for row in family.segments:
        if "segment" in row and certainty(row) in {"yes", "likely"}:
            segments.setdefault(row["definition"], []).append(row["segment"])
    open_sites = [site for site in family.sites if is_live("site", site)]
    row = family.organisation
    return {
        "description": row.get("description", "")[:EXCERPT], "types": row.get("organisation_type", []),
        "licences": [[mark.value, mark.until] for mark in sorted(_licences(family))],
        "segments": segments,
        "capabilities": sorted(set(_all("capability", family.organisation, *open_sites))),
        "activities": sorted(set(_all("activity", family.organisation, *open_sites))),
    }  # fmt: skip
