"""Small registers for tests: organisations that a few words describe, as packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.web import package as maker
from lifecluster.register.ids import mint
from lifecluster.register.package import Package


def uid(kind: str, key: str) -> str:
    """The id that a key of a test stands for."""
    return mint(kind, key, "test", set())


def org(key: str) -> str:
    """The id of an organisation."""
    return uid("organisation", key)


def said(subject: str, values: Mapping[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Statements of a subject; a list gives one statement an item."""
    return [
        maker.statement(subject, prop, one, **more)
        for prop, value in values.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def classes(key: str, state: str, *segments: str, definition: str = "ols-segments") -> list[tuple[Any, ...]]:
    """Rows of the table of segments for an organisation."""
    chance = {"yes": 0.9, "no": 0.1, "unknown": None}[state]
    whole = (org(key), definition, None, "core", chance, state, "[]", "2026")
    return [whole, *((org(key), definition, one, "core", 0.9, "yes", "[]", "2026") for one in segments)]


def package(
    out: Path,
    name: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    segments: Sequence[tuple[Any, ...]] = (),
    places: Mapping[str, tuple[int, int, str]] | None = None,
    events: Sequence[tuple[str, str, str | None]] = (),
    log_head: str | None = None,
    **more: Any,
) -> Package:
    """Write a package of these statements below `out`."""
    placed = pl.DataFrame(
        [(one, *where) for one, where in (places or {}).items()],
        schema={"id": pl.String, "easting": pl.Int64, "northing": pl.Int64, "lad": pl.String},
        orient="row",
    )
    return maker.write(
        out,
        maker.frame(rows),
        name=name,
        segments=pl.DataFrame(list(segments), schema=maker.SEGMENTS, orient="row"),
        places=placed,
        events=events,
        log_head=log_head,
        **more,
    )


LEICESTER, NOTTINGHAM, BIRMINGHAM = "E06000016", "E06000018", "E08000025"


def small(
    out: Path, name: str = "small-1", *, without: str = "", extra: Sequence[Mapping[str, Any]] = (),
    spots: Mapping[str, tuple[int, int, str]] | None = None, **more: Any,
) -> Package:  # fmt: skip
    """Five organisations: alpha (two sites), beta, gamma, delta (ended), epsilon (no place, no size).

    Parameters: `without` a subject that is left out; `extra` statements; `spots` where the sites of these are.
    """
    rows: list[dict[str, Any]] = []
    plain = {"ownership": "private-independent", "organisation_type": "company"}
    rows += said(org("alpha"), {**plain, "name": "ALPHA MEDICAL LIMITED", "company_number": "ZZ000001", "employees": 30,
                                "previous_name": ["OLD FIRST LIMITED"], "trading_name": ["Alphamed"],
                                "description": "Moulds inhaler parts in clean rooms."})  # fmt: skip
    rows += said(org("alpha"), {"employees": 34, "name": "Alpha Medical"}, source="bench-list")
    rows += said(
        org("alpha"), {"capability": ["injection-moulding"], "mission": ["respiratory"]}, source="bench-member"
    )
    rows += said(org("beta"), {**plain, "name": "Bêta Diagnostics Ltd", "company_number": "ZZ000002", "employees": 4,
                               "description": "Assays for infection."})  # fmt: skip
    rows += said(org("gamma"), {"name": "Gamma University", "employees": 4000, "organisation_type": "university"})
    rows += said(org("delta"), {**plain, "name": "Delta Surgical Limited", "dissolved_on": "2024-03-01",
                                "company_number": "ZZ000004"})  # fmt: skip
    rows += said(org("epsilon"), {"name": "Epsilon Therapeutics"}, source="bench-list")
    sites = {"alpha-1": ("alpha", "Leicester", "LE1 1AA", LEICESTER, 458_000, 304_000),
             "alpha-2": ("alpha", "Nottingham", "NG1 1AA", NOTTINGHAM, 457_000, 340_000),
             "beta-1": ("beta", "Nottingham", "NG2 1AA", NOTTINGHAM, 458_000, 339_000),
             "gamma-1": ("gamma", "Birmingham", "B1 1AA", BIRMINGHAM, 406_000, 286_000)}  # fmt: skip
    places = {}
    for key, (holder, town, postcode, lad, east, north) in sites.items():
        site = uid("site", key)
        rows += said(site, {"holder": org(holder), "town": town, "postcode": postcode, "activity": ["manufacture"]})
        places[site] = (east, north, lad)
    rows += said(uid("site", "alpha-2"), {"capability": ["clean-room-iso-7"], "jobs": 10})
    for key, holder, kind, state, ends in (
        ("l1", "alpha", "ISO 13485", "active", "2027-06-30"),
        ("l2", "beta", "ISO 13485", "expired", "2020-06-30"),
        ("l3", "beta", "UKCA", "active", "2026-12-01"),
    ):
        values = {"holder": org(holder), "licence_type": kind, "state": state, "ends_on": ends, "reference": key}
        rows += said(uid("licence", key), values)
    rows += said(uid("award", "a1"), {"holder": org("alpha"), "partner": org("gamma"), "title": "Better inhalers",
                                      "amount": 1000})  # fmt: skip
    segments = [*classes("alpha", "yes", "medtech", "respiratory"), *classes("beta", "yes", "medtech", "in-vitro-diagnostics"),
                *classes("gamma", "no"), *classes("epsilon", "unknown"), *classes("delta", "yes", "medtech"),
                *classes("alpha", "yes", "medical-technology", definition="dbt-sic")]  # fmt: skip
    rows = [row for row in rows if row["subject"] != without] + [dict(row) for row in extra]
    return package(out, name, rows, segments=segments, places=places | dict(spots or {}), **more)
