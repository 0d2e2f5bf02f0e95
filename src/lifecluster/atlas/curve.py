"""A statistic at every radius, beside what random location would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lifecluster.atlas import bands
from lifecluster.atlas.bands import Alternative, Band
from lifecluster.atlas.points import Floats
from lifecluster.atlas.result import Interval

GAUSSIAN_DRAWS = 4_999
GAUSSIAN = "exact moments, Gaussian maximum"


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A function of distance with its null.

    Arrays have one value a radius, in the order given; NaN at radii below the positional error (`withheld`).
    `value` the statistic; `mean`, `sd` under the null (`moments`: exact or simulated); `band` the global 95 per cent
    band by studentised maximum and `p` its p-value (`method`: how); `band_erl`, `p_erl` by extreme rank length, None
    without simulations; `n` cases; `size` of the universe; `null` in words; `notes` of what to keep in mind.
    """

    name: str
    radii: Floats
    value: Floats
    mean: Floats
    sd: Floats
    band: Band
    p: float
    band_erl: Band | None
    p_erl: float | None
    n: int
    size: int
    n_sims: int
    alternative: Alternative
    null: str
    moments: str
    method: str
    seed: int
    vintage: str | None
    suppression: str | None
    position_error: float
    notes: tuple[str, ...]
    bandwidth: float | None = None

    @property
    def interval(self) -> Band:
        """The band: where the curve lies under the null with 95 per cent, at all radii at once."""
        return self.band

    @property
    def density(self) -> Floats:
        """The statistic; for the K-density in 1/m."""
        return self.value

    @property
    def withheld(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Radii below the positional error, where nothing is said."""
        return self.radii < self.position_error

    def ranges(self, above: bool) -> tuple[Interval, ...]:
        """Ranges of radii (metres) over which the curve lies above, or below, its global band."""
        order = np.argsort(self.radii, kind="stable")
        with np.errstate(invalid="ignore"):
            out = (self.value > self.band.upper if above else self.value < self.band.lower)[order]
        at, radii = np.flatnonzero(out), self.radii[order]
        runs = np.split(at, np.flatnonzero(np.diff(at) > 1) + 1) if at.size else []
        return tuple(Interval(float(radii[run[0]]), float(radii[run[-1]])) for run in runs)

    @property
    def verdict(self) -> str:
        """`clustered`, `spread out`, `both` or `no different from chance`."""
        up, down = bool(self.ranges(True)), bool(self.ranges(False))
        return "both" if up and down else "clustered" if up else "spread out" if down else "no different from chance"

    @property
    def sentence(self) -> str:
        """What the curve shows, in words for a reader who is no statistician."""
        tail = f"({self.n:,} sites against {self.size:,}; p = {self.p:.2g} for the whole curve)."
        parts = [f"{word} at distances {_spoken(found)}" for word, found in
                 (("nearer to each other than chance gives", self.ranges(True)),
                  ("farther apart than chance gives", self.ranges(False))) if found]  # fmt: skip
        if not parts:
            return f"At no distance do these sites lie nearer together or farther apart than chance gives {tail}"
        return f"These sites lie {' and '.join(parts)} {tail}"


def _spoken(ranges: tuple[Interval, ...]) -> str:
    return ", ".join(
        f"of {one.low / 1000:g} km" if one.low == one.high else f"from {one.low / 1000:g} to {one.high / 1000:g} km"
        for one in ranges
    )


@dataclass(frozen=True, kw_only=True)
class Null:
    """What is known of the null at the radii that are shown: simulated curves, exact mean and covariance, or both."""

    curves: Floats
    mean: Floats | None
    covariance: Floats | None


def judged(observed: Floats, null: Null, alternative: Alternative, seed: int) -> dict[str, object]:
    """Mean, sd, bands and p-values of a curve, as the fields of `Curve`."""
    if null.mean is not None and null.covariance is not None:
        mean, sd, moments = null.mean, np.sqrt(np.maximum(np.diagonal(null.covariance), 0.0)), "exact"
    else:
        (mean, sd), moments = bands.pooled(observed, null.curves), "simulated"
    if len(null.curves):
        test = bands.studentised(observed, null.curves, mean, sd, alternative)
        erl = bands.extreme_rank_length(observed, null.curves, alternative)
        method = f"ranked among {len(null.curves):,} simulations"
    else:
        test, erl, method = _gaussian(observed, null, mean, sd, alternative, seed), None, GAUSSIAN
    return {"mean": mean, "sd": sd, "moments": moments, "method": method, "band": test.band, "p": test.p,
            "band_erl": erl.band if erl else None, "p_erl": erl.p if erl else None}  # fmt: skip


def _gaussian(observed: Floats, null: Null, mean: Floats, sd: Floats, alternative: Alternative,
              seed: int) -> bands.Test:  # fmt: skip
    """The band from the maximum of a Gaussian process.

    Where neighbouring radii say nearly the same (correlation above 0.99), every second one is enough for the maximum.
    """
    covariance = np.zeros((len(mean), len(mean))) if null.covariance is None else null.covariance
    scale = np.where(sd > 0, sd, 1.0)
    correlation = np.diagonal(covariance, 1) / (scale[:-1] * scale[1:])
    some = slice(None, None, 2) if len(mean) > 60 and correlation.min() > 0.99 else slice(None)
    standard = covariance[some, some] / np.outer(scale[some], scale[some])
    z = bands.gaussian_curves(np.zeros(len(standard)), standard, GAUSSIAN_DRAWS, seed)
    zero, one = np.zeros(z.shape[1]), (sd[some] > 1e-9 * np.abs(mean[some])).astype(np.float64)
    limits = np.sort(bands.scores(z, zero, one, alternative))[::-1]
    return bands.against(observed, limits, mean, sd, alternative)


def spread(values: Floats, shown: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """Values of the radii that are shown, with NaN at the others."""
    out = np.full(len(shown), np.nan)
    out[shown] = values
    return out
