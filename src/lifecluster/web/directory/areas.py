"""Names of districts and regions and the middles of outward codes, from the tables shipped with the library.

Read without Polars, which processes that only answer pages do without.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("lifecluster.reference").joinpath("areas", f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def district_names() -> dict[str, str]:
    """District -> name."""
    return {row["lad"]: row["name"] for row in _table("authorities")}


@cache
def region_of() -> dict[str, str]:
    """District -> the code of its region, where it has one."""
    return {row["lad"]: row["region"] for row in _table("authorities") if row["region"]}


@cache
def area_names() -> dict[str, str]:
    """Names of districts and of all larger areas, by code."""
    return {row["code"]: row["name"] for row in _table("names")} | district_names()


@cache
def authorities() -> list[dict[str, str]]:
    """Active authorities: lad, name and the codes of the areas each lies in, empty where there is none."""
    return _table("authorities")


@cache
def outwards() -> list[tuple[int, int, int, str]]:
    """Every outward code of Great Britain: easting and northing of its middle (metres), postcodes, main authority."""
    return [(int(r["easting"]), int(r["northing"]), int(r["n"]), r["lad"]) for r in _table("outwards")]


@cache
def outward_codes() -> dict[str, tuple[int, int]]:
    """The middle of every outward code of Great Britain: easting and northing in metres."""
    return {row["outward"]: (int(row["easting"]), int(row["northing"])) for row in _table("outwards")}


@cache
def outward_districts() -> dict[str, str]:
    """The authority in which most postcodes of every outward code lie."""
    return {row["outward"]: row["lad"] for row in _table("outwards")}
