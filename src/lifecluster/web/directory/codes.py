"""What published codes stand for: industry codes (SIC 2007) and the segments of the Office for Life Sciences.

Read without Polars, which processes that only answer pages do without.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("lifecluster.reference").joinpath("taxonomy", f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def industries() -> dict[str, str]:
    """Industry code -> title."""
    return {row["code"]: row["title"] for row in _table("uksic2007")}


@cache
def segments() -> dict[str, str]:
    """Segment code -> label."""
    return {row["code"]: row["label"] for row in _table("ols_segments")}


EXPLAINED = frozenset({"sic", "segment"})
"""Properties whose codes are shown with their words."""


def explained(prop: str, code: str) -> str:
    """A code followed by what it stands for; the code alone where that is not known."""
    tables = {"sic": industries, "segment": segments}
    title = tables[prop]().get(code, "") if prop in tables else ""
    return f"{code} {title}" if title else code
