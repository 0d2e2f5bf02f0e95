"""What the atlas found in words for people who are no statisticians; the figures behind it follow in brackets."""

from __future__ import annotations

from typing import Any

import polars as pl

from lifecluster.places.spoken import spoken
from lifecluster.register.package import Package

QUOTIENT = (
    "2.0 times: the area's share of the organisations that count is twice its share of all companies; how many it has"
    " stands in brackets. Named are "
    "areas where chance alone would not do it (false discovery rate of 5 %)."
)
RANKS = (
    "expected: the probabilities of all organisations added up; 95 %: its interval, of classification. The rank is "
    "that of the expected number; areas that are this close may stand the other way round."
)
CURVES = {
    "clustered": "lie nearer to each other than companies there do in general",
    "spread out": "lie farther apart than companies there do in general",
    "both": "lie nearer to each other than companies there do in general, and at other distances farther apart",
    "no different from chance": "lie no nearer to each other and no farther apart than companies there do in general",
}
KINDS = {"specialised": "more of one segment than elsewhere", "diverse": "more mixed than elsewhere",
         "collaborating": "works together more than elsewhere"}  # fmt: skip


def curve(found: dict[str, Any], who: dict[str, Any]) -> str:
    """The first line on a curve: clustered, spread out, or neither."""
    return f"{_who(who)} {CURVES[found['verdict']]}."


def _who(who: dict[str, Any]) -> str:
    part = f" under {who['part']}" if who["part"] else ""
    return f"The organisations counted{part} in {spoken(who['region_title'])}"


def quotients(found: dict[str, Any], who: dict[str, Any]) -> str:
    """The first line on location quotients: how many areas have more than their share."""
    sure = [sum(row["q"] is not None and row["q"] <= 0.05 and row["value"] > 1 for row in one["areas"])
            for one in found["geographies"]]  # fmt: skip
    parts = [f"{n} of {len(one['areas'])} {_many(one['geography'])}"
             for n, one in zip(sure, found["geographies"], strict=True)]  # fmt: skip
    return f"{_who(who)} are more frequent than chance explains in {' and '.join(parts)}."


def _many(geography: str) -> str:
    return geography.removesuffix("y") + "ies" if geography.endswith("y") else f"{geography}s"


def quotient(row: dict[str, Any]) -> str:
    """One area: how many times its share."""
    return f"{row['area']} {row['value']:.1f} times ({row['n']:,})"


def spots(found: dict[str, Any], who: dict[str, Any]) -> str:
    """The first line on hot spots: how many there are."""
    n = len(found["clusters"])
    if not n:
        return f"{_who(who)} are nowhere more crowded than chance may put them."
    return f"{_who(who)} crowd together in {n} {'place' if n == 1 else 'places'}, more than chance explains."


def spot(one: dict[str, Any]) -> str:
    """One hot spot: how many are there instead of how many, how large it is, how sure, what kind."""
    size = "at one point" if one["radius"] < 1 else f"within {one['radius'] / 1000:.1f} km"
    east, north = one["centre"]
    again = f"found again in {round(one['stability'] * one['variants'])} of {one['variants']} variants"
    kinds = "".join(f"; {KINDS[kind]}" for kind in one["kinds"])
    return (
        f"{one['observed']:,} organisations {size}, where {one['expected']:.1f} would be usual{kinds} "
        f"(p = {one['p']:.2g}, {again}; middle at {east:.0f}, {north:.0f} of the National Grid)"
    )


def net(found: dict[str, Any], package: Package) -> tuple[str, ...]:
    """A network: that there are groups or not, who entered, and who stands between others."""
    organisations = package.table("organisations")
    every = organisations.filter(pl.col("live").fill_null(True)) if "live" in organisations.columns else organisations
    region = spoken(str((package.manifest.get("region") or {}).get("title") or package.name))
    p, groups = found["modularity"]["p"], len(found["communities"])
    sure = p is not None and p <= 0.05
    told = f"fall into {groups} groups that work with each other more than with others" if sure else (
        "work with each other without clear groups")  # fmt: skip
    left = every.height - found["organisations"]
    first = f"Organisations that work together in {region} {told}."
    size = (
        f"{found['organisations']:,} organisations with {found['links']:,} links entered, under no definition: all of "
        f"the register that share an award, contract, trial or collaboration. The register has {every.height:,}"
        + (f"; for {left:,} no partner is known." if left > 0 else ".")
    )
    figures = f"How far apart the groups are: modularity {found['modularity']['value']:.2f}, p = {p}."
    names = [f"{one['name'] or one['organisation']} ({one['links']} links)" for one in found["brokers"][:5]]
    return (first, size, figures, *([f"Those who stand between the groups: {'; '.join(names)}."] if names else []))


def side_by_side(found: dict[str, Any]) -> str:
    """The first line on areas side by side: who comes first, and whether that is sure."""
    rows = found["regions"]
    if not rows:
        return "No area has any organisation that counts."
    first = rows[0]
    low, high = (int(rank) for rank in first["ranks"])
    sure = "clearly the first" if low == high == 1 else f"though with 95 % it may be anything down to rank {high}"
    return f"{first['area']} has the most organisations that count, {first['value']:,.0f}: {sure}."
