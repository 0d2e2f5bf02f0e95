"""Measures of a linker's answers: the threshold is chosen on one half of the queries, the rest is of the other."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

_Z = 1.6448536269514722  # one-sided 95 %


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 with the counts they rest on."""

    precision: float
    recall: float
    f1: float
    linked: int
    right: int
    matches: int

    @classmethod
    def of(cls, answers: pl.DataFrame) -> Score:
        """Score answers that have the columns linked, right, has_match (all bool)."""
        linked, right = int(answers["linked"].sum()), int((answers["linked"] & answers["right"]).sum())
        matches = int(answers["has_match"].sum())
        precision = right / linked if linked else 0.0
        recall = right / matches if matches else 0.0
        f1 = 2 * right / (linked + matches) if linked + matches else 0.0
        return cls(precision, recall, f1, linked, right, matches)


def wilson_lower(right: int, linked: int, z: float = _Z) -> float:
    """Lower bound of a share by Wilson's score interval.

    Args:
        right: successes.
        linked: trials.
        z: standard normal quantile; the default gives a one-sided 95 % bound.

    Returns:
        The bound; 0 without trials.

    Source: E. B. Wilson (1927), Journal of the American Statistical Association 22, 209-212.
    """
    if linked == 0:
        return 0.0
    share = right / linked
    centre = share + z * z / (2 * linked)
    spread = z * math.sqrt(share * (1 - share) / linked + z * z / (4 * linked * linked))
    return (centre - spread) / (1 + z * z / linked)


def is_tuning(ids: pl.Expr) -> pl.Expr:
    """Whether a query is in the tuning half: odd numbers, queries being in random order."""
    return ids.str.extract(r"(\d+)$").cast(pl.Int64) % 2 == 1


def join_answers(links: pl.DataFrame, labels: pl.DataFrame, meta: pl.DataFrame) -> pl.DataFrame:
    """One row per query: id, score, answered, right, has_match, tuning, and the classes of ``meta``.

    Args:
        links: id, company_number, score, at most one row per id; blank company_number for no answer.
        labels: id, company_number; blank for no match.
        meta: id, noise_class, address_class, kind.

    Returns:
        The rows in the order of ``labels``; a missing score is minus infinity.

    Raises:
        ValueError: an id is answered twice or is unknown.
    """
    if links["id"].n_unique() != links.height:
        raise ValueError("an id is answered twice")
    if not links["id"].is_in(labels["id"].implode()).all():
        raise ValueError("an answer has an id that was not asked")
    said = pl.col("said").is_not_null() & (pl.col("said") != "")
    true = pl.col("company_number").is_not_null() & (pl.col("company_number") != "")
    joined = labels.join(links.rename({"company_number": "said"}), on="id", how="left", maintain_order="left")
    return joined.join(meta, on="id", how="left", maintain_order="left").with_columns(
        answered=said,
        has_match=true,
        right=(said & true & (pl.col("said") == pl.col("company_number"))).fill_null(value=False),
        score=pl.when(said).then(pl.col("score").cast(pl.Float64).fill_null(-math.inf)).otherwise(-math.inf),
        tuning=is_tuning(pl.col("id")),
    )


