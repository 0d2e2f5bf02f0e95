"""The shares of a score: they add up to it, and say what they are shares of; and the layer on links that wait."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lifecluster.register.linkage.candidates import candidates, prepare
from lifecluster.register.linkage.decide import decide
from lifecluster.register.linkage.features import FEATURES, NAME, PLACE, RIVAL, features
from lifecluster.register.linkage.index import Index, build_index
from lifecluster.register.linkage.layer import MEASURES, Layer
from lifecluster.register.linkage.link import link
from lifecluster.register.linkage.scored import Scored, read
from lifecluster.register.linkage.scorer import QUERY_FEATURES, leaders, score, shipped
from lifecluster.register.linkage.weights import GROUPS, _kind, shares_of, weigh

NAMES = ("Quarndale Therapeutics Limited", "Quarndale Therapeutics Holdings Limited", "Bramlow Surgical Instruments Ltd",
         "Hestering Diagnostics Limited", "Hestering Diagnostics Group Limited", "Plainfield Haulage Limited",
         "Ostlebury Consulting Limited")  # fmt: skip
ASKED = ("Quarndale Theraputics", "Bramlow Surgcal Instruments", "Hestering Diagnostic", "Ostlebury (Lincoln)",
         "Quarndale Therapeutics Limited", "Nothing Like It")  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    register = pl.DataFrame({
        "company_number": [f"0910000{i}" for i in range(len(NAMES))], "name": NAMES,
        "postcode": [f"NG{i} 1AA" for i in range(len(NAMES))], "address": "1 Mill Lane", "previous_names": "",
    })  # fmt: skip
    return build_index(register, Path(tmp_path_factory.mktemp("index")))


@pytest.fixture(scope="module")
def asked() -> pl.DataFrame:
    return pl.DataFrame({"id": [str(i) for i in range(len(ASKED))], "name": ASKED,
                         "postcode": ["NG0 1AB", "", "NG4 1AA", "", "NG0 1AA", ""]})  # fmt: skip


def test_every_feature_is_of_one_kind() -> None:
    assert sorted([*NAME, *PLACE, *RIVAL]) == sorted(FEATURES)
    for name in FEATURES:
        assert sum(name in names for names in GROUPS.values()) == 1, name
    assert {_kind(name) for name in QUERY_FEATURES if name != "logit"} <= GROUPS.keys()
    assert MEASURES.keys() <= set(FEATURES)


@pytest.mark.parametrize("trees", [True, False])
def test_shares_add_up_to_the_score(index: Index, asked: pl.DataFrame, *, trees: bool) -> None:
    scorer = shipped(trees=trees)
    batch = prepare(asked, index)
    found = features(batch, candidates(batch, index), index)
    scored = score(found, scorer)
    leader, second = leaders(found.pairs.query, scored.pair, found.values)
    shares, start, total = shares_of(found.values[leader], second, scorer)
    assert shares.keys() == GROUPS.keys()
    assert np.allclose(sum(shares.values()) + start, total, atol=1e-6)
    raw = np.asarray(scorer.leader.predict(second), np.float64)
    assert np.allclose(1 / (1 + np.exp(-total)), raw, atol=1e-6)


def test_links_that_wait_are_explained(index: Index, asked: pl.DataFrame) -> None:
    answers = link(asked, index)
    wait = answers.filter(band="review")
    assert wait.height
    found = weigh(asked, dict(wait.select("id", "company_number").iter_rows()), index)
    assert set(found) <= set(wait["id"])
    for one, seen in found.items():
        row = wait.row(by_predicate=pl.col("id") == one, named=True)
        assert seen.probability == row["probability"]
        assert seen.score == pytest.approx(seen.start + sum(w.weight for w in seen.weights), abs=0.05)
        assert seen.measures.keys() == MEASURES.keys()
        assert {w.of for w in seen.weights} == GROUPS.keys()
        assert read(seen.text()) == seen
        assert "names" in " ".join(w.said for w in seen.weights)
    assert weigh(asked, {"0": "none"}, index) == {}
    assert weigh(asked.head(0), {}, index) == {}
    assert read(None) is None
    assert "name" not in Scored("m", 0.5, 0, 0, {"postcode": 1.0}).seen()


def bands(asked: pl.DataFrame, index: Index, layer: Layer | None) -> list[tuple[str, float, str]]:
    scorer = shipped().with_layer(layer)
    batch = prepare(asked, index)
    found = features(batch, candidates(batch, index), index)
    made = decide(batch, found, score(found, scorer), index, scorer)
    return [(one.band, one.probability, " | ".join(one.reasons)) for one in made]


def test_a_layer_speaks_of_links_that_wait_and_takes_none(index: Index, asked: pl.DataFrame) -> None:
    model = shipped().version
    plain = bands(asked, index, None)
    assert bands(asked, index, Layer(model)) != plain  # it says what it did, even where that is nothing
    for shift in (-9.0, 9.0):
        changed = bands(asked, index, Layer(model, shift))
        for (band, chance, why), (now, after, told) in zip(plain, changed, strict=True):
            if band != "review":
                assert (now, after, told) == (band, chance, why)
            elif "learnt" not in told and "left alone" not in told:
                assert (now, after) == (band, chance)  # another rule than the score sent it to a person
            else:
                assert now == ("none" if shift < 0 else "review")
                assert (after > chance) is (shift > 0)
    assert [band for band, *_ in changed] == [band for band, *_ in plain]


def test_a_layer_of_another_scorer_is_refused() -> None:
    with pytest.raises(ValueError, match="learnt over the scorer"):
        shipped().with_layer(Layer("other"))
    layer = Layer(shipped().version, 0.5)
    assert shipped().with_layer(layer).version == f"{shipped().version}+{layer.digest}"
    assert shipped().with_layer(None) is shipped()
