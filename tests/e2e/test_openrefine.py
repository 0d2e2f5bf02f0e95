"""The real OpenRefine against the reconciliation service: add it, match a column, fetch values, export.

Debian's package `openrefine` is enough. Where there is none, the test says so and is skipped.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e import harness
from tests.web import machines

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("openrefine") is None or shutil.which("java") is None,
        reason="no openrefine at hand (Debian package openrefine): the real client does not run",
    ),
]
START_SECONDS = 90


class Refine:
    """OpenRefine by its own HTTP commands, as its pages call them."""

    def __init__(self, base: str) -> None:
        self.base = base

    def command(self, name: str, data: dict[str, str] | None = None, **params: str) -> Any:
        if data is not None:
            params["csrf_token"] = self.get("core/get-csrf-token")["token"]
        url = f"{self.base}/command/{name}?{urllib.parse.urlencode(params)}"
        body = None if data is None else urllib.parse.urlencode(data).encode()
        with urllib.request.urlopen(url, body, timeout=60) as response:
            return response.read().decode()

    def get(self, name: str, **params: str) -> Any:
        return json.loads(self.command(name, **params))

    def create(self, rows: str) -> str:
        """A project from CSV; its id."""
        boundary = "----rows"
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in (
            ("project-name", "firms"), ("format", "text/line-based/*sv"))]  # fmt: skip
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="project-file"; filename="firms.csv"\r\n'
                     f"Content-Type: text/csv\r\n\r\n{rows}\r\n--{boundary}--\r\n")  # fmt: skip
        token = self.get("core/get-csrf-token")["token"]
        options = urllib.parse.quote(json.dumps({"separator": ",", "headerLines": 1}))
        request = urllib.request.Request(
            f"{self.base}/command/core/create-project-from-upload?csrf_token={token}&options={options}",
            "".join(parts).encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=60) as response:
            return urllib.parse.parse_qs(urllib.parse.urlsplit(response.url).query)["project"][0]

    def apply(self, project: str, *operations: dict[str, Any]) -> None:
        """Apply operations and wait until they are done."""
        answer = json.loads(
            self.command("core/apply-operations", {"operations": json.dumps(operations)}, project=project)
        )
        assert answer["code"] in {"ok", "pending"}, answer
        end = time.monotonic() + 90
        while self.get("core/get-processes", project=project)["processes"]:
            assert time.monotonic() < end, "OpenRefine is still at it"
            time.sleep(0.5)

    def export(self, project: str) -> list[dict[str, str]]:
        engine = json.dumps({"facets": [], "mode": "row-based"})
        text = self.command("core/export-rows/firms.csv", {"engine": engine, "project": project, "format": "csv"})
        return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def refine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refine]:
    port, folder = harness.free_port(), tmp_path_factory.mktemp("refine")
    environment = {**os.environ, "HOME": str(folder), "_JAVA_OPTIONS": f"-Duser.home={folder}"}
    arguments = [
        "openrefine",
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
        "-d",
        str(folder),
        "-m",
        "700m",
        "-x",
        "refine.headless=true",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log, start_new_session=True)
    found = Refine(f"http://127.0.0.1:{port}")
    try:
        end = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError):
                found.get("core/get-version")
                break
            if process.poll() is not None or time.monotonic() > end:
                pytest.skip(f"openrefine did not start: {(folder / 'log').read_text('utf-8', 'replace')[-400:]}")
            time.sleep(1)
        yield found
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app with the small register."""
    home = tmp_path_factory.mktemp("home")
    path = machines.write(home / "packages")
    with harness.serve(home, LIFECLUSTER_AT=machines.AT, DATABASE_URL="") as running:
        machines.load_elsewhere(path, running.environment)
        yield running


def test_match_a_column_and_fetch_values(refine: Refine, register: harness.Server) -> None:
    world = machines.world()
    manifest = json.loads(urllib.request.urlopen(f"{register.url}/reconcile", timeout=20).read())
    names = [f"{machines.NAMES[n].upper()} THERAPEUTICS LTD,{machines.TOWNS[n % 2][1]}" for n in range(12)]
    project = refine.create("\n".join(["firm,place", *names, "Zzyzx Unheard Of Widgets,LE1 7ZZ"]))
    engine = {"facets": [], "mode": "row-based"}
    refine.apply(project, {
        "op": "core/recon", "columnName": "firm", "engineConfig": engine,
        "config": {
            "mode": "standard-service", "service": f"{register.url}/reconcile", "autoMatch": True, "batchSize": 10,
            "identifierSpace": manifest["identifierSpace"], "schemaSpace": manifest["schemaSpace"],
            "type": manifest["defaultTypes"][0], "limit": 0,
            "columnDetails": [{"column": "place", "propertyName": "Postcode", "propertyID": "postcode"}],
        },
    })  # fmt: skip
    refine.apply(project, {
        "op": "core/extend-reconciled-data", "baseColumnName": "firm", "columnInsertIndex": 1, "engineConfig": engine,
        "endpoint": f"{register.url}/reconcile", "identifierSpace": manifest["identifierSpace"],
        "schemaSpace": manifest["schemaSpace"],
        "extension": {"properties": [{"id": "employees", "name": "Employees"},
                                     {"id": "incorporated_on", "name": "Incorporated on"}]},
    })  # fmt: skip
    refine.apply(project, {
        "op": "core/column-addition", "engineConfig": engine, "newColumnName": "id", "columnInsertIndex": 1,
        "baseColumnName": "firm", "expression": "grel:if(cell.recon.matched, cell.recon.match.id, '')",
        "onError": "set-to-blank",
    })  # fmt: skip
    rows = refine.export(project)
    assert [row["id"] for row in rows] == [*world.plain[:12], ""]
    assert [row["Employees"] for row in rows] == [*(str(5 + 3 * n) for n in range(12)), ""]
    assert rows[0]["Incorporated on"].startswith("2001-02-03")
