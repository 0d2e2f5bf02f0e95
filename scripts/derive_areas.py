"""Makes the tables of src/lifecluster/reference/areas from the published files; the same files give the same bytes.

LIFECLUSTER_DATA=../shared/data python scripts/derive_areas.py [OUT]
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely

from lifecluster.places.codes import CodeHistory
from lifecluster.places.grid import to_wgs84
from lifecluster.places.postcodes import outward
from lifecluster.sources.extract import ReferenceExtract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import sources

OUT = Path(__file__).parent.parent / "src/lifecluster/reference/areas"
SAMPLE = 100
"""Postcodes of an authority that vote on the ITL area it lies in."""
COUNTRY_ITL1 = {"W92000004": "TLL", "S92000003": "TLM", "N92000002": "TLN"}


def main() -> None:
    """Write all tables into the folder named on the command line, or into the library."""
    data, out = Path(os.environ["LIFECLUSTER_DATA"]), Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in derive(data / "places").items():
        frame.write_csv(out / f"{name}.csv", line_terminator="\n")
        print(f"{name}: {frame.height} rows")


def derive(places: Path) -> dict[str, pl.DataFrame]:
    """The tables by name from the folder of published files."""
    codes = _reference("local-authorities", places / "la_all_codes.csv").tables["authorities"]
    postcodes = _reference("code-point-open", _one(places, "codepoint_open_*.csv.gz")).tables["postcodes"]
    history = CodeHistory.of(codes)
    located = postcodes.filter(pl.col("easting").is_not_null())
    located = located.with_columns(lad=history.active_codes(located["lad"]))
    topology = json.loads((places / "geogALL2022UK.json").read_text("utf-8"))
    combined = _lookup(places / "lookup_ltla23_cauth23.csv", "ltla23_code", "cauth23_code", history)
    itl = _itl(located, topology)
    authorities = (
        codes.filter("current")
        .select(lad="code", name="name", region="region", country="country")
        .join(combined.select("lad", combined_authority="code"), on="lad", how="left")
        .join(itl, on="lad", how="left")
        .with_columns(itl1=pl.coalesce("itl1", pl.col("country").replace_strict(COUNTRY_ITL1, default=None)))
        .select("lad", "name", "region", "combined_authority", "country", "itl1", "itl2", "itl3")
        .sort("lad")
    )
    return {
        "authorities": authorities,
        "codes": codes.select("code", "active", "name").sort("code"),
        "outwards": _outwards(located),
        "names": _names(codes, _cauth_names(places), topology),
    }


def _one(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[-1]


def _reference(source: str, path: Path) -> ReferenceExtract:
    extract = sources()[source].read([InputFile(path, Snapshot.of(path))])
    assert isinstance(extract, ReferenceExtract)
    assert not extract.rejected.height, extract.rejected
    return extract


def _lookup(path: Path, lad: str, code: str, history: CodeHistory) -> pl.DataFrame:
    frame = pl.read_csv(path, infer_schema=False)
    active = history.active_codes(frame[lad])
    assert not active.null_count()
    # A lookup of one year may place an authority twice (North of Tyne became North East): the newer code is higher.
    frame = pl.DataFrame({"lad": active, "code": frame[code]}).sort("lad", "code")
    return frame.unique("lad", keep="last", maintain_order=True)


def _cauth_names(places: Path) -> pl.DataFrame:
    frame = pl.read_csv(places / "lookup_ltla23_cauth23.csv", infer_schema=False)
    return frame.select(code="cauth23_code", name="cauth23_name").unique()


def _outwards(located: pl.DataFrame) -> pl.DataFrame:
    """Mean place of the postcodes of each outward code, and the authority of most of them (lowest code if even)."""
    frame = located.with_columns(outward=outward(pl.col("postcode")))
    most = (
        frame.group_by("outward", "lad")
        .len()
        .sort("outward", "len", "lad", descending=[False, True, False])
        .unique("outward", keep="first", maintain_order=True)
        .select("outward", "lad")
    )
    middle = frame.group_by("outward").agg(
        (pl.col("easting").sum() / pl.len()).round(0).cast(pl.Int64),
        (pl.col("northing").sum() / pl.len()).round(0).cast(pl.Int64),
        pl.len().cast(pl.Int64).alias("n"),
    )
    return middle.join(most, on="outward").sort("outward").select("outward", "easting", "northing", "n", "lad")


def _itl(located: pl.DataFrame, topology: Mapping[str, Any]) -> pl.DataFrame:
    """ITL 3 area by vote: the one in which most of a sample of the authority's postcodes lie."""
    every = located.sort("lad", "postcode").with_columns(
        i=pl.int_range(pl.len()).over("lad"), step=(pl.len().over("lad") // SAMPLE).clip(1)
    )
    sample = every.filter(pl.col("i") % pl.col("step") == 0).select("lad", "easting", "northing")
    lon, lat = to_wgs84(sample["easting"].to_numpy(), sample["northing"].to_numpy())
    points = shapely.points(lon, lat)
    shapes, codes = _shapes(topology, "ITL3")
    tree = shapely.STRtree(shapes)
    at, which = tree.query(points, predicate="intersects")
    itl3 = np.full(len(points), "", dtype="U8")
    itl3[at] = np.array(codes)[which]
    # Outlines are coarse at the coast: a postcode in the water belongs to the nearest area.
    wet = np.flatnonzero(itl3 == "")
    itl3[wet] = np.array(codes)[tree.nearest(points[wet])]
    votes = sample.select("lad", itl3=pl.Series(itl3))
    # The coarser levels follow from the finest, so that the three never contradict each other.
    best = (
        votes.group_by("lad", "itl3")
        .len()
        .sort("lad", "len", "itl3", descending=[False, True, False])
        .unique("lad", keep="first", maintain_order=True)
    )
    return best.select("lad", itl1=pl.col("itl3").str.head(3), itl2=pl.col("itl3").str.head(4), itl3="itl3")


def _shapes(topology: Mapping[str, Any], level: str) -> tuple[list[shapely.Geometry], list[str]]:
    scale, move = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(arc, axis=0) * scale + move for arc in topology["arcs"]]

    def ring(indices: list[int]) -> np.ndarray:
        lines = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
        return np.concatenate([lines[0], *[line[1:] for line in lines[1:]]])

    shapes, codes = [], []
    for geometry in topology["objects"][level]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        parts = [shapely.Polygon(ring(p[0]), [ring(hole) for hole in p[1:]]) for p in polygons]
        shapes.append(shapely.make_valid(shapely.MultiPolygon(parts)))
        codes.append(geometry["properties"]["AREACD"])
    return shapes, codes


def _names(codes: pl.DataFrame, combined: pl.DataFrame, topology: Mapping[str, Any]) -> pl.DataFrame:
    parts = [
        codes.select(code="country", name="country_name").unique().with_columns(level=pl.lit("country")),
        codes.select(code="region", name="region_name").drop_nulls().unique().with_columns(level=pl.lit("region")),
        combined.with_columns(level=pl.lit("combined_authority")),
    ]
    for level in ("ITL1", "ITL2", "ITL3"):
        rows = [
            (g["properties"]["AREACD"], g["properties"]["AREANM"]) for g in topology["objects"][level]["geometries"]
        ]
        parts.append(
            pl.DataFrame(rows, schema=["code", "name"], orient="row").with_columns(level=pl.lit(level.lower()))
        )
    return pl.concat(p.select("code", "level", "name") for p in parts).sort("code")


if __name__ == "__main__":
    main()
