"""What the commands of the atlas say in words: who entered, where a hot spot is, a first line without statistics."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.atlas import entered, told
from lifecluster.atlas.region import counted, region
from lifecluster.atlas.where import MOST, _frequent, one_address, spoken_place, where
from lifecluster.register.package import Package, Table, write
from tests.commands.tiny import conforms, run

from .packages import make


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return make(tmp_path_factory.mktemp("told"))


def test_counted_is_entered_and_left_out(package: Package, tmp_path: Path) -> None:
    """Of those who count one has no company, one has ended, one is at a hub and one has no place: each under its reason."""
    table = package.table("universe")
    chosen = counted(package, "broad", None)["organisation"].to_list()[:4]
    gone, ended, hub, lost = chosen
    mine = pl.col("organisation")
    table = table.filter(mine != gone).with_columns(
        live=pl.col("live") & (mine != ended), hub=pl.col("hub") | (mine == hub),
        easting=pl.when(mine != lost).then("easting"),
    )  # fmt: skip
    tables = {"universe": table, "segments": package.table("segments"), "organisations": package.table("organisations")}
    made = write(tmp_path, name="holed", title="invented", tables={k: Table(v, k) for k, v in tables.items()}, manifest={},
                 licences=[])  # fmt: skip
    found = entered.companies(region(made, definition="broad"))
    assert (found["counted"], found["entered"]) == (60, 56)
    assert {one["why"]: one["organisations"] for one in found["left_out"]} == dict.fromkeys(
        (entered.NO_COMPANY, entered.ENDED, entered.HUB, entered.NO_PLACE), 1)  # fmt: skip
    line = entered.line(found)
    assert "56 of 60 organisations of holed entered" in line
    assert all(f"1: {one['why']}" in line for one in found["left_out"])
    part = entered.companies(region(made, definition="broad", within=["E06000015"], buffer=25_000))
    assert part["counted"] == part["entered"] + sum(one["organisations"] for one in part["left_out"])
    assert entered.BEYOND in {one["why"] for one in part["left_out"]}


def test_the_districts_say_who_has_none(package: Package) -> None:
    found = entered.districts(package, "broad", None)
    assert (found["counted"], found["entered"], found["left_out"]) == (60, 60, [])
    assert "Left out" not in entered.line(found)


@given(st.lists(st.sampled_from(["Derby", "Leicester", "Lincoln", "Rugby", ""]), max_size=30))
def test_names_are_those_that_many_members_have(names: list[str]) -> None:
    known = [name for name in names if name]
    found = _frequent(names)
    assert len(found) <= 3
    assert all(known.count(name) >= MOST * len(known) for name in found)
    assert found == sorted(found, key=lambda name: (-known.count(name), name))


def test_one_address_is_told_however_it_is_written() -> None:
    assert one_address([("1 Park Way", "ZZ1 1AA"), ("1, PARK WAY", "ZZ11AA")]) == "1 Park Way, ZZ1 1AA"
    assert one_address([("1 Park Way", "ZZ1 1AA"), ("2 Park Way", "ZZ1 1AA")]) is None
    assert one_address([("1 Park Way", "ZZ1 1AA"), (None, "ZZ1 1AA")]) is None
    assert one_address([("1 Park Way", "ZZ1 1AA")]) is None
    found = {"districts": ["Charnwood"], "towns": ["Loughborough"], "outwards": ["LE11"], "one_postcode": None,
             "one_address": None}  # fmt: skip
    assert spoken_place(found) == "Loughborough (Charnwood), LE11"
    three = {**found, "districts": ["Derby", "Erewash", "Broxtowe"], "towns": ["Ilkeston", "Heanor"]}
    assert spoken_place(three) == "Ilkeston and Heanor (Derby, Erewash and Broxtowe), LE11"
    assert spoken_place({**three, "districts": [], "towns": []}) == "a district that is not known, LE11"
    assert spoken_place({**found, "one_postcode": "LE11 0AA"}).endswith("all at one postcode: LE11 0AA")
    assert spoken_place({**found, "one_address": "1 Park Way, LE11 0AA"}).endswith(
        "all at one address: 1 Park Way, LE11 0AA"
    )


def test_a_hot_spot_of_the_sample_is_where_its_members_are(sample_package: Package) -> None:
    cases = region(sample_package, definition="bahtss").cases
    members = cases.filter(pl.col("lad") == "E06000018").head(20)["organisation"].to_list()  # Nottingham
    found = where(sample_package, cases, members)
    assert found["districts"] == ["Nottingham"]
    assert found["place"].startswith("Nottingham")
    assert all(re.fullmatch(r"[A-Z]{1,2}\d[A-Z\d]?", code) for code in found["outwards"])


@pytest.mark.parametrize("command", ["kd", "m", "lq", "hotspots", "benchmark", "network"])
def test_the_first_line_is_for_those_who_are_no_statisticians(command: str, package: Package) -> None:
    given = ("atlas", command, "--package", package.path, *(() if command == "network" else ("-d", "broad")),
             *(() if command == "benchmark" else ("--sims", "19")))  # fmt: skip
    lines = run(*given).out.splitlines()
    assert not re.search(r"p = |modularity|K-density|\bM\b|quotient|band", lines[0])
    assert lines[0].endswith((".", ":"))
    assert re.search(r"\d+ of 60 organisations|60 organisations with", lines[1])
    found = run(*given, "--json").json
    conforms(found, f"atlas {command}")


def test_every_verdict_of_a_curve_has_words() -> None:
    who = {"part": None, "region_title": "Midlands"}
    for verdict in ("clustered", "spread out", "both", "no different from chance"):
        assert told.curve({"verdict": verdict}, who).startswith("The organisations counted in the Midlands lie ")
