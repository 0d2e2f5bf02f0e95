"""The places that claims speak of: profiles, regions, ITL areas, Great Britain; and the leagues they are ranked in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.places.areas import area_name, authorities, names
from lifecluster.places.codes import itl
from lifecluster.region import Region, did_you_mean, load_region, profiles, slug

League = Literal["gb-regions", "uk-regions"]
NORTHERN_IRELAND = "TLN"
WIDE: Mapping[str, str] = MappingProxyType({"great-britain": "Great Britain", "united-kingdom": "United Kingdom"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place of whole ITL areas.

    `areas`: its ITL codes, of level 1 where it holds a region whole; `lads`: its local authorities.
    `whole`: whether its local authorities make up these areas exactly.
    """

    name: str
    title: str
    areas: tuple[str, ...]
    lads: frozenset[str]
    whole: bool = True

    def members(self, league: League) -> tuple[str, ...] | None:
        """The regions of a league that it consists of; None where it is not made of whole regions."""
        return self.areas if self.whole and set(self.areas) <= set(regions(league)) else None

    def holds(self, area: str) -> bool:
        """Whether an ITL area lies in it."""
        return any(area.startswith(own) for own in self.areas)


@cache
def regions(league: League) -> Mapping[str, str]:
    """The regions of a league: ITL 1 code -> name. Great Britain has eleven, the United Kingdom twelve."""
    english = dict(authorities().select("itl1", "region").drop_nulls().unique().iter_rows())
    found = names().filter(pl.col("level") == "itl1").sort("code")
    pairs = {code: area_name(english[code]) if code in english else name
             for code, name in found.select("code", "name").iter_rows()}  # fmt: skip
    return {c: str(n) for c, n in pairs.items() if league == "uk-regions" or c != NORTHERN_IRELAND}


def place(name: str) -> Place:
    """The place of that name.

    Parameters: `name` a profile or its file, a region, combined authority or ITL area (`north-west`), an ITL or NUTS
    code, `great-britain` or `united-kingdom`. Raises LifeclusterError listing what there is.
    """
    if name in WIDE:
        league: League = "gb-regions" if name == "great-britain" else "uk-regions"
        return _of_areas(name, WIDE[name], tuple(regions(league)))
    if name in profiles() or name.endswith((".yml", ".yaml")):
        return of_region(load_region(Path(name) if name.endswith((".yml", ".yaml")) else name))
    by_slug = {slug(title): code for code, title in regions("uk-regions").items()}
    if name in by_slug:
        return _of_areas(name, regions("uk-regions")[by_slug[name]], (by_slug[name],))
    if name in _combined():
        code, title = _combined()[name]
        return of_region(Region(name=name, title=title, combined_authorities=(code,)))
    try:
        code = itl(name)
    except LifeclusterError:
        code = _smaller().get(name, "")
    if area_name(code) is None:
        known = ", ".join(dict.fromkeys([*profiles(), *sorted(by_slug), *WIDE]))
        perhaps = did_you_mean(name, {one: one for one in (*profiles(), *by_slug, *WIDE, *_combined(), *_smaller())})
        raise LifeclusterError(f"there is no place {name!r}{perhaps}; there are {known}, and ITL codes such as TLF1")
    title = regions("uk-regions").get(code) or str(area_name(code))
    return _of_areas(code.lower(), title, (code,))


@cache
def _combined() -> Mapping[str, tuple[str, str]]:
    """Combined authorities: slug of the name -> code and name."""
    found = names().filter(pl.col("level") == "combined_authority")
    return {slug(name): (code, name) for code, name in found.select("code", "name").iter_rows()}


@cache
def _smaller() -> Mapping[str, str]:
    """ITL 2 and 3 areas: slug of the name -> code, level 2 before 3."""
    found = names().filter(pl.col("level").is_in(["itl2", "itl3"])).sort("level", "code", descending=[True, True])
    return {slug(name): code for code, name in found.select("code", "name").iter_rows()}


def of_region(region: Region) -> Place:
    """The place of a profile: whole regions where it holds them, else ITL 2 areas."""
    lads = region.codes
    table = authorities().with_columns(inside=pl.col("lad").is_in(sorted(lads)))
    areas: list[str] = []
    covered: set[str] = set()
    for column in ("itl1", "itl2"):
        sums = table.group_by(column).agg(pl.col("inside").all(), pl.col("lad")).sort(column)
        for code, members in sums.filter("inside").select(column, "lad").iter_rows():
            if code is not None and not set(members) <= covered:
                areas.append(code)
                covered |= set(members)
    return Place(region.name, region.title, tuple(areas), lads, covered == set(lads))


def _of_areas(name: str, title: str, areas: tuple[str, ...]) -> Place:
    inside = pl.any_horizontal([pl.col(f"itl{len(a) - 2}") == a for a in areas])
    return Place(name, title, areas, frozenset(authorities().filter(inside)["lad"]))


def related(asked: Place, league: League) -> tuple[Place, ...]:
    """What to look at beside a place: its regions, if it has several; else the profiles that hold it and more."""
    members = asked.members(league)
    if members is None:
        return ()
    if len(members) > 1:
        return tuple(place(slug(regions(league)[code])) for code in members) if len(members) <= 4 else ()
    wider = (of_region(load_region(name)) for name in profiles())
    return tuple(w for w in wider if (held := w.members(league)) is not None and set(held) > set(members))


def competitors(asked: Place, league: League) -> Mapping[str, str]:
    """The regions of the league that are no part of the place: code -> name."""
    return {code: name for code, name in regions(league).items() if not asked.holds(code)}
