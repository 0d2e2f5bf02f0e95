from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from lifecluster import schemas
from lifecluster.atlas import CannotTellError, report
from lifecluster.atlas.region import projects, region
from lifecluster.register.package import Package
from tests.atlas.packages import make
from tests.commands.tiny import run


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    return make(tmp_path_factory.mktemp("packages"))


def conforms(value: object, command: str) -> None:
    Draft202012Validator(schemas.schema(command)).validate(json.loads(json.dumps(value, allow_nan=False)))


def test_the_universe_holds_every_live_company_outside_hubs(package: Package) -> None:
    found = region(package, definition="broad")
    assert len(found.universe) == 598
    assert found.cases.height == 60
    assert found.cases_xy.shape == (60, 2)
    assert found.cases["segment"].to_list().count("medtech") == 30
    assert found.frame["itl3"].null_count() == 0
    assert (found.position_error, found.sample, found.universe.vintage) == (100.0, True, package.name)


def test_a_segment_and_a_sector_narrow_cases_and_universe(package: Package) -> None:
    assert region(package, definition="broad", segment="med").cases.height == 30
    narrow = region(package, definition="broad", same_sector=True)
    assert narrow.cases.height == 60
    assert len(narrow.universe) == 598  # nobody is left out: chance keeps sectors apart
    assert narrow.by == ("sector",)
    assert "whose first trade is in the same division" in narrow.null
    sector = narrow.frame["sector"].to_numpy()
    at = narrow.universe.locate(narrow.cases_xy)
    draws = narrow.universe.draws(at, 5, seed=1)
    assert all(sorted(sector[draw]) == sorted(narrow.cases["sector"]) for draw in draws)


def test_what_does_not_count_is_said(package: Package) -> None:
    with pytest.raises(CannotTellError, match="no definition 'narrow'; it has broad"):
        region(package, definition="narrow")
    with pytest.raises(CannotTellError, match=r"no company .* broad, digital"):
        region(package, definition="broad", segment="digital")


def test_projects_are_those_with_two_or_more(package: Package) -> None:
    found = projects(package)
    assert 50 <= len(found) <= 59
    assert all(2 <= len(row) == len(set(row)) for row in found)


def test_plain_values_hold_no_infinity() -> None:
    made = report.plain({"a": (1.0, float("inf")), "b": np.array([np.nan, 2.0]), "c": "x"})
    assert made == {"a": [1.0, None], "b": [None, 2.0], "c": "x"}


@pytest.mark.parametrize("command", ["kd", "m"])
def test_curves(command: str, package: Package) -> None:
    given = ("atlas", command, "--package", package.path, "-d", "broad", "--reach", "20", "--step", "2", "--sims", "39")
    found = run(*given, "--json").json
    conforms(found, f"atlas {command}")
    assert found["verdict"] in {"clustered", "both"}
    assert [row["radius"] for row in found["curve"]] == [2000.0 * i for i in range(1, 11)]
    assert max(found["p"], found["p_erl"]) <= 0.05
    assert found["curve"][0]["value"] > found["curve"][0]["upper"]
    assert found["sentence"] in " ".join(run(*given).out.split())


def test_quotients(package: Package) -> None:
    given = ("atlas", "lq", "--package", package.path, "-d", "broad", "--sims", "99")
    found = run(*given, "--json").json
    conforms(found, "atlas lq")
    assert [one["geography"] for one in found["geographies"]] == ["local authority district", "ITL3 area"]
    derby = next(row for row in found["geographies"][0]["areas"] if row["area"] == "Derby")
    assert derby["value"] > 1.5
    assert derby["p"] <= derby["q"] < 1e-6
    assert len(found["geographies"][0]["indices"]) == 6
    assert "Derby" in run(*given).out


def test_hot_spots(package: Package) -> None:
    given = ("atlas", "hotspots", "--package", package.path, "-d", "broad", "--sims", "39", "--share", "0.4")
    found = run(*given, "--json").json
    conforms(found, "atlas hotspots")
    first = found["clusters"][0]
    assert first["observed"] > 2 * first["expected"] * 0.7
    assert abs(first["centre"][0] - 435_000) < 12_000
    assert all(name.startswith("LCO-") for name in first["organisations"])
    assert "hot spot 1" in run(*given).out


