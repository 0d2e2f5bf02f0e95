"""A running web app that shows the sample region, for the browser tests of pages; one for the whole session."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lifecluster.register.package import Package
from lifecluster.web.directory.show.proper import proper
from tests.e2e import harness

LOAD = """
import sys
from pathlib import Path
from lifecluster.web.directory import operate
operate.load(Path(sys.argv[1]), confirm=lambda preview: not preview.problems)
"""
DAY = "2026-11-22"


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, sample_package: Package) -> Path:
    """A workspace that shows the sample region, made once for all test processes: copy it before you serve it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "loaded-region"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "home").exists():
            command = [sys.executable, "-c", LOAD, str(sample_package.path)]
            environment = harness.environment(folder / "making", LIFECLUSTER_AT=DAY)
            subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            (folder / "making").rename(folder / "home")
    return folder / "home"


@pytest.fixture(scope="session")
def region_server(tmp_path_factory: pytest.TempPathFactory, loaded: Path) -> Iterator[harness.Server]:
    """The web app with the sample region; the day is that of the sample."""
    if harness.chromium() is None or not harness.node_modules().is_dir():
        pytest.skip("no Chromium or no node_modules: browser tests do not run")
    home = shutil.copytree(loaded, tmp_path_factory.mktemp("region") / "home")
    with harness.serve(home, LIFECLUSTER_AT=DAY) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation to be found: its name as pages show it and as it is `written` in the register, what it can do,
    where, and how many people work there."""

    uid: str
    name: str
    written: str
    capability: str
    postcode: str
    employees: str


@pytest.fixture(scope="session")
def firm(sample_package: Package) -> Firm:
    """A live company with a capability, a located site, and a head count that several sources give."""
    statements = sample_package.table("statements").filter(pl.col("property") == "employees")
    several = statements.group_by("subject").len().filter(pl.col("len") > 1)["subject"]
    sites = sample_package.table("sites").filter(pl.col("postcode").is_not_null() & pl.col("easting").is_not_null())
    sites = (
        sites.filter(pl.col("closed_on").is_null()).select(id="organisation", at="postcode").unique("id", keep="first")
    )
    rows = (
        sample_package.table("organisations")
        .filter(pl.col("live") & pl.col("employees").gt(20) & pl.col("capability").list.len().gt(0))
        .filter(pl.col("id").is_in(several.to_list()))
        .join(sites, on="id")
        .sort("id")
    )
    row: dict[str, Any] = rows.row(0, named=True)
    return Firm(row["id"], proper(row["name"]), row["name"], row["capability"][0], row["at"], f"{row['employees']:,}")


@pytest.fixture(scope="session")
def kinds(sample_package: Package) -> dict[str, str]:
    """A page of each kind, by what it is."""
    table = sample_package.table
    organisations = table("organisations")
    closed = organisations.filter(~pl.col("live")).sort("id")["id"][0]
    university = organisations.filter(pl.col("organisation_type").list.contains("university")).sort("id")["id"][0]
    statement = table("statements").filter(pl.col("property") == "employees").sort("id")
    return {
        "home": "/",
        "directory": "/directory",
        "search": "/directory?near=Derby&definition=ols-segments&q=moulding",
        "nothing": "/directory?q=zzzzzzzz&near=Derby",
        "closed": f"/organisations/{closed}",
        "university": f"/organisations/{university}",
        "site": f"/sites/{table('sites')['id'][0]}",
        "licence": f"/things/{table('licences')['id'][0]}",
        "award": f"/things/{table('awards')['id'][0]}",
        "group": f"/groups/{table('groups')['id'][0]}",
        "evidence": f"/evidence/{statement['subject'][0]}/employees",
        "statement": f"/statements/{statement['id'][0]}",
        "definitions": "/definitions",
        "sources": "/sources",
        "package": "/package",
        "about": "/about",
        "accessibility": "/accessibility",
        "privacy": "/privacy",
        "embed": "/directory/embed?q=moulding",
        "unknown": "/organisations/nonsense",
        "missing": "/no-such-page",
        "interfaces": "/api/",
        "claims": "/claims",
        "claim": "/claims/second-largest-employer",
        "claim of the register": "/claims/businesses",
        "atlas": "/atlas",
        "atlas segment": "/atlas/segments/all",
        "atlas cluster": "/atlas/clusters/1",
        "atlas areas": "/atlas/areas",
        "atlas ranks": "/atlas/benchmark",
        "atlas network": "/atlas/network",
        "premises": "/premises/",
        "news": "/news",
    }
