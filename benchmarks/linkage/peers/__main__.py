"""Runs one peer on one test set in a process of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from benchmarks.linkage.peers import PEERS, peer


def main() -> None:
    """Read the test set, link, write id, company_number, score."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage.peers", description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--dir", type=Path, required=True, help="folder with register.parquet and queries.csv")
    parser.add_argument("--tune", type=Path, required=True, help="labels of the tuning half")
    parser.add_argument("--out", type=Path, required=True, help="CSV to write")
    options = parser.parse_args()
    queries = pl.read_csv(options.dir / "queries.csv", infer_schema_length=0)
    labels = pl.read_csv(options.tune, infer_schema_length=0)
    links = peer(options.peer)(pl.read_parquet(options.dir / "register.parquet"), queries, labels)
    links.write_csv(options.out)


if __name__ == "__main__":
    main()
