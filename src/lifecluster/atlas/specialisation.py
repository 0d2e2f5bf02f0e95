"""Location quotients with a p-value at the level of plants, and the interval that rounding leaves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from lifecluster.atlas import indices
from lifecluster.atlas.bands import checked
from lifecluster.atlas.chance import benjamini_hochberg, hypergeometric, monte_carlo
from lifecluster.atlas.plants import NULL, Plants
from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.result import Finding, Interval

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Quotient(Finding):
    """A location quotient of one area; `symmetric` the same between -1 and 1; None where the area has nothing."""

    symmetric: float | None


def location_quotients(plants: Plants, *, n_sims: int = 999, alternative: str = "greater",
                       seed: int = 0) -> tuple[Quotient, ...]:  # fmt: skip
    """The quotient of every area, with p, q over all areas, and a 95 per cent bootstrap interval over plants.

    Parameters: `plants` from `plants.plants`; `alternative` "greater": is the area specialised? p is exact where all
    sites have the same jobs (they are counted), else by `n_sims` draws.
    """
    side = checked(alternative)
    observed = indices.location_quotient(plants.segment, plants.everything)
    counts, sizes = np.bincount(plants.area[plants.member], minlength=len(plants.names)), np.bincount(plants.area)
    if (plants.jobs == plants.jobs[0]).all():  # sites of one size: the share is a count
        p = hypergeometric(counts, sizes, plants.n, len(plants.area), side)
    else:
        p = monte_carlo(plants.segment, plants.at_random(n_sims, seed), side)
    q = benjamini_hochberg(np.where(np.isnan(observed), np.nan, p))
    again = indices.location_quotient(plants.resampled(n_sims, seed)[0], plants.everything)
    low, high = np.quantile(np.nan_to_num(again), [0.025, 0.975], axis=0) if n_sims else np.full((2, len(p)), np.nan)
    return tuple(
        _quotient(name, observed[i], Interval(float(low[i]), float(high[i])), n=int(counts[i]), p=float(p[i]),
                  q=float(q[i]), null=NULL, seed=seed, vintage=plants.vintage)
        for i, name in enumerate(plants.names)
    )  # fmt: skip


def _quotient(name: str, value: float, interval: Interval | None, *, n: int, p: float | None = None,
              q: float | None = None, null: str | None = None, seed: int | None = None,
              vintage: str | None = None) -> Quotient:  # fmt: skip
    if not np.isfinite(value):
        return Quotient(name=name, value=None, symmetric=None, n=n, vintage=vintage,
                        note="cannot tell: the area, or the segment, has nothing")  # fmt: skip
    return Quotient(name=name, value=float(value), symmetric=float((value - 1) / (value + 1)), interval=interval, n=n,
                    p=p, q=q, null=null, seed=seed, vintage=vintage)  # fmt: skip


def quotients_from_totals(segment: Mapping[str, float], total: Mapping[str, float], *, everywhere_segment: float,
                          everywhere: float, rounding: float = 0.0,
                          vintage: str | None = None) -> tuple[Quotient, ...]:  # fmt: skip
    """Quotients from published totals by area, with the interval that their rounding leaves (and no p: no plants).

    Parameters: jobs of the segment and in all by area, and of the larger whole to compare with; `rounding` the unit to
    which each was rounded (5: to the nearest five). Raises AtlasError for areas that are not in both.
    """
    if set(segment) != set(total):
        raise AtlasError(f"areas in one table only: {', '.join(sorted(set(segment) ^ set(total)))}")
    if everywhere <= 0 or everywhere_segment <= 0:
        raise CannotTellError("the whole to compare with has nothing")
    return tuple(_from_totals(name, segment[name], total[name], everywhere_segment, everywhere, rounding / 2, vintage)
                 for name in segment)  # fmt: skip


def _from_totals(name: str, a: float, b: float, c: float, d: float, half: float, vintage: str | None) -> Quotient:
    if min(a, b) < 0:
        raise AtlasError(f"{name}: amounts must not be negative")
    low = max(a - half, 0) / (b + half) * max(d - half, 0) / (c + half) if b + half > 0 else np.nan
    high = (a + half) / (b - half) * (d + half) / (c - half) if b > half and c > half else np.inf
    value = a / b * d / c if b > 0 else np.nan
    return _quotient(name, value, Interval(float(low), float(high)), n=int(a), vintage=vintage)


def by_geography(geographies: Mapping[str, npt.ArrayLike], measure: Callable[[npt.ArrayLike], T]) -> dict[str, T]:
    """A measure under several ways to cut the map, at least two: what holds under one only is an effect of its borders.

    Parameters: `geographies` name -> area code of each site; `measure` of such codes.
    Raises AtlasError for fewer than two. Source: Openshaw, The Modifiable Areal Unit Problem, 1984.
    """
    if len(geographies) < 2:
        raise AtlasError("an areal index is reported under at least two geographies")
    return {name: measure(codes) for name, codes in geographies.items()}


def agreeing(findings: Sequence[Finding], level: float = 0.05) -> bool | None:
    """Whether several findings give the same answer (q, else p, against `level`); None where one cannot tell."""
    decided = [one.q if one.q is not None else one.p for one in findings]
    known = [value <= level for value in decided if value is not None]
    return None if len(known) < len(decided) or not known else len(set(known)) == 1
