"""Time and peak memory of a whole build from the real files (`LIFECLUSTER_DATA`), in a process of its own."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    """Build South Yorkshire and print seconds, processor seconds, megabytes and counts."""
    data = os.environ.get("LIFECLUSTER_DATA")
    if not data:
        print("LIFECLUSTER_DATA is not set: there are no real files to build from")
        return 1
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "lifecluster.cli", "build", "--profile", "south-yorkshire", "--from", data,
                   "--out", out, "--at", "2026-11-22", "--json"]  # fmt: skip
        subprocess.run([*command[:3], "--help"], check=True, capture_output=True, env=environment)  # writes bytecode
        start = time.perf_counter()
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path.cwd(), env=environment)
        wall = time.perf_counter() - start
    if done.returncode:
        print(done.stderr)
        return done.returncode
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    counts = json.loads(done.stdout)
    print(f"{wall:.1f} s wall, {used.ru_utime + used.ru_stime:.1f} s processor, {used.ru_maxrss / 1024:,.0f} MB peak")
    print(f"{counts['organisations']:,} organisations, {counts['sites']:,} sites, {counts['statements']:,} statements, "
          f"{counts['universe']:,} companies")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
