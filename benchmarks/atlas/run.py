"""Speed and accuracy of the atlas, target beside figure.

    python -m benchmarks.atlas.run [--peer]

The first use of each compiled loop is not timed (it compiles once per machine); what memory compiling takes is shown.
`--peer` times R's dbmss on the same points in the same run, where R has it; else the figures known of it are printed
(two cores, dbmss 2.11).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.atlas.density import apart
from benchmarks.atlas.places import RADII, direct_kd, direct_m, places
from lifecluster import atlas
from lifecluster.atlas.colocation import colocation
from lifecluster.atlas.complexity import complexity
from lifecluster.atlas.concentration import MEASURES, concentration
from lifecluster.atlas.graphs import network
from lifecluster.atlas.hotspots import hotspots
from lifecluster.atlas.networks import brokers, communities, inside_outside
from lifecluster.atlas.plants import plants
from lifecluster.atlas.relatedness import relatedness
from lifecluster.atlas.scan import scan
from lifecluster.atlas.specialisation import location_quotients

PEER = """
library(dbmss); p <- read.csv("{file}"); X <- wmppp(p, owin(c(-1e5, 6e5), c(-1e5, 7e5)))
r <- seq(0, 180000, 1000)
cat("K-density, 100 simulations x 10:", 10 * system.time(KdEnvelope(X, r, 100, ReferenceType = "LS"))[3], "s\\n")
cat("M, 50 simulations x 20:", 20 * system.time(MEnvelope(X, r[-1], 50, ReferenceType = "LS"))[3], "s\\n")
"""
GIVEN = "dbmss 2.11: K-density 69-113 s at N = 7,000 and 325 s at N = 300,000; M 29 s"


def timed(work: Callable[[], object]) -> str:
    """Seconds of one run, and of both processors together: on a busy machine the second says more."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - start:.2f} s ({time.process_time() - used:.2f} s of processor)"


def row(what: str, figure: str, target: str) -> None:
    """One line of the table."""
    print(f"| {what} | {figure} | {target} |", flush=True)


def speed() -> None:
    """The single statistics."""
    small, rows = places(7_000), np.random.default_rng(2).choice(7_000, 1_200, replace=False)
    cases = small[rows]
    for what, one in apart([7_000, 300_000]):
        seconds = f"{one['seconds']:.2f} s ({one['processor']:.2f} s of processor)"
        row(f"K-density, 1,000 simulations, n = 1,200, {what}",
            f"{seconds}, {one['peak']:.0f} MB ({one['before']:.0f} MB before the first curve)",
            "<= 1.0 s, <= 400 MB")  # fmt: skip
    for work in (lambda n: scan(cases, small, n_sims=n),
                 lambda n: scan(cases[:100], small, n_sims=n),
                 lambda n: atlas.m_function(cases, small, RADII[1:], n_sims=n)):  # fmt: skip
        work(19)
    found = atlas.kd(cases, small, RADII)
    error = np.abs(found.density / direct_kd(cases, RADII, float(found.bandwidth or 0)) - 1).max()
    row("K-density against the direct sum", f"{error:.1e} relative", "<= 2e-6")
    some = RADII[1::30]
    error = np.abs(atlas.m_function(cases, small, some).value / direct_m(small, rows, some) - 1).max()
    row("M against a brute-force M", f"{error:.1e} relative", "<= 1e-12")
    made = atlas.universe(small)
    atlas.m_function(cases, made, RADII[1:])
    seconds = timed(lambda: atlas.m_function(cases, made, RADII[1:], n_sims=1_000))
    row("M, 1,000 simulations, N = 7,000 (universe prepared)", seconds, "<= 3 s")
    everywhere = atlas.universe(small)
    chance = np.random.default_rng(4)
    segments = [small[chance.choice(7_000, int(n), replace=False)] for n in chance.integers(20, 400, 50)]
    seconds = timed(lambda: [atlas.kd(one, everywhere, RADII) for one in segments])
    row("bands without simulation, 50 segments, N = 7,000", seconds, "<= 5 s")
    seconds = timed(lambda: scan(cases, atlas.universe(small), n_sims=999))
    row("scan, 7,000 centres, 999 simulations", seconds, "<= 10 s")


