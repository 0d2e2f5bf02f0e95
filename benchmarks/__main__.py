"""`python -m benchmarks [NAME …]`: run the benchmarks and say what each took; all of them without a name.

Figures go into docs/benchmarks.md by hand, with the command, the date and the machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

WORK = Path("var/bench")
POSTCODES = Path(os.environ.get("LIFECLUSTER_DATA", "../shared/data")) / "places/codepoint_open_2025-11_gb.csv.gz"
BENCHMARKS: dict[str, tuple[str, list[str]]] = {
    "linkage": (
        "F1, recall at precision .99 and sibling links beside Splink and tf-idf, 500,000 and 1,000,000 companies",
        ["-m", "benchmarks.linkage.run", "--sizes", "500000,1000000", "--seed", "11", "--tools",
         "ours,splink,tfidf,tfidf_pc", "--work", str(WORK / "linkage"), "--json", str(WORK / "linkage.json")],
    ),
    "names": ("F1 on labelled pairs of names", ["-m", "benchmarks.linkage.names"]),
    "silver": (
        "suppliers of public contracts with their company numbers hidden", ["-m", "benchmarks.linkage.silver"]
    ),
    "companies": (
        "5.6 million companies: read, place, scope, segment, beside a bare DuckDB scan",
        ["benchmarks/companies_house/run.py", "--file", str(WORK / "companies.csv"), "--postcodes", str(POSTCODES)],
    ),
    "identity": ("decisions, undos, clustering and resolving of a million records", ["-m", "benchmarks.identity"]),
    "region": ("a whole region from the real files", ["-m", "benchmarks.region"]),
    "atlas": ("speed and accuracy of the atlas", ["-m", "benchmarks.atlas.run", "--peer"]),
    "pages": ("pages beside a bare Django list page, 10,000 organisations", ["-m", "benchmarks.web.speed"]),
    "reviews": ("a hundred link reviews by keyboard, in Chromium", ["-m", "benchmarks.web.reviews"]),
    "points": ("10,000 points on the map, in Chromium", ["-m", "benchmarks.web.points"]),
    "bands": ("family-wise error of the atlas's global bands", ["-m", "benchmarks.atlas.calibrate"]),
}  # fmt: skip


def main(names: list[str]) -> int:
    """Run the benchmarks called `names`, one after another; the worst exit code."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"no benchmark {', '.join(sorted(unknown))}; there are:")
        for name, (what, _) in BENCHMARKS.items():
            print(f"  {name:<10} {what}")
        return 2
    WORK.mkdir(parents=True, exist_ok=True)
    worst = 0
    for name in names or BENCHMARKS:
        what, arguments = BENCHMARKS[name]
        print(f"== {name}: {what}", flush=True)
        start = time.perf_counter()
        code = subprocess.run([sys.executable, *arguments], check=False).returncode
        print(f"== {name}: {time.perf_counter() - start:.0f} s, exit code {code}\n", flush=True)
        worst = max(worst, code)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
