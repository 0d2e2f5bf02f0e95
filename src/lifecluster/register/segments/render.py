"""Comparisons and explanations as text for the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl
from rich.console import Group
from rich.table import Table
from rich.text import Text

from lifecluster.register.segments.compare import Comparison
from lifecluster.register.segments.explain import Explanation

SIDES = ("left", "right")
NOTE = (
    "Counted: who is in with a probability of one half or more, each as one; certain: from 0.95. Expected: how many "
    "belong by all the probabilities, with the interval of 95 % if these are right and independent (of classification: "
    "those that no source has are not in it, `lifecluster claims compute businesses` adds them). It is the count less "
    "its surplus (how many of the counted are expected not to belong) plus its shortfall (how many of the others are "
    "expected to), so the count itself may lie outside of the interval. Unknown: no SIC code is supplied and nothing "
    "else decides; neither the count nor the interval has them."
)
SIGN = {"yes": "● yes", "likely": "◐ likely", "unlikely": "◐ unlikely", "unknown": "◐ unknown", "no": "○ no"}
"""How certain an answer is; its probability stands behind it."""


def _number(value: float) -> str:
    return f"{value:,.1f}"


def _signed(sign: str, value: float) -> str:
    """A number with its sign; nothing is neither more nor less."""
    said = _number(value)
    return said if said == "0.0" else f"{sign}{said}"


def _counts(counts: pl.DataFrame, width: int) -> Table | Text:
    rows = [
        (row["definition"], f"{row['certain']:,}", f"{row['counted']:,}", _signed("-", row["surplus"]),
         _signed("+", row["shortfall"]), f"{_number(row['expected'])} ({row['low']:,.0f} to {row['high']:,.0f})",
         f"{row['unknown']:,}")
        for row in counts.iter_rows(named=True)
    ]  # fmt: skip
    names = ("certain", "counted", "surplus", "shortfall", "expected (95 %)", "unknown")
    return _laid_out("Organisations by definition", "definition", names, rows, width)


def _segments(segments: pl.DataFrame, width: int) -> Table | Text:
    """Each segment with its count under every definition that has it; a dash where one has not."""
    names = segments["definition"].unique(maintain_order=True).to_list()
    rows = []
    for (segment,), part in segments.group_by("segment", maintain_order=True):
        found = dict(part.select("definition", "counted").iter_rows())
        rows.append((str(segment), *(f"{found[name]:,}" if name in found else "–" for name in names)))
    return _laid_out("Organisations by segment", "segment", names, rows, width)


def _laid_out(
    title: str, first: str, names: Sequence[str], rows: Sequence[tuple[str, ...]], width: int
) -> Table | Text:
    """A table; where the terminal is too narrow for it, each row's name and below it its numbers, nothing cut."""
    columns = list(zip(*[(first, *names), *rows], strict=True))
    if width < sum(max(map(len, column)) + 3 for column in columns) + 1:
        text = Text(f"{title}\n", style="bold")
        for name, *values in rows:
            said = ", ".join(f"{label} {value}" for label, value in zip(names, values, strict=True) if value != "–")
            text.append(f"{name}\n", style="not bold")
            text.append(f"  {said}\n", style="not bold dim")
        return text
    table = Table(title=title, title_justify="left")
    table.add_column(first, no_wrap=True)
    for name in names:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(*row)
    return table


def _pair(
    left: str, right: str, reasons: pl.DataFrame, *, top: int, named: pl.DataFrame, examples: int
) -> tuple[Text | Table, ...]:
    """One pair: a headline, who is counted by both and by one alone, and the reasons where anybody is."""
    size = {where: reasons.filter(pl.col("where") == where)["organisations"].sum() for where in ("both", *SIDES)}
    expected = round(math.fsum(reasons["expected_delta"]), 1) + 0.0
    head = Text(f"{left} less {right}: {reasons['count_delta'].sum():+,} ({size['both']:,} in both)", style="bold")
    told = f"  {size['left']:,} in {left} alone, {size['right']:,} in {right} alone; expected {expected:+,.1f}"
    if not (size["left"] or size["right"]):
        alike = "they count the same organisations" if size["both"] else "neither counts any"
        more = ", and differ in how probable they are" if expected else ""
        return head, Text(f"{told}\n  {alike}{more}\n", style="not bold")
    table = Table()
    table.add_column("difference", justify="right")
    table.add_column("because")
    telling = reasons.filter(pl.col("count_delta") != 0).sort(
        pl.col("count_delta").abs(), "group", descending=[True, False]
    )
    for row in telling.head(top).iter_rows(named=True):
        table.add_row(f"{row['count_delta']:+,}", row["group"])
        for example in _examples(named, row, examples).iter_rows(named=True):
            table.add_row("", Text(f"  {example['name'] or ''}  {example['organisation_id']}", style="dim"))
    if telling.height > top:
        table.add_row(f"{telling['count_delta'][top:].sum():+,}", f"other reasons together: {telling.height - top}")
    return head, Text(told), table


def _examples(named: pl.DataFrame, reason: dict[str, object], most: int) -> pl.DataFrame:
    """The first `most` organisations, by name, that differ for a reason."""
    mine = named.filter(pl.col("where") == reason["where"], pl.col("group") == reason["group"])
    return mine.sort("name", "organisation_id", nulls_last=True).head(most)


def render_comparison(comparison: Comparison, *, top: int = 8, examples: int = 0, width: int = 100) -> Group:
    """Counts, by segment too, then every pair with its `top` most frequent reasons; the rest is summed, so that each
    table adds up.

    Parameters: `examples` how many organisations are named under each reason; `width` of the terminal in characters.
    """
    parts: list[Table | Text] = [_counts(comparison.counts, width), _segments(comparison.segments, width)]
    for (left, right), reasons in comparison.reasons.group_by("left", "right", maintain_order=True):
        named = comparison.differences.filter(pl.col("left") == left, pl.col("right") == right)
        parts.extend(_pair(str(left), str(right), reasons, top=top, named=named, examples=examples))
    parts.append(Text(NOTE))
    return Group(*parts)


def render_explanation(explanation: Explanation) -> Group:
    """One organisation: its codes, then every definition with its verdicts, then the evidence they name by number."""
    head = Text(f"{explanation.name}  {explanation.organisation_id}", style="bold")
    codes = Text("SIC: " + ("; ".join(explanation.sic) or "none supplied"))
    told = [piece for verdict in explanation.verdicts for piece in verdict.evidence]
    numbers = {piece: n for n, piece in enumerate(dict.fromkeys(told), 1)}
    table = Table("definition", "segment", "answer", "by")
    for verdict in explanation.verdicts:
        segment = (
            "as a whole" if verdict.segment is None else verdict.label + (" (inferred)" if verdict.inferred else "")
        )
        chance = "" if verdict.probability is None else f", {verdict.probability:.2f}"
        by = ", ".join(str(numbers[piece]) for piece in verdict.evidence)
        table.add_row(verdict.definition, segment, f"{SIGN[verdict.certainty]}{chance}", by)
    return Group(head, codes, table, *(Text(f"{n}  {piece}", style="not bold") for piece, n in numbers.items()))
