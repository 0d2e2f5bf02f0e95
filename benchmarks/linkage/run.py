"""Compares this project's linker with public tools on the same generated test sets.

Use it from the command line; test sets are kept in the ``--work`` folder and used again::

    python -m benchmarks.linkage.run --sizes 500000 --seed 7 --tools ours,splink,tfidf,tfidf_pc --json out.json
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import psutil  # type: ignore[import-untyped]  # its stubs are not among the dependencies

from benchmarks.linkage.evaluate import evaluate, evaluate_fixed, is_tuning, join_answers
from benchmarks.linkage.peers import PEERS
from benchmarks.linkage.table import by_class, summary

TOOLS = ("ours", *PEERS)


def ensure_testset(folder: Path, *, size: int, queries: int, seed: int) -> Path:
    """Make the test set in a folder unless it is there, and the labels of the tuning half beside it."""
    if not (folder / "stats.json").exists():
        generator = [sys.executable, "-m", "benchmarks.linkage.generator"]
        arguments = [f"--size={size}", f"--queries={queries}", f"--seed={seed}", f"--out={folder}"]
        subprocess.run([*generator, *arguments], check=True, stdout=subprocess.DEVNULL)
    labels = pl.read_csv(folder / "labels.csv", infer_schema_length=0)
    labels.filter(is_tuning(pl.col("id"))).write_csv(folder / "labels_tune.csv")
    return folder


def command(tool: str, folder: Path, out: Path) -> list[str]:
    """The command that links with a tool."""
    if tool == "ours":
        link = ["link", str(folder / "queries.csv"), "--register", str(folder / "register.parquet"), "--out", str(out)]
        return [sys.executable, "-m", "lifecluster.cli", *link]
    files = ["--dir", str(folder), "--tune", str(folder / "labels_tune.csv"), "--out", str(out)]
    return [sys.executable, "-m", "benchmarks.linkage.peers", tool, *files]


def measured(arguments: Sequence[str], log: Path) -> tuple[float, float]:
    """Run a command, its output going to a log.

    Returns:
        Wall-clock seconds and the peak resident memory in MB, child processes included.

    Raises:
        subprocess.CalledProcessError: it failed; the end of its log is printed.
    """
    started = time.perf_counter()
    peak = 0
    with log.open("w", encoding="utf-8") as output:
        process = psutil.Popen(arguments, stdout=output, stderr=subprocess.STDOUT)
        while process.poll() is None:
            peak = max(peak, _resident(process))
            time.sleep(0.05)
    seconds = time.perf_counter() - started
    if process.returncode:
        print(*log.read_text(encoding="utf-8").splitlines()[-8:], sep="\n", file=sys.stderr)
        raise subprocess.CalledProcessError(process.returncode, list(arguments))
    return seconds, peak / 1e6


def _resident(process: psutil.Process) -> int:
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it ended between two looks
    return total


def read_links(path: Path) -> pl.DataFrame:
    """Read a tool's answers as id, company_number, score and, where it decides itself, band."""
    links = pl.read_csv(path, infer_schema_length=0)
    if "probability" in links.columns:
        links = links.rename({"probability": "score"})
    columns = ["id", "company_number", "score", *(["band"] if "band" in links.columns else [])]
    return links.select(columns).with_columns(pl.col("score").cast(pl.Float64))


def run_tool(tool: str, folder: Path, *, size: int, fixed: bool, reuse: bool = False) -> list[dict[str, Any]]:
    """Run one tool on one test set and measure it; with ``fixed`` also by its own decisions, if it makes any.

    Args:
        tool: one of ``TOOLS``.
        folder: the test set.
        size: companies in its register, for the report.
        fixed: report the tool's own decisions too.
        reuse: evaluate the answers of an earlier run, if there are any, rather than run again.
    """
    out, clock = folder / f"links_{tool}.csv", folder / f"run_{tool}.json"
    if not (reuse and out.exists() and clock.exists()):
        seconds, peak = measured(command(tool, folder, out), folder / f"log_{tool}.txt")
        clock.write_text(json.dumps({"seconds": seconds, "peak_mb": peak}), encoding="utf-8")
    cost = json.loads(clock.read_text(encoding="utf-8"))
    labels = pl.read_csv(folder / "labels.csv", infer_schema_length=0)
    meta = pl.read_csv(folder / "meta.csv", infer_schema_length=0)
    answers = join_answers(read_links(out), labels, meta)
    base = {"size": size, "queries": labels.height, **cost}
    runs = [{"tool": tool, **base, "measures": evaluate(answers)}]
    if fixed and "band" in answers.columns:
        runs.append({"tool": f"{tool} (own bands)", **base, "measures": evaluate_fixed(answers)})
    return runs


def main(arguments: list[str] | None = None) -> int:
    """Run the comparison, print Markdown tables, write JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage.run", description=__doc__)
    parser.add_argument("--sizes", default="500000", help="register sizes, comma separated")
    parser.add_argument("--queries", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--tools", default="ours,splink,tfidf,tfidf_pc", help=f"comma separated, of {', '.join(TOOLS)}")
    parser.add_argument("--work", type=Path, default=Path("var/linkage"), help="folder that keeps the test sets")
    parser.add_argument("--json", type=Path, help="file for all measures")
    parser.add_argument("--fixed", action="store_true", help="also score a tool's own bands, on all queries")
    parser.add_argument("--reuse", action="store_true", help="evaluate answers of an earlier run where there are any")
    options = parser.parse_args(arguments)
    tools = options.tools.split(",")
    if unknown := sorted(set(tools) - set(TOOLS)):
        parser.error(f"unknown tools: {', '.join(unknown)}")
    runs: list[dict[str, Any]] = []
    for size in (int(text) for text in options.sizes.split(",")):
        folder = options.work / f"{size}-{options.queries}-{options.seed}"
        ensure_testset(folder, size=size, queries=options.queries, seed=options.seed)
        for tool in tools:
            runs += run_tool(tool, folder, size=size, fixed=options.fixed, reuse=options.reuse)
            print(f"{size:,} {tool}: F1 {runs[-1]['measures']['f1']:.3f}", file=sys.stderr)
    print("\n\n".join([summary(runs), by_class(runs, "noise_class"), by_class(runs, "address_class")]))
    if options.json:
        _write_json(options.json, {"seed": options.seed, "machine": _machine(), "runs": runs})
    return 0


def _machine() -> dict[str, Any]:
    memory = round(psutil.virtual_memory().total / 1e9)
    return {"cores": os.cpu_count(), "memory_gb": memory, "python": platform.python_version()}


def _write_json(path: Path, result: dict[str, Any]) -> None:
    def finite(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: finite(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [finite(item) for item in value]
        return None if isinstance(value, float) and not math.isfinite(value) else value

    path.write_text(json.dumps(finite(result), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
