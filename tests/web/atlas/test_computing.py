"""Computing the atlas: what it finds, that it finds it again, and that nothing private is in it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lifecluster.atlas.chance import benjamini_hochberg
from lifecluster.errors import LifeclusterError
from lifecluster.web.atlas import actions
from lifecluster.web.atlas.computing import Computed, compute_all, many
from lifecluster.web.atlas.computing.clusters import town_within
from lifecluster.web.atlas.computing.common import LEAST, SIMS, effort
from lifecluster.web.atlas.models import AtlasResult
from lifecluster.web.atlas.show import words
from lifecluster.web.directory.models import LogRow, Package
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError
from tests.web.atlas.conftest import DAY, SECRET, part, register, silent, store
from tests.web.directory import making
from tests.web.directory.conftest import NOW

pytestmark = pytest.mark.one_database


def test_every_part_names_package_null_seed_and_recipe(computed: list[Computed]) -> None:
    kinds = [one.kind for one in computed]
    assert kinds[0] == "overview"
    assert set(kinds) == {"overview", "segment", "cluster", "areas", "benchmark", "network"}
    for one in computed:
        assert one.body["package"] == one.body["recipe"]["package"] == "towns-1"
        assert one.body["recipe"]["seed"] == 0
        assert one.body["recipe"]["software"].startswith("lifecluster ")
        assert one.body["universe"].startswith("all live companies")
        assert one.body["position_error"] == 100.0
        json.dumps(one.body, allow_nan=False)


def test_the_dense_middle_of_a_town_is_found(computed: list[Computed]) -> None:
    overview = part(computed, "overview")
    assert overview["n"] == 60
    assert len(overview["clusters"]) >= 1
    first = part(computed, "cluster", "1")
    assert first["place"] == "Derby"
    assert np.hypot(first["centre"][0] - 435_000, first["centre"][1] - 336_000) < 1_500
    assert first["p"] <= 0.05
    assert {row["kind"] for row in first["anchors"]} >= {"university", "NHS trust"}
    assert sum(row["n"] for row in first["segments"]) == len(first["members"])
    assert first["jobs"]["suppression"] is None
    whole = part(computed, "segment", "all")
    assert whole["curves"]["kd"]["verdict"] in {"clustered", "both"}
    assert whole["top"]["area"] == "Derby"
    assert [row["name"] for row in whole["others"]] == ["same sector", "same size"]
    assert all(row["verdict"] is not None for row in whole["others"])
    assert all(0 < row["curves"]["kd"]["p"] <= row["curves"]["kd"]["q"] for row in overview["segments"])


def curve(p: float, verdict: str = "clustered") -> dict[str, object]:
    return {"p": p, "verdict": verdict, "sentence": "They lie near."}


def test_of_many_curves_only_those_that_q_bears_out_are_called() -> None:
    rows = [curve(0.001), *(curve(0.04) for _ in range(3)), *(curve(0.5, many.AS_CHANCE) for _ in range(16))]
    many.judge(rows)
    assert [row["held"] for row in rows] == ["clustered"] + 19 * [many.AS_CHANCE]
    assert rows[0]["sentence"] == "They lie near. It holds among the 20 curves tested together (q = 0.02)."
    assert rows[1]["sentence"] == (
        "They lie near. But among 20 curves tested together chance alone gives such a one (q = 0.2)."
    )
    assert rows[-1]["sentence"] == "They lie near."
    assert words.verdict(rows[1]).word == "As by chance"
    assert words.verdict({"verdict": "clustered"}).word == "Clustered"


def test_quotients_are_corrected_over_all_segments(computed: list[Computed]) -> None:
    bodies = [one.body for one in computed if one.kind == "segment" and one.body["geographies"]]
    rows = [row for body in bodies for row in body["geographies"][0]["areas"] if row["p"] is not None]
    assert [row["q"] for row in rows] == pytest.approx(benjamini_hochberg([row["p"] for row in rows]).tolist())
    for body in bodies:
        assert body["top"] is None or body["top"]["q"] <= 0.05


def test_segments_of_the_definition_come_in_their_order(computed: list[Computed]) -> None:
    keys = [one.key for one in computed if one.kind == "segment"]
    assert keys == ["all", "biopharma", "medtech", "medtech-core"]
    assert [part(computed, "segment", key)["depth"] for key in keys] == [0, 1, 1, 2]
    assert part(computed, "segment", "biopharma")["n"] == 20


def test_parts_of_the_region_have_a_buffer(tmp_path: Path) -> None:
    found = compute_all(register(tmp_path), at=DAY, progress=silent)
    rows = found[0].body["within"]
    assert len({row["level"] for row in rows}) == 1
    assert sum(row["inside"] for row in rows) == 60
    assert any(row["beyond"] > 0 for row in rows)


def test_the_same_again_is_the_same(computed: list[Computed], tmp_path: Path) -> None:
    again = compute_all(register(tmp_path), at=DAY, progress=silent)
    assert [(one.kind, one.key, one.body) for one in again] == [(one.kind, one.key, one.body) for one in computed]


def test_what_is_for_members_is_in_no_part(tmp_path: Path) -> None:
    files = register(tmp_path, hidden=True)
    assert SECRET in files.table("organisations")["id"].to_list()
    assert SECRET not in json.dumps([one.body for one in compute_all(files, at=DAY, progress=silent)])


def test_large_segments_get_fewer_simulations() -> None:
    assert effort(10) == SIMS
    assert effort(5_000) == LEAST
    assert effort(100, 150) == 150
    found = [effort(n) for n in range(2, 2_000, 7)]
    assert found == sorted(found, reverse=True)


def test_it_shows_at_once_or_not_at_all(
    towns: Package, known: list[Computed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Package) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as broken:
        broken.setattr(actions, "touched", fail)
        with pytest.raises(RuntimeError):
            store(towns, tmp_path)
    assert not AtlasResult.objects.exists()
    assert store(towns, tmp_path) == len(known)
    assert store(towns, tmp_path) == 0
    revision = Package.objects.get(name="towns-1").revision
    assert store(towns, tmp_path, again=True) == len(known)
    assert Package.objects.get(name="towns-1").revision == revision + 1
    assert LogRow.objects.filter(action="atlas.compute").count() == 2


def test_only_who_may_load_may_compute(towns: Package, tmp_path: Path) -> None:
    with pytest.raises(PermissionDeniedError):
        actions.compute_atlas(package=towns, path=tmp_path, viewer=ANYBODY, at=NOW)


def test_a_package_without_a_universe_says_so(tmp_path: Path) -> None:
    with pytest.raises(LifeclusterError, match=r"the table universe of small-1 has no .*lad, place_quality"):
        compute_all(making.small(tmp_path), at=DAY, progress=silent)


@pytest.mark.parametrize(
    ("towns", "called"),
    [(["LOUGHBOROUGH", "Loughborough ", "Shepshed", "loughborough", None], "Loughborough, Charnwood"),
     (["Shepshed", "Loughborough", "Sileby", None, None], "Charnwood"), (["Loughborough"], "Charnwood"),
     ([None, None], "Charnwood"), (["Charnwood"] * 4, "Charnwood")],
)  # fmt: skip
def test_a_cluster_is_called_by_the_town_in_which_many_of_it_are(towns: list[str | None], called: str) -> None:
    assert town_within(pl.DataFrame({"town": towns}, schema={"town": pl.String}), "Charnwood") == called
    assert town_within(pl.DataFrame({"id": towns}, schema={"id": pl.String}), "Charnwood") == "Charnwood"
    apart = pl.DataFrame({"town": [None] * len(towns), "registered_town": towns},
                         schema={"town": pl.String, "registered_town": pl.String})  # fmt: skip
    assert town_within(apart, "Charnwood") == called
