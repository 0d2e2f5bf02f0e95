"""Family-wise error of the global bands: how often a curve of random sites leaves its 95 per cent band anywhere.

    python -m benchmarks.atlas.calibrate [--trials 2000] [--sims 999]

Curves of random draws are each judged against another batch of draws, as an analyst's data would be. The standard
error of each rate is printed beside it; with 10,000 trials it is 0.22 percentage points.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from benchmarks.atlas.places import RADII, places
from lifecluster import atlas
from lifecluster.atlas import bands
from lifecluster.atlas.curve import GAUSSIAN_DRAWS
from lifecluster.atlas.kd import _Problem as KdProblem
from lifecluster.atlas.m import _Problem as MProblem

TARGET = "4.5-5.5 %"


def rates(null: np.ndarray, mean: np.ndarray, covariance: np.ndarray, *, batch: int, trials: int) -> dict[str, float]:
    """Share of curves outside their band by each method; each trial ranks a new curve among a batch drawn anew."""
    chance = np.random.default_rng(9)
    sd = np.sqrt(np.diagonal(covariance))
    gaussian = bands.gaussian_curves(mean, covariance, GAUSSIAN_DRAWS, seed=3)
    side: bands.Alternative = "two-sided"
    hits = dict.fromkeys(("studentised, exact moments", "studentised, simulated moments", "extreme rank length",
                          "exact moments, Gaussian maximum (no simulation)"), 0)  # fmt: skip
    limit = bands.studentised(mean, gaussian, mean, sd, side).band
    for _ in range(trials):
        rows = chance.choice(len(null), batch + 1, replace=False)
        one, others = null[rows[0]], null[rows[1:]]
        tests = [bands.studentised(one, others, mean, sd, side),
                 bands.studentised(one, others, *bands.pooled(one, others), side),
                 bands.extreme_rank_length(one, others, side)]  # fmt: skip
        for name, test in zip(hits, tests, strict=False):
            hits[name] += bool(((one < test.band.lower) | (one > test.band.upper)).any())
    last = "exact moments, Gaussian maximum (no simulation)"
    found = {name: count / trials for name, count in hits.items() if name != last}
    return {**found, last: float(((null < limit.lower) | (null > limit.upper)).any(axis=1).mean())}


def main(arguments: list[str]) -> int:
    """Run it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--trials", type=int, default=4_000)
    options.add_argument("--sims", type=int, default=999)
    options.add_argument("--pool", type=int, default=20_000)
    chosen = options.parse_args(arguments)
    small = places(7_000)
    everywhere = atlas.universe(small)
    at = np.random.default_rng(1).choice(7_000, 300, replace=False)
    print(f"{chosen.trials:,} trials, {chosen.sims} simulations each, from {chosen.pool:,} draws; n = 300, N = 7,000")
    print("| statistic | band | family-wise error | standard error | target |\n|---|---|---|---|---|")
    problems = {"K-density": KdProblem(small[at], everywhere, at, None, RADII, 6_000.0),
                "M": MProblem(everywhere, at, None, RADII[5:])}  # fmt: skip
    for name, problem in problems.items():
        null = problem.null(chosen.pool, seed=1)
        assert null.mean is not None and null.covariance is not None
        found = rates(null.curves, null.mean, null.covariance, batch=chosen.sims, trials=chosen.trials)
        for band, rate in found.items():
            if name == "M" and "no simulation" in band:
                continue  # M has none: its skewness is not small
            error = np.sqrt(rate * (1 - rate) / (chosen.pool if "no simulation" in band else chosen.trials))
            target = "" if "no simulation" in band else TARGET
            print(f"| {name} | {band} | {100 * rate:.2f} % | {100 * error:.2f} | {target} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
