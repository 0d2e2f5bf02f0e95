"""Fit the shipped scorer from generated training material: `python training/linkage/fit.py --data DIR`.

Deterministic: fixed seeds, single command. Writes `model/pair.txt`, `model/leader.txt` and `model/scorer.json`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parent))
from generate import Corpus, Maker, read_corpus

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import candidates, prepare
from lifecluster.register.linkage.features import FEATURES, features
from lifecluster.register.linkage.index import build_index
from lifecluster.register.linkage.scorer import QUERY_FEATURES, leaders, sister_sign

MODEL = Path(__file__).parents[2] / "src/lifecluster/register/linkage/model"
#: (rows of the register, queries, seed) of each training register.
RUNS = ((20_000, 6_000, 101), (60_000, 9_000, 102), (200_000, 13_000, 103), (600_000, 20_000, 104))
FOLDS = 3
LOGISTIC_ROWS = 120_000
UP = (
    "net_cosine cover_query cover_register strings place margin blend_margin legal rarest_query_met rarest_register_met"
)
DOWN = (
    "left_query left_register rarest_left_query rarest_left_register rank near_ties sibling_query sibling_register "
    "region_query region_register numerals namesakes blend_rank known_slip known_left part part_telling"
)
TREES = {
    "objective": "binary", "learning_rate": 0.08, "num_leaves": 31, "min_data_in_leaf": 60, "feature_fraction": 0.6,
    "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5.0, "verbosity": -1, "num_threads": 2, "seed": 7,
    "deterministic": True, "force_row_wise": True, "max_bin": 127,
}  # fmt: skip


@dataclass
class Material:
    """Feature rows of all training queries. `query` numbers queries over all registers; `has_match` is per query."""

    query: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]
    label: npt.NDArray[np.bool_]
    truth_exists: npt.NDArray[np.bool_]


def gather(corpus: Corpus, rows: int, queries: int, seed: int) -> Material:
    """Generate one register and its queries and compute the features of their candidates."""
    maker = Maker(corpus, rows=rows, queries=queries, seed=seed)
    asked, truth = maker.queries(queries)
    with tempfile.TemporaryDirectory() as folder:
        index = build_index(maker.register_frame(), Path(folder))
        batch = prepare(asked, index)
        pairs = candidates(batch, index)
        found = features(batch, pairs, index)
        numbers = store.take(index.number, pairs.row)
    label = np.array([truth[q] == n for q, n in zip(pairs.query.tolist(), numbers, strict=True)])
    exists = np.array([t is not None for t in truth])
    return Material(pairs.query, found.values, label, exists)


def joined(parts: list[Material]) -> Material:
    """One material from several."""
    offsets = np.cumsum([0] + [len(p.truth_exists) for p in parts])
    return Material(
        np.concatenate([p.query + offset for p, offset in zip(parts, offsets, strict=False)]),
        np.concatenate([p.values for p in parts]),
        np.concatenate([p.label for p in parts]),
        np.concatenate([p.truth_exists for p in parts]),
    )


def constraints(names: list[str]) -> list[int]:
    """Monotone constraints: more agreement never lowers the score (it carries over to noise never seen)."""
    return [1 if n in UP.split() else -1 if n in DOWN.split() else 0 for n in names]


def fit_trees(values: Any, label: Any, names: list[str], rounds: int, **extra: Any) -> lgb.Booster:
    """One boosted model."""
    parameters = {**TREES, "monotone_constraints": constraints(names), **extra}
    return lgb.train(parameters, lgb.Dataset(values, label, feature_name=names), num_boost_round=rounds)


def fit_logistic(values: Any, label: Any) -> dict[str, Any]:
    """The logistic fallback in its JSON form, from at most `LOGISTIC_ROWS` rows, evenly taken."""
    step = -(-len(values) // LOGISTIC_ROWS)
    values, label = values[::step], label[::step]
    centre, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
    model = LogisticRegression(max_iter=200, C=0.5).fit((values - centre) / scale, label)
    parts = {"centre": centre, "scale": scale, "weight": model.coef_[0]}
    out: dict[str, Any] = {k: [round(float(x), 6) for x in v] for k, v in parts.items()}
    out["intercept"] = round(float(model.intercept_[0]), 6)
    return out


def predict_logistic(entry: dict[str, Any], values: Any) -> npt.NDArray[np.float64]:
    """Scores of the logistic fallback."""
    z = (values - np.array(entry["centre"])) / np.array(entry["scale"]) @ np.array(entry["weight"])
    return np.asarray(1 / (1 + np.exp(-np.clip(z + entry["intercept"], -30, 30))))


def calibrate(score: Any, label: Any) -> dict[str, list[float]]:
    """Isotonic calibration, thinned to at most 60 knots."""
    model = IsotonicRegression(out_of_bounds="clip", y_min=0.001, y_max=0.999).fit(score, label)
    x, y = model.X_thresholds_, model.y_thresholds_
    at = np.unique(np.linspace(0, len(x) - 1, 60).astype(int))
    return {"score": [round(float(v), 6) for v in x[at]], "probability": [round(float(v), 5) for v in y[at]]}


#: How much F1 (on the training side) may be given up for fewer links to sisters of absent companies.
F1_GIVEN = 0.005


def thresholds(probability: Any, right: Any, flagged: Any, exists: Any, material: Material) -> dict[str, float]:
    """`link` and `sister` (for pairs that may be sister companies) give the fewest links of queries whose company is
    absent, at a cost of at most `F1_GIVEN`; `auto` is the lowest with a 95 % lower bound of precision of at least .99
    (Wilson)."""
    matches = int(material.truth_exists.sum())
    tried: list[tuple[float, int, float, float]] = []
    for low in np.linspace(0.3, 0.7, 21):
        for high in np.linspace(low, 0.95, 21):
            said = probability >= np.where(flagged, high, low)
            f1 = float(2 * (said & right).sum() / (said.sum() + matches))
            tried.append((f1, int((said & ~exists).sum()), float(low), float(high)))
    best = max(tried)
    f1, false, link, sister = min((t for t in tried if t[0] >= best[0] - F1_GIVEN), key=lambda t: (t[1], -t[0]))
    order = np.argsort(-probability, kind="stable")
    hit, said = np.cumsum(right[order]), np.arange(1, len(order) + 1)
    p, z = hit / said, 1.96
    lower = (p + z * z / (2 * said) - z * np.sqrt(p * (1 - p) / said + z * z / (4 * said**2))) / (1 + z * z / said)
    sure = np.flatnonzero(lower >= 0.99)
    last = sure[-1] if len(sure) else 0
    absent = len(material.truth_exists) - matches
    print(
        f"training side: F1 {f1:.4f} (best {best[0]:.4f}), false links where the company is absent {false / absent:.3f}"
    )
    print(f"(at best F1 {best[1] / absent:.3f}), share auto {said[last] / len(order):.3f}", flush=True)
    out = {"link": link, "sister": sister, "auto": float(probability[order[last]])}
    return {k: round(v, 5) for k, v in out.items()}


def fit(material: Material, rounds: tuple[int, int]) -> tuple[dict[str, Any], dict[str, lgb.Booster]]:
    """Both stages, out of fold where one feeds the next; trees and the logistic fallback."""
    fold = material.query % FOLDS
    near = material.values[:, FEATURES.index("blend_rank")] < 10
    entry: dict[str, Any] = {}
    boosters: dict[str, lgb.Booster] = {}
    for kind in ("trees", "logistic"):
        pair = np.zeros(len(fold))  # out-of-fold scores of stage one
        for k in range(FOLDS):
            use, test = (fold != k) & near, fold == k
            pair[test] = _fit_predict(
                kind, material.values[use], material.label[use], material.values[test], names=FEATURES, rounds=rounds[0]
            )
        leader, values = leaders(material.query, pair, material.values)
        right = material.label[leader]
        second = np.zeros(len(leader))
        for k in range(FOLDS):
            use, test = fold[leader] != k, fold[leader] == k
            second[test] = _fit_predict(
                kind, values[use], right[use], values[test], names=QUERY_FEATURES, rounds=rounds[1]
            )
        calibration = calibrate(second, right)
        probability = np.interp(second, calibration["score"], calibration["probability"])
        flagged = sister_sign(material.values[leader])
        exists = material.truth_exists[material.query[leader]]
        limits = thresholds(probability + 1e-6 * second, right, flagged, exists, material)
        entry[kind] = {"calibration": calibration, "thresholds": limits}
        if kind == "trees":
            boosters["pair"] = fit_trees(material.values[near], material.label[near], FEATURES, rounds[0])
            boosters["leader"] = fit_trees(values, right, QUERY_FEATURES, rounds[1], **SECOND)
        else:
            entry[kind]["pair"] = fit_logistic(material.values[near], material.label[near])
            entry[kind]["leader"] = fit_logistic(values, right)
    return entry, boosters


SECOND = {"num_leaves": 15, "min_data_in_leaf": 80, "learning_rate": 0.05}


def _fit_predict(kind: str, values: Any, label: Any, test: Any, *, names: list[str], rounds: int) -> Any:
    if kind == "logistic":
        return predict_logistic(fit_logistic(values, label), test)
    extra: dict[str, Any] = SECOND if names is QUERY_FEATURES else {}
    return fit_trees(values, label, names, rounds, **extra).predict(test)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of real input files")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--largest", type=int, default=600_000, help="leave out registers larger than this")
    parser.add_argument("--cache", type=Path, help="folder for features, to fit again without generating")
    options = parser.parse_args()
    corpus = read_corpus(options.data)
    parts = []
    for rows, queries, seed in RUNS:
        if rows > options.largest:
            continue
        start = time.perf_counter()
        kept = options.cache / f"{rows}.npz" if options.cache else None
        if kept is not None and kept.exists():
            found = Material(*(np.load(kept)[name] for name in ("query", "values", "label", "truth_exists")))
        else:
            found = gather(corpus, rows, queries, seed)
            if kept is not None:
                np.savez(kept, **vars(found))
        parts.append(found)
        recall = len(np.unique(found.query[found.label])) / found.truth_exists.sum()
        print(f"register {rows}: candidate recall {recall:.4f}, {time.perf_counter() - start:.0f} s", flush=True)
    entry, boosters = fit(joined(parts), (260, 120))
    options.out.mkdir(parents=True, exist_ok=True)
    for name, booster in boosters.items():
        booster.save_model(options.out / f"{name}.txt")
    entry["version"] = "2026-11b"
    text = json.dumps(entry, indent=1, sort_keys=True)
    (options.out / "scorer.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
