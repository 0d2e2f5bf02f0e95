"""From findings to probabilities: an additive model in log-odds, rolled up the tree of segments.

For a segment: logit p = prior + S + W + R + L + T, where
S = strongest SIC code for it + strongest SIC code against it (codes of one side do not add up: they are not
independent), W = min(cap, sum of phrases for it) + sum of phrases against it,
R, L, T = strongest register, strongest licence and strongest stated segment, for and against likewise.
A segment is considered where it has evidence of its own of at least `lead`; it then inherits the evidence of those
above it. A parent's probability is the highest of its own and its children's. So every piece of evidence for can only
raise, every piece against can only lower, and the order of anything does not matter. A listed definition knows only 1.
"""

from __future__ import annotations

import polars as pl

from lifecluster.register.segments.rules import Rules

KEYS = ("row", "definition", "node")
ALONE = ("sic", "register", "licence", "stated")
"""Kinds of evidence of which only the strongest counts."""


def _inherited(found: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Findings for every considered node, its ancestors' included; the same value once, at its highest weight."""
    opening = found.join(rules.models.select("definition", "lead"), on="definition")
    opening = opening.filter(pl.col("weight") >= pl.col("lead"), pl.col("weight") > 0)
    considered = opening.select(KEYS).unique().join(rules.lineage, on=["definition", "node"])
    findings = found.rename({"node": "ancestor"})
    joined = considered.join(findings, on=["row", "definition", "ancestor"])
    order = joined.sort("weight", "detail", descending=[True, False])
    return order.unique([*KEYS, "kind", "value"], keep="first").drop("ancestor")


def _strongest(kind: str) -> pl.Expr:
    weight = pl.col("weight").filter(pl.col("kind") == kind)
    return weight.filter(weight > 0).max().fill_null(0.0) + weight.filter(weight < 0).min().fill_null(0.0)


def _probability(inherited: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    words = pl.col("weight").filter(pl.col("kind") == "words").sort()
    scores = (
        inherited.group_by(KEYS)
        .agg(
            strongest=pl.sum_horizontal([_strongest(kind) for kind in ALONE]),
            words_for=words.filter(words > 0).sum(),
            words_against=words.filter(words < 0).sum(),
        )
        .join(rules.models, on="definition")
    )
    capped = pl.min_horizontal("words_for", "words_cap")
    logit = pl.col("prior") + pl.col("strongest") + capped + pl.col("words_against")
    weighed = 1.0 / (1.0 + (-logit).exp())
    return scores.select(*KEYS, probability=pl.when(pl.col("method") == "listed").then(1.0).otherwise(weighed))


def _rolled_up(own: pl.DataFrame, inherited: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Every considered node and all above it: best probability, role of the best node, evidence below."""
    up = own.join(rules.lineage, on=["definition", "node"]).join(
        rules.nodes.select("definition", "node", "place", node_role="role"), on=["definition", "node"]
    )
    best = up.sort("probability", "place", descending=[True, False])
    top = best.group_by("row", "definition", "ancestor", maintain_order=True).agg(
        pl.col("probability").first(), best_role=pl.col("node_role").first()
    )
    listed = pl.struct("kind", "value", "weight", "detail").alias("evidence")
    spread = inherited.join(rules.lineage, on=["definition", "node"])
    # The same finding reaches a parent by several children: there it is shown once.
    spread = spread.sort("weight", "detail", descending=[True, False])
    spread = spread.unique(["row", "definition", "ancestor", "kind", "value"], keep="first")
    shown = spread.sort(pl.col("weight").abs(), "kind", "value", descending=[True, False, False])
    gathered = shown.group_by("row", "definition", "ancestor", maintain_order=True).agg(listed)
    return top.join(gathered, on=["row", "definition", "ancestor"]).rename({"ancestor": "node"})


def weigh(found: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Probabilities from findings: row, definition, node, probability, best_role, evidence (strongest first)."""
    inherited = _inherited(found, rules)
    return _rolled_up(_probability(inherited, rules), inherited, rules)
