"""Command line of the generator."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from benchmarks.linkage.generator.build import make_testset, write_testset


def main(arguments: list[str] | None = None) -> int:
    """Make a test set and print what is in it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage.generator", description=__doc__)
    parser.add_argument("--size", type=int, default=500_000, help="companies in the register")
    parser.add_argument("--queries", type=int, default=6_000, help="number of queries")
    parser.add_argument("--seed", type=int, default=7, help="fixes every choice")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    options = parser.parse_args(arguments)
    data = os.environ.get("LIFECLUSTER_DATA")
    if not data:
        parser.error("set LIFECLUSTER_DATA to the folder with the open input files")
    testset = make_testset(
        Path(data),
        size=options.size,
        queries=options.queries,
        seed=options.seed,
        progress=lambda label, done, total: print(f"{label}: {done:,} of {total:,}", file=sys.stderr),
    )
    write_testset(testset, options.out)
    print(json.dumps(testset.stats(), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
