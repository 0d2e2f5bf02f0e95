"""Learning from judgements: fitting the layer, and measuring on pairs held out whether it is any better.

The layer is fitted by penalised likelihood: a normal prior keeps it at the shipped scorer (all of it 0), so that few
judgements change little. What it brings is measured by cross-validation in which judgements on one target stay
together; the interval is a bootstrap over targets. It is accepted only if the interval of the gain in log-loss lies
above 0 and its order of the pairs held out is better than chance: whoever judges by lot teaches a scorer to know
nothing, which is a gain in log-loss and no knowledge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from lifecluster.register.deciding import SCORED
from lifecluster.register.entry import Entry
from lifecluster.register.judgement import Judgements
from lifecluster.register.linkage.layer import MEASURES, Layer, log_odds, scaled

Floats = npt.NDArray[np.float64]
FEWEST, OF_EACH = 30, 8
"""Judgements, and of each kind, from which on anything can be told."""
FOLDS, DRAWS = 5, 1_000
SPREAD_SHIFT, SPREAD_SLOPE, SPREAD_WEIGHT = 1.0, 0.3, 0.5
"""Standard deviations of the prior: intercept, slope, weights (log-odds, for measures of spread 1)."""
STEPS, SETTLED = 50, 1e-9
CHANCE = 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """A judged pair: whether it is the `same`, what the shipped scorer gave it, its measures, and its target."""

    entry: str
    same: bool
    probability: float
    measures: Mapping[str, float]
    target: str
    model: str


@dataclass(frozen=True, slots=True)
class Measured:
    """How good probabilities are on judged pairs: mean log-loss and Brier score (smaller is better), F1 at one half."""

    log_loss: float
    brier: float
    f1: float


@dataclass(frozen=True, slots=True)
class Training:
    """What came of learning: `layer` where it is accepted, and `why` or why not, in words.

    `learnt` entries; `same` of them; `before` and `after` on pairs held out (None where there are too few); `gain` in
    log-loss with its 95 % interval; `order` how often a same stands above a different (AUC), and its lower end.
    """

    model: str
    learnt: tuple[str, ...]
    same: int
    why: str
    layer: Layer | None = None
    before: Measured | None = None
    after: Measured | None = None
    gain: tuple[float, float, float] | None = None
    order: tuple[float, float] | None = None


def examples(entries: Iterable[Entry], model: str) -> list[Example]:
    """The live judgements, same or different, that kept what the scorer of version `model` saw; one for each pair."""
    out: dict[tuple[str, ...], Example] = {}
    for entry in Judgements(entries).live.values():
        kept = entry.evidence.get(SCORED)
        if entry.action == "judgement.unsure" or not isinstance(kept, Mapping) or not speaks_of(entry, model):
            continue
        measures, before = kept.get("measures"), kept.get("probability")
        if isinstance(measures, Mapping) and isinstance(before, (int, float)):
            numbers = {str(k): float(v) for k, v in measures.items() if isinstance(v, (int, float))}
            pair = tuple(sorted((entry.subject or "", entry.object or "")))
            out[pair] = Example(entry.id, entry.action == "judgement.same", float(before), numbers,
                                entry.object or "", entry.model or "")  # fmt: skip
    return sorted(out.values(), key=lambda one: one.entry)


def speaks_of(entry: Entry, model: str) -> bool:
    """Whether a judgement was made on what the shipped scorer of version `model` gave, learnt from or not."""
    return (entry.model or "").partition("+")[0] == model


def train(found: Sequence[Example], model: str, *, seed: int = 1) -> Training:
    """Fit a layer on judged pairs, and say by pairs held out whether it is accepted."""
    learnt, same = tuple(one.entry for one in found), sum(one.same for one in found)
    few = len(found) < FEWEST or min(same, len(found) - same) < OF_EACH
    if few:
        why = (f"cannot tell yet: {len(found)} judgements, {same} of them same; {FEWEST} with {OF_EACH} of each kind "
               "are the fewest")  # fmt: skip
        return Training(model, learnt, same, why)
    label = np.array([one.same for one in found], np.float64)
    shift, values = _columns(found)
    before = _expit(shift)
    after = _held_out(found, label, shift, values)
    gain = _gain(found, label, before, after, seed)
    order = _order(found, label, after, seed)
    measured = (_measured(label, before), _measured(label, after))
    better, ordered = gain[1] > 0, order[1] > CHANCE
    layer = _layer(model, _fit(label, shift, values)) if better and ordered else None
    why = _why(gain, order, better=better, ordered=ordered)
    return Training(model, learnt, same, why, layer, *measured, gain, order)


def _why(gain: tuple[float, float, float], order: tuple[float, float], *, better: bool, ordered: bool) -> str:
    said = f"{gain[0]:.3f} ({gain[1]:.3f} to {gain[2]:.3f}) of log-loss"
    if not ordered:
        return (
            f"not accepted: on pairs held out the order is no better than chance ({order[0]:.2f}, from {order[1]:.2f})"
        )
    return f"accepted: better by {said}" if better else f"not accepted: no better for certain, {said}"


def _columns(found: Sequence[Example]) -> tuple[Floats, Floats]:
    """Log-odds of the shipped scorer, and the columns that the layer adds to them: 1, the same log-odds, measures."""
    shift = np.array([log_odds(one.probability) for one in found])
    measured = np.array([scaled(one.measures) for one in found]).reshape(len(found), len(MEASURES))
    return shift, np.column_stack([np.ones(len(found)), shift, measured])


def _prior() -> Floats:
    """One over the variance of each coefficient."""
    return 1 / np.array([SPREAD_SHIFT, SPREAD_SLOPE, *[SPREAD_WEIGHT] * len(MEASURES)]) ** 2


def _fit(label: Floats, shift: Floats, values: Floats) -> Floats:
    """The most probable coefficients, by Newton's method: the penalised likelihood is concave."""
    prior, found = _prior(), np.zeros(values.shape[1])
    for _ in range(STEPS):
        p = _expit(shift + values @ found)
        slope = values.T @ (label - p) - prior * found
        curve = (values * (p * (1 - p))[:, None]).T @ values + np.diag(prior)
        step = np.linalg.solve(curve, slope)
        found = found + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < SETTLED:
            break
    return found