def region() -> None:
    """50 segments x all measures, from bare coordinates."""
    small = places(7_000)
    chance = np.random.default_rng(5)
    segment = np.full(7_000, -1)
    chosen = chance.choice(7_000, 1_200, replace=False)
    segment[chosen] = chance.choice(50, 1_200, p=chance.dirichlet(np.full(50, 2.0)))
    jobs, codes = chance.lognormal(2, 1.3, 7_000), [f"{x // 90_000:.0f}-{y // 90_000:.0f}" for x, y in small]
    projects = [[str(i) for i in chance.choice(chosen, int(k), replace=False)] for k in chance.integers(2, 6, 600)]

    def whole() -> None:
        everywhere = atlas.universe(small)
        for one in range(50):
            member = segment == one
            if member.sum() < 2:
                continue
            cases = small[member]
            atlas.kd(cases, everywhere, RADII)
            atlas.m_function(cases, everywhere, RADII[5:])
            hotspots(cases, everywhere, n_sims=999)
            made = plants(codes, member, jobs)
            location_quotients(made)
            for measure in MEASURES:
                concentration(made, measure)
        kinds = np.array([str(k) for k in segment[chosen]])
        colocation(small[chosen], kinds)
        found = relatedness(np.asarray(codes)[chosen], kinds)
        complexity(found.presence)
        graph = network(projects)
        communities(graph, n_sims=19)
        brokers(graph)
        inside_outside(graph, [str(i) for i in chosen[:300] if str(i) in graph])

    row("whole region: 50 segments x all measures", timed(whole), "<= 60 s")


def golden() -> None:
    """The reference file, where it lies beside the data."""
    file = Path(os.environ.get("LIFECLUSTER_DATA", "../shared/data")).parent / "golden"
    if not (file / "golden_kd_7000.csv").is_file():
        print("the reference files are not at hand: that row is left out")
        return
    import polars as pl

    points, target = pl.read_csv(file / "pts_7000.csv"), pl.read_csv(file / "golden_kd_7000.csv")
    cases = points.filter(pl.col("PointType") == "LS").select("X", "Y").to_numpy()
    found = atlas.kd(cases, points.select("X", "Y").to_numpy(), target["r_m"].to_numpy())
    errors = [np.abs(values / target["Kd_exact"].to_numpy() - 1).max()
              for values in (found.density, target["Kd_dbmss_R422"].to_numpy())]  # fmt: skip
    row("K-density against the reference file", f"{errors[0]:.1e} relative (dbmss {errors[1]:.1e})", "<= 2e-6")


def peer() -> None:
    """R's dbmss on the same points."""
    if not shutil.which("Rscript"):
        print(f"R is not installed; known: {GIVEN}")
        return
    small, rows = places(7_000), np.random.default_rng(2).choice(7_000, 1_200, replace=False)
    kind = np.full(7_000, "Other")
    kind[rows] = "LS"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "points.csv"
        lines = ["X,Y,PointType,PointWeight", *(f"{x},{y},{k},1" for (x, y), k in zip(small, kind, strict=True))]
        file.write_text("\n".join(lines), "utf-8")
        done = subprocess.run(["Rscript", "-e", PEER.format(file=file)], check=False, capture_output=True, text=True)
    print(done.stdout if done.returncode == 0 else f"dbmss could not be run ({done.stderr[-200:]}); known: {GIVEN}")


def main(arguments: list[str]) -> int:
    """Run it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", action="store_true")
    chosen = options.parse_args(arguments)
    print(f"| what | figure | target |\n|---|---|---|\n| load of the machine | {os.getloadavg()[0]:.1f} | |")
    for work in (speed, golden, region):
        work()
    if chosen.peer:
        peer()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
