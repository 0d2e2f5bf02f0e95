"""Why an organisation counts under one definition and not under another, in one sentence, computed by columns."""

from __future__ import annotations

import polars as pl

from lifecluster.register.definition import Definition

COUNTED = 0.5
SIDE = pl.Schema(
    {
        "organisation_id": pl.String,
        "p": pl.Float64,
        "listed": pl.Boolean,
        "role": pl.String,
        "segment": pl.String,
        "kind": pl.String,
        "value": pl.String,
        "against": pl.String,
        "decided": pl.String,
        "why": pl.String,
    }
)


def side(classified: pl.DataFrame, name: str) -> pl.DataFrame:
    """One row per organisation that `classified` mentions under the definition `name`: what is needed to give a reason.

    organisation_id, p (null: unknown), listed (always true), role, segment (the finest of the most probable), kind and
    value of the strongest evidence for it, against (strongest counter-evidence), decided (include or exclude) and why.
    """
    mine = classified.filter(pl.col("definition") == name)
    root = mine.filter(pl.col("segment").is_null())
    weights = root.select("organisation_id", "evidence").explode("evidence", empty_as_null=True).unnest("evidence")
    found = weights.group_by("organisation_id").agg(
        kind=pl.col("kind").filter(pl.col("weight") > 0).first(),
        value=pl.col("value").filter(pl.col("weight") > 0).first(),
        against=pl.col("value").filter(pl.col("weight") < 0).first(),
        decided=pl.col("kind").filter(pl.col("kind").is_in(["include", "exclude"])).first(),
        why=pl.when(pl.col("detail") == "status")
        .then(pl.format("its status is {}", pl.col("value")))
        .otherwise("detail")
        .filter(pl.col("kind").is_in(["include", "exclude"]))
        .first(),
    )
    finest = mine.filter(pl.col("segment").is_not_null()).with_row_index("place")
    finest = finest.sort("probability", "place", descending=[True, True], nulls_last=True)
    best = finest.unique("organisation_id", keep="first", maintain_order=True).select("organisation_id", "segment")
    joined = root.drop("segment", "evidence").join(found, on="organisation_id", how="left")
    joined = joined.join(best, on="organisation_id", how="left")
    return joined.with_columns(p=pl.col("probability"), listed=pl.lit(True)).select(list(SIDE)).cast(SIDE)


def _strength(prefix: str) -> pl.Expr:
    """The strongest evidence of one side in words."""
    kind, value = pl.col(f"kind{prefix}"), pl.col(f"value{prefix}")
    return (
        pl.when(kind == "sic")
        .then(pl.format("SIC {}", value))
        .when(kind == "words")
        .then(pl.format("the words '{}'", value))
        .when(kind == "register")
        .then(pl.format("the register entry {}", value))
        .when(kind == "licence")
        .then(pl.format("the licence {}", value))
        .when(kind == "stated")
        .then(pl.format("its stated segment {}", value))
        .otherwise(pl.lit("a decision by hand"))
    )


def _kind_of(prefix: str) -> pl.Expr:
    kind, value = pl.col(f"kind{prefix}"), pl.col(f"value{prefix}")
    names = {"words": "words", "register": "a register", "licence": "a licence", "stated": "a stated segment"}
    general = kind.replace_strict(names, default="a decision by hand")
    return pl.when(kind == "sic").then(pl.format("SIC {}", value)).otherwise(general)


def _outside(strong: Definition, weak: Definition, s: str) -> tuple[pl.Expr, pl.Expr]:
    """(reason, group) where `weak` takes listed codes only and has none of this organisation's."""
    takes_service = any(segment.role == "service-supply" for segment, _ in weak.walk())
    service = (pl.col(f"role{s}") == "service-supply") & pl.lit(not takes_service)
    tail = pl.when(service).then(pl.lit(f"; service and supply is not counted by {weak.name}")).otherwise(pl.lit(""))
    codes = pl.when(pl.col("codes") == "").then(pl.lit("no SIC code")).otherwise(pl.format("SIC {}", pl.col("codes")))
    by_code = pl.col(f"kind{s}") == "sic"
    name = pl.lit(weak.name)
    listed = pl.format("SIC {} is in {}, not in {}{}", pl.col(f"value{s}"), pl.lit(strong.name), name, tail)
    outside = pl.format("{}; {} outside {}{}", _strength(s), codes, name, tail)
    grouped = pl.format("{}; SIC outside {}{}", _kind_of(s), name, tail)
    return pl.when(by_code).then(listed).otherwise(outside), pl.when(by_code).then(listed).otherwise(grouped)


