"""Who entered a statistic of the atlas and who did not: how many of those that a definition counts, and why not all."""

from __future__ import annotations

from typing import Any

import polars as pl

from lifecluster.atlas.region import LIVE, OFFICE, PLACED, Region, counted
from lifecluster.places.spoken import spoken
from lifecluster.register.definition import SHIPPED, load_definition
from lifecluster.register.package import Package

NO_COMPANY = "no company of theirs is registered in the region"
ENDED = "the company has ended"
HUB = "registered at an address of mass registration, where nobody works"
NO_PLACE = "the place of the registered office is not known"
BEYOND = "outside the areas looked at"
NO_DISTRICT = "the district is not known"


def head(package: Package, definition: str, segment: str | None) -> dict[str, Any]:
    """Region and definition by their titles, and how many organisations the definition counts."""
    region = package.manifest.get("region") or {}
    title = load_definition(definition).title if definition in SHIPPED else definition
    part = None
    if segment is not None and definition in SHIPPED:
        part = next((s.label for s, _ in load_definition(definition).walk() if s.id == segment), segment)
    return {"region_title": str(region.get("title") or package.name), "definition_title": title, "part": part,
            "counted": counted(package, definition, segment).height}  # fmt: skip


def companies(of: Region) -> dict[str, Any]:
    """Of a statistic over companies at their registered offices: counted, entered, and left_out (why, organisations).

    Each organisation that did not enter is under the first reason that holds for all of its companies.
    """
    ids = counted(of.package, of.definition, of.segment)["organisation"]
    mine = of.package.table("universe").filter(pl.col("organisation").is_in(ids.implode()))
    entered = set(of.core.filter("case")["organisation"].to_list())
    live = mine.filter(LIVE)
    real = live.filter(OFFICE)
    placed = real.filter(PLACED)
    left, gone = [], set(ids.to_list()) - entered
    for why, still in ((NO_COMPANY, mine), (ENDED, live), (HUB, real), (NO_PLACE, placed)):
        out = gone - set(still["organisation"].to_list())
        left.append((why, len(out)))
        gone -= out
    left.append((BEYOND, len(gone)))
    return {**head(of.package, of.definition, of.segment), "entered": len(entered), "left_out": _told(left)}


def districts(package: Package, definition: str, segment: str | None) -> dict[str, Any]:
    """Of a statistic over districts: as `companies`, for organisations by where they are."""
    found = head(package, definition, segment)
    ids = counted(package, definition, segment)["organisation"]
    placed = package.table("organisations").filter(pl.col("id").is_in(ids.implode()), pl.col("lad").is_not_null())
    return {**found, "entered": placed.height, "left_out": _told([(NO_DISTRICT, found["counted"] - placed.height)])}


def _told(left: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"why": why, "organisations": n} for why, n in left if n]


def line(found: dict[str, Any]) -> str:
    """The same as a sentence: definition, region, how many of how many, and why not all."""
    part = f", {found['part']}," if found["part"] else ""
    told = (
        f"Under the definition “{found['definition_title']}”{part} {found['entered']:,} of {found['counted']:,} "
        f"organisations of {spoken(found['region_title'])} entered"
    )
    left = "; ".join(f"{one['organisations']:,}: {one['why']}" for one in found["left_out"])
    return f"{told}. Left out: {left}." if left else f"{told}."
