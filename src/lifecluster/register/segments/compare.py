"""Why the counts of definitions differ: counts, overlap, and the difference organisation by organisation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import polars as pl

from lifecluster.register.definition import Definition
from lifecluster.register.segments.classify import CERTAIN
from lifecluster.register.segments.frame import checked
from lifecluster.register.segments.reasons import COUNTED, pair
from lifecluster.register.segments.sums import expected


@dataclass(frozen=True, slots=True)
class Comparison:
    """Several definitions side by side.

    `counts`: one row per definition: definition, unit, certain (0.95 and above), counted (0.5 and above, each as one),
    expected (sum of the probabilities), low and high (the interval of `expected`: 95 %, of classification, the
    probabilities taken as right and independent; the count need not lie in it), surplus (how many of the counted are
    expected not to belong), shortfall (how many of the others are expected to), unknown (no SIC code). So expected is
    counted - surplus + shortfall.
    `segments`: one row per segment, wherever a definition has it, and definition: segment, label, definition, counted,
    expected. `overlap`: left, right, both, only_left, only_right, jaccard. `differences`:
    one row per pair and organisation, with the reason. `reasons`: the same grouped: left, right, where, group,
    organisations, count_delta, expected_delta; the deltas of a pair add up to the difference of its counts.
    """

    counts: pl.DataFrame
    overlap: pl.DataFrame
    differences: pl.DataFrame
    reasons: pl.DataFrame
    segments: pl.DataFrame

    def to_frame(self) -> pl.DataFrame:
        """The counts, one row per definition."""
        return self.counts

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Everything as plain lists of rows, for JSON; unknown is null."""
        names = ("counts", "segments", "overlap", "reasons", "differences")
        return {name: getattr(self, name).to_dicts() for name in names}


def _counts(root: pl.DataFrame, definitions: Sequence[Definition]) -> pl.DataFrame:
    p = pl.col("probability")
    sums = root.group_by("definition").agg(
        certain=(p >= CERTAIN).sum(),
        counted=(p >= COUNTED).sum(),
        expected=p.sort().sum(),
        surplus=(1 - p).filter(p >= COUNTED).sort().sum(),
        shortfall=p.filter(p < COUNTED).sort().sum(),
        unknown=p.is_null().sum(),
    )
    ends = [
        (name, *expected(chances)[1:])
        for name, chances in root.filter(p.is_not_null()).group_by("definition").agg(p).iter_rows()
    ]
    spans = pl.DataFrame(ends, schema={"definition": pl.String, "low": pl.Float64, "high": pl.Float64}, orient="row")
    units = pl.DataFrame({"definition": [d.name for d in definitions], "unit": [d.unit for d in definitions]})
    known = units.join(sums, on="definition", how="left", maintain_order="left")
    known = known.join(spans, on="definition", how="left", maintain_order="left").fill_null(0)
    return known.select(
        "definition",
        "unit",
        pl.col("certain", "counted").cast(pl.Int64),
        "expected",
        low="low",
        high="high",
        surplus=pl.col("surplus").cast(pl.Float64),
        shortfall=pl.col("shortfall").cast(pl.Float64),
        unknown=pl.col("unknown").cast(pl.Int64),
        high_with_unknown=pl.col("high") + pl.col("unknown"),
    )


def _segments(mine: pl.DataFrame, definitions: Sequence[Definition]) -> pl.DataFrame:
    """One row per segment and definition that has it, segments in the order in which definitions first name them.

    The same id under two definitions is the same segment by name alone: what they put into it is what is compared.
    """
    rows = [(s.id, s.label, d.name) for d in definitions for s, _ in d.walk()]
    named = pl.DataFrame(rows, schema=["segment", "label", "definition"], orient="row",
                         schema_overrides=dict.fromkeys(("segment", "label", "definition"), pl.String))  # fmt: skip
    order = named.select("segment").unique(maintain_order=True).with_row_index("_nth")
    p = pl.col("probability")
    sums = mine.group_by("segment", "definition").agg(counted=(p >= COUNTED).sum(), expected=p.sort().sum())
    return (
        named.join(sums, on=["segment", "definition"], how="left", maintain_order="left")
        .join(order, on="segment", maintain_order="left")
        .sort("_nth", maintain_order=True)
        .select("segment", "label", "definition", pl.col("counted").fill_null(0).cast(pl.Int64),
                pl.col("expected").fill_null(0.0))
    )  # fmt: skip


def _overlap(differences: pl.DataFrame) -> pl.DataFrame:
    where = pl.col("where")
    table = differences.group_by("left", "right", maintain_order=True).agg(
        both=(where == "both").sum().cast(pl.Int64),
        only_left=(where == "left").sum().cast(pl.Int64),
        only_right=(where == "right").sum().cast(pl.Int64),
    )
    union = pl.col("both") + pl.col("only_left") + pl.col("only_right")
    return table.with_columns(jaccard=pl.when(union > 0).then(pl.col("both") / union))


def _reasons(differences: pl.DataFrame) -> pl.DataFrame:
    """The differences grouped by reason; pairs in the order of the definitions, frequent reasons first."""
    pairs = differences.select("left", "right").unique(maintain_order=True).with_row_index("pair")
    grouped = differences.group_by("left", "right", "where", "group").agg(
        organisations=pl.len().cast(pl.Int64),
        count_delta=pl.col("count_delta").sum().cast(pl.Int64),
        expected_delta=pl.col("expected_delta").sort().sum(),
    )
    order = ["pair", "where", "organisations", "group"]
    sorted_rows = grouped.join(pairs, on=["left", "right"]).sort(order, descending=[False, False, True, False])
    return sorted_rows.drop("pair")


def compare(
    organisations: pl.DataFrame,
    classified: pl.DataFrame,
    definitions: Sequence[Definition],
    region: Collection[str] | None = None,
) -> Comparison:
    """Compare what `definitions` count among `organisations`.

    Parameters: `organisations` as for classify(); `classified` its result; `region` the organisation_ids that lie in
    the region (the caller applies the location rule), or None for all. An organisation counts from a probability of
    0.5; the expected count is the sum of the probabilities. Returns a Comparison whose grouped reasons add up to the
    differences exactly. Raises InputError as classify() does.
    """
    frame = checked(organisations)
    names = [definition.name for definition in definitions]
    mine = classified.filter(pl.col("definition").is_in(names)).join(frame, on="organisation_id", how="semi")
    if region is not None:
        inside = pl.DataFrame({"organisation_id": sorted(set(region))}, schema={"organisation_id": pl.String})
        mine = mine.join(inside, on="organisation_id", how="semi")
    people = frame.select("organisation_id", "name", codes=pl.col("sic").list.join(", ").fill_null(""))
    parts = [pair(left, right, mine, people) for left, right in combinations(definitions, 2)]
    if not parts:
        parts = [pair(definitions[0], definitions[0], mine, people).clear()]
    differences = pl.concat(parts)
    return Comparison(
        counts=_counts(mine.filter(pl.col("segment").is_null()), definitions),
        overlap=_overlap(differences),
        differences=differences,
        reasons=_reasons(differences),
        segments=_segments(mine.filter(pl.col("segment").is_not_null()), definitions),
    )