def test_networks(package: Package) -> None:
    given = ("atlas", "network", "--package", package.path, "--sims", "19")
    found = run(*given, "--json").json
    conforms(found, "atlas network")
    assert found["organisations"] == 60
    assert found["inside_outside"] is None  # all of them lie in the region
    assert sum(len(one["organisations"]) for one in found["communities"]) == 60
    assert "60 organisations" in run(*given).out


def test_a_network_of_nobody_says_which_file_is_missing(tmp_path: Path) -> None:
    made = make(tmp_path, name="alone", alone=True)
    given = ("atlas", "network", "--package", made.path)
    found = run(*given, "--json").json
    conforms(found, "atlas network")
    assert found["links"] == 0
    assert found["modularity"]["value"] is None
    said = found["modularity"]["note"]
    assert said.startswith("cannot tell: nobody is known to work with anybody: 59 awards name one organisation")
    assert "there are no collaborations, contracts and trials" in said
    assert "source contracts-ocds" in said
    assert "Cannot tell: nobody is known" in run(*given).out


def test_regions_side_by_side(package: Package, tmp_path: Path) -> None:
    one = run("atlas", "benchmark", "--package", package.path, "-d", "broad", "--json").json
    conforms(one, "atlas benchmark")
    assert (one["regions"][0]["area"], one["regions"][0]["value"]) == ("Derby", pytest.approx(36.0))
    other = make(tmp_path, name="other-region", cases=40)
    two = run("atlas", "benchmark", "--package", package.path, "--package", other.path, "-d", "broad", "--json").json
    conforms(two, "atlas benchmark")
    assert [row["area"] for row in two["regions"]] == ["sample-region", "other-region"]
    assert two["regions"][0]["probability"][0] > 0.99
    told = run("atlas", "benchmark", "--package", package.path, "--package", other.path, "-d", "broad").out
    assert told.startswith("sample-region has the most organisations that count, 54: clearly the first.")


def test_no_hot_spot_is_said_too(tmp_path: Path) -> None:
    made = make(tmp_path, name="few", cases=3)
    told = run("atlas", "hotspots", "--package", made.path, "-d", "broad", "--sims", "19")
    assert " ".join(told.out.split()).startswith(
        "The organisations counted in few are nowhere more crowded than chance may put them."
    )
    assert run("atlas", "kd", "--package", made.path, "-d", "broad", "--position-error", "99000").code == 1


def test_part_of_the_region_has_a_buffer_beyond_it(package: Package) -> None:
    found = region(package, definition="broad", within=["E06000015"], buffer=25_000)
    assert set(found.core["lad"].to_list()) == {"E06000015"}
    beyond = found.frame.filter(~found.frame["inside"])
    assert 0 < beyond.height < 600 - found.core.height
    assert found.universe.inside is not None
    assert "beside those up to 25 km beyond" in found.null
    alone = region(package, definition="broad", within=["E06000015"], buffer=0)
    assert set(alone.frame["lad"].to_list()) == {"E06000015"}
    assert alone.universe.inside is None
    with pytest.raises(CannotTellError, match="lies in E09000001"):
        region(package, definition="broad", within=["E09000001"])
    given = ("atlas", "m", "--package", package.path, "-d", "broad", "--within", "E06000015", "--sims", "39", "--json")
    told = run(*given, "--reach", "10", "--buffer", "25").json
    conforms(told, "atlas m")
    assert any("lie in the buffer beyond the region" in note for note in told["notes"])


def test_the_same_size_needs_to_know_sizes(package: Package, tmp_path: Path) -> None:
    with pytest.raises(CannotTellError, match="does not say how large"):
        region(package, definition="broad", same_size=True)
    sized = make(tmp_path, name="sized", accounts=True)
    found = region(sized, definition="broad", same_size=True)
    assert found.universe.strata is not None
    assert sorted(found.frame["size"].unique().to_list()) == ["larger", "micro", "none", "not known", "small"]
    told = run("atlas", "kd", "--package", sized.path, "-d", "broad", "--same-size", "--sims", "39", "--reach", "20",
               "--json").json  # fmt: skip
    conforms(told, "atlas kd")
    assert "of its own size" in told["universe"]
    both = region(sized, definition="broad", same_size=True, same_sector=True)
    assert both.by == ("sector", "size")
    assert both.universe.strata.max() + 1 == both.frame.select("sector", "size").n_unique()
