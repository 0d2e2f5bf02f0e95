"""Who judges, and the small register with an organisation of several records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import Viewer
from tests.web.directory.conftest import at, load, small
from tests.web.directory.making import org, said
from tests.web.directory.making import small as make

__all__ = ["at", "small"]
DESK = Viewer(frozenset({"desk"}), actor="user:desk")


def rec(key: str, source: str = "bench-official") -> str:
    """The record of an organisation in a source."""
    return f"{source}/organisation:{org(key)}"


def closed(key: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    """What a closed list says of an organisation."""
    return said(org(key), values, source="bench-member", visibility="members")


@pytest.fixture
def mixed(database: None, tmp_path: Path) -> Package:
    """The small register, with an organisation that members alone may know of, and one that belongs to another."""
    extra = [*closed("hidden", {"name": "Hushwell Ventures", "employees": 7, "description": "Works in silence."}),
             *said(org("beta"), {"parent": org("epsilon")})]  # fmt: skip
    return load(make(tmp_path, "mixed", extra=extra, presence={org("hidden"): "members"}).path)