def _curve(answers: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Thresholds from high to low with the numbers linked and right at each; ties are taken together."""
    steps = (
        answers.filter(pl.col("answered"))
        .group_by("score")
        .agg(linked=pl.len(), right=pl.col("right").sum())
        .sort("score", descending=True)
    )
    return steps["score"].to_numpy(), steps["linked"].cum_sum().to_numpy(), steps["right"].cum_sum().to_numpy()


def best_f1_threshold(answers: pl.DataFrame) -> float:
    """The threshold with the best F1; infinity if nothing was answered."""
    thresholds, linked, right = _curve(answers)
    if len(thresholds) == 0:
        return math.inf
    return float(thresholds[np.argmax(2 * right / (linked + max(1, int(answers["has_match"].sum()))))])


def precise_threshold(answers: pl.DataFrame, precision: float, *, cautious: bool) -> float:
    """The lowest threshold with at least a given precision; infinity if there is none.

    Args:
        answers: the rows to choose on.
        precision: for example 0.99.
        cautious: ask it of Wilson's lower bound rather than of the observed precision.
    """
    thresholds, linked, right = _curve(answers)
    if cautious:
        reached = np.array([wilson_lower(int(r), int(n)) for r, n in zip(right, linked, strict=True)])
    else:
        reached = right / np.maximum(linked, 1)
    good = np.flatnonzero(reached >= precision)
    return float(thresholds[good[-1]]) if len(good) else math.inf


def _at(answers: pl.DataFrame, threshold: float) -> pl.DataFrame:
    return answers.with_columns(linked=pl.col("answered") & (pl.col("score") >= threshold))


def bootstrap_f1(answers: pl.DataFrame, *, seed: int, rounds: int = 2000) -> tuple[float, float]:
    """The 95 % percentile interval of F1 over resampled queries.

    Args:
        answers: rows with linked, right, has_match.
        seed: fixes the resampling.
        rounds: number of resamples.
    """
    rng = np.random.default_rng(seed)
    right = (answers["linked"] & answers["right"]).to_numpy().astype(np.int64)
    total = answers["linked"].to_numpy().astype(np.int64) + answers["has_match"].to_numpy().astype(np.int64)
    values = np.empty(rounds)
    for i in range(rounds):
        weight = rng.multinomial(len(right), np.full(len(right), 1 / len(right)))
        values[i] = 2 * (weight @ right) / max(1, weight @ total)
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def evaluate(answers: pl.DataFrame, *, seed: int = 0) -> dict[str, Any]:
    """All measures of one tool on one test set.

    Args:
        answers: from ``join_answers``.
        seed: of the bootstrap.

    Returns:
        A JSON-ready dictionary. Measures are of the test half, thresholds (but the oracle's) of the tuning half.
    """
    tune, test = answers.filter(pl.col("tuning")), answers.filter(~pl.col("tuning"))
    threshold = best_f1_threshold(tune)
    decided = _at(test, threshold)
    cautious = Score.of(_at(test, precise_threshold(tune, 0.99, cautious=True)))
    plain = Score.of(_at(test, precise_threshold(tune, 0.99, cautious=False)))
    oracle = Score.of(_at(test, precise_threshold(test, 0.99, cautious=False)))
    return {
        "threshold": threshold,
        **asdict(Score.of(decided)),
        "f1_interval": bootstrap_f1(decided, seed=seed),
        "r_at_p99": {"recall": cautious.recall, "precision": cautious.precision},
        "r_at_p99_observed": {"recall": plain.recall, "precision": plain.precision},
        "r_at_p99_oracle": {"recall": oracle.recall, "precision": oracle.precision},
        **_shares_and_classes(decided),
    }


def evaluate_fixed(answers: pl.DataFrame, *, seed: int = 0) -> dict[str, Any]:
    """The same measures for a tool that decides by itself: every answer marked ``auto`` is a link, on all queries.

    Args:
        answers: from ``join_answers``, with a column ``band``.
        seed: of the bootstrap.
    """
    decided = answers.with_columns(linked=pl.col("answered") & (pl.col("band") == "auto"))
    offered = answers.with_columns(linked=pl.col("answered") & pl.col("band").is_in(["auto", "review"]))
    return {
        **asdict(Score.of(decided)),
        "f1_interval": bootstrap_f1(decided, seed=seed),
        "recall_with_review": Score.of(offered).recall,
        "precision_with_review": Score.of(offered).precision,
        "bands": {str(band): n for band, n in answers["band"].value_counts().sort("band").rows()},
        **_shares_and_classes(decided),
    }


def _shares_and_classes(decided: pl.DataFrame) -> dict[str, Any]:
    def linked_share(kind: str) -> float:
        rows = decided.filter(pl.col("kind") == kind)
        return float(rows["linked"].mean() or 0.0)  # type: ignore[arg-type]  # a share, never a date

    def by(column: str) -> dict[str, float]:
        groups = decided.partition_by(column, as_dict=True)
        return {str(key[0]): Score.of(rows).f1 for key, rows in sorted(groups.items())}

    return {
        "sibling_false_links": linked_share("absent_sibling"),
        "absent_false_links": linked_share("absent"),
        "f1_by_noise_class": by("noise_class"),
        "f1_by_address_class": by("address_class"),
    }
