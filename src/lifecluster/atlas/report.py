"""Results of the atlas for a region as plain values: what the command line prints and a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import networkx as nx
import numpy as np
import polars as pl

from lifecluster.atlas.benchmark import Figure, benchmark
from lifecluster.atlas.character import Character, character, corrected
from lifecluster.atlas.concentration import MEASURES, concentration
from lifecluster.atlas.curve import Curve
from lifecluster.atlas.graphs import network
from lifecluster.atlas.hotspots import Cluster, hotspots
from lifecluster.atlas.kd import kd
from lifecluster.atlas.m import m_function
from lifecluster.atlas.networks import brokers, communities, inside_outside
from lifecluster.atlas.plants import plants
from lifecluster.atlas.points import CannotTellError
from lifecluster.atlas.region import BUFFER, Region, counted, projects, region, together
from lifecluster.atlas.result import Finding, cannot_tell
from lifecluster.atlas.specialisation import by_geography, location_quotients
from lifecluster.atlas.where import where
from lifecluster.places.areas import area_name
from lifecluster.register.package import Package

GEOGRAPHIES = {"local authority district": "lad", "ITL3 area": "itl3"}
FINDING = ("name", "value", "interval", "p", "q", "n", "null", "seed", "vintage", "suppression", "note")


def opened(package: Package, definition: str, segment: str | None, same_sector: bool = False, *,
           same_size: bool = False, within: Sequence[str] = (), buffer: float = BUFFER,
           beyond: bool = False) -> Region:  # fmt: skip
    """The region of a package; see `region.region`."""
    return region(package, definition=definition, segment=segment, same_sector=same_sector, same_size=same_size,
                  within=within, buffer=buffer, beyond=beyond)  # fmt: skip


def plain(value: Any) -> Any:
    """Plain values for JSON: a number that is not finite is null, tuples are lists."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def finding(one: Finding) -> dict[str, Any]:
    """A finding with the fields that all have."""
    return {key: plain(getattr(one, key)) for key in FINDING}


def _head(of: Region) -> dict[str, Any]:
    return {"package": of.package.name, "definition": of.definition, "segment": of.segment, "sample": of.sample,
            "universe": of.null}  # fmt: skip


def curve(which: str, of: Region, reach: float, step: float, sims: int, alternative: str,
          position_error: float | None, seed: int) -> dict[str, Any]:  # fmt: skip
    """K-density (`kd`) or M (`m`) of the cases up to `reach` kilometres in steps of `step`."""
    error = of.position_error if position_error is None else position_error
    radii = np.arange(1, int(reach / step) + 1) * step * 1000.0
    run = kd if which == "kd" else m_function
    found = run(of.cases_xy, of.universe, radii, position_error=error, n_sims=sims, alternative=alternative, seed=seed)
    return {**_head(of), **_curve(found)}


def _curve(found: Curve) -> dict[str, Any]:
    bands = {"lower": found.band.lower, "upper": found.band.upper}
    if found.band_erl is not None:
        bands |= {"lower_erl": found.band_erl.lower, "upper_erl": found.band_erl.upper}
    columns = {"radius": found.radii, "value": found.value, "mean": found.mean, "sd": found.sd, **bands}
    rows = [{"lower_erl": None, "upper_erl": None, **{name: plain(float(v[i])) for name, v in columns.items()}}
            for i in range(len(found.radii))]  # fmt: skip
    keys = ("sentence", "verdict", "n", "size", "p", "p_erl", "method", "moments", "n_sims", "seed", "alternative",
            "bandwidth", "position_error", "vintage", "suppression", "notes")  # fmt: skip
    return {"statistic": found.name, **{key: plain(getattr(found, key)) for key in keys}, "curve": rows}


def quotients(of: Region, sims: int, seed: int) -> dict[str, Any]:
    """Location quotients and indices under two geographies."""
    placed = of.core.drop_nulls(list(GEOGRAPHIES.values()))
    member = placed["case"].to_numpy()

    def both(codes: Any) -> dict[str, Any]:
        made = plants(codes, member, vintage=of.package.name)
        areas = [{**finding(one), "symmetric": plain(one.symmetric), "area": area_name(one.name) or one.name}
                 for one in location_quotients(made, n_sims=sims, seed=seed)]  # fmt: skip
        return {
            "areas": areas,
            "indices": [finding(concentration(made, name, n_sims=sims, seed=seed)) for name in MEASURES],
        }

    cut = by_geography({name: placed[column].to_numpy() for name, column in GEOGRAPHIES.items()}, both)
    return {**_head(of), "geographies": [{"geography": name, **found} for name, found in cut.items()]}


