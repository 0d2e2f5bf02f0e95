"""Time of loading a package and of every kind of question to it, without pages: `python -m benchmarks.web.data`.

On the database of the environment (DATABASE_URL, else SQLite in LIFECLUSTER_HOME), best an empty one. Beside it, in
the same run, the bare list that pages are compared with: Django reads 50 rows and their number and fills a template.
CPU is that of this process: on PostgreSQL the server's own comes on top and is in the wall time alone.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BARE = (
    "<ul>{% for o in rows %}<li><a href='/o/{{ o.uid }}'>{{ o.name }}</a> {{ o.town }}</li>{% endfor %}</ul>{{ total }}"
)


def main() -> None:
    """Write the package, load it, ask; prints JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=60)
    parser.add_argument("--package", type=Path, help="a package to load instead of an invented one")
    chosen = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lifecluster.web.settings.test")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.package or _written(Path(folder), chosen.organisations)
        found: dict[str, Any] = {"load": _load(path)}
    found["questions"] = {name: timed(ask, chosen.repeat) for name, ask in questions().items()}
    bare = found["questions"]["bare list of 50"]
    for answer in found["questions"].values():
        answer["cpu of bare"] = round(answer["cpu ms"] / bare["cpu ms"], 2)
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


def _written(folder: Path, organisations: int) -> Path:
    from benchmarks.web.region import write_region

    return write_region(folder, organisations=organisations).path


def _load(path: Path) -> dict[str, Any]:
    from django.db import connection

    from lifecluster.web.directory import actions
    from lifecluster.web.directory.models import Statement
    from lifecluster.web.directory.search import Query, results
    from lifecluster.web.directory.viewer import OPERATOR

    steps: dict[str, float] = {}
    wall, cpu = time.perf_counter(), time.process_time()

    def note(message: str) -> None:
        steps[message] = round(time.perf_counter() - wall, 2)

    package = actions.load_package(path=path, viewer=OPERATOR, at=datetime.now(UTC), progress=note)
    took = {"wall s": round(time.perf_counter() - wall, 2), "cpu s": round(time.process_time() - cpu, 2)}
    cold = time.perf_counter()
    results(Query(), None)
    return {
        "database": connection.vendor,
        "organisations": package.counts["organisation"],
        "statements": Statement.objects.count(),
        **took,
        "begins at s": steps,
        "first question after it, s": round(time.perf_counter() - cold, 2),
    }


def questions() -> dict[str, Callable[[], object]]:
    """Every kind of question, and the bare list."""
    from django.template import engines

    from lifecluster.web.directory import reads
    from lifecluster.web.directory.models import Organisation, Package
    from lifecluster.web.directory.search import Query, place_of, results, suggest

    template = engines["django"].from_string(BARE)
    uids = list(Organisation.objects.order_by("number").values_list("uid", flat=True)[::97])
    turn = iter(range(10**9))
    package = Package.objects.get(state="current")

    def bare() -> object:
        rows = Organisation.objects.filter(package=package).order_by("number").defer("data", "summary")
        return template.render({"rows": rows[:50], "total": rows.count()})

    def asked(**params: str) -> Callable[[], object]:
        return lambda: results(Query.parse(params), None)

    return {
        "bare list of 50": bare,
        "list": asked(),
        "list, page 150": asked(page="150"),
        "list, two facets": asked(size="10-49", capability="clean-room-iso-7"),
        "search": asked(q="medical"),
        "search, two facets": asked(q="medical", size="10-49", capability="clean-room-iso-7"),
        "search with slips": asked(q="injektion molding"),
        "near a postcode": asked(near="LE11 3TU", capability="clean-room-iso-7"),
        "organisation": lambda: reads.organisation(uids[next(turn) % len(uids)], None),
        "as you type": lambda: suggest("ster", None),
        "place": lambda: place_of("Nottingham"),
        "10,000 points": lambda: results(Query(ended=True), None).points(),
    }


def timed(ask: Callable[[], object], repeat: int) -> dict[str, float]:
    """Median and 95th percentile of the wall time, mean CPU, and number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    walls = []
    cpu = time.process_time()
    for _ in range(repeat):
        start = time.perf_counter()
        ask()
        walls.append((time.perf_counter() - start) * 1000)
    used = (time.process_time() - cpu) / repeat * 1000
    walls.sort()
    return {
        "queries": len(captured), "median ms": round(statistics.median(walls), 2),
        "p95 ms": round(walls[int(repeat * 0.95)], 2), "cpu ms": round(used, 2),
    }  # fmt: skip


if __name__ == "__main__":
    main()
