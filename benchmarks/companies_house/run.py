"""Times the way of 5.6 million companies from the published file to segments of a region, beside a bare DuckDB scan.

    python benchmarks/companies_house/run.py --postcodes CODE_POINT.csv.gz [--rows 5600000] [--file companies.csv]

Prints seconds of each step and peak memory. The scan by DuckDB reads the same file and counts the same SIC prefixes,
checking, placing and keeping nothing: it is the floor, not a rival.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
from generate import postcodes, write

from lifecluster.build.surroundings import beside
from lifecluster.places import Places
from lifecluster.region import load_region
from lifecluster.sources.companies_house.reader import scan
from lifecluster.sources.extract import ReferenceExtract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import sources

PREFIXES = ("211", "212", "266", "325", "7211")
"""SIC proxy of the trade department for life sciences."""


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print how long the block took and the peak memory so far."""
    start, worked = time.perf_counter(), time.process_time()
    yield
    spent, worked = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{what:<64}{spent:8.1f} s{worked:8.1f} s of processor{peak:8.2f} GB peak", flush=True)


def segment(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that have a SIC code with one of the prefixes."""
    hit = pl.element().str.contains(f"^(?:{'|'.join(PREFIXES)})")
    return rows.filter(pl.col("sic").list.eval(hit).list.any().fill_null(False))


def ours(file: Path, code_point: Path, profile: str) -> None:
    """Read, place, scope to the region and the districts beside it, segment."""
    start = time.perf_counter()
    with timed("Code-Point Open read and laid out"):
        extract = sources()["code-point-open"].read([InputFile(code_point, Snapshot.of(code_point))])
        assert isinstance(extract, ReferenceExtract)
        places = Places.of(extract.tables["postcodes"])
        del extract
    region = load_region(profile)
    spec = sources()["companies-house"].spec
    with timed(f"companies read, checked, placed, kept where in or beside {profile}"):
        companies = InputFile(file, Snapshot(file.name, file.stat().st_size, ""))
        wanted = region.codes | beside(region.codes)  # as a build does
        found = scan([companies], spec, keep=places.within(wanted), look=("registered_postcode",))
    with timed("kept ones placed, segments by SIC"):
        universe = places.locate(found.rows, "registered_postcode")
        chosen = segment(universe)
    print(f"{found.read:,} read = {found.accepted:,} accepted + {found.rejected.height:,} rejected; "
          f"{universe.height:,} in and around the region, {chosen.height:,} in the segments")  # fmt: skip
    print(f"total {time.perf_counter() - start:.1f} s")


def floor(file: Path) -> None:
    """The bare scan."""
    with timed("DuckDB scan of the same file, counting SIC prefixes"):
        database = duckdb.connect(config={"threads": 2})
        likes = " or ".join(f"\"SICCode.SicText_{i}\" like '{p}%'" for i in range(1, 5) for p in PREFIXES)
        query = f"select count(*) from read_csv('{file}', all_varchar=true, header=true) where {likes}"
        print("rows in the segments:", database.sql(query).fetchall()[0][0])


def main() -> None:
    """Each part runs in a process of its own, so that peaks are its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postcodes", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=5_600_000)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--profile", default="midlands")
    parser.add_argument("--part", choices=["ours", "floor"])
    args = parser.parse_args()
    if args.part == "ours":
        return ours(args.file, args.postcodes, args.profile)
    if args.part == "floor":
        return floor(args.file)
    with tempfile.TemporaryDirectory() as folder:
        file = args.file or Path(folder) / "companies.csv"
        if not file.is_file():
            size = write(file, args.rows, postcodes(args.postcodes))
            print(f"{args.rows:,} companies written, {size / 1e9:.2f} GB")
        for part in ("floor", "ours"):
            command = [sys.executable, __file__, "--postcodes", str(args.postcodes), "--file", str(file)]
            subprocess.run([*command, "--profile", args.profile, "--part", part], check=True)
    return None


if __name__ == "__main__":
    main()
