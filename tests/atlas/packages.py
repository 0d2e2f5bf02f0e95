"""A package of invented companies in three towns, with what the atlas reads of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from lifecluster.register.package import Package, Table, write

TOWNS = {"E06000015": (435_000, 336_000), "E06000018": (457_000, 340_000), "E06000016": (459_000, 304_000)}
"""Derby, Nottingham, Leicester: authority -> middle in metres."""


def make(
    folder: Path, *, name: str = "sample-region", cases: int = 60, seed: int = 1, accounts: bool = False,
    alone: bool = False,
) -> Package:  # fmt: skip
    """600 companies; `cases` of them count, most of them in Derby; a few work together, or `alone`, as awards that name
    their leader only have it; `accounts` says their sizes."""
    chance = np.random.default_rng(seed)
    lads = np.array(list(TOWNS))[chance.integers(0, 3, 600)]
    places = np.array([TOWNS[lad] for lad in lads]) + chance.normal(0, 3_000, (600, 2)).round()
    ids = [f"LCO-{i:04}" for i in range(600)]
    frame = pl.DataFrame({
        "record": [f"register/company:{i}" for i in range(600)], "organisation": ids,
        "easting": places[:, 0].astype(int), "northing": places[:, 1].astype(int), "lad": lads,
        "sic": [["72110"] if i % 3 else ["49410"] for i in range(600)], "place_quality": ["unit"] * 600,
        "live": [i != 599 for i in range(600)], "hub": [i == 598 for i in range(600)], "sample": [True] * 600,
    })  # fmt: skip
    kinds = ["MICRO ENTITY", "TOTAL EXEMPTION FULL", "FULL", "DORMANT", None]
    if accounts:
        frame = frame.with_columns(accounts_category=pl.Series([kinds[i % 5] for i in range(600)]))
    derby = [i for i in range(590) if lads[i] == "E06000015"]
    chosen = [*derby[: 2 * cases // 3], *[i for i in range(590) if lads[i] != "E06000015"][: cases - 2 * cases // 3]]
    whole = pl.DataFrame({"organisation_id": [ids[i] for i in chosen], "definition": ["broad"] * cases,
                          "segment": [None] * cases, "probability": [0.9] * cases},
                         schema_overrides={"segment": pl.String})  # fmt: skip
    parts = whole.with_columns(segment=pl.Series(["medtech" if i % 2 else "biopharma" for i in range(cases)]))
    organisations = frame.select("lad", "sample", id="organisation", name=pl.concat_str(pl.lit("Sample "), "record"))
    works = [[ids[chosen[i]], ids[chosen[i + 1]], ids[chosen[(7 * i) % cases]]] for i in range(cases - 1)]
    links = pl.DataFrame({"holder": [row[:1] for row in works], "partner": [row[1:] for row in works]})
    tables = {"universe": frame, "segments": pl.concat([whole, parts]), "organisations": organisations,
              **({"awards": links.select("holder")} if alone else {"collaborations": links})}  # fmt: skip
    made = {key: Table(value, f"invented {key}") for key, value in tables.items()}
    return write(folder, name=name, title="invented", tables=made, manifest={}, licences=[])
