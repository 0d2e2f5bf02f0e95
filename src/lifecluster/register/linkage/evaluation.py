"""How good a set of links is, against known answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
#: Standard errors below the observed precision at which its lower bound is taken.
PLAIN, CAUTIOUS = 1.0, 1.96


@dataclass(frozen=True)
class Evaluation:
    """Measures of a set of links. Intervals are 95 % bootstrap intervals over queries.

    `precision`, `recall`, `f1` are those of the command's own answer: a link is a row with an organisation. A right
    link names the company number of the label; recall counts queries that have a label.
    `recall_at_p99` is the recall on one half of the queries at the threshold on probability from which on the other
    half has a precision whose lower bound is at least .99, over both ways round; `precision_at_p99` is the precision
    met there. The bound is the lower end of Wilson's interval at one standard error (z = 1.0, one-sided 84 %), so the
    precision met may be a little under .99. The two `…_cautious` are the same at z = 1.96 (one-sided 97.5 %).
    `recall_at_p99_oracle` is the best recall that any threshold gives at an observed precision of .99 on all queries:
    an upper limit, chosen on the queries it is measured on.
    `sibling_false_links` is the share of queries of kind `absent_sibling` that got a link (None without `meta`).
    `calibration_error` is the expected calibration error over ten equal bins of the probability of the links made.
    """

    queries: int
    labelled: int
    precision: float
    recall: float
    f1: float
    f1_interval: tuple[float, float]
    precision_interval: tuple[float, float]
    recall_interval: tuple[float, float]
    recall_at_p99: float
    precision_at_p99: float
    recall_at_p99_cautious: float
    precision_at_p99_cautious: float
    recall_at_p99_oracle: float
    auto_share: float
    auto_precision: float
    review_share: float
    calibration_error: float
    sibling_false_links: float | None = None
    sibling_false_auto: float | None = None
    absent_false_links: float | None = None
    by_class: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def evaluate(
    links: pl.DataFrame, labels: pl.DataFrame, meta: pl.DataFrame | None = None, *, seed: int = 1, draws: int = 400
) -> Evaluation:
    """Evaluate links.

    Parameters: `links` as `link` gives them; `labels` with `id,company_number` (a query that is missing or blank there
    has no true match); `meta` with `id,noise_class,kind` (kind: `match`, `absent`, `absent_sibling`), optional.
    """
    frame = links.join(labels.select("id", pl.col("company_number").alias("truth")), on="id", how="left")
    truth = frame["truth"].fill_null("").to_list()
    said = frame["company_number"].fill_null("").to_list()
    exists = np.array([bool(t) for t in truth])
    linked = np.array([bool(s) for s in said])
    right = np.array([bool(s) and s == t for s, t in zip(said, truth, strict=True)])
    probability = frame["probability"].to_numpy().astype(np.float64)
    auto = (frame["band"] == "auto").to_numpy()
    review = (frame["band"] == "review").to_numpy()
    intervals = _bootstrap(linked, right, exists, seed, draws)
    recall99, precision99 = recall_at(probability, linked, right, exists, seed=seed)
    cautious = recall_at(probability, linked, right, exists, seed=seed, z=CAUTIOUS)
    precision, recall, f1 = _prf(linked, right, exists)
    return Evaluation(
        queries=len(truth),
        labelled=int(exists.sum()),
        precision=precision,
        recall=recall,
        f1=f1,
        precision_interval=intervals[0],
        recall_interval=intervals[1],
        f1_interval=intervals[2],
        recall_at_p99=recall99,
        precision_at_p99=precision99,
        recall_at_p99_cautious=cautious[0],
        precision_at_p99_cautious=cautious[1],
        recall_at_p99_oracle=oracle_recall(probability, linked, right, exists),
        auto_share=float(auto.mean()) if len(auto) else 0.0,
        auto_precision=_share(right, auto),
        review_share=float(review.mean()) if len(review) else 0.0,
        calibration_error=_calibration_error(probability[linked], right[linked]),
        **_by_kind(frame, linked=linked, auto=auto, right=right, exists=exists, meta=meta),
    )


def _prf(linked: Bools, right: Bools, exists: Bools) -> tuple[float, float, float]:
    hits, said, known = int(right.sum()), int(linked.sum()), int(exists.sum())
    precision, recall = hits / said if said else 0.0, hits / known if known else 0.0
    return precision, recall, 2 * hits / (said + known) if said + known else 0.0


def _share(mask: Bools, of: Bools) -> float:
    return float(mask[of].mean()) if of.any() else 0.0


def _bootstrap(linked: Bools, right: Bools, exists: Bools, seed: int, draws: int) -> list[tuple[float, float]]:
    if not len(linked):
        return [(0.0, 0.0)] * 3
    rng = np.random.default_rng(seed)
    values = np.array(
        [
            _prf(linked[at], right[at], exists[at])
            for at in (rng.integers(0, len(linked), len(linked)) for _ in range(draws))
        ]
    )
    low, high = np.percentile(values, [2.5, 97.5], axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]


def wilson_lower(hits: Floats, tried: Floats, z: float = PLAIN) -> Floats:
    """Lower end of Wilson's interval of a share (Wilson 1927)."""
    p = hits / np.maximum(tried, 1)
    centre = p + z * z / (2 * tried)
    spread = z * np.sqrt(p * (1 - p) / tried + z * z / (4 * tried**2))
    return np.asarray((centre - spread) / (1 + z * z / tried))


