"""Companies beyond the border: the same as if the region were larger and a part of it were looked at."""

from __future__ import annotations

import shutil
from math import hypot
from pathlib import Path

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.region import BUFFER, Region, region
from lifecluster.build import read
from lifecluster.build.run import Request, build
from lifecluster.build.surroundings import REACH, beside, surroundings
from lifecluster.places.areas import authorities
from lifecluster.region import load_region
from lifecluster.register.package import Package
from lifecluster.sample.model import AS_OF
from tests.commands.tiny import run

EAST, MIDLANDS = "east-midlands", "midlands"
EAST_MIDLANDS = "E12000004"


@pytest.fixture(scope="module")
def packages(sample_package: Package, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Package]:
    """The sample's company register alone, built for the Midlands and for the East Midlands."""
    folder = tmp_path_factory.mktemp("companies")
    inputs = folder / "inputs"
    inputs.mkdir()
    written = sample_package.path.parents[1] / "inputs"
    said = yaml.safe_load((written / "inputs.yml").read_text("utf-8"))
    kept = {name: what for name, what in said.items() if what.get("source") in {"companies-house", "code-point-open"}}
    assert len(kept) == 2
    (inputs / "inputs.yml").write_text(yaml.safe_dump(kept), "utf-8")
    for name in kept:
        shutil.copy(written / name, inputs)
    made = {}
    for name in (EAST, MIDLANDS):
        request = Request(region=load_region(name), inputs=inputs, out=folder / name, at=AS_OF)
        made[name] = build(request).package
    return made


def seen(of: Region) -> pl.DataFrame:
    return of.frame.select("record", "inside", "case", "easting", "northing", "sector", "size").sort("record")


@pytest.mark.parametrize("definition", ["bahtss", "dbt-sic"])
def test_a_border_of_the_region_is_as_one_within_it(packages: dict[str, Package], definition: str) -> None:
    part = region(packages[MIDLANDS], definition=definition, within=[EAST_MIDLANDS])
    whole = region(packages[EAST], definition=definition, beyond=True)
    assert seen(part).equals(seen(whole))
    assert whole.frame.filter(~pl.col("inside"))["case"].sum() > 0
    assert set(whole.core["region"].to_list()) == {EAST_MIDLANDS}
    assert "beside those up to 20 km beyond" in whole.null
    alone = region(packages[EAST], definition=definition)
    assert seen(alone).equals(seen(whole).filter("inside"))


def test_the_whole_register_is_read_with_the_districts_beside(
    packages: dict[str, Package], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "LARGE", 1)
    inputs = packages[EAST].path.parents[1] / "inputs"
    again = build(Request(region=load_region(EAST), inputs=inputs, out=tmp_path, at=AS_OF)).package
    for name in ("surroundings", "surroundings_segments", "universe"):
        assert again.table(name).equals(packages[EAST].table(name)), name


def test_the_command_says_that_neighbours_are_in(packages: dict[str, Package]) -> None:
    given_ = ("atlas", "m", "--package", packages[EAST].path, "--sims", "39", "--reach", "10", "--beyond")
    assert any("lie in the buffer beyond the region" in note for note in run(*given_, "--json").json["notes"])
    assert "beside those up to 20 km beyond" in " ".join(run(*given_).out.split())


def test_where_none_is_at_hand_it_cannot_be_told(packages: dict[str, Package]) -> None:
    with pytest.raises(CannotTellError, match="no company beyond the border"):
        region(packages[MIDLANDS], definition="bahtss", beyond=True)


def test_a_buffer_is_no_wider_than_what_packages_hold(packages: dict[str, Package]) -> None:
    assert BUFFER == REACH
    with pytest.raises(AtlasError, match="up to 20 km beyond the border"):
        region(packages[EAST], definition="bahtss", beyond=True, buffer=BUFFER + 1)


def test_the_register_itself_knows_nothing_of_them(packages: dict[str, Package]) -> None:
    package = packages[EAST]
    near = package.table("surroundings")
    assert near.height > 0
    known = package.table("records")["record"]
    assert not near["record"].is_in(known.implode()).any()
    assert not near["record"].is_in(package.table("universe")["record"].implode()).any()


places = st.tuples(st.integers(400_000, 460_000), st.integers(300_000, 340_000), st.booleans())


@given(st.lists(places, max_size=30))
def test_neighbours_are_those_near_a_company_of_the_region(found: list[tuple[int, int, bool]]) -> None:
    rows = pl.DataFrame(
        {"record": [f"r{i:03}" for i in range(len(found))], "easting": [x for x, _, _ in found],
         "northing": [y for _, y, _ in found], "lad": ["A" if own else "B" for _, _, own in found]},
        schema={"record": pl.String, "easting": pl.Int64, "northing": pl.Int64, "lad": pl.String},
    )  # fmt: skip
    others = ("company_number", "accounts_category", "sic", "live", "hub", "sample", "quality")
    rows = rows.with_columns(pl.lit(None).alias(name) for name in others)
    told = surroundings(rows, frozenset({"A"}))["record"].to_list()
    core = [(x, y) for x, y, own in found if own]
    assert told == [f"r{i:03}" for i, (x, y, own) in enumerate(found)
                    if not own and any(hypot(x - a, y - b) <= REACH for a, b in core)]  # fmt: skip


def test_districts_beside_a_region() -> None:
    names = dict(authorities().select("lad", "name").iter_rows())
    derby = {names[code] for code in beside(frozenset({"E06000015"}))}
    assert {"Amber Valley", "Erewash", "South Derbyshire", "Nottingham", "East Staffordshire"} <= derby
    assert not derby & {"Derby", "Sheffield", "Leicester", "Birmingham", "Lincoln"}
    assert beside(frozenset()) == frozenset()
