"""How long pages take beside a bare Django list of 50 rows, in the same run: 8 clients, 2 workers, loopback only.

Rounds of each page alternate with rounds of the bare one, so that a busy machine slows both. Also: how long loading
took, and what a first visit weighs, compressed. Nothing is asserted; the figures go into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.web import client

ROOT = Path(__file__).resolve().parents[2]
CLIENTS, WORKERS, THREADS = 8, 2, 4
LOAD = """
import sys, time, django
django.setup()
from datetime import UTC, datetime
from pathlib import Path
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from lifecluster.web.directory import actions
from lifecluster.web.directory.viewer import OPERATOR
start = time.perf_counter()
actions.load_package(path=Path(sys.argv[1]), viewer=OPERATOR, at=datetime(2026, 11, 22, tzinfo=UTC))
print(time.perf_counter() - start)
"""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def serving(command: list[str], environment: dict[str, str], port: int, path: str) -> Iterator[None]:
    """A server until the block is left."""
    process = subprocess.Popen([sys.executable, *command], env=environment, cwd=ROOT)
    try:
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                client.fetch(port, path)
                break
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the server did not start")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(20)


def web_app(environment: dict[str, str], port: int) -> contextlib.AbstractContextManager[None]:
    """The web app until the block is left, with the workers and threads of the measurement."""
    sizes = ["--port", str(port), "--workers", str(WORKERS), "--threads", str(THREADS)]
    return serving(["-m", "lifecluster.web", "serve", *sizes], environment, port, "/health")


def addresses(port: int, uids: list[str]) -> dict[str, list[str]]:
    """What is asked for: pages where there are pages, else the same of the API (and the names say so)."""
    pages = client.fetch(port, "/directory")[0] == 200
    listing = "/directory" if pages else "/api/v1/organisations"
    mark = "" if pages else " (API)"
    words = (
        "medical",
        "pharma",
        "dental",
        "imaging",
        "plastics",
        "biotech",
        "health",
        "instruments",
        "surgical",
        "products",
    )
    capabilities = ("bioanalysis", "coating", "extrusion", "cell-culture", "fill-finish", "toxicology")
    licences = ("ISO+13485", "UKCA", "ISO+9001", "HTA")
    pairs = [f"capability={c}&licence={one}" for c in capabilities for one in licences]
    page_of = [_final(port, f"/id/{uid}" if pages else f"/api/v1/organisations/{uid}") for uid in uids]
    paging = "page={}" if pages else "limit=50&sort=name&within={}"
    return {
        f"list{mark}": [f"{listing}?{paging.format(n)}" for n in range(1, 201)],
        f"search with two facets{mark}": [f"{listing}?q={w}&{pair}" for w in words for pair in pairs],
        f"organisation{mark}": page_of,
    }


def _final(port: int, path: str) -> str:
    """Where an id leads: by its bare address to the one with the name. The page itself is not asked for: it is to be
    new."""
    for _ in range(2):
        status, headers, _body = client.fetch(port, path)
        if status not in {301, 302, 303, 308}:
            return path
        path = headers["Location"].removeprefix(f"http://localhost:{port}")
    return path


def measure(port: int, bare: int, wanted: dict[str, list[str]], *, requests: int, rounds: int) -> list[dict[str, Any]]:
    """p50 and p95 of each page and of the bare one beside it, in milliseconds, and the ratio of the p95.

    Twice: each address for the first time since loading (`new`), and then `requests` answers from the same addresses in
    turn (`again`), as readers ask who follow each other. Rounds of the two servers alternate.
    """
    rows = []
    listing = [f"/?page={n}" for n in range(1, 201)]
    for name, paths in wanted.items():
        awake, first = paths[-20:], paths[:-20]
        client.load(port, awake, clients=CLIENTS, requests=80)  # both workers have read their indexes
        client.load(bare, listing, clients=CLIENTS, requests=80)
        size = max(1, len(first) // rounds)
        portions = [first[i : i + size] for i in range(0, size * rounds, size)]
        rows.append(_beside((name, "new"), (port, bare), [(part, len(part)) for part in portions if part], listing))
        rows.append(_beside((name, "again"), (port, bare), [(first, requests // rounds)] * rounds, listing))
    return rows


def _beside(
    names: tuple[str, str], ports: tuple[int, int], rounds: list[tuple[list[str], int]], listing: list[str]
) -> dict[str, Any]:
    port, bare = ports
    name, which = names
    mine: list[client.Answer] = []
    theirs: list[client.Answer] = []
    for paths, requests in rounds:
        theirs += client.load(bare, listing, clients=CLIENTS, requests=requests)
        mine += client.load(port, paths, clients=CLIENTS, requests=requests)
    ours, its = ([a.seconds * 1000 for a in answers] for answers in (mine, theirs))
    p95, bare95 = client.percentile(ours, 0.95), client.percentile(its, 0.95)
    return {"page": name, "addresses": which, "requests": len(mine), "p50": client.percentile(ours, 0.5), "p95": p95,
            "bare p50": client.percentile(its, 0.5), "bare p95": bare95, "ratio": p95 / bare95,
            "kilobytes": client.percentile([a.size / 1024 for a in mine], 0.95)}  # fmt: skip


def weight(port: int, path: str) -> dict[str, float]:
    """Kilobytes over the wire of a first visit: the page, and the files its head and body name."""
    page = client.text(port, path)
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    sizes = {"page": len(client.fetch(port, path)[2]) / 1024}
    for address in dict.fromkeys(named):
        kind = address.rsplit(".", 1)[-1]
        sizes[kind] = sizes.get(kind, 0.0) + len(client.fetch(port, address)[2]) / 1024
    return {**sizes, "all": sum(sizes.values())}


def prepare(work: Path, organisations: int) -> tuple[dict[str, str], float | None, dict[str, int]]:
    """The generated register, loaded into a workspace; how long loading took (None: it was there), and its counts."""
    from benchmarks.web.region import write_region

    home = work / f"home-{organisations}"
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**outside, "LIFECLUSTER_HOME": str(home), "LIFECLUSTER_MODE": "local", "LIFECLUSTER_AT": "2026-11-22",
                   "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}  # fmt: skip
    package = write_region(home / "packages", organisations=organisations)
    counts = {"organisations": organisations, "statements": package.table("statements").height}
    if (home / "loaded").exists():
        return environment, None, counts
    there = {**environment, "DJANGO_SETTINGS_MODULE": "lifecluster.web.settings.local"}
    command = [sys.executable, "-c", LOAD, str(package.path)]
    done = subprocess.run(command, env=there, check=True, capture_output=True, text=True)
    (home / "loaded").touch()
    return environment, float(done.stdout.split()[-1]), counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=2400, help="for each page")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "bench" / "web")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    chosen.work.mkdir(parents=True, exist_ok=True)
    environment, loading, counts = prepare(chosen.work.resolve(), chosen.organisations)
    port, bare = free_port(), free_port()
    gunicorn = ["-m", "gunicorn", "-k", "gthread", "-w", str(WORKERS), "--threads", str(THREADS), "-b", f"127.0.0.1:{bare}",
                "--log-level", "error", "benchmarks.web.bare:application"]  # fmt: skip
    database = {**environment, "BARE_DATABASE": str(Path(environment["LIFECLUSTER_HOME"]) / "web.sqlite3")}
    with web_app(environment, port), serving(gunicorn, database, bare, "/"):
        listed = json.loads(client.text(port, "/api/v1/organisations?limit=400&sort=size"))
        wanted = addresses(port, [item["id"] for item in listed["items"]])
        rows = measure(port, bare, wanted, requests=chosen.requests, rounds=chosen.rounds)
        weights = {name: weight(port, paths[0]) for name, paths in wanted.items() if "API" not in name}
    told = {
        **counts,
        "loading seconds": loading,
        "clients": CLIENTS,
        "workers": WORKERS,
        "pages": rows,
        "weight": weights,
    }
    if chosen.json:
        chosen.json.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    print(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
