"""An id never dies: a build that goes on from a package keeps its namespace, whatever that was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lifecluster.build.run import Request, build
from lifecluster.reference.properties import vocabulary
from lifecluster.region import load_region
from lifecluster.register.package import Package
from tests.commands.tiny import write_inputs

VALUES = """kind,key,property,value,observed_on
organisation,acme,name,Zanthorp Biologics,2026-01-31
organisation,acme,postcode,NG1 0AA,2026-01-31
licence,l,licence_type,MIA,2026-01-31
licence,l,holder,organisation:acme,2026-01-31
award,a,title,An award,2026-01-31
award,a,holder,organisation:acme,2026-01-31
product,p,name,A device,2026-01-31
product,p,holder,organisation:acme,2026-01-31
need,n,title,A clean room,2026-01-31
need,n,holder,organisation:acme,2026-01-31
"""
MORE = "need,m,title,A freezer,2026-01-31\nneed,m,holder,organisation:acme,2026-01-31\n"
THINGS = [entry.table for entry in vocabulary().kinds.values()]


def ids(package: Package) -> dict[str, str]:
    """Id of every record of every kind."""
    return dict(package.table("records").select(pl.concat_str("kind", "record", separator=" "), "id").iter_rows())


@pytest.mark.parametrize("namespace", ["sample-1", "elsewhere"])
def test_all_ids_of_all_kinds_are_kept_when_a_row_more_comes(tmp_path: Path, namespace: str) -> None:
    inputs = write_inputs(tmp_path / "inputs")
    (inputs / "values.csv").write_text(VALUES, "utf-8")
    region, out, at = load_region("midlands"), tmp_path / "out", date(2026, 11, 1)
    first = build(Request(region=region, inputs=inputs, out=out, at=at, namespace=namespace)).package
    was = ids(first)
    assert (
        {"organisation", "site", "licence", "award", "product", "need"}
        >= set(first.table("records")["kind"])
        > {"organisation", "licence", "need"}
    )

    (inputs / "values.csv").write_text(VALUES + MORE, "utf-8")
    second = build(Request(region=region, inputs=inputs, out=out, at=at, previous=first)).package
    now = ids(second)
    assert was.items() < now.items()
    assert set(now) - set(was) == {"need exchange/need:m"}
    assert second.manifest["namespace"] == namespace
    for table in THINGS:
        assert set(first.table(table)["id"]) <= set(second.table(table)["id"]), table
