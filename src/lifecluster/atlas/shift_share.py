"""Shift-share: how much of a region's growth is the nation's, its mix of industries', its own; parts that sum exactly.

Source: Dunn, A statistical and analytical technique for regional analysis, Papers of the RSA 6 (1960), 97-112.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from lifecluster.atlas.points import AtlasError, CannotTellError

Amount = int | float | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Parts:
    """Change of jobs and its three parts as exact fractions: `change == nation + mix + region`."""

    change: Fraction
    nation: Fraction
    mix: Fraction
    region: Fraction

    def rounded(self, digits: int = 0) -> tuple[Fraction, Fraction, Fraction, Fraction]:
        """Change, nation, mix, region in units of 10^-digits, rounded so that the parts still sum exactly.

        Each part is rounded down and the missing units go to those with the largest remainders.
        """
        unit = Fraction(10) ** -digits
        total = round(self.change / unit)
        exact = [part / unit for part in (self.nation, self.mix, self.region)]
        whole = [part.__floor__() for part in exact]
        order = sorted(range(3), key=lambda i: exact[i] - whole[i], reverse=True)
        for i in range(total - sum(whole)):
            whole[order[i % 3]] += 1
        nation, mix, region = (unit * part for part in whole)
        return unit * total, nation, mix, region


def shift_share(before: Mapping[str, Amount], after: Mapping[str, Amount], nation_before: Mapping[str, Amount],
                nation_after: Mapping[str, Amount]) -> dict[str, Parts]:  # fmt: skip
    """The change of each segment of a region in three parts, and of all together under "all".

    Parameters: jobs by segment, in the region and in the nation (which includes it), before and after.
    A segment new to the nation has no national growth to compare with: all its change is the region's.
    Raises AtlasError for segments that are not in all four tables or a negative amount, CannotTellError where the
    nation had no jobs.
    """
    tables = [{key: _exact(value) for key, value in table.items()}
              for table in (before, after, nation_before, nation_after)]  # fmt: skip
    if any(set(table) != set(before) for table in tables):
        raise AtlasError("the four tables must have the same segments")
    if "all" in before:
        raise AtlasError('"all" is the name of the total: it cannot be a segment')
    e0, e1, n0, n1 = tables
    if not sum(n0.values()):
        raise CannotTellError("the nation had no jobs before: there is no growth to compare with")
    growth = sum(n1.values(), Fraction(0)) / sum(n0.values(), Fraction(0)) - 1
    found = {key: _parts(e0[key], e1[key], n0[key], n1[key], growth) for key in before}
    whole = [sum((getattr(part, name) for part in found.values()), Fraction(0))
             for name in ("change", "nation", "mix", "region")]  # fmt: skip
    return {**found, "all": Parts(*whole)}


def _exact(value: Amount) -> Fraction:
    try:
        exact = Fraction(value)
    except (ValueError, OverflowError) as error:
        raise AtlasError(f"{value} is no amount") from error
    if exact < 0:
        raise AtlasError(f"{value}: amounts must not be negative")
    return exact


def _parts(e0: Fraction, e1: Fraction, n0: Fraction, n1: Fraction, growth: Fraction) -> Parts:
    if e0 > n0 or e1 > n1:
        raise AtlasError("a region has more jobs in a segment than the nation that includes it")
    nation = e0 * growth
    own = e0 * (n1 / n0 - 1) if n0 else Fraction(0)
    return Parts(e1 - e0, nation, own - nation, e1 - e0 - own)
