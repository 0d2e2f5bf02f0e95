"""A figure by segment of its definition: counts of the register, or cells of the industries that a segment lists."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from lifecluster.figures.bases.industries import industries
from lifecluster.figures.bases.register import COUNTED
from lifecluster.figures.claim import Basis
from lifecluster.figures.inputs import Inputs
from lifecluster.figures.places import Place
from lifecluster.figures.ranking import bounds
from lifecluster.figures.rows import THIS, Row, total
from lifecluster.figures.spread import Spread
from lifecluster.register.definition import load_definition
from lifecluster.register.segments.sums import expected


@dataclass(frozen=True, slots=True)
class Part:
    """One segment: id, label, the segment above it, value, the number expected and its interval, in which it lies.

    Of a register the interval is of classification, 95 %; of cells it is all that rounding leaves possible.
    """

    segment: str
    label: str
    above: str | None
    value: Fraction | None
    expected: float | None
    low: float | None
    high: float | None

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        value = None if self.value is None else float(self.value)
        return {"segment": self.segment, "label": self.label, "above": self.above, "value": value,
                "expected": self.expected, "low": self.low, "high": self.high}  # fmt: skip


def parts(basis: Basis, rows: tuple[Row, ...], asked: Place, inputs: Inputs) -> tuple[Part, ...]:
    """The segments of the definition, in its order; none where the basis has no definition or is a segment itself.

    An organisation may stand in several segments of a weighed definition, so these may add up to more than the whole.
    """
    if basis.definition is None or basis.segment is not None or not rows:
        return ()
    if basis.source in {"bres", "uk-business-counts"}:
        return _of_industries(basis, rows)
    if basis.source == "register" and basis.quantity == "organisations" and inputs.register is not None:
        return _of_register(basis, asked, inputs)
    return ()


def _of_industries(basis: Basis, rows: tuple[Row, ...]) -> tuple[Part, ...]:
    found = []
    for segment, above in load_definition(str(basis.definition)).walk():
        codes = set(industries(str(basis.definition), segment.id))
        own = [row for row in rows if row.group == THIS and row.label in codes]
        low, high = bounds(own)
        middle = None if high is None else Spread.of(own, sampling=False).mean
        found.append(Part(segment.id, segment.label, above[-1] if above else None, total(own), middle, float(low),
                          None if high is None else float(high)))  # fmt: skip
    return tuple(found)


def _of_register(basis: Basis, asked: Place, inputs: Inputs) -> tuple[Part, ...]:
    package = inputs.register
    if package is None:
        return ()
    live = package.table("organisations").filter("live", pl.col("lad").is_in(sorted(asked.lads))).select("id")
    classes = package.table("segments").filter(
        pl.col("definition") == basis.definition, pl.col("segment").is_not_null(), pl.col("probability").is_not_null()
    )
    mine = classes.join(live, left_on="organisation_id", right_on="id", how="semi").sort("organisation_id")
    chances = dict(mine.group_by("segment").agg(pl.col("probability")).iter_rows())
    found = []
    for segment, above in load_definition(str(basis.definition)).walk():
        own = chances.get(segment.id, [])
        value = Fraction(sum(p >= COUNTED for p in own))
        found.append(Part(segment.id, segment.label, above[-1] if above else None, value, *expected(own)))
    return tuple(found)
