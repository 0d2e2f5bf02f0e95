"""A small region of three towns with its atlas; computed once, as that takes seconds."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from benchmarks.web import package as maker
from lifecluster.register.package import DESCRIPTOR
from lifecluster.register.package import Package as Files
from lifecluster.web.atlas import actions, computing
from lifecluster.web.atlas.computing import Computed, compute_all
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.directory.conftest import NOW, at, load
from tests.web.directory.making import org, said, uid
from tests.web.pages.conftest import forgetful, look

__all__ = ["at", "forgetful", "look"]
DAY = date(2026, 11, 22)
TOWNS = {"E06000015": (435_000, 336_000), "E06000018": (457_000, 340_000), "E06000016": (459_000, 304_000)}
"""Derby, Nottingham, Leicester: authority -> middle in metres."""
CASES = 60
SECRET = org("only-for-members")


def silent(_: str) -> None:
    """Progress that nobody wants to hear."""


def register(out: Path, name: str = "towns-1", *, hidden: bool = False) -> Files:
    """600 companies, 60 of which count; two thirds of these in the middle of Derby; a university, a hospital trust.

    `hidden` adds an organisation whose kind, size and project are for members alone.
    """
    chance = np.random.default_rng(1)
    lads = np.array(list(TOWNS))[np.arange(600) % 3]
    places = np.array([TOWNS[lad] for lad in lads]) + chance.normal(0, 4_000, (600, 2)).round()
    derby = [i for i in range(600) if lads[i] == "E06000015"]
    places[derby[:40]] = np.array(TOWNS["E06000015"]) + chance.normal(0, 300, (40, 2)).round()
    chosen = [*derby[:40], *[i for i in range(600) if lads[i] != "E06000015"][:20]]
    rows: list[dict[str, Any]] = []
    for n, i in enumerate(chosen):
        own = {"name": f"Firm {n:02} Medical Limited", "organisation_type": "company", "employees": 10 + n}
        rows += said(org(f"firm-{i}"), own)
    for key, kind in (("uni", "university"), ("trust", "nhs-trust")):
        rows += said(org(key), {"name": f"{kind} of Derby", "organisation_type": kind, "employees": 900})
    for n in range(50):
        a, b = chosen[n % 40], chosen[(n * 7 + 1) % 60]
        if a != b:
            rows += said(uid("collaboration", f"c{n}"), {"holder": org(f"firm-{a}"), "partner": org(f"firm-{b}")})
    if hidden:
        rows += said(SECRET, {"name": "Closed Limited"})
        rows += said(SECRET, {"organisation_type": "university", "employees": 5000}, visibility="members")
        tie = {"holder": SECRET, "partner": org(f"firm-{chosen[0]}")}
        rows += said(uid("collaboration", "secret"), tie, visibility="members")
    files = maker.write(out, maker.frame(rows), name=name, segments=_segments(chosen), universe=_universe(lads, places),
                        places=_places(chosen, lads, places))  # fmt: skip
    return _of_midlands(files)


def _universe(lads: Any, places: Any) -> pl.DataFrame:
    return pl.DataFrame({
        "record": [f"register/company:{i}" for i in range(600)], "organisation": [org(f"firm-{i}") for i in range(600)],
        "easting": places[:, 0].astype(int), "northing": places[:, 1].astype(int), "lad": lads,
        "sic": [["72110"] if i % 2 else ["49410"] for i in range(600)], "place_quality": ["unit"] * 600,
        "accounts_category": [("MICRO ENTITY", "SMALL", "FULL")[i % 3] for i in range(600)],
        "incorporated_on": [DAY - timedelta(days=200 * (i % 40) + 1) for i in range(600)],
        "live": [True] * 600, "hub": [False] * 600, "sample": [True] * 600,
    })  # fmt: skip


def _segments(chosen: list[int]) -> pl.DataFrame:
    rows = []
    for n, i in enumerate(chosen):
        parts = [None, "medtech", "medtech-core"] if n % 3 else [None, "biopharma"]
        rows += [(org(f"firm-{i}"), "ols-segments", part, "core", 0.9, "yes", "[]", "2026") for part in parts]
    return pl.DataFrame(rows, schema=maker.SEGMENTS, orient="row")


def _places(chosen: list[int], lads: Any, places: Any) -> pl.DataFrame:
    rows = [(org(f"firm-{i}"), int(places[i, 0]), int(places[i, 1]), str(lads[i])) for i in chosen]
    rows += [(org(key), 435_400, 336_300, "E06000015") for key in ("uni", "trust", "only-for-members")]
    schema = {"id": pl.String, "easting": pl.Int64, "northing": pl.Int64, "lad": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _of_midlands(files: Files) -> Files:
    """The package as one of the Midlands, which are made of whole regions."""
    from lifecluster.region import load_region

    descriptor = files.path / DESCRIPTOR
    told = json.loads(descriptor.read_text("utf-8"))
    told["lifecluster"]["region"] = load_region("midlands").model_dump(mode="json")
    descriptor.chmod(0o644)
    descriptor.write_text(json.dumps(told), "utf-8")
    return Files(files.path)


@pytest.fixture(scope="session")
def computed(tmp_path_factory: pytest.TempPathFactory) -> list[Computed]:
    """The atlas of the small region."""
    return compute_all(register(tmp_path_factory.mktemp("atlas")), at=DAY, progress=silent)


def part(computed: list[Computed], kind: str, key: str = "") -> dict[str, Any]:
    """The body of a part."""
    return next(one.body for one in computed if (one.kind, one.key) == (kind, key))


@pytest.fixture
def towns(database: None, tmp_path: Path) -> Package:
    """The small region, loaded."""
    return load(register(tmp_path).path)


@pytest.fixture
def known(computed: list[Computed], monkeypatch: pytest.MonkeyPatch) -> list[Computed]:
    """What a computation gives, without computing it again."""
    monkeypatch.setattr(computing, "compute_all", lambda *args, **kwargs: computed)
    return computed


def store(package: Package, path: Path, *, again: bool = False) -> int:
    """Compute the atlas of a package as the operator."""
    return actions.compute_atlas(package=package, path=path, viewer=OPERATOR, at=NOW, again=again)


@pytest.fixture
def mapped(towns: Package, known: list[Computed], tmp_path: Path) -> Package:
    """The small region with its atlas."""
    assert store(towns, tmp_path) == len(known)
    towns.refresh_from_db()
    return towns
