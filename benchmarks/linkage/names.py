"""F1 on labelled pairs of organisation names, at the shipped threshold, which was not fitted on them.

The pairs are nomenklatura's name_bench (MIT), 266 of them; they are read from `LIFECLUSTER_DATA` and never trained on.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl

from lifecluster.register.linkage.pair_names import name_threshold, score_names

FILE = "matching/nomenklatura_name_bench_organisations.csv"


def scored(path: Path, *, series: bool) -> pl.DataFrame:
    """The pairs with `truth` and `score`; `series`: whether `Fund II` beside `Fund III` may count as the same."""
    pairs = pl.read_csv(path, infer_schema_length=0)
    scores = [score_names(a or "", b or "", series=series) for a, b in pairs.select("name1", "name2").iter_rows()]
    return pairs.with_columns(truth=pl.col("is_match") == "true", score=pl.Series(scores))


def f1(said: pl.Series, truth: pl.Series) -> tuple[float, float, float]:
    """Precision, recall and F1 of `said` against `truth`."""
    right = int((said & truth).sum())
    precision, recall = right / max(int(said.sum()), 1), right / max(int(truth.sum()), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def main() -> int:
    """Print precision, recall and F1 under both readings of numbered series, and what came out wrong by case group.

    The pairs were labelled for screening, where numbered funds of one house are matches; in a register of companies
    they are different companies, which is the default here. Both are said.
    """
    data = os.environ.get("LIFECLUSTER_DATA")
    if not data:
        print("LIFECLUSTER_DATA is not set: the labelled pairs are not at hand")
        return 1
    for series in (True, False):
        pairs = scored(Path(data) / FILE, series=series)
        said = pairs["score"] >= name_threshold()
        precision, recall, score = f1(said, pairs["truth"])
        reading = "alike" if series else "apart"
        print(f"{pairs.height} pairs, threshold {name_threshold():.3f}, numbered series {reading}: "
              f"precision {precision:.3f}, recall {recall:.3f}, F1 {score:.3f}")  # fmt: skip
        wrong = pairs.filter(said != pairs["truth"])
        print(dict(wrong.group_by("case_group").len().sort("len", descending=True).iter_rows()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