def _too_little(weak: Definition, s: str, w: str) -> tuple[pl.Expr, pl.Expr]:
    """(reason, group) where `weak` weighs evidence and finds none or not enough."""
    name = pl.lit(weak.name)
    unopposed, silent = pl.col(f"against{w}").is_null(), pl.col(f"listed{w}").is_null()
    against = pl.format("; against it: '{}'", pl.col(f"against{w}"))
    some = pl.format("{} gives {} under {}", _strength(s), pl.col(f"p{w}").round(2), name)
    told = pl.when(unopposed).then(some).otherwise(pl.concat_str(some, against, ignore_nulls=True))
    nothing = pl.format("{} says nothing to {}", _strength(s), name)
    little = pl.format("{}, which is too little for {}", _kind_of(s), name)
    grouped = pl.when(unopposed).then(little).otherwise(pl.format("{}, with counter-evidence", little))
    nothing_group = pl.format("{} says nothing to {}", _kind_of(s), name)
    return pl.when(silent).then(nothing).otherwise(told), pl.when(silent).then(nothing_group).otherwise(grouped)


def _missing(strong: Definition, weak: Definition, s: str, w: str) -> tuple[pl.Expr, pl.Expr]:
    """(reason, group) for organisations counted by `strong` and not by `weak`; `s` and `w` are the column suffixes."""
    rest = _outside(strong, weak, s) if weak.method == "listed" else _too_little(weak, s, w)

    def ordered(text: pl.Expr) -> pl.Expr:
        return (
            pl.when(pl.col(f"decided{w}") == "exclude")
            .then(pl.format("set out by {}: {}", pl.lit(weak.name), pl.col(f"why{w}")))
            .when(pl.col(f"decided{s}") == "include")
            .then(pl.format("set in by {}: {}", pl.lit(strong.name), pl.col(f"why{s}")))
            .when(pl.col(f"listed{w}").is_not_null() & pl.col(f"p{w}").is_null())
            .then(pl.lit(f"no SIC code supplied: {weak.name} cannot tell"))
            .otherwise(text)
        )

    return ordered(rest[0]), ordered(rest[1])


def pair(left: Definition, right: Definition, classified: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """Every organisation that either definition mentions, with where it counts, by how much, and why not in both.

    Parameters: `classified` as classify() returns it; `organisations` with organisation_id, name, codes (text).
    Returns: left, right, organisation_id, name, segment, where (`left`, `right`, `both`, `neither`), count_delta (1,
    -1 or 0), expected_delta (difference of the probabilities, unknown as 0), reason, group.
    """
    joined = side(classified, left.name).join(
        side(classified, right.name), on="organisation_id", how="full", suffix="_r", coalesce=True
    )
    joined = joined.rename({name: f"{name}_l" for name in SIDE if name != "organisation_id"})
    joined = joined.join(organisations, on="organisation_id")
    in_left, in_right = pl.col("p_l").fill_null(0) >= COUNTED, pl.col("p_r").fill_null(0) >= COUNTED
    where = (
        pl.when(in_left & in_right)
        .then(pl.lit("both"))
        .when(in_left)
        .then(pl.lit("left"))
        .when(in_right)
        .then(pl.lit("right"))
        .otherwise(pl.lit("neither"))
    )
    texts = {"left": _missing(left, right, "_l", "_r"), "right": _missing(right, left, "_r", "_l")}
    shared = {"both": "counted by both", "neither": "counted by neither: too little evidence, or unknown"}

    def told(place: int) -> pl.Expr:
        chain = pl.when(pl.col("where") == "left").then(texts["left"][place])
        other = pl.col("where").replace_strict(shared, default="", return_dtype=pl.String)
        return chain.when(pl.col("where") == "right").then(texts["right"][place]).otherwise(other)

    return (
        joined.with_columns(where=where)
        .select(
            pl.lit(left.name).alias("left"),
            pl.lit(right.name).alias("right"),
            "organisation_id",
            "name",
            pl.when(pl.col("where") == "right")
            .then("segment_r")
            .otherwise(pl.coalesce("segment_l", "segment_r"))
            .alias("segment"),
            "where",
            pl.col("where")
            .replace_strict({"left": 1, "right": -1}, default=0, return_dtype=pl.Int32)
            .alias("count_delta"),
            (pl.col("p_l").fill_null(0) - pl.col("p_r").fill_null(0)).alias("expected_delta"),
            told(0).alias("reason"),
            told(1).alias("group"),
        )
        .sort("organisation_id")
    )
