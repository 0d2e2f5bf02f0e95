"""Puts a test set together and writes it."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from benchmarks.linkage.generator.companies import Company, Progress, RegisterMaker
from benchmarks.linkage.generator.knobs import Knobs
from benchmarks.linkage.generator.names import Namer
from benchmarks.linkage.generator.places import Gazetteer
from benchmarks.linkage.generator.queries import Query, QueryMaker
from benchmarks.linkage.generator.vocabulary import load_vocabulary


@dataclass(frozen=True)
class Testset:
    """A register, queries against it, and the truth.

    Attributes:
        register: company_number, name, postcode, address, town, previous_names (list), status.
        queries: id, name, postcode, address, town.
        labels: id, company_number (null for no match).
        meta: id, noise_class, address_class, kind.
        details: id, second (class of noise on top), fits (other companies that fit as well), true_name.
    """

    register: pl.DataFrame
    queries: pl.DataFrame
    labels: pl.DataFrame
    meta: pl.DataFrame
    details: pl.DataFrame
    __test__: ClassVar[bool] = False  # pytest collects classes that are called Test...

    def stats(self) -> dict[str, Any]:
        """Return counts by class and shares, for the report beside the files."""
        meta = self.meta.join(self.details, on="id")
        return {
            "register": self.register.height,
            "queries": self.queries.height,
            "no_match": round(self.labels["company_number"].null_count() / self.queries.height, 4),
            "noise_class": dict(sorted(Counter(meta["noise_class"]).items())),
            "address_class": dict(sorted(Counter(meta["address_class"]).items())),
            "kind": dict(sorted(Counter(meta["kind"]).items())),
            "composed": round((meta["second"] != "").mean(), 4),  # type: ignore[arg-type]  # a share, never a date
            "unfair": round((meta["fits"] > 0).mean(), 4),  # type: ignore[arg-type]  # as above
            "with_previous_names": round((self.register["previous_names"].list.len() > 0).mean(), 4),  # type: ignore[arg-type]
            "dissolved": round((self.register["status"] == "Dissolved").mean(), 4),  # type: ignore[arg-type]
            "largest_postcodes": self.register["postcode"].value_counts(sort=True)["count"].head(5).to_list(),
        }


def make_testset(
    data: Path, *, size: int, queries: int, seed: int, knobs: Knobs | None = None, progress: Progress | None = None
) -> Testset:
    """Make a test set; the same arguments and input files give the same one.

    Args:
        data: the folder that ``LIFECLUSTER_DATA`` names.
        size: companies in the register.
        queries: number of queries.
        seed: fixes every choice.
        knobs: how hard it is.
        progress: called with a label, done and total.

    Returns:
        The test set.

    Raises:
        FileNotFoundError: an input file is missing.
        RuntimeError: the register is too small for the wanted queries.
    """
    knobs = knobs or Knobs()
    gazetteer = Gazetteer(data, seed)
    namer = Namer(load_vocabulary(data), knobs, gazetteer.towns)
    maker = RegisterMaker(namer, gazetteer, knobs, seed=seed + 1, size=size)
    companies = maker.make(size + round(queries * knobs.absent), progress)
    asked = QueryMaker(companies, namer, gazetteer, knobs, seed=seed + 2).make(queries, progress)
    register = _held_in(companies, asked, size)
    random.Random(seed + 3).shuffle(register)
    return _frames(companies, register, asked)


def _held_in(companies: list[Company], queries: list[Query], size: int) -> list[Company]:
    """The register: all companies but the absent ones, cut to size without touching what queries rest on."""
    absent = {q.company for q in queries if q.kind != "match"}
    needed = {q.company for q in queries}
    families = {companies[at].family for at in absent} - {0}
    kept = [at for at in range(len(companies)) if at not in absent]
    surplus = len(kept) - size
    for at in reversed(list(kept)):
        if surplus <= 0:
            break
        if at not in needed and companies[at].family not in families and not companies[at].twin:
            kept.remove(at)
            surplus -= 1
    return [companies[at] for at in kept]


def _frames(companies: list[Company], register: list[Company], queries: list[Query]) -> Testset:
    ids = [f"Q{n:06d}" for n in range(1, len(queries) + 1)]
    true = [companies[q.company] for q in queries]
    numbers = [c.number if q.kind == "match" else None for q, c in zip(queries, true, strict=True)]
    fields = ("name", "postcode", "address", "town")
    marks = ("noise_class", "address_class", "kind")
    return Testset(
        register=pl.DataFrame(
            {
                "company_number": [c.number for c in register],
                "name": [c.name for c in register],
                "postcode": [c.place.postcode for c in register],
                "address": [c.place.address for c in register],
                "town": [c.place.town for c in register],
                "previous_names": [c.previous for c in register],
                "status": [c.status for c in register],
            },
            schema_overrides={"previous_names": pl.List(pl.String)},
        ),
        queries=pl.DataFrame({"id": ids, **{f: [getattr(q, f) for q in queries] for f in fields}}),
        labels=pl.DataFrame({"id": ids, "company_number": numbers}, schema_overrides={"company_number": pl.String}),
        meta=pl.DataFrame({"id": ids, **{m: [getattr(q, m) for q in queries] for m in marks}}),
        details=pl.DataFrame(
            {
                "id": ids,
                "second": [q.second for q in queries],
                "fits": [q.fits for q in queries],
                "true_name": [c.name for c in true],
            }
        ),
    )


def write_testset(testset: Testset, out: Path) -> None:
    """Write ``register.parquet``, four CSV files and ``stats.json`` into a folder, which is made if need be."""
    out.mkdir(parents=True, exist_ok=True)
    testset.register.write_parquet(out / "register.parquet")
    for table in ("queries", "labels", "meta", "details"):
        getattr(testset, table).write_csv(out / f"{table}.csv")
    (out / "stats.json").write_text(json.dumps(testset.stats(), indent=1) + "\n", encoding="utf-8")
