"""Learning from judgements: a pattern that people see is learnt, judging by lot is not, few judgements tell nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.register.judgement import JudgementBook
from lifecluster.register.linkage import learnt
from lifecluster.register.linkage.layer import MEASURES, Layer, log_odds, read_layer, scaled
from lifecluster.register.linkage.learning import (
    FEWEST,
    Example,
    _columns,
    _fit,
    _prior,
    auc,
    examples,
    train,
)
from lifecluster.register.log import MemoryLog

AT = "2026-11-22T10:00:00+00:00"
Truth = Callable[[float, dict[str, float], np.random.Generator], float]


def generated(count: int, truth: Truth, seed: int = 3) -> list[Example]:
    """Judged pairs as a review queue has them, judged as `truth` (probability of same) says."""
    rng = np.random.default_rng(seed)
    out = []
    for i in range(count):
        measures = {
            "strings": float(rng.uniform(0.75, 1)), "sibling_query": float(rng.integers(0, 2)),
            "postcode": float(rng.integers(-1, 5)), "legal": float(rng.integers(0, 4)),
            "margin": float(rng.uniform(0, 0.6)),
        }  # fmt: skip
        shipped = float(rng.uniform(0.5, 0.99))
        same = bool(rng.random() < truth(shipped, measures, rng))
        target = f"companies-house/organisation:{i % max(count * 3 // 4, 1)}"
        out.append(Example(f"{i:064x}", same, shipped, measures, target, "m1"))
    return out


def as_shipped(shipped: float, measures: dict[str, float], rng: np.random.Generator) -> float:
    return shipped


def siblings_differ(shipped: float, measures: dict[str, float], rng: np.random.Generator) -> float:
    """A pattern: with a word such as HOLDINGS on one side people nearly always say different."""
    return 0.08 if measures["sibling_query"] else 0.95


def by_lot(shipped: float, measures: dict[str, float], rng: np.random.Generator) -> float:
    return 0.5


def test_a_pattern_is_learnt_and_measured_on_pairs_held_out() -> None:
    found = train(generated(200, siblings_differ), "m1")
    assert found.layer is not None, found.why
    assert found.before is not None
    assert found.after is not None
    assert found.gain is not None
    assert found.gain[1] > 0.1
    assert found.after.log_loss < found.before.log_loss - 0.1
    assert found.after.brier < found.before.brier
    assert found.after.f1 > found.before.f1
    assert found.layer.weights["sibling_query"] < -0.4
    # On pairs that had no part in it, too.
    fresh = generated(400, siblings_differ, seed=9)

    def loss(p: float, same: bool) -> float:
        return -math.log(p if same else 1 - p)

    shipped = [loss(one.probability, one.same) for one in fresh]
    after = [loss(found.layer.probability(one.probability, one.measures), one.same) for one in fresh]
    assert np.mean(after) < np.mean(shipped) - 0.1


@pytest.mark.parametrize("seed", range(6))
def test_judgements_by_lot_are_not_accepted(seed: int) -> None:
    found = train(generated(200, by_lot, seed), "m1")
    assert found.layer is None, found.why
    assert "not accepted" in found.why


@pytest.mark.parametrize("seed", range(6))
def test_a_scorer_that_is_right_already_is_left_as_it_is(seed: int) -> None:
    found = train(generated(200, as_shipped, seed), "m1")
    assert found.gain is not None
    assert abs(found.gain[0]) < 0.05
    assert found.layer is None or found.gain[1] > 0


@pytest.mark.parametrize(("count", "truth"), [(0, siblings_differ), (FEWEST - 1, siblings_differ),
                                              (200, lambda *_: 1.0)])  # fmt: skip
def test_few_judgements_or_of_one_kind_tell_nothing(count: int, truth: Truth) -> None:
    found = train(generated(count, truth), "m1")
    assert (found.layer, found.gain, found.before) == (None, None, None)
    assert "cannot tell yet" in found.why


def test_the_same_judgements_give_the_same_layer() -> None:
    one, two = (train(generated(120, siblings_differ), "m1") for _ in range(2))
    assert one == two


@given(st.integers(2, 40), st.integers(0, 1000))
@settings(max_examples=25)
def test_the_fit_is_where_the_slope_is_nought(count: int, seed: int) -> None:
    """Against the definition: at the most probable coefficients the penalised likelihood has no slope."""
    found = generated(count, siblings_differ, seed)
    label = np.array([one.same for one in found], np.float64)
    shift, values = _columns(found)
    at = _fit(label, shift, values)
    p = 1 / (1 + np.exp(-(shift + values @ at)))
    assert np.abs(values.T @ (label - p) - _prior() * at).max() < 1e-5


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.3, 0.5, 0.9])), min_size=1, max_size=25))
def test_order_by_brute_force(rows: list[tuple[bool, float]]) -> None:
    same = [p for is_same, p in rows if is_same]
    other = [p for is_same, p in rows if not is_same]
    wins = [(a > b) + (a == b) / 2 for a in same for b in other]
    label, p = np.array([float(s) for s, _ in rows]), np.array([p for _, p in rows])
    assert auc(label, p) == pytest.approx(sum(wins) / len(wins) if wins else 0.5)


@given(st.floats(0, 1), st.dictionaries(st.sampled_from(sorted(MEASURES)), st.floats(-5, 5)))
def test_a_layer_of_nothing_changes_nothing(before: float, measures: dict[str, float]) -> None:
    after = Layer("m1").probability(before, measures)
    assert after == pytest.approx(min(max(before, 1e-4), 1 - 1e-4), abs=1e-9)
    assert len(scaled(measures)) == len(MEASURES)
    assert Layer("m1", slope=0.5).probability(before, {}) == pytest.approx(1 / (1 + math.exp(-1.5 * log_odds(before))))


def judged(book: JudgementBook, kind: str, number: int, model: str | None = "m1", **scored: object) -> str:
    evidence = {"scored": {"probability": 0.8, "measures": {"postcode": 4.0}, **scored}} if model else {}
    return book.judge(
        kind,
        f"list/organisation:{number}",
        "companies-house/organisation:1",
        actor="desk",
        why="seen",
        at=AT,
        evidence=evidence,
        model=model,
    ).id  # type: ignore[arg-type]  # a kind; fmt: skip


def test_what_is_learnt_from() -> None:
    log = MemoryLog()
    book = JudgementBook(log)
    yes, later, no = judged(book, "same", 1), judged(book, "same", 2, "m1+abcd1234"), judged(book, "different", 3)
    judged(book, "unsure", 4)
    judged(book, "same", 5, None)
    judged(book, "same", 6, "m2")
    judged(book, "same", 7, probability="nonsense")
    gone = judged(book, "same", 8)
    book.retract(gone, actor="desk", why="no", at=AT)
    found = examples(log.entries(), "m1")
    assert {one.entry: one.same for one in found} == {yes: True, later: True, no: False}
    assert found[0].measures == {"postcode": 4.0}
    again = judged(book, "same", 1)
    assert [one.entry for one in examples(log.entries(), "m1") if one.same and one.entry in {yes, again}] == [again]


def test_what_was_learnt_is_kept_only_where_it_is_better(tmp_path: Path) -> None:
    folder = tmp_path / "linkage" / "model"
    assert learnt.last(folder) is None
    good = learnt.keep(folder, train(generated(200, siblings_differ), "m1"), AT)
    layer = learnt.layer_for(folder, "m1")
    assert layer is not None
    assert (good["accepted"], good["layer"], good["judgements"]) == (True, layer.digest, 200)
    assert learnt.layer_for(folder, "m2") is None
    assert learnt.last(folder) == good
    bad = learnt.keep(folder, train(generated(200, by_lot), "m1"), AT)
    assert (bad["accepted"], learnt.layer_for(folder, "m1")) == (False, None)
    assert learnt.last(folder) == bad
    (folder / learnt.TRAINING).write_text("{}")
    with pytest.raises(InputError, match="lacks"):
        learnt.last(folder)
    (folder / learnt.TRAINING).write_text("nonsense")
    with pytest.raises(InputError, match="damaged"):
        learnt.last(folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"model": "m", "intercept": "x", "slope": 0, "weights": {}}',
                                  '{"model": "m", "intercept": 0, "slope": 0, "weights": {"colour": 1}}'])  # fmt: skip
def test_a_damaged_layer_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "layer.json"
    path.write_text(text)
    with pytest.raises(InputError, match="layer"):
        read_layer(path)


def test_a_layer_is_read_as_it_was_written(tmp_path: Path) -> None:
    layer = Layer("m1", 0.1, -0.2, {"postcode": 0.3})
    path = tmp_path / "layer.json"
    path.write_text(layer.text())
    assert read_layer(path) == layer
    assert json.loads(layer.text())["weights"] == {"postcode": 0.3}
    assert read_layer(tmp_path / "none.json") is None
