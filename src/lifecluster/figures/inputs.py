"""What claims are computed from: the tables that ship, files that replace or add to them, and a register package."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import polars as pl

from lifecluster.reference.rounding import rounding
from lifecluster.register.package import Package
from lifecluster.sources.extract import ReferenceExtract
from lifecluster.sources.registry import gather, sources
from lifecluster.yaml_files import read_yaml

TABLES = {"bres": "jobs", "uk-business-counts": "businesses", "workforce": "workforce",
          "sector-figures": "sector_figures"}  # fmt: skip
"""Source -> its table."""
KEYS = {"jobs": ["year", "area", "sic"], "businesses": ["year", "area", "sic", "band"],
        "workforce": ["period", "area", "soc", "sections"],
        "sector_figures": ["release", "area_name", "sector", "measure"]}  # fmt: skip
SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    "jobs": {"year": pl.Int16, "area": pl.String, "sic": pl.String, "value": pl.Float64},
    "businesses": {
        "year": pl.Int16, "area": pl.String, "sic": pl.String, "band": pl.String, "value": pl.Float64,
    },
    "workforce": {
        "period": pl.String, "area": pl.String, "soc": pl.Int8, "sections": pl.String, "value": pl.Float64,
        "half_width": pl.Float64, "status": pl.String,
    },
    "sector_figures": {
        "release": pl.String, "area_name": pl.String, "sector": pl.String, "measure": pl.String, "value": pl.Float64,
        "low": pl.Float64, "high": pl.Float64, "rank": pl.Int16, "unit": pl.String, "source": pl.String,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table comes from: file (or `shipped` and its name), SHA-256, publisher, licence, vintage, address."""

    table: str
    file: str
    sha256: str
    publisher: str
    licence: str
    vintage: str
    url: str
    sample: bool = False


@dataclass(frozen=True)
class Inputs:
    """All tables by name (a missing one is absent), where each comes from, and the register if there is one."""

    tables: Mapping[str, pl.DataFrame]
    origins: tuple[Origin, ...]
    register: Package | None = None
    schools: Mapping[str, Any] = field(default_factory=dict)

    def origins_of(self, table: str) -> tuple[Origin, ...]:
        """Every file that a table was made of."""
        return tuple(origin for origin in self.origins if origin.table == table)

    def with_register(self, package: Package) -> Inputs:
        """The same with a register."""
        manifest = package.manifest
        digest = hashlib.sha256(str(sorted(manifest["files"].items())).encode()).hexdigest()
        sample = bool(package.table("sources")["sample"].any())  # of the sources whose rows are counted
        origin = Origin("register", package.name, digest, "this instance", "as stated for each source",
                        str(manifest["at"]), "", sample)  # fmt: skip
        kept = tuple(o for o in self.origins if o.table != "register")
        return replace(self, register=package, origins=(*kept, origin))

    def without(self, table: str) -> Inputs:
        """The same without a table (or without the register)."""
        tables = {name: frame for name, frame in self.tables.items() if name != table}
        kept = tuple(o for o in self.origins if o.table != table)
        register = None if table == "register" else self.register
        return replace(self, tables=tables, origins=kept, register=register)


@cache
def shipped() -> Inputs:
    """The small tables of the library: real figures, rounded by their publishers, and what the rounding leaves open."""
    folder = resources.files("lifecluster.reference").joinpath("industries")
    about = read_yaml(folder.joinpath("industries.yml"))["tables"]
    tables, origins = {}, []
    for source, table in TABLES.items():
        data = folder.joinpath(f"{table}.csv").read_bytes()
        tables[table] = _bounded(table, source, pl.read_csv(data, schema_overrides=SCHEMAS[table]))
        said = about[f"{table}.csv"]
        origins.append(Origin(table, f"shipped {table}.csv", hashlib.sha256(data).hexdigest(), said["publisher"],
                              said["licence"], str(said["vintage"]), said["url"]))  # fmt: skip
    schools_file = folder.joinpath("medical_schools.yml")
    schools = read_yaml(schools_file)
    digest = hashlib.sha256(schools_file.read_bytes()).hexdigest()
    origins.append(Origin("medical_schools", "shipped medical_schools.yml", digest, schools["publisher"],
                          schools["licence"], schools["vintage"], schools["url"]))  # fmt: skip
    return Inputs(tables, tuple(origins), None, schools)


def from_folder(folder: Path, base: Inputs | None = None) -> Inputs:
    """`base` (default: what ships) with every statistical file below `folder` added, recognised by its header.

    A cell of a file takes the place of the shipped one, further years and areas are added: a later year drops in.
    Raises InputError as the readers do.
    """
    base = base or shipped()
    found = gather(folder)
    tables, origins = dict(base.tables), list(base.origins)
    for source, table in TABLES.items():
        if source not in found.files:
            continue
        extract = sources()[source].read(found.files[source], rows=found.rows.get(source))
        if not isinstance(extract, ReferenceExtract):
            continue
        mine = extract.tables[table].select(pl.col(c).cast(t) for c, t in SCHEMAS[table].items())
        mine = _bounded(table, source, mine)
        tables[table] = _over(table, base.tables.get(table), mine)
        spec = extract.spec
        origins += [
            Origin(table, s.file, s.sha256, spec.publisher, spec.licence.id, _years(table, mine), spec.url, s.sample)
            for s in extract.snapshots
        ]
    return replace(base, tables=tables, origins=tuple(origins))


def _over(table: str, shipped_: pl.DataFrame | None, mine: pl.DataFrame) -> pl.DataFrame:
    if shipped_ is None:
        return mine
    rest = shipped_.join(mine, on=KEYS[table], how="anti", maintain_order="left")
    return pl.concat([rest, mine], how="diagonal_relaxed")


def _bounded(table: str, source: str, frame: pl.DataFrame) -> pl.DataFrame:
    if table not in {"jobs", "businesses"}:
        return frame
    low, high = rounding(source).bounds(frame["value"])
    return frame.with_columns(low, high)


def _years(table: str, frame: pl.DataFrame) -> str:
    found = [str(value) for value in frame[KEYS[table][0]].unique().sort().to_list()]
    return f"{found[0]} to {found[-1]}" if len(found) > 1 else "".join(found)


def register_day(package: Package) -> date:
    """The day a package was built for."""
    return date.fromisoformat(str(package.manifest["at"]))
