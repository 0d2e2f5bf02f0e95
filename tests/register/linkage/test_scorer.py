"""Two stages to probabilities; the logistic scorer where LightGBM is not at hand."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage.features import FEATURES
from lifecluster.register.linkage.scorer import (
    QUERY_FEATURES,
    Calibration,
    Logistic,
    Scored,
    Trees,
    candidate_probabilities,
    leaders,
    shipped,
    sister_sign,
)

WITHOUT_LIGHTGBM = """
import sys
sys.modules["lightgbm"] = None  # an import of it now fails
import tempfile
from pathlib import Path
import polars as pl
from lifecluster.register.linkage.index import build_index
from lifecluster.register.linkage.link import candidates_for, link
from lifecluster.register.linkage.pair_names import score_names
from lifecluster.register.linkage.scorer import Logistic, shipped

register = pl.DataFrame({
    "company_number": ["01000001", "01000002", "01000003"],
    "name": ["ZORBIX BIOLOGICS LIMITED", "TARVEN MEDICAL DEVICES PLC", "HEXAFOIL LIMITED"],
    "postcode": ["S10 2TN", "B1 1AA", "CV1 1AA"], "address": ["12 HIGH STREET", "1 STATION ROAD", "3 MILL LANE"],
    "previous_names": [[], [], []],
}, schema_overrides={"previous_names": pl.List(pl.String)})
index = build_index(register, Path(tempfile.mkdtemp()))
asked = pl.DataFrame({
    "id": ["a", "b"], "name": ["Zorbix Biologics Ltd", "Quite Another Thing"], "postcode": ["S10 2TN", "NE1 1AA"],
})
assert isinstance(shipped().pair, Logistic)
answer = link(asked, index)
print(answer["company_number"].to_list(), answer["band"].to_list())
print(candidates_for({"name": "Hexafoil"}, index)[0]["company_number"])
print(score_names("Zorbix Limited", "Zorbix Ltd") > score_names("Zorbix Limited", "Tarven Ltd"))
"""


def test_without_lightgbm_the_logistic_scorer_answers() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_LIGHTGBM], check=True, capture_output=True, text=True)
    linked, best, names = done.stdout.splitlines()
    assert linked in ("['01000001', ''] ['auto', 'none']", "['01000001', ''] ['review', 'none']")
    assert best == "01000003"
    assert names == "True"


@pytest.mark.parametrize("trees", [True, False])
def test_the_shipped_scorers_fit_the_features(trees: bool) -> None:
    scorer = shipped(trees=trees)
    rng = np.random.default_rng(3)
    for model, width in ((scorer.pair, len(FEATURES)), (scorer.leader, len(QUERY_FEATURES))):
        chance = np.asarray(model.predict(rng.normal(size=(20, width)).astype(np.float32)))
        assert chance.shape == (20,)
        assert ((chance >= 0) & (chance <= 1)).all()
    limits = scorer.thresholds
    assert 0 < limits.link <= limits.sister <= limits.auto < 1
    assert (np.diff(scorer.calibration.probability) >= 0).all()
    assert isinstance(scorer.pair, Logistic) != trees


def test_a_logistic_model_by_hand() -> None:
    model = Logistic.of({"centre": [1.0, 0.0], "scale": [2.0, 1.0], "weight": [1.0, -1.0], "intercept": 0.5})
    assert model.predict(np.array([[3.0, 1.0]]))[0] == pytest.approx(1 / (1 + np.exp(-0.5)))


def test_calibration_lies_between_its_knots() -> None:
    curve = Calibration(np.array([0.0, 0.5, 1.0]), np.array([0.01, 0.2, 0.9]))
    assert curve(np.array([-1.0, 0.25, 2.0])).tolist() == pytest.approx([0.01, 0.105, 0.9])


QUERIES = st.lists(st.integers(1, 5), min_size=1, max_size=8)


@given(QUERIES, st.integers(0, 1000))
def test_the_leader_is_the_best_pair_of_its_query(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    query = np.repeat(np.arange(len(sizes)) * 2, sizes)  # some queries have no candidate
    pair = rng.random(len(query))
    values = rng.random((len(query), len(FEATURES))).astype(np.float32)
    leader, rows = leaders(query, pair, values)
    assert rows.shape == (len(sizes), len(QUERY_FEATURES))
    for at in leader:
        of = query == query[at]
        assert pair[at] == pair[of].max()
        others = pair[of].sum() - pair[at]
        assert rows[leader == at, QUERY_FEATURES.index("others")][0] == pytest.approx(others, abs=1e-5)


@given(QUERIES, st.integers(0, 1000))
def test_candidates_share_what_their_leader_leaves(sizes: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    query = np.repeat(np.arange(len(sizes)), sizes)
    pair = rng.random(len(query))
    leader = np.array([int(np.flatnonzero(query == q)[pair[query == q].argmax()]) for q in range(len(sizes))])
    scored = Scored(pair, leader, rng.random(len(sizes)))
    chance = candidate_probabilities(query, scored)
    assert (np.bincount(query, chance) <= 1 + 1e-9).all()
    assert (chance <= chance[leader][query] + 1e-9).all()


def test_signs_of_a_sister() -> None:
    rows = np.zeros((5, len(FEATURES)), np.float32)
    for row, name in enumerate(("left_query", "left_register", "numerals", "part_telling")):
        rows[row, FEATURES.index(name)] = 1.0
    assert sister_sign(rows).tolist() == [True, True, True, True, False]


def test_few_rows_and_many_get_the_same_scores() -> None:
    """A small batch is scored by one thread, a large one by several."""
    model = Trees.shipped("pair")
    assert model is not None
    rows = np.random.default_rng(4).normal(size=(5_000, len(FEATURES))).astype(np.float32)
    together = model.predict(rows)
    apart = np.concatenate([model.predict(rows[i : i + 500]) for i in range(0, 5_000, 500)])
    assert together.tolist() == apart.tolist()