def _layer(model: str, found: Floats) -> Layer:
    numbers = [round(float(x), 4) for x in found]
    weights = {name: weight for name, weight in zip(MEASURES, numbers[2:], strict=True) if weight}
    return Layer(model, numbers[0], numbers[1], weights)


def _held_out(found: Sequence[Example], label: Floats, shift: Floats, values: Floats) -> Floats:
    """Probabilities of all pairs, each by a layer that saw no judgement on its target."""
    fold = np.array([int(sha256(one.target.encode()).hexdigest(), 16) % FOLDS for one in found])
    out = np.zeros(len(label))
    for k in range(FOLDS):
        use, test = fold != k, fold == k
        if test.any():
            out[test] = _expit(shift[test] + values[test] @ _fit(label[use], shift[use], values[use]))
    return out


def _expit(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))))


def _losses(label: Floats, p: Floats) -> Floats:
    return np.asarray(-(label * np.log(p) + (1 - label) * np.log(1 - p)))


def _measured(label: Floats, p: Floats) -> Measured:
    said = p >= CHANCE
    hits, known = float((said & (label > 0)).sum()), float(label.sum() + said.sum())
    return Measured(round(float(_losses(label, p).mean()), 4), round(float(((p - label) ** 2).mean()), 4),
                    round(2 * hits / known if known else 0.0, 4))  # fmt: skip


def _draws(found: Sequence[Example], seed: int) -> Iterable[npt.NDArray[np.int64]]:
    """Rows of bootstrap samples: whole targets are drawn."""
    names = sorted({one.target for one in found})
    rows: dict[str, list[int]] = {name: [] for name in names}
    for i, one in enumerate(found):
        rows[one.target].append(i)
    rng = np.random.default_rng(seed)
    for _ in range(DRAWS):
        yield np.array([i for at in rng.integers(0, len(names), len(names)) for i in rows[names[at]]], np.int64)


def _gain(found: Sequence[Example], label: Floats, before: Floats, after: Floats, seed: int
          ) -> tuple[float, float, float]:  # fmt: skip
    won = _losses(label, before) - _losses(label, after)
    low, high = np.percentile([won[rows].mean() for rows in _draws(found, seed)], [2.5, 97.5])
    return round(float(won.mean()), 4), round(float(low), 4), round(float(high), 4)


def auc(label: Floats, p: Floats) -> float:
    """How often a same is above a different (ties count half); one half where there is only one kind."""
    same, other = p[label > 0], np.sort(p[label == 0])
    if not len(same) or not len(other):
        return CHANCE
    below = np.searchsorted(other, same, side="left") + np.searchsorted(other, same, side="right")
    return float(below.mean() / 2 / len(other))


def _order(found: Sequence[Example], label: Floats, after: Floats, seed: int) -> tuple[float, float]:
    drawn = [auc(label[rows], after[rows]) for rows in _draws(found, seed)]
    return round(auc(label, after), 4), round(float(np.percentile(drawn, 2.5)), 4)