def hot(of: Region, sims: int, share: float, seed: int, jitters: int = 2) -> dict[str, Any]:
    """Hot spots with shape, stability and character."""
    cases = of.cases
    error = of.position_error if of.universe.inside is None else 0.0
    found = hotspots(of.cases_xy, of.universe, max_share=share, n_sims=sims, seed=seed, position_error=error,
                     jitters=jitters)  # fmt: skip
    row_of = {name: i for i, name in enumerate(cases["organisation"].to_list())}
    links = {(row_of[a], row_of[b]) for one in projects(of.package) for a in one for b in one
             if a < b and a in row_of and b in row_of}  # fmt: skip
    segments = [segment or "not known" for segment in cases["segment"].to_list()]
    characters = {i: character(one.members, segments, sorted(links), n_sims=sims, seed=seed, vintage=of.package.name)
                  for i, one in enumerate(found) if 2 <= len(one.members) < cases.height}  # fmt: skip
    kinds = dict(zip(characters, corrected(list(characters.values())), strict=True))
    clusters = [_cluster(one, cases, kinds.get(i)) for i, one in enumerate(found)]
    clusters = [{**one, **where(of.package, cases, one["organisations"])} for one in clusters]
    return {**_head(of), "n": cases.height, "n_sims": sims, "clusters": clusters,
            "critical": found[0].critical if found else None}  # fmt: skip


def _cluster(one: Cluster, cases: pl.DataFrame, kind: Character | None) -> dict[str, Any]:
    """A cluster as plain values; `kind` what it is, None where it has one member or all."""
    spot = one.hotspot
    tests = [*kind.specialised, kind.diversity] if kind else []
    tests += [kind.collaboration] if kind and kind.collaboration else []
    return {**finding(spot), "centre": plain(spot.centre), "radius": spot.radius, "observed": spot.observed,
            "expected": spot.expected, "sites": spot.sites, "llr": spot.llr,
            "organisations": [cases["organisation"][i] for i in one.members], "shape": plain(one.shape),
            "shape_by": one.by, "stability": one.stability, "variants": one.variants,
            "kinds": list(kind.kinds if kind else ()),
            "tests": [finding(test) for test in tests]}  # fmt: skip


def net(package: Package, sims: int, seed: int) -> dict[str, Any]:
    """Communities, brokers, and inside against outside; where nobody works with anybody, why one cannot tell."""
    organisations = package.table("organisations").select("id", "name", "lad", "sample")
    named = {row["id"]: row["name"] for row in organisations.iter_rows(named=True)}
    if why := together(package):
        untold = finding(cannot_tell("modularity", why, n=0, vintage=package.name))
        return {"package": package.name, "sample": bool(organisations["sample"].any()), "organisations": 0, "links": 0,
                "modularity": untold, "agreement": None, "communities": [], "brokers": [],
                "inside_outside": None}  # fmt: skip
    graph = network(projects(package))
    found = communities(graph, n_sims=sims, seed=seed, vintage=package.name)
    inside = set(organisations.drop_nulls("lad")["id"].to_list()) & set(graph)
    links = graph.number_of_edges()
    return {
        "package": package.name, "sample": bool(organisations["sample"].any()),
        "organisations": graph.number_of_nodes(), "links": links, "modularity": finding(found.modularity),
        "agreement": found.agreement,
        "communities": [{"organisations": list(group), "firmness": firm}
                        for group, firm in zip(found.groups, found.firmness, strict=True)],
        "brokers": [{"organisation": one.name, "name": named.get(one.name), **_without_name(asdict(one))}
                    for one in brokers(graph, most=20)],
        "inside_outside": _inside(graph, inside, sims, seed, package),
    }  # fmt: skip


def _without_name(row: dict[str, Any]) -> dict[str, Any]:
    return {key: plain(value) for key, value in row.items() if key != "name"}


def _inside(graph: nx.Graph[str], inside: set[str], sims: int, seed: int, package: Package) -> dict[str, Any] | None:
    try:
        return finding(inside_outside(graph, inside, n_sims=sims, seed=seed, vintage=package.name))
    except CannotTellError:
        return None


def side_by_side(packages: Sequence[Package], definition: str, segment: str | None, seed: int) -> dict[str, Any]:
    """Regions (one a package), or the districts of one, by number of organisations that count.

    Each organisation counts with the probability of its class; the number's interval is 95 per cent of that sum.
    """
    rows = [_placed(package, definition, segment) for package in packages]
    if len(packages) == 1:
        geography, names = "local authority districts", {key: area_name(key) or key for key in rows[0]["lad"].to_list()}
        groups = {str(lad): part for (lad,), part in rows[0].group_by("lad", maintain_order=True)}
    else:
        geography, names = "regions", {package.name: package.name for package in packages}
        groups = {package.name: part for package, part in zip(packages, rows, strict=True)}
    vintage = ", ".join(package.name for package in packages)
    found = benchmark({name: _number(part) for name, part in groups.items()}, seed=seed, vintage=vintage)
    regions = [{**finding(one), "area": names[one.name], "rank": one.rank, "ranks": plain(one.ranks),
                "probability": plain(one.probability)} for one in found]  # fmt: skip
    return {"packages": [package.name for package in packages], "definition": definition, "segment": segment,
            "sample": any(bool(row["sample"].any()) for row in rows), "geography": geography,
            "regions": regions}  # fmt: skip


def _placed(package: Package, definition: str, segment: str | None) -> pl.DataFrame:
    organisations = package.table("organisations").select("lad", "sample", organisation="id")
    return (
        organisations.drop_nulls("lad")
        .join(counted(package, definition, segment), on="organisation")
        .sort("organisation")
    )


def _number(part: pl.DataFrame) -> Figure:
    p = part["probability"].to_numpy().astype(float)
    value, wide = float(p.sum()), float(1.959964 * np.sqrt((p * (1 - p)).sum()))
    return Figure(value, max(0.0, value - wide), value + wide, "normal")
