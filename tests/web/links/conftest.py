"""Pairs that wait, written into the tables of a small register; and the log, empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from lifecluster.web.directory import logbook
from lifecluster.web.directory.models import Package
from lifecluster.web.links import queue
from lifecluster.web.links.filling import key_of
from lifecluster.web.links.models import Filled, Pair
from tests.web.directory.conftest import at, small

__all__ = ["at", "small"]
LIMITS = [0.7, 0.93]


def record(name: str) -> str:
    """A record of a list."""
    return f"tiny-list/organisation:{name}"


def company(name: str) -> str:
    """A record of the company register."""
    return f"companies-house/organisation:{name}"


def side(of: str, name: str, *, is_open: bool = True, **words: str) -> dict[str, Any]:
    """What a row says."""
    said = {prop: [value] for prop, value in {"name": name, **words}.items() if value}
    return {"record": of, "open": is_open, "title": "Tiny list (invented)", "locator": "list.csv#7",
            "observed": "2026-10-01", "organisation": None, "words": said}  # fmt: skip


def pairs(
    package: Package,
    *rows: tuple[str, str],
    levels: Mapping[int, int] | None = None,
    scored: str | None = None,
    **body: Any,
) -> list[Pair]:
    """Pairs of a package, in order: (record, target) by short names, one bunch of the first two."""
    Filled.objects.create(package=package.name, kept=len(rows), body={"limits": LIMITS, "model": "m1", **body})
    found = []
    for number, (one, other) in enumerate(rows, 1):
        mine, theirs = record(one), company(other)
        found.append(Pair.objects.create(
            package=package.name, number=number, key=key_of(mine, theirs), record=mine, target=theirs,
            probability=0.9 - number / 100, level=(levels or {}).get(number, 0), bunch="Quarndale" if number < 3 else "",
            label=f"Quarndale {one}", source="Tiny list (invented), row 7",
            body={
                "left": side(mine, f"Quarndale {one}", postcode="NG1 0AA"),
                "right": side(theirs, f"QUARNDALE {other} LIMITED", postcode="NG1 0AB", company_number="09100001"),
                "reasons": ["name alike (0.98)", "postcode agrees but for one character", "to review: not sure enough"],
                "scored": scored,
            },
        ))  # fmt: skip
    queue.forget()
    return found


@pytest.fixture
def three(small: Package) -> list[Pair]:
    """Three pairs that wait, of which the first two are alike."""
    return pairs(small, ("a", "A"), ("b", "B"), ("c", "C"))


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Nothing is remembered of the test before."""
    logbook.log._known = []
    queue.forget()
    yield
    logbook.log._known = []
    queue.forget()
