"""Seconds and peak memory of the K-density, in a process that does nothing else.

    python -m benchmarks.atlas.density 7000

Prints one line of JSON. Measured in the process of the other benchmarks, the peak would hold their libraries too.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypedDict


class Density(TypedDict):
    """Seconds of the clock and of both processors; MB at the peak, and before the first curve (libraries, points)."""

    seconds: float
    processor: float
    peak: float
    before: float


def peak() -> float:
    """Largest resident memory of this program in MB, without that of the process that started it where Linux says."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def measured(size: int, sims: int = 1_000, n: int = 1_200) -> Density:
    """`sims` curves of `n` cases among `size` sites; the loops are made or read before the clock starts."""
    import numpy as np

    from benchmarks.atlas.places import RADII, places
    from lifecluster import atlas

    few = min(size, 7_000)
    small = places(few)
    cases = small[np.random.default_rng(2).choice(few, n, replace=False)]
    everywhere = small if size == few else np.vstack([small, places(size - few, 3)])
    before = peak()
    atlas.kd(cases, small, RADII, n_sims=19)
    start, used = time.perf_counter(), time.process_time()
    atlas.kd(cases, everywhere, RADII, n_sims=sims)
    return {"seconds": time.perf_counter() - start, "processor": time.process_time() - used, "peak": peak(),
            "before": before}  # fmt: skip


def apart(sizes: list[int]) -> list[tuple[str, Density]]:
    """Each size in a process of its own: first with no compiled loop at hand, as on a new machine, then with them."""
    with tempfile.TemporaryDirectory() as folder:
        known = os.environ | {"NUMBA_CACHE_DIR": folder}
        runs = [("first on this machine, loops compiled", sizes[0]), *((f"N = {size:,}", size) for size in sizes)]
        return [(what, json.loads(subprocess.run([sys.executable, "-m", "benchmarks.atlas.density", str(size)],
                                                 check=True, capture_output=True, text=True, env=known).stdout))
                for what, size in runs]  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