def sure_threshold(
    probability: Floats, linked: Bools, right: Bools, precision: float = 0.99, *, z: float = PLAIN
) -> float:
    """The lowest probability from which on the lower bound of precision is at least `precision` (2.0 if none is).

    The bound lies `z` standard errors below what is observed (`wilson_lower`); z = 0 takes what is observed.
    """
    order = np.argsort(-np.where(linked, probability, -1), kind="stable")
    order = order[linked[order]]
    if not len(order):
        return 2.0
    hits = np.cumsum(right[order]).astype(np.float64)
    tried = np.arange(1, len(order) + 1, dtype=np.float64)
    ends = np.append(probability[order][1:] != probability[order][:-1], True)
    good = np.flatnonzero((wilson_lower(hits, tried, z) >= precision) & ends)
    return float(probability[order][good[-1]]) if len(good) else 2.0


def recall_at(
    probability: Floats, linked: Bools, right: Bools, exists: Bools, *, seed: int, precision: float = 0.99,
    z: float = PLAIN,
) -> tuple[float, float]:  # fmt: skip
    """Recall and the precision met when the threshold is set on one half and used on the other, both ways round."""
    half = np.random.default_rng(seed).permutation(len(probability)) % 2 == 0
    hits = said = known = 0
    for tune in (half, ~half):
        limit = sure_threshold(probability[tune], linked[tune], right[tune], precision, z=z)
        use = ~tune & linked & (probability >= limit)
        hits += int((right & use).sum())
        said += int(use.sum())
        known += int((exists & ~tune).sum())
    return hits / known if known else 0.0, hits / said if said else 1.0


def oracle_recall(probability: Floats, linked: Bools, right: Bools, exists: Bools, precision: float = 0.99) -> float:
    """The best recall at an observed precision of at least `precision`, the threshold being chosen with the answers
    in sight."""
    use = linked & (probability >= sure_threshold(probability, linked, right, precision, z=0.0))
    return int((right & use).sum()) / max(int(exists.sum()), 1)


def _calibration_error(probability: Floats, right: Bools) -> float:
    if not len(probability):
        return 0.0
    bins = np.minimum((probability * 10).astype(int), 9)
    gaps = [
        abs(float(probability[bins == b].mean()) - float(right[bins == b].mean())) * float((bins == b).mean())
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def _by_kind(
    frame: pl.DataFrame, *, linked: Bools, auto: Bools, right: Bools, exists: Bools, meta: pl.DataFrame | None
) -> dict[str, Any]:
    if meta is None:
        return {}
    joined = frame.select("id").join(meta, on="id", how="left")
    kind = joined["kind"].fill_null("").to_numpy()
    classes = joined["noise_class"].fill_null("").to_numpy()
    table = []
    for name in sorted(set(classes.tolist())):
        of = classes == name
        precision, recall, f1 = _prf(linked[of], right[of], exists[of])
        table.append(
            {"noise_class": name, "queries": int(of.sum()), "precision": precision, "recall": recall, "f1": f1}
        )
    sibling = kind == "absent_sibling"
    return {
        "sibling_false_links": _share(linked, sibling),
        "sibling_false_auto": _share(auto, sibling),
        "absent_false_links": _share(linked, kind == "absent"),
        "by_class": table,
    }
